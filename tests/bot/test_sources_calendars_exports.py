"""Faults of the calendars that municipal programs export."""

from datetime import date

import pytest

from bot.sources import Occurrence
from tests.bot.calendars import FILES, calendar, in_utc, read, starts, titles


@pytest.fixture
def events() -> tuple[Occurrence, ...]:
    return read((FILES / "gemeinde.ics").read_bytes()).occurrences


def of(events: tuple[Occurrence, ...], uid: str) -> list[Occurrence]:
    return [one for one in events if one.uid.startswith(uid)]


def test_blank_lines_and_lines_without_end_harm_nothing(events: tuple[Occurrence, ...]) -> None:
    (concert,) = of(events, "1@")

    assert concert.place == "Bürgerhaus, Großer Saal"
    assert concert.description.endswith("Karten können zurückgegeben werden.")
    assert (concert.starts_at, concert.ends_at) == (in_utc(2026, 12, 4, 17, 0), in_utc(2026, 12, 4, 19, 0))
    assert concert.cancelled


def test_a_day_that_ends_when_it_begins_is_one_day(events: tuple[Occurrence, ...]) -> None:
    (market,) = of(events, "2@")

    assert market.all_day
    assert (market.starts_on, market.ends_on) == (date(2026, 12, 5), date(2026, 12, 5))


def test_a_day_may_be_taken_out_of_a_series_of_hours(events: tuple[Occurrence, ...]) -> None:
    hours = of(events, "3@")

    assert [one.starts_on for one in hours] == [date(2026, 11, 25), date(2026, 12, 22), date(2026, 12, 30)]


def test_instances_are_moved_and_called_off_one_by_one(events: tuple[Occurrence, ...]) -> None:
    _, moved, off = of(events, "3@")

    assert (moved.recurrence_id, moved.title) == ("20261223T160000Z", "Digitale Sprechstunde am Abend")
    assert moved.starts_at == in_utc(2026, 12, 22, 18, 0)
    assert (moved.cancelled, off.cancelled) == (False, True)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\r\n", "\n\n", "\r\n\r\n"])
def test_lines_may_end_in_many_ways(end: str) -> None:
    body = calendar("DTSTART:20261201T090000\nSUMMARY:Lesung\nLOCATION:Rathaus").decode().replace("\r\n", end)

    (one,) = read(body.encode()).occurrences
    assert (one.title, one.place) == ("Lesung", "Rathaus")


def test_a_folded_line_with_a_blank_line_in_it_is_one_line() -> None:
    body = calendar("DTSTART:20261201T090000\nSUMMARY:Eine Lesung\n\n  im Rathaus")

    assert titles(read(body)) == ["Eine Lesung im Rathaus"]


@pytest.mark.parametrize(
    "zone",
    [
        "BEGIN:VTIMEZONE\nTZID:Ort\nEND:VTIMEZONE\n",
        "BEGIN:VTIMEZONE\nTZID:Ort\nBEGIN:STANDARD\nEND:STANDARD\nEND:VTIMEZONE\n",
        "BEGIN:VTIMEZONE\nTZID:Ort\nBEGIN:STANDARD\nDTSTART:19701025T030000\nEND:STANDARD\nEND:VTIMEZONE\n",
        "BEGIN:VTIMEZONE\nEND:VTIMEZONE\n",
    ],
)
def test_a_zone_without_rules_is_the_citys(zone: str) -> None:
    body = calendar("DTSTAMP;TZID=Ort:20261120T090000\nDTSTART;TZID=Ort:20261201T090000", head=zone)

    assert starts(read(body)) == [in_utc(2026, 12, 1, 8, 0)]


def test_a_zone_without_rules_may_have_the_name_of_a_known_one() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:America/New_York\nEND:VTIMEZONE\n"

    assert starts(read(calendar("DTSTART;TZID=America/New_York:20261201T090000", head=zone))) == [
        in_utc(2026, 12, 1, 14, 0)
    ]


@pytest.mark.parametrize(
    "day", ["EXDATE:20261202", "EXDATE;VALUE=DATE:20261202", "EXDATE;TZID=Europe/Berlin:20261202"]
)
@pytest.mark.parametrize(
    "start",
    ["DTSTART:20261201T230000Z", "DTSTART;TZID=Europe/Berlin:20261201T233000", "DTSTART:20261201T180000"],
)
def test_the_day_that_is_taken_out_is_the_local_one(day: str, start: str) -> None:
    found = read(calendar(f"{start}\nRRULE:FREQ=DAILY;COUNT=3\n{day}"))

    assert len(found.occurrences) == 2
    assert date(2026, 12, 2) not in {one.starts_on for one in found.occurrences}


def test_the_moment_of_a_whole_day_is_taken_out_too() -> None:
    found = read(calendar("DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261202T000000"))

    assert [one.starts_on.day for one in found.occurrences] == [1, 3]


@pytest.mark.parametrize(
    "title",
    [
        "ENTFÄLLT: Lesung",
        "Entfällt! Lesung",
        "ENTFÄLLT Lesung",
        "+++ ABGESAGT +++ Lesung",
        "Abgesagt – Lesung",
        "Abgesagt - Lesung",
        "Lesung – ENTFÄLLT",
        "Lesung - abgesagt",
        "Lesung – fällt aus",
        "Lesung – fällt leider aus!",
        "Lesung (entfällt)",
        "Lesung (leider abgesagt)",
        "Lesung [ABGESAGT] im Rathaus",
        "Lesung – ABGESAGT – im Rathaus",
        "Lesung ENTFÄLLT",
        "Lesung: wurde abgesagt",
        "Lesung, entfällt",
        "Lesung | cancelled",
        "ABGESAGT",
    ],
)
def test_a_title_says_that_the_event_is_called_off(title: str) -> None:
    assert read(calendar(f"DTSTART:20261201T180000\nSUMMARY:{title}")).occurrences[0].cancelled


@pytest.mark.parametrize(
    "title",
    [
        "Die Pflicht entfällt künftig",
        "Die Pflicht entfällt",
        "Was tun, wenn der Termin entfällt?",
        "Entfällt die Grundsteuer?",
        "DIE PFLICHT ENTFÄLLT",
        "Abgesagte Veranstaltungen von 1920",
        "Nicht abgesagt: Lesung",
        "Lesung (nicht abgesagt)",
        "Vortrag: Wenn der Strom ausfällt",
        "Warum die Messe abgesagt wurde",
        "Lesung",
    ],
)
def test_a_title_that_speaks_of_calling_off_calls_nothing_off(title: str) -> None:
    assert not read(calendar(f"DTSTART:20261201T180000\nSUMMARY:{title}")).occurrences[0].cancelled
