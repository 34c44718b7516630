"""The editorial calendar in Slack: a window that is turned, filtered and subscribed to."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import editorial, editorial_feed, people
from bot.editorial import Wanted
from bot.people import Person
from bot.pitches import PitchState
from bot.settings import Settings
from bot.texts import Texts
from handlers.chat.blocks import editorial as blocks
from handlers.chat.blocks.editorial import Look, Place, Shown
from handlers.chat.inbound import InboundStore

# Nobody has this id: who never spoke with the assistant writes nothing that it knows of.
NOBODY: Final = 0


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.OPEN)(open_calendar)
    for action_id, move in MOVES.items():
        app.action(action_id)(_listener(move))
    app.action(blocks.NEW_ADDRESS)(new_address)


async def open_calendar(
    ack: AsyncAck,
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """The newsroom wants to see its plan: show this month."""
    today = now.astimezone(settings.zone).date()
    shown = await store.read(_shown, Place(today.replace(day=1)), by=person, today=today, settings=settings)
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.calendar_view(shown, _))
    await ack()


async def new_address(
    ack: AsyncAck,
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """The newsroom wants another address for its calendar: the one before ends."""
    await store.run(editorial_feed.renew, by=person, now=now)
    await _show(
        Place.unpacked(body["view"]["private_metadata"]), body, client, store, person, _, now, settings
    )
    await ack()


def _listener(move: "Move") -> Callable[..., Awaitable[None]]:
    async def act(
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
        """Someone turned the calendar, or chose what of it they want to see."""
        option = action.get("selected_option") or {}
        said = option.get("value") or action.get("selected_user") or action.get("value") or blocks.ALL
        place = move(
            Place.unpacked(body["view"]["private_metadata"]), "" if said == blocks.ALL else str(said)
        )
        await _show(place, body, client, store, person, _, now, settings)
        await ack()

    return act


async def _show(
    place: Place,
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    today = now.astimezone(settings.zone).date()
    shown = await store.read(_shown, place, by=person, today=today, settings=settings)
    await client.views_update(view_id=body["view"]["id"], view=blocks.calendar_view(shown, _))


def _shown(session: Session, place: Place, *, by: Person, today: date, settings: Settings) -> Shown:
    author = people.by_chat_id(session, place.author) if place.author else None
    wanted = Wanted(
        department_id=place.department_id,
        series=place.series,
        state=place.state,
        author_id=(author and author.id) or (NOBODY if place.author else None),
    )
    secret = editorial_feed.token(session, by=by)
    return Shown(
        place,
        editorial.open_month(session, place.first_day, by=by, wanted=wanted, today=today, zone=settings.zone),
        people.departments(session),
        editorial.series(session),
        editorial_feed.address(settings.ops_address, secret) if secret and settings.ops_url else None,
        is_reachable=bool(settings.ops_url),
    )


Move = Callable[[Place, str], Place]
MOVES: Final[dict[str, Move]] = {
    blocks.TURN: lambda place, said: replace(place, first_day=date.fromisoformat(said)),
    blocks.FORWARD: lambda place, said: replace(place, first_day=date.fromisoformat(said)),
    blocks.LOOK: lambda place, said: replace(place, look=Look(said)),
    blocks.RESET: lambda place, _said: Place(place.first_day, place.look),
    blocks.BY_DEPARTMENT: lambda place, said: replace(place, department_id=int(said) if said else None),
    blocks.BY_SERIES: lambda place, said: replace(place, series=said or None),
    blocks.BY_STATE: lambda place, said: replace(place, state=PitchState(said) if said else None),
    blocks.BY_PERSON: lambda place, said: replace(place, author=said or None),
}
