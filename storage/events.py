"""Events: what happens when and where, with earlier dates of moved ones."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select


class CalendarEvent(SQLModel, table=True):
    """One event, or one instance of a series (`recurrence_id`). Days count where `all_day` is set.

    `missing_since`: the calendar it came from does not show it any more.
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
    first_seen_at: datetime
    changed_at: datetime
    origin: str


def by_uid(session: Session, *, source_id: int, uids: set[str]) -> dict[tuple[str, str], CalendarEvent]:
    """Return the events of a source with these UIDs, by UID and instance."""
    query = select(CalendarEvent).where(
        CalendarEvent.source_id == source_id, col(CalendarEvent.uid).in_(sorted(uids))
    )
    return {(found.uid, found.recurrence_id): found for found in session.exec(query)}


def imported(session: Session, uid: str) -> CalendarEvent | None:
    """Return the event with this UID that no source shows."""
    query = select(CalendarEvent).where(CalendarEvent.uid == uid, col(CalendarEvent.source_id).is_(None))
    return session.exec(query).first()


def slugs(session: Session) -> set[str]:
    """Return the slugs of all events."""
    return set(session.exec(select(CalendarEvent.slug)))


def coming(session: Session, *, today: date, limit: int) -> list[CalendarEvent]:
    """Return at most `limit` events that are not over, soonest first."""
    query = (
        select(CalendarEvent)
        .where(col(CalendarEvent.ends_on) >= today, col(CalendarEvent.cancelled_at).is_(None))
        .order_by(col(CalendarEvent.starts_at), col(CalendarEvent.id))
        .limit(limit)
    )
    return list(session.exec(query))
