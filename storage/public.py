"""The public wall: all that the web may see. No person, no chat id, no internal note, nothing unreleased."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.events import CalendarEvent
from storage.people import Department
from storage.posts import Post
from storage.radar import Answer, AnswerKind, AnswerState, FieldOfAction, Measure, Status
from storage.store import announce

__all__ = [
    "AnswerKind",
    "PublicEntry",
    "PublicEvent",
    "PublicMeasure",
    "PublicPost",
    "Revision",
    "Status",
    "event",
    "events_past",
    "events_to_come",
    "fields",
    "measure",
    "measures",
    "posts",
    "revision",
    "touch",
]

DEMO = "demo"


class Revision(SQLModel, table=True):
    """One row that grows with every change of something public, so that pages know when to be made anew."""

    id: int = Field(default=1, primary_key=True)
    number: int = 0


@dataclass(frozen=True)
class PublicMeasure:
    """A measure as released. `field` and `status` are None where nobody said; `is_demo`: made up to try."""

    slug: str
    title: str
    description: str
    goal: str
    field: str | None
    field_edition: int | None
    department: str | None
    department_short: str | None
    starts_in: int | None
    ends_in: int | None
    url: str | None
    status: Status | None
    progress_percent: int | None
    achievements: str
    outlook: str
    highlight: str
    confirmed_at: datetime | None
    is_demo: bool


@dataclass(frozen=True)
class PublicEntry:
    """One released answer in a measure's dated history."""

    at: datetime
    kind: AnswerKind
    status: Status | None
    progress_percent: int | None
    achievements: str
    outlook: str
    highlight: str
    is_demo: bool


@dataclass(frozen=True)
class PublicPost:
    """A published post."""

    title: str
    teaser: str
    url: str | None
    published_at: datetime | None
    tags: tuple[str, ...]


@dataclass(frozen=True)
class PublicEvent:
    """An event. Days count where `all_day` is set; `ends_on` is the last day."""

    slug: str
    title: str
    description: str
    place: str | None
    organiser: str | None
    url: str | None
    all_day: bool
    starts_at: datetime
    ends_at: datetime | None
    starts_on: date
    ends_on: date
    moved_from_at: datetime | None
    is_cancelled: bool
    is_demo: bool


def touch(session: Session) -> None:
    """Note that something public changed in this transaction; pages are made anew after its commit."""
    session.execute(update(Revision).values(number=Revision.number + 1))
    announce(session, "public")


def revision(session: Session) -> int:
    """Return the number of the newest public change."""
    return session.exec(select(Revision.number)).one()


def fields(session: Session, *, edition: int) -> list[str]:
    """Return the names of an edition's fields of action, in the edition's order."""
    query = select(FieldOfAction.name).where(FieldOfAction.edition == edition)
    return list(session.exec(query.order_by(col(FieldOfAction.id))))


def measures(session: Session) -> list[PublicMeasure]:
    """Return all measures by title, as released."""
    query = (
        select(Measure, FieldOfAction, Department)
        .join(FieldOfAction, isouter=True)
        .join(Department, isouter=True)
        .order_by(Measure.title, Measure.slug)
    )
    return [_measure(*row) for row in session.exec(query)]


def measure(session: Session, slug: str) -> tuple[PublicMeasure, list[PublicEntry]] | None:
    """Return one measure with its dated history, newest first."""
    query = (
        select(Measure, FieldOfAction, Department)
        .join(FieldOfAction, isouter=True)
        .join(Department, isouter=True)
        .where(Measure.slug == slug)
    )
    row = session.exec(query).first()
    return (_measure(*row), _history(session, row[0].id)) if row else None


def posts(session: Session, *, limit: int, offset: int = 0) -> list[PublicPost]:
    """Return at most `limit` posts, newest first, without those that were withdrawn."""
    query = (
        select(Post)
        .where(col(Post.withdrawn_at).is_(None))
        .order_by(col(Post.published_at).desc().nulls_last(), col(Post.id).desc())
        .offset(offset)
        .limit(limit)
    )
    return [
        PublicPost(post.title, post.teaser, post.url, post.published_at, tuple(post.tags.split()))
        for post in session.exec(query)
    ]


def events_to_come(session: Session, *, today: date, limit: int) -> list[PublicEvent]:
    """Return at most `limit` events that are not over, soonest first; cancelled ones are marked."""
    query = select(CalendarEvent).where(CalendarEvent.ends_on >= today)
    query = query.order_by(col(CalendarEvent.starts_at), col(CalendarEvent.id)).limit(limit)
    return [_event(found) for found in session.exec(query)]


def events_past(session: Session, *, today: date, limit: int) -> list[PublicEvent]:
    """Return at most `limit` events that are over, latest first."""
    query = select(CalendarEvent).where(CalendarEvent.ends_on < today)
    query = query.order_by(col(CalendarEvent.starts_at).desc(), col(CalendarEvent.id)).limit(limit)
    return [_event(found) for found in session.exec(query)]


def event(session: Session, slug: str) -> PublicEvent | None:
    """Return one event."""
    found = session.exec(select(CalendarEvent).where(CalendarEvent.slug == slug)).first()
    return _event(found) if found else None


def _measure(measure: Measure, field: FieldOfAction | None, department: Department | None) -> PublicMeasure:
    return PublicMeasure(
        slug=measure.slug,
        title=measure.title,
        description=measure.description,
        goal=measure.goal,
        field=field.name if field else None,
        field_edition=field.edition if field else None,
        department=department.name if department else None,
        department_short=department.short if department else None,
        starts_in=measure.starts_in,
        ends_in=measure.ends_in,
        url=measure.url,
        status=measure.status,
        progress_percent=measure.progress_percent,
        achievements=measure.achievements,
        outlook=measure.outlook,
        highlight=measure.highlight,
        confirmed_at=measure.confirmed_at,
        is_demo=measure.state_origin == DEMO,
    )


def _history(session: Session, measure_id: int | None) -> list[PublicEntry]:
    query = (
        select(Answer)
        .where(Answer.measure_id == measure_id, Answer.state == AnswerState.RELEASED)
        .order_by(col(Answer.decided_at).desc(), col(Answer.id).desc())
    )
    return [
        PublicEntry(
            at=answer.decided_at or answer.created_at,
            kind=answer.kind,
            status=answer.status,
            progress_percent=answer.progress_percent,
            achievements=answer.achievements,
            outlook=answer.outlook,
            highlight=answer.highlight,
            is_demo=answer.origin == DEMO,
        )
        for answer in session.exec(query)
    ]


def _event(found: CalendarEvent) -> PublicEvent:
    return PublicEvent(
        slug=found.slug,
        title=found.title,
        description=found.description,
        place=found.place,
        organiser=found.organiser,
        url=found.url,
        all_day=found.all_day,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        moved_from_at=found.moved_from_at,
        is_cancelled=found.cancelled_at is not None,
        is_demo=found.origin == DEMO,
    )
