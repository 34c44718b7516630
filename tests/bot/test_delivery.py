from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from bot import delivery, pace, retries, sending
from bot.delivery import AlreadyDoneError, Delivery, DeliveryState, Place, Rank
from bot.sending import LEASE, LET_BY, MAX_TRIES, PATIENCE
from storage.delivery import Inbound
from storage.people import Role
from storage.store import Store
from tests.made import CHANNELS, NOW, delivered, person, places, send_all

SOON = timedelta(seconds=30)


def noted(session: Session, target: str = "C1", key: str | None = None) -> int:
    row = delivery.note(session, "card", 7, to=target, now=NOW, key=key)
    assert row.id is not None
    return row.id


def row(store: Store, delivery_id: int) -> Delivery:
    found = store.ask(lambda session: session.get(Delivery, delivery_id))
    assert found is not None
    return found


def sent(store: Store, target: str = "C1") -> int:
    """A message that stands in its channel."""
    delivery_id = store.do(noted, target)
    store.do(send_all, NOW)
    return delivery_id


# What comes in


def test_what_comes_in_twice_acts_once(store: Store):
    done = []

    def deed(session: Session, word: str) -> str:
        done.append(word)
        noted(session)
        return word

    assert store.do(delivery.once, "Ev1", NOW, deed, "said") == "said"
    with pytest.raises(AlreadyDoneError):
        store.do(delivery.once, "Ev1", NOW, deed, "again")
    store.do(delivery.once, "Ev2", NOW, deed, "other")

    assert done == ["said", "other"]


def test_a_deed_that_failed_leaves_no_id_so_that_it_can_be_tried_again(store: Store):
    def fails(session: Session) -> None:
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.do(delivery.once, "Ev1", NOW, fails)

    assert store.ask(lambda session: session.exec(select(Inbound)).all()) == []
    store.do(delivery.once, "Ev1", NOW, noted)


def test_what_comes_in_twice_at_the_same_moment_acts_once(store: Store):
    together = Barrier(2, timeout=20)

    def act(_: int) -> bool:
        together.wait()
        try:
            store.do(delivery.once, "Ev1", NOW, lambda session: person(session, "U1", Role.COMMS))
        except AlreadyDoneError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(act, range(2))) == [False, True]


# What goes out


def test_a_message_is_noted_once_for_each_thing_and_target(store: Store):
    first = store.do(noted)

    assert store.do(noted) == first
    assert store.do(noted, "C2") != first
    assert store.do(noted, "C1", "card:7:C1:reminder") != first
    assert list(store.ask(delivered)) == ["card:7:C1", "card:7:C2", "card:7:C1:reminder"]


def test_a_message_noted_twice_at_the_same_moment_is_one(store: Store):
    together = Barrier(2, timeout=20)

    def note(_: int) -> int:
        together.wait()
        return store.do(noted)

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(note, range(2)))) == 1


def test_a_message_goes_to_a_person_a_place_or_a_channel(sqlite_store: Store):
    def note(session: Session) -> list[str]:
        places(session)
        to = (person(session, "U1"), Place.COMMS, "C9")
        return [delivery.note(session, "card", 1, to=one, now=NOW).target for one in to]

    assert sqlite_store.do(note) == ["U1", "C0COMMS", "C9"]
    people = [found.person_id for found in sqlite_store.ask(delivered).values()]
    assert people == [1, None, None]


def test_who_sends_is_woken_by_a_note_and_not_by_one_that_was_there(sqlite_store: Store):
    def topics(session: Session) -> set[str]:
        noted(session)
        return set(session.info.get("topics", ()))

    assert sqlite_store.do(topics) == {"deliveries"}
    assert sqlite_store.do(topics) == set()


def test_a_message_that_was_sent_is_not_taken_again(store: Store):
    delivery_id = sent(store)

    assert store.do(sending.take, now=NOW + 2 * LEASE) == []
    found = row(store, delivery_id)
    assert (found.state, found.channel_id, found.ts, found.sent_at) == (DeliveryState.SENT, "C1", "1.0", NOW)


