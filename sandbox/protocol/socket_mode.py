"""Socket Mode: tickets, websockets, envelopes and their acknowledgements."""

import asyncio
import logging
import secrets
import uuid
from contextlib import suppress
from typing import Any, Literal, NamedTuple

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from sandbox.protocol.arguments import loaded
from sandbox.protocol.line import ANSWER_WITHIN, FIRST, Kind, NoAnswerError, Retry, takes_answer
from sandbox.protocol.websocket import Connection
from sandbox.state.app import APP_ID
from sandbox.state.clock import Clock
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON

Farewell = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]
# "Socket Mode allows your app to maintain up to 10 open WebSocket connections at the same time."
MOST_CONNECTIONS = 10
TICKET_LIFETIME = 30.0
# A connection is asked for a sign of life so often, and ends when none comes within half of that again.
PING_EVERY = 15.0
SILENCE = PING_EVERY * 1.5
# What Slack's hello calls `approximate_connection_time`, and its length with `debug_reconnects=true`
# (docs.slack.dev/apis/events-api/using-socket-mode).
LIFE = 18060.0
SHORT_LIFE = 360.0
# The warning comes "approximately 10 seconds" before the end; as long a leaving connection is let be.
WARNED_BEFORE = 10.0
CLOSE_WITHIN = 1.0

log = logging.getLogger(__name__)


class Asked(NamedTuple):
    """An envelope that is under way: over which connection, and its acknowledgement (None: it broke)."""

    connection: Connection
    answer: asyncio.Future[JSON | None]


