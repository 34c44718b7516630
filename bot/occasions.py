"""What happens in a department and is worth a story: a milestone, an event over, a lively discussion."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session

from storage import asking as stored
from storage import radar
from storage.asking import Occasion
from storage.events import CalendarEvent
from storage.posts import Post
from storage.radar import Answer, Measure, Status

__all__ = ["MUCH_COMMENTED", "Subject", "found", "subject"]

Subject = Measure | CalendarEvent | Post

# What is longer ago is no news: then the question would come out of the blue.
FRESH: Final = timedelta(days=21)
MUCH_COMMENTED: Final = 10
MOST: Final = 50

_TABLES: Final[dict[Occasion, type[Any]]] = {
    Occasion.MILESTONE: Measure,
    Occasion.EVENT: CalendarEvent,
    Occasion.COMMENTS: Post,
}


def found(
    session: Session, departments: Collection[int], *, today: date, now: datetime
) -> Iterator[tuple[Occasion, int, int]]:
    """Yield what happened lately and was no occasion yet: its kind, its id, and whose department it is of.

    A measure can reach several milestones: each of them is an occasion.

    Args:
        session: the transaction.
        departments: the ids of those that may be asked.
        today: the city's day.
        now: this moment.
    """
    for answer, measure in stored.milestones(session, departments, since=now - FRESH, limit=MOST):
        if _is_new(session, answer):
            yield Occasion.MILESTONE, measure.id or 0, measure.lead_department_id or 0
    yesterday = today - timedelta(days=1)
    for event in stored.events_over(session, departments, first=today - FRESH, last=yesterday, limit=MOST):
        yield Occasion.EVENT, event.id or 0, event.department_id or 0
    for post in stored.much_commented(
        session, departments, since=now - FRESH, least=MUCH_COMMENTED, limit=MOST
    ):
        yield Occasion.COMMENTS, post.id or 0, post.department_id or 0


def subject(session: Session, occasion: Occasion, subject_id: int | None) -> Subject | None:
    """Return what an occasion is about."""
    table = _TABLES.get(occasion)
    about: Subject | None = session.get(table, subject_id) if table and subject_id else None
    return about


def _is_new(session: Session, answer: Answer) -> bool:
    """Say whether a released answer tells of something that no answer before it told."""
    before = radar.public_before(session, answer)
    if answer.status is Status.COMPLETED and (before is None or before.status is not Status.COMPLETED):
        return True
    return bool(answer.highlight) and (before is None or before.highlight != answer.highlight)
