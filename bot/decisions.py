"""Decisions on pitches: taken on, declined or asked about by the comms team, and their pitchers told."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import delivery, people, pitch_life, pitches
from bot.delivery import Place
from bot.people import Person, Role
from bot.pitches import UNDECIDED, Pitch, PitchCard, PitchQuestion, PitchRole, PitchState
from storage import pitches as stored

MAX_WORDS: Final = 2000


class WordsError(Exception):
    """A question, a reply or a reason is blank or longer than MAX_WORDS."""


class DecidedError(Exception):
    """Someone was quicker; `card` says who, when and how."""

    def __init__(self, card: PitchCard) -> None:
        super().__init__(card.pitch.id)
        self.card = card


def accept(session: Session, pitch_id: int, *, by: Person, now: datetime) -> Pitch:
    """Take a pitch on and tell its pitcher.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
    """
    return _decide(session, pitch_id, PitchState.ACCEPTED, words="", by=by, now=now)


def decline(session: Session, pitch_id: int, *, words: str, by: Person, now: datetime) -> Pitch:
    """Decline a pitch and tell its pitcher why, in words the comms team chose.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
        WordsError: the words are blank or too long.
    """
    return _decide(session, pitch_id, PitchState.DECLINED, words=_words(words), by=by, now=now)


def ask(session: Session, pitch_id: int, *, words: str, by: Person, now: datetime) -> Pitch:
    """Ask the pitcher something; the pitch waits for the reply.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
        WordsError: the question is blank or too long.
    """
    pitch = _open(session, pitch_id, by=by)
    question = PitchQuestion(pitch_id=pitch_id, question=_words(words), asked_by_id=by.id or 0, asked_at=now)
    session.add(question)
    if pitch.state is PitchState.QUESTION:
        pitch_life.show_again(session, pitch, now=now)
    else:
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
    delivery.note(session, "pitch_question", question.id, to=pitcher, now=now, rank=delivery.Rank.URGENT)
    return pitch


def reply(session: Session, question_id: int, *, words: str, pitcher: Person, now: datetime) -> Pitch:
    """Keep the pitcher's reply to a question and show it to the comms team.

    Raises:
        NotAllowedError: not the pitcher.
        DecidedError: it was decided meanwhile.
        WordsError: the reply is blank or too long.
    """
    question, pitch = _own_question(session, question_id, pitcher=pitcher)
    # A second reply is a second thought, not another first one.
    question.reply = "\n\n".join(filter(None, (question.reply, _words(words))))
    question.replied_at = now
    if pitch.state is PitchState.QUESTION:
        pitch_life.step(session, pitch, PitchState.NEW, role=PitchRole.PITCHER, by=pitcher, now=now)
    else:
        pitch_life.show_again(session, pitch, now=now)
    delivery.changed(session, "pitch_question", question.id, now=now)
    delivery.changed(session, "pitch_replied", question.id, now=now)
    delivery.note(session, "pitch_replied", question.id, to=Place.COMMS, now=now, rank=delivery.Rank.URGENT)
    return pitch


def open_card(session: Session, pitch_id: int, *, by: Person) -> PitchCard:
    """Return a pitch that someone is about to decide on.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
    """
    return pitches.card_of(session, _open(session, pitch_id, by=by))


def open_question(session: Session, question_id: int, *, pitcher: Person) -> PitchQuestion:
    """Return a question that its pitcher is about to reply to.

    Raises:
        NotAllowedError: not the pitcher.
        DecidedError: the pitch was decided meanwhile.
    """
    return _own_question(session, question_id, pitcher=pitcher)[0]


def _decide(
    session: Session, pitch_id: int, state: PitchState, *, words: str, by: Person, now: datetime
) -> Pitch:
    pitch = _open(session, pitch_id, by=by)
    pitch.decision_words, pitch.decided_at, pitch.decided_by_id = words, now, by.id
    pitch_life.step(session, pitch, state, role=PitchRole.COMMS, by=by, now=now, reason=words)
    for asked in stored.questions(session, pitch_id):
        # Nobody waits for a reply any more.
        delivery.changed(session, "pitch_question", asked.id, now=now)
    return pitch


def _open(session: Session, pitch_id: int, *, by: Person) -> Pitch:
    people.require(session, by, Role.COMMS)
    pitch = _get(session, pitch_id)
    if pitch.state not in UNDECIDED:
        raise DecidedError(pitches.card_of(session, pitch))
    return pitch


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


def _words(words: str) -> str:
    words = words.strip()
    if not 1 <= len(words) <= MAX_WORDS:
        raise WordsError(len(words))
    return words
