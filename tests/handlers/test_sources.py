"""Reading sources end to end: real documents from a real server into the store, and every failure by name."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import web
from sqlmodel import Session

from bot import comments, curation, delivery, posts, subscriptions
from bot.curation import Source, SourceKind
from bot.settings import Settings
from bot.sources import Calendar, Feed, Fetcher, Parser
from bot.subscriptions import Topic
from handlers.opening import open_store
from handlers.sources import Reading
from storage.store import Store
from tests.made import send_all

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
ITEM = (
    "<item><title>{title}</title><guid>{guid}</guid><pubDate>Tue, 17 Nov 2026 08:00:00 GMT</pubDate></item>"
)


def rss(*items: tuple[str, str]) -> str:
    inner = "".join(ITEM.format(guid=guid, title=title) for guid, title in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Stadt</title>{inner}</channel></rss>'


@dataclass
class Outside:
    """A server of this machine with documents that a test may change, and what was asked of it."""

    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    has_etags: bool = True

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("If-None-Match")))
        if request.path == "/circle":
            raise web.HTTPFound("/circle")
        if request.path == "/endless":
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"<rss>" * 10_000)
        body = self.pages.get(request.path)
        if body is None:
            raise web.HTTPNotFound
        if not self.has_etags:
            return web.Response(text=body, content_type="text/xml")
        etag = f'"v{abs(hash(body))}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(text=body, content_type="text/xml", headers={"ETag": etag})


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    server = Outside()
    app = web.Application()
    app.router.add_get("/{path:.*}", server.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@dataclass
class Desk:
    """The one who reads, at a moment that a test may move."""

    store: Store
    now: datetime
    poll: Callable[[], Awaitable[int]] = field(init=False)
    # The addresses of the feeds and the days of the calendars that were read.
    parsed: list[object] = field(default_factory=list)

    def source(self, url: str, kind: SourceKind = SourceKind.FEED) -> None:
        def add(session: Session) -> None:
            curation.add(session, kind=kind, name=url, url=url, every_s=60, now=self.now, origin="test")

        self.store.do(add)

    def state(self, url: str) -> Source:
        found = self.store.ask(curation.by_url, url)
        assert found is not None
        return found

    async def later(self, **delta: float) -> int:
        self.now += timedelta(**delta)
        return await self.poll()


class Watched(Parser):
    """A parser of which is known what it read."""

    def __init__(self, parsed: list[object]) -> None:
        super().__init__()
        self._parsed = parsed

    async def feed(self, body: bytes, *, url: str, content_type: str | None = None) -> Feed:
        self._parsed.append(url)
        return await super().feed(body, url=url, content_type=content_type)

    async def calendar(self, body: bytes, *, today: date, timezone: str) -> Calendar:
        self._parsed.append(today)
        return await super().calendar(body, today=today, timezone=timezone)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.sqlite'}")
    store = open_store(settings, migrate=True)
    opened = Desk(store, NOW)
    async with (
        Fetcher(allow=[ip_network("127.0.0.0/8")], max_bytes=200_000) as fetcher,
        Watched(opened.parsed) as parser,
    ):
        opened.poll = Reading(store, settings, fetcher, parser, lambda: opened.now).poll_due
        yield opened
    store.close()


def kept(store: Store) -> list[str]:
    return [post.title for post in store.ask(posts.newest, limit=100)]


async def test_a_document_that_is_sent_again_as_it_was_is_not_read_again(desk: Desk, outside: Outside):
    outside.has_etags = False
    outside.pages["/feed"] = rss(("1", "Alt"))
    desk.source(url := f"{outside.url}/feed")
    await desk.poll()
    await desk.later(seconds=61)
    outside.pages["/feed"] = rss(("1", "Alt"), ("2", "Neu"))
    await desk.later(seconds=61)

    assert desk.parsed == [url, url]
    assert sorted(kept(desk.store)) == ["Alt", "Neu"]
    assert desk.state(url).succeeded_at == desk.now


async def test_a_calendar_that_is_as_it_was_shows_other_days_tomorrow(desk: Desk, outside: Outside):
    outside.has_etags = False
    outside.pages["/termine"] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
    desk.source(f"{outside.url}/termine", SourceKind.CALENDAR)
    await desk.poll()
    await desk.later(hours=1)
    await desk.later(hours=24)

    assert desk.parsed == [date(2026, 11, 18), date(2026, 11, 19)]


async def test_an_unchanged_document_is_asked_for_with_its_etag_and_changes_nothing(
    desk: Desk, outside: Outside
):
    outside.pages["/feed"] = rss(("1", "Alt"))
    desk.source(f"{outside.url}/feed")

    assert await desk.poll() == 1
    assert await desk.later(seconds=30) == 0
    assert await desk.later(seconds=31) == 1

    assert outside.asked[0][1] is None
    assert outside.asked[1][1] is not None
    assert kept(desk.store) == ["Alt"]
    assert desk.state(f"{outside.url}/feed").succeeded_at == desk.now


async def test_what_a_feed_shows_first_is_quiet_and_what_comes_later_is_told_once(
    desk: Desk, outside: Outside
):
    desk.store.do(subscriptions.subscribe, Topic.POSTS, "C1", now=NOW)
    outside.pages["/feed"] = rss(("1", "Alt"))
    desk.source(f"{outside.url}/feed")
    await desk.poll()

    outside.pages["/feed"] = rss(("2", "Neu"), ("1", "Alt"))
    await desk.later(minutes=2)
    outside.pages["/feed"] = rss(("2", "Neu, verbessert"), ("1", "Alt"))
    await desk.later(minutes=2)

    rows = desk.store.ask(delivery.listed, state=None, limit=10)
    assert [(row.kind, row.target) for row in rows] == [("post_card", "C1")]
    assert sorted(kept(desk.store)) == ["Alt", "Neu, verbessert"]


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [
        ("/page", SourceKind.FEED, "not_a_feed"),
        ("/page", SourceKind.CALENDAR, "not_a_calendar"),
        ("/circle", SourceKind.FEED, "too_many_redirects"),
        ("/endless", SourceKind.FEED, "too_large"),
        ("/missing", SourceKind.FEED, "http_status"),
    ],
)
async def test_what_can_not_be_read_is_named_with_the_next_try_and_stops_no_other(
    desk: Desk, outside: Outside, path: str, kind: SourceKind, reason: str
):
    outside.pages |= {
        "/page": "<!doctype html><title>Seite</title><p>Kein Feed",
        "/good": rss(("1", "Gut")),
    }
    desk.source(outside.url + path, kind)
    desk.source(f"{outside.url}/good")

    assert await desk.poll() == 2

    state = desk.state(outside.url + path)
    assert state.error_reason == reason
    assert state.failing_since == NOW
    assert state.next_poll_at > NOW
    assert kept(desk.store) == ["Gut"]


async def test_a_source_that_stays_down_is_asked_ever_more_seldom_and_recovers(desk: Desk, outside: Outside):
    url = f"{outside.url}/feed"
    desk.source(url)
    waits = []
    for _ in range(4):
        await desk.poll()
        waits.append(desk.state(url).next_poll_at - desk.now)
        desk.now = desk.state(url).next_poll_at

    outside.pages["/feed"] = rss(("1", "Wieder da"))
    await desk.poll()

    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    state = desk.state(url)
    assert (state.failures, state.error_reason, state.failing_since) == (0, None, None)


async def test_an_address_in_the_citys_own_network_is_refused(tmp_path: Path, outside: Outside):
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.sqlite'}")
    store = open_store(settings, migrate=True)
    outside.pages["/feed"] = rss(("1", "Geheim"))
    async with Fetcher() as fetcher, Parser() as parser:
        opened = Desk(store, NOW)
        opened.poll = Reading(store, settings, fetcher, parser, lambda: NOW).poll_due
        opened.source(f"{outside.url}/feed")
        await opened.poll()

    assert opened.state(f"{outside.url}/feed").error_reason == "forbidden_address"
    assert outside.asked == []
    store.close()


COMMENT_FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kommentare</title>{items}</channel></rss>
"""
COMMENT = (
    "<item><title>Kommentar zu Neu von Eine Leserin</title><link>{url}#comment-{number}</link>"
    "<dc:creator>Eine Leserin</dc:creator><guid isPermaLink='false'>{url}#comment-{number}</guid>"
    "<description>Gut so!</description></item>"
)


