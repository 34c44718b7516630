"""Published pitches in Slack: an editor says which post is which pitch's, asked or by hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import publishing
from bot.people import Person
from bot.pitch_life import StateError
from bot.publishing import DecidedError
from bot.texts import Texts
from handlers.chat.answers import View, field
from handlers.chat.blocks import publishing as blocks
from handlers.chat.blocks.pitch_words import state_name
from handlers.chat.inbound import InboundStore


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.CONFIRM)(confirm)
    app.action(blocks.REJECT)(reject)
    app.action(blocks.PUBLISHED)(open_form)
    app.options({"block_id": blocks.POST, "action_id": blocks.POST})(suggest)
    app.view(blocks.PUBLISHED_FORM)(publish)


async def confirm(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """An editor says that a post is what a pitch became."""
    await store.run(publishing.confirm, int(action["value"]), by=person, now=now)
    await ack()


async def reject(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """An editor says that a post is something else."""
    await store.run(publishing.reject, int(action["value"]), by=person, now=now)
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
    """An editor wants to say by hand which post a pitch became."""
    pitch = await store.read(publishing.open_pitch, int(action["value"]), by=person)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.published_form(pitch, _))
    await ack()


async def suggest(ack: AsyncAck, body: dict[str, Any], store: InboundStore, _: Texts) -> None:
    """Someone types into the field of posts: say what there is."""
    found = await store.read(publishing.to_choose, body.get("value") or "")
    await ack(**blocks.posts_suggested(found, _))


async def publish(ack: AsyncAck, view: View, store: InboundStore, person: Person, now: datetime) -> None:
    """A post was chosen: the pitch has become it."""
    pitch_id, post_id = int(view["private_metadata"]), int(field(view, blocks.POST))
    await store.run(publishing.publish, pitch_id, post_id, by=person, now=now)
    await ack()


def was_decided(error: DecidedError, _: Texts) -> str:
    """Say who was quicker, when, and what they said."""
    return _("Someone was quicker. {decision}", decision=blocks.match_decision(error.card, _))


def has_moved(error: StateError, _: Texts) -> str:
    """Say where a pitch stands meanwhile, and since when."""
    state, last = state_name(error.pitch.state, _), error.last
    if last is None:
        return _("That can't be done any more: the idea is “{state}”.", state=state)
    return _(
        "That can't be done any more: the idea is “{state}” since {day}, {time}.",
        state=state,
        day=_.day(last.at),
        time=_.time(last.at),
    )


REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {
    DecidedError: was_decided,
    StateError: has_moved,
}
