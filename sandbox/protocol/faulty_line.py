"""The line to the app with envelopes that come twice or late."""

import asyncio
from typing import Any

from sandbox.protocol.faults import Faults
from sandbox.protocol.line import ANSWER_WITHIN, FIRST, Kind, Line, NoAnswerError, Retry
from sandbox.state.clock import Clock
from sandbox.state.records import JSON


class FaultyLine:
    """Hands everything on to another line, as the faults want it."""

    def __init__(self, line: Line, faults: Faults, clock: Clock) -> None:
        self._line = line
        self._faults = faults
        self._clock = clock
        self._under_way: set[asyncio.Task[Any]] = set()

    async def ask(self, kind: Kind, payload: JSON, retry: Retry = FIRST) -> Any:
        """Send a payload, or a copy too, or send it later; whoever waits is told after three seconds.

        Raises:
            NoAnswerError: as the other line, and when a late one was not answered in time.
        """
        now = self._clock.time()
        if self._faults.is_double():
            self._spawn(now, kind, payload, retry)
        seconds = self._faults.lateness()
        if not seconds:
            return await self._line.ask(kind, payload, retry)
        late = self._spawn(now + seconds, kind, payload, retry)
        try:
            async with self._clock.timeout(ANSWER_WITHIN):
                return await asyncio.shield(late)
        except TimeoutError:
            raise NoAnswerError("timeout") from None

    async def connected(self) -> None:
        """Wait until the app is there."""
        await self._line.connected()

    async def close(self) -> None:
        """Forget what was still to be sent."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _spawn(self, at: float, kind: Kind, payload: JSON, retry: Retry) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(self._later(at, kind, payload, retry))
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    async def _later(self, at: float, kind: Kind, payload: JSON, retry: Retry) -> Any:
        await self._clock.sleep_until(at)
        return await self._line.ask(kind, payload, retry)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        # Whoever waited has been told; of a copy nobody wants to know.
        if not task.cancelled():
            task.exception()
