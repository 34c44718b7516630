"""A department's lead answers in Slack what is new: with an idea, with nothing, or later."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import asking
from bot.asking import Later
from bot.people import Person
from bot.settings import Settings
from bot.texts import Texts
from bot.workdays import Workdays
from handlers.chat.answers import plain_text
from handlers.chat.blocks import asking as blocks
from handlers.chat.inbound import InboundStore
from handlers.chat.pitch_form import show_form
from handlers.chat.pitches import SAID


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.IDEA)(open_form)
    app.action(blocks.NOTHING)(nothing)
    app.action(blocks.LATER)(later)
    app.event("message", matchers=[is_reply])(hear)


async def open_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """They have an idea: show the form with what it is about."""
    card = await store.run(asking.begin, int(action["value"]), by=person, now=now)
    await show_form(
        body["trigger_id"],
        client=client,
        store=store,
        person=person,
        _=_,
        today=now.astimezone(settings.zone).date(),
        idea=blocks.idea(card, _),
    )
    await ack()


async def nothing(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """There is nothing to tell this time."""
    await store.run(asking.nothing, int(action["value"]), by=person, now=now)
    await ack()


async def later(
    ack: AsyncAck,
    action: dict[str, Any],
    store: InboundStore,
    person: Person,
    now: datetime,
    settings: Settings,
) -> None:
    """They wish to be asked once more, another day."""
    ask_id, _colon, when = action["selected_option"]["value"].partition(":")
    workdays = Workdays(settings.holidays, settings.zone)
    await store.run(asking.later, int(ask_id), Later(when), by=person, workdays=workdays, now=now)
    await ack()


async def hear(event: dict[str, Any], store: InboundStore, context: AsyncBoltContext, ack: AsyncAck) -> None:
    """They wrote below the question: what they said is kept as an idea of theirs, and the form is offered."""
    if said := plain_text(event.get("text") or ""):
        await store.run(
            asking.replied,
            channel_id=event["channel"],
            ts=event["thread_ts"],
            words=said,
            by=context["person"],
            now=context["now"],
        )
    await ack()


async def is_reply(event: dict[str, Any], context: AsyncBoltContext) -> bool:
    """Say whether someone wrote this below a question; what is said in other threads is for others."""
    thread_ts = event.get("thread_ts")
    if event.get("channel_type") != "im" or event.get("subtype") not in SAID or not thread_ts:
        return False
    store: InboundStore = context["store"]
    return await store.read(asking.is_question, event["channel"], thread_ts)
