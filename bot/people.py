"""Colleagues, their roles and departments."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.texts import language_of
from storage import people as stored
from storage.people import (
    Department,
    Person,
    PersonRole,
    Role,
    by_chat_id,
    by_chat_ids,
    departments,
    of_department,
    roles,
    with_roles,
)

__all__ = [
    "Department",
    "NotAllowedError",
    "Person",
    "Role",
    "by_chat_id",
    "by_chat_ids",
    "department",
    "departments",
    "greet",
    "has_left",
    "import_department",
    "is_allowed",
    "is_person",
    "language",
    "of_department",
    "require",
    "roles",
    "set_role",
    "with_roles",
]


class NotAllowedError(Exception):
    """Someone pressed what only other roles may; `roles` names them."""

    def __init__(self, *needed: Role) -> None:
        super().__init__(", ".join(needed))
        self.roles = needed


def is_person(target: str) -> bool:
    """Say whether an id in the chat is a person's; channels have others."""
    return target.startswith(("U", "W"))


def greet(
    session: Session,
    *,
    chat_id: str,
    name: str,
    locale: str | None,
    now: datetime,
    source: str = "chat",
    timezone: str | None = None,
    admins: Collection[str] = (),
) -> Person:
    """Keep a colleague at first contact, or bring name and language up to date, and return them.

    Args:
        session: the transaction.
        chat_id: their id in the chat.
        name: as the chat shows it.
        locale: of their chat, such as `de-DE`.
        now: moment of the contact.
        source: where they are known from.
        timezone: of their chat, such as `Europe/Berlin`.
        admins: chat ids of those whom the settings make administrators.
    """
    person = by_chat_id(session, chat_id)
    if person is None:
        person = Person(chat_id=chat_id, name=name, created_at=now, source=source)
        session.add(person)
    person.name = name
    person.language = language_of(locale)
    person.timezone = timezone or person.timezone
    # Who acts is there, also when they had left before.
    person.inactive_at = None
    session.flush()
    if chat_id in admins:
        set_role(session, person, Role.ADMIN)
    return person


def department(session: Session, department_id: int | None) -> Department | None:
    """Return a department."""
    return session.get(Department, department_id) if department_id else None


def language(session: Session, person_id: int | None) -> str | None:
    """Return the language someone speaks."""
    person = session.get(Person, person_id) if person_id else None
    return person.language if person else None


def has_left(session: Session, person_id: int | None) -> bool:
    """Say whether someone's account was closed."""
    person = session.get(Person, person_id) if person_id else None
    return person is not None and person.inactive_at is not None


def set_role(session: Session, person: Person, role: Role, *, given: bool = True) -> None:
    """Give someone a role or take it away; either twice changes nothing more."""
    row = session.get(PersonRole, (person.id, role))
    if given and row is None:
        session.add(PersonRole(person_id=person.id or 0, role=role))
    elif not given and row is not None:
        session.delete(row)
    session.flush()


def is_allowed(session: Session, person: Person, *needed: Role) -> bool:
    """Say whether someone has one of these roles now; administrators have them all."""
    return bool(roles(session, person.id or 0) & {Role.ADMIN, *needed})


def require(session: Session, person: Person, *needed: Role) -> None:
    """Go on only for people who have one of these roles at this moment.

    Raises:
        NotAllowedError: they have none of them.
    """
    if not is_allowed(session, person, *needed):
        raise NotAllowedError(*needed)


def import_department(
    session: Session, *, name: str, short: str | None, kind: str, source: str
) -> Department:
    """Keep a department, known by its name, and return it."""
    known = {department.name: department for department in stored.departments(session)}
    department = known.get(name) or Department(name=name, kind=kind, source=source)
    department.short, department.kind, department.source = short, kind, source
    session.add(department)
    session.flush()
    return department
