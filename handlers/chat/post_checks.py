"""Whether published stories are still true, in Slack: one tap, or what has changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import post_checks
from bot.people import Person
from bot.post_checks import AnsweredError
from bot.texts import Texts
from handlers.chat.answers import View, field
from handlers.chat.blocks import post_checks as blocks
from handlers.chat.inbound import InboundStore


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.TRUE)(is_true)
    app.action(blocks.CHANGED)(open_form)
    app.view(blocks.CHANGED_FORM)(has_changed)


async def is_true(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """Someone says that a story is still true."""
    await store.run(post_checks.is_true, int(action["value"]), by=person, now=now)
    await ack()


async def open_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """Something has changed: ask what."""
    card = await store.read(post_checks.open_check, int(action["value"]), by=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.changed_form(card, _))
    await ack()


async def has_changed(ack: AsyncAck, view: View, store: InboundStore, person: Person, now: datetime) -> None:
    """What has changed was sent: keep it; the comms team hears of it."""
    check_id, words = int(view["private_metadata"]), field(view, blocks.WORDS)
    await store.run(post_checks.has_changed, check_id, words=words, by=person, now=now)
    await ack()


def was_answered(error: AnsweredError, _: Texts) -> str:
    """Say when it was answered, and how."""
    return _("That is answered already. {answer}", answer=blocks.answer(error.card, _))


REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {AnsweredError: was_answered}
