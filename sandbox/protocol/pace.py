"""Slack's pace: how often each method may be called; docs.slack.dev/apis/web-api/rate-limits."""

import math

from sandbox.protocol.contract import CONTRACT
from sandbox.state.clock import Clock

MINUTE = 60.0
# Calls a minute by tier. "Hundreds per minute" is the word for the three with a tier of their own.
PER_MINUTE = {
    "Tier1": 1,
    "Tier2": 20,
    "Tier3": 50,
    "Tier4": 100,
    "auth.test": 300,
    "chat.getPermalink": 300,
    "chat.postMessage": 300,
}
# "A small amount of burst behavior is tolerated": apps open several websockets, and open them again.
BURSTS = {"apps.connections.open": 10}
# "One message per second per channel"; a message that is on its way a little sooner is not held back.
BETWEEN_MESSAGES = 0.9


class RateLimitedError(Exception):
    """Too fast; the app is to wait `retry_after` seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.retry_after = max(1, math.ceil(seconds))


class _Bucket:
    """Full of calls at first, and filled up again by and by."""

    def __init__(self, most: int, per_minute: int, now: float) -> None:
        self._most = float(most)
        self._per_second = per_minute / MINUTE
        self._left, self._counted_at = self._most, now

    def take(self, now: float) -> float:
        """Take one call and return 0, or return the seconds until there will be one."""
        refilled = self._left + (now - self._counted_at) * self._per_second
        self._left, self._counted_at = min(self._most, refilled), now
        if self._left < 1:
            return (1 - self._left) / self._per_second
        self._left -= 1
        return 0.0


class Pace:
    """Counts calls per method, and messages per channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._methods: dict[str, _Bucket] = {}
        self._said_at: dict[str, float] = {}

    def count(self, method: str) -> None:
        """Count a call of a method.

        Raises:
            RateLimitedError: there were too many.
        """
        now = self._clock.time()
        if method not in self._methods:
            per_minute = PER_MINUTE[CONTRACT[method].tier]
            self._methods[method] = _Bucket(BURSTS.get(method, per_minute), per_minute, now)
        seconds = self._methods[method].take(now)
        if seconds:
            raise RateLimitedError(seconds)

    def count_message(self, channel_id: str) -> None:
        """Count a message in a channel.

        Raises:
            RateLimitedError: it comes too soon after the one before.
        """
        now = self._clock.time()
        seconds = self._said_at.get(channel_id, 0.0) + BETWEEN_MESSAGES - now
        if seconds > 0:
            raise RateLimitedError(seconds)
        self._said_at[channel_id] = now
