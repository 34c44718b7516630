"""The workspace's clock: the machine's own, until someone moves it on or makes it run faster."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

# Timestamps compare as text: their seconds have ten digits, which lasts until the year 2286.
END = 10**10


class Clock:
    """What time it is in the workspace.

    Message timestamps, lifetimes (of trigger ids, response URLs, tickets), pace and the waits between retries
    go by it. The signatures of HTTP requests go by the machine's own clock, so that an app takes them.
    """

    def __init__(self) -> None:
        """Start with the machine's time."""
        self._set_at = self._set_to = time.time()
        self._speed = 1.0
        self._moved = asyncio.Event()
        self._limits: set[asyncio.Timeout] = set()

    @property
    def speed(self) -> float:
        """Seconds of the workspace that pass in one second: above 0, and 1 unless it was set."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not 0 < speed < math.inf:
            raise ValueError(f"a clock goes forward, not at {speed} seconds a second")
        self._set(self.time(), speed)

    def time(self) -> float:
        """Return the present moment in seconds since 1970."""
        return self._set_to + (time.time() - self._set_at) * self._speed

    def micros(self) -> int:
        """Return the present moment in whole microseconds since 1970."""
        return int(self.time() * 1_000_000)

    def stamp(self) -> str:
        """Return the present moment as a timestamp such as `1795308890.532852`, which names no message."""
        return stamp(self.micros())

    def advance(self, seconds: float) -> None:
        """Move the clock on: what waits for a later moment happens when that has come, deadlines too.

        Raises:
            ValueError: that would be back, or further than timestamps reach.
        """
        if not 0 <= seconds < END - self.time():
            raise ValueError(f"a clock goes forward, not by {seconds} seconds")
        self._set(self.time() + seconds, self._speed)
        for limit in self._limits:
            when = limit.when()
            # One that has just been reached is on its way out and can't be moved.
            if when is not None and not limit.expired():
                limit.reschedule(when - seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds have passed in the workspace."""
        await self.sleep_until(self.time() + seconds)

    async def sleep_until(self, moment: float) -> None:
        """Wait until it is so late in the workspace."""
        while (left := moment - self.time()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left / self._speed)

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """Stop what is inside after so many seconds, or when the clock is moved past them.

        A faster clock gives an app no less time: it has three real seconds for its acknowledgement.

        Raises:
            TimeoutError: it was stopped.
        """
        async with asyncio.timeout(seconds) as limit:
            self._limits.add(limit)
            try:
                yield
            finally:
                self._limits.discard(limit)

    def _set(self, moment: float, speed: float) -> None:
        self._set_at, self._set_to, self._speed = time.time(), moment, speed
        self._moved.set()
        self._moved = asyncio.Event()


def stamp(micros: int) -> str:
    """Return microseconds since 1970 in the form of Slack's timestamps."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
