"""Which sources are read: added, woken and shown."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot.sources import host_of
from storage import sources as stored
from storage.sources import Source, SourceHost, SourceKind, by_url, listed, named
from storage.store import add_missing

__all__ = ["Source", "SourceKind", "add", "by_url", "listed", "named", "poll_all", "poll_now"]

# To begin with: portals publish several times a day, calendars and catalogues more seldom.
FIRST_INTERVAL: Final = {SourceKind.FEED: timedelta(minutes=15), SourceKind.COMMENTS: timedelta(minutes=15)}
OTHER_INTERVAL: Final = timedelta(hours=1)


def add(
    session: Session,
    *,
    kind: SourceKind,
    name: str,
    url: str,
    now: datetime,
    origin: str,
    every_s: int | None = None,
    path_prefix: str = "",
) -> Source:
    """Keep a source, known by its address, to be read at once; return it.

    Args:
        session: the deed's own transaction.
        kind: what is read there.
        name: what people call it.
        url: its address.
        now: when it is due.
        origin: who made it.
        every_s: the seconds between two readings; without them it follows its rhythm.
        path_prefix: of a sitemap, what the path of a post begins with.
    """
    source = by_url(session, url)
    interval_s = every_s or int(FIRST_INTERVAL.get(kind, OTHER_INTERVAL).total_seconds())
    if source is None:
        source = Source(
            kind=kind,
            name=name,
            url=url,
            host="",
            interval_s=interval_s,
            next_poll_at=now,
            created_at=now,
            origin=origin,
        )
    if source.every_s != every_s:
        source.interval_s = interval_s
    source.kind, source.name, source.every_s, source.path_prefix = kind, name, every_s, path_prefix
    move(session, source, url)
    session.add(source)
    session.flush()
    return source


def move(session: Session, source: Source, url: str) -> None:
    """Let a source be read at another address from now on."""
    source.url, source.host = url, host_of(url)
    add_missing(session, [SourceHost(host=source.host)])


def poll_now(session: Session, source: Source, *, now: datetime) -> None:
    """Let a source be read at once, also one that waits after an error."""
    source.next_poll_at, source.paused_at, source.paused_reason = now, None, None
    session.add(source)


def poll_all(session: Session, *, now: datetime) -> None:
    """Let every source that is well be read at once, also those a stopped process had taken."""
    for source in stored.listed(session):
        if source.paused_at is None and not source.failures:
            source.next_poll_at = min(source.next_poll_at, now)
