"""The newsroom's overview: what is new and undecided, what is planned and missing, who has been silent."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, Generic, TypeVar

from sqlmodel import Session

from bot import comments, delivery, people
from bot.comments import Unanswered
from bot.delivery import Place
from bot.people import Department, Person, Role
from bot.pitches import UNDECIDED, Pitch, PitchState
from bot.settings import Settings
from bot.workdays import Workdays
from storage import digest as stored
from storage.planning import Outlet

__all__ = [
    "ASKED_FOR",
    "GAP_DAYS",
    "KIND",
    "Digest",
    "Gap",
    "Outlet",
    "Planned",
    "Silent",
    "Some",
    "current",
    "gaps",
    "note_due",
    "note_now",
    "to_send",
]

T = TypeVar("T")

KIND: Final = "pitch_digest"
# Someone wants to see it now: then it also says that there is nothing to say.
ASKED_FOR: Final = "asked"
# So many of each kind are listed; the rest is a number.
MOST_LISTED: Final = 10
GAP_DAYS: Final = 14
# A working week without a story is a gap worth mentioning, as far as one plans ahead.
GAP_WORKDAYS: Final = 5
AHEAD: Final = timedelta(days=27)
WEEK: Final = timedelta(days=7)
# An overview that is so late is left out.
LATE: Final = timedelta(hours=12)


@dataclass(frozen=True)
class Some(Generic[T]):
    """The first ones of something, and how many there are."""

    shown: tuple[T, ...] = ()
    total: int = 0

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)


@dataclass(frozen=True)
class Planned:
    """A story that is to appear on a day: in these places, or in general when there are none."""

    day: date
    pitch: Pitch
    outlets: tuple[Outlet, ...] = ()


@dataclass(frozen=True)
class Silent:
    """A department that pitched nothing for long; `since` is its last pitch, None if there was none."""

    department: Department
    since: datetime | None


@dataclass(frozen=True)
class Gap:
    """Days without a story, the first and the last of them."""

    first: date
    last: date


@dataclass(frozen=True)
class Digest:
    """What the newsroom has to know at a moment.

    Attributes:
        now: that moment.
        since: when the last overview came.
        new: undecided pitches that came since then.
        undecided: those that came before, longest waiting first.
        overdue: how many of all have waited longer than `overdue_days`.
        unwritten: accepted, but nobody is their author yet, or said so.
        this_week: what is to appear, by day.
        next_week: the same, a week later.
        gaps: weeks ahead without a story.
        is_bare: nothing at all is planned for the next GAP_DAYS.
        silent: departments that pitched nothing for `silent_weeks`.
        unanswered: what readers wait for.
    """

    now: datetime
    since: datetime
    overdue_days: int
    silent_weeks: int
    new: Some[Pitch] = field(default_factory=Some)
    undecided: Some[Pitch] = field(default_factory=Some)
    overdue: int = 0
    unwritten: Some[Pitch] = field(default_factory=Some)
    this_week: Some[Planned] = field(default_factory=Some)
    next_week: Some[Planned] = field(default_factory=Some)
    gaps: tuple[Gap, ...] = ()
    is_bare: bool = False
    silent: Some[Silent] = field(default_factory=Some)
    unanswered: Unanswered = field(default_factory=Unanswered)

    @property
    def waiting(self) -> int:
        """How many pitches wait for a decision."""
        return self.new.total + self.undecided.total

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say. A gap alone is no news: it would come every week."""
        parts = (self.new, self.undecided, self.unwritten, self.this_week, self.next_week, self.silent)
        return not any(part.total for part in parts) and not self.unanswered.cards


