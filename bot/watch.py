"""What operators and administrators see of the assistant's work: numbers, ages and reasons, no words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import people
from bot.people import Person, Role
from storage import delivery as stored
from storage import watch as asked
from storage.delivery import Delivery, DeliveryState
from storage.lanes import Work

__all__ = ["Pace", "Reading", "Troubles", "Watch", "listed", "troubles", "watch"]

MOST_REASONS: Final = 10
MOST_SOURCES: Final = 1000


@dataclass(frozen=True)
class Pace:
    """How fast a method of Slack's may be called, and whether Slack wants none now."""

    method: str
    per_minute: float
    is_slowed: bool


@dataclass(frozen=True)
class Reading:
    """How long ago a source was last read well (None: never), and how often it failed since."""

    source_id: int
    age: timedelta | None
    failures: int


@dataclass(frozen=True)
class Watch:
    """The state of the work at one moment."""

    states: Mapping[DeliveryState, int]
    waiting_for: timedelta
    lanes_held: int
    paces: Sequence[Pace]
    readings: Sequence[Reading]


@dataclass(frozen=True)
class Troubles:
    """What hangs: given up and waiting messages by reason, and how long the oldest one waits."""

    failed: Sequence[tuple[str, int]]
    held_up: Sequence[tuple[str, int]]
    waiting_for: timedelta


def watch(session: Session, *, now: datetime) -> Watch:
    """Return the state of the work."""
    return Watch(
        states=stored.counted(session),
        waiting_for=_waiting_for(session, now),
        lanes_held=asked.lanes_held(session),
        paces=[
            Pace(one.method, one.per_minute, is_slowed=one.free_at is not None and one.free_at > now)
            for one in asked.paces(session)
        ],
        readings=[
            Reading(source_id, now - at if at else None, failures)
            for source_id, at, failures in asked.successes(session, limit=MOST_SOURCES)
        ],
    )


def listed(
    session: Session, *, state: DeliveryState | None, limit: int
) -> list[tuple[Delivery, datetime | None]]:
    """Return at most `limit` deliveries, newest first, each with when something is done for it next."""
    rows = stored.listed(session, state=state, limit=limit)
    ready = asked.ready(session, {row.target for row in rows if row.wanted_at})
    return [(row, _next_at(row, ready)) for row in rows]


def troubles(session: Session, person: Person, *, now: datetime) -> Troubles | None:
    """Return what hangs, for administrators; None for everybody else."""
    if not people.is_allowed(session, person, Role.ADMIN):
        return None
    return Troubles(
        failed=stored.reasons(session, DeliveryState.FAILED, limit=MOST_REASONS),
        held_up=stored.reasons(session, DeliveryState.DUE, limit=MOST_REASONS),
        waiting_for=_waiting_for(session, now),
    )


def _next_at(row: Delivery, ready: Mapping[tuple[str, Work], datetime]) -> datetime | None:
    """Return when a message wants to go or its lane lets it, whichever is later."""
    if row.wanted_at is None:
        return None
    work = Work.EDIT if row.state is DeliveryState.SENT else Work.POST
    return max(row.wanted_at, ready.get((row.target, work), row.wanted_at))


def _waiting_for(session: Session, now: datetime) -> timedelta:
    since = stored.waiting_since(session)
    return max(timedelta(), now - since) if since else timedelta()
