"""Which sources are read: added, woken, paused, removed and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session
from yarl import URL

from bot import delivery, people, subscriptions, trouble
from bot.people import Department, Person, Role
from bot.sources import host_of, identity_of
from bot.sources.links import secure_link, web_link
from storage import curation as stored
from storage import sources as rows
from storage.curation import GONE
from storage.sources import Source, SourceHost, SourceKind, by_url, listed, named
from storage.store import add_missing
from storage.subscriptions import NewsKind

__all__ = [
    "BRINGS",
    "GONE",
    "MAX_TITLE",
    "AddressError",
    "BringsError",
    "IntervalError",
    "RemovedError",
    "Source",
    "SourceKind",
    "SourceState",
    "State",
    "Tally",
    "TitleError",
    "add",
    "add_found",
    "back",
    "by_url",
    "checked_address",
    "down",
    "known",
    "listed",
    "move",
    "named",
    "of_admin",
    "one",
    "overview",
    "pasted_address",
    "pause",
    "poll_all",
    "poll_now",
    "remove",
    "resume",
    "tally",
    "told",
]

# To begin with: portals publish several times a day, calendars and catalogues more seldom.
FIRST_INTERVAL: Final = {SourceKind.FEED: timedelta(minutes=15), SourceKind.COMMENTS: timedelta(minutes=15)}
OTHER_INTERVAL: Final = timedelta(hours=1)
# What someone may choose instead.
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=1)
MAX_TITLE: Final = 100
# What someone may say that the entries of a source are.
BRINGS: Final = (NewsKind.POST, NewsKind.VIDEO, NewsKind.JOB)
COUNTED_FOR: Final = timedelta(days=30)


class AddressError(Exception):
    """An address that nothing can be read at: not http or https, without a server, or with a password."""


class TitleError(Exception):
    """A source's name is blank or longer than MAX_TITLE."""


class IntervalError(Exception):
    """A source is to be read more often than every minute or less often than every day."""


class BringsError(Exception):
    """A source of this kind does not bring what someone says it does."""


class RemovedError(Exception):
    """Someone pressed a button of a source that is not there any more."""


class State(StrEnum):
    """How a source is.

    Attributes:
        OK: it was read the last time.
        NEW: nobody has tried yet.
        FAILING: it could not be read the last time.
        PAUSED: someone wants it not to be read.
        GONE: its server says that there will never be anything again.
    """

    OK = "ok"
    NEW = "new"
    FAILING = "failing"
    PAUSED = "paused"
    GONE = "gone"


@dataclass(frozen=True)
class SourceState:
    """A source and how it is.

    Attributes:
        mark: tells it from every other source, also from a later one with its id.
        items: how many `posts`, `events` and `comments` it has shown for the first time in the last 30 days.
        brings: what its entries are; None where each is what it looks like.
        department: whose it is.
    """

    id: int
    mark: str
    kind: SourceKind
    name: str
    url: str
    state: State
    succeeded_at: datetime | None
    next_poll_at: datetime
    error_reason: str | None
    error_detail: str | None
    failing_since: datetime | None
    items: Mapping[str, int]
    interval: timedelta
    path_prefix: str
    brings: NewsKind | None = None
    department: Department | None = None

    @property
    def is_read(self) -> bool:
        """Whether it is read again and again, and not paused."""
        return self.state not in {State.PAUSED, State.GONE}


