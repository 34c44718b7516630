"""Where posts, events and comments are read, and how reading them went."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_
from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns


class SourceKind(StrEnum):
    """What a source's document is."""

    FEED = "feed"
    CALENDAR = "calendar"
    COMMENTS = "comments"


class Source(SQLModel, table=True):
    """A document outside that is read again and again. `error_reason` is empty while all is well."""

    id: int | None = Field(default=None, primary_key=True)
    kind: SourceKind = Field(sa_type=columns.choice(SourceKind))
    name: str
    url: str = Field(unique=True)
    interval_s: int = 900
    etag: str | None = None
    last_modified: str | None = None
    # Of the document that was taken in last: what shows the same again is not read again.
    fingerprint: str | None = None
    next_poll_at: datetime = Field(index=True)
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    error_reason: str | None = None
    error_detail: str | None = None
    paused_at: datetime | None = None
    created_at: datetime
    origin: str


def take_due(session: Session, *, now: datetime, lease: timedelta, limit: int) -> list[Source]:
    """Return at most `limit` sources that are due, and keep them from others for the length of `lease`."""
    query = (
        select(Source)
        .where(col(Source.next_poll_at) <= now, col(Source.paused_at).is_(None))
        .order_by(col(Source.next_poll_at), col(Source.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = list(session.exec(query))
    for source in taken:
        source.next_poll_at = now + lease
    return taken


def listed(session: Session) -> list[Source]:
    """Return all sources by name."""
    return list(session.exec(select(Source).order_by(col(Source.name), col(Source.id))))


def by_url(session: Session, url: str) -> Source | None:
    """Return the source with this address."""
    return session.exec(select(Source).where(Source.url == url)).first()


def named(session: Session, words: str) -> list[Source]:
    """Return the sources with this number, name or address."""
    number = int(words) if words.isdecimal() else None
    return list(
        session.exec(
            select(Source).where(
                or_(col(Source.name) == words, col(Source.url) == words, col(Source.id) == number)
            )
        )
    )
