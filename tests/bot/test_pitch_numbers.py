from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot import pitch_life, pitch_numbers
from bot.people import Department, NotAllowedError
from bot.pitch_numbers import LEAST, Count, Numbers
from bot.pitches import PitchRole, PitchState
from storage.pitch_numbers import Happened
from storage.store import Store
from tests.bot.test_digest import department, stand
from tests.bot.test_pitches import fill, known
from tests.made import NOW, person

CITY = ZoneInfo("Europe/Berlin")


@pytest.fixture
def city(store: Store) -> Store:
    """A store with colleagues and no pitch."""
    store.do(fill)
    return store


def counted(store: Store, year: int = 2026) -> Numbers:
    return store.ask(pitch_numbers.of_year, year=year, zone=CITY)


def pitched(
    session: Session,
    department_id: int | None,
    *states: PitchState,
    by: str = "ANN",
    sent_at: datetime = NOW,
    after: timedelta = timedelta(days=2),
) -> None:
    """A pitch that goes through some states, each so long after the one before."""
    pitcher_id = person(session, by).id
    pitch = stand(
        session,
        "Etwas",
        PitchState.NEW,
        department_id=department_id,
        pitcher_id=pitcher_id,
        created_at=sent_at,
    )
    at = sent_at
    for state in states:
        at += after
        pitch_life.step(session, pitch, state, role=PitchRole.COMMS, by=known(session, "RED"), now=at)


def test_each_department_has_its_year_and_its_months(city: Store):
    def some(session: Session) -> None:
        bau, kultur = department(session, "Bau"), department(session, "Kultur")
        in_october = NOW - timedelta(days=40)
        pitched(session, bau, PitchState.ACCEPTED, PitchState.PUBLISHED, sent_at=in_october)
        pitched(session, bau, PitchState.DECLINED)
        pitched(session, kultur)
        pitched(session, None)
        stand(session, "Entwurf", PitchState.DRAFT, department_id=kultur)
        department(session, "Schweigt")

    city.do(some)

    found = counted(city)

    assert [(row.department.name if row.department else None, row.year) for row in found.rows] == [
        ("Bau", Count(2, 1, 1)),
        ("Kultur", Count(1, 0, 0)),
        (None, Count(1, 0, 0)),
    ]
    assert found.rows[0].months == (
        (date(2026, 10, 1), Count(1, 1, 1)),
        (date(2026, 11, 1), Count(1, 0, 0)),
    )
    assert found.total.year == Count(4, 1, 1)


def test_a_year_begins_by_the_citys_clocks(city: Store):
    def at_new_year(session: Session) -> None:
        pitched(session, None, sent_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
        pitched(session, None, sent_at=datetime(2025, 12, 31, 22, 30, tzinfo=UTC))

    city.do(at_new_year)

    assert counted(city).total.months == ((date(2026, 1, 1), Count(1, 0, 0)),)
    assert (counted(city).is_first, counted(city, 2025).is_first) == (False, True)


def test_what_is_accepted_anew_counts_once_and_where_it_was_accepted_first(city: Store):
    def twice(session: Session) -> None:
        states = (PitchState.ACCEPTED, PitchState.SHELF, PitchState.ACCEPTED)
        pitched(session, None, *states, sent_at=datetime(2025, 12, 1, tzinfo=UTC), after=timedelta(days=20))

    city.do(twice)

    assert counted(city, 2025).total.year.accepted == 1
    assert counted(city, 2026).total.year == Count()


def test_how_long_decisions_take_is_shown_from_five_people_on(city: Store):
    def decided(session: Session, by: str, days: int) -> None:
        bau = department(session, "Bau")
        pitched(
            session, bau, PitchState.DECLINED, by=by, sent_at=NOW - timedelta(days=9), after=timedelta(days)
        )

    for number in range(LEAST - 1):
        city.do(decided, f"P{number}", number + 1)
    city.do(decided, "P0", 5)
    assert counted(city).total.year.days is None

    city.do(decided, "P9", 6)

    # 1, 2, 3, 4, 5 and 6 days.
    assert counted(city).total.year.days == 3.5
    assert counted(city).rows[0].months[0][1].days == 3.5


PITCHES = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 400)), max_size=30)


@given(PITCHES)
def test_however_many_pitches_fewer_than_five_people_are_never_timed(pitches: list[tuple[int, int]]):
    happened = [Happened(1, who, NOW, NOW + timedelta(days=days)) for who, days in pitches]

    assert pitch_numbers._days(happened) is None


def test_no_person_is_in_the_figures_at_all(city: Store):
    city.do(lambda session: pitched(session, department(session, "Bau"), PitchState.ACCEPTED))

    def kinds(value: object) -> set[type]:
        if isinstance(value, tuple):
            return set().union(*(kinds(one) for one in value))
        if is_dataclass(value):
            return set().union(*(kinds(getattr(value, one.name)) for one in fields(value)))
        return {type(value)}

    assert kinds(counted(city)) <= {int, bool, date, Department, type(None), float}


def test_only_the_newsroom_sees_the_figures(city: Store):
    def look(session: Session, who: str) -> Numbers:
        return pitch_numbers.shown(session, by=known(session, who), year=2026, zone=CITY)

    assert city.ask(look, "RED") == city.ask(look, "ADA")
    for name in ("ANN", "EDI"):
        with pytest.raises(NotAllowedError):
            city.ask(look, name)
