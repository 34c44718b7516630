"""Where posts, events and comments are read, and how reading them went."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Index, Table, UniqueConstraint, Update, bindparam, func, inspect, or_, text, update
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns
from storage.subscriptions import NewsKind

# What is longer is no id, and no number that every store can compare.
LONGEST_NUMBER: Final = 9


class SourceKind(StrEnum):
    """What a source's document is."""

    FEED = "feed"
    CALENDAR = "calendar"
    COMMENTS = "comments"
    SITEMAP = "sitemap"
    EVENT_PAGE = "event_page"
    CKAN = "ckan"


class Source(SQLModel, table=True):
    """A document outside that is read again and again. `error_reason` is empty while all is well.

    Attributes:
        host: of its address; one request at a time goes to a host.
        path_prefix: of a sitemap, what the path of a page begins with that is a post; empty means every page.
        every_s: the seconds between two readings that someone chose; without them it follows its rhythm.
        interval_s: the seconds between two readings as they are now.
        ttl_s: for how long the document says it stays fresh.
        fingerprint: of the document that was taken in last: what shows the same again is not read again.
        changed_at: when it last showed something else than before.
        told_at: when the administrators were told that it fails.
        paused_reason: `gone` when the server said so; None when a person did it.
        has_pages_waiting: whether pages are to be visited for it.
        brings: what kind of news its entries are; None: what they look like.
        department_id: whose it is, where all of it is one department's.
    """

    __table_args__ = (Index("ix_source_host_next_poll_at", "host", "next_poll_at"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: SourceKind = Field(sa_type=columns.choice(SourceKind))
    name: str
    url: str = Field(unique=True)
    host: str
    path_prefix: str = ""
    every_s: int | None = None
    interval_s: int
    ttl_s: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    fingerprint: str | None = None
    next_poll_at: datetime = Field(index=True)
    succeeded_at: datetime | None = None
    changed_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    error_reason: str | None = None
    error_detail: str | None = None
    told_at: datetime | None = None
    paused_at: datetime | None = None
    paused_reason: str | None = None
    has_pages_waiting: bool = False
    brings: NewsKind | None = Field(default=None, sa_type=columns.choice(NewsKind))
    department_id: int | None = Field(default=None, foreign_key="department.id")
    created_at: datetime
    origin: str


class Due(NamedTuple):
    """A source as it was when it was taken: what its reader needs of it. A whole row would cost twice."""

    id: int
    kind: SourceKind
    url: str
    host: str
    path_prefix: str
    every_s: int | None
    interval_s: int
    ttl_s: int | None
    etag: str | None
    last_modified: str | None
    fingerprint: str | None
    failures: int
    has_pages_waiting: bool


class SourceHost(SQLModel, table=True):
    """A server that sources are read from. While someone holds it, nobody else asks it for anything."""

    __tablename__ = "source_host"

    host: str = Field(primary_key=True)
    held_until: datetime | None = None


class SourcePage(SQLModel, table=True):
    """A page that is, or was, to be visited: one that a sitemap names, or a post's that a feed shows no more.

    Attributes:
        key: what the address has in common with its other spellings; after `look:` where nothing names it any
            more and it is visited only to see whether it is gone.
        title: as the sitemap gives it, if it does.
        changed_at: as the sitemap gives it; after such a visit when that was.
        is_quiet: whether what is found there is no news.
        wanted_at: from when on it is to be visited; None when there is nothing to visit it for.
    """

    __tablename__ = "source_page"
    __table_args__ = (
        UniqueConstraint("source_id", "key"),
        Index(
            "ix_source_page_wanted",
            "source_id",
            "wanted_at",
            sqlite_where=text("wanted_at IS NOT NULL"),
            postgresql_where=text("wanted_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id", ondelete="CASCADE")
    key: str
    url: str
    title: str = ""
    published_at: datetime | None = None
    changed_at: datetime | None = None
    post_id: int | None = Field(default=None, foreign_key="post.id", ondelete="CASCADE", index=True)
    is_quiet: bool = False
    wanted_at: datetime | None = None
    failures: int = 0
    first_seen_at: datetime


# The statements that run every few seconds are made once: to make one takes longer than to run it.
_IS_DUE: Final = (col(Source.next_poll_at) <= bindparam("now"), col(Source.paused_at).is_(None))
_OF_HOST: Final = (Source.host == SourceHost.host, *_IS_DUE)
_FREE_HOSTS: Final = (
    select(SourceHost)
    .where(
        or_(col(SourceHost.held_until).is_(None), col(SourceHost.held_until) <= bindparam("now")),
        select(Source.id).where(*_OF_HOST).exists(),
    )
    .order_by(
        select(func.min(col(Source.next_poll_at))).where(*_OF_HOST).scalar_subquery(), col(SourceHost.host)
    )
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=SourceHost)
)
# Of the table, not of its class: what takes rows by the hundred does without the mapper.
_COLUMNS: Final = inspect(Source).local_table.c
_DUE: Final = (
    sa_select(*(_COLUMNS[name] for name in Due._fields))
    .where(_COLUMNS.host.in_(bindparam("of_hosts", expanding=True)), *_IS_DUE)
    .order_by(_COLUMNS.next_poll_at, _COLUMNS.id)
    .limit(bindparam("most"))
)
_LATER: Final = (
    update(Source)
    .where(col(Source.id).in_(bindparam("of_ids", expanding=True)))
    .values(next_poll_at=bindparam("at"))
)
_RELEASE: Final = (
    update(SourceHost)
    .where(col(SourceHost.host) == bindparam("of_host"), col(SourceHost.held_until) == bindparam("until"))
    .values(held_until=None)
)


def take_due(session: Session, *, now: datetime, lease: timedelta, hosts: int, limit: int) -> list[Due]:
    """Take at most `limit` sources that are due, of at most `hosts` free hosts, for the length of `lease`.

    The hosts are held meanwhile, so that nobody else asks them.
    """
    until = now + lease
    held = list(session.exec(_FREE_HOSTS, params={"now": now, "most": hosts}))
    for host in held:
        host.held_until = until
    names = [host.host for host in held]
    session.flush()
    due = session.connection().execute(_DUE, {"now": now, "of_hosts": names, "most": limit})
    taken = [Due._make(row) for row in due]
    session.connection().execute(_LATER, {"of_ids": [source.id for source in taken], "at": until})
    return taken


def release(session: Session, holds: Collection[tuple[str, datetime]]) -> None:
    """Let others ask these hosts again, except for those whose hold has passed to someone else meanwhile."""
    rows = [{"of_host": host, "until": until} for host, until in holds]
    session.connection().execute(_RELEASE, rows)


def free_all(session: Session) -> None:
    """Take back all holds: whoever had them is no longer there."""
    session.execute(update(SourceHost).values(held_until=None))


def put_back(session: Session, source_ids: Collection[int], *, now: datetime) -> None:
    """Let sources that were taken and not read be due at once."""
    session.connection().execute(_LATER, {"of_ids": list(source_ids), "at": now})


def update_all(session: Session, names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    """Set these columns of many sources in one go; each row has the source's id and then the values."""
    if rows:
        keys = ("of_id", *(f"new_{name}" for name in names))
        session.connection().execute(_update(names), [dict(zip(keys, row, strict=True)) for row in rows])


@cache
def _update(names: tuple[str, ...]) -> Update:
    """Return the statement, made once."""
    table = inspect(Source).local_table
    assert isinstance(table, Table)
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return table.update().where(table.c.id == bindparam("of_id")).values(values)


def listed(session: Session) -> list[Source]:
    """Return all sources by name."""
    return list(session.exec(select(Source).order_by(col(Source.name), col(Source.id))))


def by_url(session: Session, url: str) -> Source | None:
    """Return the source with this address."""
    return session.exec(select(Source).where(Source.url == url)).first()


def named(session: Session, words: str) -> list[Source]:
    """Return the sources with this number, name or address."""
    number = int(words) if words.isdecimal() and len(words) <= LONGEST_NUMBER else None
    return list(
        session.exec(
            select(Source).where(
                or_(col(Source.name) == words, col(Source.url) == words, col(Source.id) == number)
            )
        )
    )
