"""Events: what happens when and where, with earlier dates of moved ones."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Index, or_, text
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage import columns
from storage.posts import Unsaid
from storage.sources import Source

# More values than this do not fit into one statement everywhere.
AT_ONCE: Final = 10_000
# Slugs that are looked for one by one; for more, all are asked for at once.
FEW: Final = 20


class CalendarEvent(SQLModel, table=True):
    """One event, or one instance of a series (`recurrence_id`). Days count where `all_day` is set.

    `missing_since`: the calendar it came from does not show it any more; a moment ahead is when that counts.
    """

    __tablename__ = "calendar_event"
    __table_args__ = (
        UniqueConstraint("source_id", "uid", "recurrence_id"),
        Index(
            "ix_calendar_event_missing_since",
            "missing_since",
            sqlite_where=text("missing_since IS NOT NULL"),
            postgresql_where=text("missing_since IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int | None = Field(default=None, foreign_key="source.id")
    uid: str
    recurrence_id: str = ""
    slug: str = Field(unique=True)
    title: str
    description: str = ""
    place: str | None = None
    organiser: str | None = None
    url: str | None = None
    all_day: bool = False
    starts_at: datetime = Field(index=True)
    ends_at: datetime | None = None
    starts_on: date
    ends_on: date = Field(index=True)
    moved_from_at: datetime | None = None
    cancelled_at: datetime | None = None
    missing_since: datetime | None = None
    tags: str = ""
    department_id: int | None = Field(default=None, foreign_key="department.id", index=True)
    unsaid: Unsaid | None = Field(default=None, sa_type=columns.choice(Unsaid))
    first_seen_at: datetime
    changed_at: datetime
    origin: str


def by_uid(session: Session, *, source_id: int, uids: set[str]) -> dict[tuple[str, str], CalendarEvent]:
    """Return the events of a source with these UIDs, by UID and instance."""
    query = select(CalendarEvent).where(
        CalendarEvent.source_id == source_id, col(CalendarEvent.uid).in_(sorted(uids))
    )
    return {(found.uid, found.recurrence_id): found for found in session.exec(query)}


def at(session: Session, moments: Collection[datetime]) -> list[CalendarEvent]:
    """Return the events of all sources, and of none, that begin at these moments, oldest first."""
    return _among(session, col(CalendarEvent.starts_at), sorted(moments))


def on(session: Session, days: Collection[date]) -> list[CalendarEvent]:
    """Return the events of all sources, and of none, that begin on these days, oldest first."""
    return _among(session, col(CalendarEvent.starts_on), sorted(days))


def expected(session: Session, *, source_id: int, after: datetime, until: datetime) -> list[CalendarEvent]:
    """Return the events of a source that begin in a span of time."""
    query = (
        select(CalendarEvent)
        .where(
            CalendarEvent.source_id == source_id,
            CalendarEvent.starts_at > after,
            CalendarEvent.starts_at <= until,
        )
        .order_by(col(CalendarEvent.starts_at), col(CalendarEvent.id))
    )
    return list(session.exec(query))


def withdrawn(session: Session, *, now: datetime, patience: timedelta, limit: int) -> list[CalendarEvent]:
    """Return at most `limit` events to come that their source has not shown for longer than `patience`.

    It was read well since, and they are not cancelled yet.
    """
    query = (
        select(CalendarEvent, Source.succeeded_at)
        .join(Source)
        .where(
            CalendarEvent.missing_since <= now - patience,  # type: ignore[operator]
            col(CalendarEvent.cancelled_at).is_(None),
            CalendarEvent.starts_at > now,
            col(Source.succeeded_at) > col(CalendarEvent.missing_since),
        )
        .order_by(col(CalendarEvent.starts_at), col(CalendarEvent.id))
    )
    # Cut only then: events of a calendar that fails for good are to hold up nobody else's.
    return [
        found
        for found, read_at in session.exec(query)
        if found.missing_since and read_at and read_at >= found.missing_since + patience
    ][:limit]


def slugs_like(session: Session, slugs: Collection[str]) -> set[str]:
    """Return at least those slugs of events that are one of these, also with a number behind."""
    if len(slugs) > FEW:
        return set(session.exec(select(CalendarEvent.slug)))
    found: set[str] = set()
    for slug in sorted(slugs):
        numbered = col(CalendarEvent.slug).startswith(f"{slug}-")
        query = select(CalendarEvent.slug).where(or_(col(CalendarEvent.slug) == slug, numbered))
        found |= set(session.exec(query))
    return found


def slugs_among(session: Session, slugs: Collection[str]) -> set[str]:
    """Return those of these slugs that are used."""
    found: set[str] = set()
    asked = sorted(slugs)
    for first in range(0, len(asked), AT_ONCE):
        some = asked[first : first + AT_ONCE]
        found |= set(session.exec(select(CalendarEvent.slug).where(col(CalendarEvent.slug).in_(some))))
    return found


def at_address(session: Session, part: str) -> list[CalendarEvent]:
    """Return the events whose address holds these words, at most AT_ONCE, first one first."""
    query = select(CalendarEvent).where(col(CalendarEvent.url).icontains(part, autoescape=True))
    query = query.order_by(col(CalendarEvent.starts_at), col(CalendarEvent.id)).limit(AT_ONCE)
    return list(session.exec(query))


def coming(session: Session, *, today: date, limit: int) -> list[CalendarEvent]:
    """Return at most `limit` events that are not over, soonest first."""
    query = (
        select(CalendarEvent)
        .where(col(CalendarEvent.ends_on) >= today, col(CalendarEvent.cancelled_at).is_(None))
        .order_by(col(CalendarEvent.starts_at), col(CalendarEvent.id))
        .limit(limit)
    )
    return list(session.exec(query))


def _among(session: Session, column: Mapped[Any], values: Sequence[Any]) -> list[CalendarEvent]:
    found: list[CalendarEvent] = []
    for first in range(0, len(values), AT_ONCE):
        query = select(CalendarEvent).where(column.in_(values[first : first + AT_ONCE]))
        found += session.exec(query.order_by(col(CalendarEvent.id)))
    return found
