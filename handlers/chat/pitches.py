"""Pitches in Slack: four ways to the form, the comms team's buttons, the author's reply."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import people, pitches
from bot.people import Person
from bot.pitches import MAX_STORY, MAX_TITLE, MAX_WORDS, DecidedError
from bot.texts import Texts
from handlers.chat import home
from handlers.chat.answers import View, field, plain_text
from handlers.chat.blocks import pitches as blocks
from handlers.chat.inbound import InboundStore

FROM_MESSAGE: Final = "pitch_from_message"


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.shortcut(blocks.NEW)(open_form)
    app.action(blocks.NEW)(open_form)
    app.shortcut(FROM_MESSAGE)(open_form_from_message)
    app.view(blocks.FORM)(submit)
    app.action(blocks.ACCEPT)(accept)
    app.action(blocks.DECLINE)(open_decline_form)
    app.view(blocks.DECLINE_FORM)(decline)
    app.action(blocks.ASK)(open_ask_form)
    app.view(blocks.ASK_FORM)(ask)
    app.action(blocks.REPLY)(open_reply_form)
    app.view(blocks.REPLY_FORM)(reply)


async def open_form(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, person: Person, _: Texts
) -> None:
    """Someone has an idea: show the form."""
    await show_form(body["trigger_id"], client=client, store=store, person=person, _=_)
    await ack()


async def open_form_from_message(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, person: Person, _: Texts
) -> None:
    """A message is worth a story: show the form with its words and keep where it stands."""
    channel, message = body["channel"]["id"], body["message"]
    link = await client.chat_getPermalink(channel=channel, message_ts=message["ts"])
    story = plain_text(message.get("text", ""))
    await show_form(
        body["trigger_id"],
        client=client,
        store=store,
        person=person,
        _=_,
        title=story.splitlines()[0] if story else "",
        story=story,
        permalink=link["permalink"],
    )
    await ack()


async def show_form(
    trigger_id: str,
    *,
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    title: str = "",
    story: str = "",
    permalink: str = "",
) -> None:
    """Open the pitch form, also for the slash command."""
    departments = await store.read(people.departments)
    view = blocks.pitch_form(
        _, departments, title=title, story=story, department_id=person.department_id, permalink=permalink
    )
    await client.views_open(trigger_id=trigger_id, view=view)


async def submit(
    ack: AsyncAck,
    view: View,
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
) -> None:
    """The pitch form was sent: keep the pitch; the thanks to its author go out with it."""
    department = field(view, blocks.DEPARTMENT)
    try:
        await store.run(
            pitches.submit,
            title=field(view, blocks.TITLE),
            story=field(view, blocks.STORY),
            pitcher=person,
            permalink=view["private_metadata"] or None,
            department_id=int(department) if department else None,
            now=now,
        )
    except pitches.TitleError:
        hint = _("Please give your idea a title of at most {limit} characters.", limit=MAX_TITLE)
        await ack(response_action="errors", errors={blocks.TITLE: hint})
        return
    except pitches.TooLongError:
        hint = _("Please use at most {limit} characters.", limit=MAX_STORY)
        await ack(response_action="errors", errors={blocks.STORY: hint})
        return
    await ack()
    home.renew_soon(context)


async def accept(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The comms team takes an idea on."""
    await store.run(pitches.accept, int(action["value"]), by=person, now=now)
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
    card = await store.read(pitches.open_card, int(action["value"]), by=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.decline_form(card.pitch, _))
    await ack()


async def decline(
    ack: AsyncAck, view: View, store: InboundStore, person: Person, _: Texts, now: datetime
) -> None:
    """The words to decline with were sent."""
    words = field(view, blocks.WORDS)
    try:
        await store.run(pitches.decline, int(view["private_metadata"]), words=words, by=person, now=now)
    except pitches.WordsError:
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
    card = await store.read(pitches.open_card, int(action["value"]), by=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.ask_form(card.pitch, _))
    await ack()


async def ask(
    ack: AsyncAck, view: View, store: InboundStore, person: Person, _: Texts, now: datetime
) -> None:
    """A question to the author was sent."""
    words = field(view, blocks.WORDS)
    try:
        await store.run(pitches.ask, int(view["private_metadata"]), words=words, by=person, now=now)
    except pitches.WordsError:
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
    asked = await store.read(pitches.open_question, int(action["value"]), pitcher=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.reply_form(asked, _))
    await ack()


async def reply(
    ack: AsyncAck, view: View, store: InboundStore, person: Person, _: Texts, now: datetime
) -> None:
    """The author's reply was sent."""
    words = field(view, blocks.WORDS)
    try:
        await store.run(pitches.reply, int(view["private_metadata"]), words=words, pitcher=person, now=now)
    except pitches.WordsError:
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
