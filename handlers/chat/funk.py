"""The one slash command: `/funk` and what to do, in German words and English synonyms."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import digest, drafts, meetings, radar
from bot.people import Person
from bot.settings import Settings
from bot.texts import Texts
from bot.words import page
from handlers.chat import subscriptions, why
from handlers.chat.answers import plain_text, spoken
from handlers.chat.blocks import funk as blocks
from handlers.chat.blocks.radar import measure_state, overview
from handlers.chat.inbound import InboundStore
from handlers.chat.pitch_form import show_form

COMMAND: Final = "/funk"
MAX_FOUND: Final = 6


@dataclass(frozen=True)
class Call:
    """One use of the command: the words after the verb, who said them, and what an answer needs.

    `command` is what Slack sent: in which channel, and with addresses as it marks them.
    """

    words: str
    trigger_id: str
    ack: AsyncAck
    client: AsyncWebClient
    store: InboundStore
    person: Person
    texts: Texts
    now: datetime
    settings: Settings
    command: dict[str, Any]


def register(app: AsyncApp) -> None:
    """Connect the command."""
    app.command(COMMAND)(funk)


async def funk(
    ack: AsyncAck,
    command: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """Do what the first word says; an unknown word gets the help."""
    verb, words = (*plain_text(command.get("text") or "").split(maxsplit=1), "", "")[:2]
    call = Call(words.strip(), command["trigger_id"], ack, client, store, person, _, now, settings, command)
    await VERBS.get(verb.lower(), show_help)(call)


async def pitch(call: Call) -> None:
    """Open the pitch form, with what was typed; without words, with what they began before."""
    await show_form(
        call.trigger_id,
        client=call.client,
        store=call.store,
        person=call.person,
        _=call.texts,
        today=call.now.astimezone(call.settings.zone).date(),
        idea=drafts.of_words(call.words) if call.words else None,
    )
    await call.ack()


async def send_digest(call: Call) -> None:
    """Send the overview to the comms channel now."""
    await call.store.run(digest.note_now, by=call.person, now=call.now)
    _ = call.texts
    await call.ack(text=_("The overview is on its way to the newsroom's channel."), response_type="ephemeral")


async def meeting(call: Call) -> None:
    """Begin a meeting of the newsroom, or show the one that is held."""
    _ = call.texts
    _meeting, is_new = await call.store.run(meetings.begin, by=call.person, now=call.now)
    begun = _("The meeting begins: see the newsroom's channel.")
    running = _("A meeting is being held already: the newsroom's channel shows it.")
    await call.ack(text=begun if is_new else running, response_type="ephemeral")


async def show_radar(call: Call) -> None:
    """Answer how the radar stands, or which measures hold some words."""
    if call.words:
        await show_state(call)
        return
    counts = await call.store.read(radar.counted)
    await call.ack(**spoken(overview(counts, page(call.settings.site_url, "/radar", call.texts), call.texts)))


async def show_state(call: Call) -> None:
    """Answer how far a measure is."""
    _ = call.texts
    if not call.words:
        ask = _("Which measure? Write for example {example}.", example=f"`{COMMAND} {_('status')} E-Akte`")
        await call.ack(text=ask, response_type="ephemeral")
        return
    found = await call.store.read(radar.titled, call.words, limit=MAX_FOUND + 1)
    if not found:
        await call.ack(**spoken(blocks.nothing_found(call.words, _)))
    elif len(found) == 1 or found[0].title.casefold() == call.words.casefold():
        address = page(call.settings.site_url, f"/massnahmen/{found[0].slug}", _)
        await call.ack(**spoken(measure_state(found[0], address, _)))
    else:
        await call.ack(
            **spoken(
                blocks.several_found(
                    found[:MAX_FOUND], call.settings.site_url, _, is_cut=len(found) > MAX_FOUND
                )
            )
        )


async def subscribe(call: Call) -> None:
    """Show the form for a subscription with what was typed, or all that is heard here."""
    await subscriptions.typed(
        call.words,
        channel_id=call.command["channel_id"],
        trigger_id=call.trigger_id,
        client=call.client,
        store=call.store,
        person=call.person,
        _=call.texts,
        now=call.now,
    )
    await call.ack()


async def show_why(call: Call) -> None:
    """Answer why something was posted, or why it was not."""
    _verb, *said = (call.command.get("text") or "").split(maxsplit=1)
    await why.of_link(
        " ".join(said),
        command=call.command,
        ack=call.ack,
        client=call.client,
        store=call.store,
        person=call.person,
        _=call.texts,
        now=call.now,
        settings=call.settings,
    )


async def show_help(call: Call) -> None:
    """Say what the command can do."""
    await call.ack(**spoken(blocks.help_text(COMMAND, call.texts)))


VERBS: Final[dict[str, Callable[[Call], Awaitable[None]]]] = {
    "abo": subscribe,
    "subscribe": subscribe,
    "idee": pitch,
    "pitch": pitch,
    "radar": show_radar,
    "stand": show_state,
    "status": show_state,
    "überblick": send_digest,
    "ueberblick": send_digest,
    "overview": send_digest,
    "sitzung": meeting,
    "meeting": meeting,
    "warum": show_why,
    "why": show_why,
    "hilfe": show_help,
    "help": show_help,
}