def current(session: Session, settings: Settings, *, now: datetime, before_id: int | None = None) -> Digest:
    """Return what the newsroom has to know now.

    Args:
        session: the transaction.
        settings: how long something may wait, and the city's working days.
        now: this moment.
        before_id: the delivery that this is for: what came after the one before it is new.
    """
    workdays = Workdays(settings.holidays, settings.zone)
    since = stored.last_said_at(session, KIND, before_id=before_id) or now - WEEK
    long_ago = now - timedelta(days=settings.digest_undecided_days)
    today = workdays.today(now)
    monday = today - timedelta(days=today.weekday())
    days = stored.days_planned(session, today, today + AHEAD)
    return Digest(
        now=now,
        since=since,
        overdue_days=settings.digest_undecided_days,
        silent_weeks=settings.digest_silent_weeks,
        new=_waiting(session, *UNDECIDED, since=since),
        undecided=_waiting(session, *UNDECIDED, before=since),
        overdue=_waiting(session, *UNDECIDED, before=long_ago).total,
        unwritten=_waiting(session, PitchState.ACCEPTED, PitchState.ASKED),
        this_week=_planned(session, monday),
        next_week=_planned(session, monday + WEEK),
        gaps=tuple(gaps(days, first=today, last=today + AHEAD, workdays=workdays)),
        is_bare=not any(day < today + timedelta(days=GAP_DAYS) for day in days),
        silent=_silent(session, settings.digest_silent_weeks, today=today, now=now),
        unanswered=comments.unanswered(session),
    )


def to_send(
    session: Session, settings: Settings, *, now: datetime, before_id: int | None, is_asked_for: bool
) -> Digest | None:
    """Return the overview that is sent: an empty one only if someone asked for it, or the city wishes so."""
    found = current(session, settings, now=now, before_id=before_id)
    is_wanted = is_asked_for or settings.digest_when_empty == "line"
    return found if is_wanted or not found.is_empty else None


def gaps(days: Collection[date], *, first: date, last: date, workdays: Workdays) -> list[Gap]:
    """Return the stretches without a story that are at least a working week long.

    Args:
        days: on which something is to appear.
        first: the first day that is looked at.
        last: the last one.
        workdays: of the city: a gap begins and ends on one of them.
    """
    found = []
    stretch: list[date] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day in days:
            found.append(stretch)
            stretch = []
        elif workdays.is_workday(day):
            stretch.append(day)
    found.append(stretch)
    return [Gap(one[0], one[-1]) for one in found if len(one) >= GAP_WORKDAYS]


def note_due(session: Session, *, appointment: datetime, now: datetime) -> None:
    """Note the overview of an appointment that has come, once; one missed by over half a day is left out."""
    if now - appointment < LATE:
        day = appointment.date()
        key = f"{KIND}:{day.isoformat()}"
        delivery.note(
            session, KIND, day.toordinal(), to=Place.COMMS, now=now, key=key, rank=delivery.Rank.BULK
        )


def note_now(session: Session, *, by: Person, now: datetime) -> None:
    """Note an overview for the comms channel, because someone asked for it.

    Raises:
        NotAllowedError: not of the comms team.
    """
    people.require(session, by, Role.COMMS)
    delivery.note(
        session,
        KIND,
        now.date().toordinal(),
        to=Place.COMMS,
        now=now,
        key=f"{KIND}:{now.isoformat()}",
        rank=delivery.Rank.URGENT,
        layout=ASKED_FOR,
    )


def _waiting(
    session: Session, *states: PitchState, since: datetime | None = None, before: datetime | None = None
) -> Some[Pitch]:
    found, total = stored.waiting(session, states, limit=MOST_LISTED, since=since, before=before)
    return Some(tuple(found), total)


def _planned(session: Session, monday: date) -> Some[Planned]:
    """Return what is to appear in a week; a story that appears in several places on a day is one of it."""
    found = stored.planned(session, monday, monday + WEEK - timedelta(days=1), limit=5 * MOST_LISTED)
    stories = [
        Planned(day, rows[0][2], tuple(outlet for _day, outlet, _pitch in rows if outlet))
        for (day, _id), same in groupby(found, key=lambda one: (one[0], one[2].id))
        if (rows := list(same))
    ]
    return Some(tuple(stories[:MOST_LISTED]), len(stories))


def _silent(session: Session, weeks: int, *, today: date, now: datetime) -> Some[Silent]:
    found = stored.silent(session, since=now - weeks * WEEK, today=today)
    return Some(tuple(Silent(*one) for one in found[:MOST_LISTED]), len(found))
