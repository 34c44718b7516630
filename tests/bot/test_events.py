from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot import curation, events, subscriptions
from bot.sources import Occurrence
from bot.subscriptions import Topic
from storage import public
from storage.events import CalendarEvent
from storage.sources import Source, SourceKind
from storage.store import Store
from tests.made import NOW, delivered, send_all

CITY = ZoneInfo("Europe/Berlin")
LATER = NOW + timedelta(minutes=15)
EVENING = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


def event(uid: str = "e1", *, starts_at: datetime = EVENING, **values: Any) -> Occurrence:
    day = starts_at.astimezone(CITY).date()
    given: dict[str, Any] = {
        "uid": uid,
        "recurrence_id": None,
        "title": "Digitaltag",
        "description": "",
        "place": "Rathaus",
        "url": None,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "all_day": False,
        "starts_on": day,
        "ends_on": day,
        "cancelled": False,
        "sequence": 0,
        "is_series": False,
    }
    return Occurrence(**given | values)


def series(number: int, **values: Any) -> Occurrence:
    starts_at = EVENING + number * WEEK
    return event("s1", starts_at=starts_at, recurrence_id=starts_at.isoformat(), is_series=True, **values)


def source(session: Session, *, is_read: bool = True) -> Source:
    found = curation.add(
        session,
        kind=SourceKind.CALENDAR,
        name="Termine",
        url="https://stadt.example/termine.ics",
        every_s=900,
        now=NOW,
        origin="test",
    )
    if is_read and not found.succeeded_at:
        found.succeeded_at = NOW
    return found


def read(session: Session, *occurrences: Occurrence, now: datetime = NOW, is_read: bool = True) -> int:
    return events.take_in(session, source(session, is_read=is_read), occurrences, now=now)


def kept(session: Session) -> list[CalendarEvent]:
    return list(session.exec(select(CalendarEvent).order_by("id")))


def told(session: Session) -> list[tuple[int, str]]:
    return [(row.subject_id, row.target) for row in delivered(session).values()]


@pytest.fixture
def reading(sqlite_store: Store) -> Store:
    def fill(session: Session) -> None:
        for target in ("C1", "C2"):
            subscriptions.subscribe(session, Topic.EVENTS, target, now=NOW)
        subscriptions.subscribe(session, Topic.POSTS, "C3", now=NOW)

    sqlite_store.do(fill)
    return sqlite_store


def test_a_new_event_is_kept_and_told_once_to_each_channel(reading: Store):
    assert reading.do(read, event()) == 1
    assert reading.do(read, event(), now=LATER) == 0

    (found,) = reading.ask(kept)
    assert (found.title, found.place, found.starts_at, found.slug) == (
        "Digitaltag",
        "Rathaus",
        EVENING,
        "digitaltag-2026-12-03",
    )
    assert reading.ask(told) == [(1, "C1"), (1, "C2")]
    assert not any(row.edit_due_at for row in reading.ask(delivered).values())


def test_what_a_calendar_shows_at_its_first_reading_stays_quiet(reading: Store):
    assert reading.do(read, event(), is_read=False) == 1

    assert reading.ask(told) == []
    assert len(reading.ask(public.events_to_come, today=NOW.date(), limit=9)) == 1


def test_of_a_series_only_the_first_instance_is_told(reading: Store):
    assert reading.do(read, *(series(number) for number in range(5))) == 5
    assert reading.do(read, *(series(number) for number in range(8)), now=LATER) == 3

    assert reading.ask(told) == [(1, "C1"), (1, "C2")]
    assert len({found.slug for found in reading.ask(kept)}) == 8


@pytest.mark.parametrize(
    "over",
    [
        event(starts_at=NOW - timedelta(hours=3)),
        event(starts_at=NOW - timedelta(minutes=1), ends_at=None),
        event(starts_at=NOW - timedelta(days=2), ends_at=None, all_day=True),
        event(cancelled=True),
    ],
)
def test_what_is_over_or_cancelled_is_no_news(reading: Store, over: Occurrence):
    assert reading.do(read, over) == 1
    assert reading.ask(told) == []


@pytest.mark.parametrize(
    "going_on",
    [
        event(starts_at=NOW - timedelta(hours=1)),
        event(starts_at=NOW - timedelta(hours=10), ends_at=None, all_day=True),
    ],
)
def test_what_has_begun_today_is_still_news(reading: Store, going_on: Occurrence):
    reading.do(read, going_on)
    assert len(reading.ask(told)) == 2


