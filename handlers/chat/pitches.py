"""Pitches in Slack: what pitchers say, and see of theirs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import drafts, pitches
from bot.people import Person
from bot.pitches import EndedError
from bot.texts import Texts
from handlers.chat import home
from handlers.chat.answers import View, plain_text
from handlers.chat.blocks import my_pitches as my_blocks
from handlers.chat.blocks.pitch_words import state_name
from handlers.chat.inbound import InboundStore

# What someone says: words, or a file with words. All else is a change, or said by nobody.
SAID: Final = (None, "file_share")


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.event("message", matchers=[is_said_to_it])(hear)
    app.action(my_blocks.WITHDRAW)(withdraw)
    app.action(my_blocks.LOOK)(open_life)
    app.action(my_blocks.SHOW_ALL)(open_all)
    app.action(my_blocks.EARLIER)(turn)
    app.action(my_blocks.LATER)(turn)


async def hear(event: dict[str, Any], store: InboundStore, context: AsyncBoltContext, ack: AsyncAck) -> None:
    """Someone wrote to the assistant: what sounds like an idea gets the form offered, the rest no answer."""
    said = plain_text(event.get("text") or "")
    if event.get("subtype") in SAID and drafts.is_offer(said):
        await store.run(drafts.offer, said, pitcher=context["person"], now=context["now"])
    await ack()


async def withdraw(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
) -> None:
    """A pitcher takes their idea back."""
    await store.run(pitches.withdraw, int(action["value"]), by=person, now=now)
    await ack()
    await _show_again(body, client=client, store=store, person=person, _=_)
    home.renew_soon(context)


async def open_life(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """A pitcher wants to see all that happened with their idea."""
    card = await store.read(pitches.life, int(action["value"]), by=person)
    await _show(client, body, my_blocks.life_view(card, _))
    await ack()


async def open_all(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, person: Person, _: Texts
) -> None:
    """A pitcher wants to see all their ideas."""
    await _show(client, body, my_blocks.all_view(await store.read(listed, person=person), _))
    await ack()


async def turn(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """A pitcher turns the page of their ideas."""
    found = await store.read(listed, person=person, offset=int(action["value"]))
    await client.views_update(view_id=body["view"]["id"], view=my_blocks.all_view(found, _))
    await ack()


def listed(session: Session, *, person: Person, offset: int = 0) -> my_blocks.MyPitches:
    """Return a page of someone's own ideas."""
    found = pitches.mine(session, person, limit=my_blocks.PAGE + 1, offset=max(offset, 0))
    is_more = len(found) > my_blocks.PAGE
    return my_blocks.MyPitches(found[: my_blocks.PAGE], offset=offset, is_more=is_more)


async def _show_again(
    body: dict[str, Any], *, client: AsyncWebClient, store: InboundStore, person: Person, _: Texts
) -> None:
    """Bring the list up to date that someone acted in."""
    view = body.get("view") or {}
    if view.get("callback_id") == my_blocks.ALL:
        found = await store.read(listed, person=person, offset=int(view["private_metadata"]))
        await client.views_update(view_id=view["id"], view=my_blocks.all_view(found, _))


async def _show(client: AsyncWebClient, body: dict[str, Any], view: View) -> None:
    """Open a window, above the one that is open already."""
    is_above = (body.get("view") or {}).get("type") == "modal"
    await (client.views_push if is_above else client.views_open)(trigger_id=body["trigger_id"], view=view)


async def is_said_to_it(event: dict[str, Any]) -> bool:
    """Say whether this is of a direct message to the assistant, outside of threads."""
    is_written = event.get("subtype") in SAID
    return is_written and event.get("channel_type") == "im" and not event.get("thread_ts")


def ended(error: EndedError, _: Texts) -> str:
    """Say that there is nothing left to withdraw."""
    state = state_name(error.pitch.state, _)
    return _("There is nothing left to withdraw: where this idea stands is “{state}”.", state=state)


REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {
    EndedError: ended,
}
