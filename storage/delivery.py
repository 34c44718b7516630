"""What goes out and what came in, so that each message is said once and each click acts once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Index, SmallInteger, bindparam, case, delete, func, or_, text, update
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns
from storage.store import add_missing

# Whoever looks on need not know whether there are more.
MOST_COUNTED: Final = 100_000


class DeliveryState(StrEnum):
    """How far a message is. `sending` when a lane is taken means: nobody knows, look in the channel first."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Rank(IntEnum):
    """What goes first where several messages wait: an answer to a click never waits behind a digest."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


class Delivery(SQLModel, table=True):
    """One message to one target about one thing, rendered when it is sent.

    `wanted_at` is when its lane is next to do something for it, to send or to edit it; None when nothing is
    left to do. A message that was folded into an overview names it in `overview_id`; one that answers in a
    thread names the message it belongs to in `thread_ts`. `layout` is how it is to look, where it can look
    in several ways.
    """

    __table_args__ = (
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_kind_subject_id", "kind", "subject_id"),
        Index("ix_delivery_channel_id_ts", "channel_id", "ts"),
        Index(
            "ix_delivery_waiting",
            *("target", "rank", "wanted_at", "id"),
            postgresql_where=text("wanted_at IS NOT NULL"),
            sqlite_where=text("wanted_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    subject_id: int
    person_id: int | None = Field(default=None, foreign_key="person.id")
    target: str
    place: str | None = None
    state: DeliveryState = Field(default=DeliveryState.DUE, sa_type=columns.choice(DeliveryState))
    rank: Rank = Field(default=Rank.NORMAL, sa_type=SmallInteger)
    due_at: datetime
    wanted_at: datetime | None = None
    first_tried_at: datetime | None = None
    in_doubt: bool = False
    tries: int = 0
    reason: str | None = None
    channel_id: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    layout: str | None = None
    sent_at: datetime | None = None
    edit_due_at: datetime | None = None
    overview_id: int | None = Field(default=None, foreign_key="delivery.id", index=True)
    created_at: datetime


class Taken(NamedTuple):
    """A message as it was when it was taken: what its sender needs of it. A whole row would cost twice."""

    id: int
    key: str
    kind: str
    subject_id: int
    person_id: int | None
    target: str
    state: DeliveryState
    rank: Rank
    first_tried_at: datetime | None
    in_doubt: bool
    tries: int
    channel_id: str | None
    ts: str | None
    thread_ts: str | None
    layout: str | None
    edit_due_at: datetime | None


class Inbound(SQLModel, table=True):
    """The id of something that came in and was done."""

    id: str = Field(primary_key=True)
    received_at: datetime = Field(index=True)


class Place(SQLModel, table=True):
    """The channel of a purpose (comms, review, admin), from the settings."""

    name: str = Field(primary_key=True)
    channel_id: str


def keep_inbound(session: Session, inbound_id: str, *, now: datetime) -> bool:
    """Keep the id of something that came in; say whether it was not there before."""
    return bool(add_missing(session, [Inbound(id=inbound_id, received_at=now)]))


def by_key(session: Session, key: str) -> Delivery | None:
    """Return the delivery with this key."""
    return session.execute(_BY_KEY, {"key": key}).scalar()


def of_ids(session: Session, ids: Sequence[int]) -> list[Delivery]:
    """Return the deliveries with these ids."""
    return list(session.exec(select(Delivery).where(col(Delivery.id).in_(ids)))) if ids else []


def at(session: Session, channel_id: str, ts: str) -> Delivery | None:
    """Return the message that stands there."""
    query = select(Delivery).where(Delivery.channel_id == channel_id, Delivery.ts == ts)
    return session.exec(query).first()


def of_keys(session: Session, keys: Collection[str]) -> dict[str, Delivery]:
    """Return the deliveries with these keys, by key."""
    found = session.exec(select(Delivery).where(col(Delivery.key).in_(keys))) if keys else ()
    return {row.key: row for row in found}


def about(session: Session, kind: str, subject_id: int, *, person_id: int | None = None) -> list[Delivery]:
    """Return the deliveries of one kind about one thing (to one person)."""
    query = select(Delivery).where(Delivery.kind == kind, Delivery.subject_id == subject_id)
    if person_id is not None:
        query = query.where(Delivery.person_id == person_id)
    return list(session.exec(query.order_by(col(Delivery.id))))


def edit_later(
    session: Session, kind: str, subject_id: int, *, person_id: int | None, now: datetime
) -> list[str]:
    """Ask for the messages about something that are out to be brought up to date; return their targets.

    One in doubt counts as out: it may be found in its channel with the words of before. A message that was
    folded is out in its overview.
    """
    about = (col(Delivery.kind) == kind) & (col(Delivery.subject_id) == subject_id)
    if person_id is not None:
        about &= col(Delivery.person_id) == person_id
    overviews = select(Delivery.overview_id).where(about, col(Delivery.overview_id).is_not(None))
    is_out = or_(
        col(Delivery.state).in_([DeliveryState.SENDING, DeliveryState.SENT]), col(Delivery.in_doubt).is_(True)
    )
    wanted_at = case((col(Delivery.state) == DeliveryState.SENT, now), else_=Delivery.wanted_at)
    asked = (
        update(Delivery)
        .where(or_(about, col(Delivery.id).in_(overviews)), is_out)
        .values(edit_due_at=now, wanted_at=wanted_at)
        .returning(col(Delivery.target))
    )
    return list(session.execute(asked).scalars())


def foldable(
    session: Session, target: str, kinds: Sequence[str], *, now: datetime, limit: int
) -> list[Delivery]:
    """Return at most `limit` messages of these kinds due at a target, never tried and meant for no thread."""
    query = (
        select(Delivery)
        .where(
            Delivery.target == target,
            col(Delivery.wanted_at) <= now,
            col(Delivery.kind).in_(kinds),
            col(Delivery.first_tried_at).is_(None),
            col(Delivery.thread_ts).is_(None),
        )
        .order_by(col(Delivery.rank), col(Delivery.wanted_at), col(Delivery.id))
        .limit(limit)
    )
    return list(session.exec(query))


def folded(session: Session, overview_id: int) -> list[Delivery]:
    """Return the messages that an overview stands for, in their order."""
    query = select(Delivery).where(Delivery.overview_id == overview_id)
    return list(session.exec(query.order_by(col(Delivery.due_at), col(Delivery.id))))


def forget_inbound(session: Session, *, before: datetime) -> int:
    """Forget what came in before a moment, and return how much that was."""
    return session.execute(delete(Inbound).where(col(Inbound.received_at) < before)).rowcount  # type: ignore[attr-defined,no-any-return]


def counted(session: Session, *, limit: int = MOST_COUNTED) -> dict[DeliveryState, int]:
    """Return how many deliveries are in each state there is one in, counting at most `limit` of each."""
    states = []
    for state in DeliveryState:
        some = select(Delivery.id).where(Delivery.state == state).limit(limit).subquery()
        states.append(select(func.count()).select_from(some).scalar_subquery())
    row = session.execute(sa_select(*states)).one()
    return {state: count for state, count in zip(DeliveryState, row, strict=True) if count}


def waiting_since(session: Session) -> datetime | None:
    """Return since when the oldest message waits that is not out yet."""
    oldest = [
        session.exec(select(func.min(Delivery.due_at)).where(Delivery.state == state)).one()
        for state in (DeliveryState.DUE, DeliveryState.SENDING)
    ]
    return min(filter(None, oldest), default=None)


def reasons(session: Session, state: DeliveryState, *, limit: int) -> list[tuple[str, int]]:
    """Return at most `limit` reasons of deliveries in a state with their number, most frequent first."""
    number = func.count()
    query = (
        select(Delivery.reason, number)
        .where(Delivery.state == state, col(Delivery.reason).is_not(None))
        .group_by(col(Delivery.reason))
        .order_by(number.desc(), col(Delivery.reason))
        .limit(limit)
    )
    return [(reason, count) for reason, count in session.exec(query) if reason]


def listed(session: Session, *, state: DeliveryState | None, limit: int) -> list[Delivery]:
    """Return at most `limit` deliveries, newest first, of one state or of all."""
    query = select(Delivery).order_by(col(Delivery.id).desc()).limit(limit)
    if state is not None:
        query = query.where(Delivery.state == state)
    return list(session.exec(query))


# Made once: asked with each message.
_BY_KEY: Final = sa_select(Delivery).where(col(Delivery.key) == bindparam("key"))
