"""Pitches: kept, thanked for, and shown to the comms team."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from bot import delivery, drafts, duplicates, ideas, people, pitch_life, plan_news
from bot.delivery import Place
from bot.duplicates import Similar
from bot.ideas import MAX_STORY, MAX_TITLE, Idea, IdeaError, Subject
from bot.people import Department, Person
from bot.pitch_life import StateError
from storage import meetings
from storage import pitches as stored
from storage import planning as plans
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
from storage.planning import PitchOutlet, PitchTask
from storage.posts import Post

__all__ = [
    "ENDED",
    "MAX_STORY",
    "MAX_TITLE",
    "UNDECIDED",
    "EndedError",
    "Goal",
    "Idea",
    "IdeaError",
    "Pitch",
    "PitchCard",
    "PitchKind",
    "PitchQuestion",
    "PitchRole",
    "PitchState",
    "PitchStep",
    "Verdict",
    "by_pitcher",
    "card",
    "card_for_comms",
    "card_of",
    "life",
    "mine",
    "news",
    "published",
    "question",
    "submit",
    "withdraw",
]


class EndedError(StateError):
    """A pitch that its pitcher wants to withdraw has ended, or is withdrawn already."""


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
    # The measure or the event that it is about.
    subject: Subject | None = None
    post: Post | None = None
    similar: tuple[Similar, ...] = ()
    questions: tuple[PitchQuestion, ...] = ()
    steps: tuple[PitchStep, ...] = ()
    goal: Goal | None = None
    also_by: tuple[Person, ...] = ()
    verdict: Verdict | None = None
    outlets: tuple[PitchOutlet, ...] = ()
    tasks: tuple[PitchTask, ...] = ()


def submit(
    session: Session,
    idea: Idea,
    *,
    pitcher: Person,
    now: datetime,
    today: date | None = None,
    draft_id: int | None = None,
) -> Pitch:
    """Keep a new pitch, thank its pitcher and show it to the comms team.

    Args:
        session: the transaction.
        idea: what they wrote; a title is enough.
        pitcher: the colleague whose idea it is.
        now: moment of submission, timezone-aware.
        today: the city's day; that of `now` if it is not given.
        draft_id: the draft that it was till now.

    Raises:
        IdeaError: at least one field is not as it has to be.
    """
    idea = ideas.check(session, idea, today=today or now.date())
    draft = drafts.get(session, draft_id, pitcher=pitcher)
    pitch = draft or Pitch(title="", pitcher_id=pitcher.id or 0, state=PitchState.DRAFT, created_at=now)
    ideas.fill(session, pitch, idea, now=now)
    pitch.created_at = now
    session.add(pitch)
    session.flush()
    pitch_life.step(session, pitch, PitchState.NEW, role=PitchRole.PITCHER, by=pitcher, now=now)
    if draft:
        delivery.changed(session, drafts.OFFER, pitch.id, now=now)
    delivery.note(session, pitch_life.RECEIVED, pitch.id, to=pitcher, now=now, rank=delivery.Rank.URGENT)
    delivery.note(session, pitch_life.CARD, pitch.id, to=Place.COMMS, now=now, rank=delivery.Rank.URGENT)
    return pitch


def withdraw(session: Session, pitch_id: int, *, by: Person, now: datetime) -> Pitch:
    """Let a pitcher take their pitch back, at any time before it ended.

    Raises:
        NotAllowedError: it is somebody else's.
        EndedError: nothing can be done with it any more.
    """
    pitch = _own(session, pitch_id, pitcher=by)
    try:
        pitch_life.step(session, pitch, PitchState.WITHDRAWN, role=PitchRole.PITCHER, by=by, now=now)
    except StateError as error:
        raise EndedError(pitch, error.last) from None
    plan_news.called_off(session, pitch, by=by, now=now)
    return pitch


def mine(session: Session, pitcher: Person, *, limit: int, offset: int = 0) -> list[PitchCard]:
    """Return at most `limit` pitches of someone's own with who writes them, newest first."""
    found = stored.by_pitcher(session, pitcher.id or 0, limit=limit, offset=offset)
    return [
        PitchCard(pitch, pitcher, None, author=session.get(Person, pitch.author_id or 0)) for pitch in found
    ]


def life(session: Session, pitch_id: int, *, by: Person) -> PitchCard:
    """Return someone's own pitch with its whole life.

    Raises:
        NotAllowedError: it is somebody else's.
    """
    return card_of(session, _own(session, pitch_id, pitcher=by))


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
    merged = stored.all_merged_into(session, pitch_id)
    also_by = {one.pitcher_id: person(one.pitcher_id) for one in merged if one.pitcher_id != pitcher.id}
    verdict = meetings.open_verdict(session, pitch_id)
    return PitchCard(
        pitch,
        pitcher,
        people.department(session, pitch.department_id),
        decided_by=person(pitch.decided_by_id),
        author=person(pitch.author_id),
        contact=person(pitch.contact_id),
        post=session.get(Post, pitch.post_id) if pitch.post_id else None,
        questions=tuple(stored.questions(session, pitch_id)),
        steps=tuple(stored.steps(session, pitch_id)),
        subject=ideas.subject_of(session, ideas.idea_of(session, pitch)),
        goal=Goal(goal, goal_pitcher) if goal and goal_pitcher else None,
        also_by=tuple(filter(None, also_by.values())),
        outlets=tuple(plans.outlets(session, pitch_id)),
        tasks=tuple(plans.tasks(session, pitch_id)),
        verdict=Verdict(verdict.state, person(verdict.by_id), verdict.at) if verdict else None,
    )


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
    found = card(session, asked.pitch_id) if asked else None
    return (asked, found) if asked and found else None


def _own(session: Session, pitch_id: int, *, pitcher: Person) -> Pitch:
    pitch = _get(session, pitch_id)
    if pitch.pitcher_id != pitcher.id:
        raise people.NotAllowedError
    return pitch


def _get(session: Session, pitch_id: int) -> Pitch:
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    return pitch
