"""Reminders of what is to be done for a story: before it is due, on the day, and once when it is late."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from bot import announcing, delivery, pitches
from bot.authors import TASK
from bot.delivery import Delivery, DeliveryState, Taken
from bot.people import Person
from bot.pitches import Pitch, PitchCard, PitchState
from bot.workdays import Workdays
from storage import planning as stored
from storage.planning import UNDER_WAY, PitchTask

__all__ = ["TEXT", "Stage", "TaskReminder", "TextReminder", "remind_due", "task_reminder", "text_reminder"]

TEXT: Final = "text_due"
# So many working days before a task is due, and before a story is to appear.
BEFORE_TASK: Final = 2
BEFORE_TEXT: Final = 3
# Whatever is late for longer than this nobody is reminded of any more.
STALE: Final = timedelta(days=14)


class Stage(StrEnum):
    """How near a day is."""

    SOON = "soon"
    TODAY = "today"
    LATE = "late"


@dataclass(frozen=True)
class TaskReminder:
    """A task to be reminded of, and the story it belongs to."""

    task: PitchTask
    card: PitchCard
    stage: Stage


@dataclass(frozen=True)
class TextReminder:
    """A story whose text its author is reminded of."""

    card: PitchCard
    planned_on: date
    stage: Stage


def remind_due(session: Session, *, workdays: Workdays, now: datetime) -> None:
    """Remind of what is due soon, today, or is late, each once, at a time when people are at work."""
    if not announcing.is_office_time(workdays, now):
        return
    today = workdays.today(now)
    first = today - STALE
    keys: dict[str, tuple[str, int, Person]] = {}
    tasks = {}
    for task, pitch in stored.tasks_due(session, first, workdays.after(today, BEFORE_TASK)):
        person = _responsible(session, task, pitch)
        if person and task.due_on:
            key = _key(TASK, task.id, task.due_on, today, person)
            keys[key], tasks[key] = (TASK, task.id or 0, person), task
    for pitch in stored.unwritten(session, first, workdays.after(today, BEFORE_TEXT)):
        author = _there(session, pitch.author_id)
        if author and pitch.planned_on:
            key = _key(TEXT, pitch.id, pitch.planned_on, today, author)
            keys[key] = (TEXT, pitch.id or 0, author)
    known = delivery.of_keys(session, keys)
    for key, (kind, subject_id, person) in keys.items():
        if key not in known:
            delivery.note(session, kind, subject_id, to=person, now=now, key=key)
            if key in tasks:
                tasks[key].reminded_at = now
    session.flush()


def task_reminder(session: Session, row: Delivery | Taken) -> TaskReminder | None:
    """Return the task of a reminder, or None when there is nothing to be reminded of any more."""
    task = session.get(PitchTask, row.subject_id)
    card = pitches.card(session, task.pitch_id) if task else None
    if task is None or card is None:
        return None
    stage, day = _said(row)
    person = _responsible(session, task, card.pitch)
    is_over = task.done_at or card.pitch.state not in UNDER_WAY or task.due_on != day
    is_theirs = person is not None and person.id == row.person_id
    if row.state is not DeliveryState.SENT and (is_over or not is_theirs):
        return None
    return TaskReminder(task, card, stage)


def text_reminder(session: Session, row: Delivery | Taken) -> TextReminder | None:
    """Return the story of a reminder, or None when its author has nothing to be reminded of any more."""
    card = pitches.card(session, row.subject_id)
    if card is None:
        return None
    stage, day = _said(row)
    pitch = card.pitch
    is_waiting = pitch.state in {PitchState.ASKED, PitchState.IN_WORK} and pitch.planned_on == day
    if not (is_waiting and pitch.author_id == row.person_id) and row.state is not DeliveryState.SENT:
        return None
    return TextReminder(card, day, stage)


def _responsible(session: Session, task: PitchTask, pitch: Pitch) -> Person | None:
    return _there(session, task.person_id) or _there(session, pitch.author_id)


def _there(session: Session, person_id: int | None) -> Person | None:
    person = session.get(Person, person_id) if person_id else None
    return person if person and person.inactive_at is None else None


def _key(kind: str, subject_id: int | None, day: date, today: date, person: Person) -> str:
    """Return what makes a reminder one; whoever does it now is reminded, too."""
    stage = Stage.TODAY if day == today else Stage.SOON if day > today else Stage.LATE
    return f"{kind}:{subject_id}:{stage}:{day.isoformat()}:{person.id}"


def _said(row: Delivery | Taken) -> tuple[Stage, date]:
    """Return which stage of which day a reminder is about."""
    _kind, _id, stage, day, *_person = row.key.split(":")
    return Stage(stage), date.fromisoformat(day)
