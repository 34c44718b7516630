"""A small outside world for those who read sources: a server of documents, and the desk they are read at."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from aiohttp import web
from sqlmodel import Session

from bot import curation, posts
from bot.curation import Source, SourceKind
from bot.sources import Calendar, Feed, Parser
from handlers.sources import Reading
from storage.store import Store

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
    pages: dict[str, str | bytes] = field(default_factory=dict)
    answers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    has_etags: bool = True
    # How many requests were there at the same time, at most; how long each takes.
    at_once: int = 0
    most_at_once: int = 0
    slow: dict[str, asyncio.Event] = field(default_factory=dict)

    def elsewhere(self, path: str) -> str:
        """The same server under this machine's other name."""
        return self.url.replace("127.0.0.1", "localhost") + path

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("If-None-Match")))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0.01)
            if wait := self.slow.get(request.path):
                await wait.wait()
            return await self.answers.get(request.path, self.answer)(request)
        finally:
            self.at_once -= 1

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/circle":
            raise web.HTTPFound("/circle")
        if request.path == "/moved":
            raise web.HTTPMovedPermanently("/feed")
        if request.path == "/gone":
            raise web.HTTPGone
        if request.path == "/endless":
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"<rss>" * 10_000)
        body = self.pages.get(request.path)
        if body is None:
            raise web.HTTPNotFound
        body = body.encode() if isinstance(body, str) else body
        if not self.has_etags:
            return web.Response(body=body, content_type="text/xml")
        etag = f'"v{abs(hash(body))}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        headers = {"ETag": etag}
        if body.startswith(b"\x1f\x8b"):
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=body, content_type="text/xml", headers=headers)


@dataclass
class Desk:
    """The one who reads, at a moment that a test may move."""

    store: Store
    now: datetime
    reading: Reading = field(init=False)
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

    async def poll(self) -> int:
        return await self.reading.poll_due()

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


def kept(store: Store) -> list[str]:
    return [post.title for post in store.ask(posts.newest, limit=100)]


async def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so, at most ten seconds."""
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.sleep(0.02)
