"""How reading a source went, and when it is read again."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot.sources import Fetched, FetchError
from storage import sources as stored
from storage.sources import Source, SourceKind

__all__ = ["LEASE", "Source", "SourceKind", "failed", "fingerprint", "release", "succeeded", "take"]

# Longer than a reading may last.
LEASE: Final = timedelta(minutes=2)
HOSTS: Final = 16
BATCH: Final = 200
LONGEST_WAIT: Final = timedelta(hours=12)
# To be counted up when more is read out of documents than before.
READER: Final = "1"


def take(session: Session, *, now: datetime) -> list[Source]:
    """Take the sources that are due for LEASE. Run it with `store.claim`."""
    return stored.take_due(session, now=now, lease=LEASE, hosts=HOSTS, limit=BATCH)


def release(session: Session, hosts: Collection[str], *, held_until: datetime) -> None:
    """Let others ask these hosts that were held until then."""
    stored.release(session, hosts, held_until=held_until)


def fingerprint(source: Source, fetched: Fetched, *, today: date) -> str:
    """Return a mark of all that a document is read by; what has the same mark shows the same.

    Many servers send the whole document each time though it is as before (no ETag, or a new one each time).
    A calendar shows other days tomorrow; a newer program may read more in the same document.
    """
    seen = [READER, fetched.url, fetched.content_type or ""]
    if source.kind is SourceKind.CALENDAR:
        seen.append(today.isoformat())
    return hashlib.sha256("\n".join(seen).encode() + b"\n" + fetched.body).hexdigest()


def succeeded(
    session: Session, source_id: int, fetched: Fetched, *, now: datetime, mark: str | None = None
) -> None:
    """Note a reading that went well, and the fingerprint of what was read."""
    source = session.get(Source, source_id)
    assert source is not None
    source.etag, source.last_modified = fetched.validators.etag, fetched.validators.last_modified
    source.fingerprint = mark
    source.succeeded_at, source.next_poll_at = now, now + timedelta(seconds=source.interval_s)
    source.failures, source.failing_since = 0, None
    source.error_reason = source.error_detail = None


def failed(session: Session, source_id: int, error: FetchError, *, now: datetime) -> bool:
    """Note a reading that went wrong, and wait longer each time; say whether it is the first one."""
    source = session.get(Source, source_id)
    assert source is not None
    source.failures += 1
    source.failing_since = source.failing_since or now
    source.error_reason, source.error_detail = error.reason, error.detail
    wait = timedelta(seconds=source.interval_s * 2 ** min(source.failures - 1, 10))
    asked_for = timedelta(seconds=error.retry_after_s or 0)
    source.next_poll_at = now + max(min(wait, LONGEST_WAIT), asked_for)
    return source.failures == 1
