"""`pitches numbers` as administrators use it: a real process over a real store."""

import json
from pathlib import Path

import pytest

from storage.store import Store
from tests.bot.test_pitch_numbers import pitched
from tests.bot.test_pitches import fill
from tests.handlers.commands import bot
from tests.templates import copied


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store in which a pitch of November 2026 is."""
    store = Store(copied(tmp_path / "var" / "stadtfunk.sqlite"))
    store.do(fill)
    store.do(pitched, None)
    store.close()
    return tmp_path


def test_the_numbers_of_a_year_are_a_table_or_one_object_a_line(folder: Path):
    table = bot(folder, "pitches", "numbers", "--year", "2026").stdout
    lines = bot(folder, "pitches", "numbers", "--year", "2026", "--json").stdout.splitlines()

    assert "2026-11" in table
    assert "Alle zusammen" in table
    assert json.loads(lines[0]) == {
        "department": None,
        "when": "2026-11",
        "pitched": 1,
        "accepted": 0,
        "published": 0,
        "days_to_decision": None,
    }


def test_a_year_without_pitches_says_so(folder: Path):
    done = bot(folder, "pitches", "numbers", "--year", "2020")

    assert (done.returncode, done.stdout.strip()) == (0, "Keine Idee in diesem Jahr.")
