"""The comms team looks at the figures on pitches in Slack."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import pitch_numbers
from bot.people import Person
from bot.settings import Settings
from bot.texts import Texts
from handlers.chat.blocks import pitch_numbers as blocks
from handlers.chat.inbound import InboundStore


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.SHOW)(show)
    app.action(blocks.TURN)(turn)


async def show(
    ack: AsyncAck,
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """Someone of the comms team wants to see this year."""
    year = now.astimezone(settings.zone).year
    found = await store.read(pitch_numbers.shown, by=person, year=year, zone=settings.zone)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.numbers_view(found, _))
    await ack()


async def turn(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    settings: Settings,
) -> None:
    """They turn to another year."""
    year = int(action["value"])
    found = await store.read(pitch_numbers.shown, by=person, year=year, zone=settings.zone)
    await client.views_update(view_id=body["view"]["id"], view=blocks.numbers_view(found, _))
    await ack()
