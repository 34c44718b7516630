"""The demo's own portal: a feed and a calendar that anyone can add to, served on this machine."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Final

from aiohttp import web
from icalendar import Calendar, Event

FEED: Final = "feed.xml"
CALENDAR: Final = "termine.ics"
PAGE: Final = '<!doctype html><html lang="de"><title>{title}</title><h1>{title}</h1><p>{teaser}</p></html>'


class Portal:
    """The files of the demo's portal in one folder."""

    def __init__(self, folder: Path) -> None:
        """Make the empty feed and calendar where there are none."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / FEED).exists():
            rss = ET.Element("rss", version="2.0")
            channel = ET.SubElement(rss, "channel")
            ET.SubElement(channel, "title").text = "Digitales München (Demo)"
            ET.SubElement(channel, "link").text = "https://stadt.example/"
            ET.SubElement(channel, "description").text = "Der Feed der Demo"
            self._write(FEED, ET.tostring(rss, encoding="utf-8", xml_declaration=True))
        if not (folder / CALENDAR).exists():
            self._write(CALENDAR, _calendar().to_ical())

    def publish(self, title: str, *, teaser: str, now: datetime) -> str:
        """Add a post to the feed and return its GUID."""
        rss = ET.parse(self.folder / FEED)  # noqa: S314 - our own file
        channel = rss.find("channel")
        assert channel is not None
        number = len(channel.findall("item")) + 1
        guid = f"demo-{number}-{int(now.timestamp())}"
        item = ET.Element("item")
        ET.SubElement(item, "title").text = title
        ET.SubElement(item, "guid", isPermaLink="false").text = guid
        ET.SubElement(item, "link").text = f"/beitrag/{number}"
        ET.SubElement(item, "description").text = teaser
        ET.SubElement(item, "category").text = "Demo"
        ET.SubElement(item, "pubDate").text = format_datetime(now.astimezone(UTC))
        channel.insert(3, item)
        self._write(FEED, ET.tostring(rss.getroot(), encoding="utf-8", xml_declaration=True))
        return guid

    def announce(self, title: str, *, starts_at: datetime, place: str, now: datetime) -> str:
        """Add an event of two hours to the calendar and return its UID."""
        calendar = self._events()
        uid = f"demo-{len(calendar.walk('VEVENT')) + 1}-{int(now.timestamp())}@stadt.example"
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("summary", title)
        event.add("dtstart", starts_at.astimezone(UTC))
        event.add("dtend", starts_at.astimezone(UTC) + timedelta(hours=2))
        event.add("location", place)
        calendar.add_component(event)
        self._write(CALENDAR, calendar.to_ical())
        return uid

    def move(self, uid: str, *, starts_at: datetime) -> None:
        """Move an event of the calendar."""
        calendar = self._events()
        for event in calendar.walk("VEVENT"):
            if event["UID"] == uid:
                length = event.decoded("DTEND") - event.decoded("DTSTART")
                for name, when in (("dtstart", starts_at), ("dtend", starts_at + length)):
                    event.pop(name)
                    event.add(name, when.astimezone(UTC))
        self._write(CALENDAR, calendar.to_ical())

    def application(self) -> web.Application:
        """Return what serves the two documents, with ETag and Last-Modified, and a page for each post."""
        app = web.Application()
        app.router.add_get(f"/{FEED}", self._serve)
        app.router.add_get(f"/{CALENDAR}", self._serve)
        app.router.add_get("/beitrag/{number}", self._page)
        return app

    async def _serve(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(self.folder / request.path.lstrip("/"))

    async def _page(self, request: web.Request) -> web.Response:
        rss = ET.parse(self.folder / FEED)  # noqa: S314 - our own file
        for item in rss.iter("item"):
            if item.findtext("link") == request.path:
                title, teaser = (
                    escape(item.findtext("title") or ""),
                    escape(item.findtext("description") or ""),
                )
                page = PAGE.format(title=title, teaser=teaser)
                return web.Response(text=page, content_type="text/html")
        raise web.HTTPNotFound

    def _events(self) -> Calendar:
        return Calendar.from_ical((self.folder / CALENDAR).read_bytes())

    def _write(self, name: str, body: bytes) -> None:
        """Put a whole document in place at once: a reader never sees half of one."""
        new = self.folder / f"{name}.new"
        new.write_bytes(body)
        new.replace(self.folder / name)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Stadtfunk//Demo//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Termine (Demo)")
    return calendar
