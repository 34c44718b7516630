"""The newsroom's meeting: what is decided in it is told when it ends, all at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot import decisions, delivery, people, pitch_life, pitches
from bot.decisions import MEETING, DecidedError
from bot.delivery import Place
from bot.people import Person, Role
from bot.pitches import Pitch
from storage import meetings as stored
from storage.meetings import PitchMeeting, PitchVerdict

__all__ = [
    "MEETING",
    "EndedError",
    "MeetingCard",
    "PitchMeeting",
    "PitchVerdict",
    "Ruling",
    "begin",
    "card",
    "release",
    "take_back",
]


class EndedError(Exception):
    """A meeting is over already; `card` says who ended it, and when."""

    def __init__(self, card: "MeetingCard") -> None:
        super().__init__(card.meeting.id)
        self.card = card


@dataclass(frozen=True)
class Ruling:
    """What was decided on a pitch; one that was withdrawn or merged meanwhile is left out."""

    verdict: PitchVerdict
    pitch: Pitch
    by: Person | None
    is_left_out: bool


@dataclass(frozen=True)
class MeetingCard:
    """A meeting, who began and ended it, and what was decided in it so far."""

    meeting: PitchMeeting
    began_by: Person | None = None
    ended_by: Person | None = None
    rulings: tuple[Ruling, ...] = ()


def begin(session: Session, *, by: Person, now: datetime) -> tuple[PitchMeeting, bool]:
    """Begin a meeting and show it in the newsroom's channel; one that is held already is shown there again.

    Returns:
        the meeting, and whether it is a new one.

    Raises:
        NotAllowedError: not of the comms team.
    """
    people.require(session, by, Role.COMMS)
    running = stored.meeting(session)
    meeting = running or PitchMeeting(began_by_id=by.id, began_at=now)
    session.add(meeting)
    session.flush()
    key = f"{MEETING}:{meeting.id}:{now.isoformat()}"
    rank = delivery.Rank.URGENT
    delivery.note(session, MEETING, meeting.id, to=Place.COMMS, now=now, key=key, rank=rank)
    return meeting, running is None


def take_back(session: Session, pitch_id: int, *, by: Person, now: datetime) -> None:
    """Leave a pitch undecided after all, as long as nobody was told.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: everybody was told meanwhile.
    """
    people.require(session, by, Role.COMMS)
    verdict = stored.open_verdict(session, pitch_id)
    if verdict is None:
        pitch = session.get(Pitch, pitch_id)
        assert pitch is not None
        if pitch.decided_at:
            raise DecidedError(pitches.card_of(session, pitch))
        return
    session.delete(verdict)
    session.flush()
    delivery.changed(session, pitch_life.CARD, pitch_id, now=now)
    delivery.changed(session, MEETING, verdict.meeting_id, now=now)


def release(session: Session, meeting_id: int, *, by: Person, now: datetime) -> PitchMeeting:
    """End a meeting: everything decided in it comes true and is told, in one go.

    A pitch that was withdrawn or merged meanwhile is left out; the meeting's message names it.

    Raises:
        NotAllowedError: not of the comms team.
        EndedError: someone ended it before.
    """
    people.require(session, by, Role.COMMS)
    # Of two who press at once the second waits here, and is told of the first.
    meeting = session.get(PitchMeeting, meeting_id, with_for_update=True)
    assert meeting is not None
    if meeting.ended_at:
        raise EndedError(_card(session, meeting))
    rulings = _rulings(session, meeting)
    meeting.ended_at, meeting.ended_by_id = now, by.id
    session.flush()
    for ruling in rulings:
        if ruling.is_left_out:
            delivery.changed(session, pitch_life.CARD, ruling.pitch.id, now=now)
            continue
        verdict = ruling.verdict
        decided_by = ruling.by or by
        decisions.apply(
            session,
            ruling.pitch,
            verdict.state,
            words=verdict.words,
            by=decided_by,
            at=verdict.at,
            now=now,
        )
    delivery.changed(session, MEETING, meeting.id, now=now)
    return meeting


def card(session: Session, meeting_id: int) -> MeetingCard | None:
    """Return a meeting with all that its message shows."""
    meeting = session.get(PitchMeeting, meeting_id)
    return _card(session, meeting) if meeting else None


def _card(session: Session, meeting: PitchMeeting) -> MeetingCard:
    began_by = session.get(Person, meeting.began_by_id) if meeting.began_by_id else None
    ended_by = session.get(Person, meeting.ended_by_id) if meeting.ended_by_id else None
    return MeetingCard(meeting, began_by, ended_by, tuple(_rulings(session, meeting)))


def _rulings(session: Session, meeting: PitchMeeting) -> list[Ruling]:
    applied = stored.applied(session, meeting) if meeting.ended_at else set()
    found = []
    for verdict in stored.verdicts(session, meeting.id or 0):
        pitch = session.get(Pitch, verdict.pitch_id)
        assert pitch is not None
        holds = pitch.id in applied if meeting.ended_at else decisions.is_open(pitch, to=verdict.state)
        found.append(Ruling(verdict, pitch, session.get(Person, verdict.by_id), not holds))
    return found
