"""A page per measure: what it is, how far it is, and its dated history."""

from sqlmodel import Session

from handlers.web.documents import Page
from handlers.web.visit import Visit
from storage import public
from storage.public import AnswerKind


def measure(session: Session, visit: Visit) -> Page | None:
    """Show the measure that the address names."""
    found = public.measure(session, visit.slug)
    if found is None:
        return None
    shown, history = found
    return Page("measure.html", {"measure": shown, "history": history, "unchanged": AnswerKind.UNCHANGED})
