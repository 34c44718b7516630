"""`calendar list` and `address` as the newsroom and administrators use them: real processes, a real store."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot import people
from bot.editorial import Outlet
from bot.pitches import Pitch, PitchState
from storage.store import Store
from tests.bot.test_editorial import appeared, fill, planned
from tests.bot.test_pitches import known
from tests.handlers.commands import bot, refused
from tests.templates import copied

MAY = ("--from", "2031-05-01", "--to", "2031-05-31")


def some(session: Session) -> None:
    fill(session)
    culture = next(one.id for one in people.departments(session) if one.name == "Kulturreferat")
    day = date(2031, 5, 2)
    planned(session, "Kultur", day, department_id=culture, outlets={Outlet.BLOG: day})
    planned(session, "Reihe", date(2031, 5, 1), series="#ExplainIT", state=PitchState.IN_WORK)
    appeared(session, "Da", datetime(2031, 5, 31, 12, tzinfo=UTC))
    planned(session, "Juni", date(2031, 6, 1))
    planned(session, "Heute", datetime.now(UTC).date() + timedelta(days=2))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store in which something is planned."""
    file = tmp_path / "var" / "stadtfunk.sqlite"
    file.parent.mkdir(exist_ok=True)
    store = Store(copied(file))
    store.do(some)
    store.close()
    return tmp_path


def titles(folder: Path, *words: str) -> list[str]:
    lines = bot(folder, "calendar", "list", *words, "--json").stdout.splitlines()
    return [json.loads(line)["title"] for line in lines]


def test_list_shows_what_appears_in_order_for_people_and_for_programs(folder: Path):
    table = bot(folder, "calendar", "list", *MAY).stdout
    assert [line.split()[1] for line in table.splitlines()[1:4]] == ["Reihe", "Kultur", "Da"]

    line = bot(folder, "calendar", "list", *MAY, "--json").stdout.splitlines()[1]
    assert json.loads(line) == {
        "day": "2031-05-02",
        "title": "Kultur",
        "outlets": ["blog"],
        "status": "planned",
        "department": "Kulturreferat",
        "series": "",
        "author": None,
    }


def test_list_without_days_begins_today(folder: Path):
    assert titles(folder) == ["Heute"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--department", "Kulturreferat"), ["Kultur"]),
        (("--department", "K"), ["Kultur"]),
        (("--series", "#ExplainIT"), ["Reihe"]),
        (("--status", "published"), ["Da"]),
    ],
)
def test_list_is_cut_to_a_part(folder: Path, words: tuple[str, ...], expected: list[str]):
    assert titles(folder, *MAY, *words) == expected


def test_what_can_not_be_listed_is_refused_in_a_sentence(folder: Path):
    assert "liegt vor dem ersten" in refused(
        bot(folder, "calendar", "list", "--from", "2031-05-02", "--to", "2031-05-01")
    )
    assert "„Nirgends“ gibt es nicht" in refused(bot(folder, "calendar", "list", "--department", "Nirgends"))
    assert "erscheint nichts" in bot(folder, "calendar", "list", "--from", "2040-01-01").stdout


def test_an_address_is_made_shown_and_replaced(folder: Path):
    assert "--new" in refused(bot(folder, "calendar", "address"))

    first = bot(folder, "calendar", "address", "--new").stdout.strip()
    assert bot(folder, "calendar", "address").stdout.strip() == first
    city = {"OPS_URL": "https://intern.stadt.example/"}
    assert bot(folder, "calendar", "address", **city).stdout.startswith(
        "https://intern.stadt.example/kalender/"
    )

    second = bot(folder, "calendar", "address", "--new").stdout.strip()
    assert first != second
    assert second.startswith("http://127.0.0.1:8081/kalender/")


def test_what_has_no_day_stands_at_the_end_with_its_state_in_words(folder: Path):
    store = Store(f"sqlite:///{folder / 'var' / 'stadtfunk.sqlite'}")
    store.do(lambda session: planned(session, "Im Vorrat liegend", state=PitchState.SHELF))
    store.close()

    table = bot(folder, "calendar", "list", *MAY).stdout
    assert "In Arbeit" in table
    assert "in_work" not in table
    assert table.index("Da ") < table.index("Im Vorrat liegend")
    last = json.loads(bot(folder, "calendar", "list", *MAY, "--json").stdout.splitlines()[-1])
    assert (last["title"], last["day"], last["status"]) == ("Im Vorrat liegend", None, "shelf")
    assert titles(folder, *MAY, "--status", "shelf") == ["Im Vorrat liegend"]


def test_weeks_in_which_nothing_appears_are_named(folder: Path):
    assert bot(folder, "calendar", "list", *MAY).stdout.count("In dieser Woche ist nichts geplant") == 3


def test_a_month_is_shown_by_weeks(folder: Path):
    shown = bot(folder, "calendar", "list", "--month", "2031-05").stdout
    assert [shown.index(words) for words in ("KW 18", "Reihe", "KW 19", "KW 22", "Da ")] == sorted(
        shown.index(words) for words in ("KW 18", "Reihe", "KW 19", "KW 22", "Da ")
    )
    assert "Juni" not in shown


def test_a_fortnight_without_anything_is_named(folder: Path):
    gap = "In den nächsten 14 Tagen ist nichts geplant"
    assert gap not in bot(folder, "calendar", "list").stdout
    store = Store(f"sqlite:///{folder / 'var' / 'stadtfunk.sqlite'}")
    store.do(forget_today)
    store.close()

    assert gap in bot(folder, "calendar", "list").stdout


def forget_today(session: Session) -> None:
    found = session.exec(select(Pitch).where(Pitch.title == "Heute")).one()
    found.planned_on = None


def test_list_is_cut_to_what_someone_writes(folder: Path):
    store = Store(f"sqlite:///{folder / 'var' / 'stadtfunk.sqlite'}")
    store.do(by_ole)
    store.close()

    assert titles(folder, *MAY, "--person", "OLE") == ["Oles Text"]
    assert "„NIEMAND“" in refused(bot(folder, "calendar", "list", "--person", "NIEMAND"))


def by_ole(session: Session) -> None:
    planned(session, "Oles Text", date(2031, 5, 6), author_id=known(session, "OLE").id)
