"""Decisions on pitches: taken on, put aside, declined, asked about or merged, and their pitchers told."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import delivery, duplicates, people, pitch_life, pitches, plan_news
from bot.delivery import Place
from bot.people import Person, Role
from bot.pitches import UNDECIDED, Pitch, PitchCard, PitchQuestion, PitchRole, PitchState, PitchStep
from storage import meetings
from storage import pitches as stored
from storage import planning as plans
from storage.meetings import PitchMeeting, PitchVerdict
from storage.planning import UNDER_WAY

MAX_WORDS: Final = 2000
# Stands between several replies to one question.
BETWEEN: Final = "\n\n"
INTRODUCED: Final = "pitch_introduced"
MEETING: Final = "pitch_meeting"
# On what stands so the newsroom still decides.
DECIDABLE: Final = frozenset({*UNDECIDED, PitchState.SHELF})
# What was accepted can be dropped: in one of these ways.
DROPPED: Final = frozenset({PitchState.SHELF, PitchState.DECLINED, PitchState.MERGED})
# On what stands so something may be decided in a meeting.
HELD: Final = DECIDABLE | frozenset(UNDER_WAY)


class WordsError(Exception):
    """A question, a reply or a reason is blank or longer than MAX_WORDS."""


class DecidedError(Exception):
    """Someone was quicker; `card` says who, when and how."""

    def __init__(self, card: PitchCard) -> None:
        super().__init__(card.pitch.id)
        self.card = card


class MergeError(Exception):
    """A pitch can't be merged into that one: it is the same, or nothing is to be done with that one."""

    def __init__(self, goal: Pitch) -> None:
        super().__init__(goal.id)
        self.goal = goal


def checked(words: str) -> str:
    """Return what someone wrote, without the space around it.

    Raises:
        WordsError: it is blank or too long.
    """
    words = words.strip()
    if not 1 <= len(words) <= MAX_WORDS:
        raise WordsError(len(words))
    return words


def accept(session: Session, pitch_id: int, *, by: Person, now: datetime) -> Pitch:
    """Take a pitch on and tell its pitcher.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
    """
    return _decide(session, pitch_id, PitchState.ACCEPTED, words="", by=by, now=now)


def shelve(
    session: Session, pitch_id: int, *, words: str = "", drops: bool = False, by: Person, now: datetime
) -> Pitch:
    """Put a pitch aside, without a date and never lost, and tell its pitcher.

    Args:
        session: the transaction.
        pitch_id: what is put aside.
        words: why; none are needed.
        drops: they know that it was accepted.
        by: who decides.
        now: this moment.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
        WordsError: the words are too long.
    """
    said = checked(words) if words.strip() else ""
    return _decide(session, pitch_id, PitchState.SHELF, words=said, drops=drops, by=by, now=now)


def decline(
    session: Session, pitch_id: int, *, words: str, drops: bool = False, by: Person, now: datetime
) -> Pitch:
    """Decline a pitch and tell its pitcher why, in words the comms team chose.

    Args:
        session: the transaction.
        pitch_id: what is declined.
        words: why.
        drops: they know that it was accepted.
        by: who decides.
        now: this moment.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
        WordsError: the words are blank or too long.
    """
    return _decide(session, pitch_id, PitchState.DECLINED, words=checked(words), drops=drops, by=by, now=now)


def ask(session: Session, pitch_id: int, *, words: str, by: Person, now: datetime) -> Pitch:
    """Ask the pitcher something; the pitch waits for the reply.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
        WordsError: the question is blank or too long.
    """
    pitch = _open(session, pitch_id, to=PitchState.QUESTION, by=by)
    question = PitchQuestion(pitch_id=pitch_id, question=checked(words), asked_by_id=by.id or 0, asked_at=now)
    session.add(question)
    if pitch.state is PitchState.QUESTION:
        pitch_life.show_again(session, pitch, now=now)
    else:
        _undecide(pitch)
        pitch_life.step(
            session,
            pitch,
            PitchState.QUESTION,
            role=PitchRole.COMMS,
            by=by,
            now=now,
            reason=question.question,
        )
    session.flush()
    pitcher = session.get(Person, pitch.pitcher_id)
    assert pitcher is not None
    delivery.note(session, pitch_life.QUESTION, question.id, to=pitcher, now=now, rank=delivery.Rank.URGENT)
    return pitch


def think_over(session: Session, pitch_id: int, *, by: Person, now: datetime) -> Pitch:
    """Let a declined pitch wait for a decision once more.

    Raises:
        NotAllowedError: not of the comms team.
        StateError: it is not declined any more.
    """
    people.require(session, by, Role.COMMS)
    pitch = _get(session, pitch_id)
    if pitch.state is not PitchState.DECLINED:
        raise pitch_life.StateError(pitch, pitch_life.last(session, pitch))
    _undecide(pitch)
    pitch_life.step(session, pitch, PitchState.NEW, role=PitchRole.COMMS, by=by, now=now)
    return pitch


