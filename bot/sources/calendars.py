"""Making occurrences of an iCalendar document. Runs in the worker process."""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Event

from bot.sources import ics, recurrence
from bot.sources.called_off import is_called_off
from bot.sources.limits import DAYS_AHEAD, DAYS_BACK, MAX_DESCRIPTION, MAX_OCCURRENCES, MAX_PLACE, MAX_TITLE
from bot.sources.links import web_link
from bot.sources.names import person, topics
from bot.sources.plain import cut, plain_if_markup
from bot.sources.records import Calendar, Occurrence

_ESCAPED = re.compile(r"\\([\\;,nN])")


def parse_calendar(
    body: bytes, *, today: date, timezone: str, limit: int | None = MAX_OCCURRENCES
) -> Calendar:
    """Return what the calendar has from yesterday on, for 400 days: at most 60 events of one series.

    Args:
        body: the document.
        today: the local day.
        timezone: where times without a zone, and whole days, are at home.
        limit: how many events at most, the next ones first; None takes all.

    Raises:
        FetchError: it is no calendar, or it breaks off before its end.
    """
    with warnings.catch_warnings():
        # The libraries comment on every irregularity; what becomes of each is decided here.
        warnings.simplefilter("ignore")
        document = ics.read(body)
        own_zone = _own_zone(document.properties.get("X-WR-TIMEZONE", ""))
        reading = _Reading(
            city=ZoneInfo(timezone),
            own_zone=own_zone,
            first=today - timedelta(days=DAYS_BACK),
            last=today + timedelta(days=DAYS_AHEAD),
            all_cancelled=document.properties.get("METHOD", "").upper() == "CANCEL",
        )
        found = [
            occurrence for group in _groups(document.events) for occurrence in reading.occurrences(group)
        ]
    found.sort(key=lambda one: (one.starts_at, one.uid, one.recurrence_id or ""))
    name = document.properties.get("X-WR-CALNAME") or document.properties.get("NAME") or ""
    return Calendar(
        name=cut(_text(_ESCAPED.sub(_unescaped, name)), MAX_TITLE) or None,
        occurrences=tuple(found[:limit]),
    )


@dataclass(frozen=True)
class _Reading:
    """What is the same for all events of one document."""

    city: ZoneInfo
    own_zone: ZoneInfo | None
    first: date
    last: date
    all_cancelled: bool

    def occurrences(self, events: list[Event]) -> list[Occurrence]:
        """Return the occurrences of one UID that touch the span; none when its rule can't be followed."""
        zone = self.own_zone.key if self.own_zone else None
        try:
            days_out = {day for event in events for day in ics.pop_days_out(event)}
            unfolded = list(recurrence.unfolded(events, first=self.first, last=self.last, zone=zone))
            series = recurrence.is_series(events)
            changed = frozenset(ics.start_of(event) for event in events if "RECURRENCE-ID" in event)
            made = [
                self._occurrence(event, self._instance(event, changed) if series else None)
                for event in unfolded
                if not (days_out and self._planned_day(event) in days_out)
            ]
        except Exception:  # noqa: BLE001 - whatever is wrong with one series, the others stay
            return []
        # Two instances with one key would be one event that moves back and forth.
        coming = {
            one.recurrence_id: one for one in made if one.ends_on >= self.first and one.starts_on <= self.last
        }
        return sorted(coming.values(), key=lambda one: one.starts_at)[: recurrence.MAX_PER_UID]

    def _occurrence(self, event: Event, instance: str | None) -> Occurrence:
        start, end = ics.start_of(event), ics.end_of(event)
        all_day = not isinstance(start, datetime)
        starts_at = self._moment(start)
        ends_at = self._moment(end) if end is not None else None
        if ends_at is None or ends_at <= starts_at:
            ends_at = self._moment(start + timedelta(days=1)) if all_day else None
        title = cut(_text(event.get("SUMMARY", "")), MAX_TITLE)
        last_moment = (ends_at or starts_at + timedelta.resolution) - timedelta.resolution
        return Occurrence(
            uid=_uid(event),
            recurrence_id=instance,
            title=title,
            description=cut(_text(event.get("DESCRIPTION", "")), MAX_DESCRIPTION),
            place=cut(_text(event.get("LOCATION", "")), MAX_PLACE) or None,
            url=web_link(str(event.get("URL", ""))),
            starts_at=starts_at,
            ends_at=ends_at,
            all_day=all_day,
            starts_on=starts_at.astimezone(self.city).date(),
            ends_on=last_moment.astimezone(self.city).date(),
            cancelled=self.all_cancelled or _is_cancelled(event, title),
            sequence=ics.sequence_of(event),
            is_series=instance is not None,
            tags=topics(ics.categories_of(event)),
            organiser=person(ics.organiser_of(event)),
        )

    def _instance(self, event: Event, changed: frozenset[date]) -> str:
        """Return which instance of its series this is: when it was first to start."""
        start = ics.start_of(event)
        planned = ics.when(event, "RECURRENCE-ID")
        if planned is None or ("RANGE" in event["RECURRENCE-ID"].params and start not in changed):
            # With a range ("this and all that follow") those that follow carry the name of the first.
            return self._key(start)
        return self._key(planned)

    def _planned_day(self, event: Event) -> date:
        """Return the day for which an instance was planned, where its series is at home."""
        planned = ics.when(event, "RECURRENCE-ID") or ics.start_of(event)
        if not isinstance(planned, datetime) or planned.tzinfo is None:
            return date(planned.year, planned.month, planned.day)
        # UTC is nobody's home.
        home = (self.own_zone or self.city) if planned.tzname() == "UTC" else planned.tzinfo
        return planned.astimezone(home).date()

    def _key(self, when: date) -> str:
        if isinstance(when, datetime):
            return self._moment(when).strftime("%Y%m%dT%H%M%SZ")
        return when.strftime("%Y%m%d")

    def _moment(self, when: date) -> datetime:
        """Return the moment in UTC; a day counts from its first, wherever the calendar says it is at home."""
        if not isinstance(when, datetime):
            return datetime.combine(when, time(), self.city).astimezone(UTC)
        if when.tzinfo is None:
            when = when.replace(tzinfo=self.own_zone or self.city)
        return when.astimezone(UTC)


def _groups(events: list[Event]) -> Iterator[list[Event]]:
    groups: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        groups[_uid(event)].append(event)
    yield from groups.values()


def _uid(event: Event) -> str:
    """Return the event's UID, or in its place something that stays the same while its title and start do."""
    uid = str(event.get("UID", "")).strip()
    if uid:
        return uid
    sign = f"{ics.start_of(event)}|{event.get('SUMMARY', '')}"
    return f"no-uid-{sha256(sign.encode()).hexdigest()[:24]}"


def _own_zone(name: str) -> ZoneInfo | None:
    """Return the zone a calendar says it is at home in. UTC is what programs write that know of none."""
    try:
        return None if name.upper() in ("", "UTC", "GMT", "ETC/UTC") else ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def _text(words: object) -> str:
    return plain_if_markup(str(words))


def _unescaped(match: re.Match[str]) -> str:
    return " " if match[1] in "nN" else match[1]


def _is_cancelled(event: Event, title: str) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED" or is_called_off(title)
