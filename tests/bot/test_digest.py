from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session

from bot import digest, people
from bot.digest import MOST_LISTED, Digest, Gap
from bot.people import NotAllowedError, Role
from bot.pitches import Pitch, PitchState
from bot.settings import Settings
from bot.workdays import Workdays
from storage.planning import Outlet, PitchOutlet
from storage.store import Store
from tests.bot.test_pitches import LATER, decide, fill, known, submit
from tests.made import NOW, delivered, person, send_all

MUNICH = Workdays(Settings().holidays, ZoneInfo("Europe/Berlin"))
# NOW is a Wednesday.
TODAY = NOW.date()
DAYS = st.dates(date(2026, 11, 1), date(2027, 2, 1))


@pytest.fixture
def newsroom(store: Store) -> Store:
    """A store with colleagues, and no pitch yet."""
    store.do(fill)
    return store


def seen(store: Store, now: datetime = NOW, **changes: Any) -> Digest:
    return store.ask(digest.current, Settings(**changes), now=now)


def titles(found: digest.Some[Pitch]) -> list[str]:
    return [pitch.title for pitch in found.shown]


def stand(session: Session, title: str, state: PitchState, **values: Any) -> Pitch:
    """A pitch that stands so since NOW."""
    given_values: dict[str, Any] = {"pitcher_id": known(session, "ANN").id, "created_at": NOW} | values
    pitch = Pitch(title=title, state=state, **given_values)
    session.add(pitch)
    session.flush()
    return pitch


def department(session: Session, name: str, /, **values: Any) -> int:
    found = people.import_department(session, name=name, short=None, kind="Referat", source="test")
    for key, value in values.items():
        setattr(found, key, value)
    session.flush()
    return found.id or 0


def led(session: Session, name: str, lead: str, *, since: datetime = NOW - timedelta(days=365)) -> int:
    """A department whose lead is known since a moment."""
    department_id = department(session, name)
    found = person(session, lead, Role.LEAD)
    found.department_id, found.created_at = department_id, since
    return department_id


def test_the_digest_tells_what_is_new_from_what_waits_longest(newsroom: Store):
    for number in range(MOST_LISTED + 5):
        newsroom.do(submit, f"Idee {number}", NOW - timedelta(days=number))
    newsroom.do(submit, "Angenommen", NOW)
    newsroom.do(lambda session: decide(session, "accept", MOST_LISTED + 6))

    found = seen(newsroom, LATER)

    # A week back, since no digest came before: from the seventh day on they have waited.
    assert titles(found.new) == [f"Idee {number}" for number in range(6, -1, -1)]
    assert titles(found.undecided) == [f"Idee {number}" for number in range(14, 6, -1)]
    assert (found.waiting, found.overdue) == (15, 8)


def test_more_than_can_be_listed_is_a_number(newsroom: Store):
    for number in range(MOST_LISTED + 3):
        newsroom.do(submit, f"Idee {number}", NOW)

    found = seen(newsroom, LATER).new

    assert (len(found.shown), found.total, found.more) == (MOST_LISTED, MOST_LISTED + 3, 3)


def test_what_is_new_is_new_since_the_last_digest_that_was_sent(newsroom: Store):
    newsroom.do(submit, "Von gestern", NOW - timedelta(days=1))
    newsroom.do(digest.note_due, appointment=NOW, now=NOW)
    newsroom.do(send_all, NOW)
    newsroom.do(submit, "Von heute", LATER)
    newsroom.do(digest.note_due, appointment=NOW + timedelta(days=1), now=NOW + timedelta(days=1))

    found = seen(newsroom, NOW + timedelta(days=1))

    assert found.since == NOW
    assert (titles(found.new), titles(found.undecided)) == (["Von heute"], ["Von gestern"])


def test_what_is_accepted_waits_for_its_author_until_they_said_so(newsroom: Store):
    def some(session: Session) -> None:
        stand(session, "Niemand gefragt", PitchState.ACCEPTED)
        stand(session, "Jemand gefragt", PitchState.ASKED, author_id=known(session, "BEN").id)
        stand(session, "Zugesagt", PitchState.IN_WORK, author_id=known(session, "BEN").id)

    newsroom.do(some)

    assert titles(seen(newsroom).unwritten) == ["Niemand gefragt", "Jemand gefragt"]