class SocketMode:
    """The app's websockets; each payload goes to one of them in turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._is_enabled = True
        self._tickets: dict[str, float] = {}
        self._open: list[Connection] = []
        self._asked: dict[str, Asked] = {}
        self._arrival = asyncio.Event()

    @property
    def connections(self) -> int:
        """How many websockets are open."""
        return len(self._open)

    def ticket(self) -> str:
        """Return a ticket that lets one websocket in, within 30 seconds.

        Raises:
            RefusedError: `invalid_auth`, when Socket Mode was switched off.
        """
        if not self._is_enabled:
            raise RefusedError("invalid_auth")
        now = self._clock.time()
        self._tickets = {key: at for key, at in self._tickets.items() if now - at <= TICKET_LIFETIME}
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = now
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold a websocket that an app opens at the address from `apps.connections.open`."""
        issued_at = self._tickets.pop(request.query.get("ticket", ""), None)
        if issued_at is None or self._clock.time() - issued_at > TICKET_LIFETIME:
            return web.Response(status=404)
        socket = web.WebSocketResponse(heartbeat=PING_EVERY, timeout=CLOSE_WITHIN)
        await socket.prepare(request)
        if request.transport is None:
            return socket
        connection = Connection(socket, request.transport)
        if len(self._open) >= MOST_CONNECTIONS:
            await self._tell(connection, reason="too_many_websockets")
            await connection.close()
            return socket
        self._open.append(connection)
        life = SHORT_LIFE if request.query.get("debug_reconnects") == "true" else LIFE
        connection.plan(self._live(connection, self._clock.time() + life))
        try:
            await connection.send(self._hello(life))
            self._arrival.set()
            async for frame in socket:
                self._heard(frame)
        finally:
            self._gone(connection)
        return socket

    async def connected(self) -> None:
        """Wait until a websocket is open that takes envelopes."""
        await self._arrival.wait()

    async def ask(self, kind: Kind, payload: JSON, retry: Retry = FIRST) -> Any:
        """Send a payload over one of the websockets and return the payload of its acknowledgement.

        Raises:
            NoAnswerError: none is open, it went away, no acknowledgement came within three seconds, or one
                that says something other than a JSON object.
        """
        connection = self._next()
        if connection is None:
            raise NoAnswerError("connection_failed")
        is_answered = takes_answer(kind, payload)
        envelope_id = str(uuid.uuid4())
        envelope: JSON = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": is_answered,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry.attempt, "retry_reason": retry.reason}
        asked = Asked(connection, asyncio.get_running_loop().create_future())
        self._asked[envelope_id] = asked
        try:
            async with self._clock.timeout(ANSWER_WITHIN):
                await connection.send(envelope)
                said = await asked.answer
        except TimeoutError:
            raise NoAnswerError("timeout") from None
        except ConnectionError:
            raise NoAnswerError("connection_failed") from None
        finally:
            del self._asked[envelope_id]
        if said is None:
            raise NoAnswerError("connection_failed")
        answer = said.get("payload") or None
        if not is_answered or answer is None:
            return None
        if not isinstance(answer, dict):
            log.warning("Socket Mode: the payload for envelope %s is no object", envelope_id)
            raise NoAnswerError("unknown_error")
        return answer

    # What happens to connections

    async def warn(self) -> None:
        """Tell the app that its websockets end in about ten seconds of the clock; they then do."""
        for connection in self._open:
            connection.plan(self._end(connection, self._clock.time() + WARNED_BEFORE))
        await self._tell(*self._open, reason="warning")

    async def refresh(self) -> None:
        """Ask the app to open new websockets, as Slack does every few hours; the present ones get no more."""
        await self._dismiss_all("refresh_requested")

    async def disable(self) -> None:
        """Switch Socket Mode off, or take the app's own token back: no more websockets."""
        self._is_enabled = False
        await self._dismiss_all("link_disabled")

    def enable(self) -> None:
        """Switch Socket Mode on again."""
        self._is_enabled = True

    def unlink(self) -> None:
        """Send the present websockets away because the app was removed from the workspace."""
        for connection in self._open:
            connection.plan(self._dismiss(connection, "link_disabled"))

    def drop(self) -> None:
        """Break all present connections without a word."""
        for connection in self._open:
            connection.drop()

    def stall(self) -> None:
        """Let nothing get through the present connections any more, as when a cable is pulled.

        It is noticed after three seconds by what is not acknowledged, and in the end by the missing pong.
        """
        for connection in self._open:
            connection.stall()
            if not connection.is_leaving:
                connection.plan(self._notice_silence(connection, self._clock.time() + SILENCE))

    async def resume(self) -> None:
        """Let everything get through the stalled connections that are still there."""
        for connection in list(self._open):
            if connection.is_stalled:
                if not connection.is_leaving:
                    connection.plan(self._live(connection, self._clock.time() + LIFE))
                await connection.resume()

    async def close(self) -> None:
        """Close all websockets."""
        await asyncio.gather(*(connection.close(WSCloseCode.GOING_AWAY) for connection in self._open))

    async def _live(self, connection: Connection, until: float) -> None:
        await self._clock.sleep_until(until - WARNED_BEFORE)
        await self._tell(connection, reason="warning")
        await self._end(connection, until)

    async def _end(self, connection: Connection, at: float) -> None:
        await self._clock.sleep_until(at)
        await self._dismiss(connection, "refresh_requested")

    async def _dismiss_all(self, reason: Farewell) -> None:
        for connection in self._open:
            self._pass_over(connection)
            connection.plan(self._let_go(connection, self._clock.time() + WARNED_BEFORE))
        await self._tell(*self._open, reason=reason)

    async def _dismiss(self, connection: Connection, reason: Farewell) -> None:
        self._pass_over(connection)
        await self._tell(connection, reason=reason)
        await self._let_go(connection, self._clock.time() + WARNED_BEFORE)

    async def _let_go(self, connection: Connection, at: float) -> None:
        await self._clock.sleep_until(at)
        await connection.close()

    async def _tell(self, *connections: Connection, reason: Farewell) -> None:
        for connection in connections:
            with suppress(ConnectionError):
                await connection.send(self._farewell(reason))

    async def _notice_silence(self, connection: Connection, at: float) -> None:
        await self._clock.sleep_until(at)
        connection.drop()

    def _pass_over(self, connection: Connection) -> None:
        connection.is_leaving = True
        self._note_departure()

    def _next(self) -> Connection | None:
        """Return the connection whose turn it is."""
        connection = next((one for one in self._open if not one.is_leaving), None)
        if connection is not None:
            self._open.remove(connection)
            self._open.append(connection)
        return connection

    def _heard(self, frame: WSMessage) -> None:
        said = _object(frame)
        envelope_id = said.get("envelope_id") if said else None
        if said is None or not isinstance(envelope_id, str):
            log.warning("Socket Mode: a frame of %s that acknowledges nothing", APP_ID)
            return
        asked = self._asked.get(envelope_id)
        if asked is None or asked.answer.done():
            log.warning("Socket Mode: an acknowledgement nobody waits for, envelope %.40r", envelope_id)
            return
        asked.answer.set_result(said)

    def _gone(self, connection: Connection) -> None:
        self._open.remove(connection)
        connection.forget_plan()
        self._note_departure()
        # Bolt acknowledges over its newest connection what came over one that was told to leave.
        if connection.is_leaving:
            return
        for asked in self._asked.values():
            if asked.connection is connection and not asked.answer.done():
                asked.answer.set_result(None)

    def _note_departure(self) -> None:
        if all(connection.is_leaving for connection in self._open):
            self._arrival.clear()

    def _hello(self, life: float) -> JSON:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": int(life),
            },
            "connection_info": {"app_id": APP_ID},
        }

    def _farewell(self, reason: Farewell) -> JSON:
        return {
            "type": "disconnect",
            "reason": reason,
            "num_connections": len(self._open),
            "debug_info": {"host": "sandbox"},
            "connection_info": {"app_id": APP_ID},
        }


def _object(frame: WSMessage) -> JSON | None:
    """Return the JSON object in a frame, if it holds one."""
    if frame.type is not WSMsgType.TEXT:
        return None
    try:
        said = loaded(frame.data)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
