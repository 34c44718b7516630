"""The life of a pitch: which step may follow which, each kept with its day, role and reason, and told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import delivery
from bot.people import Person
from storage import pitches as stored
from storage.pitches import Pitch, PitchRole, PitchState, PitchStep

__all__ = [
    "ASKED",
    "CARD",
    "NEWS",
    "RECEIVED",
    "StateError",
    "is_news",
    "may",
    "show_again",
    "step",
    "tell_pitcher",
]

CARD: Final = "pitch_card"
RECEIVED: Final = "pitch_received"
NEWS: Final = "pitch_news"
ASKED: Final = "author_asked"
# Between two messages about one pitch there is at least so much time: what happens meanwhile is one message.
APART: Final = timedelta(hours=1)

_DECISIONS: Final = frozenset(
    {
        PitchState.QUESTION,
        PitchState.SHELF,
        PitchState.ACCEPTED,
        PitchState.DECLINED,
        PitchState.MERGED,
        PitchState.WITHDRAWN,
        PitchState.PUBLISHED,
    }
)
# Once it is accepted, whatever is under way can go back, be put aside, end, or appear sooner than planned.
_ALWAYS: Final = frozenset(
    {
        PitchState.ACCEPTED,
        PitchState.ASKED,
        PitchState.SHELF,
        PitchState.MERGED,
        PitchState.WITHDRAWN,
        PitchState.PUBLISHED,
    }
)
NEXT: Final[Mapping[PitchState, frozenset[PitchState]]] = {
    PitchState.DRAFT: frozenset({PitchState.NEW, PitchState.WITHDRAWN}),
    PitchState.NEW: _DECISIONS,
    PitchState.QUESTION: _DECISIONS | {PitchState.NEW},
    PitchState.SHELF: _DECISIONS - {PitchState.SHELF} | {PitchState.NEW},
    PitchState.ACCEPTED: _ALWAYS - {PitchState.ACCEPTED} | {PitchState.IN_WORK, PitchState.READY},
    PitchState.ASKED: _ALWAYS | {PitchState.IN_WORK},
    PitchState.IN_WORK: _ALWAYS | {PitchState.READY, PitchState.PLANNED},
    PitchState.READY: _ALWAYS | {PitchState.IN_WORK, PitchState.PLANNED},
    PitchState.PLANNED: _ALWAYS | {PitchState.IN_WORK, PitchState.READY},
    # A decision can be thought over; what was withdrawn, merged or published is done.
    PitchState.DECLINED: frozenset({PitchState.NEW}),
    PitchState.MERGED: frozenset(),
    PitchState.PUBLISHED: frozenset(),
    PitchState.WITHDRAWN: frozenset(),
}
# What its pitcher learns otherwise, or did themselves.
UNTOLD: Final = frozenset({PitchState.DRAFT, PitchState.NEW, PitchState.QUESTION, PitchState.WITHDRAWN})


class StateError(Exception):
    """A step that can't follow where a pitch stands now: someone was quicker; `pitch` and `last` say how."""

    def __init__(self, pitch: Pitch, last: PitchStep | None) -> None:
        super().__init__(pitch.id)
        self.pitch, self.last = pitch, last


def may(pitch: Pitch, state: PitchState) -> bool:
    """Say whether a pitch can come to this state from where it stands."""
    return state in NEXT[pitch.state]


def is_news(pitch: Pitch) -> bool:
    """Say whether there is something to tell the pitcher about where a pitch stands."""
    return pitch.state not in UNTOLD


def step(
    session: Session,
    pitch: Pitch,
    state: PitchState,
    *,
    role: PitchRole,
    by: Person | None,
    now: datetime,
    reason: str = "",
) -> PitchStep:
    """Let a pitch come to a state, keep that it did, and tell its pitcher unless they did it themselves.

    Args:
        session: the deed's own transaction.
        pitch: where it stands.
        state: where it goes.
        role: as what someone does this.
        by: who does it; None when nobody did.
        now: this moment.
        reason: the words that were given for it.

    Raises:
        StateError: it can't come there from where it stands.
    """
    if not may(pitch, state):
        raise StateError(pitch, last(session, pitch))
    pitch.state = state
    row = PitchStep(
        pitch_id=pitch.id or 0,
        state=state,
        role=role,
        person_id=by.id if by else None,
        reason=reason,
        at=now,
    )
    session.add(row)
    session.flush()
    show_again(session, pitch, now=now)
    is_own = role is PitchRole.AUTHOR and by is not None and by.id == pitch.pitcher_id
    if role is not PitchRole.PITCHER and not is_own:
        tell_pitcher(session, pitch, now=now)
    return row


def last(session: Session, pitch: Pitch) -> PitchStep | None:
    """Return the last step of a pitch."""
    found = stored.steps(session, pitch.id or 0)
    return found[-1] if found else None


def show_again(session: Session, pitch: Pitch, *, now: datetime) -> None:
    """Bring what stands in the chat about a pitch up to date, wherever it is: card, pitcher, author."""
    for kind in (CARD, RECEIVED, ASKED):
        delivery.changed(session, kind, pitch.id, now=now)


def tell_pitcher(session: Session, pitch: Pitch, *, now: datetime) -> None:
    """Tell the pitcher how their pitch stands: at once, or with what else happens within the hour.

    It is rendered when it is sent: a message that waits already will tell of this, too.
    """
    if not is_news(pitch) or (pitch.told_at and pitch.told_at > now):
        return
    pitcher = session.get(Person, pitch.pitcher_id)
    assert pitcher is not None
    due_at = max(now, pitch.told_at + APART) if pitch.told_at else now
    pitch.told_at = due_at
    delivery.note(
        session,
        NEWS,
        pitch.id,
        to=pitcher,
        now=now,
        due_at=due_at,
        key=f"{NEWS}:{pitch.id}:{due_at.isoformat()}",
        rank=delivery.Rank.URGENT,
    )
