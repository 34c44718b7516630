"""Pitches: kept, thanked for, and shown to the comms team."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import comments, delivery, people, pitch_life
from bot.comments import Unanswered
from bot.delivery import Place
from bot.people import Department, Person, Role
from storage import decisions as decided
from storage import pitches as stored
from storage.events import CalendarEvent
from storage.pitches import (
    ENDED,
    UNDECIDED,
    Pitch,
    PitchKind,
    PitchQuestion,
    PitchRole,
    PitchState,
    PitchStep,
    by_pitcher,
)
from storage.radar import Measure

__all__ = [
    "ENDED",
    "MAX_STORY",
    "MAX_TITLE",
    "UNDECIDED",
    "Digest",
    "Goal",
    "Pitch",
    "PitchCard",
    "PitchKind",
    "PitchQuestion",
    "PitchRole",
    "PitchState",
    "PitchStep",
    "TitleError",
    "TooLongError",
    "Verdict",
    "by_pitcher",
    "card",
    "card_of",
    "digest",
    "digest_due",
    "digest_now",
    "news",
    "question",
    "submit",
]

MAX_TITLE: Final = 150
MAX_STORY: Final = 3000
MAX_DIGEST: Final = 20


class TitleError(Exception):
    """A title is blank or longer than MAX_TITLE."""


class TooLongError(Exception):
    """A story is longer than MAX_STORY."""


@dataclass(frozen=True)
class Goal:
    """The pitch that another one goes on with, and whose idea it is."""

    pitch: Pitch
    pitcher: Person


@dataclass(frozen=True)
class Verdict:
    """What was decided on a pitch in the meeting that is held now; nobody outside the newsroom knows it."""

    state: PitchState
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class PitchCard:
    """A pitch with the people, the department and the things that belong to it.

    `also_by` are those whose own pitches were merged into it.
    """

    pitch: Pitch
    pitcher: Person
    department: Department | None
    decided_by: Person | None = None
    author: Person | None = None
    contact: Person | None = None
    questions: tuple[PitchQuestion, ...] = ()
    steps: tuple[PitchStep, ...] = ()
    measure: Measure | None = None
    event: CalendarEvent | None = None
    goal: Goal | None = None
    also_by: tuple[Person, ...] = ()
    verdict: Verdict | None = None


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


def card(session: Session, pitch_id: int) -> PitchCard | None:
    """Return the pitch with this id as its messages show it."""
    pitch = session.get(Pitch, pitch_id)
    return card_of(session, pitch) if pitch else None


def card_of(session: Session, pitch: Pitch) -> PitchCard:
    """Return a pitch with all that its messages show."""
    pitcher = session.get(Person, pitch.pitcher_id)
    assert pitcher is not None

    def person(person_id: int | None) -> Person | None:
        return session.get(Person, person_id) if person_id else None

    pitch_id = pitch.id or 0
    goal = session.get(Pitch, pitch.merged_into_id) if pitch.merged_into_id else None
    goal_pitcher = person(goal.pitcher_id) if goal else None
    merged = stored.merged_into(session, pitch_id)
    also_by = {one.pitcher_id: person(one.pitcher_id) for one in merged if one.pitcher_id != pitcher.id}
    verdict = decided.open_verdict(session, pitch_id)
    return PitchCard(
        pitch,
        pitcher,
        people.department(session, pitch.department_id),
        decided_by=person(pitch.decided_by_id),
        author=person(pitch.author_id),
        contact=person(pitch.contact_id),
        questions=tuple(stored.questions(session, pitch_id)),
        steps=tuple(stored.steps(session, pitch_id)),
        measure=session.get(Measure, pitch.measure_id) if pitch.measure_id else None,
        event=session.get(CalendarEvent, pitch.event_id) if pitch.event_id else None,
        goal=Goal(goal, goal_pitcher) if goal and goal_pitcher else None,
        also_by=tuple(filter(None, also_by.values())),
        verdict=Verdict(verdict.state, person(verdict.by_id), verdict.at) if verdict else None,
    )


def news(session: Session, pitch_id: int) -> PitchCard | None:
    """Return a pitch whose pitcher has something to hear about it."""
    found = card(session, pitch_id)
    return found if found and pitch_life.is_news(found.pitch) else None


def question(session: Session, question_id: int) -> tuple[PitchQuestion, PitchCard] | None:
    """Return a question with the pitch it is about."""
    asked = session.get(PitchQuestion, question_id)
    found = card(session, asked.pitch_id) if asked else None
    return (asked, found) if asked and found else None


def digest(session: Session, now: datetime) -> Digest:
    """Return what the comms team has to decide, and what readers wait for."""
    waiting = stored.undecided(session, limit=1000)
    cards = tuple(card_of(session, pitch) for pitch in waiting[:MAX_DIGEST])
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
