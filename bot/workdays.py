"""Working days and times of the city: weekends and public holidays of any German state."""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays import HolidayBase, country_holidays

__all__ = ["Workdays"]

SATURDAY = 5


class Workdays:
    """The working days of one place, in its time zone."""

    def __init__(self, holidays: str, zone: ZoneInfo) -> None:
        """Take the place.

        Args:
            holidays: country, state and categories, such as `DE-BY:public,catholic`. Without `catholic`
                15 August is missing, which is a public holiday in Munich.
            zone: where its clocks are.
        """
        self.zone = zone
        self._place = holidays
        self._holidays = _calendar(holidays)

    def elsewhere(self, timezone: str) -> Self:
        """Return the same working days by other clocks; a zone that nobody knows counts as the city's."""
        try:
            return type(self)(self._place, ZoneInfo(timezone))
        except (ZoneInfoNotFoundError, ValueError):
            return self

    def is_workday(self, day: date) -> bool:
        """Say whether people work on this day."""
        return day.weekday() < SATURDAY and day not in self._holidays

    def from_day(self, day: date) -> date:
        """Return this day if people work on it, else the next one on which they do."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def before(self, now: datetime, days: int) -> datetime:
        """Return the moment from which `days` working days have gone by until now, by the city's clocks."""
        local = now.astimezone(self.zone)
        day = local.date()
        for _ in range(days):
            day -= timedelta(days=1)
            while not self.is_workday(day):
                day -= timedelta(days=1)
        return self.at(day, local.time())

    def after(self, day: date, days: int) -> date:
        """Return the working day that is so many working days after a day."""
        for _ in range(days):
            day = self.from_day(day + timedelta(days=1))
        return day

    def at(self, day: date, clock: time) -> datetime:
        """Return the moment at which the city's clocks show this time on this day."""
        return datetime.combine(day, clock, tzinfo=self.zone)

    def today(self, now: datetime) -> date:
        """Return the date in the city."""
        return now.astimezone(self.zone).date()

    def last_weekly(self, now: datetime, weekday: int, clock: time) -> datetime:
        """Return the latest moment, not after `now`, of a weekly appointment; a holiday moves it on.

        Args:
            now: aware.
            weekday: 0 is Monday.
            clock: local time of day.
        """
        today = self.today(now)
        monday = today - timedelta(days=today.weekday())
        for weeks in (0, 1, 2):
            day = self.from_day(monday + timedelta(days=weekday, weeks=-weeks))
            if self.at(day, clock) <= now:
                return self.at(day, clock)
        raise AssertionError("an appointment of the week before last is past")


@cache
def _calendar(words: str) -> HolidayBase:
    place, _, categories = words.partition(":")
    country, _, state = place.partition("-")
    return country_holidays(
        country, subdiv=state or None, categories=tuple(filter(None, categories.split(","))) or None
    )
