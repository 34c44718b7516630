"""What leaves: taken by one of the processes, sent, and noted with what came of it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session

from bot import pace
from bot.delivery import FOLDED, Taken, cancelled, given_up
from storage import delivery as stored
from storage import lanes
from storage.delivery import Delivery, DeliveryState, Rank
from storage.lanes import Landed, Lane, Work
from storage.store import announce

# Longer than one message takes with all its look-ups and time-outs: who still holds a lane may still send.
LEASE: Final = timedelta(seconds=60)
# A message that went wrong so often, for so long, is given up; others may pass it after a few tries.
MAX_TRIES: Final = 12
PATIENCE: Final = timedelta(hours=6)
LET_BY: Final = 3
LONGEST_DELAY: Final = timedelta(minutes=10)
BATCH: Final = 100
# Slack takes one message a second in each channel: docs.slack.dev/apis/web-api/rate-limits
GAP: Final = timedelta(seconds=1)
# More news than this waiting for one channel is told in one overview.
MOST_CARDS: Final = 5
OVERVIEW: Final = "overview"
# An overview names no more than this; the rest comes in the next one.
MOST_FOLDED: Final = 200
TRIES: Final = "tries"
METHODS: Final = {Work.POST: pace.POST, Work.EDIT: pace.EDIT}

# What came of a message: a deed of this file or of one that calls it, the message's id and the deed's values.
Result = tuple[Callable[..., None], int, dict[str, Any]]


def take(
    session: Session,
    *,
    now: datetime,
    slots: int = BATCH,
    start: dict[str, float] = pace.START,
    fold: Iterable[str] = (),
) -> list[Taken]:
    """Take what may go now, one message a target and what is urgent first. Run it with `store.claim`.

    Each is held for LEASE. One that was held before and never settled is in doubt: it may be in its channel.

    Args:
        session: the transaction.
        now: this moment.
        slots: how many at most.
        start: calls a minute for each of Slack's methods to begin with.
        fold: kinds of news that are told in one overview where more than MOST_CARDS of them wait.
    """
    allowance = pace.Allowance(session, now=now, start=start)
    taken: list[Taken] = []
    ready_at = lanes.ready_at(session)
    for work in Work:
        for rank in Rank:
            if ready_at.get((work, rank), now + LEASE) > now:
                continue
            left = allowance.left(METHODS[work], is_urgent=rank is Rank.URGENT)
            most = min(slots - len(taken), left)
            if most > 0:
                heads = lanes.hold(session, work, rank=rank, now=now, until=now + LEASE, limit=most)
                rows = _heads(session, heads, work, now=now, fold=tuple(fold))
                allowance.spend(METHODS[work], len(rows))
                taken += rows
    return taken


def next_at(session: Session, *, now: datetime, start: dict[str, float] = pace.START) -> datetime | None:
    """Return when there is next something to take; None when nothing waits."""
    allowance = pace.Allowance(session, now=now, start=start)
    moments = (
        max(ready_at, allowance.ready_at(METHODS[work]))
        for (work, _), ready_at in lanes.ready_at(session).items()
    )
    return min(moments, default=None)


def inherit(session: Session, *, now: datetime) -> None:
    """Take over at once what a stopped process was sending; only for who knows to be the only one."""
    lanes.let_go_all(session, now=now)
    announce(session, "deliveries")


def sent(
    session: Session,
    delivery_id: int,
    *,
    channel_id: str,
    ts: str,
    now: datetime,
    began_at: datetime | None = None,
    gap: timedelta = GAP,
) -> None:
    """Note where a message stands now; the next one in its lane may go `gap` after this one began to."""
    landed = _landed(delivery_id, channel_id=channel_id, ts=ts, now=now, began_at=began_at, gap=gap)
    session.flush()
    lanes.arrived(session, [landed], now=now)
    for known in session.identity_map.values():
        # What the session knows of it is from before.
        if isinstance(known, Delivery | Lane):
            session.expire(known)


def edited(
    session: Session, delivery_id: int, *, asked_at: datetime | None, reason: str | None, now: datetime
) -> None:
    """Note that a message shows what was true at `asked_at`; a later change is edited again.

    Args:
        session: the transaction.
        delivery_id: whose message.
        asked_at: `edit_due_at` as it was taken.
        reason: why it can't be edited any more, such as a person having deleted it.
        now: this moment.
    """
    row = _row(session, delivery_id)
    row.tries, row.reason = 0, reason
    if row.edit_due_at == asked_at:
        row.edit_due_at = None
    row.wanted_at = row.edit_due_at
    _pass(session, row, Work.EDIT, now=now)


def slowed(session: Session, delivery_id: int, *, retry_after: timedelta, reason: str, now: datetime) -> None:
    """Slack wants patience, of this lane and of all calls of its method; the message keeps its place."""
    row = _row(session, delivery_id)
    work = _work(row)
    pace.slow_down(session, METHODS[work], retry_after=retry_after, now=now)
    _lane(session, row.target, work).free_at = now + retry_after
    put_back(session, delivery_id, until=now + retry_after, reason=reason, now=now)


def put_back(session: Session, delivery_id: int, *, until: datetime, reason: str, now: datetime) -> None:
    """Let go of a message that was not sent: it keeps its place until then, and the try does not count."""
    row = _row(session, delivery_id)
    work = _work(row)
    row.tries, row.reason = row.tries - 1, reason
    if row.state is DeliveryState.SENDING:
        row.state = DeliveryState.DUE
    _keep_first(session, row, work, until=max(until, now))


def out_of_thread(session: Session, delivery_id: int, *, reason: str, now: datetime) -> None:
    """What a message was to answer is gone: it is said at once in the channel itself."""
    _row(session, delivery_id).thread_ts = None
    put_back(session, delivery_id, until=now, reason=reason, now=now)


def unclear(
    session: Session, delivery_id: int, *, now: datetime, delay: timedelta, reason: str, is_ours: bool = False
) -> None:
    """Try again after `delay`, looking in the channel first: the message may have been kept.

    It keeps its place in the lane for LET_BY tries and is given up after MAX_TRIES, but not before PATIENCE
    is over: a morning without Slack loses nothing.

    Args:
        session: the transaction.
        delivery_id: whose message.
        now: this moment.
        delay: how long to wait.
        reason: what happened.
        is_ours: the fault is the message's own, so that patience does not help.
    """
    row = _row(session, delivery_id)
    work = _work(row)
    row.reason = reason
    is_old = now - (row.first_tried_at or row.created_at) >= PATIENCE
    if row.tries >= MAX_TRIES and (is_ours or is_old or work is Work.EDIT):
        row.in_doubt = row.in_doubt or work is Work.POST
        given_up(row, reason)
        _pass(session, row, work, now=now)
        return
    if work is Work.POST:
        row.state, row.in_doubt = DeliveryState.DUE, True
    if row.tries >= LET_BY or is_ours:
        row.wanted_at = now + delay
        _pass(session, row, work, now=now)
    else:
        _keep_first(session, row, work, until=now + delay)


def failed(session: Session, delivery_id: int, *, reason: str, now: datetime) -> None:
    """Give a message up; its reason is kept and `retry` brings it back."""
    row = _row(session, delivery_id)
    work = _work(row)
    given_up(row, reason)
    _pass(session, row, work, now=now)


def drop(session: Session, delivery_id: int, *, reason: str, now: datetime) -> None:
    """Cancel a taken message: what it was to say is no longer true."""
    row = _row(session, delivery_id)
    cancelled(row, reason)
    _pass(session, row, Work.POST, now=now)


def record(session: Session, results: Iterable[Result]) -> None:
    """Note what came of several messages at once: for each a deed of this file, its id and its values.

    With TRIES among the values, as it was when the message was taken, it counts only if nobody took the
    message over since: who did will say what came of it.
    """
    results = list(results)
    posted = [_landed(delivery_id, **values) for deed, delivery_id, values in results if deed is sent]
    if posted:
        lanes.arrived(session, posted, now=max(one.sent_at for one in posted))
    others = [result for result in results if result[0] is not sent]
    ids = [delivery_id for _, delivery_id, _ in others]
    # All at once and in one order, so that two who record never wait for each other. The messages come last:
    # one that is changed while the lanes are waited for is to be seen as it is then.
    lanes.lock(session, ids)
    rows = {row.id: row for row in stored.of_ids(session, ids)}
    for deed, delivery_id, values in others:
        told = dict(values)
        if told.pop(TRIES, None) in {None, rows[delivery_id].tries}:
            deed(session, delivery_id, **told)
    announce(session, "deliveries")


def _landed(
    delivery_id: int,
    *,
    channel_id: str,
    ts: str,
    now: datetime,
    began_at: datetime | None = None,
    gap: timedelta = GAP,
) -> Landed:
    return Landed(delivery_id, channel_id, ts, sent_at=now, free_at=(began_at or now) + gap)


def _row(session: Session, delivery_id: int) -> Delivery:
    row = session.get(Delivery, delivery_id)
    assert row is not None
    return row


def _work(row: Delivery) -> Work:
    return Work.EDIT if row.state is DeliveryState.SENT else Work.POST


def _lane(session: Session, target: str, work: Work) -> Lane:
    """Return a lane as it is now; statements change lanes that the session may know from before."""
    session.flush()
    lane = session.get(Lane, (target, work), populate_existing=True)
    assert lane is not None
    return lane


def _heads(
    session: Session, heads: dict[str, int | None], work: Work, *, now: datetime, fold: tuple[str, ...]
) -> list[Taken]:
    """Mark what was taken in each lane; lanes in which nothing waits any more are let go."""
    ids = [one for one in heads.values() if one is not None]
    if work is Work.POST and fold:
        stand_ins = {
            row.id: _folded(session, row, now=now, kinds=fold).id
            for row in lanes.crowded(session, ids, fold, now=now, more_than=MOST_CARDS)
        }
        ids = [stand_ins.get(one) or one for one in ids]
    taken = lanes.mark(session, ids, work, now=now) if ids else []
    idle = heads.keys() - {row.target for row in taken}
    lanes.settle(session, [_lane(session, target, work) for target in sorted(idle)], now=now)
    return taken


def _folded(session: Session, head: Delivery, *, now: datetime, kinds: tuple[str, ...]) -> Delivery:
    """Put one overview in the place of the head and those behind it, and return it."""
    rows = stored.foldable(session, head.target, kinds, now=now, limit=MOST_FOLDED)
    overview = Delivery(
        key=f"{OVERVIEW}:{head.target}:{rows[-1].id}",
        kind=OVERVIEW,
        subject_id=rows[-1].id or 0,
        person_id=head.person_id,
        target=head.target,
        rank=head.rank,
        due_at=head.due_at,
        wanted_at=now,
        created_at=now,
    )
    session.add(overview)
    session.flush()
    for row in rows:
        cancelled(row, FOLDED)
        row.overview_id = overview.id
    _lane(session, head.target, Work.POST).head_id = overview.id
    return overview


def _pass(session: Session, row: Delivery, work: Work, *, now: datetime) -> None:
    """Let go of a message's lane; what comes next there may go when the lane is free."""
    lane = _lane(session, row.target, work)
    # Otherwise someone else took the lane over meanwhile.
    if lane.head_id == row.id:
        lanes.settle(session, [lane], now=now)


def _keep_first(session: Session, row: Delivery, work: Work, *, until: datetime) -> None:
    """Let go of a message's lane for a while; the message stays the next to go."""
    lane = _lane(session, row.target, work)
    if lane.head_id == row.id:
        lane.is_held, lane.ready_at = False, until
