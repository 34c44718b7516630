"""The radar in Slack: one tap, a form, and the editors' release."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import radar
from bot.people import Person
from bot.radar import MAX_HIGHLIGHT, MAX_WORDS, AnswerError, DecidedError, State, Status
from bot.texts import Texts
from handlers.chat import home
from handlers.chat.answers import View, field
from handlers.chat.blocks import radar as blocks
from handlers.chat.inbound import InboundStore


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.CONFIRM)(confirm)
    app.action(blocks.UPDATE)(open_update_form)
    app.view(blocks.UPDATE_FORM)(update)
    app.action(blocks.RELEASE)(release)
    app.action(blocks.SEND_BACK)(open_send_back_form)
    app.view(blocks.SEND_BACK_FORM)(send_back)
    app.action(blocks.OPEN_PAGE)(opened)


async def confirm(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    now: datetime,
) -> None:
    """An owner says that nothing has changed, in the request or in the App Home."""
    await store.run(radar.confirm, int(action["value"]), by=person, now=now)
    await ack()
    if body.get("view"):
        home.renew_soon(context)


async def open_update_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """An owner has news: show the form with what is known."""
    request_id = int(action["value"])
    measure, state, note = await store.read(radar.draft, request_id, by=person)
    view = blocks.update_form(request_id, measure, state, note, _)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def update(
    ack: AsyncAck,
    view: View,
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
) -> None:
    """The form was sent: keep the answer; the editors' card goes out with it."""
    progress = field(view, blocks.PROGRESS).strip().removesuffix("%").strip()
    status = field(view, blocks.STATUS)
    state = State(
        status=Status(status) if status else None,
        progress_percent=int(progress) if progress.isdecimal() else (-1 if progress else None),
        achievements=field(view, blocks.ACHIEVEMENTS).strip(),
        outlook=field(view, blocks.OUTLOOK).strip(),
        highlight=field(view, blocks.HIGHLIGHT).strip(),
    )
    request_id, note = int(view["private_metadata"]), field(view, blocks.NOTE)
    try:
        await store.run(radar.update, request_id, by=person, state=state, internal_note=note, now=now)
    except AnswerError as error:
        hints = {name: hint(name, reason, _) for name, reason in error.fields.items()}
        await ack(response_action="errors", errors=hints)
        return
    await ack()
    home.renew_soon(context)


async def release(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """An editor makes an answer public."""
    await store.run(radar.release, int(action["value"]), by=person, now=now)
    await ack()


async def open_send_back_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """An editor has a question: show the form for it."""
    review = await store.read(radar.open_review, int(action["value"]), by=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.send_back_form(review, _))
    await ack()


async def send_back(
    ack: AsyncAck, view: View, store: InboundStore, person: Person, _: Texts, now: datetime
) -> None:
    """The editor's question was sent."""
    words, answer_id = field(view, blocks.WORDS), int(view["private_metadata"])
    try:
        await store.run(radar.send_back, answer_id, by=person, words=words, now=now)
    except AnswerError as error:
        hints = {name: hint(name, reason, _) for name, reason in error.fields.items()}
        await ack(response_action="errors", errors=hints)
        return
    await ack()


async def opened(ack: AsyncAck) -> None:
    """Someone followed a link button; the chat has opened it already."""
    await ack()


def hint(name: str, reason: str, _: Texts) -> str:
    """Say what a field has to be."""
    if reason == "range":
        return _("Please write a whole number from 0 to 100.")
    if reason == "blank":
        return _("Please fill in this field.")
    limit = MAX_HIGHLIGHT if name == blocks.HIGHLIGHT else MAX_WORDS
    return _("Please use at most {limit} characters.", limit=limit)


def decided(error: DecidedError, _: Texts) -> str:
    """Say who was quicker, and when."""
    return _("That is decided already. {decision}", decision=blocks.outcome(error.review, _))


REFUSALS: Final[dict[type[Exception], Callable[[DecidedError, Texts], str]]] = {DecidedError: decided}
