"""The editorial calendar: what appears when and where, what has appeared, and where there is a gap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import people
from bot.people import Department, Person, Role
from bot.pitches import Pitch, PitchState
from storage import planning as stored
from storage.planning import Outlet, Wanted
from storage.posts import Post

__all__ = [
    "EVERYTHING",
    "Entry",
    "Month",
    "Open",
    "Outlet",
    "Undated",
    "Wanted",
    "Week",
    "between",
    "is_empty_ahead",
    "month",
    "next_month",
    "open_month",
    "previous_month",
    "series",
    "undated",
    "weeks",
]

# A calendar of a month names at most so many stories of each kind: more than anyone reads.
MOST: Final = 200
MOST_SERIES: Final = 98
MOST_UNDATED: Final = 15
# Where nothing is planned for so long, the newsroom is to see it.
AHEAD: Final = timedelta(days=14)
EVERYTHING: Final = Wanted()


@dataclass(frozen=True)
class Entry:
    """What appears, or has appeared, on a day: an idea, a post, or a post that an idea became.

    Attributes:
        outlets: where on that day; empty when that is open.
        pitch: the idea it goes back to; None for a post that nobody had pitched.
        post: the post that it became.
    """

    day: date
    title: str
    outlets: tuple[Outlet, ...] = ()
    pitch: Pitch | None = None
    post: Post | None = None
    department: Department | None = None
    author: Person | None = None

    @property
    def state(self) -> PitchState:
        """How it stands."""
        return PitchState.PUBLISHED if self.post or not self.pitch else self.pitch.state

    @property
    def department_id(self) -> int | None:
        """Whose it is."""
        about = self.pitch or self.post
        return about.department_id if about else None

    @property
    def series(self) -> str:
        """The series it belongs to; empty when it is none."""
        return self.pitch.series if self.pitch else self.post.series if self.post else ""


@dataclass(frozen=True)
class Open:
    """An idea on the shelf, or accepted, for which no day is planned yet."""

    pitch: Pitch
    department: Department | None
    author: Person | None


@dataclass(frozen=True)
class Undated:
    """What has no day yet, longest waiting first; `more` is how many there are beside these."""

    ideas: Sequence[Open]
    more: int


@dataclass(frozen=True)
class Week:
    """The days of a week, Monday to Sunday, as far as they are in the month, and what appears in them."""

    first_day: date
    last_day: date
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Month:
    """A month of the plan, or the part of it that was asked for.

    Attributes:
        weeks: all of its weeks, also those in which nothing appears.
        is_empty_ahead: nothing at all is planned from today on for a fortnight.
    """

    first_day: date
    weeks: Sequence[Week]
    wanted: Wanted
    is_empty_ahead: bool
    undated: Undated

    @property
    def entries(self) -> list[Entry]:
        """All that appears in it, in order."""
        return [entry for week in self.weeks for entry in week.entries]


def open_month(
    session: Session, first_day: date, *, by: Person, wanted: Wanted, today: date, zone: ZoneInfo
) -> Month:
    """Return a month of the plan for someone who may see it.

    Raises:
        NotAllowedError: not of the comms team.
    """
    people.require(session, by, Role.COMMS)
    return month(session, first_day, wanted=wanted, today=today, zone=zone)


def month(
    session: Session, first_day: date, *, today: date, zone: ZoneInfo, wanted: Wanted = EVERYTHING
) -> Month:
    """Return what appears in a month, week by week.

    Args:
        session: the transaction.
        first_day: any day of the month.
        today: the date in the city.
        zone: where its clocks are.
        wanted: what of the plan is asked for.
    """
    first_day = first_day.replace(day=1)
    last_day = next_month(first_day) - timedelta(days=1)
    entries = between(session, first_day, last_day, zone=zone, wanted=wanted)
    return Month(
        first_day,
        weeks(first_day, last_day, entries),
        wanted,
        is_empty_ahead(session, today=today),
        undated(session, wanted=wanted),
    )


def weeks(first: date, last: date, entries: Sequence[Entry]) -> list[Week]:
    """Return all weeks from one day to another, each with what appears in it."""
    found = []
    start = first
    while start <= last:
        end = min(start + timedelta(days=6 - start.weekday()), last)
        found.append(Week(start, end, [entry for entry in entries if start <= entry.day <= end]))
        start = end + timedelta(days=1)
    return found


def undated(session: Session, *, wanted: Wanted = EVERYTHING, limit: int = MOST_UNDATED) -> Undated:
    """Return what is on the shelf, or accepted, and has no day yet."""
    found, number = stored.undated(session, wanted=wanted, limit=limit)
    departments = {one.id: one for one in people.departments(session)}
    authors = stored.authors(session, {one.author_id for one in found})
    ideas = [Open(one, departments.get(one.department_id), authors.get(one.author_id)) for one in found]
    return Undated(ideas, number - len(found))


def between(
    session: Session, first: date, last: date, *, zone: ZoneInfo, wanted: Wanted = EVERYTHING
) -> list[Entry]:
    """Return what appears or has appeared from one day to another, in order, each story once a day."""
    found: dict[tuple[date, int], Entry] = {}
    for pitch in stored.planned(session, first, last, wanted=wanted, limit=MOST):
        assert pitch.planned_on is not None
        found[pitch.planned_on, pitch.id or 0] = Entry(pitch.planned_on, pitch.title, pitch=pitch)
    for row, pitch in stored.planned_outlets(session, first, last, wanted=wanted, limit=MOST):
        assert row.planned_on is not None
        place = row.planned_on, row.pitch_id
        known = found.get(place) or Entry(row.planned_on, pitch.title, pitch=pitch)
        found[place] = replace(known, outlets=(*known.outlets, row.outlet))
    start = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    published = [
        _published(post, pitch, zone)
        for post, pitch in stored.published(session, start, end, wanted=wanted, limit=MOST)
    ]
    entries = _with_whose(session, [*found.values(), *published])
    return sorted(entries, key=lambda entry: (entry.day, entry.title.casefold()))


def is_empty_ahead(session: Session, *, today: date) -> bool:
    """Say whether nothing is planned for the coming fortnight, today included."""
    last = today + AHEAD - timedelta(days=1)
    return not (
        stored.planned(session, today, last, wanted=EVERYTHING, limit=1)
        or stored.planned_outlets(session, today, last, wanted=EVERYTHING, limit=1)
    )


def series(session: Session) -> list[str]:
    """Return the series that stories in the plan belong to."""
    return stored.series_in_use(session, limit=MOST_SERIES)


def next_month(first_day: date) -> date:
    """Return the first day of the month after."""
    return (first_day.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(first_day: date) -> date:
    """Return the first day of the month before."""
    return (first_day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _published(post: Post, pitch: Pitch | None, zone: ZoneInfo) -> Entry:
    assert post.published_at is not None
    return Entry(post.published_at.astimezone(zone).date(), post.title, pitch=pitch, post=post)


def _with_whose(session: Session, entries: Sequence[Entry]) -> list[Entry]:
    """Return entries with whose each is and who writes it."""
    departments = {one.id: one for one in people.departments(session)}
    authors = stored.authors(session, {one.pitch.author_id for one in entries if one.pitch})
    return [
        replace(
            one,
            department=departments.get(one.department_id),
            author=authors.get(one.pitch.author_id) if one.pitch else None,
        )
        for one in entries
    ]
