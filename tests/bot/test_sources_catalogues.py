import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.sources import Entry, Feed, FetchError, Reason
from bot.sources.catalogues import parse_catalogue

FILES = Path(__file__).parent / "files"
URL = "https://daten.stadt.example/api/3/action/package_search?rows=100"


def read(results: Any, *, count: Any = 1, url: str = URL) -> Feed:
    answer = {"success": True, "result": {"count": count, "results": results}}
    return parse_catalogue(json.dumps(answer).encode(), url=url)


def test_a_dataset_is_read_in_full() -> None:
    (entry,) = parse_catalogue((FILES / "datensaetze.json").read_bytes(), url=URL).entries

    assert entry == Entry(
        guid="5b2f1d1e-0000-4000-8000-000000000001",
        url="https://daten.stadt.example/dataset/radzaehlstellen",
        title="Daten der Radzählstellen",
        teaser="Stündliche Werte aller Zählstellen. nach Richtung mit Wetter",
        published_at=datetime(2024, 3, 1, 8, 0, tzinfo=UTC),
        updated_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        author="Mobilitätsreferat",
        tags=("Radverkehr", "verkehr"),
        image_url=None,
        image_alt=None,
    )


def test_a_dataset_is_known_by_its_title_or_else_by_its_name() -> None:
    assert read([{"id": "1", "name": "rad"}]).entries[0].title == "rad"


def test_a_catalogue_in_a_folder_has_its_datasets_there() -> None:
    url = "https://stadt.example/daten/api/3/action/package_search"

    assert (
        read([{"id": "1", "name": "rad"}], url=url).entries[0].url
        == "https://stadt.example/daten/dataset/rad"
    )


@pytest.mark.parametrize(
    ("count", "is_complete"), [(1, True), (0, True), (2, False), (None, False), ("1", False)]
)
def test_an_answer_is_complete_when_it_holds_all_that_are_counted(count: Any, is_complete: bool) -> None:  # noqa: FBT001
    assert read([{"id": "1", "name": "rad"}], count=count).is_complete is is_complete


def test_of_too_many_datasets_the_newest_stay_and_the_answer_is_not_complete() -> None:
    many = [{"id": str(number), "metadata_created": f"{2000 + number % 20}-01-01"} for number in range(600)]
    found = read(many, count=600)

    assert len(found.entries) == 500
    assert {one.published_at.year for one in found.entries if one.published_at} == set(range(2003, 2020))
    assert not found.is_complete


@pytest.mark.parametrize(
    "body",
    [
        b'{"success": false, "error": {"message": "Search error"}}',
        b'{"success": true, "result": {"count": 1}}',
        b'{"success": true, "result": []}',
        b'{"version": "https://jsonfeed.org/version/1", "items": []}',
        b"[]",
        b"<html></html>",
        b"",
    ],
)
def test_what_is_no_answer_of_a_catalogue_is_refused(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        parse_catalogue(body, url=URL)

    assert caught.value.reason is Reason.NOT_A_CATALOGUE
