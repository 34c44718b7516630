"""News on its way: told at once, later, or together, and in each place once."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot import announcing, delivery, posts, sending, subscriptions
from bot.delivery import DeliveryState
from bot.matching import News
from bot.people import Person
from bot.subscriptions import EVENTS, POSTS, Choice, Facet, Layout, NewsKind, Part, Rhythm, Term
from bot.workdays import Workdays
from storage import departures
from storage import subscriptions as stored
from storage.store import Store
from tests.made import NOW, delivered, person, send_all

MUNICH = Workdays("DE-BY:public,catholic", ZoneInfo("Europe/Berlin"))
KI, IT = Term(Facet.TOPIC, "ki"), Term(Facet.TOPIC, "it")
NINE = time(9)
# Thursday, nine o'clock in the city.
TOMORROW_AT_NINE = datetime(2026, 11, 19, 8, tzinfo=UTC)


@pytest.fixture
def ann(store: Store) -> Person:
    return store.do(person, "U0ANN")


def subscribe(store: Store, ann: Person, target: str, *terms: tuple[Part, Term], **values: object) -> int:
    choice = Choice(POSTS, frozenset(terms), **values)  # type: ignore[arg-type]
    kept = store.do(subscriptions.save, choice, target=target, by=ann, workdays=MUNICH, now=NOW)
    return kept.id or 0


def post(*terms: Term, kind: NewsKind = NewsKind.POST) -> News:
    return News(kind, frozenset(terms))


def tell(store: Store, news: Sequence[News], *, first: int = 1, now: datetime = NOW) -> int:
    return store.do(announcing.tell, posts.CARD, list(enumerate(news, start=first)), now=now)


def tick(store: Store, now: datetime) -> None:
    store.do(announcing.tell_due, workdays=MUNICH, now=now)


def waiting(store: Store) -> dict[str, str | None]:
    """What is on its way or was said, by key, with how it looks."""
    rows = store.ask(delivered).values()
    return {row.key: row.layout for row in rows if row.state is not DeliveryState.CANCELLED}


def test_each_channel_and_person_hears_what_fits_and_nothing_else(store: Store, ann: Person):
    subscribe(store, ann, "C1")
    subscribe(store, ann, "C2", (Part.ANY, KI))
    subscribe(store, ann, "C3", (Part.EXCEPT, KI))
    subscribe(store, ann, "U0ANN", (Part.ALL, KI), (Part.ALL, IT))

    tell(store, [post(KI), post(KI, IT), post(), post(kind=NewsKind.EVENT)])

    assert list(waiting(store)) == [
        *("post_card:1:C1", "post_card:1:C2"),
        *("post_card:2:C1", "post_card:2:C2", "post_card:2:U0ANN"),
        *("post_card:3:C1", "post_card:3:C3"),
    ]
    rows = store.ask(delivered)
    assert rows["post_card:2:U0ANN"].person_id == ann.id


def test_what_fits_twice_in_one_place_is_told_once_and_as_a_card(store: Store, ann: Person):
    subscribe(store, ann, "C1", layout=Layout.LINE)
    subscribe(store, ann, "C1", (Part.ANY, KI))

    tell(store, [post(KI), post()])
    tell(store, [post(KI), post()])

    assert waiting(store) == {"post_card:1:C1": None, "post_card:2:C1": "line"}


def test_who_paused_hears_nothing_and_what_came_meanwhile_is_not_told_later(store: Store, ann: Person):
    kept = subscribe(store, ann, "C1")
    store.do(subscriptions.pause, kept, by=ann, now=NOW)
    tell(store, [post()])
    store.do(subscriptions.resume, kept, by=ann, workdays=MUNICH, now=NOW)
    tick(store, NOW)
    tell(store, [post()], first=2)

    assert list(waiting(store)) == ["post_card:2:C1"]


def test_what_waited_when_its_channel_was_gone_is_not_told_when_it_is_back(store: Store, ann: Person):
    kept = subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)
    tell(store, [post()])
    store.do(departures.pause, "C1", "is_archived", now=NOW)
    store.do(subscriptions.resume, kept, by=ann, workdays=MUNICH, now=NOW + timedelta(days=30))

    tick(store, NOW + timedelta(days=31))

    assert waiting(store) == {}


def test_an_overview_that_is_moved_tells_its_new_place_nothing_twice_and_nothing_from_before(
    store: Store, ann: Person
):
    kept = subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)
    subscribe(store, ann, "C2")
    tell(store, [post()])
    moved = Choice(POSTS, rhythm=Rhythm.DAILY, at=NINE)
    store.do(subscriptions.save, moved, target="C2", by=ann, workdays=MUNICH, now=NOW, subscription_id=kept)
    tell(store, [post()], first=2)

    tick(store, TOMORROW_AT_NINE)

    assert list(waiting(store)) == ["post_card:1:C2", "post_card:2:C2"]


def test_what_waits_is_not_told_when_it_is_not_wanted_any_more(store: Store, ann: Person):
    kept = subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)
    tell(store, [post(IT)])
    other = Choice(POSTS, frozenset({(Part.EXCEPT, IT)}), rhythm=Rhythm.DAILY, at=NINE)
    store.do(subscriptions.save, other, target="C1", by=ann, workdays=MUNICH, now=NOW, subscription_id=kept)

    tick(store, TOMORROW_AT_NINE)

    assert waiting(store) == {}


def test_much_news_of_a_day_stays_in_its_thread(store: Store, ann: Person):
    subscribe(store, ann, "C1", layout=Layout.THREAD)
    tell(store, [post()] * 7)
    tick(store, NOW)
    store.do(send_all, NOW)
    tick(store, NOW)

    (taken,) = store.do(sending.take, now=NOW, fold=(posts.CARD,))
    assert (taken.kind, taken.thread_ts) == (posts.CARD, "1.0")


def test_what_comes_just_before_midnight_stands_in_the_thread_of_its_day(store: Store, ann: Person):
    subscribe(store, ann, "C1", layout=Layout.THREAD)
    before, after = NOW + timedelta(hours=12, minutes=59), NOW + timedelta(hours=13, seconds=5)
    tell(store, [post()], now=before)

    for now in (before, after):
        tick(store, now)
        store.do(send_all, now)

    assert list(waiting(store)) == ["news_thread:C1:2026-11-18", "post_card:1:C1"]


def test_a_thread_of_nothing_new_is_not_begun(store: Store, ann: Person):
    subscribe(store, ann, "C1", layout=Layout.THREAD)
    subscribe(store, ann, "C1", (Part.ANY, KI))
    tell(store, [post(KI)])

    tick(store, NOW)

    assert list(waiting(store)) == ["post_card:1:C1"]


def test_an_overview_tells_of_all_that_waits(store: Store, ann: Person):
    subscribe(store, ann, "C1", rhythm=Rhythm.WEEKLY, weekday=3, at=NINE)
    tell(store, [post()] * 250)

    tick(store, TOMORROW_AT_NINE)

    (overview,) = [row for row in store.ask(delivered).values() if row.kind == announcing.OVERVIEW]
    assert len(store.ask(delivery.folded, overview.id or 0)) == 250


def test_a_new_subscription_hears_of_nothing_from_before(store: Store, ann: Person):
    tell(store, [post()])
    subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)

    tick(store, TOMORROW_AT_NINE)

    assert waiting(store) == {}


def test_a_daily_overview_tells_all_of_a_day_at_once_and_is_skipped_when_empty(store: Store, ann: Person):
    subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)
    tell(store, [post(), post(kind=NewsKind.VIDEO)])
    tick(store, TOMORROW_AT_NINE - timedelta(seconds=1))
    assert waiting(store) == {}

    for _ in range(2):
        tick(store, TOMORROW_AT_NINE)
    assert list(waiting(store)) == [f"news_overview:1:{TOMORROW_AT_NINE.isoformat()}"]
    (overview,) = [row for row in store.ask(delivered).values() if row.kind == announcing.OVERVIEW]
    assert [row.subject_id for row in store.ask(delivery.folded, overview.id or 0)] == [1, 2]

    tick(store, TOMORROW_AT_NINE + timedelta(days=1))
    assert len(waiting(store)) == 1


def test_a_post_that_changes_is_brought_up_to_date_in_its_overview(store: Store, ann: Person):
    subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)
    tell(store, [post()])
    tick(store, TOMORROW_AT_NINE)
    store.do(send_all, TOMORROW_AT_NINE)

    store.do(delivery.changed, posts.CARD, 1, now=TOMORROW_AT_NINE)

    assert [row.kind for row in store.do(send_all, TOMORROW_AT_NINE)] == [announcing.OVERVIEW]


def test_an_overview_leaves_out_what_its_channel_was_told_already(store: Store, ann: Person):
    subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)
    subscribe(store, ann, "C1", (Part.ANY, KI))
    subscribe(store, ann, "C1", (Part.ANY, IT), rhythm=Rhythm.DAILY, at=NINE)
    tell(store, [post(KI), post(IT)])

    tick(store, TOMORROW_AT_NINE)

    overviews = [row for row in store.ask(delivered).values() if row.kind == announcing.OVERVIEW]
    assert [[one.subject_id for one in store.ask(delivery.folded, row.id or 0)] for row in overviews] == [[2]]


def test_an_overview_that_is_late_waits_for_office_hours(store: Store, ann: Person):
    subscribe(store, ann, "C1", rhythm=Rhythm.WEEKLY, weekday=3, at=NINE)
    tell(store, [post()])

    tick(store, TOMORROW_AT_NINE + timedelta(hours=13))
    assert waiting(store) == {}

    tick(store, TOMORROW_AT_NINE + timedelta(days=1))
    assert len(waiting(store)) == 1
    (one,) = store.ask(subscriptions.of_target, "C1")
    assert one.subscription.next_at == TOMORROW_AT_NINE + timedelta(days=7)


def test_an_overview_that_is_late_in_office_hours_comes_at_once(store: Store, ann: Person):
    subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)
    tell(store, [post()])

    tick(store, TOMORROW_AT_NINE + timedelta(hours=5))

    assert len(waiting(store)) == 1


@pytest.mark.parametrize(
    ("quiet", "hours", "is_quiet"),
    [
        ((time(18), time(7)), 7, True),
        ((time(18), time(7)), 20, False),
        ((time(10), time(12)), 0, True),
        ((time(10), time(12)), 1, False),
        ((time(0), time(11)), 0, False),
    ],
)
def test_in_quiet_hours_news_waits(
    store: Store, ann: Person, quiet: tuple[time, time], hours: int, *, is_quiet: bool
):
    now = NOW + timedelta(hours=hours)
    subscribe(store, ann, "C1", quiet=quiet)
    tell(store, [post()], now=now)

    tick(store, now)

    assert bool(waiting(store)) is not is_quiet


def test_what_waited_for_the_end_of_quiet_hours_is_told_once(store: Store, ann: Person):
    subscribe(store, ann, "C1", quiet=(time(18), time(7)))
    subscribe(store, ann, "C1", (Part.ANY, KI))
    tell(store, [post(KI), post()], now=NOW + timedelta(hours=8))

    for _ in range(2):
        tick(store, NOW + timedelta(hours=22))

    assert list(waiting(store)) == ["post_card:1:C1", "post_card:2:C1"]


def test_a_thread_a_day_holds_the_news_of_that_day(store: Store, ann: Person):
    subscribe(store, ann, "C1", layout=Layout.THREAD)
    tell(store, [post(), post()])
    tick(store, NOW)
    assert list(waiting(store)) == ["news_thread:C1:2026-11-18"]

    store.do(send_all, NOW)
    for _ in range(2):
        tick(store, NOW)
    rows = store.ask(delivered)
    assert [rows[f"post_card:{number}:C1"].thread_ts for number in (1, 2)] == [
        rows["news_thread:C1:2026-11-18"].ts
    ] * 2

    tell(store, [post()], first=3, now=NOW + timedelta(days=1))
    tick(store, NOW + timedelta(days=1))
    assert "news_thread:C1:2026-11-19" in waiting(store)


def test_who_stops_hears_nothing_more_and_what_was_said_stays(store: Store, ann: Person):
    kept = subscribe(store, ann, "C1", rhythm=Rhythm.DAILY, at=NINE)
    tell(store, [post()])
    tick(store, TOMORROW_AT_NINE)
    store.do(send_all, TOMORROW_AT_NINE)
    tell(store, [post()], first=2)
    store.do(subscriptions.stop, kept, by=ann, now=TOMORROW_AT_NINE)

    tick(store, TOMORROW_AT_NINE + timedelta(days=1))

    assert len(waiting(store)) == 1
    (match,) = store.ask(stored.matches_of, posts.CARD, 1, targets=["C1"])
    assert match.subscription_id is None


def test_what_was_heard_of_long_ago_is_forgotten_unless_it_waits(store: Store, ann: Person):
    subscribe(store, ann, "C1")
    subscribe(store, ann, "C2", rhythm=Rhythm.DAILY, at=NINE)
    tell(store, [post()])

    def left(session: Session) -> list[str]:
        return [one.target for one in stored.matches_of(session, posts.CARD, 1, targets=["C1", "C2"])]

    assert store.do(announcing.forget, now=NOW + timedelta(days=365)) == 0
    assert store.do(announcing.forget, now=NOW + timedelta(days=366)) == 1
    assert store.ask(left) == ["C2"]


def test_a_subscription_to_events_does_not_hear_of_posts(store: Store):
    store.do(subscriptions.subscribe, EVENTS, "C1", now=NOW)

    assert tell(store, [post()]) == 0
