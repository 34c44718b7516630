"""Lists from outside: posts and events in tables, calendars and subscriptions in files; all or nothing."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from io import StringIO
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import curation, events, posts
from bot.curation import SourceKind
from bot.sources import FetchError, Occurrence, Offer, host_of
from bot.sources.links import web_link

__all__ = [
    "MAX_BYTES",
    "MAX_CELL",
    "MAX_TITLE",
    "ORIGIN",
    "FetchError",
    "Offer",
    "Slip",
    "SlipKind",
    "SlipsError",
    "is_calendar",
    "keep_sources",
    "read_calendar",
    "read_events",
    "read_posts",
    "read_sources",
]

ORIGIN: Final = "import"
MAX_BYTES: Final = 10_000_000
MAX_TITLE: Final = 300
MAX_CELL: Final = 2_000
# Far from today a date is a slip.
FIRST_YEAR, LAST_YEAR = 1950, 2100
# A post without a time of day appeared at noon: that is the same day everywhere.
NOON: Final = time(12)
DAY: Final = timedelta(days=1)
# As far as the reader of calendars sees from the day it is given.
SPAN: Final = timedelta(days=400)

POST_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "title": ("titel",),
    "date": ("datum", "veröffentlicht", "published"),
    "url": ("adresse", "link"),
    "tags": ("schlagwörter", "schlagworte", "themen"),
    "teaser": ("anreißer", "kurztext"),
}
EVENT_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "title": ("titel",),
    "start": ("beginn", "anfang"),
    "end": ("ende",),
    "place": ("ort",),
    "organiser": ("veranstalter*in", "veranstalter:in", "veranstalter", "veranstalterin", "organizer"),
    "url": ("adresse", "link"),
    "description": ("beschreibung",),
}
_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:,?\s+(\d{1,2})[:.](\d{2})(?:\s*Uhr)?)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")
_ZONE = re.compile(rb"^BEGIN:VTIMEZONE.*?^END:VTIMEZONE", re.MULTILINE | re.DOTALL)
_STARTS = re.compile(rb"^(?:DTSTART|RDATE)[^:\r\n]*:(\d{8})", re.MULTILINE)


class SlipKind(StrEnum):
    """What is wrong in a table."""

    NO_TEXT = "no_text"
    NO_COLUMN = "no_column"
    BROKEN = "broken"
    TOO_MANY_CELLS = "too_many_cells"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_DATE = "no_date"
    IN_FUTURE = "in_future"
    ENDS_BEFORE = "ends_before"
    NO_LINK = "no_link"


@dataclass(frozen=True)
class Slip:
    """Something wrong in one line of a file, in the column with this heading."""

    line: int
    column: str
    kind: SlipKind
    value: str = ""


class SlipsError(Exception):
    """A table can't be taken in; every slip in it is told."""

    def __init__(self, slips: Sequence[Slip]) -> None:
        super().__init__(f"{len(slips)} slips")
        self.slips = tuple(slips)


def read_posts(body: bytes, *, zone: ZoneInfo, now: datetime) -> list[posts.Listed]:
    """Return the posts of a table with the columns title, date, url, tags and teaser, in any order.

    The table is separated by commas, semicolons or tabs; headings may be German, and so may dates.

    Raises:
        SlipsError: something in it can't be read.
    """
    table = _Table(body, POST_COLUMNS, required=("title",))
    found = [_post(row, zone=zone, now=now) for row in table.rows()]
    table.check()
    return [post for post in found if post]


def read_events(body: bytes, *, zone: ZoneInfo) -> list[events.Listed]:
    """Return the events of a table with the columns title, start, end, place, organiser and url.

    Raises:
        SlipsError: something in it can't be read.
    """
    table = _Table(body, EVENT_COLUMNS, required=("title", "start"))
    found = [_event(row, zone=zone) for row in table.rows()]
    table.check()
    return [event for event in found if event]


def is_calendar(body: bytes) -> bool:
    """Return whether a file is a calendar and no table."""
    return body.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR")


