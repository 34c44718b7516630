"""Pitches: stories that colleagues propose, and what became of them."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns


class PitchState(StrEnum):
    """Where a pitch stands. QUESTION: the newsroom asked its author something."""

    NEW = "new"
    QUESTION = "question"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Pitch(SQLModel, table=True):
    """One idea for a story."""

    id: int | None = Field(default=None, primary_key=True)
    title: str
    story: str = ""
    permalink: str | None = None
    department_id: int | None = Field(default=None, foreign_key="department.id")
    author_id: int = Field(foreign_key="person.id", index=True)
    state: PitchState = Field(default=PitchState.NEW, sa_type=columns.choice(PitchState), index=True)
    decision_words: str = ""
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    created_at: datetime


class PitchQuestion(SQLModel, table=True):
    """Something the newsroom asked the author of a pitch, and the reply."""

    __tablename__ = "pitch_question"

    id: int | None = Field(default=None, primary_key=True)
    pitch_id: int = Field(foreign_key="pitch.id", index=True, ondelete="CASCADE")
    question: str
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime
    reply: str = ""
    replied_at: datetime | None = None


def questions(session: Session, pitch_id: int) -> list[PitchQuestion]:
    """Return what was asked about a pitch, in order."""
    query = select(PitchQuestion).where(PitchQuestion.pitch_id == pitch_id)
    return list(session.exec(query.order_by(col(PitchQuestion.id))))


def undecided(session: Session, *, limit: int) -> list[Pitch]:
    """Return at most `limit` pitches nobody has decided on, longest waiting first."""
    query = (
        select(Pitch)
        .where(col(Pitch.decided_at).is_(None))
        .order_by(col(Pitch.created_at), col(Pitch.id))
        .limit(limit)
    )
    return list(session.exec(query))


def by_author(session: Session, author_id: int, *, limit: int) -> list[Pitch]:
    """Return at most `limit` pitches of one author, newest first."""
    query = (
        select(Pitch).where(Pitch.author_id == author_id).order_by(col(Pitch.created_at).desc()).limit(limit)
    )
    return list(session.exec(query))
