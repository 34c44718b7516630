"""The newsroom's meeting in Slack: begun, taken back from, and announced all together."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import meetings
from bot.meetings import EndedError
from bot.people import Person
from bot.texts import Texts
from handlers.chat.blocks import decisions as decision_blocks
from handlers.chat.blocks import meetings as blocks
from handlers.chat.inbound import InboundStore


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.BEGIN)(begin)
    app.action(decision_blocks.TAKE_BACK)(take_back)
    app.action(blocks.RELEASE)(release)


async def begin(ack: AsyncAck, store: InboundStore, person: Person, now: datetime) -> None:
    """The comms team meets."""
    await store.run(meetings.begin, by=person, now=now)
    await ack()


async def take_back(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The comms team leaves an idea undecided after all."""
    await store.run(meetings.take_back, int(action["value"]), by=person, now=now)
    await ack()


async def release(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The comms team announces what it decided."""
    await store.run(meetings.release, int(action["value"]), by=person, now=now)
    await ack()


def ended(error: EndedError, _: Texts) -> str:
    """Say who was quicker, and when."""
    return _("Someone was quicker. {ended}", ended=blocks.ended(error.card, _))


REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {EndedError: ended}