def merge(session: Session, pitch_id: int, into_id: int, *, by: Person, now: datetime) -> Pitch:
    """Let a pitch go on together with another one, and introduce their pitchers to each other.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: nothing is to be done with it any more.
        MergeError: the other one is the same, or ended itself.
    """
    people.require(session, by, Role.COMMS)
    # In one order, so that two who merge the same pitches in both directions never wait for each other.
    for one in sorted({pitch_id, into_id}):
        session.get(Pitch, one, with_for_update=True)
    pitch, goal = _get(session, pitch_id), _get(session, into_id)
    if not pitch_life.may(pitch, PitchState.MERGED):
        raise DecidedError(pitches.card_of(session, pitch))
    # What was merged has ended, too: so there is never a ring.
    if goal is pitch or goal.state in {PitchState.DRAFT, *stored.ENDED}:
        raise MergeError(goal)
    pitch.merged_into_id = into_id
    pitch.decision_words, pitch.decided_at, pitch.decided_by_id = "", now, by.id
    pitch_life.step(session, pitch, PitchState.MERGED, role=PitchRole.COMMS, by=by, now=now)
    pitch_life.show_again(session, goal, now=now)
    if goal.pitcher_id != pitch.pitcher_id:
        _introduce(session, pitch, goal, now=now)
    return pitch


def goals(session: Session, pitch_id: int, words: str, *, by: Person, limit: int) -> list[Pitch]:
    """Return at most `limit` pitches that one can be merged into, by words in their titles.

    Without words those that may be the same story come first.

    Raises:
        NotAllowedError: not of the comms team.
    """
    people.require(session, by, Role.COMMS)
    found = stored.goals(session, words.strip(), without=pitch_id, limit=limit)
    if words.strip():
        return found
    alike = [one.pitch for one in duplicates.similar(session, _get(session, pitch_id))]
    likely = [one for one in alike if one.state not in stored.ENDED]
    return list({one.id: one for one in (*likely, *found)}.values())[:limit]


def reply(session: Session, question_id: int, *, words: str, pitcher: Person, now: datetime) -> Pitch:
    """Keep the pitcher's reply to a question and show it to the comms team.

    Raises:
        NotAllowedError: not the pitcher.
        DecidedError: it was decided meanwhile.
        WordsError: the reply is blank or too long.
    """
    question, pitch = _own_question(session, question_id, pitcher=pitcher)
    # A second reply is a second thought, not another first one.
    question.reply = BETWEEN.join(filter(None, (question.reply, checked(words))))
    question.replied_at = now
    if pitch.state is PitchState.QUESTION:
        pitch_life.step(session, pitch, PitchState.NEW, role=PitchRole.PITCHER, by=pitcher, now=now)
    else:
        pitch_life.show_again(session, pitch, now=now)
    delivery.changed(session, pitch_life.QUESTION, question.id, now=now)
    delivery.changed(session, "pitch_replied", question.id, now=now)
    delivery.note(session, "pitch_replied", question.id, to=Place.COMMS, now=now, rank=delivery.Rank.URGENT)
    return pitch


def introduced(session: Session, pitch_id: int) -> PitchCard | None:
    """Return a merged pitch whose pitcher is introduced to the one of the pitch it goes on with."""
    found = pitches.card(session, pitch_id)
    return found if found and found.goal else None


def told_step(session: Session, step_id: int) -> tuple[PitchStep, Person | None] | None:
    """Return a step of a pitch's life and who made it."""
    step = session.get(PitchStep, step_id)
    return (step, session.get(Person, step.person_id) if step.person_id else None) if step else None


def open_card(
    session: Session,
    pitch_id: int,
    *,
    by: Person,
    to: PitchState = PitchState.ACCEPTED,
    drops: bool = False,
) -> PitchCard:
    """Return a pitch that someone is about to bring to a state; `drops` if they know that it was accepted.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
    """
    return pitches.card_of(session, _open(session, pitch_id, to=to, drops=drops, by=by))


def open_question(session: Session, question_id: int, *, pitcher: Person) -> PitchQuestion:
    """Return a question that its pitcher is about to reply to.

    Raises:
        NotAllowedError: not the pitcher.
        DecidedError: the pitch was decided meanwhile.
    """
    return _own_question(session, question_id, pitcher=pitcher)[0]


