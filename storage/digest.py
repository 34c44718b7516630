"""What the newsroom's overview asks of the store: as much for ten thousand pitches as for a hundred."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from storage.delivery import Delivery, DeliveryState
from storage.people import Department, Person, PersonRole, Role
from storage.pitches import Pitch, PitchState
from storage.planning import Outlet, PitchOutlet

# Nobody reads whether it is a thousand or more.
MOST_COUNTED: Final = 1000
# What stands in the plan no longer, though it has a day.
GONE: Final = (PitchState.DRAFT, PitchState.DECLINED, PitchState.MERGED, PitchState.WITHDRAWN)
# What has appeared, perhaps sooner than planned, is to come only where a place has a day of its own.
OVER: Final = (*GONE, PitchState.PUBLISHED)


def last_said_at(session: Session, kind: str, *, before_id: int | None) -> datetime | None:
    """Return when the last message of this kind before another one was due, if it was sent."""
    query = select(Delivery.due_at).where(Delivery.kind == kind, Delivery.state == DeliveryState.SENT)
    if before_id is not None:
        query = query.where(col(Delivery.id) < before_id)
    return session.exec(query.order_by(col(Delivery.id).desc()).limit(1)).first()


def waiting(
    session: Session,
    states: Sequence[PitchState],
    *,
    limit: int,
    since: datetime | None = None,
    before: datetime | None = None,
) -> tuple[list[Pitch], int]:
    """Return at most `limit` pitches in these states, longest waiting first, and how many there are.

    Args:
        session: the transaction.
        states: where they stand.
        limit: so many are returned.
        since: those that came earlier are left out.
        before: those that came at this moment or later are left out.
    """
    found: list[Pitch] = []
    total = 0
    is_within: list[ColumnElement[bool]] = []
    if since:
        is_within.append(col(Pitch.created_at) >= since)
    if before:
        is_within.append(col(Pitch.created_at) < before)
    for state in states:
        # One state at a time: so the index gives them in order, and none has to be sorted.
        query = select(Pitch).where(Pitch.state == state, *is_within)
        found += session.exec(query.order_by(col(Pitch.created_at), col(Pitch.id)).limit(limit))
        counted = select(Pitch.id).where(Pitch.state == state, *is_within).limit(MOST_COUNTED)
        total += session.exec(select(func.count()).select_from(counted.subquery())).one()
    return sorted(found, key=lambda pitch: (pitch.created_at, pitch.id))[:limit], total


def planned(
    session: Session, first: date, last: date, *, limit: int
) -> list[tuple[date, Outlet | None, Pitch]]:
    """Return what is to appear from one day to another, each place with a day of its own by itself.

    At most `limit` with the pitch's own day, and as many with the day of a place.
    """
    own = (
        select(Pitch)
        .where(_is_within(col(Pitch.planned_on), first, last), col(Pitch.state).not_in(OVER))
        .order_by(col(Pitch.planned_on), col(Pitch.id))
        .limit(limit)
    )
    placed = (
        select(PitchOutlet, Pitch)
        .join(Pitch, col(Pitch.id) == col(PitchOutlet.pitch_id))
        .where(_is_within(col(PitchOutlet.planned_on), first, last), col(Pitch.state).not_in(GONE))
        .order_by(col(PitchOutlet.planned_on), col(PitchOutlet.pitch_id), col(PitchOutlet.outlet))
        .limit(limit)
    )
    found: list[tuple[date, Outlet | None, Pitch]] = [
        (pitch.planned_on, None, pitch) for pitch in session.exec(own) if pitch.planned_on
    ]
    found += [(row.planned_on, row.outlet, pitch) for row, pitch in session.exec(placed) if row.planned_on]
    return sorted(found, key=lambda one: (one[0], one[2].id, one[1] or ""))


def days_planned(session: Session, first: date, last: date) -> set[date]:
    """Return the days from one to another on which something is to appear."""
    own = select(col(Pitch.planned_on)).where(
        _is_within(col(Pitch.planned_on), first, last), col(Pitch.state).not_in(OVER)
    )
    placed = (
        select(col(PitchOutlet.planned_on))
        .join(Pitch, col(Pitch.id) == col(PitchOutlet.pitch_id))
        .where(_is_within(col(PitchOutlet.planned_on), first, last), col(Pitch.state).not_in(GONE))
    )
    days = {*session.exec(own.distinct()), *session.exec(placed.distinct())}
    return {day for day in days if day}


def silent(session: Session, *, since: datetime, today: date) -> list[tuple[Department, datetime | None]]:
    """Return the departments of today that pitched nothing since a moment, with their last pitch, by name.

    One that never did counts when it has a lead, known for that long: whoever was not there was not silent.
    """
    last = (
        select(Pitch.created_at)
        .where(col(Pitch.department_id) == col(Department.id), Pitch.state != PitchState.DRAFT)
        .order_by(col(Pitch.created_at).desc())
        .limit(1)
        .correlate(Department)
        .scalar_subquery()
    )
    led = (
        select(Person.department_id)
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(
            PersonRole.role == Role.LEAD,
            col(Person.inactive_at).is_(None),
            col(Person.department_id).is_not(None),
            Person.created_at < since,
        )
    )
    query = (
        select(Department, last)
        .where(
            or_(col(Department.valid_from).is_(None), col(Department.valid_from) <= today),
            or_(col(Department.valid_to).is_(None), col(Department.valid_to) >= today),
            or_(last < since, last.is_(None) & col(Department.id).in_(led)),
        )
        .order_by(col(Department.name))
    )
    return list(session.exec(query).all())


def _is_within(column: Any, first: date, last: date) -> ColumnElement[bool]:
    within: ColumnElement[bool] = column.between(first, last)
    return within
