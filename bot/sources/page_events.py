"""Making occurrences of the schema.org events on a web page. Runs in the worker process."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.sources.called_off import is_called_off
from bot.sources.limits import DAYS_AHEAD, DAYS_BACK, MAX_DESCRIPTION, MAX_OCCURRENCES, MAX_PLACE, MAX_TITLE
from bot.sources.linked_data import Graph, types
from bot.sources.links import canonical_url, joined, web_link
from bot.sources.moments import day_or_moment
from bot.sources.names import keywords, person
from bot.sources.objects import Object, name_of, texts, words
from bot.sources.plain import beginning, cut, one_line, plain_if_markup
from bot.sources.records import Occurrence

# Subtypes of Event that are not called so.
EVENT_TYPES = frozenset(("Festival", "Hackathon", "EventSeries", "CourseInstance", "UserInteraction"))
# A postponed event has no new date yet, so nobody should come on the old one.
CALLED_OFF = ("EventCancelled", "EventPostponed")
_LAST_MINUTE = time(23, 59)


def occurrences_of(graph: Graph, *, url: str, today: date, timezone: str) -> tuple[Occurrence, ...]:
    """Return the events from yesterday on, for 400 days, soonest first.

    Args:
        graph: what the page says.
        url: the page's own address.
        today: the local day.
        timezone: where times without an offset, and whole days, are at home.
    """
    reading = _Reading(graph, url=url, city=ZoneInfo(timezone))
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    found = [one for one in reading.occurrences() if one.ends_on >= first and one.starts_on <= last]
    found.sort(key=lambda one: (one.starts_at, one.uid, one.recurrence_id or ""))
    return tuple(found[:MAX_OCCURRENCES])


@dataclass(frozen=True)
class _Span:
    """When something happens."""

    starts_at: datetime
    ends_at: datetime | None
    all_day: bool


class _Reading:
    """What is the same for all events of one page."""

    def __init__(self, graph: Graph, *, url: str, city: ZoneInfo) -> None:
        self._graph = graph
        self._url = url
        self._city = city

    def occurrences(self) -> Iterator[Occurrence]:
        """Yield each event once; those that share a name are dates of one series."""
        found: dict[tuple[str, str], Occurrence] = {}
        for node, series in self._events():
            made = self._occurrence(node, series)
            if made is not None:
                # A page may say the same in several places.
                found.setdefault((made.uid, made.recurrence_id or ""), made)
        dates = Counter(one.uid for one in found.values())
        for one in found.values():
            if dates[one.uid] > 1 or one.is_series:
                yield replace(one, is_series=True)
            else:
                yield replace(one, recurrence_id=None)

    def _events(self) -> Iterator[tuple[Object, Object | None]]:
        """Yield the events, each with the series that it is a part of."""
        parts: dict[int, Object] = {}
        series_with_parts: set[int] = set()
        for node in self._graph.nodes:
            if "EventSeries" in types(node):
                pairs = [(part, node) for part in self._graph.related(node, "subEvent", "subEvents")]
            else:
                above = self._graph.related(node, "superEvent")
                pairs = [(node, series) for series in above if "EventSeries" in types(series)]
            for part, series in pairs:
                parts[id(part)] = series
                if day_or_moment(part.get("startDate")) is not None:
                    series_with_parts.add(id(series))
        for node in self._graph.nodes:
            if id(node) not in series_with_parts and _is_event(node):
                yield node, parts.get(id(node))

    def _occurrence(self, node: Object, series: Object | None) -> Occurrence | None:
        span = self._span(node)
        title = cut(plain_if_markup(words(node, "name") or words(series or {}, "name")), MAX_TITLE)
        if span is None or not title:
            return None
        planned = self._planned(node, span)
        status = [name.rpartition("/")[2] for name in texts(node.get("eventStatus"))]
        last_moment = (span.ends_at or span.starts_at + timedelta.resolution) - timedelta.resolution
        own = self._name(node) or (self._name(series) if series else None)
        sign = sha256(f"{title}|{planned}".encode()).hexdigest()[:24]
        return Occurrence(
            uid=own or f"no-uid-{sign}",
            recurrence_id=planned,
            title=title,
            description=cut(beginning(words(node, "description"), MAX_DESCRIPTION), MAX_DESCRIPTION),
            place=self._place(node) or (self._place(series) if series else None),
            url=web_link(words(node, "url"), base=self._url) or web_link(self._url),
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            all_day=span.all_day,
            starts_on=span.starts_at.astimezone(self._city).date(),
            ends_on=last_moment.astimezone(self._city).date(),
            cancelled=any(name in CALLED_OFF for name in status) or is_called_off(title),
            sequence=0,
            is_series=series is not None and own is not None and own == self._name(series),
            tags=keywords(node) or keywords(series or {}),
            organiser=self._organiser(node) or (self._organiser(series) if series else None),
        )

    def _name(self, node: Object) -> str | None:
        """Return what the page calls the event: the same tomorrow, and unlike any on another page."""
        if name := name_of(node, "@id"):
            return joined(self._url, name)
        if link := web_link(words(node, "url"), base=self._url):
            return canonical_url(link)
        identifier = next(
            (name_of(one, "value", "@id") for one in self._graph.related(node, "identifier")), None
        )
        return name_of(node, "identifier") or identifier

    def _organiser(self, node: Object) -> str | None:
        said = (words(one, "name") for one in self._graph.related(node, "organizer"))
        names = (person(one) for one in (*said, *texts(node.get("organizer"))))
        return next((name for name in names if name), None)

    def _planned(self, node: Object, span: _Span) -> str:
        """Return when the event was first to start: with a new date it stays the same event."""
        before = day_or_moment(next(iter(texts(node.get("previousStartDate"))), None))
        if before is None:
            return _key(span.starts_at.astimezone(self._city).date() if span.all_day else span.starts_at)
        return _key(self._moment(before) if isinstance(before, datetime) else before)

    def _span(self, node: Object) -> _Span | None:
        start, end = day_or_moment(node.get("startDate")), day_or_moment(node.get("endDate"))
        if start is None:
            return None
        starts_at = self._moment(start)
        ends_at = self._end(end) if end is not None else None
        all_day = not isinstance(start, datetime) or self._is_whole_days(starts_at, end)
        if all_day:
            last = max(starts_at, (ends_at or starts_at + timedelta.resolution) - timedelta.resolution)
            return _Span(
                starts_at, self._midnight(last.astimezone(self._city).date() + timedelta(days=1)), all_day
            )
        if not isinstance(end, datetime) and end == starts_at.astimezone(self._city).date():
            # The day of the start says nothing of the hour of the end.
            ends_at = None
        return _Span(starts_at, ends_at if ends_at and ends_at > starts_at else None, all_day)

    def _is_whole_days(self, starts_at: datetime, end: date | None) -> bool:
        """Whether these are days that a program wrote as times: from midnight to a minute before one."""
        if not isinstance(end, datetime):
            return False
        last = self._moment(end).astimezone(self._city).time().replace(second=0)
        return starts_at.astimezone(self._city).time() == time() and last == _LAST_MINUTE

    def _end(self, end: date) -> datetime:
        return self._moment(end) if isinstance(end, datetime) else self._midnight(end + timedelta(days=1))

    def _moment(self, when: date) -> datetime:
        if not isinstance(when, datetime):
            return self._midnight(when)
        return (when if when.tzinfo else when.replace(tzinfo=self._city)).astimezone(UTC)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._city).astimezone(UTC)

    def _place(self, node: Object) -> str | None:
        places = list(self._graph.related(node, "location"))
        # One can go to a place, so it comes before the address of a meeting on the web.
        places.sort(key=lambda place: "VirtualLocation" in types(place))
        said = [*(self._place_name(place) for place in places), *texts(node.get("location"))]
        return next((cut(place, MAX_PLACE) for words_ in said if (place := plain_if_markup(words_))), None)

    def _place_name(self, place: Object) -> str:
        name = one_line(words(place, "name"))
        if "VirtualLocation" in types(place):
            return name or web_link(words(place, "url")) or ""
        address = words(place, "address") or next(
            (_address(one) for one in self._graph.related(place, "address")), ""
        )
        if address and name and one_line(address) not in name:
            return f"{name}, {address}"
        return name or address


def _address(node: Object) -> str:
    town = " ".join(part for part in (words(node, "postalCode"), words(node, "addressLocality")) if part)
    return ", ".join(part.strip() for part in (words(node, "streetAddress"), town) if part.strip())


def _is_event(node: Object) -> bool:
    return any(name.endswith("Event") or name in EVENT_TYPES for name in types(node))


def _key(when: date) -> str:
    return when.strftime("%Y%m%dT%H%M%SZ") if isinstance(when, datetime) else when.strftime("%Y%m%d")
