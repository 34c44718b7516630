"""The store: one transaction is one hop to a worker thread, on SQLite or PostgreSQL."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any, Concatenate, Final, Literal, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Insert, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session, SQLModel

P = ParamSpec("P")
T = TypeVar("T")
Topic = Literal["deliveries", "public", "sources"]

# PostgreSQL: a serialisable transaction lost against another (40001), a deadlock (40P01).
REPEATABLE: Final = frozenset({"40001", "40P01"})
ATTEMPTS: Final = 30
READERS: Final = 4
BUSY_TIMEOUT_MS: Final = 10_000
NO_ADDRESS: Final = "a database address starts with sqlite:/// or postgresql:// and names a database"


class StoreError(Exception):
    """The store can't be reached or isn't one; the message says what to do."""


class Store:
    """Runs synchronous functions that take a session and values, each in one transaction.

    A deed may be run again when another got in its way: it touches nothing but its session and values.
    """

    def __init__(self, address: str) -> None:
        """Prepare the engines; nothing is opened yet.

        Args:
            address: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.

        Raises:
            StoreError: the address is neither.
        """
        self.url = _url(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            # A reader on the writer's engine would get "database is locked".
            self._writer = _sqlite(self.url, begin="BEGIN IMMEDIATE", query_only=False)
            self._claimer = self._writer
            self._reader = _sqlite(self.url, begin="BEGIN", query_only=True)
        else:
            self._writer = create_engine(
                self.url, isolation_level="SERIALIZABLE", pool_pre_ping=True, hide_parameters=True
            )
            self._claimer = self._writer.execution_options(isolation_level="READ COMMITTED")
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        # On SQLite one writing thread ends lost updates and waiting for locks.
        self._writing = ThreadPoolExecutor(1 if self.is_sqlite else READERS, "store-write")
        self._reading = ThreadPoolExecutor(READERS, "store-read")
        self._wakers: dict[str, list[Callable[[], None]]] = {}

    @property
    def file(self) -> Path | None:
        """The file of an SQLite store."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @property
    def name(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    async def run(self, deed: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a deed in one serialisable transaction on a worker thread and return its value."""
        value, topics = await self._hop(self._writing, partial(self._do, self._writer, deed, *args, **kwargs))
        for topic in topics:
            for wake in self._wakers.get(topic, ()):
                wake()
        return value

    async def claim(self, deed: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a deed that takes rows with SKIP LOCKED, at READ COMMITTED; it wakes nobody."""
        value, _ = await self._hop(self._writing, partial(self._do, self._claimer, deed, *args, **kwargs))
        return value

    async def read(
        self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Answer a question from one consistent state of the store; it can change nothing."""
        return await self._hop(self._reading, partial(self.ask, question, *args, **kwargs))

    def do(self, deed: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a deed here and now, for commands that have no event loop."""
        return self._do(self._writer, deed, *args, **kwargs)[0]

    def ask(self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer a question here and now, for commands that have no event loop."""
        with Session(self._reader, expire_on_commit=False) as session:
            return question(session, *args, **kwargs)

    def connect(self) -> Connection:
        """Open a plain connection of the writer's, for migrations and checks."""
        return self._writer.connect()

    def wake(self, topic: Topic, waker: Callable[[], None]) -> None:
        """Call `waker` on the event loop after each commit of this process that announced `topic`."""
        self._wakers.setdefault(topic, []).append(waker)

    def close(self) -> None:
        """End the worker threads and the connections."""
        self._writing.shutdown()
        self._reading.shutdown()
        self._writer.dispose()
        self._reader.dispose()

    async def _hop(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def _do(
        self, engine: Engine, deed: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, set[Topic]]:
        for attempt in range(ATTEMPTS):
            try:
                with Session(engine, expire_on_commit=False) as session:
                    value = deed(session, *args, **kwargs)
                    session.commit()
                    return value, session.info.get("topics", set())
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in REPEATABLE or attempt == ATTEMPTS - 1:
                    raise
            time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 6)))  # noqa: S311 - jitter, no secret
        raise AssertionError("the last attempt returns or raises")


def announce(session: Session, topic: Topic) -> None:
    """Wake those who wait for `topic`, after this transaction's commit."""
    session.info.setdefault("topics", set()).add(topic)


def add_missing(session: Session, rows: Sequence[SQLModel]) -> int:
    """Insert those of some rows of one table whose keys are not there yet, and return how many those were.

    A plain insert fails when another transaction was quicker, and everything with it.
    """
    connection = session.connection()
    insert = insert_missing(type(rows[0]), connection.dialect.name)
    # One by one: of many at once, PostgreSQL's driver does not say how many there were.
    return sum(connection.execute(insert, row.model_dump(exclude_none=True)).rowcount for row in rows)


@cache
def insert_missing(model: type[SQLModel], dialect: str) -> Insert:
    """Return what inserts only what is missing, made once: making it takes longer than running it."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(inspect(model).local_table).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # Not repeated here, nor as the cause: there may be a password in it.
        raise StoreError(NO_ADDRESS) from None
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or not url.database:
        raise StoreError(NO_ADDRESS)
    return url


def _lower(text: str | None) -> str | None:
    return text.lower() if text else text


def _sqlite(url: URL, *, begin: str, query_only: bool) -> Engine:
    """Make an engine whose transactions begin as told (SQLite's default loses parallel updates silently)."""
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        # SQLite's own knows only A to Z, so that "öpnv" would not find "ÖPNV".
        connection.create_function("lower", 1, _lower, deterministic=True)
        if query_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
