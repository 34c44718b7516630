"""How reader comments look in the chat: what was said, what is proposed to answer, who answered."""

from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.models.blocks import Block

from bot.comments import Comment, CommentCard, Sign, Unanswered
from bot.replies import MAX_DRAFT, CommentDraft, DraftCard
from bot.subscriptions import Layout
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    Link,
    Message,
    Text,
    actions,
    bold,
    button,
    context,
    cut,
    escape,
    form,
    header,
    link,
    person,
    plain,
    section,
    text_input,
    words,
)

DRAFT: Final = "comment_draft"
DRAFT_FORM: Final = "comment_draft_form"
ANSWERED: Final = "comment_answered"
SHOW: Final = "comment_show"
DISCARD: Final = "comment_discard"

WORDS: Final = "words"

MAX_TITLE: Final = 80
MAX_LINE: Final = 120
MAX_HELD: Final = 300
# Ten lines have to fit into one message.
MAX_URL: Final = 500


@dataclass(frozen=True)
class CommentNews:
    """A comment, and how it is to look to a subscriber."""

    card: CommentCard
    layout: Layout = Layout.CARD


def comment_card(card: CommentCard, _: Texts, *, why: str = "") -> Message:
    """Say what a reader wrote below a post, where to answer, and whether someone did.

    Args:
        card: the comment.
        _: the reader's texts.
        why: for what reason they hear of it.
    """
    comment = card.comment
    about = [_("New comment on “{title}”", title=_title(card))]
    if comment.published_at:
        about.append(_("{day}, {time}", day=_.day(comment.published_at), time=_.time(comment.published_at)))
    said = _(
        "New comment by {author} on “{title}”: {words}",
        author=escape(_author(card, _)),
        title=_title(card),
        words=escape(comment.words),
    )
    return Message(said, [_said(card, _), context(" · ".join(filter(None, (*about, why)))), _end(card, _)])


def comment_for_department(card: CommentCard, _: Texts) -> Message:
    """Tell the people of a department what a reader wrote below one of its posts."""
    return comment_card(card, _, why=_("The post is your department's."))


def comment_news(news: CommentNews, _: Texts) -> Message:
    """Tell who subscribed to comments of a new one, as a card or in one line."""
    told = comment_card(news.card, _)
    if news.layout is not Layout.LINE:
        return told
    comment = news.card.comment
    name = _(
        "{author} on “{title}”", author=_author(news.card, _), title=cut(news.card.post.title, MAX_TITLE)
    )
    named = link(name, comment.url) if comment.url else bold(name)
    answered = [plain(" ✅")] if comment.answered_at else []
    return Message(told.text, [words(named, plain(f": {cut(comment.words, MAX_LINE)}"), *answered)])


def comment_reminder(card: CommentCard, _: Texts) -> Message:
    """Say that nobody answered a comment, or that someone did since."""
    if card.comment.answered_at:
        return Message(answered(card, _), [_said(card, _), _end(card, _)])
    since = _(
        "Without an answer for three working days: {author} on “{title}”",
        author=escape(cut(_author(card, _), MAX_TITLE)),
        title=_title(card),
    )
    return Message(
        f"{since}: {escape(card.comment.words)}", [section(f"⏰ {since}"), _said(card, _), _end(card, _)]
    )


def unanswered_title(found: Unanswered, _: Texts) -> str:
    """Say how many comments still wait for an answer; nothing if none does."""
    total = len(found.cards) + found.more
    if not total:
        return ""
    return _.plural("{n} reader comment waits for an answer", "{n} reader comments wait for an answer", total)


def unanswered(found: Unanswered, _: Texts) -> list[Block]:
    """List the comments that still wait for an answer, for the newsroom's overview."""
    title = unanswered_title(found, _)
    if not title:
        return []
    blocks = [header(title), *(words(*_waiting(card, _)) for card in found.cards)]
    if found.more:
        blocks.append(context(_.plural("and {n} more", "and {n} more", found.more)))
    return blocks


