from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot import rounds
from bot.people import Role
from bot.radar import Status
from bot.settings import Rhythm, Settings
from bot.workdays import Workdays
from storage.radar import Request
from storage.store import Store
from tests.made import NOW, delivered, measure, person

WORKDAYS = Workdays(Settings().holidays, Settings().zone)


def plan(session: Session, rhythm: Rhythm = "quarterly", now: datetime = NOW) -> tuple[str, datetime]:
    planned = rounds.plan(session, rhythm=rhythm, workdays=WORKDAYS, now=now)
    return planned.name, planned.due_at


def local(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=Settings().zone)


@pytest.mark.parametrize(
    ("rhythm", "now", "name", "opens_on"),
    [
        ("monthly", local(2026, 11, 18), "12/2026", date(2026, 12, 1)),
        # New Year's Day is a Friday, a weekend follows.
        ("monthly", local(2026, 12, 31), "01/2027", date(2027, 1, 4)),
        ("monthly", local(2026, 1, 31), "02/2026", date(2026, 2, 2)),
        ("quarterly", local(2026, 11, 18), "Q1 2027", date(2027, 1, 4)),
        ("quarterly", local(2026, 1, 1), "Q2 2026", date(2026, 4, 1)),
        ("quarterly", local(2026, 6, 30), "Q3 2026", date(2026, 7, 1)),
        ("quarterly", local(2026, 9, 30), "Q4 2026", date(2026, 10, 1)),
        ("half-yearly", local(2026, 6, 30), "H2 2026", date(2026, 7, 1)),
        ("half-yearly", local(2026, 7, 1), "H1 2027", date(2027, 1, 4)),
        ("yearly", local(2026, 11, 18), "2027", date(2027, 1, 4)),
        ("yearly", local(2027, 1, 1), "2028", date(2028, 1, 3)),
        # Already the next month in the city, not yet in UTC.
        ("monthly", local(2026, 12, 1, 0), "01/2027", date(2027, 1, 4)),
    ],
)
def test_the_next_round_opens_at_nine_on_the_first_working_day_of_the_next_period(
    sqlite_store: Store, rhythm: Rhythm, now: datetime, name: str, opens_on: date
):
    due_at = local(opens_on.year, opens_on.month, opens_on.day)

    assert sqlite_store.do(plan, rhythm, now) == (name, due_at)


def test_a_round_stays_planned_whatever_the_clock_asks(store: Store):
    first = store.do(plan)

    assert store.do(plan, "monthly", NOW + timedelta(days=3)) == first
    assert len(store.ask(rounds.listed)) == 1


def fill(session: Session) -> None:
    ole, olga = person(session, "OLE", Role.OWNER), person(session, "OLGA", Role.OWNER)
    person(session, "ANN")
    measure(session, "E-Akte", ole, olga)
    measure(session, "Zwilling", ole)
    measure(session, "Unbekannt", olga, status=None)
    measure(session, "Fertig", ole, status=Status.COMPLETED)
    measure(session, "Aus", ole, status=Status.DISCONTINUED)
    measure(session, "Eben bestätigt", ole).confirmed_at = NOW - timedelta(days=20)
    measure(session, "Lange her", ole).confirmed_at = NOW - timedelta(days=22)
    measure(session, "Herrenlos")


def asked(session: Session) -> list[tuple[int, int]]:
    return sorted((row.person_id, row.measure_id) for row in session.exec(select(Request)))


def test_a_preview_says_who_would_be_asked_about_how_many_measures(store: Store):
    store.do(fill)

    found = store.ask(rounds.preview, now=NOW)

    assert [(who.chat_id, number) for who, number in found] == [("OLE", 3), ("OLGA", 2)]
    assert store.ask(asked) == []


def test_a_round_asks_each_owner_once_about_all_that_is_not_done_or_fresh(store: Store):
    store.do(fill)

    opened, number = store.do(rounds.open_now, name="Jetzt", days=14, workdays=WORKDAYS, now=NOW)

    assert number == 2
    assert store.ask(asked) == [(1, 1), (1, 2), (1, 7), (2, 1), (2, 3)]
    messages = [(row.kind, row.target, row.due_at) for row in store.ask(delivered).values()]
    assert messages == [("status_request", "OLE", NOW), ("status_request", "OLGA", NOW)]
    assert (opened.opened_at, opened.answer_by_on) == (NOW, date(2026, 12, 2))


def test_answers_are_wanted_by_a_working_day(store: Store):
    # Fourteen days later is Easter Monday.
    opened, _ = store.do(rounds.open_now, name="Jetzt", days=14, workdays=WORKDAYS, now=local(2026, 3, 23))

    assert opened.answer_by_on == date(2026, 4, 7)


def test_a_planned_round_opens_when_it_is_due_and_only_once(store: Store):
    store.do(fill)
    _, due_at = store.do(plan)

    def open_due(now: datetime) -> list[str]:
        return [found.name for found in store.do(rounds.open_due, days=14, workdays=WORKDAYS, now=now)]

    assert open_due(due_at - timedelta(seconds=1)) == []
    assert open_due(due_at + timedelta(days=2)) == ["Q1 2027"]
    assert open_due(due_at + timedelta(days=2)) == []

    assert len(store.ask(delivered)) == 2
    assert store.do(plan, now=due_at + timedelta(days=2))[0] == "Q2 2027"


def test_a_round_that_finds_nobody_to_ask_opens_all_the_same(store: Store):
    _, number = store.do(rounds.open_now, name="Leer", days=14, workdays=WORKDAYS, now=NOW)

    assert number == 0
    assert store.ask(delivered) == {}
