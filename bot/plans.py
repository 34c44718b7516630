"""Plans: what a form says about who writes a story, when, where and with which tasks, and what can't be."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from bot.pitches import PitchCard
from storage.planning import Outlet, PitchOutlet, PitchTask, TaskKind

__all__ = [
    "AUTHOR",
    "DATE",
    "MAX_LABEL",
    "MAX_TASKS",
    "Colleague",
    "Outlet",
    "PitchOutlet",
    "PitchTask",
    "Plan",
    "PlanError",
    "Problem",
    "Task",
    "TaskKind",
    "mark",
    "outlet_date",
    "problems",
    "task_field",
]

MAX_TASKS: Final = 5
MAX_LABEL: Final = 150
# The fields of a plan, as its problems name them; those of outlets and tasks are made by functions below.
AUTHOR: Final = "author"
DATE: Final = "planned_on"


class Problem(StrEnum):
    """What is wrong with a field of a plan."""

    PAST = "past"
    LEFT = "left"
    NO_OUTLET = "no_outlet"
    NO_KIND = "no_kind"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"


class PlanError(Exception):
    """A plan can't be kept; `problems` says for each field what is wrong with it."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__(", ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = problems


@dataclass(frozen=True)
class Colleague:
    """Someone who was chosen, as the chat knows them; nobody can be asked who is not there any more."""

    chat_id: str
    name: str = ""
    locale: str | None = None
    timezone: str | None = None
    is_there: bool = True


@dataclass(frozen=True)
class Task:
    """Something to be done for a story, as a form says it; one that says nothing is no task.

    Attributes:
        kind: None when that was not said.
        task_id: the task that it changes; None for a new one.
    """

    kind: TaskKind | None = None
    label: str = ""
    due_on: date | None = None
    person: Colleague | None = None
    task_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.kind or self.label or self.due_on or self.person)


@dataclass(frozen=True)
class Plan:
    """Who writes a story, when and where it is to appear, and what is to be done for it.

    Attributes:
        outlets: where, each with its own day if it has one.
        dates: days that were given for outlets, whether they are chosen or not.
        is_ready: the text is there; for what the newsroom or someone from outside writes.
    """

    author: Colleague | None = None
    planned_on: date | None = None
    outlets: frozenset[Outlet] = frozenset()
    dates: Mapping[Outlet, date] = field(default_factory=dict)
    tasks: Sequence[Task] = ()
    is_ready: bool = False


def outlet_date(outlet: Outlet) -> str:
    """Name the field of an outlet's day."""
    return f"outlet_{outlet}"


def task_field(number: int, what: str) -> str:
    """Name a field of the task with this number, from 0: its kind, label, due or person."""
    return f"task_{number}_{what}"


def mark(card: PitchCard) -> str:
    """Return a mark of how a pitch is planned: another one as soon as someone plans it otherwise."""
    pitch = card.pitch
    outlets = sorted(f"{one.outlet}@{one.planned_on}" for one in card.outlets)
    tasks = [f"{one.id}:{one.kind}:{one.label}:{one.due_on}:{one.person_id}" for one in card.tasks]
    said = f"{pitch.author_id}|{pitch.planned_on}|{outlets}|{tasks}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def problems(card: PitchCard, plan: Plan, *, today: date) -> dict[str, Problem]:
    """Return what is wrong with a plan, by field; what stood there before may be past, or gone, by now."""
    found = {}
    known_author = card.author.chat_id if card.author else None
    if plan.author and not plan.author.is_there and plan.author.chat_id != known_author:
        found[AUTHOR] = Problem.LEFT
    if _is_past(plan.planned_on, card.pitch.planned_on, today):
        found[DATE] = Problem.PAST
    known = {one.outlet: one.planned_on for one in card.outlets}
    for outlet, day in plan.dates.items():
        # What is taken out of a plan keeps its day in the form, where days can't be taken back.
        if outlet not in plan.outlets and day != known.get(outlet):
            found[outlet_date(outlet)] = Problem.NO_OUTLET
        elif _is_past(day, known.get(outlet), today):
            found[outlet_date(outlet)] = Problem.PAST
    due = {one.id: one.due_on for one in card.tasks}
    for number, task in enumerate(plan.tasks):
        if not task.is_empty:
            wrong = _wrong(number, task, due.get(task.task_id), today)
            found |= {task_field(number, what): problem for what, problem in wrong}
    return found


def _wrong(number: int, task: Task, known_due_on: date | None, today: date) -> Iterator[tuple[str, Problem]]:
    if number >= MAX_TASKS:
        yield "kind", Problem.TOO_MANY
    elif task.kind is None:
        yield "kind", Problem.NO_KIND
    if len(task.label) > MAX_LABEL:
        yield "label", Problem.TOO_LONG
    if _is_past(task.due_on, known_due_on, today):
        yield "due", Problem.PAST
    if task.person and not task.person.is_there:
        yield "person", Problem.LEFT


def _is_past(day: date | None, known: date | None, today: date) -> bool:
    return day is not None and day < today and day != known
