from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot import curation, events, subscriptions
from bot.sources import Occurrence, calendars, recurrence
from bot.subscriptions import EVENTS, POSTS
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


def fill(session: Session) -> None:
    for target in ("C1", "C2"):
        subscriptions.subscribe(session, EVENTS, target, now=NOW)
    subscriptions.subscribe(session, POSTS, "C3", now=NOW)


@pytest.fixture
def reading(sqlite_store: Store) -> Store:
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


def calendar(session: Session, name: str) -> Source:
    found = curation.add(
        session,
        kind=SourceKind.CALENDAR,
        name=name,
        url=f"https://{name}.example/termine.ics",
        now=NOW,
        origin="test",
    )
    found.succeeded_at = found.succeeded_at or NOW
    return found


def read_at(session: Session, name: str, *occurrences: Occurrence, now: datetime = NOW) -> int:
    return events.take_in(session, calendar(session, name), occurrences, now=now)


def test_a_calendar_that_makes_new_uids_at_each_export_shows_the_same_events(reading: Store):
    assert reading.do(read, event("a1"), event("a2"), event("a3", title="Anderes")) == 3
    assert reading.do(read, event("b1"), event("b2", title="DIGITALTAG "), event("b3", title="Anderes")) == 0
    assert reading.do(read, event("c1", place="Anderswo"), event("c2"), event("c3", title="Anderes")) == 0

    assert [(found.uid, found.place) for found in reading.ask(kept)] == [
        ("c1", "Anderswo"),
        ("c2", "Rathaus"),
        ("c3", "Rathaus"),
    ]
    assert len(reading.ask(told)) == 6


def test_a_series_with_a_new_uid_is_the_same_series_and_its_next_instance_no_news(reading: Store):
    reading.do(read, *(series(number) for number in range(3)))
    again = [replace(series(number), uid="s2") for number in range(5)]

    assert reading.do(read, *again) == 2
    assert reading.ask(told) == [(1, "C1"), (1, "C2")]


def test_a_second_event_beside_one_that_is_still_shown_is_another_one(reading: Store):
    reading.do(read, event("a1"))

    assert reading.do(read, event("a1"), event("a2")) == 1


def test_a_series_that_moves_to_another_hour_is_moved_and_not_called_off(reading: Store):
    reading.do(read, *(series(number) for number in range(3)))
    hour = timedelta(hours=1)
    moved = []
    for number in range(3):
        starts_at = EVENING + number * WEEK + hour
        moved.append(replace(series(number), starts_at=starts_at, recurrence_id=starts_at.isoformat()))

    assert reading.do(read, *moved) == 0
    assert [found.moved_from_at for found in reading.ask(kept)] == [EVENING + n * WEEK for n in range(3)]
    assert not any(found.missing_since for found in reading.ask(kept))


def test_what_another_source_shows_already_is_its_event_and_not_told_again(reading: Store):
    reading.do(read, event("a1"))

    assert reading.do(read_at, "portal", event("x1", title="digitaltag", place="Anderswo")) == 0
    assert reading.do(read_at, "portal", event("x1", place="Anderswo"), event("x2", title="Neu")) == 1
    assert [(found.title, found.place) for found in reading.ask(kept)] == [
        ("Digitaltag", "Rathaus"),
        ("Neu", "Rathaus"),
    ]


def test_an_event_that_only_the_second_source_still_shows_is_that_ones_from_now_on(reading: Store):
    reading.do(read, event("a1"), event("a2", title="Anderes"))
    reading.do(read_at, "portal", event("x1"))
    reading.do(read, event("a2", title="Anderes"))
    assert reading.do(read_at, "portal", event("x1")) == 0
    reading.do(succeed, LATER + DAY)

    assert reading.do(events.withdraw_missing, now=LATER + DAY) == 0
    assert reading.do(read, event("a1"), event("a2", title="Anderes"), now=LATER + DAY) == 0
    assert len(reading.ask(told)) == 4


