"""Events: taken in from calendars, announced once, moved and cancelled where they stand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import announcing, delivery, matching
from bot.facets import Facets
from bot.slugs import slug, unused_slug
from bot.sources import Occurrence
from storage import events as stored
from storage import public
from storage.events import CalendarEvent, coming
from storage.posts import Unsaid
from storage.sources import Source, SourceKind

__all__ = [
    "CARD",
    "CalendarEvent",
    "Listed",
    "coming",
    "get",
    "import_all",
    "import_event",
    "listed",
    "take_in",
    "withdraw_missing",
]

CARD: Final = "event_card"
# As far ahead, and as much of a series, is read out of a calendar (bot.sources.calendars): what lies beyond
# is not missing.
AHEAD: Final = timedelta(days=400)
MOST_OF_A_SERIES: Final = 60
# Many programs list only the next ten, twenty or thirty events: the last one falls off when another comes in.
# What comes after the last one shown is judged only in a shorter list.
SHORT: Final = 10
# So long an event is missing before it counts as cancelled, while its calendar is read well.
PATIENCE: Final = timedelta(hours=1)
# A calendar that is empty all of a sudden is broken, as a rule; only a day later it is believed.
EMPTY_FOR: Final = timedelta(days=1)
BATCH: Final = 500


@dataclass(frozen=True)
class Listed:
    """An event as a list gives it. Days count where `all_day` is set; `ends_on` is the last day."""

    title: str
    all_day: bool
    starts_at: datetime
    ends_at: datetime | None
    starts_on: date
    ends_on: date
    place: str | None = None
    organiser: str | None = None
    url: str | None = None
    description: str = ""


def take_in(session: Session, source: Source, occurrences: Sequence[Occurrence], *, now: datetime) -> int:
    """Keep what a calendar shows: new events are announced, changed ones brought up to date in the chat.

    Of a series only its first instance that is not over is announced, and a source's first reading announces
    nothing. What another source shows already, by title and beginning, is that source's. Events to come that
    are not shown any more are noted as missing.

    Returns:
        how many events are new.
    """
    assert source.id is not None
    uids = {occurrence.uid for occurrence in occurrences}
    known = stored.by_uid(session, source_id=source.id, uids=uids)
    known_uids = {uid for uid, _ in known}
    matched = {instance: known[instance] for instance in map(_instance, occurrences) if instance in known}
    # Without a title nobody could tell what it is.
    named = {_instance(occurrence): occurrence for occurrence in occurrences if occurrence.title}
    unknown = {instance: one for instance, one in named.items() if instance not in known}
    adopted, elsewhere = _known_otherwise(session, source.id, unknown.values(), known, matched)
    for instance, calendar_event in adopted.items():
        known_uids.add(instance[0])
        calendar_event.source_id = source.id
        calendar_event.uid, calendar_event.recurrence_id = instance
    matched |= adopted
    facets = Facets(session, source)
    for instance, occurrence in named.items():
        if instance in matched:
            _update(session, matched[instance], occurrence, facets, now=now)
    new = _keep(
        session,
        source.id,
        facets,
        [one for instance, one in unknown.items() if instance not in matched and instance not in elsewhere],
        now=now,
    )
    told = []
    for calendar_event, occurrence in new:
        calendar_event.unsaid = _why_unsaid(source, occurrence, known_uids, now)
        if calendar_event.unsaid is None:
            known_uids.add(occurrence.uid)
            told.append((calendar_event.id or 0, matching.of_event(calendar_event)))
    announcing.tell(session, CARD, told, now=now)
    shown = {one.id for one in matched.values()} | {calendar_event.id for calendar_event, _ in new}
    _note_missing(session, source, occurrences, shown, now=now)
    return len(new)


def withdraw_missing(session: Session, *, now: datetime) -> int:
    """Cancel the events that their calendar has not shown for more than an hour; return how many these are.

    A calendar may be read in the very moment in which it is written; and one that can't be read says nothing.
    """
    found = stored.withdrawn(session, now=now, patience=PATIENCE, limit=BATCH)
    for calendar_event in found:
        calendar_event.cancelled_at = calendar_event.changed_at = now
        session.flush()
        public.touch(session)
        delivery.changed(session, CARD, calendar_event.id, now=now)
    return len(found)


def get(session: Session, event_id: int) -> CalendarEvent | None:
    """Return an event."""
    return session.get(CalendarEvent, event_id)


def listed(
    *,
    title: str,
    starts_on: date,
    ends_on: date | None,
    starts: time | None,
    ends: time | None,
    zone: ZoneInfo,
    place: str | None = None,
    organiser: str | None = None,
    url: str | None = None,
    description: str = "",
) -> Listed:
    """Return an event by its days and times of day. Times are the city's; without one it is all day."""
    last = ends_on or starts_on
    return Listed(
        title=title,
        all_day=starts is None,
        starts_at=datetime.combine(starts_on, starts or time(), tzinfo=zone),
        ends_at=datetime.combine(last, ends, tzinfo=zone) if ends else None,
        starts_on=starts_on,
        ends_on=last,
        place=place,
        organiser=organiser,
        url=url,
        description=description,
    )


