"""Answers requests for pages: from memory while nothing changed, with an ETag, else from the store."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from bot.settings import Settings
from handlers.web import assets
from handlers.web.documents import JSON, Document, Question, make, stamp
from handlers.web.freshness import Freshness
from handlers.web.kept import Kept
from handlers.web.visit import Visit, visit
from storage.store import Store

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """The public site over one store."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.freshness = Freshness(store)
        self._settings = settings
        self._clock = clock
        self._kept = Kept()
        # One page is made at a time: a crowd that finds a new revision makes each page once.
        self._making = asyncio.Lock()

    def visit(self, request: web.Request, takes: tuple[str, ...] = ()) -> Visit:
        """Read a request at this moment."""
        return visit(request, self._settings, now=self._clock(), takes=takes)

    def page(self, question: Question, *, takes: tuple[str, ...] = ()) -> Handler:
        """Return the handler that sends what `question` finds; `takes` are the query parameters it knows."""

        async def send(request: web.Request) -> web.StreamResponse:
            coming = self.visit(request, takes)
            revision, document = await self._document(question, coming)
            if document is None:
                raise web.HTTPNotFound
            return _response(request, document, _etag(revision, coming))

        return send

    async def _document(self, question: Question, coming: Visit) -> tuple[int, Document | None]:
        revision = await self.freshness.number()
        document = self._kept.get((revision, coming.today), coming.key)
        return (revision, document) if document else await self._made(question, coming)

    async def _made(self, question: Question, coming: Visit) -> tuple[int, Document | None]:
        async with self._making:
            revision = await self.freshness.number()
            document = self._kept.get((revision, coming.today), coming.key)
            if document is None:
                revision, document = await self.store.read(make, question, coming)
                if document and document.is_kept:
                    self._kept.put((revision, coming.today), coming.key, document)
        return revision, document


def _etag(revision: int, coming: Visit) -> str:
    return f'"{stamp(revision, coming)}-{coming.language}-{assets.version()}"'


def _response(request: web.Request, document: Document, etag: str) -> web.Response:
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if document.kind == JSON:
        headers["Access-Control-Allow-Origin"] = "*"
    if matches(request.headers.get("If-None-Match", ""), etag):
        return web.Response(status=304, headers=headers)
    return web.Response(body=document.body, content_type=document.kind, charset="utf-8", headers=headers)


def matches(given: str, etag: str) -> bool:
    """Say whether a visitor has what an ETag stands for."""
    return given.strip() == "*" or etag in {part.strip().removeprefix("W/") for part in given.split(",")}
