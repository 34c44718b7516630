"""Cutting an iCalendar document into events, one by one: a bad line costs that line and not the calendar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from icalendar import Event, Timezone, use_zoneinfo
from icalendar.prop import vBroken

from bot.sources.errors import FetchError, Reason

TOP_LEVEL = frozenset(
    ("VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "VTIMEZONE"),
)
TIMES = frozenset(("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"))
# What an event is read for; lines that are not read can do no harm.
WANTED = TIMES | {
    "UID",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "URL",
    "STATUS",
    "SEQUENCE",
    "CATEGORIES",
    "ORGANIZER",
}
REPEATED = frozenset(("RRULE", "RDATE", "EXDATE", "CATEGORIES"))
# Some programs end lines twice, folded ones too; a line without anything says nothing.
_LINE_ENDS = re.compile(r"[\r\n]+")
_FOLD = re.compile(r"\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
_BEFORE_VALUE = re.compile(r'^[^:"]*(?:"[^"]*"[^:"]*)*:')
_DAYS_ONLY = re.compile(r":\d{8}(?:,\d{8})*$")
_ZONE = re.compile(r';TZID=(?:"[^"]*"|[^;:]*)', re.IGNORECASE)


@dataclass
class Document:
    """What a calendar document holds: its own properties by name, and the events that could be read."""

    properties: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def read(body: bytes) -> Document:
    """Return the readable part of a calendar document.

    Raises:
        FetchError: it is no calendar, or it breaks off before its end.
    """
    text = _FOLD.sub("", _LINE_ENDS.sub("\n", _decoded(body)))
    lines = [line.strip() for line in text.split("\n")]
    marks = [line.upper() for line in lines]
    if "BEGIN:VCALENDAR" not in marks:
        raise FetchError(Reason.NOT_A_CALENDAR)
    if marks.count("END:VCALENDAR") < marks.count("BEGIN:VCALENDAR"):
        raise FetchError(Reason.NOT_A_CALENDAR, "truncated")
    # icalendar remembers the zones that documents define as long as the process lives: one calendar's idea of
    # "Local Time" must not reach the next.
    use_zoneinfo()  # type: ignore[no-untyped-call]
    document = Document()
    blocks = list(_blocks(lines))
    for name, block in blocks:
        # First, as events may name a zone that is defined after them.
        if name == "VTIMEZONE":
            _learn_timezone(block)
    for name, block in blocks:
        if name == "VCALENDAR":
            document.properties = _properties(block) | document.properties
        elif name == "VEVENT" and (event := _event(block)) is not None:
            document.events.append(event)
    return document


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _blocks(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the components with the lines inside them; what the calendar says of itself as `VCALENDAR`.

    A component that is not ended ends where the next one begins.
    """
    name = "VCALENDAR"
    block: list[str] = []
    for line in lines:
        mark, _, value = line.upper().partition(":")
        if mark in ("BEGIN", "END") and value in TOP_LEVEL:
            yield name, block
            name, block = (value if mark == "BEGIN" else "VCALENDAR"), []
        else:
            block.append(line)


def _properties(block: list[str]) -> dict[str, str]:
    named = ((_NAME.match(line), line) for line in block)
    return {name[0].upper(): _BEFORE_VALUE.sub("", line, count=1) for name, line in named if name}


def _learn_timezone(block: list[str]) -> None:
    document = "\r\n".join(("BEGIN:VTIMEZONE", *block, "END:VTIMEZONE", ""))
    try:
        Timezone.from_ical(document.encode())
    except Exception:  # noqa: BLE001 - times of a zone that can't be read count as local ones
        return


def _event(block: list[str]) -> Event | None:
    lines = dict(_wanted_lines(block))
    document = "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))
    try:
        # As bytes: icalendar takes a text of one line for the name of a file.
        event = Event.from_ical(document.encode())
        assert isinstance(event, Event)
    except Exception:  # noqa: BLE001 - whatever is wrong with one event, the others stay
        return None
    for name in [name for name, value in event.items() if _is_broken(value)]:
        del event[name]
    # Without a start there is no event; without its broken RECURRENCE-ID an instance passes for the series.
    needed = {"DTSTART"} | ({"RECURRENCE-ID"} & set(lines.values()))
    return event if all(when(event, name) is not None for name in needed) else None


def _wanted_lines(block: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines to read with their names: the first of each, all of what may be repeated, no alarms."""
    seen: set[str] = set()
    depth = 0
    for line in block:
        found = _NAME.match(line)
        name = found[0].upper() if found else ""
        if name in ("BEGIN", "END"):
            depth = max(0, depth + (1 if name == "BEGIN" else -1))
        elif name in WANTED and not depth and (name in REPEATED or name not in seen):
            seen.add(name)
            yield _mended(line, name), name


def _mended(line: str, name: str) -> str:
    """Return the line without what is not allowed, or of no use, and misunderstood by icalendar."""
    if name == "RRULE":
        # A blank in a list of days.
        return re.sub(r"\s", "", line)
    if name == "CATEGORIES":
        # They are words, whatever else the line says they are.
        return _BEFORE_VALUE.sub("CATEGORIES:", line, count=1)
    if name in TIMES and _DAYS_ONLY.search(line):
        # A day in a zone, which would become midnight.
        return _ZONE.sub("", line)
    return line


def when(event: Event, name: str) -> date | None:
    """Return the day or moment that a property of the event names."""
    value = getattr(event.get(name), "dt", None)
    return value if isinstance(value, date) else None


def start_of(event: Event) -> date:
    """Return the day or moment at which the event starts; `read` yields no event without."""
    start = when(event, "DTSTART")
    assert start is not None
    return start


def end_of(event: Event) -> date | None:
    """Return the day or moment at which the event ends (a day: the first one after it), if it says so."""
    duration = getattr(event.get("DURATION"), "dt", None)
    if "DTEND" not in event and isinstance(duration, timedelta):
        return start_of(event) + duration
    return when(event, "DTEND")


def pop_days_out(event: Event) -> frozenset[date]:
    """Take from a series of hours the whole days that it excludes, and return them.

    What is left to icalendar's companions is compared with the day in UTC.
    """
    found = event.get("EXDATE")
    if found is None or not isinstance(start_of(event), datetime):
        return frozenset()
    days: set[date] = set()
    moments = []
    for line in found if isinstance(found, list) else [found]:
        excluded = [each.dt for each in line.dts]
        days.update(each for each in excluded if not isinstance(each, datetime))
        if any(isinstance(each, datetime) for each in excluded):
            moments.append(line)
    if days:
        del event["EXDATE"]
        if moments:
            event["EXDATE"] = moments
    return frozenset(days)


def sequence_of(event: Event) -> int:
    """Return how often the event was changed, as far as it says so."""
    return max(0, int(event.get("SEQUENCE", 0)))


def categories_of(event: Event) -> list[str]:
    """Return what the event says it is about."""
    found = event.get("CATEGORIES", [])
    return [str(name) for line in (found if isinstance(found, list) else [found]) for name in line.cats]


def organiser_of(event: Event) -> str:
    """Return what the event calls whoever organises it; empty when it does not."""
    name = getattr(event.get("ORGANIZER"), "params", {}).get("CN")
    return name if isinstance(name, str) else ""


def _is_broken(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(isinstance(each, vBroken) for each in values)
