"""How many pitches came, were accepted and were published, per department and month: never per person.

BayPVG Art. 75a: nobody is ranked or timed. How many pitches a department sent says nothing about who sent
them, so counts are shown as they are. How long a decision takes is shown only for pitches of at least LEAST
different people: with fewer it would say how long someone's own idea lay. Who decided is not read at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import people
from bot.people import Department, Person, Role
from storage import pitch_numbers as stored
from storage.pitch_numbers import Happened
from storage.pitches import PitchState

__all__ = ["LEAST", "Count", "Numbers", "Row", "of_year", "shown"]

LEAST: Final = 5
# A first answer that says whether something comes of an idea.
DECISIONS: Final = (PitchState.SHELF, PitchState.ACCEPTED, PitchState.DECLINED, PitchState.MERGED)


@dataclass(frozen=True)
class Count:
    """What happened in a while. `days` is the median until a decision, None where too few people pitched."""

    pitched: int = 0
    accepted: int = 0
    published: int = 0
    days: float | None = None


@dataclass(frozen=True)
class Row:
    """A department, or None for pitches of none, with its whole year and each month in which it had any."""

    department: Department | None
    year: Count
    months: tuple[tuple[date, Count], ...]


@dataclass(frozen=True)
class Numbers:
    """A year: all departments together, and each by name; `is_first` when there is nothing before it."""

    year: int
    total: Row
    rows: tuple[Row, ...] = ()
    is_first: bool = True


@dataclass(frozen=True)
class _Year:
    """All that happened in a year."""

    pitched: list[Happened]
    accepted: list[Happened]
    published: list[Happened]
    decided: list[Happened]

    def of_department(self, department_id: int | None) -> "_Year":
        """Return what happened with the pitches of one department, or of none."""
        return _Year(
            *([one for one in part if one.department_id == department_id] for part in vars(self).values())
        )

    def of_month(self, month: date, zone: ZoneInfo) -> "_Year":
        """Return what happened in one month."""
        return _Year(*([one for one in part if _month(one, zone) == month] for part in vars(self).values()))


def shown(session: Session, *, by: Person, year: int, zone: ZoneInfo) -> Numbers:
    """Return the figures of a year to someone who may see them.

    Raises:
        NotAllowedError: not of the comms team.
    """
    people.require(session, by, Role.COMMS)
    return of_year(session, year=year, zone=zone)


def of_year(session: Session, *, year: int, zone: ZoneInfo) -> Numbers:
    """Return the figures of a year, by the city's clocks."""
    since, before = (datetime.combine(date(one, 1, 1), time(), tzinfo=zone) for one in (year, year + 1))
    found = _Year(
        stored.sent(session, since=since, before=before),
        stored.reached(session, (PitchState.ACCEPTED,), since=since, before=before),
        stored.reached(session, (PitchState.PUBLISHED,), since=since, before=before),
        stored.reached(session, DECISIONS, since=since, before=before),
    )
    every = (*found.pitched, *found.accepted, *found.published, *found.decided)
    ids = {one.department_id for one in every}
    departments = [one for one in people.departments(session) if one.id in ids]
    rows = [_row(one, found.of_department(one.id), zone) for one in departments]
    if None in ids:
        rows.append(_row(None, found.of_department(None), zone))
    first = stored.first_sent_at(session)
    return Numbers(
        year, _row(None, found, zone), tuple(rows), is_first=first is None or first.astimezone(zone) >= since
    )


def _row(department: Department | None, found: _Year, zone: ZoneInfo) -> Row:
    months = sorted({_month(one, zone) for part in vars(found).values() for one in part})
    by_month = tuple((month, _count(found.of_month(month, zone))) for month in months)
    return Row(department, _count(found), by_month)


def _count(found: _Year) -> Count:
    return Count(len(found.pitched), len(found.accepted), len(found.published), _days(found.decided))


def _days(decided: Iterable[Happened]) -> float | None:
    """Return the median of days until a decision, if the pitches are of enough different people."""
    waited = [(one.pitcher_id, (one.at - one.sent_at) / timedelta(days=1)) for one in decided]
    if len({pitcher_id for pitcher_id, _days in waited}) < LEAST:
        return None
    return round(median(days for _pitcher, days in waited), 1)


def _month(one: Happened, zone: ZoneInfo) -> date:
    return one.at.astimezone(zone).date().replace(day=1)
