"""Who the assistant knows: departments, people and their roles."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns


class Role(StrEnum):
    """What someone may do; everyone is a colleague without a row."""

    ADMIN = "admin"
    COMMS = "comms"
    EDITOR = "editor"
    LEAD = "lead"
    OWNER = "owner"
    COLLEAGUE = "colleague"


class Department(SQLModel, table=True):
    """A Referat, Eigenbetrieb, municipal company or unit."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    short: str | None = Field(default=None, unique=True)
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str


class Person(SQLModel, table=True):
    """A colleague, kept at first contact or named by an import; `inactive_at` is when they had left.

    `timezone` is that of their chat, such as `Europe/Berlin`; None: the city's.
    """

    id: int | None = Field(default=None, primary_key=True)
    chat_id: str = Field(unique=True)
    name: str
    language: str = "de"
    timezone: str | None = None
    department_id: int | None = Field(default=None, foreign_key="department.id")
    source: str
    created_at: datetime
    inactive_at: datetime | None = None


class PersonRole(SQLModel, table=True):
    """One role of one person."""

    __tablename__ = "person_role"

    person_id: int = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
    role: Role = Field(sa_type=columns.choice(Role), primary_key=True)


def by_chat_id(session: Session, chat_id: str) -> Person | None:
    """Return the person with this id in the chat."""
    return session.exec(select(Person).where(Person.chat_id == chat_id)).first()


def by_chat_ids(session: Session, chat_ids: Collection[str]) -> dict[str, Person]:
    """Return the people with these ids in the chat, by id."""
    found = session.exec(select(Person).where(col(Person.chat_id).in_(chat_ids))) if chat_ids else ()
    return {person.chat_id: person for person in found}


def roles(session: Session, person_id: int) -> set[Role]:
    """Return the roles given to this person."""
    return {row.role for row in session.exec(select(PersonRole).where(PersonRole.person_id == person_id))}


def with_roles(session: Session) -> list[tuple[Person, list[Role]]]:
    """Return everyone with their roles, by name."""
    found: dict[int, list[Role]] = {}
    for row in session.exec(select(PersonRole).order_by(col(PersonRole.role))):
        found.setdefault(row.person_id, []).append(row.role)
    people = session.exec(select(Person).order_by(col(Person.name), col(Person.id)))
    return [(person, found.get(person.id or 0, [])) for person in people]


def of_department(session: Session, role: Role, department_id: int) -> list[Person]:
    """Return the people of a department who have a role and have not left."""
    query = (
        select(Person)
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(
            PersonRole.role == role,
            Person.department_id == department_id,
            col(Person.inactive_at).is_(None),
        )
        .order_by(col(Person.id))
    )
    return list(session.exec(query))


def departments(session: Session) -> list[Department]:
    """Return all departments by name."""
    return list(session.exec(select(Department).order_by(col(Department.name))))


def department_by_short(session: Session, shorts: Iterable[str]) -> dict[str, Department]:
    """Return the departments with these abbreviations, by abbreviation."""
    query = select(Department).where(col(Department.short).in_(list(shorts)))
    return {found.short: found for found in session.exec(query) if found.short}
