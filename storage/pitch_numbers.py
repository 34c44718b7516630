"""What the figures on pitches are counted from: moments of pitches and departments, and no words."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from storage.pitches import Pitch, PitchState, PitchStep


class Happened(NamedTuple):
    """A pitch of a department that was sent, or reached a state for the first time, at a moment."""

    department_id: int | None
    pitcher_id: int
    sent_at: datetime
    at: datetime


def sent(session: Session, *, since: datetime, before: datetime) -> list[Happened]:
    """Return the pitches that were sent between two moments."""
    query = select(
        col(Pitch.department_id), col(Pitch.pitcher_id), col(Pitch.created_at), col(Pitch.created_at)
    ).where(Pitch.created_at >= since, Pitch.created_at < before, Pitch.state != PitchState.DRAFT)
    return [Happened(*row) for row in session.exec(query)]


def reached(
    session: Session, states: Collection[PitchState], *, since: datetime, before: datetime
) -> list[Happened]:
    """Return the pitches that reached one of these states for the first time between two moments."""
    first = (
        select(col(PitchStep.pitch_id).label("pitch_id"), func.min(PitchStep.at).label("at"))
        .where(col(PitchStep.state).in_(states), PitchStep.at < before)
        .group_by(col(PitchStep.pitch_id))
        .having(func.min(PitchStep.at) >= since)
        .subquery()
    )
    query = select(col(Pitch.department_id), col(Pitch.pitcher_id), col(Pitch.created_at), first.c.at).join(
        first, first.c.pitch_id == col(Pitch.id)
    )
    return [Happened(*row) for row in session.exec(query)]


def first_sent_at(session: Session) -> datetime | None:
    """Return when the first pitch was sent that is kept."""
    query = select(Pitch.created_at).where(Pitch.state != PitchState.DRAFT)
    return session.exec(query.order_by(col(Pitch.created_at)).limit(1)).first()
