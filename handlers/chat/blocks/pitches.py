"""How pitches look in the chat: messages, cards and forms."""

from collections.abc import Sequence
from typing import Any, Final

from slack_sdk.models.blocks import Block

from bot.people import Department
from bot.pitches import (
    MAX_STORY,
    MAX_TITLE,
    MAX_WORDS,
    UNDECIDED,
    Digest,
    Pitch,
    PitchCard,
    PitchQuestion,
    PitchState,
)
from bot.texts import Texts
from handlers.chat.blocks.comments import unanswered, unanswered_title
from handlers.chat.blocks.duplicates import duplicates_shown
from handlers.chat.blocks.kit import (
    Message,
    actions,
    bold,
    button,
    choice,
    context,
    cut,
    escape,
    form,
    header,
    person,
    plain,
    section,
    text_input,
    words,
)
from handlers.chat.blocks.pitch_words import standing
from handlers.chat.blocks.publishing import appearance, published_as

FORM: Final = "pitch_form"
NEW: Final = "pitch_new"
ACCEPT: Final = "pitch_accept"
DECLINE: Final = "pitch_decline"
DECLINE_FORM: Final = "pitch_decline_form"
ASK: Final = "pitch_ask"
ASK_FORM: Final = "pitch_ask_form"
REPLY: Final = "pitch_reply"
REPLY_FORM: Final = "pitch_reply_form"

TITLE: Final = "title"
STORY: Final = "story"
DEPARTMENT: Final = "department"
WORDS: Final = "words"

MAX_SHOWN: Final = 600


def pitch_received(card: PitchCard, _: Texts) -> Message:
    """Thank the pitcher and say how their idea stands: this message is always current."""
    thanks = _("Thank you for your idea “{title}”.", title=escape(card.pitch.title))
    next_step = standing(card, _)
    return Message(f"{thanks} {next_step}", [section(thanks), context(next_step)])


def pitch_card(card: PitchCard, _: Texts) -> Message:
    """Show the comms team an idea, how it stands, and what can be done with it."""
    pitch = card.pitch
    parts = [bold(pitch.title)]
    if pitch.story:
        parts.append(plain(f"\n{cut(pitch.story, MAX_SHOWN)}"))
    for asked in card.questions[-3:]:
        parts += [bold("\n" + _("Question:") + " "), plain(cut(asked.question, MAX_SHOWN))]
        if asked.reply:
            parts += [bold("\n" + _("Reply:") + " "), plain(cut(asked.reply, MAX_SHOWN))]
    origin = [
        _("Idea by {author}", author=person(card.pitcher.chat_id)),
        escape(card.department.name) if card.department else "",
        _.day(pitch.created_at),
        f"<{pitch.permalink}|" + _("original message") + ">" if pitch.permalink else "",
    ]
    blocks: list[Block] = [words(*parts), context(" · ".join(filter(None, origin)))]
    if pitch.state in UNDECIDED:
        if pitch.state is PitchState.QUESTION:
            blocks.append(context(_("Waiting for the pitcher's reply.")))
        blocks.append(
            actions(
                button(_("Accept"), ACCEPT, pitch.id, style="primary", about=pitch.title),
                button(_("Decline"), DECLINE, pitch.id, about=pitch.title),
                button(_("Ask the author"), ASK, pitch.id, about=pitch.title),
            )
        )
    elif pitch.decided_at:
        blocks.append(section(decision(card, _)))
    blocks += [*duplicates_shown(card.similar, _), *appearance(card, _)]
    return Message(_("Story idea: {title}", title=escape(pitch.title)), blocks)


def decision(card: PitchCard, _: Texts) -> str:
    """Say who decided, what and when, in mrkdwn."""
    pitch = card.pitch
    assert pitch.decided_at is not None
    values = {
        "by": person(card.decided_by.chat_id) if card.decided_by else "–",
        "day": _.day(pitch.decided_at),
        "time": _.time(pitch.decided_at),
    }
    if pitch.state is not PitchState.DECLINED:
        return _("✅ Accepted by {by} on {day}, {time}.", **values)
    return _("Declined by {by} on {day}, {time}.", **values)


def pitch_news(card: PitchCard, _: Texts) -> Message:
    """Tell the pitcher how their idea stands since the newsroom did something with it."""
    pitch, title = card.pitch, escape(card.pitch.title)
    if pitch.state is PitchState.DECLINED:
        news = _("The newsroom does not take up your idea “{title}” this time.", title=title)
        thanks = _("Thank you for it – and do send the next one!")
        return Message(news, [section(news), words(plain(pitch.decision_words)), context(thanks)])
    if pitch.state is PitchState.PUBLISHED:
        news = _("Your idea “{title}” has been published.", title=title)
        thanks = _("Thank you for it – and do send the next one!")
        return Message(news, [section(f"🎉 {news}"), *published_as(card, _), context(thanks)])
    if pitch.state is PitchState.ACCEPTED:
        news = _("Good news: the newsroom takes up your idea “{title}”.", title=title)
    else:
        news = _("News about your idea “{title}”:", title=title)
    next_step = standing(card, _)
    return Message(f"{news} {next_step}", [section(f"🎉 {news}"), context(next_step)])


