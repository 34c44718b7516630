"""Carries events to the app, again and again while they are not acknowledged."""

import asyncio

from sandbox.protocol.line import FIRST, Line, NoAnswerError, Retry
from sandbox.state.clock import Clock
from sandbox.state.records import JSON

# docs.slack.dev/apis/events-api: tried again "nearly immediately", after a minute and after five.
RETRY_AFTER = (0.0, 60.0, 300.0)


class Courier:
    """Sends each event on its own, at once."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, payload: JSON) -> None:
        """Begin to send an event; it is given up after the last retry."""
        task = asyncio.get_running_loop().create_task(self._deliver(payload))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Stop sending."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _deliver(self, payload: JSON) -> None:
        retry = FIRST
        for attempt, pause in enumerate((*RETRY_AFTER, None), start=1):
            try:
                await self._line.ask("events_api", payload, retry)
            except NoAnswerError as error:
                retry = Retry(attempt, "timeout" if error.is_connected else "connection_failed")
                if pause is None:
                    return
                await self._clock.sleep(pause)
                await self._line.connected()
            else:
                return
