"""Departments as they are named on the command line: by abbreviation or name."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.facets import Departments
from bot.people import Department


class NoDepartmentError(Exception):
    """No department is called like this; `known` are the names of those that there are."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(len(known))
        self.known = known


def named(session: Session, said: str) -> Department:
    """Return the department with this abbreviation or name.

    Raises:
        NoDepartmentError: there is none.
    """
    departments = Departments(session)
    found = departments.find([said])
    if found is None:
        raise NoDepartmentError([one.short or one.name for one in departments.all])
    return found
