from datetime import timedelta

import pytest
from sqlmodel import Session

from bot import delivery, events, posts, sending, subscriptions
from bot.delivery import Delivery, DeliveryState, Rank, Taken
from bot.sending import LEASE, MOST_CARDS, MOST_FOLDED, OVERVIEW
from bot.subscriptions import POSTS
from storage.store import Store
from tests.bot.test_posts import entry, read
from tests.bot.test_posts import source as feed
from tests.made import NOW, delivered, person

KINDS = (posts.CARD, events.CARD)
DOWNTIME = timedelta(hours=6)
LATER = NOW + DOWNTIME
MANY = 40


def subscribed(session: Session, *targets: str) -> None:
    feed(session)
    for target in targets:
        subscriptions.subscribe(session, POSTS, target, now=NOW)


def published(session: Session, first: int, last: int) -> int:
    """A feed shows posts of its own number from `first` to `last`."""
    return read(session, *(entry(number) for number in range(last, first - 1, -1)))


def take(store: Store, at: timedelta = DOWNTIME) -> list[Taken]:
    return store.do(sending.take, now=NOW + at, fold=KINDS)


def send(store: Store, row: Taken, at: timedelta = DOWNTIME) -> None:
    ts = f"{row.id}.0"
    store.do(sending.sent, row.id, channel_id="C1", ts=ts, now=NOW + at, gap=timedelta())


def cards(store: Store) -> list[Delivery]:
    return [row for row in store.ask(delivered).values() if row.kind == posts.CARD]


@pytest.fixture
def hearing(store: Store) -> Store:
    """C1 hears of what a feed brings."""
    store.do(subscribed, "C1")
    return store


@pytest.fixture
def waiting(hearing: Store) -> Store:
    """Forty posts wait for C1."""
    hearing.do(published, 1, MANY)
    return hearing


def test_forty_posts_after_hours_of_downtime_are_one_message(waiting: Store):
    (overview,) = take(waiting)
    send(waiting, overview)

    assert overview.kind == OVERVIEW
    assert take(waiting, DOWNTIME + timedelta(hours=1)) == []


def test_what_was_folded_is_cancelled_with_the_overviews_id(waiting: Store):
    (overview,) = take(waiting)

    assert {(row.state, row.reason, row.overview_id) for row in cards(waiting)} == {
        (DeliveryState.CANCELLED, "folded", overview.id)
    }


def test_an_overview_stands_for_each_of_its_posts_once_in_their_order(waiting: Store):
    waiting.do(published, 1, MANY)
    (overview,) = take(waiting)

    stands_for = waiting.ask(delivery.folded, overview.id or 0)
    assert [row.subject_id for row in stands_for] == list(range(1, MANY + 1))


def test_as_many_as_are_no_flood_are_told_one_by_one(hearing: Store):
    hearing.do(published, 1, MOST_CARDS)

    (first,) = take(hearing)

    assert first.kind == posts.CARD


def test_posts_and_events_are_folded_together(hearing: Store):
    hearing.do(published, 1, MOST_CARDS)
    hearing.do(delivery.note, events.CARD, 1, to="C1", now=NOW, rank=Rank.BULK)

    (overview,) = take(hearing)

    kinds = [row.kind for row in hearing.ask(delivery.folded, overview.id or 0)]
    assert kinds == [posts.CARD] * MOST_CARDS + [events.CARD]


def test_each_channel_gets_its_own_overview(store: Store):
    store.do(subscribed, "C1", "C2")
    store.do(published, 1, MANY)

    assert [(row.kind, row.target) for row in take(store)] == [(OVERVIEW, "C1"), (OVERVIEW, "C2")]


def test_more_than_an_overview_may_name_comes_in_the_next_one(hearing: Store):
    hearing.do(published, 1, MOST_FOLDED + MOST_CARDS + 1)

    sizes = []
    for _ in range(2):
        (overview,) = take(hearing)
        sizes.append(len(hearing.ask(delivery.folded, overview.id or 0)))
        send(hearing, overview)

    assert sizes == [MOST_FOLDED, MOST_CARDS + 1]


def test_other_messages_are_never_folded(hearing: Store):
    def note(session: Session) -> None:
        for number in range(MANY):
            delivery.note(session, "pitch_card", number, to="C1", now=NOW)

    hearing.do(note)

    assert [row.kind for row in take(hearing)] == ["pitch_card"]


