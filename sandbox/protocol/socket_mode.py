"""Socket Mode: tickets, websockets, envelopes and their acknowledgements."""

import asyncio
import json
import secrets
import uuid
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.protocol.line import ANSWER_WITHIN, FIRST, Kind, NoAnswerError, Retry
from sandbox.state.app import APP_ID
from sandbox.state.clock import Clock
from sandbox.state.records import JSON

# "Socket Mode allows your app to maintain up to 10 open WebSocket connections at the same time."
MOST_CONNECTIONS = 10
TICKET_LIFETIME = 30.0
PING_EVERY = 15.0


class SocketMode:
    """The app's websockets; each payload goes to one of them in turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tickets: dict[str, float] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._answers: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._arrival = asyncio.Event()

    @property
    def connections(self) -> int:
        """How many websockets are open."""
        return len(self._sockets)

    def ticket(self) -> str:
        """Return a ticket that lets one websocket in, within 30 seconds."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = self._clock.time()
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold a websocket that an app opens at the address from `apps.connections.open`."""
        issued_at = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if self._clock.time() - issued_at > TICKET_LIFETIME:
            return web.Response(status=404)
        socket = web.WebSocketResponse(heartbeat=PING_EVERY)
        await socket.prepare(request)
        if len(self._sockets) >= MOST_CONNECTIONS:
            await socket.send_json(self._goodbye("too_many_websockets"))
            await socket.close()
            return socket
        self._sockets.append(socket)
        await socket.send_json(self._hello())
        self._arrival.set()
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._heard(frame.data)
        finally:
            self._gone(socket)
        return socket

    async def connected(self) -> None:
        """Wait until a websocket is open."""
        await self._arrival.wait()

    async def ask(self, kind: Kind, payload: JSON, retry: Retry = FIRST) -> Any:
        """Send a payload over one of the websockets and return the payload of its acknowledgement.

        Raises:
            NoAnswerError: none is open, it went away, or no acknowledgement came within three seconds.
        """
        if not self._sockets:
            raise NoAnswerError(is_connected=False)
        socket = self._sockets.pop(0)
        self._sockets.append(socket)
        envelope_id = str(uuid.uuid4())
        envelope: JSON = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind == "slash_commands" or payload.get("type") == "view_submission",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry.attempt, "retry_reason": retry.reason}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[envelope_id] = (socket, answer)
        try:
            async with self._clock.timeout(ANSWER_WITHIN):
                await socket.send_json(envelope)
                return await answer
        except (TimeoutError, ConnectionError):
            raise NoAnswerError(is_connected=True) from None
        finally:
            del self._answers[envelope_id]

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask the app to open new websockets and close the present ones, as Slack does every few hours."""
        for socket in list(self._sockets):
            await socket.send_json(self._goodbye(reason))
            await socket.close()

    async def close(self) -> None:
        """Close all websockets."""
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    def _heard(self, data: str) -> None:
        try:
            said = json.loads(data)
        except ValueError:
            return
        waiting = self._answers.get(said.get("envelope_id", "")) if isinstance(said, dict) else None
        if waiting and not waiting[1].done():
            waiting[1].set_result(said.get("payload"))

    def _gone(self, socket: web.WebSocketResponse) -> None:
        self._sockets.remove(socket)
        if not self._sockets:
            self._arrival.clear()
        for asked, answer in self._answers.values():
            if asked is socket and not answer.done():
                answer.set_exception(NoAnswerError(is_connected=False))

    def _hello(self) -> JSON:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP_ID},
        }

    def _goodbye(self, reason: str) -> JSON:
        return {
            "type": "disconnect",
            "reason": reason,
            "num_connections": len(self._sockets),
            "debug_info": {"host": "sandbox"},
            "connection_info": {"app_id": APP_ID},
        }
