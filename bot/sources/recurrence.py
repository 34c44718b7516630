"""Unfolding the events of one UID into the components that happen in a span of days."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import recurring_ical_events
from icalendar import Calendar, Event
from icalendar.prop import vRecur

from bot.sources import ics

MAX_PER_UID = 60
_UNITS = {"SECONDLY": timedelta(seconds=1), "MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1)}
_CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")


def is_series(events: list[Event]) -> bool:
    """Whether these events of one UID are instances of something that repeats."""
    return _has_rules(events) or len(_latest(events)) > 1


def unfolded(events: list[Event], *, first: date, last: date, zone: str | None) -> Iterator[Event]:
    """Yield what happens in the span; of a series without end at least the first `MAX_PER_UID` instances.

    Args:
        events: all events of the document with one UID.
        first: the first day that matters.
        last: the last day that matters.
        zone: what the calendar says its times are at home in; a series given in UTC follows its summer time.
    """
    if not _has_rules(events):
        # Several dates under one UID without a rule: not allowed, and what many a calendar does.
        yield from _latest(events)
        return
    calendar = Calendar()
    if zone:
        calendar.add("X-WR-TIMEZONE", zone)
    for event in events:
        calendar.add_component(_forwarded(event, first))
    query = recurring_ical_events.of(calendar)
    seen: set[tuple[date | None, date]] = set()
    for begin, end in _windows(events, first, last):
        for found in query.between(begin, end):
            key = (ics.when(found, "RECURRENCE-ID"), ics.start_of(found))
            if key not in seen:
                seen.add(key)
                yield found
        if len(seen) >= MAX_PER_UID:
            return


def _has_rules(events: list[Event]) -> bool:
    return any(name in event for event in events for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def _latest(events: list[Event]) -> list[Event]:
    """Return the events of the highest SEQUENCE, one for each start."""
    highest = max(ics.sequence_of(event) for event in events)
    latest = {ics.start_of(event): event for event in events if ics.sequence_of(event) == highest}
    return list(latest.values())


def _frequency(rule: vRecur) -> str:
    return str(rule.get("FREQ", [""])[0])


def _windows(events: list[Event], first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """Cut the span into pieces of some thousand instances at most: each is unfolded as a whole."""
    rules = [rule for event in events for rule in _rules(event)]
    frequencies = {_frequency(rule) for rule in rules}
    begin, end = datetime.combine(first, time()), datetime.combine(last + timedelta(days=1), time())
    if frequencies & {"SECONDLY", "MINUTELY"}:
        step = timedelta(hours=1)
    elif "HOURLY" in frequencies or any(part in rule for rule in rules for part in _CLOCK_PARTS):
        step = timedelta(days=1)
    else:
        step = end - begin
    while begin < end:
        yield begin, min(begin + step, end)
        begin += step


def _rules(event: Event) -> list[vRecur]:
    found = event.get("RRULE")
    return [rule for rule in (found if isinstance(found, list) else [found]) if isinstance(rule, vRecur)]


def _forwarded(event: Event, first: date) -> Event:
    """Let a rule that fires every second, minute or hour begin shortly before the span instead of years ago.

    Only whole intervals are skipped, so the instances stay the same. A rule that counts is left alone.
    """
    rules = _rules(event)
    start = ics.start_of(event)
    if len(rules) != 1 or "COUNT" in rules[0] or not isinstance(start, datetime):
        return event
    unit = _UNITS.get(_frequency(rules[0]))
    if unit is None:
        return event
    end = ics.end_of(event)
    duration = end - start if isinstance(end, datetime) else timedelta()
    interval = unit * max(1, int(rules[0].get("INTERVAL", [1])[0]))
    # Its first instance is no instance of the rule as a rule; it must be over when the span begins.
    missing = datetime.combine(first, time()) - timedelta(days=2) - duration - start.replace(tzinfo=None)
    if missing < interval:
        return event
    moved = event.copy()
    for name in ("DTSTART", "DTEND", "DURATION"):
        moved.pop(name, None)
    moved.add("DTSTART", start + missing // interval * interval)
    moved.add("DURATION", duration)
    return moved