@dataclass(frozen=True)
class Tally:
    """How many sources there are, and how many of them are in trouble."""

    total: int
    troubled: int


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
    brings: NewsKind | None = None,
    department: Department | None = None,
) -> Source:
    """Keep a source, known by its address however it is spelled, to be read at once; return it.

    What its posts and events are, and whose, goes for those that are kept already, too.

    Args:
        session: the deed's own transaction.
        kind: what is read there.
        name: what people call it, one line, 1 to MAX_TITLE characters after trimming.
        url: its address.
        now: when it is due.
        origin: who made it.
        every_s: the seconds between two readings; without them it follows its rhythm.
        path_prefix: of a sitemap, what the path of a post begins with.
        brings: what its entries are, one of BRINGS; without it each is what it looks like.
        department: whose all of it is; without it that follows from the words of each.

    Raises:
        AddressError: nothing can be read at this address.
        TitleError: the name is blank or too long.
        IntervalError: that is too often or too seldom.
        BringsError: it brings no posts.
    """
    url = checked_address(url)
    visible = "".join(character if character.isprintable() else " " for character in name)
    name = " ".join(visible.split())
    if not 1 <= len(name) <= MAX_TITLE:
        raise TitleError(len(name))
    if brings and brings not in subscriptions.brought_by(kind, brings) & set(BRINGS):
        raise BringsError
    path_prefix = _path(path_prefix) if kind is SourceKind.SITEMAP else ""
    source = _known_at(session, url)
    is_as_before = every_s is None or (source is not None and source.every_s == every_s)
    if not is_as_before and not SHORTEST <= timedelta(seconds=every_s or 0) <= LONGEST:
        raise IntervalError(every_s)
    interval_s = every_s or int(FIRST_INTERVAL.get(kind, OTHER_INTERVAL).total_seconds())
    if source is None:
        source = Source(
            kind=kind,
            name=name,
            url=url,
            host="",
            path_prefix=path_prefix,
            interval_s=interval_s,
            next_poll_at=now,
            created_at=now,
            origin=origin,
        )
    if source.every_s != every_s:
        source.interval_s = interval_s
    if (source.kind, source.path_prefix) != (kind, path_prefix):
        # The document is the same, but more or something else is to be read in it: that is its backlog.
        source.etag = source.last_modified = source.fingerprint = source.succeeded_at = None
    source.kind, source.name, source.every_s, source.path_prefix = kind, name, every_s, path_prefix
    move(session, source, url)
    poll_now(session, source, now=now)
    session.flush()
    department_id = department.id if department else None
    is_other_kind, is_others = source.brings != brings, source.department_id != department_id
    if is_other_kind or is_others:
        source.brings, source.department_id = brings, department_id
        # Where the source does not say it, each entry is looked at once more.
        source.etag = source.last_modified = source.fingerprint = None
        session.flush()
        if is_other_kind:
            stored.restate_kind(session, source)
        if is_others:
            stored.restate_department(session, source)
    return source


def add_found(
    session: Session,
    *,
    kind: SourceKind,
    name: str,
    url: str,
    channel: str | None,
    path_prefix: str,
    brings: NewsKind | None = None,
    department_id: int | None = None,
    by: Person,
    now: datetime,
) -> Source:
    """Keep a source that an administrator has chosen, and announce what it brings in their channel.

    One that is known stays as often read as it was.

    Raises:
        NotAllowedError: `by` is no administrator.
        AddressError: nothing can be read at this address.
        TitleError: the name is blank or too long.
        BringsError: it brings no posts.
    """
    people.require(session, by, Role.ADMIN)
    before = _known_at(session, checked_address(url))
    source = add(
        session,
        kind=kind,
        name=name,
        url=url,
        every_s=before.every_s if before else None,
        path_prefix=path_prefix,
        brings=brings,
        department=people.department(session, department_id),
        now=now,
        origin="chat",
    )
    kinds = subscriptions.brought_by(kind, brings)
    if channel and kinds:
        subscriptions.subscribe(session, kinds, channel, source_id=source.id, by=by, now=now)
    return source


def checked_address(url: str) -> str:
    """Return an address at which something can be read, as it is kept.

    Raises:
        AddressError: there is nothing of that kind.
    """
    url = secure_link(url)
    address = web_link(url) if "://" in url else None
    if address is None:
        raise AddressError
    return address


def pasted_address(words: str) -> str:
    """Return an address as someone pasted it to look what is there, perhaps without `https://`.

    Raises:
        AddressError: nothing can be read there.
    """
    words = secure_link(words)
    checked_address(words if "://" in words else f"https://{words}")
    return words


def known(session: Session, urls: Sequence[str]) -> list[Source | None]:
    """Return for each address the source that is read there already."""
    return [_known_at(session, url) for url in urls]


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
    for source in rows.listed(session):
        if source.paused_at is None and not source.failures:
            source.next_poll_at = min(source.next_poll_at, now)


def pause(session: Session, source: Source, *, now: datetime) -> None:
    """Let a source be read no more until someone wants it again; twice changes nothing more."""
    source.paused_at, source.paused_reason = source.paused_at or now, None
    session.add(source)