def test_this_week_and_next_week_are_listed_by_day_with_each_place_on_its_own(newsroom: Store):
    def some(session: Session) -> None:
        monday = stand(session, "Morgen", PitchState.PLANNED, planned_on=TODAY + timedelta(days=1))
        session.add(PitchOutlet(pitch_id=monday.id or 0, outlet=Outlet.BLOG, planned_on=monday.planned_on))
        next_week = TODAY + timedelta(days=7)
        for outlet in (Outlet.SOCIAL, Outlet.NEWSLETTER):
            session.add(PitchOutlet(pitch_id=monday.id or 0, outlet=outlet, planned_on=next_week))
        early = stand(session, "Schon da", PitchState.PUBLISHED, planned_on=TODAY + timedelta(days=2))
        session.add(
            PitchOutlet(pitch_id=early.id or 0, outlet=Outlet.INTRANET, planned_on=TODAY - timedelta(days=2))
        )
        stand(session, "Zurückgezogen", PitchState.WITHDRAWN, planned_on=TODAY)
        stand(session, "Später", PitchState.PLANNED, planned_on=TODAY + timedelta(days=14))

    newsroom.do(some)

    found = seen(newsroom)

    assert [(one.pitch.title, one.outlets) for one in found.this_week.shown] == [
        ("Schon da", (Outlet.INTRANET,)),
        ("Morgen", (Outlet.BLOG,)),
    ]
    assert [(one.pitch.title, one.outlets) for one in found.next_week.shown] == [
        ("Morgen", (Outlet.NEWSLETTER, Outlet.SOCIAL))
    ]


def test_an_empty_plan_and_a_week_without_a_story_are_gaps(newsroom: Store):
    assert seen(newsroom).is_bare

    def plan(session: Session, days: int) -> None:
        stand(session, f"In {days} Tagen", PitchState.PLANNED, planned_on=TODAY + timedelta(days=days))

    newsroom.do(plan, 14)
    assert seen(newsroom).is_bare
    newsroom.do(plan, 1)
    found = seen(newsroom)

    # From Friday to the Tuesday after next: the weekends are no part of it.
    assert not found.is_bare
    assert found.gaps[0] == Gap(date(2026, 11, 20), date(2026, 12, 1))


def test_what_appeared_sooner_than_planned_leaves_a_gap_on_its_planned_day(newsroom: Store):
    day = TODAY + timedelta(days=5)
    newsroom.do(lambda session: stand(session, "Vorher", PitchState.PUBLISHED, planned_on=day).id)

    found = seen(newsroom)

    assert found.is_bare
    assert found.next_week.shown == ()


@given(st.sets(DAYS), DAYS, st.integers(0, 60))
def test_a_gap_is_a_working_week_or_longer_and_nothing_is_planned_in_it(
    days: set[date], first: date, length: int
):
    last = first + timedelta(days=length)

    for gap in digest.gaps(days, first=first, last=last, workdays=MUNICH):
        within = [gap.first + timedelta(days=n) for n in range((gap.last - gap.first).days + 1)]
        assert first <= gap.first <= gap.last <= last
        assert MUNICH.is_workday(gap.first)
        assert MUNICH.is_workday(gap.last)
        assert sum(map(MUNICH.is_workday, within)) >= 5
        assert not days & set(within)


def test_departments_that_pitched_nothing_for_long_are_named(newsroom: Store):
    def some(session: Session) -> None:
        long_ago, lately = NOW - timedelta(weeks=9), NOW - timedelta(weeks=7)
        stand(
            session,
            "Alt",
            PitchState.PUBLISHED,
            department_id=department(session, "Bau"),
            created_at=long_ago,
        )
        stand(session, "Neu", PitchState.NEW, department_id=department(session, "Kultur"), created_at=lately)
        gone = department(session, "Aufgelöst", valid_to=TODAY - timedelta(days=1))
        stand(session, "Von früher", PitchState.PUBLISHED, department_id=gone, created_at=long_ago)
        department(session, "Ohne Leitung")
        led(session, "Sport", "LEA")
        led(session, "Ganz neu dabei", "LEO", since=lately)

    newsroom.do(some)

    found = seen(newsroom).silent

    assert [(one.department.name, one.since) for one in found.shown] == [
        ("Bau", NOW - timedelta(weeks=9)),
        ("Sport", None),
    ]
    assert seen(newsroom, digest_silent_weeks=10).silent.total == 1


