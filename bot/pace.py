"""How fast the assistant may call Slack: a pace for each method, shared by all its processes."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from storage import pace as stored
from storage.pace import Pace

POST: Final = "chat.postMessage"
EDIT: Final = "chat.update"
# docs.slack.dev/apis/web-api/rate-limits: "several hundred messages per minute" for the workspace, and
# "50+ per minute" (tier 3) for changing them.
START: Final = {POST: 300.0, EDIT: 50.0}
FASTEST: Final = {POST: 600.0, EDIT: 100.0}
SLOWEST: Final = 10.0
# So many calls may be made at once: what one click changes is brought up to date together.
BURST: Final = 10.0
BURST_S: Final = 2.0
# What is urgent may go although the pace is used up; the others then wait a little longer.
OVERDRAFT: Final = 20.0
# One 429 comes seldom alone: those within this time ask for the same halving.
SAME_REFUSAL: Final = timedelta(seconds=10)
# A token that lacks a millionth is one: moments are counted in microseconds.
ROUNDING: Final = 1e-4
FASTER_EVERY: Final = timedelta(minutes=1)
FASTER_BY: Final = 1.1


class Allowance:
    """What may be called at this moment; to be used within the transaction it was made in."""

    def __init__(self, session: Session, *, now: datetime, start: dict[str, float] = START) -> None:
        """Count what has come anew since the last time."""
        self._now = now
        known = stored.of_methods(session, start)
        if len(known) < len(start):
            known = stored.begin(session, [_first(method, start[method], now) for method in start])
        self._paces = known
        for pace in known.values():
            _count(pace, now, fastest=max(start[pace.method], FASTEST.get(pace.method, 0)))

    def left(self, method: str, *, is_urgent: bool) -> int:
        """Return how many calls of a method may begin now."""
        pace = self._paces[method]
        if pace.free_at and pace.free_at > self._now:
            return 0
        return max(0, int(pace.tokens + OVERDRAFT * is_urgent + ROUNDING))

    def spend(self, method: str, calls: int) -> None:
        """Count calls that are about to begin."""
        self._paces[method].tokens -= calls

    def ready_at(self, method: str) -> datetime:
        """Return when the next call of a method may begin that is not urgent."""
        pace = self._paces[method]
        missing = max(0.0, 1 - pace.tokens)
        at = self._now + timedelta(minutes=missing / pace.per_minute)
        return max(at, pace.free_at or at)


def slow_down(session: Session, method: str, *, retry_after: timedelta, now: datetime) -> None:
    """Slack asked for patience: call nothing of this method until then, and afterwards at half the pace."""
    pace = stored.of_methods(session, [method]).get(method)
    if pace is None:
        return
    pace.free_at = max(pace.free_at or now, now + retry_after)
    if now - pace.changed_at >= SAME_REFUSAL:
        pace.per_minute, pace.changed_at = max(SLOWEST, pace.per_minute / 2), now


def _first(method: str, per_minute: float, now: datetime) -> Pace:
    return Pace(
        method=method,
        per_minute=per_minute,
        tokens=_most(per_minute),
        counted_at=now,
        changed_at=now - SAME_REFUSAL,
    )


def _count(pace: Pace, now: datetime, *, fastest: float) -> None:
    """Add what has come since the pace was last counted, and let it grow again after a quiet minute."""
    minutes = max(0.0, (now - pace.counted_at) / timedelta(minutes=1))
    pace.tokens = min(_most(pace.per_minute), pace.tokens + minutes * pace.per_minute)
    # Another process's clock may be ahead of ours: no second is counted twice.
    pace.counted_at = max(pace.counted_at, now)
    if now - pace.changed_at >= FASTER_EVERY:
        pace.per_minute, pace.changed_at = min(fastest, pace.per_minute * FASTER_BY), now


def _most(per_minute: float) -> float:
    return max(BURST, per_minute / 60 * BURST_S)
