"""The websockets an app has open, and what happens to them."""

import asyncio
from contextlib import suppress
from typing import Literal

from aiohttp import WSCloseCode

from sandbox.protocol.websocket import Connection
from sandbox.state.app import APP_ID
from sandbox.state.clock import Clock
from sandbox.state.records import JSON

Farewell = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]
# A connection is asked for a sign of life so often, and ends when none comes within half of that again.
PING_EVERY = 15.0
SILENCE = PING_EVERY * 1.5
# What Slack's hello calls `approximate_connection_time`
# (docs.slack.dev/apis/events-api/using-socket-mode).
LIFE = 18060.0
# The warning comes "approximately 10 seconds" before the end; as long a leaving connection is let be.
WARNED_BEFORE = 10.0


class Connections:
    """The app's websockets: they live for some hours, are warned, sent away, broken and held up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._is_enabled = True
        self._open: list[Connection] = []
        self._arrival = asyncio.Event()

    @property
    def connections(self) -> int:
        """How many websockets are open."""
        return len(self._open)

    async def connected(self) -> None:
        """Wait until a websocket is open that takes envelopes."""
        await self._arrival.wait()

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

    def _next(self) -> Connection | None:
        """Return the connection whose turn it is."""
        connection = next((one for one in self._open if not one.is_leaving), None)
        if connection is not None:
            self._open.remove(connection)
            self._open.append(connection)
        return connection

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
