"""Decisions in Slack: the comms team's buttons and forms, and the pitcher's reply."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import decisions, meetings, pitches
from bot.decisions import MAX_WORDS, DecidedError, MergeError, WordsError
from bot.people import Person
from bot.pitches import Pitch, PitchState
from bot.texts import Texts
from handlers.chat.answers import View, field
from handlers.chat.blocks import decisions as blocks
from handlers.chat.blocks import duplicates, merging
from handlers.chat.blocks.kit import escape
from handlers.chat.blocks.pitch_words import state_name
from handlers.chat.inbound import InboundStore

# A select shows a hundred; nobody reads so many.
MAX_OPTIONS: Final = 20
# What the forms of a card's buttons and of its ⋯ bring a pitch to, and whether it is one that was accepted.
FORMS: Final[dict[str, tuple[PitchState, Callable[[Pitch, Texts], View], bool]]] = {
    blocks.SHELVE: (PitchState.SHELF, blocks.shelve_form, False),
    blocks.DECLINE: (PitchState.DECLINED, blocks.decline_form, False),
    blocks.ASK: (PitchState.QUESTION, blocks.ask_form, False),
    blocks.MERGE: (PitchState.MERGED, merging.merge_form, False),
    blocks.DROP_MERGE: (PitchState.MERGED, merging.merge_form, True),
    blocks.DROP_SHELVE: (PitchState.SHELF, blocks.shelve_form, True),
    blocks.DROP_DECLINE: (PitchState.DECLINED, blocks.decline_form, True),
}


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.ACCEPT)(accept)
    for button in (blocks.SHELVE, blocks.DECLINE, blocks.ASK):
        app.action(button)(open_form)
    app.view(blocks.SHELVE_FORM)(shelve)
    app.action(blocks.THINK_OVER)(think_over)
    app.action(blocks.MORE)(more)
    app.action(duplicates.MERGE_INTO)(open_merge_form)
    app.options({"block_id": merging.INTO, "action_id": merging.INTO})(suggest)
    app.view(merging.FORM)(merge)
    app.view(blocks.DECLINE_FORM)(decline)
    app.view(blocks.ASK_FORM)(ask)
    app.action(blocks.REPLY)(open_reply_form)
    app.view(blocks.REPLY_FORM)(reply)


async def accept(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The comms team takes an idea on."""
    await store.run(decisions.accept, int(action["value"]), by=person, now=now)
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
    """The comms team wants to decide or to ask: show the words that the pitcher will read."""
    await _show_form(action["action_id"], int(action["value"]), body, client, store, person, _)
    await ack()


async def shelve(ack: AsyncAck, view: View, store: InboundStore, person: Person, now: datetime) -> None:
    """The words to put an idea aside with were sent, or none."""
    pitch_id, drops = blocks.meant(view["private_metadata"])
    words = field(view, blocks.WORDS)
    await store.run(decisions.shelve, pitch_id, words=words, drops=drops, by=person, now=now)
    await ack()


async def think_over(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The comms team decides once more on what it declined."""
    await store.run(decisions.think_over, int(action["value"]), by=person, now=now)
    await ack()


async def more(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
) -> None:
    """Something was chosen behind the ⋯ of a card."""
    what, _colon, pitch_id = action["selected_option"]["value"].partition(":")
    if what == blocks.MEETING:
        await store.run(meetings.begin, by=person, now=now)
    else:
        await _show_form(what, int(pitch_id), body, client, store, person, _)
    await ack()


async def open_merge_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """Two ideas look like the same story: show the form with the other one chosen."""
    pitch_id, into_id = duplicates.merging(action["value"])
    card = await store.read(decisions.open_card, pitch_id, by=person, to=PitchState.MERGED)
    goal = await store.read(pitches.card, into_id)
    view = merging.merge_form(card.pitch, _, goal=goal.pitch if goal else None)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def suggest(ack: AsyncAck, body: dict[str, Any], store: InboundStore, person: Person) -> None:
    """Someone looks for the idea that another one is to go on with."""
    pitch_id, typed = int(body["view"]["private_metadata"]), body.get("value") or ""
    found = await store.read(decisions.goals, pitch_id, typed, by=person, limit=MAX_OPTIONS)
    await ack(**merging.suggested(found))


async def merge(ack: AsyncAck, view: View, store: InboundStore, person: Person, now: datetime) -> None:
    """The idea to go on with was chosen."""
    pitch_id, into_id = int(view["private_metadata"]), int(field(view, merging.INTO))
    await store.run(decisions.merge, pitch_id, into_id, by=person, now=now)
    await ack()


async def decline(ack: AsyncAck, view: View, store: InboundStore, person: Person, now: datetime) -> None:
    """The words to decline with were sent."""
    pitch_id, drops = blocks.meant(view["private_metadata"])
    words = field(view, blocks.WORDS)
    await store.run(decisions.decline, pitch_id, words=words, drops=drops, by=person, now=now)
    await ack()


async def ask(ack: AsyncAck, view: View, store: InboundStore, person: Person, now: datetime) -> None:
    """A question to the pitcher was sent."""
    words = field(view, blocks.WORDS)
    await store.run(decisions.ask, int(view["private_metadata"]), words=words, by=person, now=now)
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
    """The pitcher wants to reply: show the question and the form."""
    asked = await store.read(decisions.open_question, int(action["value"]), pitcher=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.reply_form(asked, _))
    await ack()


async def reply(ack: AsyncAck, view: View, store: InboundStore, person: Person, now: datetime) -> None:
    """The pitcher's reply was sent."""
    words = field(view, blocks.WORDS)
    await store.run(decisions.reply, int(view["private_metadata"]), words=words, pitcher=person, now=now)
    await ack()


async def _show_form(
    what: str,
    pitch_id: int,
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    to, form, drops = FORMS[what]
    card = await store.read(decisions.open_card, pitch_id, by=person, to=to, drops=drops)
    await client.views_open(trigger_id=body["trigger_id"], view=form(card.pitch, _))


def decided(error: DecidedError, _: Texts) -> str:
    """Say who was quicker, and when."""
    return _("That is decided already. {decision}", decision=blocks.decision(error.card, _))


def no_goal(error: MergeError, _: Texts) -> str:
    """Say why an idea can't go on with that one."""
    return _(
        "An idea can't go on with itself or with one that has ended. “{title}” is “{state}”.",
        title=escape(error.goal.title),
        state=state_name(error.goal.state, _),
    )


def words_hint(_error: WordsError, _: Texts) -> str:
    """Say what the words of a form have to be."""
    return _("Please write something, at most {limit} characters.", limit=MAX_WORDS)


REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {
    DecidedError: decided,
    MergeError: no_goal,
    WordsError: words_hint,
}
