import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.sources import Occurrence, Offer, Page
from bot.sources.pages import parse_page

URL = "https://stadt.example/termine/barcamp"
TODAY = date(2026, 11, 22)


def read(*scripts: Any) -> Page:
    written = "".join(
        f'<script type="application/ld+json">{json.dumps(script)}</script>' for script in scripts
    )
    body = f"<html><head><title>Termine</title>{written}</head></html>".encode()
    return parse_page(body, url=URL, today=TODAY, timezone="Europe/Berlin")


def event(**said: Any) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "BarCamp",
        "startDate": "2026-12-04T18:00",
        **said,
    }


def only(*scripts: Any) -> Occurrence:
    (occurrence,) = read(*scripts).occurrences
    return occurrence


def test_an_event_is_read_in_full() -> None:
    found = only(
        event(
            **{"@id": "#barcamp"},
            name="BarCamp der <b>Verwaltung</b>",
            description="<p>Bring deine Idee mit.</p><p>Wir freuen uns.</p>",
            startDate="2026-12-04T18:00:00+01:00",
            endDate="2026-12-04T23:00:00+01:00",
            url="/barcamp",
            location={
                "@type": "Place",
                "name": "Rathaus",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "Marienplatz 8",
                    "postalCode": "80331",
                    "addressLocality": "München",
                },
            },
        )
    )

    assert found == Occurrence(
        uid="https://stadt.example/termine/barcamp#barcamp",
        recurrence_id=None,
        title="BarCamp der Verwaltung",
        description="Bring deine Idee mit. Wir freuen uns.",
        place="Rathaus, Marienplatz 8, 80331 München",
        url="https://stadt.example/barcamp",
        starts_at=datetime(2026, 12, 4, 17, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 4, 22, 0, tzinfo=UTC),
        all_day=False,
        starts_on=date(2026, 12, 4),
        ends_on=date(2026, 12, 4),
        cancelled=False,
        sequence=0,
        is_series=False,
    )


def test_a_page_with_events_is_offered_itself() -> None:
    assert read(event()).offers == (Offer("event_page", URL, "Termine"),)
    assert read({"@type": "Article", "headline": "Neu"}).offers == ()


@pytest.mark.parametrize(
    "kind",
    [
        "MusicEvent",
        "EducationEvent",
        "Festival",
        "http://schema.org/BusinessEvent",
        "schema:Event",
        ["Thing", "TheaterEvent"],
    ],
)
def test_every_kind_of_event_is_one(kind: Any) -> None:
    assert only(event(**{"@type": kind})).title == "BarCamp"


@pytest.mark.parametrize(
    ("start", "end", "starts_at", "ends_at", "days", "all_day"),
    [
        ("2026-12-04T18:00", None, (4, 17, 0), None, (4, 4), False),
        ("2026-12-04T18:00", "2026-12-04", (4, 17, 0), None, (4, 4), False),
        ("2026-12-04T18:00", "2026-12-04T17:00", (4, 17, 0), None, (4, 4), False),
        ("2026-12-04T18:00Z", "2026-12-04T21:30Z", (4, 18, 0), (4, 21, 30), (4, 4), False),
        ("2026-12-04T18:00+0100", "2026-12-05T00:00+01", (4, 17, 0), (4, 23, 0), (4, 4), False),
        ("2026-12-04T18:00", "2026-12-05", (4, 17, 0), (5, 23, 0), (4, 5), False),
        ("2026-12-04", None, (3, 23, 0), (4, 23, 0), (4, 4), True),
        ("2026-12-04", "2026-12-04", (3, 23, 0), (4, 23, 0), (4, 4), True),
        ("2026-12-04", "2026-12-06", (3, 23, 0), (6, 23, 0), (4, 6), True),
        ("2026-12-04", "2026-12-01", (3, 23, 0), (4, 23, 0), (4, 4), True),
        ("2026-12-04T00:00:00+01:00", "2026-12-05T23:59:59+01:00", (3, 23, 0), (5, 23, 0), (4, 5), True),
    ],
)
def test_the_time_of_an_event_is_the_citys_unless_it_says_so(
    start: str,
    end: str | None,
    starts_at: tuple[int, int, int],
    ends_at: tuple[int, int, int] | None,
    days: tuple[int, int],
    all_day: bool,  # noqa: FBT001
) -> None:
    found = only(event(startDate=start, endDate=end))

    assert found.starts_at == datetime(2026, 12, *starts_at, tzinfo=UTC)
    assert found.ends_at == (datetime(2026, 12, *ends_at, tzinfo=UTC) if ends_at else None)
    assert (found.starts_on.day, found.ends_on.day) == days
    assert found.all_day is all_day


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("Rathaus, Saal 1", "Rathaus, Saal 1"),
        ({"@type": "Place", "name": "Rathaus"}, "Rathaus"),
        ({"@type": "Place", "name": "Rathaus", "address": "Marienplatz 8"}, "Rathaus, Marienplatz 8"),
        ({"@type": "Place", "address": {"addressLocality": "München"}}, "München"),
        ({"@type": "VirtualLocation", "url": "https://meet.example/1"}, "https://meet.example/1"),
        ({"@type": "VirtualLocation", "name": "Online", "url": "https://meet.example/1"}, "Online"),
        (
            [
                {"@type": "VirtualLocation", "url": "https://meet.example/1"},
                {"@type": "Place", "name": "Rathaus"},
            ],
            "Rathaus",
        ),
        ({"@id": "#ort"}, "Stadthalle"),
        ({"@type": "Place"}, None),
        (None, None),
        (7, None),
    ],
)
def test_a_place_may_be_written_in_several_ways(location: Any, place: str | None) -> None:
    there = {"@type": "Place", "@id": "#ort", "name": "Stadthalle"}

    assert only(event(location=location), there).place == place


