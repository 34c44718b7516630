"""Departments that are asked what is new with them, and what they said."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from storage import columns


class Occasion(StrEnum):
    """Why a department is asked."""

    RHYTHM = "rhythm"
    MILESTONE = "milestone"
    EVENT = "event"
    COMMENTS = "comments"


class AskAnswer(StrEnum):
    """What a department said when it was asked."""

    IDEA = "idea"
    NOTHING = "nothing"
    LATER = "later"


class DepartmentAsk(SQLModel, table=True):
    """One time that someone was asked for a story of their department.

    Attributes:
        person_id: who was asked.
        subject_id: the measure, event or post that was the occasion; None for the rhythm.
        again_at: when they are to be asked once more, because they wished so.
        pitch_id: the idea that came of it.
    """

    __tablename__ = "department_ask"

    id: int | None = Field(default=None, primary_key=True)
    department_id: int = Field(foreign_key="department.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    occasion: Occasion = Field(default=Occasion.RHYTHM, sa_type=columns.choice(Occasion))
    subject_id: int | None = None
    asked_at: datetime = Field(index=True)
    answer: AskAnswer | None = Field(default=None, sa_type=columns.choice(AskAnswer))
    answered_at: datetime | None = None
    again_at: datetime | None = Field(default=None, index=True)
    pitch_id: int | None = Field(default=None, foreign_key="pitch.id")
