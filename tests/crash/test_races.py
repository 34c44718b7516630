"""Two who work at the same moment: nobody takes what another has in hand, no change is overlooked."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from sqlmodel import Session

from bot import authors, delivery, departures, lookups, pace, sending
from bot.delivery import DeliveryState, Rank
from bot.sending import LEASE, TRIES
from storage import lanes
from storage.pace import of_methods
from storage.pitches import Pitch
from storage.store import Store
from tests.bot import test_planning
from tests.bot.test_pitches import known
from tests.made import NOW, send_all

SOON = timedelta(seconds=30)


def noted(session: Session) -> int:
    return delivery.note(session, "card", 7, to="C1", now=NOW).id or 0


@contextmanager
def uncommitted(store: Store, deed: Callable[..., Any], *args: Any, **kwargs: Any) -> Iterator[None]:
    """Let someone do something and commit it only when the block ends."""
    done, go_on = Event(), Event()

    def held(session: Session) -> None:
        deed(session, *args, **kwargs)
        session.flush()
        done.set()
        assert go_on.wait(20)

    with ThreadPoolExecutor(1) as thread:
        doing = thread.submit(store._do, store._claimer, held)
        assert done.wait(20)
        try:
            yield
        finally:
            go_on.set()
        doing.result()


def claim(store: Store, deed: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return store._do(store._claimer, deed, *args, **kwargs)[0]


def is_sent(delivery_id: int, at: timedelta = timedelta()) -> list[Any]:
    values = {"channel_id": "C1", "ts": "1.0", "now": NOW + at, "gap": timedelta()}
    return [(sending.sent, delivery_id, values)]


def hold_only(session: Session, *, now: datetime) -> dict[str, int | None]:
    """Hold lanes as whoever takes does, without the pace, whose lock would let only one in at a time."""
    session.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
    return lanes.hold(session, lanes.Work.POST, rank=Rank.NORMAL, now=now, until=now + LEASE, limit=9)


def wait_until_locked(store: Store) -> None:
    """Return when someone waits for a lock in the store."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while not store.ask(lambda session: session.connection().exec_driver_sql(waiting).scalar()):
        pass


def test_a_message_whose_sending_is_being_noted_is_not_taken_though_its_lease_has_ended(
    postgresql_store: Store,
):
    delivery_id = postgresql_store.do(noted)
    claim(postgresql_store, sending.take, now=NOW)

    with uncommitted(postgresql_store, sending.record, is_sent(delivery_id)):
        # Its lane is locked, so that it is passed over and not waited for.
        assert claim(postgresql_store, hold_only, now=NOW + LEASE) == {}

    assert claim(postgresql_store, sending.take, now=NOW + LEASE) == []


def test_two_who_take_at_once_never_take_from_one_lane(postgresql_store: Store):
    postgresql_store.do(noted)

    with uncommitted(postgresql_store, hold_only, now=NOW):
        assert claim(postgresql_store, hold_only, now=NOW) == {}


def test_two_look_ups_that_begin_at_the_same_moment_are_both_counted(postgresql_store: Store):
    begin = {"per_minute": 50.0, "now": NOW}

    with ThreadPoolExecutor(1) as thread:
        with uncommitted(postgresql_store, lookups.begin, **begin):
            other = thread.submit(claim, postgresql_store, lookups.begin, **begin)
            wait_until_locked(postgresql_store)
        assert other.result() is None

    known = postgresql_store.do(of_methods, [lookups.METHOD])
    assert known[lookups.METHOD].tokens == pace.BURST - 2


def test_two_who_say_something_in_a_new_channel_at_the_same_moment_are_both_heard(postgresql_store: Store):
    with ThreadPoolExecutor(1) as thread:
        with uncommitted(postgresql_store, delivery.note, "card", 7, to="C1", now=NOW):
            other = thread.submit(claim, postgresql_store, delivery.note, "card", 8, to="C1", now=NOW)
            wait_until_locked(postgresql_store)
        other.result()

    assert [row.subject_id for row in postgresql_store.do(send_all, NOW)] == [7, 8]