def import_all(session: Session, listed: Sequence[Listed], *, origin: str, now: datetime) -> list[bool]:
    """Keep events from a list, quietly; those that are known already stay as they are.

    Returns:
        for each event in turn whether it was new.
    """
    return [is_new for _event, is_new in _imported(session, listed, origin=origin, now=now)]


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

    An event is known again by its title and beginning, and then stays as it is.
    """
    one = listed(
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        starts=starts,
        ends=ends,
        zone=zone,
        place=place,
        organiser=organiser,
        url=url,
    )
    ((calendar_event, _is_new),) = _imported(session, [one], origin=origin, now=now)
    return calendar_event


def _imported(
    session: Session, listed: Sequence[Listed], *, origin: str, now: datetime
) -> list[tuple[CalendarEvent, bool]]:
    known: dict[tuple[str, date], list[CalendarEvent]] = defaultdict(list)
    for found in stored.on(session, {one.starts_on for one in listed}):
        known[_words(found.title), found.starts_on].append(found)
    facets = Facets(session)
    kept = []
    new = []
    for one in listed:
        namesakes = known[_words(one.title), one.starts_on]
        calendar_event = next((found for found in namesakes if _is_same(found, one)), None)
        is_new = calendar_event is None
        if calendar_event is None:
            calendar_event = CalendarEvent(
                uid=f"import:{one.title}:{one.starts_on.isoformat()}",
                slug="",
                title=one.title,
                description=one.description,
                place=one.place,
                organiser=one.organiser,
                department_id=facets.department_id((one.organiser or "",)),
                url=one.url,
                all_day=one.all_day,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                unsaid=Unsaid.IMPORTED,
                first_seen_at=now,
                changed_at=now,
                origin=origin,
            )
            namesakes.append(calendar_event)
            new.append(calendar_event)
        kept.append((calendar_event, is_new))
    slugs = _Slugs(session, ((one.title, one.starts_on) for one in new))
    for calendar_event in new:
        calendar_event.slug = slugs.take(calendar_event.title, calendar_event.starts_on)
    session.add_all(new)
    session.flush()
    if new:
        public.touch(session)
    return kept


def _is_same(calendar_event: CalendarEvent, one: Listed) -> bool:
    """Return whether two events of one title on one day are the same: not where both say another time."""
    return calendar_event.all_day or one.all_day or calendar_event.starts_at == one.starts_at


def _known_otherwise(
    session: Session,
    source_id: int,
    unknown: Iterable[Occurrence],
    known: dict[tuple[str, str], CalendarEvent],
    matched: dict[tuple[str, str], CalendarEvent],
) -> tuple[dict[tuple[str, str], CalendarEvent], set[tuple[str, str]]]:
    """Find events among occurrences with names that are not known; return those found, and other sources'.

    Some calendars make new UIDs at each export, and rules that change name the instances of a series anew:
    the title and the beginning, or the series and the day, say which event it is.
    """
    asked = list(unknown)
    if not asked:
        return {}, set()
    moved: dict[tuple[str, date], list[CalendarEvent]] = defaultdict(list)
    for instance, found in known.items():
        if instance not in matched:
            moved[instance[0], found.starts_on].append(found)
    uids = {uid for uid, _ in known} | {one.uid for one in asked}
    namesakes: dict[tuple[str, datetime], list[CalendarEvent]] = defaultdict(list)
    for found in stored.at(session, {one.starts_at for one in asked}):
        if found.source_id != source_id or found.uid not in uids:
            namesakes[_words(found.title), found.starts_at].append(found)
    adopted: dict[tuple[str, str], CalendarEvent] = {}
    elsewhere = set()
    for one in asked:
        candidates = namesakes[_words(one.title), one.starts_at]
        free = moved[one.uid, one.starts_on] or _free(candidates, source_id)
        if free:
            adopted[_instance(one)] = free[0]
            # It can be found only once.
            for group in (moved[one.uid, one.starts_on], candidates):
                group[:] = [other for other in group if other is not free[0]]
        elif candidates:
            elsewhere.add(_instance(one))
    return adopted, elsewhere


def _free(candidates: Sequence[CalendarEvent], source_id: int) -> list[CalendarEvent]:
    """Return the events that may be this source's: its own, then those of no source that shows them still."""
    own = [found for found in candidates if found.source_id == source_id]
    left = [found for found in candidates if found.source_id is None or found.missing_since]
    return own + left


