"""Decisions in Slack: the comms team's buttons and forms, and the pitcher's reply."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import decisions
from bot.decisions import MAX_WORDS, DecidedError
from bot.people import Person
from bot.texts import Texts
from handlers.chat.answers import View, field
from handlers.chat.blocks import decisions as blocks
from handlers.chat.inbound import InboundStore


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.ACCEPT)(accept)
    app.action(blocks.DECLINE)(open_decline_form)
    app.view(blocks.DECLINE_FORM)(decline)
    app.action(blocks.ASK)(open_ask_form)
    app.view(blocks.ASK_FORM)(ask)
    app.action(blocks.REPLY)(open_reply_form)
    app.view(blocks.REPLY_FORM)(reply)


async def accept(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The comms team takes an idea on."""
    await store.run(decisions.accept, int(action["value"]), by=person, now=now)
    await ack()


async def open_decline_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """The comms team wants to decline: show the words that the author will read."""
    card = await store.read(decisions.open_card, int(action["value"]), by=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.decline_form(card.pitch, _))
    await ack()


async def decline(
    ack: AsyncAck, view: View, store: InboundStore, person: Person, _: Texts, now: datetime
) -> None:
    """The words to decline with were sent."""
    words = field(view, blocks.WORDS)
    try:
        await store.run(decisions.decline, int(view["private_metadata"]), words=words, by=person, now=now)
    except decisions.WordsError:
        await ack(response_action="errors", errors={blocks.WORDS: words_hint(_)})
        return
    await ack()


async def open_ask_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """The comms team wants to know more: show the form for the question."""
    card = await store.read(decisions.open_card, int(action["value"]), by=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.ask_form(card.pitch, _))
    await ack()


async def ask(
    ack: AsyncAck, view: View, store: InboundStore, person: Person, _: Texts, now: datetime
) -> None:
    """A question to the author was sent."""
    words = field(view, blocks.WORDS)
    try:
        await store.run(decisions.ask, int(view["private_metadata"]), words=words, by=person, now=now)
    except decisions.WordsError:
        await ack(response_action="errors", errors={blocks.WORDS: words_hint(_)})
        return
    await ack()


async def open_reply_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """The author wants to reply: show the question and the form."""
    asked = await store.read(decisions.open_question, int(action["value"]), pitcher=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.reply_form(asked, _))
    await ack()


async def reply(
    ack: AsyncAck, view: View, store: InboundStore, person: Person, _: Texts, now: datetime
) -> None:
    """The author's reply was sent."""
    words = field(view, blocks.WORDS)
    try:
        await store.run(decisions.reply, int(view["private_metadata"]), words=words, pitcher=person, now=now)
    except decisions.WordsError:
        await ack(response_action="errors", errors={blocks.WORDS: words_hint(_)})
        return
    await ack()


def decided(error: DecidedError, _: Texts) -> str:
    """Say who was quicker, and when."""
    return _("That is decided already. {decision}", decision=blocks.decision(error.card, _))


def words_hint(_: Texts) -> str:
    """Say what the words of a form have to be."""
    return _("Please write something, at most {limit} characters.", limit=MAX_WORDS)


REFUSALS: Final[dict[type[Exception], Callable[[DecidedError, Texts], str]]] = {DecidedError: decided}
