"""Departments that are asked what is new with them, and what they said."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Field, Session, SQLModel, col, exists, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import columns
from storage.comments import Comment
from storage.events import CalendarEvent
from storage.people import Department, Person, PersonRole, Role
from storage.pitches import Pitch, PitchState
from storage.posts import Post
from storage.radar import Answer, AnswerKind, AnswerState, Measure, Status


class Occasion(StrEnum):
    """Why a department is asked."""

    RHYTHM = "rhythm"
    MILESTONE = "milestone"
    EVENT = "event"
    COMMENTS = "comments"


class AskAnswer(StrEnum):
    """What a department said when it was asked."""

    IDEA = "idea"
    NOTHING = "nothing"
    LATER = "later"


class DepartmentAsk(SQLModel, table=True):
    """One time that someone was asked for a story of their department.

    Attributes:
        person_id: who was asked.
        subject_id: the measure, event or post that was the occasion; None for the rhythm.
        again_at: when they are to be asked once more, because they wished so.
        pitch_id: the idea that came of it.
    """

    __tablename__ = "department_ask"

    id: int | None = Field(default=None, primary_key=True)
    department_id: int = Field(foreign_key="department.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    occasion: Occasion = Field(default=Occasion.RHYTHM, sa_type=columns.choice(Occasion))
    subject_id: int | None = None
    asked_at: datetime = Field(index=True)
    answer: AskAnswer | None = Field(default=None, sa_type=columns.choice(AskAnswer))
    answered_at: datetime | None = None
    again_at: datetime | None = Field(default=None, index=True)
    pitch_id: int | None = Field(default=None, foreign_key="pitch.id")


def led(session: Session, *, today: date) -> list[tuple[Department, datetime | None]]:
    """Return the departments of today that have a lead, with when they last pitched, by name."""
    last = (
        select(Pitch.created_at)
        .where(col(Pitch.department_id) == col(Department.id), Pitch.state != PitchState.DRAFT)
        .order_by(col(Pitch.created_at).desc())
        .limit(1)
        .correlate(Department)
        .scalar_subquery()
    )
    query = (
        select(Department, last)
        .where(
            or_(col(Department.valid_from).is_(None), col(Department.valid_from) <= today),
            or_(col(Department.valid_to).is_(None), col(Department.valid_to) >= today),
            col(Department.id).in_(_leads().with_only_columns(col(Person.department_id))),
        )
        .order_by(col(Department.name))
    )
    return list(session.exec(query).all())


def leads(session: Session) -> list[Person]:
    """Return the leads of all departments, as far as they have not left."""
    return list(session.exec(_leads().order_by(col(Person.id))))


def newest(session: Session, *, each: int) -> list[DepartmentAsk]:
    """Return the last `each` times that each department was asked, newest first."""
    number = func.row_number().over(
        partition_by=col(DepartmentAsk.department_id),
        order_by=(col(DepartmentAsk.asked_at).desc(), col(DepartmentAsk.id).desc()),
    )
    ranked = select(col(DepartmentAsk.id), number.label("number")).subquery()
    query = (
        select(DepartmentAsk)
        .join(ranked, ranked.c.id == col(DepartmentAsk.id))
        .where(ranked.c.number <= each)
        .order_by(col(DepartmentAsk.asked_at).desc(), col(DepartmentAsk.id).desc())
    )
    return list(session.exec(query))


def asked_since(session: Session, moment: datetime) -> int:
    """Return how many were asked since a moment."""
    query = select(func.count()).select_from(DepartmentAsk).where(DepartmentAsk.asked_at >= moment)
    return session.exec(query).one()


def wished_again(session: Session, *, now: datetime, limit: int) -> list[DepartmentAsk]:
    """Return at most `limit` of those who wished to be asked once more by now, longest due first."""
    query = select(DepartmentAsk).where(col(DepartmentAsk.again_at) <= now)
    return list(session.exec(query.order_by(col(DepartmentAsk.again_at), col(DepartmentAsk.id)).limit(limit)))


def without_pitch(session: Session, *, since: datetime) -> list[tuple[DepartmentAsk, int]]:
    """Return who said lately that they have an idea, with the first pitch that they sent after that."""
    first = (
        select(Pitch.id)
        .where(
            col(Pitch.pitcher_id) == col(DepartmentAsk.person_id),
            col(Pitch.created_at) >= col(DepartmentAsk.answered_at),
            Pitch.state != PitchState.DRAFT,
        )
        .order_by(col(Pitch.created_at), col(Pitch.id))
        .limit(1)
        .correlate(DepartmentAsk)
        .scalar_subquery()
    )
    query = select(DepartmentAsk, first).where(
        DepartmentAsk.answer == AskAnswer.IDEA,
        col(DepartmentAsk.pitch_id).is_(None),
        col(DepartmentAsk.answered_at) >= since,
        first.is_not(None),
    )
    return list(session.exec(query).all())


def milestones(
    session: Session, departments: Collection[int], *, since: datetime, limit: int
) -> list[tuple[Answer, Measure]]:
    """Return at most `limit` answers released since a moment that tell of something done or worth telling.

    Those after which somebody was asked about their measure already are left out.
    """
    query = (
        select(Answer, Measure)
        .join(Measure, col(Measure.id) == col(Answer.measure_id))
        .where(
            Answer.state == AnswerState.RELEASED,
            Answer.kind == AnswerKind.UPDATE,
            col(Answer.decided_at) >= since,
            or_(col(Answer.status) == Status.COMPLETED, Answer.highlight != ""),
            col(Measure.lead_department_id).in_(departments),
            ~_told(
                Occasion.MILESTONE, col(Measure.id), col(DepartmentAsk.asked_at) >= col(Answer.decided_at)
            ),
        )
        .order_by(col(Answer.decided_at), col(Answer.id))
        .limit(limit)
    )
    return list(session.exec(query).all())


def events_over(
    session: Session, departments: Collection[int], *, first: date, last: date, limit: int
) -> list[CalendarEvent]:
    """Return at most `limit` events that ended from one day to another and that nobody was asked about.

    Of a series there is none.
    """
    query = (
        select(CalendarEvent)
        .where(
            col(CalendarEvent.ends_on).between(first, last),
            col(CalendarEvent.department_id).in_(departments),
            col(CalendarEvent.cancelled_at).is_(None),
            CalendarEvent.recurrence_id == "",
            ~_told(Occasion.EVENT, col(CalendarEvent.id)),
        )
        .order_by(col(CalendarEvent.ends_on), col(CalendarEvent.id))
        .limit(limit)
    )
    return list(session.exec(query))


def much_commented(
    session: Session, departments: Collection[int], *, since: datetime, least: int, limit: int
) -> list[Post]:
    """Return at most `limit` posts that nobody was asked about and that got `least` comments since then."""
    count = func.count(col(Comment.id))
    query = (
        select(Post)
        .join(Comment, col(Comment.post_id) == col(Post.id))
        .where(
            Comment.first_seen_at >= since,
            col(Comment.is_spam).is_(False),
            col(Post.department_id).in_(departments),
            col(Post.withdrawn_at).is_(None),
            ~_told(Occasion.COMMENTS, col(Post.id)),
        )
        .group_by(col(Post.id))
        .having(count >= least)
        .order_by(count.desc(), col(Post.id))
        .limit(limit)
    )
    return list(session.exec(query))


def _told(occasion: Occasion, subject_id: Any, *further: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say, in a query, whether somebody was asked about a subject."""
    return exists().where(
        col(DepartmentAsk.occasion) == occasion, col(DepartmentAsk.subject_id) == subject_id, *further
    )


def _leads() -> SelectOfScalar[Person]:
    return (
        select(Person)
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(
            PersonRole.role == Role.LEAD,
            col(Person.inactive_at).is_(None),
            col(Person.department_id).is_not(None),
        )
    )
