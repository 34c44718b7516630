"""Planning: where a pitch is to appear and when, what is still to be done for it, and the plan's address."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from storage import columns


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