async def test_a_comment_of_a_portal_is_said_in_the_thread_of_its_post(desk: Desk, outside: Outside):
    post_url = "https://stadt.example/neu"
    desk.store.do(subscriptions.subscribe, Topic.POSTS, "C1", now=NOW)
    outside.pages["/feed"] = rss(("1", "Alt"))
    outside.pages["/comments/feed/"] = COMMENT_FEED.format(items="")
    desk.source(f"{outside.url}/feed")
    desk.source(f"{outside.url}/comments/feed/", SourceKind.COMMENTS)
    await desk.poll()

    outside.pages["/feed"] = rss(("2", "Neu")).replace("<guid>", f"<link>{post_url}</link><guid>")
    outside.pages["/comments/feed/"] = COMMENT_FEED.format(items=COMMENT.format(url=post_url, number=1))
    await desk.later(minutes=2)
    desk.store.do(send_all, desk.now)
    desk.store.do(comments.tell_waiting, now=desk.now)
    desk.store.do(comments.tell_waiting, now=desk.now)

    rows = {row.kind: row for row in desk.store.ask(delivery.listed, state=None, limit=10)}
    assert list(rows) == [comments.CARD, posts.CARD]
    assert rows[comments.CARD].thread_ts == rows[posts.CARD].ts
    assert kept(desk.store) == ["Neu", "Alt"]