def test_with_nothing_to_say_the_digest_is_empty_and_a_gap_alone_says_nothing(newsroom: Store):
    assert seen(newsroom).is_empty
    newsroom.do(submit, "Etwas", NOW)
    assert not seen(newsroom).is_empty


def test_an_empty_digest_is_sent_only_if_it_was_asked_for_or_the_city_wishes_so(newsroom: Store):
    def sends(when_empty: Literal["line", "nothing"], *, is_asked_for: bool = False) -> bool:
        settings = Settings(digest_when_empty=when_empty)
        found = newsroom.ask(digest.to_send, settings, now=NOW, before_id=None, is_asked_for=is_asked_for)
        return found is not None

    assert (sends("line"), sends("nothing"), sends("nothing", is_asked_for=True)) == (True, False, True)
    newsroom.do(submit, "Etwas", NOW)
    assert sends("nothing")


def test_a_digest_is_noted_once_for_an_appointment_and_not_long_after_it(sqlite_store: Store):
    sqlite_store.do(fill)
    appointment = NOW

    for late in (timedelta(), timedelta(minutes=5), timedelta(hours=11)):
        sqlite_store.do(digest.note_due, appointment=appointment, now=appointment + late)
    sqlite_store.do(digest.note_due, appointment=appointment - timedelta(days=7), now=appointment)

    assert [(key, row.target) for key, row in sqlite_store.ask(delivered).items()] == [
        ("pitch_digest:2026-11-18", "C0COMMS")
    ]


def test_a_digest_due_on_whit_monday_comes_on_tuesday_and_the_next_one_on_monday_again():
    def last(now: datetime) -> datetime:
        return MUNICH.last_weekly(now, 0, time(9))

    assert last(datetime(2027, 5, 17, 7, tzinfo=UTC)) == datetime(2027, 5, 10, 7, tzinfo=UTC)
    assert last(datetime(2027, 5, 18, 7, tzinfo=UTC)) == datetime(2027, 5, 18, 7, tzinfo=UTC)
    assert last(datetime(2027, 5, 24, 7, tzinfo=UTC)) == datetime(2027, 5, 24, 7, tzinfo=UTC)


def test_who_is_of_the_comms_team_gets_a_digest_whenever_they_ask(sqlite_store: Store):
    sqlite_store.do(fill)

    def ask(session: Session, by: str, now: datetime) -> None:
        digest.note_now(session, by=known(session, by), now=now)

    sqlite_store.do(ask, "RED", NOW)
    sqlite_store.do(ask, "RED", LATER)
    with pytest.raises(NotAllowedError):
        sqlite_store.do(ask, "ANN", NOW)

    assert len(sqlite_store.ask(delivered)) == 2


@contextmanager
def rows_read() -> Iterator[Callable[[], int]]:
    """How many rows of pitches are made in Python meanwhile."""
    made = 0

    def load(*_: object) -> None:
        nonlocal made
        made += 1

    event.listen(Pitch, "load", load)
    try:
        yield lambda: made
    finally:
        event.remove(Pitch, "load", load)


def test_ten_times_the_pitches_bring_no_more_of_them_into_the_program(newsroom: Store):
    def many(session: Session, count: int) -> None:
        states = list(PitchState)
        for number in range(count):
            created_at = NOW - timedelta(days=number % 300)
            planned_on = TODAY + timedelta(days=number % 28)
            state = states[number % len(states)]
            stand(session, f"Idee {number}", state, created_at=created_at, planned_on=planned_on)

    found = []
    for count in (400, 3600):
        newsroom.do(many, count)
        with rows_read() as read:
            seen(newsroom)
            found.append(read())

    assert found[1] <= found[0] * 1.2
