"""Pages that are visited one by one: what a sitemap names, and posts that a feed shows no more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import curation, pages, posts, subscriptions
from bot.sources import Entry, Page, Sitemap, SitemapPage
from bot.subscriptions import POSTS
from storage import public
from storage.posts import Post
from storage.sources import Source, SourceKind, SourcePage
from storage.store import Store
from tests.bot.test_posts import entry
from tests.made import NOW, delivered, send_all

LATER = NOW + timedelta(minutes=15)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = "https://stadt.example"


def source(session: Session, kind: SourceKind = SourceKind.SITEMAP, *, is_read: bool = True) -> Source:
    found = curation.add(
        session,
        kind=kind,
        name=kind,
        url=f"{SITE}/{kind}.xml",
        now=NOW,
        origin="test",
        path_prefix="/blog/",
    )
    if is_read and not found.succeeded_at:
        found.succeeded_at = NOW
    return found


def named(*numbers: int, at: datetime | None = NOW - DAY, **values: Any) -> list[SitemapPage]:
    return [SitemapPage(f"{SITE}/blog/{number}", at, **values) for number in numbers]


def wish(session: Session, *listed: SitemapPage, now: datetime = NOW, is_read: bool = True) -> int:
    return pages.wish(session, source(session, is_read=is_read), Sitemap(pages=listed), now=now)


def page(number: int = 1, **values: Any) -> Page:
    given = {"guid": None, "url": f"{SITE}/blog/{number}"}
    return Page(entry(number, **given | values), site=None, occurrences=(), offers=())


def waiting(session: Session, now: datetime = NOW + 9 * DAY) -> list[str]:
    """The addresses that are to be visited, the first one first."""
    return [
        row.url.removeprefix(SITE)
        for one in curation.listed(session)
        for row in pages.wanted(session, one.id or 0, now=now, limit=99)
    ]


def row_of(session: Session, number: int) -> SourcePage:
    query = select(SourcePage).where(SourcePage.url == f"{SITE}/blog/{number}")
    return session.exec(query).one()


def visit(session: Session, /, number: int = 1, *, now: datetime = NOW, **values: Any) -> None:
    pages.visited(session, row_of(session, number).id or 0, page(number, **values), now=now)


def gone(session: Session, number: int = 1, *, now: datetime = NOW) -> None:
    pages.gone(session, row_of(session, number).id or 0, now=now)


def unreachable(session: Session, number: int = 1, *, now: datetime = NOW) -> None:
    pages.unreachable(session, row_of(session, number).id or 0, now=now)


def kept(session: Session) -> list[Post]:
    return list(session.exec(select(Post).order_by("id")))


def told(session: Session) -> list[int]:
    return [row.subject_id for row in delivered(session).values()]


def has_waiting(session: Session) -> list[bool]:
    return [one.has_pages_waiting for one in curation.listed(session)]


@pytest.fixture
def reading(store: Store) -> Store:
    def fill(session: Session) -> None:
        subscriptions.subscribe(session, POSTS, "C1", now=NOW)

    store.do(fill)
    return store


def test_a_sitemaps_first_reading_visits_the_newest_pages_quietly_and_knows_the_rest(reading: Store):
    listed = [*named(*range(40), at=NOW - 30 * DAY), *named(*range(40, 50), at=NOW - DAY)]

    assert reading.do(wish, *listed, is_read=False) == 30
    assert set(reading.ask(waiting)) == {f"/blog/{n}" for n in (*range(20), *range(40, 50))}
    assert reading.ask(has_waiting) == [True]

    reading.do(visit, 45)
    assert [post.title for post in reading.ask(kept)] == ["Beitrag 45"]
    assert reading.ask(told) == []
    assert reading.do(wish, *listed) == 0


def test_only_pages_below_the_chosen_path_are_posts(reading: Store):
    assert reading.do(wish, SitemapPage(f"{SITE}/kontakt"), *named(1), SitemapPage(f"{SITE}/blogroll")) == 1


def test_a_new_page_is_visited_and_told_once(reading: Store):
    reading.do(wish, *named(1), is_read=False)
    assert reading.do(wish, *named(2, 1)) == 1
    reading.do(visit, 2, teaser="Kurz")
    reading.do(visit, 2, teaser="Kurz", now=LATER)

    (post,) = reading.ask(kept)
    assert (post.title, post.teaser, post.url) == ("Beitrag 2", "Kurz", f"{SITE}/blog/2")
    assert reading.ask(told) == [1]
    assert reading.ask(waiting) == ["/blog/1"]


def test_new_pages_are_visited_in_the_order_they_were_written(reading: Store):
    reading.do(wish, *(named(number, at=NOW - number * HOUR)[0] for number in range(1, 4)))

    assert reading.ask(waiting) == ["/blog/3", "/blog/2", "/blog/1"]


def test_what_a_page_does_not_say_of_itself_the_sitemap_says(reading: Store):
    reading.do(wish, *named(1, title="Aus der Sitemap"), *named(2))
    reading.do(visit, 1, title="", published_at=None)
    reading.do(visit, 2, published_at=NOW - 2 * DAY)

    assert [(post.title, post.published_at) for post in reading.ask(kept)] == [
        ("Aus der Sitemap", NOW - DAY),
        ("Beitrag 2", NOW - 2 * DAY),
    ]


@pytest.mark.parametrize("old", [{"published_at": NOW - 15 * DAY}, {"published_at": None}])
def test_a_new_page_with_an_old_date_is_no_news(reading: Store, old: dict[str, Any]):
    reading.do(wish, *named(1, at=NOW - 15 * DAY))
    reading.do(visit, 1, **old)

    assert reading.ask(told) == []


def test_a_changed_page_is_visited_again_and_edited_where_it_stands(reading: Store):
    reading.do(wish, *named(1))
    reading.do(visit)
    reading.do(send_all, NOW)

    assert reading.do(wish, *named(1, at=NOW), now=LATER) == 1
    reading.do(visit, title="Neu", now=LATER)
    assert reading.do(wish, *named(1, at=NOW), now=LATER) == 0

    assert [row.edit_due_at for row in reading.ask(delivered).values()] == [LATER]
    assert [post.title for post in reading.ask(kept)] == ["Neu"]


def test_an_old_page_that_is_changed_is_no_news(reading: Store):
    reading.do(wish, *named(*range(40), at=None), is_read=False)
    reading.do(wish, *named(*range(40), at=NOW - DAY))
    reading.do(wish, *named(39, at=NOW), *named(*range(39)))
    reading.do(visit, 39, published_at=None)

    assert len(reading.ask(kept)) == 1
    assert reading.ask(told) == []


def test_a_sitemap_that_says_of_all_pages_that_they_changed_now_says_nothing(reading: Store):
    reading.do(wish, *named(*range(40)), is_read=False)

    assert reading.do(wish, *named(*range(40), at=LATER)) == 0


def test_a_page_that_the_sitemap_names_no_more_is_visited_once(reading: Store):
    reading.do(wish, *named(1, 2))
    reading.do(visit, 1)
    reading.do(visit, 2)

    assert reading.do(wish, *named(1)) == 1
    assert reading.ask(waiting) == ["/blog/2"]
    reading.do(visit, 2)
    assert reading.do(wish, *named(1)) == 0
    assert [post.withdrawn_at for post in reading.ask(kept)] == [None, None]
    assert reading.ask(has_waiting) == [False]


def test_a_sitemap_that_names_nothing_does_not_send_anyone_to_all_pages(reading: Store):
    reading.do(wish, *named(1))
    reading.do(visit)

    assert reading.do(wish) == 0
    assert reading.do(wish, SitemapPage(f"{SITE}/kontakt")) == 0


def test_a_page_that_is_gone_takes_its_post_back_where_it_stands(reading: Store):
    reading.do(wish, *named(1, 2))
    reading.do(visit, 1)
    reading.do(send_all, NOW)
    revision = reading.ask(public.revision)

    reading.do(gone, 1, now=LATER)
    reading.do(gone, 1, now=LATER + HOUR)
    reading.do(gone, 2, now=LATER)

    assert [post.withdrawn_at for post in reading.ask(kept)] == [LATER]
    assert [row.edit_due_at for row in reading.ask(delivered).values()] == [LATER]
    assert reading.ask(public.revision) == revision + 1
    assert reading.ask(has_waiting) == [False]


def test_a_withdrawn_post_whose_page_is_named_again_is_visited_and_back(reading: Store):
    reading.do(wish, *named(1, 2))
    reading.do(visit, 1)
    reading.do(wish, *named(2))
    reading.do(gone, 1)

    assert reading.do(wish, *named(1, 2)) == 1
    reading.do(visit, 1, now=LATER)
    assert [post.withdrawn_at for post in reading.ask(kept)] == [None]
    assert reading.ask(told) == [1]


def test_a_page_that_moves_is_the_same_post_at_its_new_address(reading: Store):
    reading.do(wish, *named(1))
    reading.do(visit, 1)
    reading.do(wish, *named(5))
    assert reading.ask(waiting) == ["/blog/5", "/blog/1"]

    reading.do(visit, 5, title="Beitrag 1")
    reading.do(gone, 1)

    (post,) = reading.ask(kept)
    assert (post.url, post.withdrawn_at) == (f"{SITE}/blog/5", None)
    assert reading.ask(told) == [1]


def test_two_pages_with_one_title_on_one_day_are_two_posts(reading: Store):
    reading.do(wish, *named(1, 2))
    reading.do(visit, 1, title="Aktuelles")
    reading.do(visit, 2, title="Aktuelles")

    assert len(reading.ask(kept)) == 2


def test_the_address_that_a_page_calls_canonical_is_one_of_its_own(reading: Store):
    reading.do(wish, *named(1))
    reading.do(visit, url="https://digital.example/eins")

    def feed(session: Session) -> int:
        shown = entry(7, url="https://digital.example/eins/")
        return posts.take_in(session, source(session, SourceKind.FEED), [shown], now=NOW)

    assert reading.do(feed) == 0
    assert [post.url for post in reading.ask(kept)] == ["https://digital.example/eins"]


@pytest.mark.parametrize("canonical", [f"{SITE}/", f"{SITE}/blog/1"])
def test_a_canonical_address_that_all_pages_claim_says_nothing(reading: Store, canonical: str):
    reading.do(wish, *named(1, 2, 3))
    for number in (1, 2, 3):
        reading.do(visit, number, url=canonical)

    assert [post.url for post in reading.ask(kept)] == [f"{SITE}/blog/{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(("elsewhere", "still"), [("/", (2,)), ("/", (1, 2)), ("/blog", (2,))])
def test_a_page_that_leads_to_the_start_or_an_overview_leaves_its_post_as_it_is(
    reading: Store, elsewhere: str, still: tuple[int, ...]
):
    reading.do(wish, *named(1, 2))
    reading.do(visit)
    reading.do(wish, *named(*still, at=NOW), now=LATER)
    reading.do(visit, now=LATER, url=f"{SITE}{elsewhere}", title="Willkommen", guid=None)

    (post,) = reading.ask(kept)
    assert (post.title, post.url, post.withdrawn_at) == ("Beitrag 1", f"{SITE}/blog/1", None)
    assert post.changed_at == NOW
    assert "/blog/1" not in reading.ask(waiting)


def test_a_page_that_moved_beside_the_sitemap_keeps_its_post_by_its_title(reading: Store):
    reading.do(wish, *named(1, 2))
    reading.do(visit)
    reading.do(wish, *named(2), now=LATER)
    reading.do(visit, now=LATER, url=f"{SITE}/archiv/1")

    assert [post.url for post in reading.ask(kept)] == [f"{SITE}/archiv/1"]


def test_two_addresses_of_one_page_are_one_post_until_both_are_gone(reading: Store):
    reading.do(wish, *named(1, 2))
    reading.do(visit, 1)
    reading.do(visit, 2, url=f"{SITE}/blog/1", title="Beitrag 1")
    reading.do(gone, 2)
    assert [post.withdrawn_at for post in reading.ask(kept)] == [None]

    reading.do(gone, 1)
    assert [post.withdrawn_at for post in reading.ask(kept)] == [NOW]


def test_a_page_that_cannot_be_read_is_tried_three_times_more_at_growing_distances(reading: Store):
    reading.do(wish, *named(1))
    now, waits = NOW, []
    for _ in range(3):
        reading.do(unreachable, now=now)
        wanted_at = reading.ask(row_of, 1).wanted_at
        assert wanted_at is not None
        assert reading.ask(waiting, wanted_at - timedelta(seconds=1)) == []
        waits.append(wanted_at - now)
        now = wanted_at
    assert reading.ask(has_waiting) == [True]
    reading.do(unreachable, now=now)

    assert waits == [HOUR, 4 * HOUR, 12 * HOUR]
    assert reading.ask(waiting) == []
    assert reading.ask(has_waiting) == [False]


def test_five_thousand_pages_take_a_few_statements(sqlite_store: Store):
    listed = named(*range(5000))
    sqlite_store.do(wish, *listed, is_read=False)
    moved = [replace(one, changed_at=NOW + timedelta(seconds=n)) for n, one in enumerate(listed)]

    assert statements(sqlite_store, wish, *moved, *named(9000)) < 20
    assert len(sqlite_store.ask(pages.wanted, 1, now=NOW, limit=9999)) == 5001


def statements(store: Store, deed: Callable[..., object], *args: Any) -> int:
    from sqlalchemy import event  # noqa: PLC0415 - only here

    seen: list[str] = []

    def counted(session: Session) -> None:
        connection = session.connection()

        def note(*given: Any) -> None:
            seen.append(given[2])

        event.listen(connection, "before_cursor_execute", note)
        deed(session, *args)
        event.remove(connection, "before_cursor_execute", note)

    store.do(counted)
    return len(seen)


def show(session: Session, *numbers: int, now: datetime = NOW, is_complete: bool = False) -> int:
    """A feed shows these posts; the higher the number, the newer the post."""
    entries: list[Entry] = [
        entry(n, url=f"{SITE}/blog/{n}", published_at=NOW - 5 * DAY + n * HOUR)
        for n in sorted(numbers, reverse=True)
    ]
    return posts.take_in(session, source(session, SourceKind.FEED), entries, now=now, is_complete=is_complete)


def test_a_post_that_its_feed_leaves_out_is_looked_for_at_its_page(reading: Store):
    reading.do(show, 1, 2, 3)
    reading.do(show, 1, 3)
    assert reading.ask(waiting) == ["/blog/2"]
    assert reading.ask(has_waiting) == [True]

    reading.do(gone, 2)
    assert [post.withdrawn_at for post in reading.ask(kept)] == [None, NOW, None]
    assert reading.ask(has_waiting) == [False]


def test_what_only_fell_off_the_end_of_a_feed_is_not_looked_for(reading: Store):
    reading.do(show, 1, 2, 3)
    reading.do(show, 2, 3)
    assert reading.ask(waiting) == []

    reading.do(show, 2, 3, is_complete=True)
    assert reading.ask(waiting) == ["/blog/1"]


def test_a_post_that_was_found_is_not_looked_for_again_within_a_week(reading: Store):
    reading.do(show, 1, 2, 3)
    reading.do(show, 1, 3)
    reading.do(visit, 2, title="Anders")
    assert [post.title for post in reading.ask(kept)] == ["Beitrag 1", "Beitrag 2", "Beitrag 3"]

    reading.do(show, 1, 3, 4, now=NOW + 6 * DAY)
    assert reading.ask(waiting) == []
    reading.do(show, 1, 3, 4, now=NOW + 8 * DAY)
    assert reading.ask(waiting) == ["/blog/2"]


def test_a_post_that_its_feed_shows_again_is_not_looked_for_any_more(reading: Store):
    reading.do(show, 1, 2, 3)
    reading.do(show, 1, 3)
    reading.do(show, 1, 2, 3)

    assert reading.ask(waiting) == []
    assert reading.ask(has_waiting) == [False]


def test_a_post_that_moved_meanwhile_is_not_withdrawn_for_its_old_page(reading: Store):
    reading.do(show, 1, 2, 3)
    reading.do(show, 1, 3)

    def move(session: Session) -> None:
        moved = entry(2, url=f"{SITE}/neu/2", published_at=NOW - 3 * DAY)
        posts.take_in(session, source(session, SourceKind.FEED), [moved], now=NOW)

    reading.do(move)
    reading.do(gone, 2)

    assert [post.withdrawn_at for post in reading.ask(kept)] == [None, None, None]


def test_at_most_twenty_posts_are_looked_for_at_a_reading(reading: Store):
    reading.do(show, *range(40))
    reading.do(show, 0, 39)
    assert len(reading.ask(waiting)) == 20

    reading.do(show, 0, 39)
    assert len(reading.ask(waiting)) == 38


def test_an_empty_feed_sends_nobody_anywhere(reading: Store):
    reading.do(show, 1, 2, 3)
    reading.do(show, is_complete=True)

    assert reading.ask(waiting) == []
