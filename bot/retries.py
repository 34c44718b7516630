"""Messages that were given up, tried once more because someone asks for it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import people
from bot.people import Person, Role
from storage import delivery as stored
from storage import lanes
from storage.delivery import Delivery, DeliveryState, Place, Rank
from storage.lanes import Work
from storage.store import announce

# The next call goes on with what is left.
MOST_RETRIED: Final = 10_000


def retry(
    session: Session, *, now: datetime, ids: Collection[int] = (), by: Person | None = None
) -> list[int]:
    """Make messages that were given up due again, with these ids or all, and return which they are.

    Raises:
        NotAllowedError: `by` is no administrator; None is someone at the command line.
    """
    if by is not None:
        people.require(session, by, Role.ADMIN)
    if ids:
        rows = [row for row in stored.of_ids(session, sorted(ids)) if row.state is DeliveryState.FAILED]
    else:
        rows = stored.listed(session, state=DeliveryState.FAILED, limit=MOST_RETRIED)
    tried = [row.id for row in sorted(rows, key=lambda row: row.target) if _try_again(session, row, now=now)]
    announce(session, "deliveries")
    return sorted(found for found in tried if found is not None)


def _try_again(session: Session, row: Delivery, *, now: datetime) -> bool:
    """Let one message wait anew, where its place is now; say whether there is such a channel."""
    if row.place:
        # The settings may name another channel by now.
        place = session.get(Place, row.place)
        row.target = place.channel_id if place else ""
    if not row.target:
        return False
    row.state, row.due_at, row.wanted_at, row.tries, row.reason = DeliveryState.DUE, now, now, 0, None
    session.flush()
    lanes.queue(session, row.target, Work.POST, rank=Rank(row.rank), at=now)
    return True
