"""How often Slack's methods may be called, counted for all processes together."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.store import add_missing


class Pace(SQLModel, table=True):
    """How often a method may be called: `tokens` of them are left as of `counted_at`, `per_minute` come anew.

    `free_at` is set while Slack wants none, `changed_at` when the pace was last made slower or faster.
    """

    method: str = Field(primary_key=True)
    per_minute: float
    tokens: float
    counted_at: datetime
    free_at: datetime | None = None
    changed_at: datetime


def of_methods(session: Session, methods: Iterable[str]) -> dict[str, Pace]:
    """Return the paces of these methods as far as they are known, for this transaction alone."""
    query = select(Pace).where(col(Pace.method).in_(list(methods))).order_by(Pace.method).with_for_update()
    return {pace.method: pace for pace in session.exec(query)}


def begin(session: Session, paces: Iterable[Pace]) -> dict[str, Pace]:
    """Keep paces that are not known yet, and return what is known of their methods now.

    Two processes may begin at the same moment: the second one finds the pace of the first.
    """
    new = {pace.method: pace for pace in paces}
    add_missing(session, list(new.values()))
    return of_methods(session, new)
