"""How often the assistant may look whether a message is in its channel, shared by all its processes."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import pace, sending

METHOD: Final = "conversations.history"
# docs.slack.dev/apis/web-api/rate-limits: "50+ per minute" (tier 3).
PER_MINUTE: Final = 50.0


def begin(session: Session, *, per_minute: float, now: datetime) -> datetime | None:
    """Count a look-up that is about to begin, or return until when it has to wait. Run it with `claim`."""
    allowance = pace.Allowance(session, now=now, start={METHOD: per_minute})
    if allowance.left(METHOD, is_urgent=False):
        allowance.spend(METHOD, 1)
        return None
    return allowance.ready_at(METHOD)


def slowed(session: Session, delivery_id: int, *, retry_after: timedelta, reason: str, now: datetime) -> None:
    """Slack wants patience with look-ups: the message waits for its own, others are sent meanwhile."""
    pace.slow_down(session, METHOD, retry_after=retry_after, now=now)
    sending.put_back(session, delivery_id, until=now + retry_after, reason=reason, now=now)
