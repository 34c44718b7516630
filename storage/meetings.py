"""Decisions on pitches that are collected during a meeting and told together."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns
from storage.pitches import PitchState, PitchStep


class PitchMeeting(SQLModel, table=True):
    """A meeting of the newsroom: what is decided until it ends is told when it ends."""

    __tablename__ = "pitch_meeting"

    id: int | None = Field(default=None, primary_key=True)
    began_by_id: int | None = Field(default=None, foreign_key="person.id")
    began_at: datetime
    ended_by_id: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = None


class PitchVerdict(SQLModel, table=True):
    """What the newsroom decided on a pitch and has told nobody yet."""

    __tablename__ = "pitch_verdict"

    pitch_id: int = Field(primary_key=True, foreign_key="pitch.id", ondelete="CASCADE")
    meeting_id: int = Field(foreign_key="pitch_meeting.id", index=True)
    state: PitchState = Field(sa_type=columns.choice(PitchState))
    words: str = ""
    by_id: int = Field(foreign_key="person.id")
    at: datetime


def meeting(session: Session) -> PitchMeeting | None:
    """Return the meeting that is held now."""
    query = select(PitchMeeting).where(col(PitchMeeting.ended_at).is_(None))
    return session.exec(query.order_by(col(PitchMeeting.id)).limit(1)).first()


def open_verdict(session: Session, pitch_id: int) -> PitchVerdict | None:
    """Return what was decided on a pitch in the meeting that is held now."""
    query = (
        select(PitchVerdict)
        .join(PitchMeeting, col(PitchMeeting.id) == PitchVerdict.meeting_id)
        .where(PitchVerdict.pitch_id == pitch_id, col(PitchMeeting.ended_at).is_(None))
    )
    return session.exec(query).first()


def applied(session: Session, meeting: PitchMeeting) -> set[int]:
    """Return the ids of the pitches that took the step decided on in a meeting when it ended."""
    query = (
        select(PitchStep.pitch_id)
        .join(PitchVerdict, col(PitchVerdict.pitch_id) == PitchStep.pitch_id)
        .where(
            PitchVerdict.meeting_id == meeting.id,
            PitchStep.state == PitchVerdict.state,
            PitchStep.at == meeting.ended_at,
        )
    )
    return set(session.exec(query))


def verdicts(session: Session, meeting_id: int) -> list[PitchVerdict]:
    """Return what was decided in a meeting so far, in order."""
    query = select(PitchVerdict).where(PitchVerdict.meeting_id == meeting_id)
    return list(session.exec(query.order_by(col(PitchVerdict.at), col(PitchVerdict.pitch_id))))
