"""Which pitches a pitch is compared with: their titles alone, since there may be thousands."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from storage.pitches import ENDED, UNDECIDED, Pitch, PitchState


class Comparable(NamedTuple):
    """What is compared of a pitch."""

    id: int
    title: str
    measure_id: int | None


def comparable(session: Session, pitch: Pitch, *, declined_since: datetime) -> list[Comparable]:
    """Return the other pitches that are open, and those that were declined since a moment, oldest first."""
    is_open = col(Pitch.state).not_in([PitchState.DRAFT, *ENDED])
    was_declined = and_(col(Pitch.state) == PitchState.DECLINED, col(Pitch.decided_at) >= declined_since)
    query = (
        select(Pitch.id, Pitch.title, Pitch.measure_id)
        .where(or_(is_open, was_declined), Pitch.id != pitch.id)
        .order_by(col(Pitch.id))
    )
    return [Comparable(id_ or 0, title, measure_id) for id_, title, measure_id in session.exec(query)]


def undecided(session: Session, *, but: Pitch) -> list[Comparable]:
    """Return the pitches that nobody has decided on, but for one, oldest first."""
    query = (
        select(Pitch.id, Pitch.title, Pitch.measure_id)
        .where(col(Pitch.state).in_(UNDECIDED), Pitch.id != but.id)
        .order_by(col(Pitch.id))
    )
    return [Comparable(id_ or 0, title, measure_id) for id_, title, measure_id in session.exec(query)]


def of_ids(session: Session, ids: Sequence[int]) -> dict[int, Pitch]:
    """Return the pitches with these ids."""
    found = session.exec(select(Pitch).where(col(Pitch.id).in_(ids))) if ids else ()
    return {pitch.id or 0: pitch for pitch in found}
