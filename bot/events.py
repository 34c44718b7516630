"""Events: taken in from calendars, announced once, moved and cancelled where they stand."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import delivery, subscriptions
from bot.slugs import unused_slug
from bot.sources import Occurrence
from storage import events as stored
from storage import public
from storage.events import CalendarEvent, coming
from storage.sources import Source

__all__ = ["CARD", "CalendarEvent", "coming", "get", "import_event", "take_in"]

CARD: Final = "event_card"


def take_in(session: Session, source: Source, occurrences: Sequence[Occurrence], *, now: datetime) -> int:
    """Keep what a calendar shows: new events are announced, changed ones brought up to date in the chat.

    Of a series only its first instance is announced, and a source's first reading announces nothing.

    Returns:
        how many events are new.
    """
    assert source.id is not None
    is_backlog = source.succeeded_at is None
    uids = {occurrence.uid for occurrence in occurrences}
    known = stored.by_uid(session, source_id=source.id, uids=uids)
    known_uids = {uid for uid, _ in known}
    slugs = stored.slugs(session)
    new = 0
    for occurrence in occurrences:
        if not occurrence.title:
            # Nobody could tell what it is.
            continue
        instance = (occurrence.uid, occurrence.recurrence_id or "")
        calendar_event = known.get(instance)
        if calendar_event is not None:
            _update(session, calendar_event, occurrence, now=now)
            continue
        calendar_event = CalendarEvent(
            source_id=source.id,
            uid=occurrence.uid,
            recurrence_id=occurrence.recurrence_id or "",
            slug=unused_slug(f"{occurrence.title} {occurrence.starts_on.isoformat()}", slugs),
            title=occurrence.title,
            starts_at=occurrence.starts_at,
            starts_on=occurrence.starts_on,
            ends_on=occurrence.ends_on,
            first_seen_at=now,
            changed_at=now,
            origin="source",
        )
        slugs.add(calendar_event.slug)
        _fill(calendar_event, occurrence, now=now)
        session.add(calendar_event)
        session.flush()
        public.touch(session)
        new += 1
        is_over = (occurrence.ends_at or occurrence.starts_at + timedelta(days=occurrence.all_day)) <= now
        if not (is_backlog or is_over or occurrence.cancelled or occurrence.uid in known_uids):
            topic = subscriptions.Topic.EVENTS
            subscriptions.tell(session, topic, CARD, calendar_event.id, source_id=source.id, now=now)
        known_uids.add(occurrence.uid)
    return new


def get(session: Session, event_id: int) -> CalendarEvent | None:
    """Return an event."""
    return session.get(CalendarEvent, event_id)


def import_event(
    session: Session,
    *,
    title: str,
    starts_on: date,
    ends_on: date | None,
    starts: time | None,
    ends: time | None,
    place: str | None,
    organiser: str | None,
    url: str | None,
    origin: str,
    zone: ZoneInfo,
    now: datetime,
) -> CalendarEvent:
    """Keep an event from a list, quietly. Times are the city's; without one the event is all day.

    An event is known again by its title and first day, and then stays as it is.
    """
    uid = f"import:{title}:{starts_on.isoformat()}"
    known = stored.imported(session, uid)
    if known:
        return known
    last = ends_on or starts_on
    calendar_event = CalendarEvent(
        uid=uid,
        slug=unused_slug(f"{title} {starts_on.isoformat()}", stored.slugs(session)),
        title=title,
        place=place,
        organiser=organiser,
        url=url,
        all_day=starts is None,
        starts_at=datetime.combine(starts_on, starts or time(), tzinfo=zone),
        ends_at=datetime.combine(last, ends, tzinfo=zone) if ends else None,
        starts_on=starts_on,
        ends_on=last,
        first_seen_at=now,
        changed_at=now,
        origin=origin,
    )
    session.add(calendar_event)
    session.flush()
    public.touch(session)
    return calendar_event


def _update(
    session: Session, calendar_event: CalendarEvent, occurrence: Occurrence, *, now: datetime
) -> None:
    before = _shown(calendar_event)
    if occurrence.starts_at != calendar_event.starts_at:
        # The first date stays in sight, however often an event moves; back at it, it is not moved.
        first = calendar_event.moved_from_at or calendar_event.starts_at
        calendar_event.moved_from_at = None if first == occurrence.starts_at else first
    _fill(calendar_event, occurrence, now=now)
    if _shown(calendar_event) != before:
        calendar_event.changed_at = now
        session.flush()
        public.touch(session)
        delivery.changed(session, CARD, calendar_event.id, now=now)


def _fill(calendar_event: CalendarEvent, occurrence: Occurrence, *, now: datetime) -> None:
    calendar_event.title = occurrence.title
    calendar_event.description = occurrence.description
    calendar_event.place = occurrence.place
    calendar_event.url = occurrence.url
    calendar_event.all_day = occurrence.all_day
    calendar_event.starts_at, calendar_event.ends_at = occurrence.starts_at, occurrence.ends_at
    calendar_event.starts_on, calendar_event.ends_on = occurrence.starts_on, occurrence.ends_on
    if not occurrence.cancelled:
        calendar_event.cancelled_at = None
    elif calendar_event.cancelled_at is None:
        calendar_event.cancelled_at = now


def _shown(calendar_event: CalendarEvent) -> tuple[object, ...]:
    return (
        calendar_event.title,
        calendar_event.description,
        calendar_event.place,
        calendar_event.url,
        calendar_event.all_day,
        calendar_event.starts_at,
        calendar_event.ends_at,
        calendar_event.cancelled_at,
    )
