"""What posts and events of a time were about, and what there was of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from storage.events import CalendarEvent
from storage.posts import Post

# More than any city publishes in a year; nobody looks at more topics.
MOST: Final = 5_000


def tags_since(session: Session, since: datetime) -> Sequence[tuple[str, str]]:
    """Return tags and series of the posts, and tags of the events, that were first seen since a moment."""
    posts = select(Post.tags, Post.series).where(Post.first_seen_at >= since)
    events = select(CalendarEvent.tags).where(CalendarEvent.first_seen_at >= since, CalendarEvent.tags != "")
    said = list(session.exec(posts.order_by(col(Post.id).desc()).limit(MOST)).all())
    said += [(tags, "") for tags in session.exec(events.order_by(col(CalendarEvent.id).desc()).limit(MOST))]
    return said


def posts_since(session: Session, since: datetime) -> Sequence[Post]:
    """Return the posts that were published, or else first seen, since a moment, newest first."""
    at = func.coalesce(Post.published_at, Post.first_seen_at)
    query = select(Post).where(col(Post.withdrawn_at).is_(None), at >= since)
    return session.exec(query.order_by(at.desc(), col(Post.id).desc()).limit(MOST)).all()


def events_since(session: Session, since: datetime) -> Sequence[CalendarEvent]:
    """Return the events that were first seen since a moment, newest first; of a series its first one."""
    query = select(CalendarEvent).where(
        CalendarEvent.first_seen_at >= since,
        CalendarEvent.recurrence_id == "",
        CalendarEvent.origin == "source",
    )
    order = (col(CalendarEvent.first_seen_at).desc(), col(CalendarEvent.id).desc())
    return session.exec(query.order_by(*order).limit(MOST)).all()
