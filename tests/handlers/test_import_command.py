"""`import` as administrators use it: real processes over a real store, all or nothing, and quiet."""

import json
from pathlib import Path

import pytest

from bot import curation, delivery, events, posts, subscriptions
from storage import public
from storage.store import Store
from tests.bot.test_imports import ICS, OPML
from tests.handlers.commands import bot, refused
from tests.made import NOW
from tests.templates import copied

TABLE = "Titel;Datum;Adresse;Schlagwörter\nBrücken;1.9.2025;https://stadt.example/1;KI\nWege;;;\n"
EVENTS = "Titel;Beginn;Ende;Ort\nBarCamp;12.6.2025;13.6.2025;Rathaus\nMarktplatz;9.12.2025 18:00;;\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store and a channel that hears all news."""
    copied(tmp_path / "var" / "stadtfunk.sqlite")
    for kinds in (subscriptions.POSTS, subscriptions.EVENTS):
        store(tmp_path).do(subscriptions.subscribe, kinds, "C1", now=NOW)
    return tmp_path


def store(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'var' / 'stadtfunk.sqlite'}")


def kept(folder: Path) -> list[str]:
    return sorted(post.title for post in store(folder).ask(posts.newest, limit=99))


def test_posts_are_kept_quietly_and_a_second_time_known(folder: Path):
    (folder / "posts.csv").write_text(TABLE, encoding="cp1252")

    first = bot(folder, "import", "posts", "posts.csv")
    assert first.stdout == "Eingelesen. Neu: 2, schon bekannt: 0.\n"
    assert bot(folder, "import", "posts", "posts.csv").stdout == "Eingelesen. Neu: 0, schon bekannt: 2.\n"
    assert kept(folder) == ["Brücken", "Wege"]
    assert store(folder).ask(delivery.listed, state=None, limit=9) == []


def test_a_dry_run_shows_what_would_be_new_and_keeps_nothing(folder: Path):
    (folder / "posts.csv").write_text(TABLE)
    revision = store(folder).ask(public.revision)

    lines = bot(folder, "import", "posts", "posts.csv", "--dry-run").stdout.splitlines()
    assert lines[1].split()[:2] == ["neu", "Brücken"]
    assert lines[-1] == "Probelauf, nichts behalten. Neu: 2, schon bekannt: 0."
    assert kept(folder) == []
    assert store(folder).ask(public.revision) == revision


def test_mistakes_are_told_by_line_and_column_and_nothing_is_kept(folder: Path):
    (folder / "posts.csv").write_text(f"{TABLE};gestern;;\n")

    done = bot(folder, "import", "posts", "posts.csv")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "posts.csv, Zeile 4, Spalte „Titel“: Das darf nicht leer sein.",
        (
            "posts.csv, Zeile 4, Spalte „Datum“: "
            "„gestern“ ist kein Datum wie 24.12.2026, 24.12.2026 18:00 oder 2026-12-24."
        ),
        "2 Fehler; nichts wurde behalten.",
    ]
    assert kept(folder) == []


def test_programs_get_a_line_for_each_entry(folder: Path):
    (folder / "events.csv").write_text(EVENTS)

    done = bot(folder, "import", "events", "events.csv", "--json")

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first == {"is_new": True, "title": "BarCamp", "start": "2025-06-12", "url": None}
    assert second["start"] == "2025-12-09 18:00:00+01:00"


def test_events_are_read_from_tables_and_calendars(folder: Path):
    (folder / "events.csv").write_text(EVENTS)
    (folder / "termine.ics").write_bytes(ICS)

    assert "Neu: 2" in bot(folder, "import", "events", "events.csv").stdout
    assert "schon bekannt: 0" in bot(folder, "import", "events", "termine.ics").stdout
    assert "Neu: 0" in bot(folder, "import", "events", "termine.ics").stdout
    past = store(folder).ask(public.events_past, today=NOW.date(), limit=99)
    assert {"BarCamp", "Vor Jahren"} <= {event.title for event in past}
    assert store(folder).ask(delivery.listed, state=None, limit=9) == []


def test_sources_are_read_from_the_subscriptions_of_a_feed_reader(folder: Path):
    (folder / "abos.opml").write_bytes(OPML)

    assert "Neu: 2" in bot(folder, "import", "sources", "abos.opml").stdout
    assert len(store(folder).ask(curation.listed)) == 2


@pytest.mark.parametrize("kind", ["posts", "events", "sources"])
def test_a_file_that_cannot_be_read_is_one_sentence(folder: Path, kind: str):
    with (folder / "gross.csv").open("wb") as file:
        file.truncate(10_000_001)

    assert "größer als 10 MB" in refused(bot(folder, "import", kind, "gross.csv"))
    assert "fehlt.csv" in refused(bot(folder, "import", kind, "fehlt.csv"))


def test_a_broken_calendar_is_one_sentence(folder: Path):
    (folder / "termine.ics").write_bytes(ICS[:200])

    assert "nicht als Kalender" in refused(bot(folder, "import", "events", "termine.ics"))
    assert "nicht als OPML" in refused(bot(folder, "import", "sources", "termine.ics"))


def test_ten_thousand_posts_and_events_take_seconds_and_not_minutes(folder: Path):
    rows = [f"Eintrag {n};{n % 28 + 1}.{n % 12 + 1}.2025;https://stadt.example/{n}" for n in range(10_000)]
    (folder / "posts.csv").write_text("\n".join(["Titel;Datum;Adresse", *rows]))
    (folder / "events.csv").write_text("\n".join(["Titel;Beginn;Adresse", *rows]))

    # Each command is given a minute, also on a busy machine.
    assert "Neu: 10000" in bot(folder, "import", "posts", "posts.csv").stdout
    assert "Neu: 10000" in bot(folder, "import", "events", "events.csv").stdout
    assert len(store(folder).ask(events.coming, today=NOW.date().replace(year=2024), limit=20_000)) == 10_000
