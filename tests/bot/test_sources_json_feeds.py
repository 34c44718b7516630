import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import Entry, Feed, FetchError, Reason
from bot.sources.feeds import parse_feed

FILES = Path(__file__).parent / "files"
URL = "https://digital.example/feed/"


def read(feed: Any) -> Feed:
    return parse_feed(json.dumps(feed).encode(), url=URL)


@pytest.fixture
def entries() -> tuple[Entry, ...]:
    return parse_feed((FILES / "beitraege.json").read_bytes(), url=URL).entries


def test_a_json_entry_is_read_in_full(entries: tuple[Entry, ...]) -> None:
    assert entries[0] == Entry(
        guid="https://digital.example/beitraege/portal",
        url="https://digital.example/beitraege/portal",
        title="Bürger*innen & Verwaltung: das neue Portal",
        teaser="Erster Absatz. Zweiter Absatz mit Link.",
        published_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
        updated_at=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
        author="Rita Rat",
        tags=("Portal", "#ExplainIT"),
        image_url="https://digital.example/feed/bilder/portal.jpg",
        image_alt="Das Portal",
        word_count=6,
    )


def test_an_entry_of_the_older_version_is_read(entries: tuple[Entry, ...]) -> None:
    entry = entries[1]

    assert (entry.guid, entry.url) == ("4712", "https://andere.example/studie")
    assert entry.teaser == "Eine Studie über vector<int> und 5 < 7"
    assert (entry.author, entry.image_url) == ("Amira", "https://digital.example/studie.png")


def test_a_script_is_no_link_and_what_is_empty_is_no_entry(entries: tuple[Entry, ...]) -> None:
    assert len(entries) == 3
    assert (entries[2].url, entries[2].published_at) == (None, None)


def test_an_author_of_the_feed_stands_in_for_a_missing_one(entries: tuple[Entry, ...]) -> None:
    assert entries[2].author == "Redaktion"


def test_items_alone_make_a_feed() -> None:
    assert read({"items": [{"id": "1", "title": "Neu"}]}).entries[0].title == "Neu"
    assert read({"version": "https://jsonfeed.org/version/1"}).entries == ()


@pytest.mark.parametrize("value", [{}, {"version": 2}, {"items": {}}, {"success": True, "result": []}])
def test_other_json_is_no_feed(value: Any) -> None:
    with pytest.raises(FetchError) as caught:
        read(value)

    assert caught.value.reason is Reason.NOT_A_FEED


@pytest.mark.parametrize("body", [b"{", b'{"items": [' + b"[" * 100_000, b'{"items": [}', b"{\xff\xfe"])
def test_broken_json_is_no_feed(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        parse_feed(body, url=URL)

    assert caught.value.reason is Reason.NOT_A_FEED


def test_what_no_database_can_keep_is_taken_out_of_a_name() -> None:
    (entry,) = read({"items": [{"id": "a\x00b\ud800c", "title": "T\x00"}]}).entries

    assert (entry.guid, entry.title) == ("abc", "T")


word = st.text("abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=20)
moment = st.integers(700_000_000, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.lists(st.tuples(word, word, moment), max_size=20))
def test_a_written_feed_comes_back_as_it_was(items: list[tuple[str, str, datetime]]) -> None:
    written = [
        {"id": guid, "url": f"https://d.example/{number}", "title": title, "date_published": when.isoformat()}
        for number, (guid, title, when) in enumerate(items)
    ]

    found = read({"version": "https://jsonfeed.org/version/1.1", "items": written}).entries

    assert [(one.guid, one.title, one.published_at) for one in found] == items
    assert [one.url for one in found] == [one["url"] for one in written]