def comment_held(card: CommentCard, _: Texts) -> Message:
    """Show the comms team a comment that looks like advertising, its words without any link to follow."""
    comment = card.comment
    news = _("A comment on “{title}” is held: {reason}", title=_title(card), reason=_reason(comment, _))
    said = words(bold(cut(_author(card, _), MAX_TITLE)), plain(f"\n{cut(comment.words, MAX_HELD)}"))
    about = _author(card, _)
    end = (
        section(decision(card, _))
        if comment.decided_at
        else actions(
            button(_("Show it"), SHOW, comment.id, about=about),
            button(_("Discard"), DISCARD, comment.id, about=about),
        )
    )
    return Message(news, [section(news), said, end])


def decision(card: CommentCard, _: Texts) -> str:
    """Say who decided on a held comment, what and when, in mrkdwn."""
    at = card.comment.decided_at
    assert at is not None
    values = {
        "by": person(card.decided_by.chat_id) if card.decided_by else "–",
        "day": _.day(at),
        "time": _.time(at),
    }
    if card.comment.is_spam:
        return _("Discarded by {by} on {day}, {time}.", **values)
    return _("✅ Shown by {by} on {day}, {time}.", **values)


def comment_draft(found: DraftCard, _: Texts) -> Message:
    """Show what someone proposes to answer to a comment, and where to put it."""
    by = person(found.by.chat_id) if found.by else "–"
    news = _("{by} proposes as an answer to {author}:", by=by, author=escape(_author(found.card, _)))
    parts: list[Text | Link] = [plain(found.draft.words)]
    if found.card.comment.url:
        parts += [plain("\n"), link(_("Answer on the portal"), found.card.comment.url)]
    return Message(f"{news} {escape(found.draft.words)}", [section(news), words(*parts)])


def draft_form(card: CommentCard, newest: CommentDraft | None, _: Texts) -> dict[str, Any]:
    """Ask for the words of an answer, below what the reader wrote."""
    blocks = [
        words(bold(_author(card, _)), plain(f"\n{card.comment.words}")),
        text_input(
            WORDS,
            _("Your answer"),
            initial=newest.words if newest else "",
            multiline=True,
            optional=False,
            limit=MAX_DRAFT,
            hint=_("Your draft goes into the comment's thread. Someone puts it on the portal by hand."),
        ),
    ]
    return form(
        DRAFT_FORM,
        _("Draft an answer"),
        blocks,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=str(card.comment.id),
    )


def answered(card: CommentCard, _: Texts) -> str:
    """Say who answered a comment, and when, in mrkdwn."""
    at = card.comment.answered_at
    assert at is not None
    by = person(card.answered_by.chat_id) if card.answered_by else "–"
    return _("✅ Answered, says {by} on {day}, {time}.", by=by, day=_.day(at), time=_.time(at))


def _said(card: CommentCard, _: Texts) -> Block:
    parts: list[Text | Link] = [bold(_author(card, _)), plain(f"\n{card.comment.words}")]
    if card.comment.url:
        parts += [plain("\n"), link(_("Read and answer on the portal"), card.comment.url)]
    return words(*parts)


def _reason(comment: Comment, _: Texts) -> str:
    reasons = {
        Sign.MANY_LINKS: _("it has three links or more"),
        Sign.LINK_ONLY: _("it is hardly more than a link"),
        Sign.ADVERTISING: _("it has words of advertising and a link"),
        Sign.REPEATED: _("someone else wrote the same below another post"),
    }
    return reasons[Sign(comment.held_reason)] if comment.held_reason else ""


def _waiting(card: CommentCard, _: Texts) -> list[Text | Link]:
    author, url = cut(_author(card, _), MAX_TITLE), card.comment.url
    name = link(author, url) if url and len(url) <= MAX_URL else bold(author)
    title = cut(card.post.title, MAX_TITLE)
    since = _("on “{title}”, since {day}", title=title, day=_.day(card.comment.first_seen_at))
    return [name, plain(f" {since}")]


def _end(card: CommentCard, _: Texts) -> Block:
    """Show what can be done about a comment, or that it was."""
    if card.comment.answered_at:
        return section(answered(card, _))
    about = _author(card, _)
    return actions(
        button(_("Draft an answer"), DRAFT, card.comment.id, about=about),
        button(_("Is answered"), ANSWERED, card.comment.id, about=about),
    )


def _author(card: CommentCard, _: Texts) -> str:
    return card.comment.author or _("Someone")


def _title(card: CommentCard) -> str:
    return escape(cut(card.post.title, MAX_TITLE))
