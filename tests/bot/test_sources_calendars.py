from datetime import date, timedelta

import pytest

from bot.sources import Occurrence
from tests.bot.calendars import FILES, calendar, in_utc, read, starts, titles

Dates = dict[str | None, Occurrence]


@pytest.fixture
def dates() -> Dates:
    found = read((FILES / "termine.ics").read_bytes())
    return {one.uid.partition("@")[0]: one for one in found.occurrences}


@pytest.fixture
def series() -> Dates:
    found = read((FILES / "reihe.ics").read_bytes())
    return {one.recurrence_id: one for one in found.occurrences}


def test_an_event_is_read_in_full(dates: Dates) -> None:
    barcamp = dates["barcamp"]

    assert barcamp.title == "BarCamp der Verwaltung"
    assert barcamp.description == (
        "Bring deine Idee mit. Wir freuen uns auf viele kurze Vorträge, Fragen und Gespräche."
    )
    assert barcamp.place == "Rathaus, Saal 1"
    assert barcamp.url == "https://digital.example/barcamp"
    assert (barcamp.sequence, barcamp.cancelled, barcamp.all_day) == (2, False, False)
    assert (barcamp.recurrence_id, barcamp.is_series) == (None, False)


def test_a_time_in_a_zone_of_the_calendars_own_is_the_right_moment(dates: Dates) -> None:
    assert dates["barcamp"].starts_at == in_utc(2026, 12, 4, 17, 0)
    assert dates["barcamp"].ends_at == in_utc(2026, 12, 4, 23, 0)


def test_what_ends_at_midnight_does_not_last_until_the_next_day(dates: Dates) -> None:
    assert (dates["barcamp"].starts_on, dates["barcamp"].ends_on) == (date(2026, 12, 4), date(2026, 12, 4))


def test_whole_days_count_in_the_citys_time_and_the_last_one_is_included(dates: Dates) -> None:
    days = dates["tage"]

    assert days.all_day
    assert (days.starts_on, days.ends_on) == (date(2026, 12, 1), date(2026, 12, 3))
    assert (days.starts_at, days.ends_at) == (in_utc(2026, 11, 30, 23, 0), in_utc(2026, 12, 3, 23, 0))


def test_a_time_without_a_zone_is_the_citys_in_summer_too(dates: Dates) -> None:
    assert dates["ortlos"].starts_at == in_utc(2027, 7, 1, 7, 0)
    assert dates["ortlos"].ends_at is None


def test_an_event_is_called_off_by_its_status_or_by_its_title(dates: Dates) -> None:
    assert {name for name, one in dates.items() if one.cancelled} == {"ortlos", "abgesagt"}
    assert dates["abgesagt"].ends_at == in_utc(2026, 12, 3, 9, 30)


@pytest.mark.parametrize("title", ["ABGESAGT: Lesung", "Entfällt – Lesung", "[abgesagt] Lesung"])
def test_a_title_may_call_an_event_off_in_several_ways(title: str) -> None:
    (one,) = read(calendar(f"DTSTART:20261201T180000\nSUMMARY:{title}")).occurrences

    assert one.cancelled


def test_the_name_of_the_calendar_is_read() -> None:
    assert read((FILES / "termine.ics").read_bytes()).name == "Termine, digital"


def test_a_series_keeps_its_local_time_and_its_instances_keep_their_names(series: Dates) -> None:
    before, after = series["20270324T160000Z"], series["20270329T150000Z"]

    assert before.starts_at == in_utc(2027, 3, 24, 16, 0)
    assert after.starts_at == in_utc(2027, 3, 29, 15, 0)
    assert before.is_series
    assert after.is_series


def test_an_instance_that_is_taken_out_does_not_happen(series: Dates) -> None:
    assert "20261125T160000Z" not in series
    assert "20261202T160000Z" in series


def test_a_moved_instance_keeps_its_name(series: Dates) -> None:
    moved = series["20261130T160000Z"]

    assert moved.starts_at == in_utc(2026, 12, 1, 18, 0)
    assert moved.title == "Offene Runde am Abend"
    assert sum(one.starts_on == date(2026, 11, 30) for one in series.values()) == 0


def test_this_and_all_following_are_moved_each_under_its_own_name() -> None:
    body = calendar(
        "UID:r\nDTSTART:20261123T100000Z\nDTEND:20261123T110000Z\nRRULE:FREQ=DAILY;COUNT=5",
        "UID:r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261125T100000Z\nDTSTART:20261125T120000Z\n"
        "DTEND:20261125T130000Z",
    )

    all_of_it = read(body).occurrences
    later = read(body, today=date(2026, 11, 27)).occurrences

    assert [one.starts_at.hour for one in all_of_it] == [10, 10, 12, 12, 12]
    assert len({one.recurrence_id for one in all_of_it}) == 5
    assert {one.recurrence_id for one in later} < {one.recurrence_id for one in all_of_it}


