"""Pitches: kept, decided by the comms team, and their pitchers told."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import comments, delivery, duplicates, people, pitch_life
from bot.comments import Unanswered
from bot.delivery import Place
from bot.duplicates import Similar
from bot.people import Department, Person, Role
from storage import pitches as stored
from storage.pitches import (
    UNDECIDED,
    Pitch,
    PitchKind,
    PitchQuestion,
    PitchRole,
    PitchState,
    PitchStep,
    by_pitcher,
)
from storage.posts import Post

__all__ = [
    "MAX_STORY",
    "MAX_TITLE",
    "MAX_WORDS",
    "UNDECIDED",
    "DecidedError",
    "Digest",
    "Pitch",
    "PitchCard",
    "PitchKind",
    "PitchQuestion",
    "PitchRole",
    "PitchState",
    "PitchStep",
    "TitleError",
    "TooLongError",
    "WordsError",
    "accept",
    "ask",
    "by_pitcher",
    "card",
    "card_for_comms",
    "decline",
    "digest",
    "digest_due",
    "digest_now",
    "news",
    "open_card",
    "open_question",
    "published",
    "question",
    "reply",
    "submit",
]

MAX_TITLE: Final = 150
MAX_STORY: Final = 3000
MAX_WORDS: Final = 2000
MAX_DIGEST: Final = 20


class TitleError(Exception):
    """A title is blank or longer than MAX_TITLE."""


class TooLongError(Exception):
    """A story is longer than MAX_STORY."""


class WordsError(Exception):
    """A question, a reply or a reason is blank or longer than MAX_WORDS."""


class DecidedError(Exception):
    """Someone was quicker; `card` says who, when and how."""

    def __init__(self, card: "PitchCard") -> None:
        super().__init__(card.pitch.id)
        self.card = card


@dataclass(frozen=True)
class PitchCard:
    """A pitch with the people and the department that belong to it."""

    pitch: Pitch
    pitcher: Person
    department: Department | None
    decided_by: Person | None = None
    author: Person | None = None
    contact: Person | None = None
    post: Post | None = None
    similar: tuple[Similar, ...] = ()
    questions: tuple[PitchQuestion, ...] = ()
    steps: tuple[PitchStep, ...] = ()


@dataclass(frozen=True)
class Digest:
    """The pitches that wait for a decision, longest waiting first; `more` of them are not listed.

    And the reader comments that wait for an answer.
    """

    cards: tuple[PitchCard, ...]
    more: int
    now: datetime
    unanswered: Unanswered = field(default_factory=Unanswered)


def submit(
    session: Session,
    *,
    title: str,
    pitcher: Person,
    now: datetime,
    story: str = "",
    permalink: str | None = None,
    department_id: int | None = None,
) -> Pitch:
    """Keep a new pitch, thank its pitcher and show it to the comms team.

    Args:
        session: the transaction.
        title: one line, 1 to MAX_TITLE characters after trimming.
        pitcher: the colleague whose idea it is.
        now: moment of submission, timezone-aware.
        story: at most MAX_STORY characters.
        permalink: the message in the chat that it was made of.
        department_id: whose story it is.

    Raises:
        TitleError: the title is blank or too long.
        TooLongError: the story is too long.
    """
    title = " ".join(title.split())
    if not 1 <= len(title) <= MAX_TITLE:
        raise TitleError(len(title))
    if len(story) > MAX_STORY:
        raise TooLongError(len(story))
    pitch = Pitch(
        title=title,
        story=story.strip(),
        permalink=permalink,
        department_id=department_id,
        pitcher_id=pitcher.id or 0,
        created_at=now,
    )
    session.add(pitch)
    session.flush()
    session.add(
        PitchStep(
            pitch_id=pitch.id or 0,
            state=PitchState.NEW,
            role=PitchRole.PITCHER,
            person_id=pitcher.id,
            at=now,
        )
    )
    delivery.note(session, pitch_life.RECEIVED, pitch.id, to=pitcher, now=now, rank=delivery.Rank.URGENT)
    delivery.note(session, pitch_life.CARD, pitch.id, to=Place.COMMS, now=now, rank=delivery.Rank.URGENT)
    return pitch


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


def card(session: Session, pitch_id: int) -> PitchCard | None:
    """Return a pitch with all that its messages show."""
    pitch = session.get(Pitch, pitch_id)
    return _card(session, pitch) if pitch else None


def card_for_comms(session: Session, pitch_id: int) -> PitchCard | None:
    """Return a pitch as the comms team sees it: while it is undecided, beside what may be the same story."""
    found = card(session, pitch_id)
    if found is None or found.pitch.state not in UNDECIDED:
        return found
    return replace(found, similar=tuple(duplicates.similar(session, found.pitch)))


def news(session: Session, pitch_id: int) -> PitchCard | None:
    """Return a pitch whose pitcher has something to hear about it."""
    found = card(session, pitch_id)
    return found if found and pitch_life.is_news(found.pitch) else None


def published(session: Session, pitch_id: int) -> PitchCard | None:
    """Return a pitch that has been published."""
    found = card(session, pitch_id)
    return found if found and found.pitch.state is PitchState.PUBLISHED else None


def question(session: Session, question_id: int) -> tuple[PitchQuestion, PitchCard] | None:
    """Return a question with the pitch it is about."""
    asked = session.get(PitchQuestion, question_id)
    return (asked, _card(session, _get(session, asked.pitch_id))) if asked else None


def open_card(session: Session, pitch_id: int, *, by: Person) -> PitchCard:
    """Return a pitch that someone is about to decide on.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
    """
    return _card(session, _open(session, pitch_id, by=by))


def open_question(session: Session, question_id: int, *, pitcher: Person) -> PitchQuestion:
    """Return a question that its pitcher is about to reply to.

    Raises:
        NotAllowedError: not the pitcher.
        DecidedError: the pitch was decided meanwhile.
    """
    return _own_question(session, question_id, pitcher=pitcher)[0]


def digest(session: Session, now: datetime) -> Digest:
    """Return what the comms team has to decide, and what readers wait for."""
    waiting = stored.undecided(session, limit=1000)
    cards = tuple(_card(session, pitch) for pitch in waiting[:MAX_DIGEST])
    return Digest(cards, more=len(waiting) - len(cards), now=now, unanswered=comments.unanswered(session))


def digest_due(session: Session, *, appointment: datetime, now: datetime) -> None:
    """Note the digest of an appointment that has come, once; one missed by over half a day is left out."""
    if (now - appointment).total_seconds() < 12 * 3600:
        day = appointment.date()
        key = f"pitch_digest:{day.isoformat()}"
        delivery.note(
            session,
            "pitch_digest",
            day.toordinal(),
            to=Place.COMMS,
            now=now,
            key=key,
            rank=delivery.Rank.BULK,
        )


def digest_now(session: Session, *, by: Person, now: datetime) -> None:
    """Note a digest for the comms channel, because someone asked for it.

    Raises:
        NotAllowedError: not of the comms team.
    """
    people.require(session, by, Role.COMMS)
    key = f"pitch_digest:{now.isoformat()}"
    delivery.note(
        session,
        "pitch_digest",
        now.date().toordinal(),
        to=Place.COMMS,
        now=now,
        key=key,
        rank=delivery.Rank.URGENT,
    )


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
        raise DecidedError(_card(session, pitch))
    return pitch


def _own_question(session: Session, question_id: int, *, pitcher: Person) -> tuple[PitchQuestion, Pitch]:
    question = session.get(PitchQuestion, question_id)
    assert question is not None
    pitch = _get(session, question.pitch_id)
    if pitch.pitcher_id != pitcher.id:
        raise people.NotAllowedError
    if pitch.state not in UNDECIDED:
        raise DecidedError(_card(session, pitch))
    return question, pitch


def _get(session: Session, pitch_id: int) -> Pitch:
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    return pitch


def _card(session: Session, pitch: Pitch) -> PitchCard:
    pitcher = session.get(Person, pitch.pitcher_id)
    assert pitcher is not None

    def person(person_id: int | None) -> Person | None:
        return session.get(Person, person_id) if person_id else None

    return PitchCard(
        pitch,
        pitcher,
        people.department(session, pitch.department_id),
        decided_by=person(pitch.decided_by_id),
        author=person(pitch.author_id),
        contact=person(pitch.contact_id),
        post=session.get(Post, pitch.post_id) if pitch.post_id else None,
        questions=tuple(stored.questions(session, pitch.id or 0)),
        steps=tuple(stored.steps(session, pitch.id or 0)),
    )


def _words(words: str) -> str:
    words = words.strip()
    if not 1 <= len(words) <= MAX_WORDS:
        raise WordsError(len(words))
    return words
