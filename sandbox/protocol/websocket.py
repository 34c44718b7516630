"""One websocket that an app has opened, and what can happen to it."""

import asyncio
from collections.abc import Coroutine

from aiohttp import WSCloseCode, web

from sandbox.state.records import JSON


class Connection:
    """A websocket; frames go to it as long as it flows.

    Attributes:
        is_leaving: it was told to go, gets nothing new and may still acknowledge what it got.
    """

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self.is_leaving = False
        self._socket = socket
        self._transport = transport
        self._held: list[JSON] | None = None
        self._plan: asyncio.Task[None] | None = None

    @property
    def is_stalled(self) -> bool:
        """Whether nothing gets through."""
        return self._held is not None

    async def send(self, frame: JSON) -> None:
        """Send a frame, or keep it while nothing gets through."""
        if self._held is None:
            await self._socket.send_json(frame)
        else:
            self._held.append(frame)

    def plan(self, fate: Coroutine[None, None, None]) -> None:
        """Let something happen to the connection in its own time, in the place of what was planned before."""
        self.forget_plan()
        self._plan = asyncio.get_running_loop().create_task(fate)

    def forget_plan(self) -> None:
        """Let nothing more happen to it."""
        if self._plan is not None:
            self._plan.cancel()
            self._plan = None

    def stall(self) -> None:
        """Let nothing through in either direction: no frame, no pong, no end."""
        if self._held is None:
            self._held = []
            self._transport.pause_reading()

    async def resume(self) -> None:
        """Let everything through again, what was kept first."""
        held, self._held = self._held or [], None
        self._transport.resume_reading()
        for frame in held:
            await self.send(frame)

    def drop(self) -> None:
        """Break the connection without a word."""
        self._transport.abort()

    async def close(self, code: int = WSCloseCode.OK) -> None:
        """End the connection in good order; a stalled one just breaks."""
        if self.is_stalled:
            self.drop()
        else:
            await self._socket.close(code=code)