def test_a_moved_event_keeps_its_earlier_date_and_is_edited_where_it_stands(reading: Store):
    reading.do(read, event())
    reading.do(send_all, NOW)
    moved = event(starts_at=EVENING + WEEK)
    revision = reading.ask(public.revision)

    reading.do(read, moved, now=LATER)
    reading.do(read, moved, now=LATER + timedelta(hours=1))

    (found,) = reading.ask(kept)
    assert (found.starts_at, found.moved_from_at, found.changed_at) == (EVENING + WEEK, EVENING, LATER)
    assert (found.starts_on, found.slug) == (date(2026, 12, 10), "digitaltag-2026-12-03")
    assert [row.edit_due_at for row in reading.ask(delivered).values()] == [LATER, LATER]
    assert reading.ask(public.revision) == revision + 1


def test_an_event_moved_twice_keeps_its_first_date_and_back_at_it_is_not_moved(reading: Store):
    reading.do(read, event())

    reading.do(read, event(starts_at=EVENING + WEEK))
    reading.do(read, event(starts_at=EVENING + 2 * WEEK))
    assert [found.moved_from_at for found in reading.ask(kept)] == [EVENING]

    reading.do(read, event())
    assert [found.moved_from_at for found in reading.ask(kept)] == [None]


def test_an_instance_of_a_series_is_moved_alone(reading: Store):
    reading.do(read, series(0), series(1))
    moved = replace(series(1), starts_at=EVENING + WEEK + timedelta(days=1))

    reading.do(read, series(0), moved)

    assert [found.moved_from_at for found in reading.ask(kept)] == [None, EVENING + WEEK]


def test_a_cancelled_event_stays_and_says_so_until_it_takes_place_again(reading: Store):
    reading.do(read, event())
    reading.do(send_all, NOW)
    reading.do(read, event(cancelled=True), now=LATER)
    reading.do(read, event(cancelled=True), now=LATER + WEEK)

    assert reading.ask(kept)[0].cancelled_at == LATER
    assert [row.edit_due_at for row in reading.ask(delivered).values()] == [LATER, LATER]
    assert reading.ask(events.coming, today=NOW.date(), limit=9) == []
    (shown,) = reading.ask(public.events_to_come, today=NOW.date(), limit=9)
    assert shown.is_cancelled

    reading.do(read, event(), now=LATER + WEEK)
    assert reading.ask(kept)[0].cancelled_at is None


@pytest.mark.parametrize("values", [{"title": "Neu"}, {"place": "Stadtbibliothek"}, {"description": "Mehr"}])
def test_an_event_edited_at_its_source_is_edited_where_it_stands(reading: Store, values: dict[str, Any]):
    reading.do(read, event())
    reading.do(send_all, NOW)

    reading.do(read, event(**values), now=LATER)

    assert [row.edit_due_at for row in reading.ask(delivered).values()] == [LATER, LATER]
    assert reading.ask(kept)[0].moved_from_at is None


def test_events_of_one_name_on_one_day_have_pages_of_their_own(reading: Store):
    reading.do(read, event("e1"), event("e2"))

    assert [found.slug for found in reading.ask(kept)] == ["digitaltag-2026-12-03", "digitaltag-2026-12-03-2"]


def imported(
    session: Session, starts: time | None = time(18, 30), ends_on: date | None = None
) -> CalendarEvent:
    return events.import_event(
        session,
        title="BarCamp",
        starts_on=date(2026, 6, 12),
        ends_on=ends_on,
        starts=starts,
        ends=time(20, 0) if starts else None,
        place=None,
        organiser="IT-Referat",
        url=None,
        origin="demo",
        zone=CITY,
        now=NOW,
    )


def test_an_event_from_a_list_is_in_the_citys_time_kept_quietly_and_known_again(reading: Store):
    found = reading.do(imported)

    assert (found.starts_at, found.ends_at) == (
        *(datetime(2026, 6, 12, hour, minute, tzinfo=UTC) for hour, minute in ((16, 30), (18, 0))),
    )
    assert reading.do(imported).id == found.id
    assert reading.ask(told) == []


def test_an_event_from_a_list_without_a_time_is_all_day(reading: Store):
    found = reading.do(imported, None, date(2026, 6, 13))

    assert (found.all_day, found.starts_on, found.ends_on, found.ends_at) == (
        True,
        date(2026, 6, 12),
        date(2026, 6, 13),
        None,
    )


def test_what_comes_is_soonest_first_and_what_is_over_is_not_among_it(reading: Store):
    reading.do(
        read,
        event("late", starts_at=EVENING + WEEK, title="Später"),
        event("soon", title="Bald"),
        event("past", starts_at=NOW - WEEK, title="Vorbei"),
    )

    def coming(session: Session, limit: int) -> list[str]:
        return [found.title for found in events.coming(session, today=NOW.date(), limit=limit)]

    assert reading.ask(coming, 9) == ["Bald", "Später"]
    assert reading.ask(coming, 1) == ["Bald"]
    past = reading.ask(public.events_past, today=NOW.date(), limit=9)
    assert [found.title for found in past] == ["Vorbei"]
