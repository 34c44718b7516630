"""The plan as an iCalendar file, served to whoever knows its secret address and to nobody else."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Final

from aiohttp import web
from icalendar import Calendar, Event

from bot import editorial_feed
from bot.editorial import Entry
from bot.editorial_feed import Feed
from bot.pitches import PitchState
from bot.settings import Settings
from bot.texts import Texts, texts
from handlers.chat.blocks.pitch_words import state_name
from handlers.chat.blocks.plan_words import outlet_name
from storage.store import Store

PATH: Final = "/kalender/{token:[A-Za-z0-9_-]+}.ics"
# What is sure to appear; everything else may still move.
SURE: Final = frozenset({PitchState.PLANNED, PitchState.PUBLISHED})
# Nobody between us and the reader keeps it; the reader asks whether it has changed.
HEADERS: Final = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


class PlannedCalendar:
    """Answers requests for the calendar."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        """Take what is shown, in whose language and by whose clocks."""
        self._store, self._settings, self._clock = store, settings, clock

    async def serve(self, request: web.Request) -> web.Response:
        """Return the calendar, or 404 as for any address that there is not."""
        zone = self._settings.zone
        today = self._clock().astimezone(zone).date()
        given = request.match_info["token"]
        feed = await self._store.read(editorial_feed.served, given, today=today, zone=zone)
        if feed is None:
            raise web.HTTPNotFound
        body = calendar(feed, texts(self._settings.locale, self._settings.timezone))
        tag = hashlib.sha256(body).hexdigest()[:32]
        headers = {**HEADERS, "ETag": f'"{tag}"'}
        if any(one.value in {tag, "*"} for one in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=headers)


def calendar(feed: Feed, _: Texts) -> bytes:
    """Return the plan as iCalendar: a whole day for all that appears, each known by the same UID for ever."""
    made = Calendar()
    made.add("prodid", "-//Stadtfunk//Redaktionsplan//DE")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("Editorial calendar"))
    made.add("x-published-ttl", "PT1H")
    # The same all day, so that what has not changed is the same file.
    stamp = datetime.combine(feed.today, time(), tzinfo=UTC)
    for entry in feed.entries:
        made.add_component(_event(entry, stamp, _))
    return bytes(made.to_ical())


def _event(entry: Entry, stamp: datetime, _: Texts) -> Event:
    event = Event()
    event.add("uid", f"{_uid(entry)}@stadtfunk")
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.day)
    # A calendar's end day is the first one after.
    event.add("dtend", entry.day + timedelta(days=1))
    where = ", ".join(outlet_name(one, _) for one in entry.outlets)
    event.add("summary", f"{entry.title} ({where})" if where else entry.title)
    facts = [
        state_name(entry.state, _),
        _("Author: {author}", author=entry.author.name) if entry.author else "",
        entry.department.name if entry.department else "",
        entry.series,
    ]
    event.add("description", "\n".join(filter(None, facts)))
    event.add("status", "CONFIRMED" if entry.state in SURE else "TENTATIVE")
    # Nobody is busy because a post appears.
    event.add("transp", "TRANSPARENT")
    if entry.post and (entry.post.url or "").startswith(("https://", "http://")):
        event.add("url", entry.post.url)
    return event


def _uid(entry: Entry) -> str:
    """Name what an entry is about, whatever day it moves to."""
    if entry.post:
        return f"post-{entry.post.id}"
    assert entry.pitch is not None
    if entry.day == entry.pitch.planned_on:
        return f"pitch-{entry.pitch.id}"
    return f"pitch-{entry.pitch.id}-{entry.outlets[0]}"
