"""The life of a pitch: which step may follow which, each kept with its day, role and reason, and told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import delivery, duplicates
from bot.delivery import Delivery, DeliveryState, Place
from bot.people import Person
from storage import delivery as told
from storage import pitches as stored
from storage.pitches import Pitch, PitchRole, PitchState, PitchStep

__all__ = [
    "ASKED",
    "CARD",
    "MERGED_PUBLISHED",
    "NEWS",
    "QUESTION",
    "RECEIVED",
    "STEP",
    "StateError",
    "below_card",
    "is_news",
    "last",
    "may",
    "next_told_at",
    "show_again",
    "standing",
    "step",
    "tell_comms",
    "tell_pitcher",
]

CARD: Final = "pitch_card"
RECEIVED: Final = "pitch_received"
NEWS: Final = "pitch_news"
# In the thread of the card.
STEP: Final = "pitch_step"
# Why what once stood in the chat does so no more.
GONE: Final = frozenset(
    {
        "cannot_reply_to_message",
        "channel_not_found",
        "is_archived",
        "message_not_found",
        "not_in_channel",
        "thread_not_found",
    }
)
QUESTION: Final = "pitch_question"
ASKED: Final = "author_asked"
MERGED_PUBLISHED: Final = "merged_published"
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
        PitchState.DECLINED,
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
    # A decision can be thought over, and what goes on with another idea is open again when that one ends;
    # what was withdrawn or published is done.
    PitchState.DECLINED: frozenset({PitchState.NEW}),
    PitchState.MERGED: frozenset({PitchState.NEW}),
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
    is_decided = pitch.state in stored.UNDECIDED and state not in stored.UNDECIDED
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
    for other_id in duplicates.beside(session, pitch):
        # Its card shows how this one stands.
        delivery.changed(session, CARD, other_id, now=now)
    if is_decided:
        for asked in stored.questions(session, pitch.id or 0):
            # Nobody waits for a reply any more.
            delivery.changed(session, QUESTION, asked.id, now=now)
    if not _is_told_by_itself(state, role):
        below_card(session, pitch, STEP, row.id, now=now)
    is_own = role is PitchRole.AUTHOR and by is not None and by.id == pitch.pitcher_id
    if role is not PitchRole.PITCHER and not is_own:
        tell_pitcher(session, pitch, now=now)
    if state is PitchState.PUBLISHED:
        _tell_merged(session, pitch, now=now)
    elif state in {PitchState.DECLINED, PitchState.WITHDRAWN}:
        _open_merged(session, pitch, now=now)
    return row


def _is_told_by_itself(state: PitchState, role: PitchRole) -> bool:
    """Say whether the newsroom reads of a step in a message of its own: a reply, or an author who is gone."""
    has_no_author = state is PitchState.ACCEPTED and role in {PitchRole.AUTHOR, PitchRole.CLOCK}
    return has_no_author or (state is PitchState.NEW and role is PitchRole.PITCHER)


def last(session: Session, pitch: Pitch) -> PitchStep | None:
    """Return the last step of a pitch."""
    found = stored.steps(session, pitch.id or 0)
    return found[-1] if found else None


def show_again(session: Session, pitch: Pitch, *, now: datetime) -> None:
    """Bring what stands in the chat about a pitch up to date: its card, and what pitcher and author have.

    A card that was deleted, or whose channel is gone, comes again while there is something to do with it.
    """
    cards = told.about(session, CARD, pitch.id or 0)
    if cards and pitch.state not in stored.ENDED and all(_is_gone(row) for row in cards):
        key = f"{CARD}:{pitch.id}:{now.isoformat()}"
        delivery.note(session, CARD, pitch.id, to=Place.COMMS, now=now, key=key, rank=delivery.Rank.URGENT)
    for kind in (CARD, RECEIVED, ASKED):
        delivery.changed(session, kind, pitch.id, now=now)


def standing(session: Session, kind: str, pitch_id: int | None) -> Delivery | None:
    """Return the newest message of a kind about a pitch that stands in the chat."""
    rows = told.about(session, kind, pitch_id or 0)
    return next((row for row in reversed(rows) if row.ts and not _is_gone(row)), None)


def below_card(
    session: Session, pitch: Pitch, kind: str, subject_id: int | None, *, now: datetime
) -> Delivery | None:
    """Say something in the thread of a pitch's card, if it has one that stands."""
    card = standing(session, CARD, pitch.id)
    if card is None:
        return None
    return delivery.note(session, kind, subject_id, to=card.target, now=now, thread_ts=card.ts)


def tell_comms(
    session: Session,
    kind: str,
    subject_id: int | None,
    *,
    pitch_id: int,
    now: datetime,
    key: str | None = None,
    rank: delivery.Rank = delivery.Rank.NORMAL,
) -> None:
    """Tell the comms team something in the thread of a pitch's card, or in their channel if none stands.

    Args:
        session: the deed's own transaction.
        kind: which message.
        subject_id: id of what it tells of.
        pitch_id: which pitch it is about.
        now: this moment.
        key: what makes it one message; made of kind, subject and target if not given.
        rank: whether it goes before others that wait.
    """
    card = standing(session, CARD, pitch_id)
    to, thread_ts = (card.target, card.ts) if card else (Place.COMMS, None)
    delivery.note(session, kind, subject_id, to=to, thread_ts=thread_ts, now=now, key=key, rank=rank)


def _tell_merged(session: Session, goal: Pitch, *, now: datetime) -> None:
    """Tell those whose ideas went on with one that it was published, unless they hear of it anyway."""
    pitchers = {one.pitcher_id for one in stored.all_merged_into(session, goal.id or 0)}
    for pitcher_id in sorted(pitchers - {goal.pitcher_id, goal.author_id}):
        pitcher = session.get(Person, pitcher_id)
        if pitcher and pitcher.inactive_at is None:
            delivery.note(session, MERGED_PUBLISHED, goal.id, to=pitcher, now=now)


def _open_merged(session: Session, goal: Pitch, *, now: datetime) -> None:
    """Let the ideas that went on with one that has ended be decided on once more: none is lost with it."""
    for pitch in stored.merged_into(session, goal.id or 0):
        pitch.merged_into_id = None
        pitch.decision_words, pitch.decided_at, pitch.decided_by_id = "", None, None
        step(session, pitch, PitchState.NEW, role=PitchRole.CLOCK, by=None, now=now)


def _is_gone(row: Delivery) -> bool:
    return row.state in {DeliveryState.FAILED, DeliveryState.CANCELLED} or row.reason in GONE


def tell_pitcher(session: Session, pitch: Pitch, *, now: datetime) -> None:
    """Tell the pitcher how their pitch stands: at once, or with what else happens within the hour.

    It is rendered when it is sent: such a message that waits already will tell of this, too. Others about
    the pitch, of one that was merged into it, will not.
    """
    if not is_news(pitch) or _will_tell(session, pitch, now=now):
        return
    pitcher = session.get(Person, pitch.pitcher_id)
    assert pitcher is not None
    due_at = next_told_at(pitch, now=now)
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


def _will_tell(session: Session, pitch: Pitch, *, now: datetime) -> bool:
    """Say whether a message that is rendered later than now tells the pitcher how their pitch stands."""
    rows = told.about(session, NEWS, pitch.id or 0)
    return any(row.state is DeliveryState.DUE and row.due_at > now for row in rows)


def next_told_at(pitch: Pitch, *, now: datetime) -> datetime:
    """Return when the pitcher may be told something, and keep that they will be."""
    pitch.told_at = max(now, pitch.told_at + APART) if pitch.told_at else now
    return pitch.told_at
