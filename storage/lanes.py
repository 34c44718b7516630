"""The queues to channels and people, shared by all processes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Index,
    Select,
    SmallInteger,
    Update,
    bindparam,
    case,
    func,
    or_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns
from storage.delivery import Delivery, DeliveryState, Rank, Taken
from storage.store import add_missing


class Work(StrEnum):
    """What is done in a lane."""

    POST = "post"
    EDIT = "edit"


class Lane(SQLModel, table=True):
    """The queue to one target: its messages are posted (or edited) one after the other, whoever does it.

    A lane is held by whoever does its work; when `ready_at` has come and it is still held, its holder is
    gone. `head_id` is the message that must go first: on its way, or perhaps in the channel already. From
    `free_at` on Slack takes the next message. `rank` is that of what comes next.
    """

    # With the target: thousands may become ready at one moment, and are taken in a full order.
    __table_args__ = (Index("ix_lane_work_rank_ready_at_target", "work", "rank", "ready_at", "target"),)

    target: str = Field(primary_key=True)
    work: Work = Field(primary_key=True, sa_type=columns.choice(Work))
    rank: Rank = Field(sa_type=SmallInteger)
    ready_at: datetime | None = None
    free_at: datetime | None = None
    is_held: bool = False
    head_id: int | None = None


class Landed(NamedTuple):
    """Where a message that was posted stands, and from when on the next one may go there."""

    delivery_id: int
    channel_id: str
    ts: str
    sent_at: datetime
    free_at: datetime

    def as_values(self) -> dict[str, Any]:
        """Return what is noted with the message itself."""
        return {name: getattr(self, name) for name in ("delivery_id", "channel_id", "ts", "sent_at")}


_DELIVERY: Final = SQLModel.metadata.tables["delivery"]
_LANE: Final = SQLModel.metadata.tables["lane"]
_MESSAGES: Final = _DELIVERY.c
_LANES: Final = _LANE.c


def queue(session: Session, target: str, work: Work, *, rank: Rank, at: datetime) -> None:
    """Let a message wait in the lane to its target, to be posted or edited at `at`.

    The lane is locked until the transaction ends: whoever lets go of it meanwhile is to see the message.
    """
    asked = {"of_target": target, "of_work": work, "new_rank": rank, "at": at}
    if not _queued(session, asked):
        # Both at once, so that nobody who only notes a result ever has to make one.
        add_missing(session, [Lane(target=target, work=one, rank=rank) for one in Work])
        _queued(session, asked)


def ready_at(session: Session) -> dict[tuple[Work, Rank], datetime]:
    """Return when the first lane is ready, for each kind of work and rank in which one will be."""
    soonest = session.execute(_READY_AT).one()
    return {kind: at for kind, at in zip(_KINDS, soonest, strict=True) if at}


def hold(
    session: Session, work: Work, *, rank: Rank, now: datetime, until: datetime, limit: int
) -> dict[str, int | None]:
    """Take at most `limit` lanes of a rank that are ready, longest waiting first, and hold them.

    Returns:
        For each target the id of the message to go; None when nothing is to be done there.
    """
    asked = {"work": work, "rank": rank, "now": now, "limit": limit}
    targets = list(session.execute(_NEXT_LANES, asked).scalars())
    if not targets:
        return {}
    held = session.execute(_HELD[work], {"targets": targets, "now": now, "until": until})
    heads = dict(iter(held))
    return {target: heads[target] for target in targets}


def mark(session: Session, delivery_ids: Sequence[int], work: Work, *, now: datetime) -> list[Taken]:
    """Count a try of what was taken and return it, in the order asked for.

    To be posted, it is `sending` from now on; what was so before, or was tried and not settled, is in doubt.
    What was withdrawn in this moment is left out.
    """
    asked = {"ids": delivery_ids, "now": now} if work is Work.POST else {"ids": delivery_ids}
    rows = {row.id: Taken._make(row) for row in session.connection().execute(_TRIED[work], asked)}
    return [rows[delivery_id] for delivery_id in delivery_ids if delivery_id in rows]


def crowded(
    session: Session, delivery_ids: Sequence[int], kinds: Sequence[str], *, now: datetime, more_than: int
) -> list[Delivery]:
    """Return the untried messages of these kinds behind which more such messages are due at their target."""
    asked = {"ids": delivery_ids, "kinds": kinds, "now": now, "more_than": more_than}
    ids = list(session.execute(_CROWDED, asked).scalars())
    return list(session.exec(select(Delivery).where(col(Delivery.id).in_(ids)))) if ids else []


def arrived(session: Session, landed: Sequence[Landed], *, now: datetime) -> None:
    """Note where messages stand that were posted, and let go of their lanes, all in a few statements.

    A lane that someone else took over meanwhile stays theirs. A change that was asked for while a message
    was on its way waits in its lane to be made.
    """
    ids = [one.delivery_id for one in landed]
    held = {row.id: row for row in session.execute(_LANES_OF, {"ids": ids})}
    connection = session.connection()
    connection.execute(_SENT, [one.as_values() for one in landed])
    for target, edit_due_at in session.execute(_TO_EDIT, {"ids": ids}):
        queue(session, target, Work.EDIT, rank=Rank.NORMAL, at=edit_due_at)
    free: dict[str, datetime] = {}
    for one in landed:
        lane = held[one.delivery_id]
        if lane.head_id == one.delivery_id:
            free[lane.target] = max(lane.free_at or one.free_at, one.free_at)
    waits = _waiting(session, Work.POST, free) if free else {}
    rank_of = {row.target: Rank(row.rank) for row in held.values()}
    values = []
    for target, free_at in free.items():
        rank, ready_at = _next(waits[target], free_at=free_at, now=now) or (rank_of[target], None)
        values.append({"at_target": target, "rank": rank, "ready_at": ready_at, "free_at": free_at})
    if values:
        connection.execute(_LET_GO, values)


def settle(session: Session, held: Iterable[Lane], *, now: datetime) -> None:
    """Let go of lanes whose message is done: each waits for what is to be done next there."""
    session.flush()
    by_work: dict[Work, dict[str, Lane]] = {work: {} for work in Work}
    for lane in held:
        by_work[Work(lane.work)][lane.target] = lane
    for work, by_target in by_work.items():
        if by_target:
            _settle(session, work, by_target, now=now)


def of_targets(session: Session, targets: Iterable[str]) -> list[Lane]:
    """Return the lanes to these targets, for this transaction alone."""
    query = select(Lane).where(col(Lane.target).in_(sorted(targets)))
    return list(session.exec(query.order_by(Lane.target, Lane.work).with_for_update()))


def lock(session: Session, delivery_ids: Sequence[int]) -> None:
    """Keep the lanes of these messages for this transaction alone."""
    if delivery_ids:
        targets = select(Delivery.target).where(col(Delivery.id).in_(delivery_ids))
        query = select(Lane.target).where(col(Lane.target).in_(targets))
        session.exec(query.order_by(Lane.target, Lane.work).with_for_update()).all()


def let_go_all(session: Session, *, now: datetime) -> None:
    """Let every lane be taken over now, whoever holds it."""
    held = col(Lane.is_held).is_(True)
    session.execute(update(Lane).where(held).values(ready_at=now))


def _queued(session: Session, asked: dict[str, Any]) -> bool:
    return bool(session.connection().execute(_QUEUE, asked).rowcount)


def _settle(session: Session, work: Work, by_target: dict[str, Lane], *, now: datetime) -> None:
    for target, waiting in _waiting(session, work, by_target).items():
        lane = by_target[target]
        lane.is_held, lane.head_id, lane.ready_at = False, None, None
        if comes := _next(waiting, free_at=lane.free_at, now=now):
            lane.rank, lane.ready_at = comes


def _waiting(session: Session, work: Work, targets: Iterable[str]) -> dict[str, list[tuple[datetime, Rank]]]:
    """Return, for each lane, the ranks in which something waits there and when its soonest may go."""
    found = session.execute(_SOONEST[work], {"targets": list(targets)})
    return {
        target: [(at, rank) for at, rank in zip(wanted, Rank, strict=True) if at] for target, *wanted in found
    }


def _next(
    waiting: Sequence[tuple[datetime, Rank]], *, free_at: datetime | None, now: datetime
) -> tuple[Rank, datetime] | None:
    """Return the rank of what comes next in a lane, and when; None when nothing waits."""
    if not waiting:
        return None
    # Whatever can go when the lane is free goes by rank; else the soonest is waited for.
    start = max(now, free_at or now)
    rank = min((rank for at, rank in waiting if at <= start), default=min(waiting)[1])
    return rank, max(min(waiting)[0], free_at or now)


def _queue() -> Update:
    """Let a lane be ready for one more message; whoever is at work there looks when they leave."""
    new_rank, at = bindparam("new_rank", type_=_LANES.rank.type), bindparam("at", type_=_LANES.ready_at.type)
    is_busy = or_(_LANES.is_held, _LANES.head_id.is_not(None))
    soonest = case((_LANES.ready_at < at, _LANES.ready_at), else_=at)
    ready_at = case((_LANES.free_at > soonest, _LANES.free_at), else_=soonest)
    goes_first = or_(_LANES.ready_at.is_(None), new_rank < _LANES.rank)
    return (
        update(_LANE)
        .where(_LANES.target == bindparam("of_target"), _LANES.work == bindparam("of_work"))
        .values(
            ready_at=case((is_busy, _LANES.ready_at), else_=ready_at),
            rank=case((is_busy, _LANES.rank), (goes_first, new_rank), else_=_LANES.rank),
        )
    )


def _waits_in(work: Work) -> ColumnElement[bool]:
    return (_MESSAGES.target == _LANES.target) & _MESSAGES.wanted_at.is_not(None) & _is_for(work)


def _is_for(work: Work) -> ColumnElement[bool]:
    is_out = _MESSAGES.state == DeliveryState.SENT
    return is_out if work is Work.EDIT else ~is_out


def _ready_at(work: Work, rank: Rank) -> ColumnElement[datetime | None]:
    mine = (_LANES.work == work) & (_LANES.rank == rank)
    # The least of all, and not whether one is due: that PostgreSQL may look up in the whole table.
    return sa.select(func.min(_LANES.ready_at)).where(mine).scalar_subquery()


def _hold(work: Work) -> ReturningUpdate[tuple[str, int | None]]:
    head = (
        sa.select(_MESSAGES.id)
        .where(_waits_in(work), _MESSAGES.wanted_at <= _NOW)
        .order_by(_MESSAGES.rank, _MESSAGES.wanted_at, _MESSAGES.id)
        .limit(1)
        .scalar_subquery()
    )
    # One that was withdrawn while it kept its place does not go first any more.
    kept = sa.select(_MESSAGES.id).where(_MESSAGES.id == _LANES.head_id, _waits_in(work)).scalar_subquery()
    return (
        update(_LANE)
        .where(_LANES.target.in_(_TARGETS), _LANES.work == work)
        .values(is_held=True, ready_at=bindparam("until"), head_id=func.coalesce(kept, head))
        .returning(_LANES.target, _LANES.head_id)
    )


def _try(work: Work) -> ReturningUpdate[Any]:
    values: dict[str, Any] = {"tries": _MESSAGES.tries + 1}
    if work is Work.POST:
        was_sending = _MESSAGES.state == DeliveryState.SENDING
        values |= {
            "state": DeliveryState.SENDING,
            "in_doubt": or_(_MESSAGES.in_doubt, was_sending),
            "first_tried_at": func.coalesce(_MESSAGES.first_tried_at, _NOW),
        }
    taken = [_MESSAGES[name] for name in Taken._fields]
    # Asked once more: whoever withdrew the message may have committed since it was chosen.
    is_wanted = (_MESSAGES.wanted_at.is_not(None), _is_for(work))
    return update(_DELIVERY).where(_MESSAGES.id.in_(_IDS), *is_wanted).values(values).returning(*taken)


def _soonest(work: Work) -> Select[Any]:
    soonest = [
        sa.select(func.min(_MESSAGES.wanted_at))
        .where(_waits_in(work), _MESSAGES.rank == rank)
        .scalar_subquery()
        for rank in Rank
    ]
    return sa.select(_LANES.target, *soonest).where(_LANES.target.in_(_TARGETS), _LANES.work == work)


def _crowd() -> Select[tuple[int]]:
    behind = _DELIVERY.alias("behind").c
    one_too_many = (
        sa.select(behind.id)
        .where(
            behind.target == _MESSAGES.target,
            behind.wanted_at <= _NOW,
            behind.kind.in_(bindparam("kinds", expanding=True)),
            behind.first_tried_at.is_(None),
            behind.thread_ts.is_(None),
        )
        .limit(1)
        .offset(bindparam("more_than"))
    )
    return sa.select(_MESSAGES.id).where(
        _MESSAGES.id.in_(_IDS),
        _MESSAGES.kind.in_(bindparam("kinds", expanding=True)),
        _MESSAGES.first_tried_at.is_(None),
        # A thread is quiet as it is.
        _MESSAGES.thread_ts.is_(None),
        one_too_many.exists(),
    )


# Made once: to make one takes longer than to run it.
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_TARGETS: Final[BindParameter[Any]] = bindparam("targets", expanding=True)
_NOW: Final = bindparam("now", type_=_LANES.ready_at.type)
_QUEUE: Final = _queue()
_KINDS: Final = [(work, rank) for work in Work for rank in Rank]
_READY_AT: Final = sa.select(*(_ready_at(work, rank) for work, rank in _KINDS))
_NEXT_LANES: Final = (
    sa.select(_LANES.target)
    .where(_LANES.work == bindparam("work"), _LANES.rank == bindparam("rank"), _LANES.ready_at <= _NOW)
    .order_by(_LANES.ready_at, _LANES.target)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_HELD: Final = {work: _hold(work) for work in Work}
_TRIED: Final = {work: _try(work) for work in Work}
_SOONEST: Final = {work: _soonest(work) for work in Work}
_CROWDED: Final = _crowd()
_LANES_OF: Final = (
    sa.select(_MESSAGES.id, _LANES.target, _LANES.head_id, _LANES.free_at, _LANES.rank)
    .join_from(_DELIVERY, _LANE, _LANES.target == _MESSAGES.target)
    .where(_MESSAGES.id.in_(_IDS), _LANES.work == Work.POST)
    .order_by(_LANES.target)
    .with_for_update(of=_LANE)
)
_SENT: Final = (
    update(_DELIVERY)
    .where(_MESSAGES.id == bindparam("delivery_id"))
    .values(
        state=sa.literal_column(f"'{DeliveryState.SENT.value}'"),
        in_doubt=sa.false(),
        tries=sa.literal_column("0"),
        reason=sa.null(),
        wanted_at=_MESSAGES.edit_due_at,
        channel_id=bindparam("channel_id"),
        ts=bindparam("ts"),
        sent_at=bindparam("sent_at"),
    )
)
_TO_EDIT: Final = sa.select(_MESSAGES.target, _MESSAGES.edit_due_at).where(
    _MESSAGES.id.in_(_IDS), _MESSAGES.edit_due_at.is_not(None)
)
_LET_GO: Final = (
    update(_LANE)
    .where(_LANES.target == bindparam("at_target"), _LANES.work == Work.POST)
    .values(
        is_held=sa.false(),
        head_id=sa.null(),
        rank=bindparam("rank"),
        ready_at=bindparam("ready_at"),
        free_at=bindparam("free_at"),
    )
)