def test_an_event_of_a_list_that_a_calendar_shows_later_is_the_same_and_no_news(reading: Store):
    reading.do(imported, time(18, 30))
    starts_at = datetime(2026, 6, 12, 16, 30, tzinfo=UTC)
    shown = event("b1", title="Barcamp", starts_at=starts_at, place="Werk1")

    assert reading.do(read, shown, now=starts_at - DAY) == 0
    assert reading.do(read, replace(shown, uid="b2"), now=starts_at - DAY) == 0
    (found,) = reading.ask(kept)
    assert (found.place, found.organiser, found.slug) == ("Werk1", "IT-Referat", "barcamp-2026-06-12")
    assert reading.ask(told) == []


DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def succeed(session: Session, now: datetime) -> None:
    """All calendars were read again as they were."""
    for found in curation.listed(session):
        found.succeeded_at = now


def called_off(session: Session) -> list[bool]:
    return [found.cancelled_at is not None for found in kept(session)]


def two(*, second: bool = True) -> list[Occurrence]:
    return [event("e1"), *([event("e2", title="Anderes")] if second else [])]


def test_an_event_that_its_calendar_shows_no_more_is_cancelled_after_an_hour(store: Store):
    reading = store
    reading.do(fill)
    reading.do(read, *two())
    reading.do(send_all, NOW)
    reading.do(read, *two(second=False), now=LATER)
    assert [found.missing_since for found in reading.ask(kept)] == [None, LATER]

    reading.do(succeed, LATER + timedelta(minutes=59))
    assert reading.do(events.withdraw_missing, now=LATER + 2 * HOUR) == 0
    reading.do(succeed, LATER + HOUR)
    assert reading.do(events.withdraw_missing, now=LATER + timedelta(minutes=59)) == 0
    revision = reading.ask(public.revision)
    assert reading.do(events.withdraw_missing, now=LATER + HOUR) == 1
    assert reading.do(events.withdraw_missing, now=LATER + 2 * HOUR) == 0

    assert reading.ask(called_off) == [False, True]
    edited = {row.subject_id for row in reading.ask(delivered).values() if row.edit_due_at == LATER + HOUR}
    assert edited == {2}
    assert reading.ask(public.revision) == revision + 1


def test_an_event_that_is_shown_again_takes_place_again(reading: Store):
    reading.do(read, *two())
    reading.do(read, *two(second=False))
    reading.do(read, *two(), now=LATER)
    reading.do(succeed, LATER + DAY)
    assert reading.do(events.withdraw_missing, now=LATER + DAY) == 0

    reading.do(read, *two(second=False))
    reading.do(succeed, LATER + DAY)
    reading.do(events.withdraw_missing, now=LATER + DAY)
    assert reading.ask(called_off) == [False, True]
    reading.do(read, *two(), now=LATER + DAY)
    assert reading.ask(called_off) == [False, False]


def test_an_event_that_is_missing_stays_missing_since_the_first_time(reading: Store):
    reading.do(read, *two())
    reading.do(read, *two(second=False), now=LATER)
    reading.do(read, *two(second=False), now=LATER + HOUR)

    assert [found.missing_since for found in reading.ask(kept)] == [None, LATER]


def test_an_instance_that_is_taken_out_of_its_series_is_missing_alone(reading: Store):
    reading.do(read, *(series(number) for number in range(4)))
    reading.do(read, *(series(number) for number in (0, 1, 3)))

    assert [found.missing_since for found in reading.ask(kept)] == [None, None, NOW, None]


def test_what_is_over_or_lies_too_far_ahead_is_not_missing(reading: Store):
    past, far = event("p", starts_at=NOW - HOUR), event("f", starts_at=NOW + timedelta(days=401))
    reading.do(read, past, event("e1"), far)
    reading.do(read, event("e1"))

    assert not any(found.missing_since for found in reading.ask(kept))


