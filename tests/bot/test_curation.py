"""Which sources are read: what may be added, how they all are, and what is left of one that is removed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from bot import comments, curation, delivery, events, people, polling, posts, subscriptions
from bot.curation import (
    AddressError,
    BringsError,
    IntervalError,
    RemovedError,
    Source,
    SourceKind,
    State,
    TitleError,
)
from bot.people import NotAllowedError, Role
from bot.sources import Entry, FetchError, Occurrence, Reason
from bot.subscriptions import POSTS, Facet, NewsKind, Part, Term
from storage.comments import Comment
from storage.events import CalendarEvent
from storage.posts import Post, PostKey
from storage.sources import SourceHost, SourcePage
from storage.store import Store
from storage.subscriptions import Subscription
from tests.made import NOW, person

FEED = "https://stadt.example/feed"


def add(session: Session, /, url: str = FEED, name: str = "Blog", **changes: Any) -> Source:
    given: dict[str, Any] = {"kind": SourceKind.FEED, "now": NOW, "origin": "test"}
    return curation.add(session, url=url, name=name, **given | changes)


def entry(guid: str, url: str | None = None) -> Entry:
    return Entry(guid, url, f"Titel {guid}", "Worte", NOW, None, None, (), None, None)


def occurrence(uid: str) -> Occurrence:
    day = (NOW + timedelta(days=3)).date()
    start = NOW + timedelta(days=3)
    return Occurrence(uid, None, uid, "", None, None, start, None, False, day, day, False, 0, False)


def names(session: Session, limit: int = 100, offset: int = 0) -> list[str]:
    return [one.name for one in curation.overview(session, now=NOW, limit=limit, offset=offset)]


def kept(session: Session) -> list[tuple[str, int | None]]:
    return [(post.kind, post.department_id) for post in session.exec(select(Post).order_by("id"))]


# Adding


@pytest.mark.parametrize(
    "address",
    [
        "",
        "stadt.example/feed",
        "ftp://stadt.example/feed",
        "https://",
        "http:///feed",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://stadt:geheim@stadt.example/feed",
        "https://stadt.example/" + "x" * 2000,
        "https://[::1/feed",
    ],
)
def test_an_address_nothing_can_be_read_at_is_refused(sqlite_store: Store, address: str):
    with pytest.raises(AddressError):
        sqlite_store.do(add, address)

    assert sqlite_store.ask(curation.listed) == []


@pytest.mark.parametrize("name", ["", "  \n ", "x" * 101])
def test_a_source_needs_a_name_of_one_to_a_hundred_characters(sqlite_store: Store, name: str):
    with pytest.raises(TitleError):
        sqlite_store.do(add, name=name)


@pytest.mark.parametrize("every_s", [0, -60, 59, 86_401])
def test_a_source_is_read_every_minute_at_most_and_every_day_at_least(sqlite_store: Store, every_s: int):
    with pytest.raises(IntervalError):
        sqlite_store.do(add, every_s=every_s)


@pytest.mark.parametrize(
    "spelling",
    [
        "https://stadt.example/feed/",
        "http://stadt.example/feed",
        "https://www.stadt.example/feed",
        "HTTPS://STADT.example/feed?utm_source=x",
        "  https://stadt.example:443/feed#neu ",
    ],
)
def test_the_same_address_spelled_otherwise_is_the_same_source(store: Store, spelling: str):
    first = store.do(add).id

    again = store.do(add, spelling, "Neuer Name")

    assert again.id == first
    assert [found.name for found in store.ask(curation.listed)] == ["Neuer Name"]


def test_a_name_has_nothing_that_can_not_be_seen(sqlite_store: Store):
    assert sqlite_store.do(add, FEED, "Blo\u202eg \x07 der\n Stadt").name == "Blo g der Stadt"


def test_other_addresses_of_the_same_server_are_other_sources(sqlite_store: Store):
    for url in (FEED, "https://stadt.example/feed?p=2", "https://stadt.example:8443/feed"):
        sqlite_store.do(add, url)

    assert len(sqlite_store.ask(curation.listed)) == 3


def test_a_calendar_offered_as_webcal_is_read_over_https(sqlite_store: Store):
    source = sqlite_store.do(add, "webcal://stadt.example/termine.ics", kind=SourceKind.CALENDAR)

    assert source.url == "https://stadt.example/termine.ics"


@pytest.mark.parametrize("prefix", ["blog", "/blog", " blog ", "https://stadt.example/blog?x=1"])
def test_what_the_paths_of_a_sitemap_begin_with_is_a_path(sqlite_store: Store, prefix: str):
    source = sqlite_store.do(add, kind=SourceKind.SITEMAP, path_prefix=prefix)

    assert source.path_prefix == "/blog"


def test_only_a_sitemap_has_paths(sqlite_store: Store):
    assert sqlite_store.do(add, path_prefix="/blog").path_prefix == ""


def test_a_source_added_again_with_other_paths_is_read_as_if_it_were_new(sqlite_store: Store):
    def kept(session: Session) -> None:
        source = add(session, kind=SourceKind.SITEMAP)
        source.etag, source.fingerprint, source.next_poll_at = "1", "f", NOW + timedelta(days=1)

    sqlite_store.do(kept)
    source = sqlite_store.do(add, kind=SourceKind.SITEMAP, path_prefix="/blog")

    assert (source.etag, source.fingerprint, source.next_poll_at) == (None, None, NOW)


@pytest.mark.parametrize("kind", [SourceKind.CALENDAR, SourceKind.EVENT_PAGE, SourceKind.COMMENTS])
def test_only_a_source_of_posts_brings_videos(sqlite_store: Store, kind: SourceKind):
    with pytest.raises(BringsError):
        sqlite_store.do(add, kind=kind, brings=NewsKind.VIDEO)
    with pytest.raises(BringsError):
        sqlite_store.do(add, brings=NewsKind.EVENT)


def test_what_a_source_brings_and_whose_it_is_goes_for_what_is_kept_already(store: Store):
    def begin(session: Session) -> None:
        people.import_department(session, name="Bildung", short="RBS", kind="Referat", source="test")
        posts.take_in(session, add(session), [entry("1"), entry("2")], now=NOW)
        posts.take_in(session, add(session, "https://a.example/", "Anderes"), [entry("3")], now=NOW)
        calendar = add(session, "https://stadt.example/ics", "Termine", kind=SourceKind.CALENDAR)
        events.take_in(session, calendar, [occurrence("1")], now=NOW)

    def say(session: Session, *, brings: NewsKind | None, said: str | None) -> int | None:
        departments = {one.short: one for one in people.departments(session)}
        department = departments.get(said)
        source = add(session, brings=brings, department=department)
        add(session, "https://stadt.example/ics", "Termine", kind=SourceKind.CALENDAR, department=department)
        assert source.fingerprint is None
        return department.id if department else None

    store.do(begin)
    rbs = store.do(say, brings=NewsKind.JOB, said="RBS")
    assert store.ask(kept) == [("job", rbs), ("job", rbs), ("post", None)]
    assert [one.department_id for one in store.ask(events.coming, today=NOW.date(), limit=9)] == [rbs]

    store.do(say, brings=None, said=None)
    assert store.ask(kept) == [("post", None)] * 3


def test_saying_what_a_source_brings_leaves_whose_its_posts_are(sqlite_store: Store):
    def begin(session: Session) -> int | None:
        rbs = people.import_department(session, name="Bildung", short="RBS", kind="Referat", source="test")
        session.flush()
        posts.take_in(session, add(session), [replace(entry("1"), tags=("RBS",))], now=NOW)
        add(session, brings=NewsKind.JOB)
        return rbs.id

    rbs = sqlite_store.do(begin)

    assert sqlite_store.ask(kept) == [("job", rbs)]


def test_only_administrators_add_what_was_found(sqlite_store: Store):
    def by(session: Session, *roles: Role) -> Source:
        return curation.add_found(
            session,
            kind=SourceKind.FEED,
            name="Blog",
            url=FEED,
            channel="C1",
            path_prefix="",
            by=person(session, "U1", *roles),
            now=NOW,
        )

    with pytest.raises(NotAllowedError):
        sqlite_store.do(by, Role.COMMS)
    assert sqlite_store.do(by, Role.ADMIN).origin == "chat"


# Pausing and going on


def test_a_paused_source_is_not_read_until_it_goes_on(store: Store):
    store.do(add)
    store.do(lambda session: curation.pause(session, add(session), now=NOW))
    assert store.do(polling.take, now=NOW, hosts=1) == []

    store.do(lambda session: curation.resume(session, curation.listed(session)[0], now=NOW))

    assert [found.url for found in store.do(polling.take, now=NOW, hosts=1)] == [FEED]


def test_a_source_that_goes_on_has_forgotten_its_errors(sqlite_store: Store):
    def go_on(session: Session) -> Source:
        source = add(session)
        for _ in range(5):
            polling.failed(session, source.id or 0, FetchError(Reason.HTTP_STATUS, "404"), now=NOW)
        curation.pause(session, source, now=NOW)
        curation.resume(session, source, now=NOW)
        return source

    source = sqlite_store.do(go_on)

    assert (source.failures, source.error_reason, source.failing_since) == (0, None, None)
    assert (source.paused_at, source.next_poll_at) == (None, NOW)


def test_pausing_twice_keeps_since_when(sqlite_store: Store):
    def twice(session: Session) -> Source:
        source = add(session)
        curation.pause(session, source, now=NOW)
        curation.pause(session, source, now=NOW + timedelta(days=1))
        return source

    assert sqlite_store.do(twice).paused_at == NOW


# Removing


def filled(session: Session) -> None:
    """Two sources on one server that brought a post, an event and a comment, and are heard of."""
    source, other = add(session), add(session, "https://stadt.example/zwei", "Zwei")
    for one in (source, other):
        posts.take_in(session, one, [entry(f"{one.name}-guid", f"{one.url}/1")], now=NOW)
        events.take_in(session, one, [occurrence(one.name)], now=NOW)
        comments.take_in(session, one, [entry(f"{one.name}-k", f"{one.url}/1#{one.name}")], now=NOW)
        subscriptions.subscribe(session, POSTS, "C1", source_id=one.id, now=NOW)
        session.add(
            SourcePage(source_id=one.id or 0, key="k", url="https://stadt.example/k", first_seen_at=NOW)
        )
    session.flush()


def remove(session: Session, name: str = "Blog") -> None:
    (source,) = curation.named(session, name)
    curation.remove(session, source)


def all_of(session: Session, table: Any) -> list[Any]:
    return list(session.exec(select(table)).all())


def test_what_a_removed_source_brought_stays_and_is_nobodys(store: Store):
    store.do(filled)
    ids = {source.name: source.id for source in store.ask(curation.listed)}
    store.do(remove)

    for table in (Post, CalendarEvent, Comment):
        assert {row.source_id for row in store.ask(all_of, table)} == {None, ids["Zwei"]}
    (left,) = store.ask(all_of, Subscription)
    assert store.ask(subscriptions.choice_of, left).terms == {
        (Part.ANY, Term(Facet.SOURCE, str(ids["Zwei"])))
    }
    assert [row.source_id for row in store.ask(all_of, SourcePage)] == [ids["Zwei"]]
    assert [found.name for found in store.ask(curation.listed)] == ["Zwei"]


def test_a_removed_source_leaves_no_key_that_the_next_one_could_take_for_its_own(store: Store):
    store.do(filled)
    number = next(one.id for one in store.ask(curation.listed) if one.name == "Blog")
    beginnings = (f"guid:{number}:", f"shared:guid:{number}:", f"in:{number}:")
    store.do(lambda session: session.add_all(PostKey(key=f"{key}x", post_id=1) for key in beginnings))
    store.do(remove)

    assert not [row.key for row in store.ask(all_of, PostKey) if row.key.startswith(beginnings)]
    assert [row.key for row in store.ask(all_of, PostKey) if row.key.startswith("guid:")] != []
    assert not [row.key for row in store.ask(all_of, Comment) if row.key.startswith(f"{number}:")]


def test_a_source_with_a_used_number_brings_its_own_posts(sqlite_store: Store):
    def one_post(session: Session, name: str, title_of: str) -> int | None:
        source = add(session, f"https://{name}.example/feed", name)
        shown = Entry("1", None, title_of, "", None, None, None, (), None, None)
        assert posts.take_in(session, source, [shown], now=NOW) == 1
        assert comments.take_in(session, source, [entry("1", f"https://{name}.example/1")], now=NOW) == 1
        return source.id

    first = sqlite_store.do(one_post, "alt", "Altes")
    sqlite_store.do(remove, "alt")

    assert sqlite_store.do(one_post, "neu", "Neues") == first
    assert {post.title for post in sqlite_store.ask(all_of, Post)} == {"Altes", "Neues"}
    sqlite_store.do(remove, "neu")
    assert len(sqlite_store.ask(all_of, Comment)) == 2


def test_a_source_with_a_used_number_tells_what_only_others_showed_before(sqlite_store: Store):
    def shown(session: Session, name: str) -> int | None:
        source = add(session, f"https://{name}.example/feed", name)
        source.succeeded_at = NOW
        subscriptions.subscribe(session, POSTS, f"C{name}", source_id=source.id, now=NOW)
        posts.take_in(session, source, [entry("1", "https://stadt.example/1")], now=NOW)
        return source.id

    sqlite_store.do(shown, "blog")
    first = sqlite_store.do(shown, "alt")
    sqlite_store.do(remove, "alt")

    assert sqlite_store.do(shown, "neu") == first
    rows = sqlite_store.ask(delivery.listed, state=None, limit=10)
    assert {row.target for row in rows} == {"Cblog", "Calt", "Cneu"}


def test_comments_of_a_removed_source_wait_no_longer(sqlite_store: Store):
    def waiting(session: Session) -> None:
        source = add(session, kind=SourceKind.COMMENTS)
        source.succeeded_at = NOW
        comments.take_in(session, source, [entry("1", "https://stadt.example/1#comment-1")], now=NOW)
        curation.remove(session, source)

    sqlite_store.do(waiting)

    assert [comment.waits_since for comment in sqlite_store.ask(all_of, Comment)] == [None]


def test_a_server_is_forgotten_with_its_last_source(store: Store):
    store.do(filled)
    store.do(remove)
    assert [row.host for row in store.ask(all_of, SourceHost)] == ["stadt.example"]

    store.do(remove, "Zwei")

    assert store.ask(all_of, SourceHost) == []


def test_of_a_removed_source_nobody_is_told_any_more(sqlite_store: Store):
    def told(session: Session) -> None:
        source = add(session)
        for kind in (polling.DOWN, polling.BACK):
            delivery.note(session, kind, source.id, to="C1", now=NOW)
        curation.remove(session, source)

    sqlite_store.do(told)

    rows = sqlite_store.ask(delivery.listed, state=None, limit=10)
    assert {row.reason for row in rows} == {"source_removed"}


def test_a_mark_means_one_source_for_ever(sqlite_store: Store):
    def marked(session: Session) -> str:
        person(session, "U1", Role.ADMIN)
        add(session)
        session.flush()
        return curation.overview(session, now=NOW, limit=1)[0].mark

    def meant(session: Session, mark: str) -> str:
        by = people.by_chat_id(session, "U1")
        assert by is not None
        return curation.of_admin(session, mark, by=by).name

    mark = sqlite_store.do(marked)
    assert sqlite_store.ask(meant, mark) == "Blog"
    sqlite_store.do(remove)
    sqlite_store.do(lambda session: add(session, name="Neu", now=NOW + timedelta(hours=1)).id)

    for wrong in (mark, "", "1", "x@y", "9" * 30 + "@x"):
        with pytest.raises(RemovedError):
            sqlite_store.ask(meant, wrong)


# How they all are


def states(session: Session) -> None:
    now = NOW - timedelta(days=1)
    add(session, "https://a.example/", "Ärzte", now=now).succeeded_at = NOW
    add(session, "https://b.example/", "bibliothek", now=now)
    add(session, "https://c.example/", "Zoo", now=now).failures = 2
    paused = add(session, "https://d.example/", "Amt", now=now)
    paused.paused_at, paused.failures = NOW, 3
    gone = add(session, "https://e.example/", "Weg", now=now)
    gone.paused_at, gone.paused_reason = NOW, "gone"


def test_the_overview_says_how_each_source_is_troubled_ones_first(store: Store):
    store.do(states)

    found = store.ask(curation.overview, now=NOW, limit=10)

    assert [(one.name, one.state) for one in found[:3]] == [
        ("Weg", State.GONE),
        ("Zoo", State.FAILING),
        ("Amt", State.PAUSED),
    ]
    assert {(one.name, one.state) for one in found[3:]} == {("bibliothek", State.NEW), ("Ärzte", State.OK)}
    assert [one.is_read for one in found[:2]] == [False, True]


def test_the_overview_comes_in_pages(store: Store):
    store.do(states)
    everything = store.ask(names)

    assert store.ask(names, limit=2) + store.ask(names, limit=2, offset=2) == everything[:4]
    assert store.ask(names, limit=2, offset=4) == everything[4:]


def test_the_overview_counts_what_came_in_the_last_thirty_days(store: Store):
    def bring(session: Session) -> None:
        source = add(session)
        posts.take_in(session, source, [entry("alt")], now=NOW - timedelta(days=31))
        posts.take_in(session, source, [entry("1"), entry("2")], now=NOW - timedelta(days=29))
        events.take_in(session, source, [occurrence("u")], now=NOW)

    store.do(bring)

    (found,) = store.ask(curation.overview, now=NOW, limit=10)
    assert found.items == {"posts": 2, "events": 1, "comments": 0}
    assert store.ask(curation.one, found.id, now=NOW) == found
    assert store.ask(curation.one, 99, now=NOW) is None


def test_a_thousand_sources_take_no_more_statements_than_one(sqlite_store: Store):
    def many(session: Session) -> None:
        for number in range(1000):
            add(session, f"https://portal{number}.example/feed", f"Portal {number}")

    sqlite_store.do(many)
    said: list[str] = []
    with Session(sqlite_store._reader) as session:
        event.listen(sqlite_store._reader, "before_cursor_execute", lambda *given: said.append(given[2]))
        assert len(curation.overview(session, now=NOW, limit=1000)) == 1000

    # The transaction's beginning, the sources, and one for each of posts, events and comments.
    assert len(said) == 6


def test_only_administrators_are_told_how_many_sources_there_are(sqlite_store: Store):
    def tally(session: Session, *roles: Role) -> curation.Tally | None:
        return curation.tally(session, person(session, f"U{len(roles)}", *roles))

    sqlite_store.do(states)

    assert sqlite_store.do(tally) is None
    assert sqlite_store.do(tally, Role.ADMIN) == curation.Tally(total=5, troubled=2)
