from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import comments, curation, delivery, posts, sending, subscriptions
from bot.comments import Comment
from bot.sources import Entry
from bot.subscriptions import POSTS
from storage.sources import Source, SourceKind
from storage.store import Store
from tests.bot.test_posts import entry as post_entry
from tests.bot.test_posts import read as read_posts
from tests.made import NOW, delivered, send_all

LATER = NOW + timedelta(minutes=15)


def entry(number: int = 1, *, below: int = 1, **values: Any) -> Entry:
    given: dict[str, Any] = {
        "guid": f"comment-{number}",
        "url": f"https://stadt.example/{below}#comment-{number}",
        "title": "Kommentar zu einem Beitrag",
        "teaser": f"Gut so, {number}!",
        "published_at": NOW,
        "updated_at": None,
        "author": "Eine Leserin",
        "tags": (),
        "image_url": None,
        "image_alt": None,
    }
    return Entry(**given | values)


def source(session: Session, name: str = "comments", *, is_read: bool = True) -> Source:
    found = curation.add(
        session,
        kind=SourceKind.COMMENTS,
        name=name,
        url=f"https://{name}.example/comments/feed/",
        every_s=900,
        now=NOW,
        origin="test",
    )
    if is_read:
        found.succeeded_at = NOW
    return found


def fill(session: Session) -> None:
    for target in ("C1", "C2"):
        subscriptions.subscribe(session, POSTS, target, now=NOW)
    curation.add(
        session,
        kind=SourceKind.FEED,
        name="blog",
        url="https://blog.example/feed",
        every_s=900,
        now=NOW,
        origin="test",
    ).succeeded_at = NOW


def read(session: Session, /, *entries: Entry, **values: Any) -> int:
    return comments.take_in(session, source(session, **values), entries, now=LATER)


def kept(session: Session) -> list[Comment]:
    return list(session.exec(select(Comment).order_by("id")))


def told(session: Session) -> list[tuple[int, str, str | None]]:
    """Which comment stands where, and in whose thread."""
    return [
        (row.subject_id, row.target, row.thread_ts)
        for row in delivered(session).values()
        if row.kind == comments.CARD
    ]


def cards(session: Session) -> dict[str, str | None]:
    """Where the announcement of the post stands."""
    return {row.target: row.ts for row in delivered(session).values() if row.kind == posts.CARD}


@pytest.fixture
def reading(store: Store) -> Store:
    """A blog whose one post was announced in two channels."""
    store.do(fill)
    store.do(read_posts, post_entry())
    store.do(send_all, NOW)
    return store


def test_a_new_comment_is_said_once_in_each_thread_of_its_post(reading: Store):
    assert reading.do(read, entry()) == 1
    assert reading.do(read, entry()) == 0
    reading.do(comments.tell_waiting, now=LATER)

    places = reading.ask(cards)
    assert None not in places.values()
    assert reading.ask(told) == [(1, "C1", places["C1"]), (1, "C2", places["C2"])]
    shown = reading.ask(comments.card, 1)
    assert shown
    assert (shown.comment.author, shown.comment.words, shown.post.title) == (
        "Eine Leserin",
        "Gut so, 1!",
        "Beitrag 1",
    )


def test_the_first_reading_of_a_source_is_its_backlog_and_stays_quiet(reading: Store):
    assert reading.do(read, entry(1), entry(2), is_read=False) == 2
    reading.do(comments.tell_waiting, now=LATER)

    assert reading.ask(told) == []
    assert len(reading.ask(kept)) == 2


def test_a_comment_waits_until_its_post_was_announced(store: Store):
    store.do(fill)
    store.do(read, entry(below=1))
    assert store.ask(told) == []

    store.do(read_posts, post_entry())
    store.do(comments.tell_waiting, now=LATER)
    assert store.ask(told) == []

    store.do(send_all, LATER)
    store.do(comments.tell_waiting, now=LATER)
    assert [target for _, target, _ in store.ask(told)] == ["C1", "C2"]


def test_a_comment_below_a_page_that_nobody_knows_is_left_unsaid_after_two_weeks(reading: Store):
    reading.do(read, entry(below=99))
    (found,) = reading.ask(kept)
    assert found.waits_since == LATER

    reading.do(comments.tell_waiting, now=LATER + comments.PATIENCE + timedelta(seconds=1))
    assert reading.ask(kept)[0].waits_since is None

    reading.do(read_posts, post_entry(99))
    reading.do(send_all, LATER)
    reading.do(comments.tell_waiting, now=LATER)
    assert reading.ask(told) == []


def test_a_comment_on_a_post_that_was_never_announced_is_left_unsaid(reading: Store):
    old = NOW - timedelta(days=400)
    reading.do(read_posts, post_entry(7, published_at=old))

    reading.do(read, entry(below=7))

    assert reading.ask(told) == []
    assert reading.ask(kept)[0].waits_since is None


def test_a_post_that_was_told_in_an_overview_has_its_thread_there(store: Store):
    store.do(fill)
    store.do(read_posts, *(post_entry(number) for number in range(1, 9)))
    store.do(folded)
    store.do(read, entry(below=3))

    rows = store.ask(delivered).values()
    overviews = {row.target: row.ts for row in rows if row.kind == "overview"}
    assert [(target, ts) for _, target, ts in store.ask(told)] == list(overviews.items())


def folded(session: Session) -> None:
    while taken := sending.take(session, now=NOW, fold=[posts.CARD]):
        for row in taken:
            sending.sent(
                session, row.id or 0, channel_id=row.target, ts=f"{row.id}.0", now=NOW, gap=timedelta()
            )
        session.flush()


def test_a_comment_in_the_feed_of_its_post_and_in_that_of_the_portal_is_one(reading: Store):
    reading.do(read, entry())
    reading.do(read, entry(guid="another name"), entry(2), name="other")

    assert [found.words for found in reading.ask(kept)] == ["Gut so, 1!", "Gut so, 2!"]


def test_a_comment_whose_portal_moved_is_still_the_same(reading: Store):
    reading.do(read, entry())

    assert reading.do(read, entry(url="https://neu.example/1#comment-1")) == 0


def test_what_a_reader_changes_is_changed_where_it_stands(reading: Store):
    reading.do(read, entry())
    reading.do(send_all, LATER)

    reading.do(read, entry(teaser="Doch nicht so gut."))

    assert [found.words for found in reading.ask(kept)] == ["Doch nicht so gut."]
    said = [row for row in reading.ask(delivered).values() if row.kind == comments.CARD]
    assert all(row.edit_due_at == LATER and row.state is delivery.DeliveryState.SENT for row in said)
    assert len(said) == 2


@pytest.mark.parametrize("values", [{"url": None}, {"teaser": ""}])
def test_what_says_nothing_or_stands_nowhere_is_no_comment(reading: Store, values: dict[str, Any]):
    assert reading.do(read, entry(**values)) == 0
    assert reading.ask(kept) == []