def test_what_falls_off_the_end_of_a_long_list_is_not_missing(reading: Store):
    coming = [event(f"e{n}", starts_at=EVENING + n * DAY, title=f"Termin {n}") for n in range(12)]
    reading.do(read, *coming[1:])
    reading.do(read, *coming[:11])
    assert not any(found.missing_since for found in reading.ask(kept))

    reading.do(read, *coming[:5], *coming[6:])
    assert [found.title for found in reading.ask(kept) if found.missing_since] == ["Termin 5"]


def test_what_lies_behind_the_last_instance_that_is_read_of_a_series_is_not_missing(reading: Store):
    daily = [
        replace(series(0), starts_at=EVENING + n * DAY, recurrence_id=f"{n}")
        for n in range(events.AHEAD.days)
    ]
    assert (events.AHEAD.days, events.MOST_OF_A_SERIES) == (
        vars(calendars)["DAYS_AHEAD"],
        recurrence.MAX_PER_UID,
    )
    last = event("e9", starts_at=EVENING + 99 * DAY)
    reading.do(read, *daily[:61], last)
    reading.do(read, *daily[:60], last)

    assert not any(found.missing_since for found in reading.ask(kept))


def test_a_calendar_that_is_suddenly_empty_is_believed_only_a_day_later(reading: Store):
    reading.do(read, *two())
    reading.do(read, now=LATER)
    reading.do(succeed, LATER + DAY)
    assert reading.do(events.withdraw_missing, now=LATER + DAY) == 0

    reading.do(succeed, LATER + DAY + HOUR)
    assert reading.do(events.withdraw_missing, now=LATER + DAY + HOUR) == 2


def test_what_a_calendar_leaves_out_after_it_was_empty_is_missing_at_once(reading: Store):
    reading.do(read, *two())
    reading.do(read, now=LATER)
    reading.do(read, *two(second=False), now=LATER + HOUR)

    assert [found.missing_since for found in reading.ask(kept)] == [None, LATER + HOUR]


def test_a_page_of_events_that_shows_none_says_nothing(reading: Store):
    def show(session: Session, *occurrences: Occurrence) -> int:
        found = calendar(session, "seite")
        found.kind = SourceKind.EVENT_PAGE
        return events.take_in(session, found, occurrences, now=NOW)

    reading.do(show, *two())
    reading.do(show)
    assert not any(found.missing_since for found in reading.ask(kept))


def test_a_calendar_that_lists_an_instance_twice_is_read_all_the_same(reading: Store):
    assert reading.do(read, event(), event(place="Anderswo")) == 1


def test_many_events_with_one_long_name_have_pages_of_their_own(reading: Store):
    title = "Sehr lange Vorlesestunde mit anschließendem Gespräch über die Digitalisierung"
    many = [event(f"e{n}", starts_at=EVENING + n * DAY, title=title) for n in range(30)]
    reading.do(read, *many[:20])
    reading.do(read, *many)

    assert len({found.slug for found in reading.ask(kept)}) == 30


def test_events_of_a_list_at_two_times_of_one_day_are_two(reading: Store):
    def one(starts: time | None) -> events.Listed:
        day = date(2026, 6, 12)
        return events.listed(
            title="Führung", starts_on=day, ends_on=None, starts=starts, ends=None, zone=CITY
        )

    given = [one(time(10)), one(time(14)), one(time(10)), one(None)]
    assert reading.do(events.import_all, given, origin="import", now=NOW) == [True, True, False, False]


def test_a_new_series_that_began_yesterday_is_told_by_its_next_instance(reading: Store):
    instances = [
        replace(series(0), starts_at=NOW - DAY + n * WEEK, ends_at=None, recurrence_id=f"{n}")
        for n in range(3)
    ]
    reading.do(read, *instances)

    assert reading.ask(told) == [(2, "C1"), (2, "C2")]