def resume(session: Session, source: Source, *, now: datetime) -> None:
    """Let a source be read at once and on its rhythm again, as if it had never failed."""
    poll_now(session, source, now=now)
    source.failures, source.failing_since = 0, None
    source.error_reason = source.error_detail = None


def remove(session: Session, source: Source) -> None:
    """Forget a source. What was read there stays; nobody hears of it any more."""
    assert source.id is not None
    for kind in (trouble.SOURCE_DOWN, trouble.SOURCE_BACK):
        delivery.cancel(session, kind, source.id, reason="source_removed")
    stored.forget(session, source)


def of_admin(session: Session, mark: str, *, by: Person) -> Source:
    """Return the source that an administrator means, by its mark.

    Raises:
        NotAllowedError: `by` is no administrator.
        RemovedError: it is not there any more.
    """
    people.require(session, by, Role.ADMIN)
    number = mark.partition("@")[0]
    found = [one for one in rows.named(session, number) if _mark(one) == mark]
    if not found:
        raise RemovedError
    return found[0]


def overview(session: Session, *, now: datetime, limit: int, offset: int = 0) -> list[SourceState]:
    """Return how at most `limit` sources are after the first `offset`: troubled ones first, then by name."""
    found = stored.ordered(session, limit=limit, offset=offset)
    return _states(session, found, now=now)


def one(session: Session, source_id: int, *, now: datetime) -> SourceState | None:
    """Return how a source is."""
    source = session.get(Source, source_id)
    return _states(session, [source], now=now)[0] if source else None


def tally(session: Session, person: Person) -> Tally | None:
    """Return how many sources there are and how many are in trouble, for administrators; None for others."""
    if not people.is_allowed(session, person, Role.ADMIN):
        return None
    total, troubled = stored.counted(session)
    return Tally(total, troubled)


def told(session: Session, source: Source) -> list[str]:
    """Return the channels and people that hear of this one source."""
    return stored.told(session, source.id or 0)


def down(session: Session, source_id: int) -> Source | None:
    """Return a source that can't be read, or None when it can again, is paused or removed."""
    source = session.get(Source, source_id)
    return source if source and _state(source) in {State.FAILING, State.GONE} else None


def back(session: Session, source_id: int) -> Source | None:
    """Return a source that is read again, or None when it is not (any more)."""
    source = session.get(Source, source_id)
    return source if source and _state(source) is State.OK else None


def _known_at(session: Session, url: str) -> Source | None:
    """Return the source with this address, or with another spelling of it."""
    exact = rows.by_url(session, url)
    if exact is not None:
        return exact
    host, identity = host_of(url).removeprefix("www."), identity_of(url)
    alike = stored.of_hosts(session, {host, f"www.{host}"})
    return next((source for source in alike if identity_of(source.url) == identity), None)


def _path(prefix: str) -> str:
    """Return what a path begins with, also when someone gives a whole address."""
    prefix = prefix.strip()
    if "://" in prefix:
        prefix = URL(checked_address(prefix)).raw_path
    return f"/{prefix.lstrip('/')}" if prefix.strip("/") else ""


def _states(session: Session, found: Sequence[Source], *, now: datetime) -> list[SourceState]:
    ids = [source.id for source in found if source.id is not None]
    items = stored.items(session, ids, since=now - COUNTED_FOR)
    departments = {department.id: department for department in people.departments(session)}
    return [
        SourceState(
            id=source.id or 0,
            mark=_mark(source),
            kind=source.kind,
            name=source.name,
            url=source.url,
            state=_state(source),
            succeeded_at=source.succeeded_at,
            next_poll_at=source.next_poll_at,
            error_reason=source.error_reason,
            error_detail=source.error_detail,
            failing_since=source.failing_since,
            items={name: items.get((source.id or 0, name), 0) for name in stored.ITEMS},
            interval=timedelta(seconds=source.interval_s),
            path_prefix=source.path_prefix,
            brings=source.brings,
            department=departments.get(source.department_id),
        )
        for source in found
    ]


def _state(source: Source) -> State:
    if source.paused_at is not None:
        return State.GONE if source.paused_reason == GONE else State.PAUSED
    if source.failures:
        return State.FAILING
    return State.OK if source.succeeded_at else State.NEW


def _mark(source: Source) -> str:
    return f"{source.id}@{source.created_at.isoformat()}"