def test_several_dates_under_one_uid_are_all_kept() -> None:
    found = read(calendar("UID:a\nDTSTART:20261201T100000Z", "UID:a\nDTSTART:20261208T100000Z"))

    assert [one.recurrence_id for one in found.occurrences] == ["20261201T100000Z", "20261208T100000Z"]
    assert all(one.is_series for one in found.occurrences)


def test_of_two_versions_of_an_event_the_newer_one_counts() -> None:
    found = read(
        calendar(
            "UID:a\nSEQUENCE:3\nDTSTART:20261208T100000Z\nSUMMARY:neu",
            "UID:a\nSEQUENCE:1\nDTSTART:20261201T100000Z\nSUMMARY:alt",
        )
    )

    assert titles(found) == ["neu"]
    assert found.occurrences[0].sequence == 3


def test_only_what_is_near_is_kept_soonest_first() -> None:
    found = read(
        calendar(
            "DTSTART;VALUE=DATE:20261120\nSUMMARY:vorgestern",
            "DTSTART;VALUE=DATE:20271227\nSUMMARY:in 400 Tagen",
            "DTSTART;VALUE=DATE:20271228\nSUMMARY:in 401 Tagen",
            "DTSTART;VALUE=DATE:20261121\nSUMMARY:gestern",
            "DTSTART;VALUE=DATE:20261101\nDTEND;VALUE=DATE:20261123\nSUMMARY:läuft noch",
        )
    )

    assert titles(found) == ["läuft noch", "gestern", "in 400 Tagen"]


@pytest.mark.parametrize(
    "rule", ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "MINUTELY;INTERVAL=7", "HOURLY;BYHOUR=9,15"]
)
@pytest.mark.parametrize("start", ["19950102T090000", "20261130T090000"])
def test_a_series_without_end_is_cut(rule: str, start: str) -> None:
    found = read(
        calendar(f"DTSTART:{start}\nRRULE:FREQ={rule}\nUID:r", "DTSTART:20261201T180000\nSUMMARY:Lesung")
    )

    assert len(found.occurrences) == 61
    assert "Lesung" in titles(found)


def test_a_rule_that_began_years_ago_is_followed_to_the_minute() -> None:
    found = read(calendar("DTSTART:20200101T000500\nDURATION:PT1M\nRRULE:FREQ=MINUTELY;INTERVAL=50;BYDAY=MO"))
    begin = in_utc(2019, 12, 31, 23, 5)

    assert found.occurrences[0].starts_on == date(2026, 11, 23)
    assert all((when - begin) % timedelta(minutes=50) == timedelta() for when in starts(found))


def test_a_calendar_has_at_most_five_hundred_events() -> None:
    found = read(calendar(*(f"DTSTART;VALUE=DATE:20270{1 + n % 9}{10 + n % 19}" for n in range(700))))

    assert len(found.occurrences) == 500
    assert starts(found) == sorted(starts(found))


def test_a_whole_day_on_which_the_clocks_change_is_one_day() -> None:
    (one,) = read(calendar("DTSTART;VALUE=DATE:20261025"), today=date(2026, 10, 20)).occurrences

    assert one.ends_at == one.starts_at + timedelta(hours=25)
    assert (one.starts_on, one.ends_on) == (date(2026, 10, 25), date(2026, 10, 25))


def test_a_calendar_without_events_is_a_calendar() -> None:
    assert read(calendar()).occurrences == ()


def test_a_cancelling_calendar_cancels_its_events() -> None:
    assert read(calendar("DTSTART:20261201T090000", head="METHOD:CANCEL\n")).occurrences[0].cancelled


def test_an_event_says_what_it_is_about_in_one_line_or_several() -> None:
    said = "CATEGORIES:Open Data,RIT\nCATEGORIES;LANGUAGE=de:Kunst\\, Kultur,RIT,"
    found = read(calendar(f"DTSTART:20261201T090000\n{said}", "DTSTART:20261202T090000\nCATEGORIES:"))

    assert [one.tags for one in found.occurrences] == [("Open Data", "RIT", "Kunst, Kultur"), ()]


def test_an_event_may_name_who_organises_it() -> None:
    found = read(
        calendar(
            'DTSTART:20261201T090000\nORGANIZER;CN="Referat für Bildung und Sport":mailto:rbs@stadt.example',
            "DTSTART:20261202T090000\nORGANIZER;CN=rbs@stadt.example:mailto:rbs@stadt.example",
            "DTSTART:20261203T090000\nORGANIZER:mailto:rbs@stadt.example",
        )
    )

    assert [one.organiser for one in found.occurrences] == ["Referat für Bildung und Sport", None, None]


def test_each_date_of_a_series_says_what_it_is_about() -> None:
    found = read(calendar("DTSTART:20261201T090000\nRRULE:FREQ=DAILY;COUNT=3\nCATEGORIES:KI"))

    assert [one.tags for one in found.occurrences] == [("KI",)] * 3
