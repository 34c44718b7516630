"""Slack's pace: one message a second per channel, short bursts tolerated."""

import math

from sandbox.state.clock import Clock

PER_SECOND = 1.0
BURST = 5


class Pace:
    """Counts messages per channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._channels: dict[str, tuple[float, float]] = {}

    def wait(self, channel_id: str) -> int:
        """Count a message and return 0, or return the whole seconds to wait before it may be sent."""
        now = self._clock.time()
        left, counted_at = self._channels.get(channel_id, (float(BURST), now))
        left = min(BURST, left + (now - counted_at) * PER_SECOND)
        if left < 1:
            self._channels[channel_id] = (left, now)
            return max(1, math.ceil((1 - left) / PER_SECOND))
        self._channels[channel_id] = (left - 1, now)
        return 0