@pytest.mark.parametrize(
    ("said", "cancelled"),
    [
        ({"eventStatus": "https://schema.org/EventCancelled"}, True),
        ({"eventStatus": "EventPostponed"}, True),
        ({"eventStatus": ["http://schema.org/EventScheduled"]}, False),
        ({"name": "BarCamp (entfällt)"}, True),
        ({}, False),
    ],
)
def test_an_event_is_called_off_by_its_status_or_its_title(said: dict[str, Any], cancelled: bool) -> None:  # noqa: FBT001
    assert only(event(**said)).cancelled is cancelled


def test_a_moved_event_is_still_the_same() -> None:
    before = only(event())
    moved = only(
        event(
            startDate="2026-12-11T18:00", previousStartDate="2026-12-04T18:00", eventStatus="EventRescheduled"
        )
    )

    assert moved.starts_on == date(2026, 12, 11)
    assert moved.uid == before.uid


@pytest.mark.parametrize(
    ("said", "uid"),
    [
        ({"@id": "https://stadt.example/#1", "url": "/b"}, "https://stadt.example/#1"),
        ({"url": "/b?utm_source=x", "identifier": "b-1"}, "https://stadt.example/b"),
        ({"@id": "http://[kaputt"}, "http://[kaputt"),
        ({"identifier": 4711}, "4711"),
        ({"identifier": {"@type": "PropertyValue", "value": "b-1"}}, "b-1"),
    ],
)
def test_an_event_is_called_what_the_page_calls_it(said: dict[str, Any], uid: str) -> None:
    assert only(event(**said)).uid == uid


def test_an_event_without_a_name_of_its_own_is_known_by_title_and_start() -> None:
    assert only(event()).uid == only(event(description="neu")).uid
    assert only(event()).uid != only(event(name="Lesung")).uid
    assert only(event()).uid != only(event(startDate="2026-12-05")).uid


def test_the_dates_of_a_series_are_instances_of_one_event() -> None:
    dates = [{"@type": "Event", "startDate": f"2026-12-{day}T18:00"} for day in ("04", "11")]
    series = {
        "@type": "EventSeries",
        "@id": "#reihe",
        "name": "Offene Runde",
        "startDate": "2026-01-01",
        "location": "Rathaus",
        "subEvent": dates,
    }
    found = read(series).occurrences

    assert [one.starts_on.day for one in found] == [4, 11]
    assert [one.recurrence_id for one in found] == ["20261204T170000Z", "20261211T170000Z"]
    assert {one.uid for one in found} == {f"{URL}#reihe"}
    assert {(one.title, one.place, one.is_series) for one in found} == {("Offene Runde", "Rathaus", True)}


def test_a_part_may_name_the_series_it_belongs_to() -> None:
    series = {
        "@type": "EventSeries",
        "@id": "#reihe",
        "name": "Reihe",
        "startDate": "2026-01-01",
        "endDate": "2027-12-31",
    }
    part = event(superEvent={"@id": "#reihe"}, url="/runde")

    assert [one.title for one in read({"@graph": [part, series]}).occurrences] == ["BarCamp"]


def test_several_dates_under_one_address_are_all_kept() -> None:
    found = read([event(url="/b"), event(url="/b", startDate="2026-12-11")]).occurrences

    assert [one.recurrence_id for one in found] == ["20261204T170000Z", "20261211"]


def test_what_a_page_says_twice_happens_once() -> None:
    assert len(read(event(url="/b"), {"@graph": [event(url="/b")]}).occurrences) == 1


def test_only_what_is_near_is_kept_soonest_first() -> None:
    days = ("2026-11-20", "2027-12-28", "2027-12-27", "2026-11-21")
    found = read([event(name=day, startDate=day) for day in days]).occurrences

    assert [one.title for one in found] == ["2026-11-21", "2027-12-27"]


@pytest.mark.parametrize(
    "said",
    [
        {"startDate": "bald"},
        {"startDate": None},
        {"startDate": 20261204},
        {"startDate": "2026-13-45"},
        {"name": ""},
    ],
)
def test_an_event_that_makes_no_sense_costs_no_other(said: dict[str, Any]) -> None:
    assert [one.title for one in read([event(**said), event(name="Lesung")]).occurrences] == ["Lesung"]


@pytest.mark.parametrize("said", ["KI, Open Data", ["KI", "Open Data"], ["KI,Open Data", {"@type": "Thing"}]])
def test_an_event_says_what_it_is_about(said: Any) -> None:
    assert only(event(keywords=said)).tags == ("KI", "Open Data")


@pytest.mark.parametrize(
    "said", ["RBS", {"@type": "Organization", "name": "RBS"}, [{"name": ""}, {"name": "RBS"}]]
)
def test_an_event_may_name_who_organises_it(said: Any) -> None:
    assert only(event(organizer=said)).organiser == "RBS"


def test_what_a_series_is_about_its_dates_are_about() -> None:
    series = {"@type": "EventSeries", "name": "Reihe", "keywords": "KI"}

    assert only(event(superEvent=series)).tags == ("KI",)
