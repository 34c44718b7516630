from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from bot import decisions, people, pitches, post_checks, posts, publishing
from bot.decisions import MAX_WORDS, WordsError
from bot.delivery import Place
from bot.people import NotAllowedError, Role
from bot.pitches import Idea
from bot.post_checks import AnsweredError
from bot.settings import Settings
from bot.workdays import Workdays
from storage.people import Person
from storage.store import Store
from tests.made import CHANNELS, NOW, delivered, person, places, send_all

SETTINGS = Settings()
WORKDAYS = Workdays(SETTINGS.holidays, SETTINGS.zone)
# Two Thursdays.
HALF_A_YEAR = NOW + timedelta(days=183)
A_YEAR = NOW + timedelta(days=365)


def known(session: Session, name: str) -> Person:
    found = people.by_chat_id(session, name)
    assert found is not None
    return found


def published(session: Session) -> int:
    """A pitch of Ann's that Ava wrote and that has appeared."""
    places(session)
    ann, ava = person(session, "ANN"), person(session, "AVA")
    red = person(session, "RED", Role.COMMS)
    pitch = pitches.submit(session, Idea(title="Neue Geräte"), pitcher=ann, now=NOW)
    pitch.author_id = ava.id
    post = posts.import_post(
        session, title="Die neuen Geräte", url=None, published_at=NOW, tags=(), origin="test", now=NOW
    )
    decisions.accept(session, pitch.id or 0, by=red, now=NOW)
    publishing.publish(session, pitch.id or 0, post.id or 0, by=red, now=NOW)
    send_all(session, NOW + timedelta(hours=2))
    return post.id or 0


def tick(session: Session, now: datetime) -> None:
    post_checks.ask_due(session, workdays=WORKDAYS, now=now)


def asked(session: Session) -> list[tuple[str, int]]:
    rows = [row for row in delivered(session).values() if row.kind == post_checks.CHECK]
    return [(row.target, row.subject_id) for row in rows]


def leave(session: Session, *names: str) -> None:
    for name in names:
        known(session, name).inactive_at = NOW


def withdraw(session: Session, post_id: int) -> None:
    post = posts.get(session, post_id)
    assert post is not None
    posts.withdraw(session, post, now=HALF_A_YEAR)


@pytest.fixture
def post_id(store: Store) -> int:
    return store.do(published)


def test_the_author_is_asked_once_after_half_a_year_and_once_after_a_year(store: Store, post_id: int):
    store.do(tick, HALF_A_YEAR - timedelta(days=2))
    assert store.ask(asked) == []

    for days in range(4):
        store.do(tick, HALF_A_YEAR + timedelta(days=days))
    assert store.ask(asked) == [("AVA", 1)]

    for days in range(7):
        store.do(tick, A_YEAR + timedelta(days=days))
    assert store.ask(asked) == [("AVA", 1), ("AVA", 2)]


def test_nobody_is_asked_at_night_on_weekends_or_holidays(store: Store, post_id: int):
    corpus_christi = datetime(2027, 5, 27, 10, 0, tzinfo=NOW.tzinfo)
    assert not WORKDAYS.is_workday(corpus_christi.date())
    for moment in (
        HALF_A_YEAR.replace(hour=22),
        corpus_christi,
        datetime(2027, 5, 29, 10, 0, tzinfo=NOW.tzinfo),
    ):
        store.do(tick, moment)

    assert store.ask(asked) == []


@pytest.mark.parametrize(
    ("gone", "target"),
    [((), "AVA"), (("AVA",), "ANN"), (("AVA", "ANN"), CHANNELS[Place.COMMS])],
)
def test_who_has_left_is_not_asked_but_the_next_who_knows(
    sqlite_store: Store, gone: tuple[str, ...], target: str
):
    sqlite_store.do(published)
    sqlite_store.do(leave, *gone)

    sqlite_store.do(tick, HALF_A_YEAR)

    assert [one for one, _ in sqlite_store.ask(asked)] == [target]


def test_nobody_is_asked_about_a_post_that_is_gone_or_appeared_long_before(sqlite_store: Store):
    post_id = sqlite_store.do(published)

    sqlite_store.do(tick, NOW + timedelta(days=183 + 91))
    assert sqlite_store.ask(asked) == []
    sqlite_store.do(withdraw, post_id)
    sqlite_store.do(tick, A_YEAR)
    assert sqlite_store.ask(asked) == []


def test_one_tap_is_kept_and_tells_nobody(store: Store, post_id: int):
    store.do(tick, HALF_A_YEAR)
    before = len(store.ask(delivered))

    store.do(lambda session: post_checks.is_true(session, 1, by=known(session, "AVA"), now=HALF_A_YEAR))

    card = store.ask(post_checks.card, 1)
    assert card is not None
    assert (card.check.is_true, card.check.answered_at) == (True, HALF_A_YEAR)
    assert len(store.ask(delivered)) == before


def test_what_has_changed_is_told_to_the_newsroom(store: Store, post_id: int):
    store.do(tick, HALF_A_YEAR)

    def change(session: Session, words: str = "Es sind jetzt zehn.", name: str = "AVA") -> None:
        post_checks.has_changed(session, 1, words=words, by=known(session, name), now=HALF_A_YEAR)

    for words in ("  ", "x" * (MAX_WORDS + 1)):
        with pytest.raises(WordsError):
            store.do(change, words)
    with pytest.raises(NotAllowedError):
        store.do(change, name="ANN")
    store.do(change)

    (told,) = [row for row in store.ask(delivered).values() if row.kind == post_checks.OUTDATED]
    assert told.target == CHANNELS[Place.COMMS]
    with pytest.raises(AnsweredError):
        store.do(change)


def test_a_question_about_a_post_that_was_withdrawn_since_is_not_sent(sqlite_store: Store):
    post_id = sqlite_store.do(published)
    sqlite_store.do(tick, HALF_A_YEAR)
    sqlite_store.do(withdraw, post_id)

    assert sqlite_store.ask(post_checks.question, 1, is_told=False) is None
    assert sqlite_store.ask(post_checks.question, 1, is_told=True) is not None