def read_calendar(body: bytes, *, timezone: str, today: date) -> list[events.Listed]:
    """Return the events of a calendar, also those that are over; what is cancelled is left out.

    Raises:
        FetchError: it is no calendar.
    """
    from bot.sources.calendars import parse_calendar  # noqa: PLC0415 - icalendar, only when asked for

    found: dict[tuple[str, str | None], Occurrence] = {}
    # The reader sees a little more than a year; so it is given one after the other. The days on which summer
    # time began somewhere are no events.
    first = min([today, *map(_day_of, _STARTS.findall(_ZONE.sub(b"", body)))])
    while first <= today:
        for one in parse_calendar(body, today=first, timezone=timezone, limit=None).occurrences:
            found.setdefault((one.uid, one.recurrence_id), one)
        first = today if first < today < first + SPAN else first + SPAN
    return [_listed(one) for one in found.values() if one.title and not one.cancelled]


def read_sources(body: bytes) -> tuple[Offer, ...]:
    """Return the sources that a file of subscriptions (OPML) lists.

    Raises:
        FetchError: it is no such file.
    """
    from bot.sources.opml import subscriptions  # noqa: PLC0415 - lxml, only when asked for

    return tuple(offer for offer in subscriptions(body) if web_link(offer.url))


def keep_sources(session: Session, offers: Sequence[Offer], *, now: datetime) -> list[bool]:
    """Keep sources from a list; those that are known, however spelled, stay as they are.

    Returns:
        for each in turn whether it was new.
    """
    from bot.sources.plain import cut  # noqa: PLC0415 - nh3, only when asked for

    kept = []
    for offer in offers:
        url = web_link(offer.url) or offer.url
        is_new = curation.known(session, [url]) == [None]
        if is_new:
            name = cut(offer.title or host_of(url), curation.MAX_TITLE)
            kind = SourceKind(offer.kind)
            curation.add(session, kind=kind, name=name, url=url, now=now, origin=ORIGIN)
        kept.append(is_new)
    return kept