def test_a_lease_taken_over_is_in_doubt_until_the_message_is_found_or_sent(store: Store):
    delivery_id = store.do(noted)
    store.do(sending.take, now=NOW)

    assert store.do(sending.take, now=NOW + LEASE - SOON) == []
    (taken,) = store.do(sending.take, now=NOW + LEASE)
    assert taken.in_doubt

    store.do(sending.sent, delivery_id, channel_id="C1", ts="1.0", now=NOW + LEASE)
    assert not row(store, delivery_id).in_doubt


# What is changed


def test_a_message_in_its_channel_is_edited_when_its_subject_changes(store: Store):
    delivery_id = sent(store)

    store.do(delivery.changed, "card", 7, now=NOW + SOON)

    (taken,) = store.do(sending.take, now=NOW + SOON)
    assert (taken.id, taken.state, taken.edit_due_at) == (delivery_id, DeliveryState.SENT, NOW + SOON)
    # It is held like one that is sent.
    assert store.do(sending.take, now=NOW + 2 * SOON) == []
    store.do(sending.edited, delivery_id, asked_at=taken.edit_due_at, reason=None, now=NOW)
    assert store.do(sending.take, now=NOW + 9 * LEASE) == []


def test_a_message_changed_while_it_is_sent_is_edited_afterwards(store: Store):
    delivery_id = store.do(noted)
    store.do(sending.take, now=NOW)
    store.do(delivery.changed, "card", 7, now=NOW)
    store.do(sending.sent, delivery_id, channel_id="C1", ts="1.0", now=NOW)

    (taken,) = store.do(sending.take, now=NOW)

    assert (taken.id, taken.state) == (delivery_id, DeliveryState.SENT)


def test_a_message_changed_while_it_is_edited_is_edited_once_more(store: Store):
    delivery_id = sent(store)
    store.do(delivery.changed, "card", 7, now=NOW)
    (taken,) = store.do(sending.take, now=NOW)
    store.do(delivery.changed, "card", 7, now=NOW + SOON)
    store.do(sending.edited, delivery_id, asked_at=taken.edit_due_at, reason=None, now=NOW)

    assert [one.id for one in store.do(sending.take, now=NOW + SOON)] == [delivery_id]


def test_a_message_changed_before_it_is_sent_is_only_sent(store: Store):
    store.do(noted)
    store.do(delivery.changed, "card", 7, now=NOW)

    # Taken once, as one that is not out yet.
    assert [taken.state for taken in store.do(send_all, NOW + SOON)] == [DeliveryState.SENDING]


def test_a_message_in_doubt_that_is_changed_meanwhile_is_edited_once_it_is_found(store: Store):
    delivery_id = store.do(noted)
    store.do(sending.take, now=NOW)
    store.do(sending.unclear, delivery_id, now=NOW, delay=SOON, reason="TimeoutError")
    store.do(delivery.changed, "card", 7, now=NOW)
    (taken,) = store.do(sending.take, now=NOW + SOON)
    assert taken.in_doubt
    # It was found in the channel, with the words of before.
    store.do(sending.sent, delivery_id, channel_id="C1", ts="1.0", now=NOW + SOON)

    assert [one.id for one in store.do(sending.take, now=NOW + SOON)] == [delivery_id]


def test_only_the_messages_of_one_person_are_changed_when_it_is_about_them(store: Store):
    def to_both(session: Session) -> None:
        for name in ("U1", "U2"):
            delivery.note(session, "card", 7, to=person(session, name), now=NOW)
        send_all(session, NOW)
        delivery.changed(session, "card", 7, now=NOW, person_id=2)

    store.do(to_both)

    assert [one.target for one in store.do(sending.take, now=NOW)] == ["U2"]


def test_a_message_that_cannot_be_edited_any_more_keeps_the_reason_and_stays_sent(store: Store):
    delivery_id = sent(store)
    store.do(delivery.changed, "card", 7, now=NOW)
    (taken,) = store.do(sending.take, now=NOW)
    store.do(sending.edited, delivery_id, asked_at=taken.edit_due_at, reason="message_not_found", now=NOW)

    assert store.do(sending.take, now=NOW + LEASE) == []
    found = row(store, delivery_id)
    assert (found.state, found.reason) == (DeliveryState.SENT, "message_not_found")


# What does not go out


