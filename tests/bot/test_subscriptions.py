"""Who hears what: choices are kept, checked, changed by those who may, and every change is noted."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot import curation, subscriptions
from bot.people import NotAllowedError, Person, Role
from bot.subscriptions import (
    EVENTS,
    MAX_PER_TARGET,
    POSTS,
    Choice,
    ChoiceError,
    Deed,
    Facet,
    GoneError,
    LockedError,
    NewsKind,
    OthersError,
    Part,
    Rhythm,
    Term,
    TooManyError,
)
from bot.workdays import Workdays
from storage import subscriptions as stored
from storage.sources import SourceKind
from storage.store import Store
from tests.made import NOW, person

MUNICH = Workdays("DE-BY:public,catholic", ZoneInfo("Europe/Berlin"))
KI, RBS, RIT = Term(Facet.TOPIC, "ki"), Term(Facet.DEPARTMENT, "1"), Term(Facet.DEPARTMENT, "2")
ALL_POSTS = Choice(POSTS)
NINE = time(9)


@pytest.fixture
def ann(store: Store) -> Person:
    return store.do(person, "U0ANN")


@pytest.fixture
def red(store: Store) -> Person:
    return store.do(person, "U0RED", Role.ADMIN)


def save(store: Store, choice: Choice, target: str, by: Person, now: datetime = NOW, **values: int) -> int:
    kept = store.do(subscriptions.save, choice, target=target, by=by, workdays=MUNICH, now=now, **values)
    return kept.id or 0


def choices(store: Store, target: str) -> list[Choice]:
    return [one.choice for one in store.ask(subscriptions.of_target, target)]


def deeds(store: Store, target: str) -> list[tuple[Deed, int | None]]:
    rows = store.ask(stored.changes_of, target, limit=10)
    return [(Deed(row.deed), row.person_id) for row in reversed(rows)]


def test_a_source_brings_posts_or_events_and_comments_go_where_their_post_is():
    brings = {kind: subscriptions.brought_by(kind) for kind in SourceKind}

    assert brings.pop(SourceKind.COMMENTS) == frozenset()
    assert brings.pop(SourceKind.CALENDAR) == brings.pop(SourceKind.EVENT_PAGE) == EVENTS
    assert set(brings.values()) == {POSTS}
    assert subscriptions.brought_by(SourceKind.FEED, NewsKind.JOB) == {NewsKind.JOB}


def test_what_someone_chose_is_kept_as_they_chose_it(store: Store, ann: Person):
    chosen = Choice(
        frozenset({NewsKind.POST, NewsKind.RADAR}),
        frozenset({(Part.ANY, KI), (Part.ALL, RBS), (Part.EXCEPT, RIT)}),
        rhythm=Rhythm.WEEKLY,
        weekday=4,
        at=NINE,
    )
    save(store, chosen, "C1", ann)

    assert choices(store, "C1") == [chosen]


def test_the_same_choice_twice_is_one_subscription(store: Store, ann: Person):
    assert save(store, ALL_POSTS, "C1", ann) == save(store, ALL_POSTS, "C1", ann)
    assert deeds(store, "C1") == [(Deed.MADE, ann.id)]


def test_what_has_no_effect_makes_no_other_subscription(store: Store, ann: Person):
    first = save(store, Choice(POSTS, at=NINE, weekday=3), "C1", ann)

    assert save(store, ALL_POSTS, "C1", ann) == first


def test_one_that_is_moved_is_theirs_who_moved_it(store: Store, ann: Person):
    joe = store.do(person, "U0JOE")
    kept = save(store, ALL_POSTS, "C1", ann)
    save(store, ALL_POSTS, "U0JOE", joe, subscription_id=kept)

    (one,) = store.ask(subscriptions.of_target, "U0JOE")
    assert one.maker
    assert one.maker.id == joe.id


def test_saving_what_is_paused_lets_it_go_on(store: Store, ann: Person):
    kept = save(store, ALL_POSTS, "C1", ann)
    store.do(subscriptions.pause, kept, by=ann, now=NOW)
    save(store, ALL_POSTS, "C1", ann)

    assert [one.subscription.paused_at for one in store.ask(subscriptions.of_target, "C1")] == [None]


@pytest.mark.parametrize(
    ("choice", "fields"),
    [
        (Choice(frozenset()), {"kinds": "blank"}),
        (Choice(POSTS, frozenset({(Part.ANY, KI), (Part.EXCEPT, KI)})), {"terms": "contradiction"}),
        (Choice(POSTS, frozenset({(Part.ALL, KI), (Part.EXCEPT, KI)})), {"terms": "contradiction"}),
        (Choice(POSTS, frozenset({(Part.ALL, RBS), (Part.ALL, RIT)})), {"terms": "never"}),
        (
            Choice(POSTS, frozenset((Part.ANY, Term(Facet.TOPIC, str(one))) for one in range(51))),
            {"terms": "long"},
        ),
        (Choice(POSTS, rhythm=Rhythm.DAILY), {"at": "blank"}),
        (Choice(POSTS, rhythm=Rhythm.WEEKLY, at=NINE), {"weekday": "blank"}),
        (Choice(POSTS, quiet=(NINE, NINE)), {"quiet": "empty"}),
    ],
)
def test_a_choice_that_can_not_be_meant_is_refused_at_its_field(
    store: Store, ann: Person, choice: Choice, fields: dict[str, str]
):
    with pytest.raises(ChoiceError) as refused:
        save(store, choice, "C1", ann)

    assert refused.value.fields == fields
    assert choices(store, "C1") == []


def test_a_channel_is_everyones_and_a_persons_own_only_theirs(store: Store, ann: Person):
    joe = store.do(person, "U0JOE")
    kept = save(store, ALL_POSTS, "C1", ann)
    own = save(store, ALL_POSTS, "U0ANN", ann)

    save(store, Choice(EVENTS), "C1", joe, subscription_id=kept)
    assert choices(store, "C1") == [Choice(EVENTS)]
    assert deeds(store, "C1") == [(Deed.MADE, ann.id), (Deed.CHANGED, joe.id)]

    for deed in (subscriptions.pause, subscriptions.stop):
        with pytest.raises(OthersError):
            store.do(deed, own, by=joe, now=NOW)
    with pytest.raises(OthersError):
        save(store, ALL_POSTS, "U0ANN", joe)


def test_a_locked_channel_is_changed_by_administrators_only(store: Store, ann: Person, red: Person):
    kept = save(store, ALL_POSTS, "C1", ann)
    with pytest.raises(NotAllowedError):
        store.do(subscriptions.lock, "C1", by=ann, now=NOW)
    store.do(subscriptions.lock, "C1", by=red, now=NOW)

    with pytest.raises(LockedError):
        save(store, Choice(EVENTS), "C1", ann)
    with pytest.raises(LockedError):
        store.do(subscriptions.stop, kept, by=ann, now=NOW)
    save(store, Choice(EVENTS), "C1", red)

    store.do(subscriptions.unlock, "C1", by=red, now=NOW)
    store.do(subscriptions.stop, kept, by=ann, now=NOW)
    assert choices(store, "C1") == [Choice(EVENTS)]
    assert [deed for deed, _ in deeds(store, "C1")] == [
        Deed.MADE,
        Deed.LOCKED,
        Deed.MADE,
        Deed.UNLOCKED,
        Deed.STOPPED,
    ]


def test_what_was_stopped_can_not_be_changed_any_more(store: Store, ann: Person):
    kept = save(store, ALL_POSTS, "C1", ann)
    store.do(subscriptions.stop, kept, by=ann, now=NOW)

    with pytest.raises(GoneError):
        store.do(subscriptions.pause, kept, by=ann, now=NOW)


def test_the_number_of_one_that_was_stopped_is_never_given_to_another(store: Store, ann: Person):
    kept = save(store, ALL_POSTS, "C1", ann)
    store.do(subscriptions.stop, kept, by=ann, now=NOW)

    assert save(store, ALL_POSTS, "C1", ann) != kept


def test_one_channel_has_only_so_many_subscriptions_as_one_can_keep_in_view(store: Store, ann: Person):
    def many(session: Session) -> None:
        for number in range(MAX_PER_TARGET):
            subscriptions.subscribe(session, POSTS, "C1", now=NOW, source_id=number + 1)

    store.do(many)

    with pytest.raises(TooManyError):
        save(store, ALL_POSTS, "C1", ann)
    with pytest.raises(TooManyError):
        store.do(subscriptions.subscribe, EVENTS, "C1", now=NOW)


def test_a_removed_source_is_taken_out_and_who_heard_of_nothing_else_hears_of_nothing(
    store: Store, ann: Person
):
    def add(session: Session) -> int:
        source = curation.add(
            session, kind=SourceKind.FEED, name="Blog", url="https://blog.example/", now=NOW, origin="test"
        )
        return source.id or 0

    source_id = store.do(add)
    blog = Term(Facet.SOURCE, str(source_id))
    for terms in ({(Part.ANY, blog)}, {(Part.ANY, blog), (Part.ANY, KI)}, {(Part.EXCEPT, blog)}):
        save(store, Choice(POSTS, frozenset(terms)), "C1", ann)

    assert store.ask(subscriptions.labels, {blog})[blog] == "Blog"
    store.do(stored.forget_term, blog)

    assert [one.terms for one in choices(store, "C1")] == [{(Part.ANY, KI)}, frozenset()]


def test_who_needs_a_source_that_is_removed_does_not_hear_of_everything_instead(store: Store, ann: Person):
    blog = Term(Facet.SOURCE, "5")
    save(store, Choice(POSTS, frozenset({(Part.ALL, blog), (Part.ANY, KI)})), "C1", ann)

    store.do(stored.forget_term, blog)

    assert choices(store, "C1") == []


def test_one_that_becomes_like_another_is_one_with_it(store: Store, ann: Person):
    first = save(store, ALL_POSTS, "C1", ann)
    second = save(store, Choice(EVENTS), "C1", ann)

    assert save(store, ALL_POSTS, "C1", ann, subscription_id=second) == first
    assert choices(store, "C1") == [ALL_POSTS]


# A Wednesday, eleven o'clock in the city.
@pytest.mark.parametrize(
    ("choice", "now", "expected"),
    [
        (Choice(POSTS, rhythm=Rhythm.DAILY, at=NINE), NOW, datetime(2026, 11, 19, 8, tzinfo=UTC)),
        (Choice(POSTS, rhythm=Rhythm.DAILY, at=time(12)), NOW, datetime(2026, 11, 18, 11, tzinfo=UTC)),
        # From Friday afternoon to Monday.
        (
            Choice(POSTS, rhythm=Rhythm.DAILY, at=NINE),
            NOW + timedelta(days=2),
            datetime(2026, 11, 23, 8, tzinfo=UTC),
        ),
        (
            Choice(POSTS, rhythm=Rhythm.WEEKLY, weekday=2, at=NINE),
            NOW,
            datetime(2026, 11, 25, 8, tzinfo=UTC),
        ),
        # Christmas Day and the days after it are holidays: on to Monday.
        (
            Choice(POSTS, rhythm=Rhythm.WEEKLY, weekday=4, at=NINE),
            datetime(2026, 12, 23, 10, tzinfo=UTC),
            datetime(2026, 12, 28, 8, tzinfo=UTC),
        ),
        # Changed on the very day to which it was moved, it still comes then.
        (
            Choice(POSTS, rhythm=Rhythm.WEEKLY, weekday=4, at=NINE),
            datetime(2026, 12, 28, 7, tzinfo=UTC),
            datetime(2026, 12, 28, 8, tzinfo=UTC),
        ),
    ],
)
def test_the_next_overview_comes_on_a_working_day(
    store: Store, ann: Person, choice: Choice, now: datetime, expected: datetime
):
    kept = save(store, choice, "C1", ann, now)

    (one,) = store.ask(subscriptions.of_target, "C1")
    assert (one.subscription.id, one.subscription.next_at) == (kept, expected)


def test_a_persons_overview_comes_by_the_clocks_where_they_are(store: Store):
    def move(session: Session) -> Person:
        found = person(session, "U0FAR")
        found.timezone = "America/New_York"
        return found

    far = store.do(move)
    save(store, Choice(POSTS, rhythm=Rhythm.DAILY, at=NINE), "U0FAR", far)

    (one,) = store.ask(subscriptions.of_target, "U0FAR")
    assert one.subscription.next_at == datetime(2026, 11, 18, 14, tzinfo=UTC)
