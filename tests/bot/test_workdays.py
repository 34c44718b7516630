from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings
from bot.workdays import Workdays

CITY = ZoneInfo("Europe/Berlin")
WORKDAYS = Workdays(Settings().holidays, CITY)
MONDAY, NINE = 0, time(9)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 18), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        # Assumption Day is a holiday in Munich, though not in all of Bavaria; in 2025 it was a Friday.
        (date(2025, 8, 15), False),
        (date(2026, 4, 6), False),
        (date(2026, 1, 6), False),
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
    ],
)
def test_people_work_from_monday_to_friday_but_not_on_munichs_holidays(day: date, expected: object):
    assert WORKDAYS.is_workday(day) is expected


def test_other_places_have_other_holidays():
    hamburg = Workdays("DE-HH", CITY)

    assert hamburg.is_workday(date(2026, 1, 6))
    assert not hamburg.is_workday(date(2025, 10, 31))
    assert Workdays("DE", CITY).is_workday(date(2025, 10, 31))


def test_a_day_off_moves_on_to_the_next_working_day():
    # Good Friday, the weekend and Easter Monday.
    assert WORKDAYS.from_day(date(2026, 4, 3)) == date(2026, 4, 7)
    assert WORKDAYS.from_day(date(2026, 4, 7)) == date(2026, 4, 7)


def test_two_working_days_after_maundy_thursday_easter_is_over():
    assert WORKDAYS.after(date(2026, 4, 2), 2) == date(2026, 4, 8)
    assert WORKDAYS.after(date(2026, 4, 3), 0) == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("monday", "moment"),
    [
        # The clocks were changed the night before: nine o'clock stays nine o'clock.
        (date(2026, 3, 23), datetime(2026, 3, 23, 8, 0, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
        (date(2026, 10, 19), datetime(2026, 10, 19, 7, 0, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_weekly_appointment_keeps_its_local_hour_when_the_clocks_change(monday: date, moment: datetime):
    assert WORKDAYS.last_weekly(moment, MONDAY, NINE) == moment
    assert WORKDAYS.last_weekly(moment - timedelta(seconds=1), MONDAY, NINE) < moment - timedelta(days=5)
    assert WORKDAYS.today(WORKDAYS.last_weekly(moment + timedelta(hours=30), MONDAY, NINE)) == monday


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(3, 0)])
def test_on_the_day_the_clocks_change_an_appointment_is_one_moment(day: date, clock: time):
    appointment = WORKDAYS.at(day, clock)
    midnight = datetime.combine(day, time(), tzinfo=CITY).astimezone(UTC)

    moments = {
        WORKDAYS.at(WORKDAYS.today(midnight + timedelta(minutes=step)), clock)
        for step in range(0, 23 * 60, 10)
    }

    assert moments == {appointment}
    assert appointment.astimezone(UTC).astimezone(CITY).date() == day


def test_an_appointment_on_a_holiday_comes_on_the_next_working_day():
    # Easter Monday.
    tuesday = datetime(2026, 4, 7, 9, 0, tzinfo=CITY)

    assert WORKDAYS.last_weekly(tuesday, MONDAY, NINE) == tuesday
    assert WORKDAYS.last_weekly(tuesday - timedelta(seconds=1), MONDAY, NINE) == datetime(
        2026, 3, 30, 9, tzinfo=CITY
    )
    assert WORKDAYS.last_weekly(tuesday + timedelta(days=5), MONDAY, NINE) == tuesday


def test_an_appointment_moved_into_the_next_week_is_not_forgotten():
    # Good Friday's moves past Easter Monday.
    friday, tuesday = 4, datetime(2026, 4, 7, 9, 0, tzinfo=CITY)

    assert WORKDAYS.last_weekly(tuesday + timedelta(hours=1), friday, NINE) == tuesday


@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - takes naive bounds
    weekday=st.integers(0, 6),
    clock=st.times().map(lambda found: found.replace(microsecond=0)),
)
def test_the_last_appointment_is_past_on_a_working_day_and_stays_until_the_next(
    now: datetime, weekday: int, clock: time
):
    last = WORKDAYS.last_weekly(now, weekday, clock)

    assert last <= now < last + timedelta(days=14)
    assert WORKDAYS.is_workday(last.date())
    assert WORKDAYS.last_weekly(last, weekday, clock) == last


def test_today_is_the_citys_date():
    assert WORKDAYS.today(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("now", "days", "expected"),
    [
        # A Monday in winter; in the week before it nobody had a day off.
        (datetime(2026, 11, 23, 10, tzinfo=UTC), 3, datetime(2026, 11, 18, 10, tzinfo=UTC)),
        (datetime(2026, 11, 20, 10, tzinfo=UTC), 3, datetime(2026, 11, 17, 10, tzinfo=UTC)),
        # The Wednesday after Easter: Good Friday, the weekend and Easter Monday do not count.
        (datetime(2026, 4, 8, 8, tzinfo=UTC), 3, datetime(2026, 4, 1, 8, tzinfo=UTC)),
        # The clocks went forward on Sunday 29 March: the same time of day, not the same hours.
        (datetime(2026, 3, 30, 8, tzinfo=UTC), 1, datetime(2026, 3, 27, 9, tzinfo=UTC)),
    ],
)
def test_working_days_that_have_gone_by_are_counted_by_the_citys_calendar_and_clocks(
    now: datetime, days: int, expected: datetime
):
    assert WORKDAYS.before(now, days) == expected