def test_a_withdrawn_message_does_not_leave_and_one_that_left_stays(store: Store):
    store.do(noted, "C1")
    store.do(send_all, NOW)
    store.do(noted, "C2")
    store.do(delivery.cancel, "card", 7, reason="deleted")

    assert store.do(sending.take, now=NOW) == []
    assert [found.state for found in store.ask(delivered).values()] == [
        DeliveryState.SENT,
        DeliveryState.CANCELLED,
    ]


def test_a_message_that_is_no_longer_true_is_dropped_when_it_is_taken(store: Store):
    delivery_id = store.do(noted)
    store.do(sending.take, now=NOW)
    store.do(sending.drop, delivery_id, reason="no_longer_true", now=NOW)

    assert store.do(sending.take, now=NOW + LEASE) == []
    assert row(store, delivery_id).state is DeliveryState.CANCELLED


def test_a_message_given_up_keeps_its_reason_until_someone_tries_it_again(store: Store):
    delivery_id = store.do(noted)
    store.do(sending.take, now=NOW)
    store.do(sending.failed, delivery_id, reason="is_archived", now=NOW)

    assert store.do(sending.take, now=NOW + LEASE) == []
    assert (row(store, delivery_id).state, row(store, delivery_id).reason) == (
        DeliveryState.FAILED,
        "is_archived",
    )

    assert len(store.do(retries.retry, now=NOW + LEASE)) == 1
    assert len(store.do(retries.retry, now=NOW + LEASE)) == 0
    assert [one.id for one in store.do(sending.take, now=NOW + LEASE)] == [delivery_id]


def test_a_message_that_goes_wrong_by_itself_is_given_up_after_the_last_try(store: Store):
    delivery_id, now = store.do(noted), NOW
    for attempt in range(1, MAX_TRIES + 1):
        (taken,) = store.do(sending.take, now=now)
        assert taken.tries == attempt
        store.do(sending.unclear, delivery_id, now=now, delay=SOON, reason="bug", is_ours=True)
        assert store.do(sending.take, now=now + SOON - timedelta(seconds=1)) == []
        now += SOON

    found = row(store, delivery_id)
    assert (found.state, found.reason) == (DeliveryState.FAILED, "bug")


def test_being_too_fast_is_never_a_reason_to_give_up(store: Store):
    delivery_id, now = store.do(noted), NOW
    for _ in range(3 * MAX_TRIES):
        assert store.do(sending.take, now=now)
        store.do(sending.slowed, delivery_id, now=now, retry_after=SOON, reason="ratelimited")
        now += SOON

    assert (row(store, delivery_id).state, row(store, delivery_id).tries) == (DeliveryState.DUE, 0)


def test_a_morning_without_slack_loses_nothing(store: Store):
    delivery_id, now = store.do(noted), NOW
    while now < NOW + PATIENCE:
        (taken,) = store.do(sending.take, now=now)
        assert taken.in_doubt == (now != NOW)
        store.do(sending.unclear, delivery_id, now=now, delay=10 * SOON, reason="TimeoutError")
        assert row(store, delivery_id).state is DeliveryState.DUE
        now += 10 * SOON

    store.do(sending.take, now=now)
    store.do(sending.unclear, delivery_id, now=now, delay=SOON, reason="TimeoutError")

    assert row(store, delivery_id).state is DeliveryState.FAILED
    store.do(retries.retry, now=now)
    assert [one.in_doubt for one in store.do(sending.take, now=now)] == [True]


def test_others_pass_a_message_only_after_a_few_tries(store: Store):
    stuck, now = store.do(noted), NOW
    behind = store.do(noted, "C1", "behind")
    for _ in range(LET_BY):
        assert [one.id for one in store.do(sending.take, now=now)] == [stuck]
        store.do(sending.unclear, stuck, now=now, delay=SOON, reason="fatal_error")
        now += SOON

    now -= SOON
    assert [one.id for one in store.do(sending.take, now=now)] == [behind]


# What goes first


def test_the_messages_of_one_target_leave_one_after_the_other_a_second_apart(store: Store):
    first, second = store.do(noted), store.do(noted, "C1", "second")
    assert [one.id for one in store.do(sending.take, now=NOW)] == [first]
    assert store.do(sending.take, now=NOW) == []
    store.do(sending.sent, first, channel_id="C1", ts="1.0", now=NOW + SOON, began_at=NOW + SOON)

    assert store.do(sending.take, now=NOW + SOON) == []
    assert [one.id for one in store.do(sending.take, now=NOW + SOON + timedelta(seconds=1))] == [second]


