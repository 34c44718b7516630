"""Authors: asked to write a story, they confirm, hand back, finish, and say which task is done."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Final

from sqlmodel import Session

from bot import delivery, people, pitch_life, pitches
from bot.decisions import checked
from bot.delivery import Delivery, DeliveryState, Taken
from bot.people import Person, Role
from bot.pitch_life import ASKED
from bot.pitches import Pitch, PitchCard, PitchRole, PitchState, PitchStep
from bot.plan_news import GIVEN, TASK
from storage import planning as stored
from storage.planning import UNDER_WAY, PitchTask, TaskKind

__all__ = [
    "ASKED",
    "LEFT",
    "RETURNED",
    "TASK",
    "AuthorRequest",
    "NotAuthorError",
    "Returned",
    "TaskGoneError",
    "ask",
    "confirm",
    "done",
    "finish",
    "hand_back",
    "open_request",
    "person_left",
    "reopen",
    "request",
    "returned",
]

RETURNED: Final = "author_returned"
LEFT: Final = "author_left"


class NotAuthorError(Exception):
    """Someone acts as the author of a story whom nobody asks any more."""


class TaskGoneError(Exception):
    """A task was taken out of the plan."""


@dataclass(frozen=True)
class AuthorRequest:
    """What someone is asked to write.

    Attributes:
        is_open: they are still asked, or at work.
        is_returned: they gave it back.
    """

    card: PitchCard
    is_open: bool
    is_returned: bool


@dataclass(frozen=True)
class Returned:
    """A story without an author again, and why; `by` is None when its author left."""

    card: PitchCard
    words: str
    by: Person | None


def ask(session: Session, pitch: Pitch, author: Person, *, by: Person, now: datetime) -> None:
    """Ask someone to write a story; whoever was asked before reads in their message that someone else is."""
    pitch.author_id = author.id
    step = pitch_life.step(session, pitch, PitchState.ASKED, role=PitchRole.COMMS, by=by, now=now)
    delivery.note(
        session,
        ASKED,
        pitch.id,
        to=author,
        now=now,
        key=f"{ASKED}:{pitch.id}:{step.id}",
        rank=delivery.Rank.URGENT,
    )


def confirm(session: Session, pitch_id: int, *, author: Person, now: datetime) -> None:
    """Let someone who is asked be the author.

    Raises:
        NotAuthorError: they are not asked any more.
        StateError: they have said so before.
    """
    pitch = _own(session, pitch_id, author, PitchState.ASKED)
    pitch_life.step(session, pitch, PitchState.IN_WORK, role=PitchRole.AUTHOR, by=author, now=now)


def open_request(session: Session, pitch_id: int, *, author: Person) -> Pitch:
    """Return what its author is about to give back.

    Raises:
        NotAuthorError: they are not asked any more.
        StateError: they have finished it.
    """
    return _own(session, pitch_id, author, PitchState.ASKED, PitchState.IN_WORK)


def hand_back(session: Session, pitch_id: int, *, words: str, author: Person, now: datetime) -> None:
    """Let an author give a story back, and tell the newsroom why.

    Raises:
        NotAuthorError: they are not asked any more.
        StateError: they have finished it.
        WordsError: the reason is blank or too long.
    """
    pitch = open_request(session, pitch_id, author=author)
    words = checked(words)
    pitch.author_id = None
    step = pitch_life.step(
        session, pitch, PitchState.ACCEPTED, role=PitchRole.AUTHOR, by=author, now=now, reason=words
    )
    _tell_newsroom(session, pitch, RETURNED, step.id or 0, now=now)


def finish(session: Session, pitch_id: int, *, author: Person, now: datetime) -> None:
    """Let an author say that the text is ready: with a date it is planned.

    Raises:
        NotAuthorError: they are not asked any more.
        StateError: they have said so before.
    """
    pitch = _own(session, pitch_id, author, PitchState.IN_WORK)
    state = PitchState.PLANNED if pitch.planned_on else PitchState.READY
    for task in stored.tasks(session, pitch_id):
        if task.kind is TaskKind.TEXT and task.person_id in {None, author.id}:
            _do(session, task, author, now=now)
    pitch_life.step(session, pitch, state, role=PitchRole.AUTHOR, by=author, now=now)


def reopen(session: Session, pitch_id: int, *, author: Person, now: datetime) -> None:
    """Let an author say that a text is not ready after all: they are at work again.

    Raises:
        NotAuthorError: they are not asked any more.
        StateError: it is not ready, or has appeared.
    """
    pitch = _own(session, pitch_id, author, PitchState.READY, PitchState.PLANNED)
    for task in stored.tasks(session, pitch_id):
        if task.kind is TaskKind.TEXT and task.done_by_id == author.id:
            task.done_at = task.done_by_id = None
    pitch_life.step(session, pitch, PitchState.IN_WORK, role=PitchRole.AUTHOR, by=author, now=now)


def done(session: Session, task_id: int, *, by: Person, now: datetime) -> None:
    """Let someone say that a task is done: whose it is, the author, or the comms team.

    Raises:
        TaskGoneError: it was taken out of the plan.
        NotAllowedError: it is neither theirs nor are they of the comms team.
    """
    task = session.get(PitchTask, task_id)
    if task is None:
        raise TaskGoneError
    pitch = session.get(Pitch, task.pitch_id)
    assert pitch is not None
    if by.id not in {task.person_id, pitch.author_id}:
        people.require(session, by, Role.COMMS)
    _do(session, task, by, now=now)
    pitch_life.show_again(session, pitch, now=now)


def person_left(session: Session, person: Person, *, now: datetime) -> None:
    """Let the newsroom know what someone who left was to write; their tasks are the authors' now.

    What they finished keeps its state: what is written stays written.
    """
    for task in stored.open_tasks_of(session, person.id or 0):
        task.person_id = None
    for pitch in stored.written_by(session, person.id or 0):
        pitch.author_id = None
        if pitch.state in stored.UNWRITTEN:
            pitch_life.step(session, pitch, PitchState.ACCEPTED, role=PitchRole.CLOCK, by=None, now=now)
        else:
            pitch_life.show_again(session, pitch, now=now)
        last = pitch_life.last(session, pitch)
        assert last is not None
        _tell_newsroom(session, pitch, LEFT, last.id or 0, now=now)


def request(session: Session, row: Delivery | Taken) -> AuthorRequest | None:
    """Return what someone was asked to write by this message; None when they need not hear of it any more."""
    card = pitches.card(session, row.subject_id)
    if card is None:
        return None
    asked_in = int(row.key.rpartition(":")[2])
    later = [step for step in card.steps if step.id and step.id > asked_in]
    # Until someone was asked anew: this person or another one.
    theirs = list(takewhile(lambda step: step.state is not PitchState.ASKED, later))
    is_author = card.pitch.author_id == row.person_id and card.pitch.state in UNDER_WAY
    is_open = is_author and len(theirs) == len(later)
    if not is_open and row.state is not DeliveryState.SENT:
        return None
    is_returned = any(
        step.state is PitchState.ACCEPTED
        and step.role is PitchRole.AUTHOR
        and step.person_id == row.person_id
        for step in theirs
    )
    return AuthorRequest(card, is_open=is_open, is_returned=is_returned)


def returned(session: Session, step_id: int) -> Returned | None:
    """Return a story that was given back by this step, or whose author left."""
    step = session.get(PitchStep, step_id)
    card = pitches.card(session, step.pitch_id) if step else None
    if step is None or card is None:
        return None
    return Returned(card, step.reason, session.get(Person, step.person_id) if step.person_id else None)


def _own(session: Session, pitch_id: int, author: Person, *states: PitchState) -> Pitch:
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    if pitch.author_id != author.id:
        raise NotAuthorError
    if pitch.state not in states:
        raise pitch_life.StateError(pitch, pitch_life.last(session, pitch))
    return pitch


def _do(session: Session, task: PitchTask, by: Person, *, now: datetime) -> None:
    if task.done_at is None:
        task.done_at, task.done_by_id = now, by.id
    session.flush()
    for kind in (TASK, GIVEN):
        delivery.changed(session, kind, task.id, now=now)


def _tell_newsroom(session: Session, pitch: Pitch, kind: str, step_id: int, *, now: datetime) -> None:
    key = f"{kind}:{step_id}:{now.isoformat()}"
    urgent = delivery.Rank.URGENT
    pitch_life.tell_comms(session, kind, step_id, pitch_id=pitch.id or 0, now=now, key=key, rank=urgent)