def test_a_message_withdrawn_while_it_keeps_its_place_is_not_sent(store: Store):
    delivery_id = store.do(noted)
    store.do(sending.take, now=NOW)
    store.do(sending.slowed, delivery_id, now=NOW, retry_after=SOON, reason="ratelimited")
    store.do(delivery.cancel, "card", 7, reason="withdrawn")

    assert store.do(sending.take, now=NOW + SOON) == []


def test_a_message_withdrawn_in_the_moment_it_is_taken_is_not_sent(postgresql_store: Store):
    postgresql_store.do(noted)

    with ThreadPoolExecutor(1) as thread:
        with uncommitted(postgresql_store, delivery.cancel, "card", 7, reason="withdrawn"):
            taking = thread.submit(claim, postgresql_store, sending.take, now=NOW)
            wait_until_locked(postgresql_store)
        assert taking.result() == []

    assert postgresql_store.ask(delivery.listed, state=DeliveryState.CANCELLED, limit=9)
    assert postgresql_store.do(sending.next_at, now=NOW) is None


def test_a_change_that_is_committed_while_an_edit_is_noted_is_shown_later(postgresql_store: Store):
    delivery_id = postgresql_store.do(noted)
    postgresql_store.do(send_all, NOW)
    postgresql_store.do(delivery.changed, "card", 7, now=NOW)
    claim(postgresql_store, sending.take, now=NOW)
    values = {"asked_at": NOW, "reason": None, "now": NOW}

    with ThreadPoolExecutor(1) as thread:
        with uncommitted(postgresql_store, delivery.changed, "card", 7, now=NOW + SOON):
            recording = thread.submit(
                claim, postgresql_store, sending.record, [(sending.edited, delivery_id, values)]
            )
            wait_until_locked(postgresql_store)
        recording.result()

    assert [one.id for one in claim(postgresql_store, sending.take, now=NOW + LEASE)] == [delivery_id]


def test_who_comes_back_after_its_lease_changes_nothing_for_the_one_who_took_over(store: Store):
    delivery_id = store.do(noted)
    (former,) = store.do(sending.take, now=NOW)
    store.do(sending.take, now=NOW + LEASE)
    values = {
        "reason": "TimeoutError",
        "delay": timedelta(seconds=1),
        "now": NOW + LEASE,
        TRIES: former.tries,
    }

    store.do(sending.record, [(sending.unclear, delivery_id, values)])

    assert store.do(sending.take, now=NOW + LEASE + SOON) == []


def test_who_comes_back_after_its_lease_and_did_send_it_is_believed(store: Store):
    delivery_id = store.do(noted)
    store.do(sending.take, now=NOW)
    store.do(sending.take, now=NOW + LEASE)

    store.do(sending.record, is_sent(delivery_id, LEASE))

    assert store.do(sending.take, now=NOW + 9 * LEASE) == []


def test_a_message_in_doubt_keeps_its_place_before_an_urgent_one(store: Store):
    delivery_id = store.do(noted)
    store.do(sending.take, now=NOW)
    store.do(sending.unclear, delivery_id, now=NOW, delay=SOON, reason="TimeoutError")
    store.do(delivery.note, "answer", 1, to="C1", now=NOW, rank=Rank.URGENT)

    assert [one.id for one in store.do(sending.take, now=NOW + SOON)] == [delivery_id]


def planned(session: Session) -> int:
    """Someone is asked to write a story, and the message of it is on its way."""
    pitch_id = test_planning.fill(session)
    test_planning.plan(session, pitch_id, author="OLE")
    send_all(session, NOW)
    return pitch_id


def give_to(session: Session, pitch_id: int, author: str) -> None:
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    pitch.author_id = known(session, author).id


def test_whoever_is_to_write_a_story_instead_of_someone_who_leaves_at_that_moment_stays_its_author(
    postgresql_store: Store,
):
    pitch_id = postgresql_store.do(planned)
    (asked,) = test_planning.rows(postgresql_store, authors.ASKED)

    with ThreadPoolExecutor(1) as thread:
        with uncommitted(postgresql_store, give_to, pitch_id, "BEN"):
            leaving = thread.submit(claim, postgresql_store, departures.person_gone, asked.id, now=NOW)
            wait_until_locked(postgresql_store)
        leaving.result()

    author = test_planning.card(postgresql_store, pitch_id).author
    assert author is not None
    assert author.chat_id == "BEN"
    assert not test_planning.rows(postgresql_store, authors.LEFT)
