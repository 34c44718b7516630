"""The page of events, and each event as a file for one's own calendar."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from icalendar import Calendar, Event
from sqlmodel import Session

from bot.texts import Texts
from bot.words import event_time, moment
from handlers.web.documents import Document, Page, web_address
from handlers.web.visit import Visit
from storage import public
from storage.public import PublicEvent

MOST: Final = 100
CALENDAR: Final = "text/calendar"


def events(session: Session, visit: Visit) -> Page:
    """Show what comes and what was."""
    _ = visit.texts
    coming = public.events_to_come(session, today=visit.today, limit=MOST)
    past = public.events_past(session, today=visit.today, limit=MOST)
    return Page(
        "events.html",
        {
            "coming": coming,
            "past": past,
            "times": {found.slug: event_time(found, _) for found in (*coming, *past)},
            "moved": {found.slug: _moved_from(found, _) for found in (*coming, *past)},
        },
    )


def calendar_file(session: Session, visit: Visit) -> Document | None:
    """Return the event that the address names as an iCalendar file."""
    found = public.event(session, visit.slug)
    if found is None:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Stadtfunk//DE")
    calendar.add("version", "2.0")
    calendar.add_component(_component(found, visit))
    return Document(calendar.to_ical(), CALENDAR)


def _component(found: PublicEvent, visit: Visit) -> Event:
    event = Event()
    event.add("uid", f"{found.slug}@{urlsplit(visit.site_url).hostname or 'stadtfunk'}")
    event.add("dtstamp", visit.now)
    event.add("summary", found.title)
    event.add("status", "CANCELLED" if found.is_cancelled else "CONFIRMED")
    if found.all_day:
        # A calendar's end day is the first one after.
        event.add("dtstart", found.starts_on)
        event.add("dtend", found.ends_on + timedelta(days=1))
    else:
        event.add("dtstart", found.starts_at)
        if found.ends_at and found.ends_at > found.starts_at:
            event.add("dtend", found.ends_at)
    if found.description:
        event.add("description", found.description)
    if found.place:
        event.add("location", found.place)
    if url := web_address(found.url):
        event.add("url", url)
    return event


def _moved_from(event: PublicEvent, _: Texts) -> str | None:
    when = event.moved_from_at
    return moment(when, _, all_day=event.all_day) if when else None
