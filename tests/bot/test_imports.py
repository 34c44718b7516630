"""What is read out of files from outside, and every mistake by its line and column."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot import curation, imports
from bot.imports import FetchError, Slip, SlipKind, SlipsError
from bot.sources import Offer
from storage.store import Store
from tests.made import NOW

CITY = ZoneInfo("Europe/Berlin")
FEED = curation.SourceKind.FEED
DATA = Path(__file__).parents[2] / "handlers/demo/data"


def posts_of(table: str | bytes) -> list[Any]:
    body = table.encode() if isinstance(table, str) else table
    return imports.read_posts(body, zone=CITY, now=NOW)


def events_of(table: str) -> list[Any]:
    return imports.read_events(table.encode(), zone=CITY)


def slips(read: Callable[[str], object], table: str) -> list[Slip]:
    with pytest.raises(SlipsError) as caught:
        read(table)
    return list(caught.value.slips)


def test_the_demos_tables_can_be_read():
    assert len(posts_of((DATA / "posts.csv").read_bytes())) > 50
    # Of some events nobody knows the day.
    found = slips(events_of, (DATA / "events.csv").read_text())
    assert {(slip.column, slip.kind) for slip in found} == {("start", SlipKind.EMPTY)}


def test_a_post_has_a_title_a_day_an_address_and_tags():
    (post,) = posts_of("title,date,url,tags\nNeu im Netz,2026-11-17,https://stadt.example/1,#KI Daten\n")

    assert (post.title, post.url, post.tags) == ("Neu im Netz", "https://stadt.example/1", ("#KI", "Daten"))
    assert post.published_at == datetime(2026, 11, 17, 11, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_may_be_german_and_of_any_spreadsheet(encoding: str, separator: str):
    lines = [
        ["Adresse", "TITEL ", "Datum", "Fußnote", "Schlagwörter"],
        ["", "Brücken für alle", "1.9.2026", "x", "KI"],
    ]
    table = "\r\n".join(separator.join(cells) for cells in lines).encode(encoding)

    (post,) = posts_of(table)
    assert (post.title, post.url, post.tags) == ("Brücken für alle", None, ("KI",))
    assert post.published_at == datetime(2026, 9, 1, 10, tzinfo=UTC)


def test_tags_with_blanks_are_separated_by_commas_or_semicolons():
    (post,) = posts_of('Titel;Schlagwörter\nA;"Open Data, KI;Netz"\n')

    assert post.tags == ("Open-Data", "KI", "Netz")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("24.12.2025", datetime(2025, 12, 24, 11, tzinfo=UTC)),
        ("24.12.2025 18:00", datetime(2025, 12, 24, 17, tzinfo=UTC)),
        ("24.12.2025, 18.00 Uhr", datetime(2025, 12, 24, 17, tzinfo=UTC)),
        ("1. 7. 2025 9:05", datetime(2025, 7, 1, 7, 5, tzinfo=UTC)),
        ("2025-12-24T18:00", datetime(2025, 12, 24, 17, tzinfo=UTC)),
        ("2025-12-24 18:00:30", datetime(2025, 12, 24, 17, 0, 30, tzinfo=UTC)),
        ("2025-12-24T23:30:00Z", datetime(2025, 12, 24, 23, 30, tzinfo=UTC)),
    ],
)
def test_a_date_may_be_german_or_iso(words: str, expected: datetime):
    (post,) = posts_of(f'title;date\nA;"{words}"\n')

    assert post.published_at == expected


@pytest.mark.parametrize(
    "words",
    [
        "gestern",
        "31.2.2025",
        "24.12.25",
        "12/24/2025",
        "2025",
        "0001-01-01",
        "2025-12-24T25:00",
        "0001-01-01T00:00+05:00",
        "9999-12-31T23:00-05:00",
    ],
)
def test_what_is_no_date_is_a_mistake_with_its_line_and_column(words: str):
    assert slips(posts_of, f"Titel;Datum\nA;\nB;{words}\n") == [Slip(3, "Datum", SlipKind.NO_DATE, words)]


def test_all_mistakes_are_told_at_once():
    table = (
        "title,date,url\n"
        ",2025-01-01,\n"
        '"Ein Titel\nüber zwei Zeilen",2027-01-01,https://stadt.example/\n'
        f"{'x' * 301},,javascript:alert(1)\n"
        "A,,,zu viel\n"
        "\n"
        "Gut,2025-01-01,\n"
    )

    assert slips(posts_of, table) == [
        Slip(2, "title", SlipKind.EMPTY),
        Slip(3, "date", SlipKind.IN_FUTURE, "2027-01-01"),
        Slip(5, "title", SlipKind.TOO_LONG),
        Slip(5, "url", SlipKind.NO_LINK, "javascript:alert(1)"),
        Slip(6, "", SlipKind.TOO_MANY_CELLS, "zu viel"),
    ]


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("", SlipKind.NO_COLUMN),
        ("Datum;Adresse\n1.1.2025;\n", SlipKind.NO_COLUMN),
        ('Titel\n"offen\n', SlipKind.BROKEN),
        (f"Titel\n{'x' * 200_000}\n", SlipKind.BROKEN),
    ],
)
def test_what_is_no_table_of_posts_is_one_mistake(table: str, kind: SlipKind):
    assert [slip.kind for slip in slips(posts_of, table)] == [kind]


def test_an_event_without_a_time_of_day_is_all_day():
    whole, timed, until = events_of(
        "Titel;Beginn;Ende;Ort;Veranstalter*in\n"
        "BarCamp;12.6.2026;13.6.2026;Rathaus;IT-Referat\n"
        "Marktplatz;9.12.2026 18:00;9.12.2026 20:00;;\n"
        "Nacht;9.12.2026 18:00;10.12.2026 2:00;;\n"
    )

    assert (whole.all_day, whole.starts_on, whole.ends_on) == (True, date(2026, 6, 12), date(2026, 6, 13))
    assert (whole.place, whole.organiser, timed.place) == ("Rathaus", "IT-Referat", None)
    assert (timed.all_day, timed.starts_at, timed.ends_at) == (
        False,
        datetime(2026, 12, 9, 17, tzinfo=UTC),
        datetime(2026, 12, 9, 19, tzinfo=UTC),
    )
    assert (until.starts_on, until.ends_on) == (date(2026, 12, 9), date(2026, 12, 10))


def test_an_event_has_a_beginning_and_ends_after_it():
    table = "Titel;Beginn;Ende\nA;;\nB;9.12.2026;8.12.2026\nC;9.12.2026 18:00;9.12.2026 17:00\n"

    assert [(slip.line, slip.column, slip.kind) for slip in slips(events_of, table)] == [
        (2, "Beginn", SlipKind.EMPTY),
        (3, "Ende", SlipKind.ENDS_BEFORE),
        (4, "Ende", SlipKind.ENDS_BEFORE),
    ]


ICS = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
SUMMARY:Vor Jahren
DTSTART;VALUE=DATE:20190510
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Bald
DTSTART:20261203T173000Z
LOCATION:Rathaus
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Jedes Jahr
DTSTART;VALUE=DATE:20240315
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:4
SUMMARY:Doch nicht
STATUS:CANCELLED
DTSTART:20261204T173000Z
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def test_a_calendar_is_read_with_what_is_over():
    assert imports.is_calendar(b"\xef\xbb\xbf" + ICS)
    found = imports.read_calendar(ICS, timezone="Europe/Berlin", today=NOW.date())

    assert sorted((one.title, one.starts_on.isoformat()) for one in found) == [
        ("Bald", "2026-12-03"),
        ("Jedes Jahr", "2024-03-15"),
        ("Jedes Jahr", "2025-03-15"),
        ("Jedes Jahr", "2026-03-15"),
        ("Jedes Jahr", "2027-03-15"),
        ("Vor Jahren", "2019-05-10"),
    ]


def test_of_a_large_calendar_no_event_is_lost():
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTART:20261203T100000Z\r\nSUMMARY:Termin\r\nEND:VEVENT\r\n"
        for number in range(1_200)
    )
    body = f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode()

    assert len(imports.read_calendar(body, timezone="Europe/Berlin", today=NOW.date())) == 1_200


def test_a_calendar_that_lies_ahead_is_read():
    found = imports.read_calendar(ICS, timezone="Europe/Berlin", today=date(2018, 6, 1))

    assert [one.title for one in found] == ["Vor Jahren"]


def test_a_full_calendar_is_read_to_its_end():
    starts = [datetime(2025, 1, 1, 10, tzinfo=CITY) + timedelta(hours=16 * number) for number in range(1_200)]
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:Termin {number}\r\nDTSTART:{start:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
        for number, start in enumerate(starts)
    )
    body = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()

    found = imports.read_calendar(body, timezone="Europe/Berlin", today=NOW.date())

    last = NOW.date() + timedelta(days=400)
    assert len(found) == sum(start.date() <= last for start in starts) > 1_000


def test_what_is_no_calendar_and_no_list_of_subscriptions_is_refused():
    assert not imports.is_calendar(b"Titel;Beginn\n")
    with pytest.raises(FetchError):
        imports.read_calendar(b"BEGIN:VCALENDAR\r\nBEGIN:VEV", timezone="Europe/Berlin", today=NOW.date())
    with pytest.raises(FetchError):
        imports.read_sources(b"Titel;Adresse\n")


OPML = b"""<?xml version="1.0"?><opml version="2.0"><head/><body><outline text="Stadt">
<outline text="Blog" type="rss" xmlUrl="https://blog.example/feed"/>
<outline text="" type="rss" xmlUrl="https://portal.example/feed"/>
</outline></body></opml>"""


def test_subscriptions_become_sources_and_known_ones_stay_as_they_are(sqlite_store: Store):
    def known(session: Session) -> None:
        found = curation.add(
            session,
            kind=curation.SourceKind.FEED,
            name="Unser Blog",
            url="https://blog.example/feed",
            every_s=60,
            now=NOW - timedelta(days=1),
            origin="command",
        )
        found.succeeded_at = NOW

    def names(session: Session) -> list[tuple[str, int | None, str]]:
        return [(found.name, found.every_s, found.origin) for found in curation.listed(session)]

    sqlite_store.do(known)
    offers = imports.read_sources(OPML)
    offers += (Offer("calendar", "https://portal.example/termine.ics", "Termine"),)

    assert sqlite_store.do(imports.keep_sources, offers, now=NOW) == [False, True, True]
    assert sqlite_store.ask(names) == [
        ("Termine", None, "import"),
        ("Unser Blog", 60, "command"),
        ("portal.example", None, "import"),
    ]


def test_a_known_source_stays_as_it_is_however_its_address_is_spelled(sqlite_store: Store):
    url = "https://blog.example/feed"
    sqlite_store.do(curation.add, kind=FEED, name="Unser Blog", url=url, every_s=60, now=NOW, origin="test")
    offer = Offer("feed", "http://www.blog.example/feed/", "Anders")

    assert sqlite_store.do(imports.keep_sources, [offer], now=NOW) == [False]
    (source,) = sqlite_store.ask(curation.listed)
    assert (source.name, source.url, source.every_s) == ("Unser Blog", url, 60)


def test_the_long_name_of_a_subscription_is_cut(sqlite_store: Store):
    offers = [Offer("feed", "https://blog.example/feed", "Neues aus der Stadt " * 12)]
    offers += [Offer("feed", f"https://{'a-portal.' * 20}example/feed", "")]

    assert sqlite_store.do(imports.keep_sources, offers, now=NOW) == [True, True]
    assert all(len(one.name) <= curation.MAX_TITLE for one in sqlite_store.ask(curation.listed))
