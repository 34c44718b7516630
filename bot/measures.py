"""Measures and who answers for them: taken from lists, quietly."""

from datetime import datetime

from sqlmodel import Session

from bot.people import Person
from bot.radar import State
from bot.slugs import unused_slug
from storage import public
from storage import radar as stored
from storage.radar import Answer, AnswerKind, AnswerState, FieldOfAction, Measure, MeasureOwner, Status

__all__ = ["Measure", "import_field", "import_measure", "import_state", "set_owner"]


def import_field(
    session: Session, *, name: str, edition: int, core_area: str | None, description: str, source: str
) -> FieldOfAction:
    """Keep a field of action, known by edition and name, and return it."""
    field = stored.field(session, name=name, edition=edition)
    if field is None:
        field = FieldOfAction(name=name, edition=edition, source=source)
    field.core_area, field.description, field.source = core_area, description, source
    session.add(field)
    session.flush()
    return field


def import_measure(
    session: Session,
    *,
    title: str,
    description: str,
    goal: str,
    field_name: str | None,
    edition: int,
    status: Status | None,
    progress_percent: int | None,
    department_id: int | None,
    starts_in: int | None,
    ends_in: int | None,
    url: str | None,
    source: str,
    origin: str,
    now: datetime,
) -> tuple[Measure, bool]:
    """Keep a measure, known by its title; return it and whether it is new.

    One that is known already stays as it is: what its owners said since counts more than a list.
    """
    known = stored.measure_titled(session, title)
    if known:
        return known, False
    field = stored.field(session, name=field_name, edition=edition) if field_name else None
    measure = Measure(
        slug=unused_slug(title, stored.slugs(session)),
        title=title,
        description=description,
        goal=goal,
        field_of_action_id=field.id if field else None,
        lead_department_id=department_id,
        starts_in=starts_in,
        ends_in=ends_in,
        url=url,
        source=source,
        status=status,
        progress_percent=progress_percent,
        state_origin=origin if status else "",
        created_at=now,
    )
    session.add(measure)
    session.flush()
    public.touch(session)
    return measure, True


def import_state(session: Session, measure: Measure, state: State, *, at: datetime, origin: str) -> Answer:
    """Keep a state from a list as a released entry of the measure's history."""
    answer = Answer(
        measure_id=measure.id or 0,
        kind=AnswerKind.UPDATE,
        state=AnswerState.RELEASED,
        created_at=at,
        decided_at=at,
        origin=origin,
        **vars(state),
    )
    session.add(answer)
    for name, value in vars(state).items():
        setattr(measure, name, value)
    measure.state_origin, measure.confirmed_at = origin, at
    session.flush()
    public.touch(session)
    return answer


def set_owner(session: Session, measure: Measure, owner: Person, *, origin: str) -> None:
    """Let someone answer for a measure; twice changes nothing more."""
    if not stored.is_owner(session, measure_id=measure.id or 0, person_id=owner.id or 0):
        session.add(MeasureOwner(measure_id=measure.id or 0, person_id=owner.id or 0, origin=origin))
        session.flush()
