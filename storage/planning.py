"""Planning: where a pitch is to appear and when, what is still to be done for it, and the plan's address."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, func, select

from storage import columns
from storage.people import Person
from storage.pitches import ENDED, Pitch, PitchState
from storage.posts import Post


class Outlet(StrEnum):
    """Where a story appears."""

    BLOG = "blog"
    NEWSLETTER = "newsletter"
    INTRANET = "intranet"
    SOCIAL = "social"


class TaskKind(StrEnum):
    """What is to be done for a story."""

    TEXT = "text"
    PICTURE = "picture"
    TRANSLATION = "translation"
    APPROVAL = "approval"
    OTHER = "other"


class PitchOutlet(SQLModel, table=True):
    """One place where a story is to appear, each with a day of its own; None when that is open."""

    __tablename__ = "pitch_outlet"

    pitch_id: int = Field(primary_key=True, foreign_key="pitch.id", ondelete="CASCADE")
    outlet: Outlet = Field(primary_key=True, sa_type=columns.choice(Outlet))
    planned_on: date | None = Field(default=None, index=True)


class PitchTask(SQLModel, table=True):
    """Something to be done for a story until a day, by `person_id` or else by its author.

    `due_on` is None when that is open. `reminded_at` is when someone was last reminded of it.
    """

    __tablename__ = "pitch_task"
    # A task's number, once taken out, is never given to another: reminders are kept by it.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    pitch_id: int = Field(foreign_key="pitch.id", index=True, ondelete="CASCADE")
    kind: TaskKind = Field(sa_type=columns.choice(TaskKind))
    label: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    due_on: date | None = Field(default=None, index=True)
    done_at: datetime | None = None
    done_by_id: int | None = Field(default=None, foreign_key="person.id")
    reminded_at: datetime | None = None
    created_at: datetime


class EditorialFeed(SQLModel, table=True):
    """The secret part of the address under which calendars read the plan; a new one ends the one before."""

    __tablename__ = "editorial_feed"

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    made_by_id: int | None = Field(default=None, foreign_key="person.id")
    made_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Wanted:
    """What of the plan is asked for: of whom, of which series, in which state, by which author."""

    department_id: int | None = None
    series: str | None = None
    state: PitchState | None = None
    author_id: int | None = None

    def of_pitch(self) -> list[Any]:
        """Return the conditions on a pitch."""
        wanted = {
            Pitch.department_id: self.department_id,
            Pitch.series: self.series,
            Pitch.state: self.state,
            Pitch.author_id: self.author_id,
        }
        return [column == value for column, value in wanted.items() if value is not None]

    def of_post(self) -> list[Any]:
        """Return the conditions on a post and its pitch; who wrote it is known by its pitch alone."""
        wanted = (
            (func.coalesce(Pitch.department_id, Post.department_id), self.department_id),
            (func.coalesce(func.nullif(Pitch.series, ""), Post.series), self.series),
            (Pitch.author_id, self.author_id),
        )
        return [column == value for column, value in wanted if value is not None]


# What is in the plan: accepted, and neither ended nor published.
UNDER_WAY = (
    PitchState.ACCEPTED,
    PitchState.ASKED,
    PitchState.IN_WORK,
    PitchState.READY,
    PitchState.PLANNED,
)
UNWRITTEN = (PitchState.ASKED, PitchState.IN_WORK)


def _among(states: Collection[PitchState]) -> Any:
    """Return the condition that a story is in one of these states.

    Said the other way round, so that SQLite looks by the day, of which there are few, and not by the state.
    """
    return col(Pitch.state).not_in([state for state in PitchState if state not in states])


def outlets(session: Session, pitch_id: int) -> list[PitchOutlet]:
    """Return where a story is to appear, those with a day first."""
    query = select(PitchOutlet).where(PitchOutlet.pitch_id == pitch_id)
    found = session.exec(query.order_by(col(PitchOutlet.outlet)))
    return sorted(found, key=lambda one: (one.planned_on is None, one.planned_on or date.min, one.outlet))


def tasks(session: Session, pitch_id: int) -> list[PitchTask]:
    """Return what is to be done for a story, in the order it was noted."""
    query = select(PitchTask).where(PitchTask.pitch_id == pitch_id)
    return list(session.exec(query.order_by(col(PitchTask.id))))


def tasks_due(session: Session, first: date, last: date) -> list[tuple[PitchTask, Pitch]]:
    """Return the tasks due in these days that are not done, of stories under way, in order."""
    query = (
        select(PitchTask, Pitch)
        .join(Pitch, col(Pitch.id) == col(PitchTask.pitch_id))
        .where(
            col(PitchTask.due_on).between(first, last),
            col(PitchTask.done_at).is_(None),
            _among(UNDER_WAY),
        )
        .order_by(col(PitchTask.due_on), col(PitchTask.id))
    )
    return list(session.exec(query).all())


def unwritten(session: Session, first: date, last: date) -> list[Pitch]:
    """Return the stories planned for these days that their authors have not finished, in order."""
    query = (
        select(Pitch)
        .where(
            col(Pitch.planned_on).between(first, last),
            _among(UNWRITTEN),
            col(Pitch.author_id).is_not(None),
        )
        .order_by(col(Pitch.planned_on), col(Pitch.id))
    )
    return list(session.exec(query))


def written_by(session: Session, author_id: int) -> list[Pitch]:
    """Hold and return the stories under way that someone writes, wrote, or is asked to, as they are now."""
    query = select(Pitch).where(Pitch.author_id == author_id, col(Pitch.state).in_(UNDER_WAY))
    return _taken(session, query.order_by(col(Pitch.id)))


def open_tasks_of(session: Session, person_id: int) -> list[PitchTask]:
    """Hold and return what someone has to do for stories and has not done yet, as it is now."""
    query = select(PitchTask).where(PitchTask.person_id == person_id, col(PitchTask.done_at).is_(None))
    return _taken(session, query.order_by(col(PitchTask.id)))


def _taken(session: Session, query: Any) -> list[Any]:
    """Return the rows of a query, locked; PostgreSQL asks again of those that it had to wait for."""
    session.flush()
    held = query.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(held))


def planned(session: Session, first: date, last: date, *, wanted: Wanted, limit: int) -> list[Pitch]:
    """Return at most `limit` stories planned for these days that have not appeared, in order."""
    query = (
        select(Pitch)
        .where(col(Pitch.planned_on).between(first, last), _among(UNDER_WAY), *wanted.of_pitch())
        .order_by(col(Pitch.planned_on), col(Pitch.id))
        .limit(limit)
    )
    return list(session.exec(query))


def undated(session: Session, *, wanted: Wanted, limit: int) -> tuple[list[Pitch], int]:
    """Return at most `limit` stories on the shelf or under way without any day, and how many there are."""
    dated = select(PitchOutlet.pitch_id).where(col(PitchOutlet.planned_on).is_not(None))
    conditions = (
        col(Pitch.planned_on).is_(None),
        col(Pitch.state).in_((PitchState.SHELF, *UNDER_WAY)),
        col(Pitch.id).not_in(dated),
        *wanted.of_pitch(),
    )
    query = select(Pitch).where(*conditions).order_by(col(Pitch.created_at), col(Pitch.id))
    number = session.exec(select(func.count()).select_from(Pitch).where(*conditions)).one()
    return list(session.exec(query.limit(limit))), number


def planned_outlets(
    session: Session, first: date, last: date, *, wanted: Wanted, limit: int
) -> list[tuple[PitchOutlet, Pitch]]:
    """Return at most `limit` outlets with a day among these and their stories, in order.

    A story that has appeared may have outlets that are still to come.
    """
    query = (
        select(PitchOutlet, Pitch)
        .join(Pitch, col(Pitch.id) == col(PitchOutlet.pitch_id))
        .where(
            col(PitchOutlet.planned_on).between(first, last),
            _among((*UNDER_WAY, PitchState.PUBLISHED)),
            *wanted.of_pitch(),
        )
        .order_by(col(PitchOutlet.planned_on), col(PitchOutlet.pitch_id), col(PitchOutlet.outlet))
        .limit(limit)
    )
    return list(session.exec(query).all())


def published(
    session: Session, start: datetime, end: datetime, *, wanted: Wanted, limit: int
) -> list[tuple[Post, Pitch | None]]:
    """Return at most `limit` posts published from `start` until before `end`, each with its pitch."""
    if wanted.state not in {None, PitchState.PUBLISHED}:
        return []
    query = (
        select(Post, Pitch)
        .join(Pitch, col(Pitch.post_id) == col(Post.id), isouter=True)
        .where(
            col(Post.published_at) >= start,
            col(Post.published_at) < end,
            col(Post.withdrawn_at).is_(None),
            *wanted.of_post(),
        )
        .order_by(col(Post.published_at), col(Post.id), col(Pitch.id))
        .limit(limit)
    )
    return list(session.exec(query).all())


def authors(session: Session, ids: Collection[int | None]) -> dict[int | None, Person]:
    """Return people by their ids."""
    found = session.exec(select(Person).where(col(Person.id).in_(ids))) if ids else ()
    return {person.id: person for person in found}


def series_in_use(session: Session, *, limit: int) -> list[str]:
    """Return at most `limit` series that stories under way belong to, by name."""
    query = (
        select(Pitch.series)
        .where(col(Pitch.series) != "", col(Pitch.state).not_in((PitchState.DRAFT, *ENDED)))
        .distinct()
        .order_by(col(Pitch.series))
        .limit(limit)
    )
    return list(session.exec(query))


def feed(session: Session) -> EditorialFeed | None:
    """Return the address under which the plan can be read now."""
    query = select(EditorialFeed).where(col(EditorialFeed.ended_at).is_(None))
    return session.exec(query.order_by(col(EditorialFeed.id).desc()).limit(1)).first()


def feeds(session: Session) -> list[EditorialFeed]:
    """Return all addresses that have not ended."""
    query = select(EditorialFeed).where(col(EditorialFeed.ended_at).is_(None))
    return list(session.exec(query.order_by(col(EditorialFeed.id))))
