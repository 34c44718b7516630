"""How it looks when a post appears: the question whether it is a pitch's, and the news of it."""

from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    PlainTextObject,
)

from bot.pitches import Pitch, PitchCard
from bot.planning import UNDER_WAY
from bot.posts import Post
from bot.publishing import MatchCard, MatchState
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    MAX_BUTTON,
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
    line,
    link,
    person,
    plain,
    section,
    words,
)

CONFIRM: Final = "pitch_match_confirm"
REJECT: Final = "pitch_match_reject"
# On a pitch's card: which post it became can be said by hand.
PUBLISHED: Final = "pitch_published"
PUBLISHED_FORM: Final = "pitch_published_form"
POST: Final = "post"


def pitch_match(card: MatchCard, _: Texts) -> Message:
    """Ask the comms team whether a post is what a pitch became, or say what came of the question."""
    title = cut(card.pitch.title, MAX_BUTTON)
    asked = _("Is this the post about “{title}”?", title=escape(title))
    named = words(named_post(card.post, _), *_day(card.post, _))
    if card.is_open:
        end: Block = actions(
            button(_("Yes"), CONFIRM, card.match.id, style="primary", about=title),
            button(_("No"), REJECT, card.match.id, about=title),
        )
    else:
        end = section(match_decision(card, _))
    return Message(f"{asked} {escape(name_of(card.post, _))}", [section(f"🔎 {asked}"), named, end])


def match_decision(card: MatchCard, _: Texts) -> str:
    """Say who said whether a post is what a pitch became, in mrkdwn."""
    at = card.match.decided_at
    if card.decided_by is None or at is None:
        return _("This is settled in another way.")
    values = {"by": person(card.decided_by.chat_id), "day": _.day(at), "time": _.time(at)}
    if card.match.state is MatchState.CONFIRMED:
        return _("✅ Yes, says {by} on {day}, {time}.", **values)
    return _("No, says {by} on {day}, {time}.", **values)


def author_published(card: PitchCard, _: Texts) -> Message:
    """Tell the author that what they wrote has appeared."""
    news = _(
        "Your story “{title}” has been published. Thank you for writing it!", title=escape(card.pitch.title)
    )
    return Message(news, [section(f"🎉 {news}"), *published_as(card, _)])


def merged_published(card: PitchCard, _: Texts) -> Message:
    """Tell someone whose idea went on with another one that that one has appeared."""
    news = _(
        "“{title}” has been published: your idea went on together with it. Thank you for it!",
        title=escape(card.pitch.title),
    )
    return Message(news, [section(f"🎉 {news}"), *published_as(card, _)])


def published_as(card: PitchCard, _: Texts) -> list[Block]:
    """Show as which post a pitch appeared; nothing where there is none, or none any more."""
    post = card.post
    return [words(named_post(post, _), *_day(post, _))] if post and not post.withdrawn_at else []


def published_button(card: PitchCard, _: Texts) -> list[ButtonElement]:
    """Let an editor say as which post a pitch appeared, once it was taken on."""
    if card.pitch.state not in UNDER_WAY:
        return []
    return [button(_("It has been published"), PUBLISHED, card.pitch.id, about=card.pitch.title)]


def published_form(pitch: Pitch, _: Texts) -> dict[str, Any]:
    """Ask which post a pitch became."""
    element = ExternalDataSelectElement(
        action_id=POST, placeholder=PlainTextObject(text=_("Words of its title")), min_query_length=0
    )
    chosen = InputBlock(
        block_id=POST,
        label=PlainTextObject(text=_("Which post is it?")),
        element=element,
        hint=PlainTextObject(text=_("The newest come first. A post is here as soon as its source was read.")),
    )
    blocks = [
        words(bold(pitch.title)),
        chosen,
        context(_("Who had the idea and who wrote it are told, with the link.")),
    ]
    return form(
        PUBLISHED_FORM,
        _("It has been published"),
        blocks,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=str(pitch.id),
    )


def posts_suggested(found: list[Post], _: Texts) -> dict[str, Any]:
    """Return the posts that can be chosen, as the options listener answers."""
    shown = [Option(value=str(post.id), text=PlainTextObject(text=_label(post, _))) for post in found]
    return {"options": [option.to_dict() for option in shown]}


def name_of(post: Post, _: Texts) -> str:
    """Return what a post is called, on one line."""
    return line(post.title) or line(post.url or "") or _("Without a title")


def named_post(post: Post, _: Texts) -> Text | Link:
    """Return a post's title as a link, if it has an address, to stand in `words`."""
    name = name_of(post, _)
    return link(name, post.url) if post.url else bold(name)


def _day(post: Post, _: Texts) -> list[Text]:
    return [plain(f" – {_.day(post.published_at)}")] if post.published_at else []


def _label(post: Post, _: Texts) -> str:
    day = f" ({_.day(post.published_at)})" if post.published_at else ""
    return cut(name_of(post, _), MAX_BUTTON - len(day)) + day