class _Table:
    """A table in a text file, and all that is wrong in it."""

    def __init__(self, body: bytes, columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> None:
        self.slips: list[Slip] = []
        lines = StringIO(self._text(body), newline="")
        heading = lines.readline()
        separator = max(";\t,", key=heading.count)
        lines.seek(0)
        self._reader = csv.reader(lines, delimiter=separator, strict=True)
        self._headings = [] if self.slips else self._next() or []
        names = {alias: name for name, aliases in columns.items() for alias in (name, *aliases)}
        self._names = [names.get(heading.strip().casefold()) for heading in self._headings]
        for name in required:
            if name not in self._names and not self.slips:
                self.slips.append(Slip(1, f"{name} ({columns[name][0].capitalize()})", SlipKind.NO_COLUMN))
        self._is_readable = not self.slips

    def rows(self) -> Iterator["_Row"]:
        """Yield the rows that are not empty, each with the line it begins in."""
        line = self._reader.line_num + 1
        while self._is_readable and (cells := self._next()) is not None:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(self._headings):
                    extra = cells[len(self._headings)]
                    self.slips.append(Slip(line, "", SlipKind.TOO_MANY_CELLS, extra))
                else:
                    # A heading that stands twice counts once.
                    pairs = list(zip(self._names, self._headings, cells, strict=False))[::-1]
                    values = {name: (heading.strip(), cell) for name, heading, cell in pairs if name}
                    yield _Row(line, values, self.slips)
            line = self._reader.line_num + 1

    def check(self) -> None:
        """Refuse the table if anything is wrong in it."""
        if self.slips:
            raise SlipsError(self.slips)

    def _next(self) -> list[str] | None:
        """Return the next row; None at the end, and where the table is broken."""
        try:
            return next(self._reader, None)
        except csv.Error:
            self.slips.append(Slip(self._reader.line_num, "", SlipKind.BROKEN))
            return None

    def _text(self, body: bytes) -> str:
        encoding = "utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        for name in (encoding, "cp1252"):
            try:
                return body.decode(name)
            except UnicodeDecodeError:
                continue
        self.slips.append(Slip(1, "", SlipKind.NO_TEXT))
        return ""


@dataclass(frozen=True)
class _Row:
    """One row: by the name of its column each cell with the heading it stands under."""

    line: int
    cells: Mapping[str, tuple[str, str]]
    slips: list[Slip]

    def slip(self, name: str, kind: SlipKind, value: str = "") -> None:
        self.slips.append(Slip(self.line, self.cells.get(name, (name, ""))[0], kind, value))

    def text(self, name: str, *, limit: int = MAX_CELL) -> str:
        """Return a cell's words on one line."""
        from bot.sources.plain import one_line  # noqa: PLC0415 - nh3, only when asked for

        words = one_line(self.cells.get(name, ("", ""))[1])
        if len(words) > limit:
            self.slip(name, SlipKind.TOO_LONG)
        return words

    def title(self) -> str:
        """Return the title, which must not be empty."""
        title = self.text("title", limit=MAX_TITLE)
        if not title:
            self.slip("title", SlipKind.EMPTY)
        return title

    def link(self) -> str | None:
        """Return the address, None if there is none."""
        words = self.text("url")
        link = web_link(words)
        if words and not link:
            self.slip("url", SlipKind.NO_LINK, words)
        return link

    def moment(self, name: str, *, zone: ZoneInfo) -> tuple[date, time | None] | None:
        """Return a day, with its time of day in the city if it says one; None if the cell is empty."""
        words = self.text(name)
        found = _moment(words, zone) if words else None
        if words and found is None:
            self.slip(name, SlipKind.NO_DATE, words)
        return found


def _post(row: _Row, *, zone: ZoneInfo, now: datetime) -> posts.Listed | None:
    title, url, when = row.title(), row.link(), row.moment("date", zone=zone)
    published_at = datetime.combine(when[0], when[1] or NOON, tzinfo=zone) if when else None
    if published_at and published_at > now + DAY:
        row.slip("date", SlipKind.IN_FUTURE, row.text("date"))
    tags = row.text("tags")
    parts = re.split(r"\s*[,;]\s*", tags) if re.search("[,;]", tags) else tags.split()
    return posts.Listed(
        title=title,
        url=url,
        published_at=published_at,
        tags=tuple(part.strip().replace(" ", "-") for part in parts if part.strip()),
        teaser=row.text("teaser"),
    )


def _event(row: _Row, *, zone: ZoneInfo) -> events.Listed | None:
    title, url = row.title(), row.link()
    start, end = row.moment("start", zone=zone), row.moment("end", zone=zone)
    if start is None:
        if not row.text("start"):
            row.slip("start", SlipKind.EMPTY)
        return None
    starts_on, starts = start
    ends_on, ends = end or (None, None)
    listed = events.listed(
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        starts=starts,
        ends=ends if starts else None,
        zone=zone,
        place=row.text("place") or None,
        organiser=row.text("organiser") or None,
        url=url,
        description=row.text("description"),
    )
    if listed.ends_on < listed.starts_on or (listed.ends_at and listed.ends_at < listed.starts_at):
        row.slip("end", SlipKind.ENDS_BEFORE, row.text("end"))
    return listed


def _moment(words: str, zone: ZoneInfo) -> tuple[date, time | None] | None:
    try:
        if german := _GERMAN.fullmatch(words):
            day, month, year, hour, minute = (int(part) if part else None for part in german.groups())
            found = date(year or 0, month or 0, day or 0)
            at = time(hour, minute or 0) if hour is not None else None
        elif iso := _ISO.fullmatch(words):
            moment = datetime.fromisoformat(words)
            if moment.tzinfo:
                moment = moment.astimezone(zone)
            found, at = moment.date(), moment.time() if iso[1] else None
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return (found, at) if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _day_of(digits: bytes) -> date:
    try:
        found = datetime.strptime(digits.decode(), "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return date.max
    return found if found.year >= FIRST_YEAR else date.max


def _listed(one: Occurrence) -> events.Listed:
    return events.Listed(
        title=one.title,
        all_day=one.all_day,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        place=one.place,
        url=one.url,
        description=one.description,
    )
