"""How reading the sources goes: who reads what now, what came of it, and when it is read again."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session

from bot import curation, trouble
from bot.curation import GONE
from bot.sources import Fetched, FetchError, Reason, Validators
from bot.sources.links import web_link
from storage import sources as stored
from storage.sources import Due, Source, SourceKind
from storage.sources import free_all as inherit

__all__ = [
    "BACK",
    "DOWN",
    "GONE",
    "LEASE",
    "Calm",
    "Due",
    "Round",
    "Source",
    "SourceKind",
    "failed",
    "fingerprint",
    "finish",
    "inherit",
    "known_version",
    "succeeded",
    "take",
    "visit_again",
]

DOWN: Final = trouble.SOURCE_DOWN
BACK: Final = trouble.SOURCE_BACK
GONE_STATUS: Final = "410"
# So long a host is held; whoever does not get through its sources meanwhile leaves the rest for later.
LEASE: Final = timedelta(minutes=2)
# Sources taken at once; they are few enough for a host to be done with them in time.
BATCH: Final = 500
LONGEST_WAIT: Final = timedelta(hours=12)
LONGEST_TTL: Final = timedelta(days=1)
# How often a source is read that nobody chose an interval for: feeds and comments, and everything else.
NEWS_BOUNDS: Final = (timedelta(minutes=5), timedelta(hours=1))
OTHER_BOUNDS: Final = (timedelta(minutes=30), timedelta(hours=6))
# It comes sooner after something new and later after each time without.
SOONER: Final = 0.5
LATER: Final = 1.1
# Sources that were added together do not stay together.
JITTER: Final = 0.1
# Reasons that do not pass by themselves; others are told of when they last.
LASTING: Final = frozenset({Reason.FORBIDDEN_ADDRESS, Reason.NOT_HTTP})
DEAD_AFTER: Final = timedelta(hours=1)
DEAD_TRIES: Final = 3
PAGES_AGAIN: Final = timedelta(minutes=1)
# To be counted up when more is read out of documents than before.
READER: Final = "2"
# What they show depends on the day.
OF_THE_DAY: Final = frozenset({SourceKind.CALENDAR, SourceKind.EVENT_PAGE})
STATE: Final = ("next_poll_at", "succeeded_at", "interval_s")
VERSION: Final = ("etag", "last_modified")


class Calm(NamedTuple):
    """A reading that showed nothing new: most are, so they are noted many at once."""

    source: Due
    validators: Validators
    fresh_for_s: float | None


@dataclass
class Round:
    """What someone has to read from one host, and what came of it.

    Attributes:
        host: which nobody else asks meanwhile.
        held_until: until when.
        left: the ids of the sources that are not read yet.
        calm: the readings that showed nothing new; all others are noted one by one.
    """

    host: str
    held_until: datetime
    left: set[int]
    calm: list[Calm] = field(default_factory=list)


def take(session: Session, *, now: datetime, hosts: int) -> list[Due]:
    """Take sources that are due, of at most `hosts` hosts that are free. Run it with `store.claim`."""
    return stored.take_due(session, now=now, lease=LEASE, hosts=hosts, limit=BATCH)


def finish(session: Session, rounds: Sequence[Round], *, now: datetime) -> None:
    """Note the readings that showed nothing new, put back what was not read, and let go of the hosts."""
    calm = [one for found in rounds for one in found.calm]
    stored.update_all(session, STATE, [_state(one, now) for one in calm])
    changed = [one for one in calm if one.validators != (one.source.etag, one.source.last_modified)]
    stored.update_all(session, VERSION, [(one.source.id, *one.validators) for one in changed])
    if left := [source_id for found in rounds for source_id in found.left]:
        stored.put_back(session, left, now=now)
    stored.release(session, [(found.host, found.held_until) for found in rounds])


def fingerprint(source: Due | Source, fetched: Fetched, *, today: date) -> str:
    """Return a mark of all that a document is read by; what has the same mark shows the same.

    Many servers send the whole document each time though it is as before (no ETag, or a new one each time).
    A calendar shows other days tomorrow; a newer program may read more in the same document.
    """
    seen = [READER, fetched.url, fetched.content_type or "", source.path_prefix]
    digest = hashlib.sha256("\n".join(seen).encode() + b"\n" + fetched.body).hexdigest()
    return f"{_day_of(source, today)}{digest}"


def known_version(source: Due | Source, *, today: date) -> Validators:
    """Return what to ask for a newer document with; nothing when it is to be read in any case."""
    if not (source.fingerprint or "").startswith(_day_of(source, today)):
        return Validators()
    return Validators(source.etag, source.last_modified)


def succeeded(
    session: Session,
    source_id: int,
    fetched: Fetched,
    *,
    now: datetime,
    mark: str | None = None,
    ttl: timedelta | None = None,
    has_news: bool = False,
) -> None:
    """Note a reading that went well.

    Args:
        session: the deed's own transaction.
        source_id: what was read.
        fetched: what came.
        now: when.
        mark: the fingerprint of what was read.
        ttl: for how long the document says it stays fresh.
        has_news: whether it showed something that was not known.
    """
    source = session.get(Source, source_id)
    assert source is not None
    if source.succeeded_at:
        source.interval_s = _interval_s(source, has_news=has_news)
    if mark != source.fingerprint:
        source.changed_at = now
        source.ttl_s = int(min(ttl, LONGEST_TTL).total_seconds()) if ttl else None
    source.fingerprint = mark
    source.etag, source.last_modified = fetched.validators.etag, fetched.validators.last_modified
    source.succeeded_at = now
    source.next_poll_at = now + _wait(source, source.interval_s, fetched.fresh_for_s)
    if source.told_at:
        trouble.to_admins(session, BACK, source_id, key=f"{BACK}:{source_id}:{now.isoformat()}", now=now)
    source.failures, source.failing_since, source.told_at = 0, None, None
    source.error_reason = source.error_detail = None
    # What nobody could enter is no address to move to either.
    moved_to = web_link(fetched.permanent_url)
    if moved_to and moved_to != source.url and stored.by_url(session, moved_to) is None:
        curation.move(session, source, moved_to)


def failed(session: Session, source_id: int, error: FetchError, *, now: datetime) -> bool:
    """Note a reading that went wrong, and wait longer each time; say whether it is the first one.

    The administrators are told once, when it does not pass. A source whose server says that it is gone for
    good is not read any more.
    """
    source = session.get(Source, source_id)
    if source is None:
        return False
    source.failures += 1
    source.failing_since = source.failing_since or now
    source.error_reason, source.error_detail = error.reason, error.detail
    wait_s = min(source.interval_s * 2 ** min(source.failures - 1, 10), LONGEST_WAIT.total_seconds())
    source.next_poll_at = now + timedelta(seconds=max(_jittered(wait_s), error.retry_after_s or 0))
    is_gone = error.reason is Reason.HTTP_STATUS and error.detail == GONE_STATUS
    if is_gone:
        source.paused_at, source.paused_reason = now, GONE
    is_lasting = source.failures >= DEAD_TRIES and now - source.failing_since >= DEAD_AFTER
    if source.told_at is None and (is_gone or is_lasting or error.reason in LASTING):
        source.told_at = now
        trouble.to_admins(session, DOWN, source_id, key=f"{DOWN}:{source_id}:{now.isoformat()}", now=now)
    return source.failures == 1


def visit_again(session: Session, source_id: int, *, now: datetime) -> None:
    """Let a source come again soon that has more pages waiting than were visited this time."""
    source = session.get(Source, source_id)
    if source is not None and source.has_pages_waiting:
        source.next_poll_at = min(source.next_poll_at, now + PAGES_AGAIN)


def _day_of(source: Due | Source, today: date) -> str:
    return f"{today.isoformat()}:" if source.kind in OF_THE_DAY else ""


def _state(one: Calm, now: datetime) -> tuple[int, datetime, datetime, int]:
    source, _, fresh_for_s = one
    interval_s = _interval_s(source, has_news=False)
    return source.id, now + _wait(source, interval_s, fresh_for_s), now, interval_s


def _interval_s(source: Due | Source, *, has_news: bool) -> int:
    """Return the seconds until the next reading: those someone chose, or by how often it has changed."""
    if source.every_s:
        return source.every_s
    is_news = source.kind in {SourceKind.FEED, SourceKind.COMMENTS}
    shortest, longest = NEWS_BOUNDS if is_news else OTHER_BOUNDS
    wanted = source.interval_s * (SOONER if has_news else LATER)
    return int(min(max(wanted, shortest.total_seconds()), longest.total_seconds()))


def _wait(source: Due | Source, interval_s: int, fresh_for_s: float | None) -> timedelta:
    """Return how long to wait: the server's wish counts always, the document's unless someone chose."""
    wish_s = fresh_for_s or 0
    if source.ttl_s and not source.every_s:
        wish_s = max(wish_s, source.ttl_s)
    return timedelta(seconds=max(_jittered(interval_s), wish_s))


def _jittered(seconds: float) -> float:
    return seconds * (1 - JITTER * random.random())  # noqa: S311 - jitter, no secret
