from datetime import date
from pathlib import Path

import pytest

from bot.sources import FetchError, Reason
from tests.bot.calendars import FILES, calendar, in_utc, read, starts, titles


def test_an_event_without_a_uid_is_called_the_same_each_time() -> None:
    body = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261201T100000Z\nSUMMARY:X\nEND:VEVENT\nEND:VCALENDAR\n"

    assert read(body).occurrences[0].uid == read(body).occurrences[0].uid != ""


@pytest.mark.parametrize(
    "bad",
    [
        "DTSTART:20261301T180000",
        "DTSTART:heute",
        "DTSTART:PT1H",
        "DTSTART:00010101T000000",
        "DTEND:20261201T180000Z",
        "DTSTART:20261201T180000Z\nRECURRENCE-ID:irgendwann",
        "DTSTART:20261201T180000Z\nRRULE:FREQ=DAILY;UNTIL=20270101;COUNT=x;BYDAY=0",
    ],
)
def test_an_event_that_makes_no_sense_costs_no_other(bad: str) -> None:
    found = read(
        calendar("DTSTART:20261201T090000\nSUMMARY:davor", bad, "DTSTART:20261202T090000\nSUMMARY:danach")
    )

    assert {"davor", "danach"} <= set(titles(found))
    assert len(found.occurrences) <= 3


@pytest.mark.parametrize(
    "bad",
    [
        "ORGANIZER;CN=:mailto",
        "ORGANIZER;VALUE=DATE:kaputt",
        "ORGANIZER;CN=A,B:mailto:x",
        "CATEGORIES;VALUE=DATE:kaputt",
        'CATEGORIES;X="a:b,c',
        "CATEGORIES",
        "DTEND:20261399",
        "SEQUENCE:oft",
        "EXDATE:nie",
        "DESCRIPTION;X",
        "hier fehlt etwas",
        "GEO:x;y",
        "URL:http://[",
        'ATTENDEE;CN="A:B',
        "X-FOO;=;;:",
        ":",
        "BEGIN:VALARM\nTRIGGER:bald\nEND:VALARM",
        "BEGIN:VALARM",
        "END:VALARM",
        "SUMMARY:noch ein Titel",
        "DTSTART:20270101T090000",
    ],
)
def test_a_bad_line_costs_only_itself(bad: str) -> None:
    found = read(
        calendar(
            f"DTSTART:20261201T090000\nSUMMARY:Lesung\nUID:a\n{bad}",
            "DTSTART:20261202T090000\nSUMMARY:danach",
        )
    )

    assert titles(found) == ["Lesung", "danach"]
    assert starts(found)[0] == in_utc(2026, 12, 1, 8, 0)


def test_an_event_that_is_never_ended_ends_with_the_next_one() -> None:
    body = calendar("DTSTART:20261201T090000\nSUMMARY:a", "DTSTART:20261202T090000\nSUMMARY:b")

    assert titles(read(body.replace(b"END:VEVENT\r\n", b""))) == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("DTSTART;TZID=W. Europe Standard Time:20261201T090000", 8),
        ("DTSTART;TZID=/vendor.example/2026/Europe/Berlin:20261201T090000", 8),
        ("DTSTART;TZID=Unbekannt:20261201T090000", 8),
        ("DTSTART;TZID=America/New_York:20261201T090000", 14),
        ("DTSTART:20261201T090000Z", 9),
    ],
)
def test_a_zone_may_be_named_in_many_ways(line: str, hour: int) -> None:
    assert starts(read(calendar(line))) == [in_utc(2026, 12, 1, hour, 0)]


def test_a_day_that_is_given_with_a_zone_is_still_a_day() -> None:
    (one,) = read(calendar("DTSTART;VALUE=DATE;TZID=America/New_York:20261201")).occurrences

    assert one.all_day
    assert (one.starts_on, one.ends_on) == (date(2026, 12, 1), date(2026, 12, 1))


def test_one_calendars_idea_of_a_zone_does_not_reach_the_next() -> None:
    def body(offset: str) -> bytes:
        zone = f"BEGIN:VTIMEZONE\nTZID:Lokal\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE\n"
        return calendar("DTSTART;TZID=Lokal:20261201T120000", head=zone)

    assert starts(read(body("+0100"))) == [in_utc(2026, 12, 1, 11, 0)]
    assert starts(read(body("-0500"))) == [in_utc(2026, 12, 1, 17, 0)]


@pytest.mark.parametrize(("own", "hour"), [("America/New_York", 14), ("UTC", 8), ("Mars/Olympus", 8)])
def test_a_calendar_may_say_where_it_is_at_home(own: str, hour: int) -> None:
    found = read(calendar("DTSTART:20261201T090000", head=f"X-WR-TIMEZONE:{own}\n"))

    assert starts(found) == [in_utc(2026, 12, 1, hour, 0)]


def test_umlauts_of_an_old_program_survive() -> None:
    body = calendar("DTSTART:20261201T090000\nSUMMARY:Frühstück").decode().encode("cp1252")

    assert titles(read(body)) == ["Frühstück"]


def test_markup_in_a_description_does_not_reach_its_readers() -> None:
    (one,) = read(
        calendar("DTSTART:20261201T090000\nDESCRIPTION:<p>Eins</p><p>Zwei &amp\\; drei</p>")
    ).occurrences

    assert one.description == "Eins Zwei & drei"


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"BEGIN:VEVENT\nEND:VEVENT\n", b"\x00\xff"])
def test_what_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        read(body)

    assert caught.value.reason is Reason.NOT_A_CALENDAR


def test_a_calendar_that_breaks_off_is_refused_as_its_missing_events_are_not_cancelled() -> None:
    body = (FILES / "termine.ics").read_bytes()

    with pytest.raises(FetchError) as caught:
        read(body[: len(body) // 2])

    assert (caught.value.reason, caught.value.detail) == (Reason.NOT_A_CALENDAR, "truncated")


def test_a_body_that_names_a_file_opens_none(tmp_path: Path) -> None:
    file = tmp_path / "termine.ics"
    file.write_bytes(calendar("DTSTART:20261201T090000"))

    with pytest.raises(FetchError):
        read(str(file).encode())
