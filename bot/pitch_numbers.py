"""How many pitches came, were accepted and were published, per department and month: never per person.

BayPVG Art. 75a: nobody is ranked or timed. How many pitches a department sent says nothing about who sent
them, so counts are shown as they are. How long a decision takes is shown only for pitches of at least LEAST
different people: with fewer it would say how long someone's own idea lay. Who decided is not read at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
# The whole city, among the ids of departments.
ALL: Final = 0


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
class _Part:
    """What happened in a while: as often as it did, and how long each decision took for whom."""

    pitched: list[Happened] = field(default_factory=list)
    accepted: list[Happened] = field(default_factory=list)
    published: list[Happened] = field(default_factory=list)
    decided: list[Happened] = field(default_factory=list)


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
    lists = {
        "pitched": stored.sent(session, since=since, before=before),
        "accepted": stored.reached(session, (PitchState.ACCEPTED,), since=since, before=before),
        "published": stored.reached(session, (PitchState.PUBLISHED,), since=since, before=before),
        "decided": stored.reached(session, DECISIONS, since=since, before=before),
    }
    parts: defaultdict[tuple[int | None, date | None], _Part] = defaultdict(_Part)
    for name, happened in lists.items():
        for one in happened:
            month = one.at.astimezone(zone).date().replace(day=1)
            for key in ((ALL, None), (ALL, month), (one.department_id, None), (one.department_id, month)):
                getattr(parts[key], name).append(one)
    departments = [one for one in people.departments(session) if (one.id, None) in parts]
    rows = [_row(one, one.id, parts) for one in departments]
    if (None, None) in parts:
        rows.append(_row(None, None, parts))
    first = stored.first_sent_at(session)
    is_first = first is None or first >= since
    return Numbers(year, _row(None, ALL, parts), tuple(rows), is_first=is_first)


def _row(
    department: Department | None, key: int | None, parts: Mapping[tuple[int | None, date | None], _Part]
) -> Row:
    months = sorted(month for id_, month in parts if id_ == key and month)
    return Row(
        department,
        _count(parts.get((key, None), _Part())),
        tuple((month, _count(parts[key, month])) for month in months),
    )


def _count(found: _Part) -> Count:
    return Count(len(found.pitched), len(found.accepted), len(found.published), _days(found.decided))


def _days(decided: Iterable[Happened]) -> float | None:
    """Return the median of days until a decision, if the pitches are of enough different people."""
    waited = [(one.pitcher_id, (one.at - one.sent_at) / timedelta(days=1)) for one in decided]
    if len({pitcher_id for pitcher_id, _days in waited}) < LEAST:
        return None
    return round(median(days for _pitcher, days in waited), 1)
