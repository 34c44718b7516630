"""Tells open pages what has changed, as server-sent events."""

import asyncio
import json
from contextlib import ExitStack, suppress

from aiohttp import web

from sandbox.page.screen import Shown
from sandbox.state.records import JSON, Change
from sandbox.state.workspace import Workspace

# An event stream with nothing to say sends a comment now and then, so that a dead connection is noticed.
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 500
# A page that is told so much at once rather looks at everything.
MOST_UNHEARD = 10_000


class Listener:
    """What one page has still to be told; `None` ends it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.news: asyncio.Queue[JSON | None] = asyncio.Queue()
        self._is_traffic_told = True

    def note(self, change: Change) -> None:
        """Tell of a change of the workspace; a page that has not listened for very long begins anew."""
        facts = {
            "kind": change.kind,
            "channel": change.channel_id,
            "person": change.person_id,
            "revision": self._workspace.revision,
        }
        self.news.put_nowait(facts if self.news.qsize() < MOST_UNHEARD else None)

    def note_traffic(self, _: int) -> None:
        """Tell that app and workspace have spoken, once until that is heard."""
        if self._is_traffic_told:
            self._is_traffic_told = False
            self.news.put_nowait({"kind": "traffic"})

    async def next(self) -> JSON | None:
        """Wait for what is to be told next."""
        news = await self.news.get()
        if news is not None and news["kind"] == "traffic":
            self._is_traffic_told = True
        return news


class Live:
    """The event streams of open pages."""

    def __init__(self, sandbox: Shown) -> None:
        self._sandbox = sandbox
        self._open: set[Listener] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Send what changes, until the page is closed."""
        listener = Listener(self._sandbox.workspace)
        listener.news.put_nowait({"kind": "hello", "revision": self._sandbox.workspace.revision})
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        with ExitStack() as stack:
            stack.callback(self._sandbox.workspace.listen(listener.note))
            stack.callback(self._sandbox.traffic.listen(listener.note_traffic))
            self._open.add(listener)
            stack.callback(self._open.discard, listener)
            await response.prepare(request)
            with suppress(ConnectionError):
                await response.write(f"retry: {RETRY_MS}\n\n".encode())
                await self._tell(response, listener)
        return response

    def tell(self, kind: str) -> None:
        """Tell all pages of something that is no change of the workspace itself."""
        for listener in self._open:
            listener.news.put_nowait({"kind": kind})

    async def close(self, _: web.Application) -> None:
        """End all streams."""
        for listener in self._open:
            listener.news.put_nowait(None)

    async def _tell(self, response: web.StreamResponse, listener: Listener) -> None:
        while True:
            try:
                news = await asyncio.wait_for(listener.next(), HEARTBEAT_SECONDS)
            except TimeoutError:
                await response.write(b":\n\n")
                continue
            if news is None:
                return
            await response.write(f"data: {json.dumps(news)}\n\n".encode())
