"""What links lead to: measures and events by the names of their pages, and where sources are read."""

from sqlmodel import Session, col, func, select

from storage.events import CalendarEvent
from storage.radar import Measure
from storage.sources import Source


def measure(session: Session, slug: str) -> Measure | None:
    """Return the measure with this page."""
    return session.exec(select(Measure).where(Measure.slug == slug)).first()


def event(session: Session, slug: str) -> CalendarEvent | None:
    """Return the event with this page."""
    return session.exec(select(CalendarEvent).where(CalendarEvent.slug == slug)).first()


def hosts_read(session: Session) -> list[str]:
    """Return the servers that sources are read from, those of most sources first."""
    query = (
        select(Source.host)
        .where(col(Source.paused_at).is_(None))
        .group_by(Source.host)
        .order_by(func.count().desc(), Source.host)
    )
    return list(session.exec(query))