def _keep(
    session: Session, source_id: int, facets: Facets, occurrences: Sequence[Occurrence], *, now: datetime
) -> list[tuple[CalendarEvent, Occurrence]]:
    if not occurrences:
        return []
    slugs = _Slugs(session, ((one.title, one.starts_on) for one in occurrences))
    new = []
    for occurrence in occurrences:
        uid, recurrence_id = _instance(occurrence)
        calendar_event = CalendarEvent(
            source_id=source_id,
            uid=uid,
            recurrence_id=recurrence_id,
            slug=slugs.take(occurrence.title, occurrence.starts_on),
            title=occurrence.title,
            starts_at=occurrence.starts_at,
            starts_on=occurrence.starts_on,
            ends_on=occurrence.ends_on,
            first_seen_at=now,
            changed_at=now,
            origin="source",
        )
        _fill(calendar_event, occurrence, facets, now=now)
        new.append((calendar_event, occurrence))
    session.add_all([calendar_event for calendar_event, _ in new])
    session.flush()
    public.touch(session)
    return new


def _note_missing(
    session: Session,
    source: Source,
    occurrences: Sequence[Occurrence],
    shown: set[int | None],
    *,
    now: datetime,
) -> None:
    """Note since when the events are missing that the calendar should show and does not."""
    assert source.id is not None
    last = max((occurrence.starts_at for occurrence in occurrences), default=now)
    is_short = len(occurrences) < SHORT and source.kind is SourceKind.CALENDAR
    until = now + AHEAD if is_short else last
    numbers = Counter(occurrence.uid for occurrence in occurrences)
    ends = {occurrence.uid: occurrence.starts_at for occurrence in occurrences}
    since = now if occurrences else now + EMPTY_FOR
    for calendar_event in stored.expected(session, source_id=source.id, after=now, until=until):
        is_cut = numbers[calendar_event.uid] >= MOST_OF_A_SERIES
        if calendar_event.id in shown or (is_cut and calendar_event.starts_at > ends[calendar_event.uid]):
            continue
        if calendar_event.missing_since is None or calendar_event.missing_since > since:
            calendar_event.missing_since = since
    session.flush()


class _Slugs:
    """The names of pages that are used, as far as these events could meet them."""

    def __init__(self, session: Session, events: Iterable[tuple[str, date]]) -> None:
        numbers = Counter(slug(_page_title(title, day)) for title, day in events)
        self._used = stored.slugs_among(session, numbers.keys())
        several = {name for name, number in numbers.items() if number > 1}
        self._used |= stored.slugs_like(session, self._used | several)

    def take(self, title: str, day: date) -> str:
        """Return an unused one and use it."""
        found = unused_slug(_page_title(title, day), self._used)
        self._used.add(found)
        return found


def _page_title(title: str, day: date) -> str:
    return f"{title} {day.isoformat()}"


def _instance(occurrence: Occurrence) -> tuple[str, str]:
    return occurrence.uid, occurrence.recurrence_id or ""


def _words(title: str) -> str:
    return " ".join(title.casefold().split())


def _why_unsaid(source: Source, occurrence: Occurrence, known_uids: set[str], now: datetime) -> Unsaid | None:
    """Return why a new event is not announced, or None when it is."""
    if source.succeeded_at is None:
        return Unsaid.BACKLOG
    if not _is_news(occurrence, now):
        return Unsaid.OLD
    return Unsaid.SERIES if occurrence.uid in known_uids else None


def _is_news(occurrence: Occurrence, now: datetime) -> bool:
    ends_at = occurrence.ends_at or occurrence.starts_at + timedelta(days=occurrence.all_day)
    return ends_at > now and not occurrence.cancelled


def _update(
    session: Session, calendar_event: CalendarEvent, occurrence: Occurrence, facets: Facets, *, now: datetime
) -> None:
    before, about = _shown(calendar_event), _facets(calendar_event)
    if occurrence.starts_at != calendar_event.starts_at:
        # The first date stays in sight, however often an event moves; back at it, it is not moved.
        first = calendar_event.moved_from_at or calendar_event.starts_at
        calendar_event.moved_from_at = None if first == occurrence.starts_at else first
    _fill(calendar_event, occurrence, facets, now=now)
    is_changed = _shown(calendar_event) != before
    if is_changed:
        calendar_event.changed_at = now
        session.flush()
        public.touch(session)
    if is_changed or _facets(calendar_event) != about:
        session.flush()
        delivery.changed(session, CARD, calendar_event.id, now=now)


def _fill(calendar_event: CalendarEvent, occurrence: Occurrence, facets: Facets, *, now: datetime) -> None:
    calendar_event.title = occurrence.title
    calendar_event.description = occurrence.description
    calendar_event.place = occurrence.place
    calendar_event.url = occurrence.url
    calendar_event.all_day = occurrence.all_day
    calendar_event.starts_at, calendar_event.ends_at = occurrence.starts_at, occurrence.ends_at
    calendar_event.starts_on, calendar_event.ends_on = occurrence.starts_on, occurrence.ends_on
    calendar_event.tags = " ".join(tag.replace(" ", "-") for tag in occurrence.tags)
    said = (*occurrence.tags, occurrence.organiser or calendar_event.organiser or "")
    calendar_event.department_id = facets.department_id(said)
    calendar_event.missing_since = None
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


def _facets(calendar_event: CalendarEvent) -> tuple[object, ...]:
    """Return what only the card shows."""
    return (calendar_event.tags, calendar_event.department_id)
