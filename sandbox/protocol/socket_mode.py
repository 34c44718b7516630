"""Socket Mode: tickets, websockets, envelopes and their acknowledgements."""

import asyncio
import logging
import secrets
import uuid
from typing import Any, NamedTuple

from aiohttp import WSMessage, WSMsgType, web

from sandbox.protocol.arguments import loaded
from sandbox.protocol.connections import LIFE, PING_EVERY, Connections
from sandbox.protocol.line import ANSWER_WITHIN, FIRST, Kind, NoAnswerError, Retry, takes_answer
from sandbox.protocol.websocket import Connection
from sandbox.state.app import APP_ID
from sandbox.state.clock import Clock
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON

# "Socket Mode allows your app to maintain up to 10 open WebSocket connections at the same time."
MOST_CONNECTIONS = 10
TICKET_LIFETIME = 30.0
# With `debug_reconnects=true`; docs.slack.dev/apis/events-api/using-socket-mode.
SHORT_LIFE = 360.0
CLOSE_WITHIN = 1.0

log = logging.getLogger(__name__)


class UnderWay(NamedTuple):
    """An envelope that is under way: over which connection, and its acknowledgement (None: it broke)."""

    connection: Connection
    answer: asyncio.Future[JSON | None]


class SocketMode(Connections):
    """The app's websockets; each payload goes to one of them in turn."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._tickets: dict[str, float] = {}
        self._asked: dict[str, UnderWay] = {}

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
        asked = UnderWay(connection, asyncio.get_running_loop().create_future())
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


def _object(frame: WSMessage) -> JSON | None:
    """Return the JSON object in a frame, if it holds one."""
    if frame.type is not WSMsgType.TEXT:
        return None
    try:
        said = loaded(frame.data)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
