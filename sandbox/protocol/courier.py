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
        """Begin to send an event; it is given up after the last retry, or when the app wants none."""
        task = asyncio.get_running_loop().create_task(self._deliver(payload))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Stop sending."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _deliver(self, payload: JSON) -> None:
        sent_at = self._clock.time()
        failure = await self._try(payload, FIRST)
        for attempt, pause in enumerate(RETRY_AFTER, start=1):
            if failure is None or not failure.may_repeat:
                return
            # Counted from when the event was sent, so that a clock moved on meanwhile is not moved in vain.
            await self._clock.sleep_until(sent_at + pause)
            await self._line.connected()
            sent_at = self._clock.time()
            failure = await self._try(payload, Retry(attempt, failure.reason))

    async def _try(self, payload: JSON, retry: Retry) -> NoAnswerError | None:
        try:
            await self._line.ask("events_api", payload, retry)
        except NoAnswerError as error:
            return error
        return None