def test_what_is_urgent_goes_before_all_that_waits(store: Store):
    def crowd(session: Session) -> None:
        for number in range(50):
            delivery.note(session, "digest", number, to=f"U{number}", now=NOW, rank=Rank.BULK)
            delivery.note(session, "digest", 100 + number, to="U7", now=NOW, rank=Rank.BULK)

    store.do(crowd)
    later = NOW + timedelta(seconds=1)
    store.do(delivery.note, "answer", 1, to="U7", now=later, rank=Rank.URGENT)

    assert store.do(sending.take, now=later, slots=3)[0].kind == "answer"


def test_a_channel_with_many_messages_keeps_no_other_waiting(store: Store):
    def crowd(session: Session) -> None:
        for number in range(300):
            delivery.note(session, "card", number, to="C1", now=NOW)
        delivery.note(session, "card", 1, to="C2", now=NOW + SOON)

    store.do(crowd)

    assert {one.target for one in store.do(sending.take, now=NOW + SOON)} == {"C1", "C2"}


def test_an_edit_that_is_refused_again_and_again_is_given_up_but_its_message_stays(store: Store):
    delivery_id, now = sent(store), NOW
    store.do(delivery.changed, "card", 7, now=NOW)
    for _ in range(MAX_TRIES):
        (_taken,) = store.do(sending.take, now=now)
        store.do(sending.unclear, delivery_id, now=now, delay=SOON, reason="internal_error")
        now += SOON

    assert store.do(sending.take, now=now + LEASE) == []
    assert (row(store, delivery_id).state, row(store, delivery_id).reason) == (
        DeliveryState.SENT,
        "internal_error",
    )


def test_a_message_to_a_place_without_a_channel_waits_until_one_is_named(store: Store):
    def note(session: Session) -> None:
        for place in Place:
            delivery.note(session, "card", 1, to=place, now=NOW)

    store.do(note)
    assert {found.reason for found in store.ask(delivered).values()} == {
        *("no_channel_set:comms", "no_channel_set:review", "no_channel_set:admin")
    }
    assert store.do(sending.take, now=NOW) == []
    assert len(store.do(retries.retry, now=NOW)) == 0

    store.do(delivery.name_places, {Place.COMMS: CHANNELS[Place.COMMS]})
    assert len(store.do(retries.retry, now=NOW)) == 1

    assert [one.target for one in store.do(sending.take, now=NOW)] == ["C0COMMS"]


def test_a_place_that_moves_is_where_the_next_message_goes(sqlite_store: Store):
    for channel in ("C1", "C2"):
        sqlite_store.do(delivery.name_places, {Place.COMMS: channel})

    assert sqlite_store.do(delivery.note, "card", 1, to=Place.COMMS, now=NOW).target == "C2"


def test_a_message_for_a_place_is_tried_again_in_the_channel_that_serves_it_now(sqlite_store: Store):
    sqlite_store.do(delivery.name_places, {Place.COMMS: "C0WRONG"})
    row = sqlite_store.do(delivery.note, "card", 1, to=Place.COMMS, now=NOW)
    sqlite_store.do(sending.failed, row.id or 0, reason="channel_not_found", now=NOW)

    sqlite_store.do(delivery.name_places, {Place.COMMS: "C0RIGHT"})
    assert len(sqlite_store.do(retries.retry, now=NOW)) == 1

    assert [taken.target for taken in sqlite_store.do(sending.take, now=NOW)] == ["C0RIGHT"]


def test_processes_whose_clocks_differ_do_not_send_faster(store: Store):
    def crowd(session: Session) -> None:
        for number in range(200):
            delivery.note(session, "card", number, to=f"C{number}", now=NOW)

    store.do(crowd)
    clocks = [NOW, NOW + timedelta(seconds=5)] * 5
    taken = [
        len(store.do(sending.take, now=clock, start={pace.POST: 60.0, pace.EDIT: 60.0})) for clock in clocks
    ]

    # Ten at once and one a second, of which five have passed on the faster clock.
    assert sum(taken) == 15
