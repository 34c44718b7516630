"""The newsroom's overview: what it has to decide, and what readers wait for."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import comments, delivery, people, pitches
from bot.comments import Unanswered
from bot.delivery import Place
from bot.people import Person, Role
from bot.pitches import PitchCard
from storage import pitches as stored

__all__ = ["KIND", "Digest", "current", "note_due", "note_now"]

KIND: Final = "pitch_digest"
MAX_DIGEST: Final = 20


@dataclass(frozen=True)
class Digest:
    """The pitches that wait for a decision, longest waiting first; `more` of them are not listed.

    And the reader comments that wait for an answer.
    """

    cards: tuple[PitchCard, ...]
    more: int
    now: datetime
    unanswered: Unanswered = field(default_factory=Unanswered)


def current(session: Session, now: datetime) -> Digest:
    """Return what the comms team has to decide, and what readers wait for."""
    waiting = stored.undecided(session, limit=1000)
    cards = tuple(found for pitch in waiting[:MAX_DIGEST] if (found := pitches.card(session, pitch.id or 0)))
    return Digest(cards, more=len(waiting) - len(cards), now=now, unanswered=comments.unanswered(session))


def note_due(session: Session, *, appointment: datetime, now: datetime) -> None:
    """Note the digest of an appointment that has come, once; one missed by over half a day is left out."""
    if (now - appointment).total_seconds() < 12 * 3600:
        day = appointment.date()
        key = f"{KIND}:{day.isoformat()}"
        delivery.note(
            session,
            KIND,
            day.toordinal(),
            to=Place.COMMS,
            now=now,
            key=key,
            rank=delivery.Rank.BULK,
        )


def note_now(session: Session, *, by: Person, now: datetime) -> None:
    """Note a digest for the comms channel, because someone asked for it.

    Raises:
        NotAllowedError: not of the comms team.
    """
    people.require(session, by, Role.COMMS)
    key = f"{KIND}:{now.isoformat()}"
    delivery.note(
        session,
        KIND,
        now.date().toordinal(),
        to=Place.COMMS,
        now=now,
        key=key,
        rank=delivery.Rank.URGENT,
    )
