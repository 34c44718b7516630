"""Stores in which any number of messages wait, all about one thing, as its subscribers get them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import CTE, Insert
from sqlmodel import Session, SQLModel

from bot import people, posts
from bot.pitches import Pitch
from storage.delivery import DeliveryState, Rank
from storage.lanes import Work
from storage.schema import migrate
from storage.store import Store

MESSAGES: Final = SQLModel.metadata.tables["delivery"]
LANES: Final = SQLModel.metadata.tables["lane"]
SITE: Final = "https://stadt.example"
TITLE: Final = "Die Bibliothek der Dinge leiht jetzt auch Werkzeug aus"


@contextmanager
def opened(address: str) -> Iterator[Store]:
    """Open a store at the newest migration while the block runs."""
    store = Store(address)
    try:
        migrate(store)
        yield store
    finally:
        store.close()


def post_card(session: Session, now: datetime) -> tuple[str, int]:
    """Keep a post; return what tells of it: news, folded into an overview when more of it waits."""
    post = posts.import_post(
        session, title=TITLE, url=f"{SITE}/p/1", published_at=now, tags=(), origin="test", now=now
    )
    return posts.CARD, post.id or 0


def pitch_received(session: Session, now: datetime) -> tuple[str, int]:
    """Keep a pitch; return what tells of it: a message that stands for itself."""
    author = people.greet(session, chat_id="U9IDEE", name="Ida", locale="de-DE", now=now)
    pitch = Pitch(title=TITLE, pitcher_id=author.id or 0, created_at=now)
    session.add(pitch)
    session.flush()
    return "pitch_received", pitch.id or 0


def fill(
    session: Session,
    *,
    count: int,
    targets: int,
    now: datetime,
    prefix: str = "U0",
    about: Callable[[Session, datetime], tuple[str, int]] = post_card,
) -> None:
    """Let messages wait, in turns for each of so many targets; the statements are the same on both engines.

    Args:
        session: the transaction.
        count: how many messages.
        targets: how many channels or people.
        now: since when they wait.
        prefix: what the ids of the targets begin with; a number follows.
        about: keeps what they are about, and returns kind and id.
    """
    kind, subject_id = about(session, now)
    session.execute(_messages(_numbers(count), kind, subject_id, targets, now=now, prefix=prefix))
    for work in Work:
        session.execute(_lanes(_numbers(targets), work, now=now, prefix=prefix))


async def until(is_so: Callable[[], Awaitable[bool]], *, every_s: float) -> None:
    """Ask again and again until something is so."""
    while True:
        if await is_so():
            return
        await asyncio.sleep(every_s)


def ready(store: Store) -> None:
    """Let the engine count its rows for its planner, as both do by themselves after a while."""
    with store.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def _messages(
    numbers: CTE, kind: str, subject_id: int, targets: int, *, now: datetime, prefix: str
) -> Insert:
    number = numbers.c.n
    values: dict[str, sa.ColumnElement[Any]] = {
        "key": sa.literal(f"{kind}:{prefix}:") + sa.cast(number, sa.String),
        "kind": sa.literal(kind),
        "subject_id": sa.literal(subject_id),
        "target": sa.literal(prefix) + sa.cast(number % targets, sa.String),
        "state": sa.literal(DeliveryState.DUE, MESSAGES.c.state.type),
        "rank": sa.literal(Rank.NORMAL.value),
        "due_at": _at(now),
        "wanted_at": _at(now),
        "in_doubt": sa.false(),
        "tries": sa.literal(0),
        "created_at": _at(now),
    }
    return sa.insert(MESSAGES).from_select(list(values), sa.select(*values.values()))


def _lanes(numbers: CTE, work: Work, *, now: datetime, prefix: str) -> Insert:
    values: dict[str, sa.ColumnElement[Any]] = {
        "target": sa.literal(prefix) + sa.cast(numbers.c.n, sa.String),
        "work": sa.literal(work, LANES.c.work.type),
        "rank": sa.literal(Rank.NORMAL.value),
        "ready_at": _at(now) if work is Work.POST else sa.cast(sa.null(), LANES.c.ready_at.type),
        "is_held": sa.false(),
    }
    return sa.insert(LANES).from_select(list(values), sa.select(*values.values()))


def _at(moment: datetime) -> sa.ColumnElement[datetime]:
    return sa.literal(moment, MESSAGES.c.due_at.type)


def _numbers(count: int) -> CTE:
    first = sa.select(sa.literal(0).label("n")).cte("numbers", recursive=True)
    return first.union_all(sa.select(first.c.n + 1).where(first.c.n < count - 1))
