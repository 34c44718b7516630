"""Planning: who writes an accepted pitch, when and where it appears, and what is to be done until then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from bot import authors, delivery, people, pitch_life, pitches, plan_news, plans
from bot.people import Person, Role
from bot.pitches import Pitch, PitchCard, PitchRole, PitchState
from bot.plan_news import GIVEN, TASK
from bot.plans import Colleague, Plan, PlanError
from storage.planning import UNDER_WAY, PitchOutlet, PitchTask

__all__ = ["UNDER_WAY", "WRITABLE", "ChangedError", "Planned", "open_plan", "save"]

# In these the newsroom can say that the text is ready, as for an author from outside who has no buttons.
WRITABLE: Final = (PitchState.ACCEPTED, PitchState.IN_WORK)


class ChangedError(Exception):
    """Someone else changed the plan since it was looked at."""


@dataclass(frozen=True)
class Planned:
    """A pitch as it is planned; `helpers` are the chat ids of those who have tasks, by their ids."""

    card: PitchCard
    helpers: Mapping[int, str]


def open_plan(session: Session, pitch_id: int, *, by: Person) -> Planned:
    """Return a pitch that someone is about to plan.

    Raises:
        NotAllowedError: not of the comms team.
        StateError: it is not accepted, or not any more.
    """
    people.require(session, by, Role.COMMS)
    _under_way(session, pitch_id)
    card = pitches.card(session, pitch_id)
    assert card is not None
    found = (session.get(Person, one.person_id) for one in card.tasks if one.person_id)
    return Planned(card, {one.id or 0: one.chat_id for one in found if one})


def save(
    session: Session, pitch_id: int, plan: Plan, *, seen: str | None, by: Person, today: date, now: datetime
) -> Pitch:
    """Keep a plan; ask a new author, and let the pitch come to the state that follows from it.

    Args:
        session: the transaction.
        pitch_id: what is planned.
        plan: how.
        seen: the mark of the plan that this one is made from; None when that does not matter.
        by: who plans.
        today: the date in the city.
        now: this moment.

    Raises:
        NotAllowedError: not of the comms team.
        StateError: it is not accepted, or not any more.
        ChangedError: someone else planned it meanwhile.
        PlanError: something in the plan can't be.
    """
    people.require(session, by, Role.COMMS)
    pitch = _under_way(session, pitch_id)
    card = pitches.card(session, pitch_id)
    assert card is not None
    if seen is not None and seen != plans.mark(card):
        raise ChangedError
    if problems := plans.problems(card, plan, today=today):
        raise PlanError(problems)
    was_planned_on, was_author_id, was_told_at = pitch.planned_on, pitch.author_id, pitch.told_at
    pitch.planned_on = plan.planned_on
    _keep_outlets(session, card, plan)
    _assign(session, pitch, plan.author, by=by, now=now)
    _keep_tasks(session, card, plan, by=by, now=now)
    if plan.is_ready and pitch.state in WRITABLE:
        pitch_life.step(session, pitch, PitchState.READY, role=PitchRole.COMMS, by=by, now=now)
    if pitch.state is PitchState.READY and pitch.planned_on:
        pitch_life.step(session, pitch, PitchState.PLANNED, role=PitchRole.COMMS, by=by, now=now)
    elif pitch.state is PitchState.PLANNED and not pitch.planned_on:
        pitch_life.step(session, pitch, PitchState.READY, role=PitchRole.COMMS, by=by, now=now)
    if pitch.planned_on != was_planned_on:
        if pitch.author_id == was_author_id:
            plan_news.day_moved(session, pitch, was_planned_on, by=by, now=now)
        # What a step has told them already tells of the day, too.
        if pitch.told_at == was_told_at:
            pitch_life.tell_pitcher(session, pitch, now=now)
    pitch_life.show_again(session, pitch, now=now)
    return pitch


def _under_way(session: Session, pitch_id: int) -> Pitch:
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    if pitch.state not in UNDER_WAY:
        raise pitch_life.StateError(pitch, pitch_life.last(session, pitch))
    return pitch


def _keep_outlets(session: Session, card: PitchCard, plan: Plan) -> None:
    known = {one.outlet: one for one in card.outlets}
    for outlet in plan.outlets:
        row = known.pop(outlet, None) or PitchOutlet(pitch_id=card.pitch.id or 0, outlet=outlet)
        row.planned_on = plan.dates.get(outlet)
        session.add(row)
    for row in known.values():
        session.delete(row)
    session.flush()


def _keep_tasks(session: Session, card: PitchCard, plan: Plan, *, by: Person, now: datetime) -> None:
    known = {one.id: one for one in card.tasks}
    for task in plan.tasks:
        if task.kind is None:
            continue
        row = known.pop(task.task_id, None) or PitchTask(
            pitch_id=card.pitch.id or 0, kind=task.kind, created_at=now
        )
        person = _met(session, task.person, now=now)
        if row.due_on != task.due_on:
            row.reminded_at = None
        row.kind, row.label, row.due_on = task.kind, " ".join(task.label.split()), task.due_on
        was_person_id, row.person_id = row.person_id, person.id if person else None
        session.add(row)
        session.flush()
        if person and person.id not in {was_person_id, card.pitch.author_id}:
            plan_news.given(session, row, person, by=by, now=now)
        for kind in (TASK, GIVEN):
            delivery.changed(session, kind, row.id, now=now)
    for row in known.values():
        for kind in (TASK, GIVEN):
            delivery.cancel(session, kind, row.id or 0, reason="task_gone")
        session.delete(row)
    session.flush()


def _met(session: Session, colleague: Colleague | None, *, now: datetime) -> Person | None:
    """Return someone who was chosen, kept if nobody knew them yet."""
    if colleague is None:
        return None
    if not colleague.is_there:
        # Whoever is greeted would be back.
        return people.by_chat_id(session, colleague.chat_id)
    return people.greet(
        session,
        chat_id=colleague.chat_id,
        name=colleague.name or colleague.chat_id,
        locale=colleague.locale,
        timezone=colleague.timezone,
        now=now,
    )


def _assign(
    session: Session, pitch: Pitch, colleague: Colleague | None, *, by: Person, now: datetime
) -> None:
    """Ask someone new to be the author, or nobody any more."""
    author = _met(session, colleague, now=now)
    author_id = author.id if author else None
    if author_id == pitch.author_id:
        return
    plan_news.not_needed(session, pitch, pitch.author_id, by=by, now=now)
    if author:
        authors.ask(session, pitch, author, by=by, now=now)
        return
    pitch.author_id = None
    # What is written stays written.
    if pitch.state in {PitchState.ASKED, PitchState.IN_WORK}:
        pitch_life.step(session, pitch, PitchState.ACCEPTED, role=PitchRole.COMMS, by=by, now=now)
