import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage import delivery, lanes, sources
from storage.delivery import Delivery, DeliveryState, Rank
from storage.lanes import Work
from storage.sources import Source, SourceHost, SourceKind
from storage.store import Store
from tests.made import NOW

LEASE = timedelta(seconds=60)
PATIENCE_S = 20


@pytest.fixture
def second(store: Store) -> Iterator[Store]:
    """The same store, opened by another process."""
    opened = Store(store.url.render_as_string(hide_password=False))
    yield opened
    opened.close()


def note(session: Session, key: str, *, target: str | None = None, at: datetime = NOW) -> None:
    target = target or key
    row = Delivery(key=key, kind="card", subject_id=1, target=target, due_at=at, wanted_at=at, created_at=NOW)
    session.add(row)
    session.flush()
    lanes.queue(session, target, Work.POST, rank=Rank.NORMAL, at=at)


def take(session: Session, *, limit: int = 100, now: datetime = NOW) -> list[str]:
    held = lanes.hold(session, Work.POST, rank=Rank.NORMAL, now=now, until=now + LEASE, limit=limit)
    rows = delivery.of_ids(session, [head_id for head_id in held.values() if head_id])
    keys = {row.target: row.key for row in rows}
    return [keys[target] for target in held]


def test_lanes_are_taken_longest_waiting_first_and_one_message_of_each(store: Store):
    for key, target, wait_s in (("b", "C1", 1), ("a", "C1", 0), ("c", "C2", 2), ("later", "C3", 9)):
        store.do(note, key, target=target, at=NOW + timedelta(seconds=wait_s))

    assert store.do(take, now=NOW + timedelta(seconds=5)) == ["a", "c"]
    # C1 is busy with a, so b waits for it.
    assert store.do(take, now=NOW + timedelta(seconds=5)) == []


def test_a_lane_whose_holder_is_gone_is_taken_over_with_the_same_message(store: Store):
    store.do(note, "a", target="C1")
    assert store.do(take) == ["a"]
    store.do(note, "earlier", target="C1", at=NOW - LEASE)

    assert store.do(take, now=NOW + LEASE - timedelta(seconds=1)) == []
    assert store.do(take, now=NOW + LEASE) == ["a"]


async def test_two_claimers_never_get_the_same_lane_and_none_is_forgotten(store: Store, second: Store):
    for number in range(120):
        store.do(note, f"row-{number:03}")

    async def claim(one: Store) -> list[str]:
        found = []
        while taken := await one.claim(take, limit=7):
            found += taken
        return found

    claimed = await asyncio.gather(*(claim(one) for one in (store, second, store, second)))

    assert sorted(key for one in claimed for key in one) == [f"row-{number:03}" for number in range(120)]


async def test_a_claimer_does_not_wait_for_another_but_takes_what_is_free(postgresql_store: Store):
    inside, go_on = threading.Event(), threading.Event()
    for key in ("a", "b", "c"):
        postgresql_store.do(note, key)
        postgresql_store.do(add_source, key)

    def slow(session: Session) -> list[str]:
        taken = take(session, limit=2) + polled(session, limit=2)
        inside.set()
        assert go_on.wait(PATIENCE_S)
        return taken

    def quick(session: Session) -> list[str]:
        return take(session, limit=2) + polled(session, limit=2)

    first = asyncio.create_task(postgresql_store.claim(slow))
    assert await asyncio.to_thread(inside.wait, PATIENCE_S)
    try:
        assert await asyncio.wait_for(postgresql_store.claim(quick), PATIENCE_S) == ["c", "c"]
    finally:
        go_on.set()
    assert await first == ["a", "b", "a", "b"]


async def test_a_message_noted_while_its_lane_is_let_go_is_not_forgotten(postgresql_store: Store):
    inside, go_on = threading.Event(), threading.Event()
    postgresql_store.do(note, "a", target="C1")
    postgresql_store.do(take)

    def note_slowly(session: Session) -> None:
        note(session, "b", target="C1")
        inside.set()
        assert go_on.wait(PATIENCE_S)

    def let_go(session: Session) -> None:
        for row in session.exec(select(Delivery).where(Delivery.key == "a")):
            row.wanted_at = None
        lanes.settle(session, lanes.of_targets(session, ["C1"]), now=NOW)

    noting = asyncio.create_task(postgresql_store.run(note_slowly))
    assert await asyncio.to_thread(inside.wait, PATIENCE_S)
    letting_go = asyncio.create_task(postgresql_store.claim(let_go))
    go_on.set()
    await asyncio.gather(noting, letting_go)

    assert postgresql_store.do(take) == ["b"]


def test_a_source_that_is_due_is_read_by_one_and_a_paused_one_by_nobody(store: Store):
    for name, wait_s, is_paused in (("b", 0, False), ("a", -1, False), ("later", 1, False), ("off", 0, True)):
        store.do(add_source, name, next_poll_at=NOW + timedelta(seconds=wait_s), is_paused=is_paused)

    assert store.do(polled) == ["a", "b"]
    assert store.do(polled) == []
    assert store.do(polled, now=NOW + LEASE) == ["later", "b", "a"]


def test_messages_are_counted_by_state(store: Store):
    for key in ("a", "b", "c"):
        store.do(note, key)
    store.do(give_up, "a")

    assert store.ask(delivery.counted) == {DeliveryState.DUE: 2, DeliveryState.FAILED: 1}


def give_up(session: Session, key: str) -> None:
    row = delivery.by_key(session, key)
    assert row is not None
    row.state, row.wanted_at = DeliveryState.FAILED, None


def add_source(session: Session, name: str, *, next_poll_at: datetime = NOW, is_paused: bool = False) -> None:
    source = Source(
        kind=SourceKind.FEED,
        name=name,
        url=f"https://{name}.example/",
        host=f"{name}.example",
        interval_s=900,
        next_poll_at=next_poll_at,
        paused_at=NOW if is_paused else None,
        created_at=NOW,
        origin="test",
    )
    session.add_all([source, SourceHost(host=source.host)])
    session.flush()


def polled(session: Session, *, limit: int = 100, now: datetime = NOW) -> list[str]:
    taken = sources.take_due(session, now=now, lease=LEASE, hosts=limit, limit=limit)
    return [source.host.removesuffix(".example") for source in taken]
