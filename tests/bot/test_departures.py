"""Channels and people that are gone, on both engines."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from bot import delivery, departures, people, sending, subscriptions, trouble
from bot.delivery import DeliveryState, Place, Taken
from bot.people import Role
from bot.subscriptions import EVENTS, POSTS
from storage.store import Store
from tests.made import CHANNELS, NOW, delivered, person, places

CHANNEL, ADMIN = "C0GONE", CHANNELS[Place.ADMIN]


def waiting(session: Session, *targets: str) -> list[int]:
    """Two messages wait for each target; the administrators have a channel and are two."""
    places(session)
    person(session, "U0ADA", Role.ADMIN)
    person(session, "U0ABE", Role.ADMIN)
    person(session, "U0OLE")
    found = []
    for target in targets:
        to = people.by_chat_id(session, target) or target
        found += [delivery.note(session, "card", number, to=to, now=NOW).id or 0 for number in (1, 2)]
    return found


def gone(store: Store, *, reason: str = "is_archived") -> Taken:
    """What is next is taken and finds its channel gone."""
    (row,) = [row for row in store.do(sending.take, now=NOW) if row.target == CHANNEL]
    store.do(sending.record, [(departures.channel_gone, row.id, {"reason": reason, "now": NOW})])
    return row


def left(store: Store, chat_id: str, **values: Any) -> None:
    store.do(departures.left, chat_id, now=NOW, **values)


def states(store: Store, kind: str = "card") -> dict[str, tuple[DeliveryState, str | None]]:
    return {key: (row.state, row.reason) for key, row in store.ask(delivered).items() if row.kind == kind}


def told(store: Store, kind: str) -> list[str]:
    return [row.target for row in store.ask(delivered).values() if row.kind == kind]


def test_all_that_waits_for_a_channel_that_is_gone_is_given_up_and_nothing_else(store: Store):
    store.do(waiting, CHANNEL, "C0OTHER")

    gone(store)

    failed = (DeliveryState.FAILED, "is_archived")
    assert states(store) == {
        f"card:1:{CHANNEL}": failed,
        f"card:2:{CHANNEL}": failed,
        "card:1:C0OTHER": (DeliveryState.SENDING, None),
        "card:2:C0OTHER": (DeliveryState.DUE, None),
    }


def test_the_lane_to_a_channel_that_is_gone_is_free_for_what_comes_later(store: Store):
    store.do(waiting, CHANNEL)
    gone(store)

    store.do(delivery.note, "card", 3, to=CHANNEL, now=NOW)

    later = store.do(sending.take, now=NOW + timedelta(minutes=1))
    assert f"card:3:{CHANNEL}" in [row.key for row in later]


def test_whoever_subscribed_hears_of_it_and_the_command_lines_goes_to_the_administrators(store: Store):
    def subscribe(session: Session) -> None:
        ole = people.by_chat_id(session, "U0OLE")
        subscriptions.subscribe(session, POSTS, CHANNEL, now=NOW, by=ole)
        subscriptions.subscribe(session, EVENTS, CHANNEL, now=NOW)

    store.do(waiting, CHANNEL)
    store.do(subscribe)

    gone(store)

    assert sorted(told(store, trouble.PAUSED)) == [ADMIN, "U0OLE"]
    assert told(store, trouble.KIND) == []


def test_a_channel_that_nobody_subscribed_is_told_as_trouble(store: Store):
    store.do(waiting, CHANNEL)

    gone(store)

    assert told(store, trouble.KIND) == [ADMIN]


def test_someone_who_left_is_told_of_once_with_kind_and_id_of_what_was_lost(store: Store):
    store.do(waiting, "U0OLE")

    left(store, "U0OLE")
    left(store, "U0OLE")

    assert set(states(store).values()) == {(DeliveryState.FAILED, "person_gone")}
    assert told(store, trouble.LEFT) == [ADMIN]
    ole = store.ask(people.by_chat_id, "U0OLE")
    assert ole is not None
    found = store.ask(departures.lost, ole.id or 0)
    assert found is not None
    assert list(found.lost) == [("card", 2), ("card", 1)]


def test_someone_who_left_while_nothing_waited_is_told_to_nobody(store: Store):
    store.do(waiting)

    left(store, "U0OLE")

    assert list(store.ask(delivered)) == []


def test_an_administrator_who_left_is_not_told_any_more(store: Store):
    def nowhere(session: Session) -> None:
        delivery.name_places(session, {Place.ADMIN: ""})

    store.do(waiting, CHANNEL)
    store.do(nowhere)
    left(store, "U0ABE")

    gone(store)

    assert told(store, trouble.KIND) == ["U0ADA"]


def test_whoever_acts_again_has_come_back(store: Store):
    store.do(waiting)
    left(store, "U0OLE")

    store.do(person, "U0OLE")

    ole = store.ask(people.by_chat_id, "U0OLE")
    assert ole is not None
    assert not store.ask(people.has_left, ole.id)


def test_a_message_that_was_put_back_has_lost_no_try_and_no_place(store: Store):
    store.do(waiting, CHANNEL)
    (row,) = store.do(sending.take, now=NOW)
    back = {"until": NOW, "reason": "token_revoked", "now": NOW}
    store.do(sending.record, [(sending.put_back, row.id or 0, back)])

    (again,) = store.do(sending.take, now=NOW)

    assert (again.id, again.tries, again.in_doubt) == (row.id, 1, False)