def test_what_is_urgent_goes_before_the_overview(waiting: Store):
    waiting.do(delivery.note, "pitch_card", 1, to="C1", now=LATER, rank=Rank.URGENT)

    (first,) = take(waiting)
    send(waiting, first)
    (second,) = take(waiting)

    assert [first.kind, second.kind] == ["pitch_card", OVERVIEW]


# What changes


def test_a_subject_that_changes_afterwards_edits_the_overview(waiting: Store):
    (overview,) = take(waiting)
    send(waiting, overview)

    waiting.do(read, entry(7, title="Jetzt anders"), now=LATER)

    (edit,) = take(waiting)
    assert (edit.id, edit.state) == (overview.id, DeliveryState.SENT)
    assert edit.edit_due_at == LATER


def test_a_subject_that_changes_while_the_overview_is_on_its_way_edits_it_when_it_is_there(waiting: Store):
    (overview,) = take(waiting)

    waiting.do(read, entry(7, title="Jetzt anders"), now=LATER)
    send(waiting, overview)

    (edit,) = take(waiting)
    assert edit.id == overview.id


def test_two_subjects_that_change_are_one_edit(waiting: Store):
    (overview,) = take(waiting)
    send(waiting, overview)

    waiting.do(read, entry(7, title="Jetzt anders"), entry(8, title="Auch anders"), now=LATER)

    (edit,) = take(waiting)
    waiting.do(sending.edited, edit.id or 0, asked_at=edit.edit_due_at, reason=None, now=LATER)
    assert take(waiting) == []


def test_a_message_that_is_cancelled_before_folding_is_not_in_the_overview(waiting: Store):
    waiting.do(delivery.cancel, posts.CARD, 7, reason="withdrawn")

    (overview,) = take(waiting)

    stands_for = [row.subject_id for row in waiting.ask(delivery.folded, overview.id or 0)]
    assert 7 not in stands_for
    assert len(stands_for) == MANY - 1


def test_a_folded_message_stays_folded_when_its_subject_is_withdrawn(waiting: Store):
    (overview,) = take(waiting)

    waiting.do(delivery.cancel, posts.CARD, 7, reason="withdrawn")

    assert len(waiting.ask(delivery.folded, overview.id or 0)) == MANY


# What comes in between


def test_a_post_that_comes_while_the_overview_is_on_its_way_is_told_after_it(waiting: Store):
    (overview,) = take(waiting)
    waiting.do(published, MANY + 1, MANY + 1)

    assert take(waiting) == []
    send(waiting, overview)

    (card,) = take(waiting)
    assert (card.kind, card.subject_id) == (posts.CARD, MANY + 1)


def test_a_message_that_was_tried_before_the_flood_is_looked_for_and_not_folded(hearing: Store):
    hearing.do(published, 1, 1)
    (tried,) = take(hearing, timedelta())
    hearing.do(published, 2, MANY)

    (first,) = take(hearing, LEASE)
    assert (first.id, first.in_doubt) == (tried.id, True)
    send(hearing, first, LEASE)

    (overview,) = take(hearing, 2 * LEASE)
    assert len(hearing.ask(delivery.folded, overview.id or 0)) == MANY - 1


def test_after_a_crash_between_folding_and_sending_the_same_overview_is_in_doubt(waiting: Store):
    (overview,) = take(waiting)

    assert take(waiting, DOWNTIME + LEASE / 2) == []
    (again,) = take(waiting, DOWNTIME + LEASE)

    assert (again.id, again.in_doubt) == (overview.id, True)
    assert len(waiting.ask(delivery.folded, overview.id or 0)) == MANY


def test_two_processes_make_one_overview(waiting: Store):
    assert [len(take(waiting)), len(take(waiting))] == [1, 0]

    rows = waiting.ask(delivered).values()
    assert sum(row.kind == OVERVIEW for row in rows) == 1


def test_a_persons_overview_is_theirs(store: Store):
    def note(session: Session) -> int | None:
        reader = person(session, "U1")
        for number in range(MANY):
            delivery.note(session, posts.CARD, number, to=reader, now=NOW, rank=Rank.BULK)
        return reader.id

    reader_id = store.do(note)

    (overview,) = take(store)
    assert (overview.target, overview.person_id) == ("U1", reader_id)


def test_a_first_subscription_posts_no_backlog(store: Store):
    def read_first_then_subscribe(session: Session) -> None:
        feed(session)
        published(session, 1, MANY)
        subscriptions.subscribe(session, POSTS, "C1", now=NOW)
        published(session, 1, MANY)

    store.do(read_first_then_subscribe)

    assert take(store) == []
