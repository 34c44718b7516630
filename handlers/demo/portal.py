"""The demo's own portal, served on this machine: posts, comments and a calendar that anyone can add to."""

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
COMMENTS: Final = "comments.xml"
# Where portals made with WordPress have the feed of all their comments.
COMMENTS_PATH: Final = "/comments/feed/"
AUTHOR: Final = "{http://purl.org/dc/elements/1.1/}creator"
PAGE: Final = (
    '<!doctype html><html lang="de"><title>{title}</title><h1>{title}</h1><p>{teaser}</p>'
    "<h2>Kommentare</h2>{comments}</html>"
)
COMMENT: Final = '<article id="{place}"><h3>{author}</h3><p>{words}</p></article>'

ET.register_namespace("dc", AUTHOR[1:].partition("}")[0])


class Portal:
    """The files of the demo's portal in one folder."""

    def __init__(self, folder: Path) -> None:
        """Make the empty feed and calendar where there are none."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name, title in ((FEED, "Digitales München (Demo)"), (COMMENTS, "Kommentare (Demo)")):
            if not (folder / name).exists():
                self._write(name, _empty(title))
        if not (folder / CALENDAR).exists():
            self._write(CALENDAR, _calendar().to_ical())

    def publish(self, title: str, *, teaser: str, now: datetime) -> str:
        """Add a post to the feed and return its GUID."""
        number = len(self._items(FEED)) + 1
        guid = f"demo-{number}-{int(now.timestamp())}"
        self._add(
            FEED,
            {
                "title": title,
                "guid": guid,
                "link": f"/beitrag/{number}",
                "description": teaser,
                "category": "Demo",
            },
            now=now,
        )
        return guid

    def comment(self, words: str, *, author: str, now: datetime) -> str | None:
        """Let a reader say something below the newest post; return its title, None if there is no post."""
        posts = self._items(FEED)
        if not posts:
            return None
        title, page = posts[0].findtext("title") or "", posts[0].findtext("link") or ""
        number = len(self._items(COMMENTS)) + 1
        self._add(
            COMMENTS,
            {
                "title": f"Kommentar zu {title}",
                "guid": f"demo-comment-{number}-{int(now.timestamp())}",
                "link": f"{page}#comment-{number}",
                AUTHOR: author,
                "description": words,
            },
            now=now,
        )
        return title

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
        """Return what serves the three documents, with ETag and Last-Modified, and a page for each post."""
        app = web.Application()
        app.router.add_get(f"/{FEED}", self._serve)
        app.router.add_get(f"/{CALENDAR}", self._serve)
        app.router.add_get(COMMENTS_PATH, self._serve_comments)
        app.router.add_get("/beitrag/{number}", self._page)
        return app

    async def _serve(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(self.folder / request.path.lstrip("/"))

    async def _serve_comments(self, request: web.Request) -> web.FileResponse:
        del request
        return web.FileResponse(self.folder / COMMENTS)

    async def _page(self, request: web.Request) -> web.Response:
        found = next((item for item in self._items(FEED) if item.findtext("link") == request.path), None)
        if found is None:
            raise web.HTTPNotFound
        comments = [
            COMMENT.format(place=place, author=_said(item, AUTHOR), words=_said(item, "description"))
            for item in reversed(self._items(COMMENTS))
            for page, _, place in [_said(item, "link").partition("#")]
            if page == request.path
        ]
        page = PAGE.format(
            title=_said(found, "title"),
            teaser=_said(found, "description"),
            comments="".join(comments) or "<p>Noch keine.</p>",
        )
        return web.Response(text=page, content_type="text/html")

    def _items(self, name: str) -> list[ET.Element]:
        """Return the entries of a feed, newest first."""
        return list(ET.parse(self.folder / name).iter("item"))  # noqa: S314 - our own file

    def _add(self, name: str, values: dict[str, str], *, now: datetime) -> None:
        """Put an entry before the others of a feed."""
        rss = ET.parse(self.folder / name).getroot()  # noqa: S314 - our own file
        item = ET.Element("item")
        for tag, words in values.items():
            ET.SubElement(item, tag).text = words
        ET.SubElement(item, "pubDate").text = format_datetime(now.astimezone(UTC))
        for guid in item.iter("guid"):
            guid.set("isPermaLink", "false")
        channel = rss.find("channel")
        assert channel is not None
        channel.insert(3, item)
        self._write(name, ET.tostring(rss, encoding="utf-8", xml_declaration=True))

    def _events(self) -> Calendar:
        return Calendar.from_ical((self.folder / CALENDAR).read_bytes())

    def _write(self, name: str, body: bytes) -> None:
        """Put a whole document in place at once: a reader never sees half of one."""
        new = self.folder / f"{name}.new"
        new.write_bytes(body)
        new.replace(self.folder / name)


def _empty(title: str) -> bytes:
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    ET.SubElement(channel, "title").text = title
    ET.SubElement(channel, "link").text = "https://stadt.example/"
    ET.SubElement(channel, "description").text = "Ein Feed der Demo"
    return bytes(ET.tostring(rss, encoding="utf-8", xml_declaration=True))


def _said(item: ET.Element, name: str) -> str:
    return escape(item.findtext(name) or "")


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Stadtfunk//Demo//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Termine (Demo)")
    return calendar
