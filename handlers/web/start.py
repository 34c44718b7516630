"""The start page: what this is, some figures, what is new and what comes."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from handlers.web.documents import Page
from handlers.web.visit import Visit
from storage import public
from storage.public import Status

NEWEST_POSTS: Final = 5
NEXT_EVENTS: Final = 4
# A quarter and a bit: rounds ask every three months.
RECENT: Final = timedelta(days=100)


def start(session: Session, visit: Visit) -> Page:
    """Greet a visitor."""
    measures = public.measures(session)
    confirmed = [
        found for found in measures if found.confirmed_at and found.confirmed_at > visit.now - RECENT
    ]
    return Page(
        "start.html",
        {
            "measures": len(measures),
            "in_progress": sum(found.status is Status.IN_PROGRESS for found in measures),
            "completed": sum(found.status is Status.COMPLETED for found in measures),
            "confirmed": len(confirmed),
            "recent_days": RECENT.days,
            "posts": public.posts(session, limit=NEWEST_POSTS),
            "events": public.events_to_come(session, today=visit.today, limit=NEXT_EVENTS),
        },
    )