def pitch_question(found: tuple[PitchQuestion, PitchCard], _: Texts) -> Message:
    """Pass a question of the newsroom on to the author."""
    asked, card = found
    news = _("The newsroom has a question about your idea “{title}”:", title=escape(card.pitch.title))
    blocks = [section(news), words(plain(asked.question))]
    if asked.reply:
        blocks += [context(_("You replied:")), words(plain(asked.reply))]
    elif card.pitch.state in UNDECIDED:
        blocks.append(actions(button(_("Reply"), REPLY, asked.id, style="primary", about=card.pitch.title)))
    return Message(f"{news} {escape(asked.question)}", blocks)


def pitch_replied(found: tuple[PitchQuestion, PitchCard], _: Texts) -> Message:
    """Tell the comms team that the author replied."""
    asked, card = found
    author = person(card.pitcher.chat_id)
    news = _("{author} replied about “{title}”:", author=author, title=escape(card.pitch.title))
    return Message(f"{news} {escape(asked.reply)}", [section(news), words(plain(asked.reply))])


def pitch_digest(digest: Digest, _: Texts) -> Message:
    """Show the comms team what it has to decide, and which readers wait for an answer."""
    total = len(digest.cards) + digest.more
    comments, waiting = unanswered(digest.unanswered, _), unanswered_title(digest.unanswered, _)
    if not total:
        nothing = _("Overview: no idea is waiting for a decision. 🎈")
        return Message(f"{nothing} {waiting}".strip(), [section(nothing), *comments])
    title = _.plural("Overview: {n} idea is undecided", "Overview: {n} ideas are undecided", total)
    blocks: list[Block] = [header(title)]
    for card in digest.cards:
        days = (_.local(digest.now).date() - _.local(card.pitch.created_at).date()).days
        since = _.plural("for {n} day", "for {n} days", days) if days else _("since today")
        asked = " · " + _("question asked") if card.pitch.state is PitchState.QUESTION else ""
        blocks.append(words(bold(card.pitch.title), plain(f" – {since}{asked}")))
    if digest.more:
        blocks.append(context(_.plural("and {n} more", "and {n} more", digest.more)))
    blocks.append(context(_("You decide with the buttons on each idea's card in this channel.")))
    return Message("; ".join(filter(None, (title, waiting))), [*blocks, *comments])


def pitch_form(
    _: Texts,
    departments: Sequence[Department],
    *,
    title: str = "",
    story: str = "",
    department_id: int | None = None,
    permalink: str = "",
) -> dict[str, Any]:
    """Ask for an idea; a title is enough."""
    blocks = [
        section(_("Which story should the city hear? A title is enough, we do the rest together.")),
        text_input(
            TITLE,
            _("Title"),
            initial=cut(title, MAX_TITLE),
            optional=False,
            limit=MAX_TITLE,
            placeholder=_("What is it about, in one line?"),
        ),
        text_input(
            STORY,
            _("What is the story?"),
            initial=cut(story, MAX_STORY),
            multiline=True,
            limit=MAX_STORY,
            hint=_("Who could tell it? What is new, and for whom? A few words will do."),
        ),
    ]
    if departments:
        options = [(str(found.id), found.name) for found in departments][:100]
        initial = str(department_id) if department_id else None
        blocks.append(choice(DEPARTMENT, _("Department"), options, initial=initial))
    return form(
        FORM, _("Pitch a story"), blocks, submit=_("Send"), close=_("Cancel"), private_metadata=permalink
    )


def decline_form(pitch: Pitch, _: Texts) -> dict[str, Any]:
    """Ask for friendly words to decline with."""
    friendly = _(
        "Thank you for “{title}”! This time it does not fit into our plan. "
        "Please keep your ideas coming: we are glad about every one.",
        title=pitch.title,
    )
    blocks = [
        section(_("These words go to the author. Change them as you like.")),
        _words_input(_, _("Message to the author"), initial=friendly),
    ]
    return form(
        DECLINE_FORM,
        _("Decline"),
        blocks,
        submit=_("Decline"),
        close=_("Cancel"),
        private_metadata=str(pitch.id),
    )


def ask_form(pitch: Pitch, _: Texts) -> dict[str, Any]:
    """Ask what to ask the author."""
    blocks = [
        section(_("Your question about “{title}” goes to the author.", title=escape(pitch.title))),
        _words_input(_, _("Your question")),
    ]
    return form(
        ASK_FORM,
        _("Ask the author"),
        blocks,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=str(pitch.id),
    )


def reply_form(asked: PitchQuestion, _: Texts) -> dict[str, Any]:
    """Ask for the author's reply."""
    blocks = [section(escape(asked.question)), _words_input(_, _("Your reply"))]
    return form(
        REPLY_FORM, _("Reply"), blocks, submit=_("Send"), close=_("Cancel"), private_metadata=str(asked.id)
    )


def _words_input(_: Texts, label: str, *, initial: str = "") -> Block:
    return text_input(
        WORDS, label, initial=cut(initial, MAX_WORDS), multiline=True, optional=False, limit=MAX_WORDS
    )
