"""The radar: measures, who is asked about them, rounds of requests, and every answer for ever."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, insert, literal, or_
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, UTCDateTime, col, select

from storage import columns
from storage.people import Person

# More words than this name nothing better, and a database takes only so many conditions.
MAX_WORDS = 10


class Status(StrEnum):
    """How far a measure is."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"


class AnswerKind(StrEnum):
    """UNCHANGED confirms what is public; UPDATE brings new words, which an editor releases."""

    UNCHANGED = "unchanged"
    UPDATE = "update"


class AnswerState(StrEnum):
    """Where an answer stands.

    SUPERSEDED: its owner sent a newer one before it was released; or it is what a list said before there was
    any answer.
    """

    PENDING = "pending"
    RELEASED = "released"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


class FieldOfAction(SQLModel, table=True):
    """A Handlungsfeld of one edition of the strategy."""

    __tablename__ = "field_of_action"
    __table_args__ = (UniqueConstraint("edition", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    edition: int
    core_area: str | None = None
    description: str = ""
    source: str


class Measure(SQLModel, table=True):
    """A digitalisation measure with the state that is public now."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    title: str
    description: str = ""
    goal: str = ""
    field_of_action_id: int | None = Field(default=None, foreign_key="field_of_action.id")
    lead_department_id: int | None = Field(default=None, foreign_key="department.id")
    starts_in: int | None = None
    ends_in: int | None = None
    url: str | None = None
    source: str
    status: Status | None = Field(default=None, sa_type=columns.choice(Status))
    progress_percent: int | None = None
    achievements: str = ""
    outlook: str = ""
    highlight: str = ""
    state_origin: str = ""
    confirmed_at: datetime | None = None
    created_at: datetime


class MeasureOwner(SQLModel, table=True):
    """Who is asked about a measure."""

    __tablename__ = "measure_owner"

    measure_id: int = Field(foreign_key="measure.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE", index=True)
    origin: str


class Round(SQLModel, table=True):
    """An Abfragerunde: planned for `due_at`, opened once."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    due_at: datetime = Field(index=True)
    opened_at: datetime | None = None
    answer_by_on: date | None = None
    origin: str


class Request(SQLModel, table=True):
    """One measure asked of one owner in one round."""

    __table_args__ = (UniqueConstraint("round_id", "measure_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    measure_id: int = Field(foreign_key="measure.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    asked_at: datetime
    answered_at: datetime | None = None


class Answer(SQLModel, table=True):
    """A Rückmeldung, kept for ever. Released ones are the measure's dated history."""

    id: int | None = Field(default=None, primary_key=True)
    measure_id: int = Field(foreign_key="measure.id", index=True)
    request_id: int | None = Field(default=None, foreign_key="request.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    kind: AnswerKind = Field(sa_type=columns.choice(AnswerKind))
    state: AnswerState = Field(sa_type=columns.choice(AnswerState), index=True)
    status: Status | None = Field(default=None, sa_type=columns.choice(Status))
    progress_percent: int | None = None
    achievements: str = ""
    outlook: str = ""
    highlight: str = ""
    internal_note: str = ""
    return_words: str = ""
    created_at: datetime
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    origin: str


def is_owner(session: Session, *, measure_id: int, person_id: int) -> bool:
    """Say whether this person answers for this measure."""
    return session.get(MeasureOwner, (measure_id, person_id)) is not None


def rounds_due(session: Session, *, now: datetime) -> list[Round]:
    """Return the rounds whose time has come and that are not open yet, oldest first."""
    query = select(Round).where(col(Round.opened_at).is_(None), Round.due_at <= now)
    return list(session.exec(query.order_by(col(Round.due_at)).with_for_update(skip_locked=True)))


def round_planned(session: Session) -> Round | None:
    """Return the next round that is not open yet."""
    query = select(Round).where(col(Round.opened_at).is_(None)).order_by(col(Round.due_at)).limit(1)
    return session.exec(query).first()


def rounds(session: Session) -> list[Round]:
    """Return all rounds, newest first."""
    return list(session.exec(select(Round).order_by(col(Round.due_at).desc(), col(Round.id).desc())))


def askable(session: Session, *, confirmed_before: datetime) -> list[tuple[Person, int]]:
    """Return the owners of measures to be asked about, by name, with the number of these measures."""
    query = (
        select(Person, func.count())
        .select_from(Measure)
        .join(MeasureOwner)
        .join(Person)
        .where(*_wants_asking(confirmed_before))
        .group_by(*Person.__table__.columns)  # type: ignore[attr-defined]
        .order_by(col(Person.name), col(Person.id))
    )
    return list(session.exec(query).all())


def ask(session: Session, *, round_id: int, confirmed_before: datetime, now: datetime) -> None:
    """Add a round's requests: each owner of a measure that is not done and not confirmed lately."""
    wanted = (
        select(
            literal(round_id),
            col(MeasureOwner.measure_id),
            col(MeasureOwner.person_id),
            literal(now, UTCDateTime()),
        )
        .select_from(Measure)
        .join(MeasureOwner)
        .where(*_wants_asking(confirmed_before))
    )
    columns_filled = ["round_id", "measure_id", "person_id", "asked_at"]
    session.execute(insert(Request).from_select(columns_filled, wanted))


def _wants_asking(confirmed_before: datetime) -> tuple[ColumnElement[bool], ...]:
    is_done = col(Measure.status).in_([Status.COMPLETED, Status.DISCONTINUED])
    return (
        or_(col(Measure.status).is_(None), ~is_done),
        or_(col(Measure.confirmed_at).is_(None), col(Measure.confirmed_at) < confirmed_before),
    )


def people_asked(session: Session, *, round_id: int) -> list[Person]:
    """Return the people a round asks."""
    asked = select(Request.person_id).where(Request.round_id == round_id)
    return list(session.exec(select(Person).where(col(Person.id).in_(asked)).order_by(col(Person.id))))


def asked_in(session: Session, *, round_id: int, person_id: int) -> list[tuple[Request, Measure]]:
    """Return what one owner is asked in one round, by title of the measure."""
    query = (
        select(Request, Measure)
        .join(Measure)
        .where(Request.round_id == round_id, Request.person_id == person_id)
        .order_by(Measure.title, col(Request.id))
    )
    return list(session.exec(query).all())


def open_requests(session: Session, *, person_id: int) -> list[tuple[Request, Measure]]:
    """Return what a person has not answered yet, each measure once (its newest request), by title."""
    newest = (
        select(func.max(Request.id))
        .where(Request.person_id == person_id, col(Request.answered_at).is_(None))
        .group_by(col(Request.measure_id))
    )
    query = select(Request, Measure).join(Measure).where(col(Request.id).in_(newest)).order_by(Measure.title)
    return list(session.exec(query).all())


def asked_with(session: Session, request: Request) -> list[Request]:
    """Return the requests of one round about one measure, to all its owners."""
    query = select(Request).where(
        Request.round_id == request.round_id, Request.measure_id == request.measure_id
    )
    return list(session.exec(query.order_by(col(Request.id))))


def requests_of(session: Session, measure_id: int) -> list[Request]:
    """Return the requests about one measure that nobody answered yet."""
    query = select(Request).where(Request.measure_id == measure_id, col(Request.answered_at).is_(None))
    return list(session.exec(query.order_by(col(Request.id))))


def answer_to(session: Session, measure_id: int, *, since: datetime) -> Answer | None:
    """Return the newest answer about a measure given since a moment."""
    query = select(Answer).where(
        Answer.measure_id == measure_id, Answer.created_at >= since, ~_is_of_a_list()
    )
    return session.exec(query.order_by(col(Answer.id).desc()).limit(1)).first()


def pending_answers(session: Session, measure_id: int) -> list[Answer]:
    """Return the answers about one measure that wait for an editor, oldest first."""
    query = select(Answer).where(Answer.measure_id == measure_id, Answer.state == AnswerState.PENDING)
    return list(session.exec(query.order_by(col(Answer.id))))


def is_reported(session: Session, measure_id: int) -> bool:
    """Say whether a measure has a released answer."""
    query = select(Answer.id).where(Answer.measure_id == measure_id, Answer.state == AnswerState.RELEASED)
    return session.exec(query.limit(1)).first() is not None


def public_before(session: Session, answer: Answer) -> Answer | None:
    """Return the state that was public before a released answer: an earlier one's, or its list's."""
    is_listed = (col(Answer.state) == AnswerState.SUPERSEDED) & _is_of_a_list()
    query = select(Answer).where(
        Answer.measure_id == answer.measure_id,
        or_(col(Answer.state) == AnswerState.RELEASED, is_listed),
        Answer.id != answer.id,
        col(Answer.decided_at) <= answer.decided_at,
    )
    return session.exec(query.order_by(col(Answer.decided_at).desc(), col(Answer.id).desc()).limit(1)).first()


def _is_of_a_list() -> ColumnElement[bool]:
    return col(Answer.request_id).is_(None)


def last_answer(session: Session, *, measure_id: int, person_id: int) -> Answer | None:
    """Return the newest answer one person gave about a measure."""
    query = select(Answer).where(Answer.measure_id == measure_id, Answer.person_id == person_id)
    return session.exec(query.order_by(col(Answer.id).desc()).limit(1)).first()


def field(session: Session, *, name: str, edition: int) -> FieldOfAction | None:
    """Return the field of action of this name in this edition."""
    query = select(FieldOfAction).where(FieldOfAction.name == name, FieldOfAction.edition == edition)
    return session.exec(query).first()


def measure_titled(session: Session, title: str) -> Measure | None:
    """Return the measure with exactly this title."""
    return session.exec(select(Measure).where(Measure.title == title)).first()


def slugs(session: Session) -> set[str]:
    """Return the slugs of all measures."""
    return set(session.exec(select(Measure.slug)))


def titled(session: Session, words: str, *, limit: int) -> list[Measure]:
    """Return at most `limit` measures whose title or slug holds these words, shortest title first."""
    query = select(Measure)
    for word in words.split()[:MAX_WORDS]:
        pattern = "%" + word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        query = query.where(
            or_(col(Measure.title).ilike(pattern, escape="\\"), col(Measure.slug).ilike(pattern, escape="\\"))
        )
    return list(session.exec(query.order_by(func.length(Measure.title), Measure.title).limit(limit)))


def counted(session: Session) -> list[tuple[str | None, Status | None, int]]:
    """Return how many measures each field of action has in each status."""
    query = (
        select(FieldOfAction.name, Measure.status, func.count())
        .select_from(Measure)
        .join(FieldOfAction, isouter=True)
        .group_by(col(FieldOfAction.name), col(Measure.status))
    )
    return [
        (field, Status(status) if status else None, count) for field, status, count in session.exec(query)
    ]


def owners(session: Session, measure_id: int) -> list[Person]:
    """Return who is asked about this measure, by name."""
    query = select(Person).join(MeasureOwner).where(MeasureOwner.measure_id == measure_id)
    return list(session.exec(query.order_by(Person.name)))
