"""Tells open pages what has changed, as server-sent events."""

import asyncio
import json
from contextlib import suppress

from aiohttp import web

from sandbox.page.screen import Shown
from sandbox.state.records import Change

# An event stream with nothing to say sends a comment now and then, so that a dead connection is noticed.
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 500
MOST_UNHEARD = 10_000


class Live:
    """The event streams of open pages."""

    def __init__(self, sandbox: Shown) -> None:
        self._sandbox = sandbox
        self._open: set[asyncio.Queue[Change | None]] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Send what changes, until the page is closed."""
        changes: asyncio.Queue[Change | None] = asyncio.Queue()

        def note(change: Change) -> None:
            # Who does not listen for so long begins anew and looks at everything.
            changes.put_nowait(change if changes.qsize() < MOST_UNHEARD else None)

        stop = self._sandbox.workspace.listen(note)
        self._open.add(changes)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        try:
            await response.prepare(request)
            with suppress(ConnectionError):
                await response.write(f"retry: {RETRY_MS}\n\n".encode())
                await self._tell(response, changes)
        finally:
            self._open.discard(changes)
            stop()
        return response

    async def close(self, _: web.Application) -> None:
        """End all streams."""
        for changes in self._open:
            changes.put_nowait(None)

    async def _tell(self, response: web.StreamResponse, changes: asyncio.Queue[Change | None]) -> None:
        while True:
            try:
                change = await asyncio.wait_for(changes.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                await response.write(b":\n\n")
                continue
            if change is None:
                return
            data = {"kind": change.kind, "channel": change.channel_id, "person": change.person_id}
            await response.write(f"data: {json.dumps(data)}\n\n".encode())
