"""News of a plan for those who work on it: they are not needed any more, the day moves, a task is theirs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from bot import delivery, pitch_life
from bot.delivery import Delivery, DeliveryState, Taken
from bot.people import Person
from storage import delivery as sent
from storage import planning as stored
from storage.pitches import Pitch
from storage.planning import UNDER_WAY, PitchTask

__all__ = [
    "GIVEN",
    "MOVED",
    "OFF",
    "TASK",
    "GivenTask",
    "MovedDay",
    "Off",
    "called_off",
    "day_moved",
    "given",
    "moved",
    "not_needed",
    "off",
    "task_given",
]

OFF: Final = "author_off"
MOVED: Final = "plan_moved"
GIVEN: Final = "task_given"
TASK: Final = "task_due"
# What stands in a key where there was no day before.
NO_DAY: Final = "-"


@dataclass(frozen=True)
class Off:
    """A story that someone need not work on any more, and whether it goes on with an author."""

    pitch: Pitch
    has_author: bool


@dataclass(frozen=True)
class MovedDay:
    """A story whose planned day is another one than before."""

    pitch: Pitch


@dataclass(frozen=True)
class GivenTask:
    """A task that someone was given; `is_theirs`: it is to be done, and by them."""

    task: PitchTask
    pitch: Pitch
    is_theirs: bool


def called_off(session: Session, pitch: Pitch, *, by: Person | None, now: datetime) -> None:
    """Tell all who work on a story that it is not going to be written; whoever did this knows it."""
    helpers = [task.person_id for task in stored.tasks(session, pitch.id or 0) if not task.done_at]
    for person_id in dict.fromkeys((pitch.author_id, *helpers)):
        not_needed(session, pitch, person_id, by=by, now=now)
    pitch_life.show_again(session, pitch, now=now)


def not_needed(
    session: Session, pitch: Pitch, person_id: int | None, *, by: Person | None, now: datetime
) -> None:
    """Tell someone that they need not work on a story any more, unless they did this themselves."""
    person = session.get(Person, person_id) if person_id else None
    if person and not (by and by.id == person.id):
        key = f"{OFF}:{pitch.id}:{person.id}:{now.isoformat()}"
        delivery.note(session, OFF, pitch.id, to=person, now=now, key=key)


def day_moved(session: Session, pitch: Pitch, was: date | None, *, by: Person, now: datetime) -> None:
    """Tell an author that their story is to appear on another day; moves they have not read of are one."""
    author = session.get(Person, pitch.author_id) if pitch.author_id else None
    if author is None or author.id == by.id:
        return
    known = sent.about(session, MOVED, pitch.id or 0, person_id=author.id)
    if not any(row.state is DeliveryState.DUE for row in known):
        key = f"{MOVED}:{pitch.id}:{was.isoformat() if was else NO_DAY}:{now.isoformat()}"
        delivery.note(session, MOVED, pitch.id, to=author, now=now, key=key)


def given(session: Session, task: PitchTask, person: Person, *, by: Person, now: datetime) -> None:
    """Tell someone that a task is theirs now, unless they took it themselves."""
    if person.id != by.id:
        key = f"{GIVEN}:{task.id}:{person.id}:{now.isoformat()}"
        delivery.note(session, GIVEN, task.id, to=person, now=now, key=key)


def off(session: Session, row: Delivery | Taken) -> Off | None:
    """Return what someone need not work on; None when they never heard of it, or are needed again."""
    pitch = session.get(Pitch, row.subject_id)
    if pitch is None:
        return None
    tasks = stored.tasks(session, pitch.id or 0)
    if row.state is not DeliveryState.SENT:
        helpers = {task.person_id for task in tasks if not task.done_at}
        is_needed = pitch.state in UNDER_WAY and row.person_id in {pitch.author_id, *helpers}
        was_told = _is_told(session, pitch_life.ASKED, pitch.id, row) or any(
            _is_told(session, kind, task.id, row) for task in tasks for kind in (GIVEN, TASK)
        )
        if is_needed or not was_told:
            return None
    return Off(pitch, has_author=pitch.author_id is not None)


def moved(session: Session, row: Delivery | Taken) -> MovedDay | None:
    """Return the story whose day moved; None when its author never read the day before, or it is back."""
    pitch = session.get(Pitch, row.subject_id)
    if pitch is None:
        return None
    if row.state is not DeliveryState.SENT:
        was = row.key.split(":")[2]
        is_back = was == (pitch.planned_on.isoformat() if pitch.planned_on else NO_DAY)
        is_theirs = pitch.state in UNDER_WAY and pitch.author_id == row.person_id
        if is_back or not is_theirs or not _is_told(session, pitch_life.ASKED, pitch.id, row):
            return None
    return MovedDay(pitch)


def task_given(session: Session, row: Delivery | Taken) -> GivenTask | None:
    """Return a task that someone was given; None when it is not theirs any more before they read of it."""
    task = session.get(PitchTask, row.subject_id)
    pitch = session.get(Pitch, task.pitch_id) if task else None
    if task is None or pitch is None:
        return None
    is_theirs = task.person_id == row.person_id and pitch.state in UNDER_WAY
    # An author reads of all tasks in what they were asked.
    is_news = is_theirs and not task.done_at and pitch.author_id != row.person_id
    if row.state is not DeliveryState.SENT and not is_news:
        return None
    return GivenTask(task, pitch, is_theirs)


def _is_told(session: Session, kind: str, subject_id: int | None, row: Delivery | Taken) -> bool:
    """Say whether the reader of a message got another one about something."""
    known = sent.about(session, kind, subject_id or 0, person_id=row.person_id)
    return any(one.state is DeliveryState.SENT for one in known)