def apply(
    session: Session, pitch: Pitch, state: PitchState, *, words: str, by: Person, at: datetime, now: datetime
) -> None:
    """Bring a pitch to what was decided on it, and tell its pitcher.

    Args:
        session: the deed's own transaction.
        pitch: what was decided on.
        state: how.
        words: why, as its pitcher is to read it.
        by: who decided.
        at: when.
        now: this moment.
    """
    pitch.decision_words, pitch.decided_at, pitch.decided_by_id = words, at, by.id
    if state in DROPPED:
        if pitch.state in UNDER_WAY:
            plan_news.called_off(session, pitch, by=by, now=now)
        _unplan(session, pitch)
    pitch_life.step(session, pitch, state, role=PitchRole.COMMS, by=by, now=now, reason=words)


def is_open(pitch: Pitch, *, to: PitchState) -> bool:
    """Say whether the newsroom may still decide so on a pitch, apart from what a meeting decided."""
    return _is_undecided(pitch, to=to) or _is_droppable(pitch, to=to)


def _is_undecided(pitch: Pitch, *, to: PitchState) -> bool:
    # Another question may follow one that is open.
    is_asked_again = to is pitch.state is PitchState.QUESTION
    return pitch.state in DECIDABLE and (is_asked_again or pitch_life.may(pitch, to))


def _is_droppable(pitch: Pitch, *, to: PitchState) -> bool:
    return pitch.state in UNDER_WAY and to in DROPPED


def _unplan(session: Session, pitch: Pitch) -> None:
    """Nobody writes a pitch any more, and it has no day: who was asked reads so in their message."""
    pitch.planned_on = pitch.author_id = None
    for outlet in plans.outlets(session, pitch.id or 0):
        outlet.planned_on = None


def _decide(
    session: Session,
    pitch_id: int,
    state: PitchState,
    *,
    words: str,
    drops: bool = False,
    by: Person,
    now: datetime,
) -> Pitch:
    """Decide on a pitch: at once, or when the meeting that is held now ends."""
    pitch = _open(session, pitch_id, to=state, drops=drops, by=by)
    meeting = meetings.meeting(session)
    if meeting is None:
        apply(session, pitch, state, words=words, by=by, at=now, now=now)
    else:
        _keep(session, meeting, pitch, state, words=words, by=by, now=now)
    return pitch


def _keep(
    session: Session,
    meeting: PitchMeeting,
    pitch: Pitch,
    state: PitchState,
    *,
    words: str,
    by: Person,
    now: datetime,
) -> None:
    """Keep for the end of a meeting what was decided in it; what an earlier one decided is done."""
    session.merge(
        PitchVerdict(
            pitch_id=pitch.id or 0,
            meeting_id=meeting.id or 0,
            state=state,
            words=words,
            by_id=by.id or 0,
            at=now,
        )
    )
    session.flush()
    # Only the newsroom sees these two.
    delivery.changed(session, pitch_life.CARD, pitch.id, now=now)
    delivery.changed(session, MEETING, meeting.id, now=now)


def _open(session: Session, pitch_id: int, *, to: PitchState, drops: bool = False, by: Person) -> Pitch:
    """Return a pitch that is open for this; what was accepted meanwhile is dropped by nobody unawares."""
    people.require(session, by, Role.COMMS)
    pitch = _get(session, pitch_id)
    may = _is_droppable(pitch, to=to) if drops else _is_undecided(pitch, to=to)
    if not may or meetings.open_verdict(session, pitch_id):
        raise DecidedError(pitches.card_of(session, pitch))
    return pitch


def _undecide(pitch: Pitch) -> None:
    pitch.decision_words, pitch.decided_at, pitch.decided_by_id = "", None, None


def _introduce(session: Session, pitch: Pitch, goal: Pitch, *, now: datetime) -> None:
    """Tell the pitcher of the goal who had the same idea; the other one learns it with how theirs stands."""
    pitcher = session.get(Person, goal.pitcher_id)
    assert pitcher is not None
    due_at = pitch_life.next_told_at(goal, now=now)
    delivery.note(
        session, INTRODUCED, pitch.id, to=pitcher, now=now, due_at=due_at, rank=delivery.Rank.URGENT
    )


def _own_question(session: Session, question_id: int, *, pitcher: Person) -> tuple[PitchQuestion, Pitch]:
    question = session.get(PitchQuestion, question_id)
    assert question is not None
    pitch = _get(session, question.pitch_id)
    if pitch.pitcher_id != pitcher.id:
        raise people.NotAllowedError
    if pitch.state not in UNDECIDED:
        raise DecidedError(pitches.card_of(session, pitch))
    return question, pitch


def _get(session: Session, pitch_id: int) -> Pitch:
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    return pitch
