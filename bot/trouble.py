"""Messages that are given up, and how the administrators hear of it: now and then, never in circles."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import delivery, people, sending
from bot.delivery import Delivery, DeliveryState, Place
from bot.people import Role
from storage import delivery as stored
from storage import departures as asked
from storage.delivery import Place as PlaceRow

KIND: Final = "delivery_trouble"
PAUSED: Final = "subscription_paused"
LEFT: Final = "person_left"
SOURCE_DOWN: Final = "source_down"
SOURCE_BACK: Final = "source_back"
# What tells of trouble never causes another telling.
NOTICES: Final = frozenset({KIND, PAUSED, LEFT, SOURCE_DOWN, SOURCE_BACK})
TOLD_EVERY: Final = timedelta(hours=1)
MOST_REASONS: Final = 10


def failed(session: Session, delivery_id: int, *, reason: str, now: datetime) -> None:
    """Give a message up and let the administrators know; `retry` brings it back."""
    sending.failed(session, delivery_id, reason=reason, now=now)
    tell(session, delivery_id, now=now)


def unclear(
    session: Session, delivery_id: int, *, now: datetime, delay: timedelta, reason: str, is_ours: bool = False
) -> None:
    """Try again after `delay`; once that has gone on for too long, let the administrators know."""
    sending.unclear(session, delivery_id, now=now, delay=delay, reason=reason, is_ours=is_ours)
    row = session.get(Delivery, delivery_id)
    if row is not None and row.state is DeliveryState.FAILED:
        tell(session, delivery_id, now=now)


def tell(session: Session, delivery_id: int, *, now: datetime) -> None:
    """Note a message to the administrators about one that was given up, for each reason once an hour.

    A notice that can't reach the administrators' channel goes to them one by one instead.
    """
    row = session.get(Delivery, delivery_id)
    assert row is not None
    if row.kind in NOTICES:
        if row.place:
            to_admins(session, row.kind, row.subject_id, key=row.key, now=now, instead_of=row.target)
        return
    key = f"{KIND}:{row.reason}:"
    last_at = asked.last_noted_at(session, KIND, key)
    if last_at is None or now - last_at >= TOLD_EVERY:
        to_admins(session, KIND, delivery_id, key=f"{key}{now.isoformat()}", now=now, instead_of=row.target)


def to_admins(
    session: Session, kind: str, subject_id: int, *, key: str, now: datetime, instead_of: str = ""
) -> bool:
    """Note a message to the administrators' channel, or to each of them; say whether it is new.

    Args:
        session: the deed's own transaction.
        kind: which message.
        subject_id: what it tells of.
        key: what makes it one message, whoever of them it goes to.
        now: when it is due.
        instead_of: a channel in which nothing can be said.
    """
    session.flush()
    channel = session.get(PlaceRow, Place.ADMIN.value)
    if channel and channel.channel_id and channel.channel_id != instead_of:
        is_new = stored.by_key(session, key) is None
        delivery.note(session, kind, subject_id, to=Place.ADMIN, key=key, now=now)
        return is_new
    is_new = False
    for person, roles in people.with_roles(session):
        if Role.ADMIN in roles and person.inactive_at is None:
            of_person = f"{key}:{person.chat_id}"
            is_new |= stored.by_key(session, of_person) is None
            delivery.note(session, kind, subject_id, to=person, key=of_person, now=now)
    return is_new


def reasons(session: Session) -> list[tuple[str, int]] | None:
    """Return why messages were given up that nobody has tried again, with their number; None without any."""
    return stored.reasons(session, DeliveryState.FAILED, limit=MOST_REASONS) or None
