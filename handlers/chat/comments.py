"""Reader comments in Slack: answers are drafted and noted, and the comms team decides on what is held."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import comments, replies
from bot.comments import DecidedError
from bot.people import Person
from bot.replies import MAX_DRAFT, AnsweredError
from bot.texts import Texts
from handlers.chat.answers import View, field
from handlers.chat.blocks import comments as blocks
from handlers.chat.inbound import InboundStore


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.DRAFT)(open_draft_form)
    app.view(blocks.DRAFT_FORM)(draft)
    app.action(blocks.ANSWERED)(mark_answered)
    app.action(blocks.SHOW)(show)
    app.action(blocks.DISCARD)(discard)


async def open_draft_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    _: Texts,
) -> None:
    """Someone wants to draft an answer: show the comment and what was last proposed."""
    card, newest = await store.read(replies.open_card, int(action["value"]))
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.draft_form(card, newest, _))
    await ack()


async def draft(
    ack: AsyncAck, view: View, store: InboundStore, person: Person, _: Texts, now: datetime
) -> None:
    """A draft was sent: keep it; the comment's threads hear of it."""
    words = field(view, blocks.WORDS)
    try:
        await store.run(replies.draft, int(view["private_metadata"]), words=words, by=person, now=now)
    except replies.WordsError:
        hint = _("Please write something, at most {limit} characters.", limit=MAX_DRAFT)
        await ack(response_action="errors", errors={blocks.WORDS: hint})
        return
    await ack()


async def mark_answered(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """Someone says that a comment is answered on the portal."""
    await store.run(replies.mark_answered, int(action["value"]), by=person, now=now)
    await ack()


async def show(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The comms team lets a held comment through."""
    await store.run(comments.show, int(action["value"]), by=person, now=now)
    await ack()


async def discard(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The comms team throws a held comment away."""
    await store.run(comments.discard, int(action["value"]), by=person, now=now)
    await ack()


def was_answered(error: AnsweredError, _: Texts) -> str:
    """Say who was quicker, and when."""
    return _("Someone was quicker. {answered}", answered=blocks.answered(error.card, _))


def was_decided(error: DecidedError, _: Texts) -> str:
    """Say who was quicker, when, and how they decided."""
    return _("That is decided already. {decision}", decision=blocks.decision(error.card, _))


REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {
    AnsweredError: was_answered,
    DecidedError: was_decided,
}
