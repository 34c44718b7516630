"""What goes out: noted together with its deed, sent once, brought up to date where it stands."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlmodel import Session

from storage import delivery as stored
from storage.delivery import Delivery, DeliveryState, Inbound, counted, listed
from storage.delivery import Place as PlaceRow
from storage.people import Person
from storage.store import announce

__all__ = [
    "LEASE",
    "AlreadyDoneError",
    "Delivery",
    "DeliveryState",
    "Place",
    "cancel",
    "changed",
    "counted",
    "drop",
    "edited",
    "failed",
    "inherit",
    "listed",
    "name_places",
    "note",
    "once",
    "retry",
    "sent",
    "take",
    "unclear",
    "wait",
]

P = ParamSpec("P")
T = TypeVar("T")

# Longer than one message takes with all its look-ups and time-outs: who still holds a row may still send it.
LEASE: Final = timedelta(seconds=60)
MAX_TRIES: Final = 12
BATCH: Final = 100


class Place(StrEnum):
    """A channel by its purpose; the settings say which it is."""

    COMMS = "comms"
    REVIEW = "review"
    ADMIN = "admin"


class AlreadyDoneError(Exception):
    """What came in was done before: Slack sent it twice."""


def once(
    session: Session,
    inbound_id: str,
    now: datetime,
    deed: Callable[Concatenate[Session, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a deed and keep the id of what asked for it, in one transaction.

    Raises:
        AlreadyDoneError: that id acted before.
    """
    if session.get(Inbound, inbound_id):
        raise AlreadyDoneError(inbound_id)
    session.add(Inbound(id=inbound_id, received_at=now))
    return deed(session, *args, **kwargs)


def note(
    session: Session,
    kind: str,
    subject_id: int | None,
    *,
    to: Person | Place | str,
    now: datetime,
    key: str | None = None,
) -> Delivery:
    """Note that a message is to go out; a key noted before is not noted again.

    Args:
        session: the deed's own transaction.
        kind: which message, as the chat's renderers name it.
        subject_id: id of what it tells of.
        to: a person, a place, or the id of a channel or person in the chat.
        now: when it is due.
        key: what makes it one message; made of kind, subject and target if not given.
    """
    assert subject_id is not None
    target = to.chat_id if isinstance(to, Person) else _channel(session, to)
    place = to.value if isinstance(to, Place) else None
    key = key or f"{kind}:{subject_id}:{place or target}"
    known = stored.by_key(session, key)
    if known:
        return known
    row = Delivery(
        key=key,
        kind=kind,
        subject_id=subject_id,
        person_id=to.id if isinstance(to, Person) else None,
        target=target,
        place=place,
        due_at=now,
        created_at=now,
    )
    if not target:
        row.state, row.reason = DeliveryState.FAILED, f"no_channel_set:{to}"
    session.add(row)
    session.flush()
    announce(session, "deliveries")
    return row


def changed(
    session: Session, kind: str, subject_id: int | None, *, now: datetime, person_id: int | None = None
) -> None:
    """Bring the messages about something up to date; those not sent yet are rendered when they are.

    One in doubt counts as sent: it may be found in its channel with the words of before.
    """
    assert subject_id is not None
    if stored.edit_later(session, kind, subject_id, person_id=person_id, now=now):
        announce(session, "deliveries")


def cancel(session: Session, kind: str, subject_id: int, *, reason: str) -> None:
    """Withdraw the messages about something that are not on their way yet."""
    for row in stored.about(session, kind, subject_id):
        if row.state is DeliveryState.DUE:
            row.state, row.reason = DeliveryState.CANCELLED, reason


def take(session: Session, *, now: datetime) -> list[Delivery]:
    """Take what is due now, one message a target, for LEASE. Run it with `store.claim`."""
    return stored.take_due(session, now=now, lease=LEASE, limit=BATCH)


def inherit(session: Session, *, now: datetime) -> None:
    """Take over at once what a stopped process was sending; only for who knows to be the only one."""
    stored.end_leases(session, now=now)
    announce(session, "deliveries")


def sent(session: Session, delivery_id: int, *, channel_id: str, ts: str, now: datetime) -> None:
    """Note where a message stands now."""
    row = _row(session, delivery_id)
    row.state, row.channel_id, row.ts, row.sent_at = DeliveryState.SENT, channel_id, ts, now
    row.lease_until, row.in_doubt, row.tries, row.reason = None, False, 0, None


def edited(session: Session, delivery_id: int, *, asked_at: datetime | None, reason: str | None) -> None:
    """Note that a message shows what was true at `asked_at`; a later change is edited again.

    Args:
        session: the transaction.
        delivery_id: whose message.
        asked_at: `edit_due_at` as it was taken.
        reason: why it can't be edited any more, such as a person having deleted it.
    """
    row = _row(session, delivery_id)
    row.lease_until, row.tries, row.reason = None, 0, reason
    if row.edit_due_at == asked_at:
        row.edit_due_at = None


def wait(
    session: Session,
    delivery_id: int,
    *,
    now: datetime,
    delay: timedelta,
    reason: str,
    counts: bool = True,
) -> None:
    """Try again after `delay`; Slack said clearly that the message was not kept.

    Args:
        session: the transaction.
        delivery_id: whose message.
        now: moment of the refusal.
        delay: how long to wait.
        reason: what Slack said.
        counts: whether this was one of MAX_TRIES; being too fast is not.
    """
    row = _row(session, delivery_id)
    row.lease_until = None
    row.tries -= not counts
    if row.tries >= MAX_TRIES:
        _give_up(row, reason)
    elif row.state is DeliveryState.SENT:
        row.edit_due_at, row.reason = now + delay, reason
    else:
        row.state, row.due_at, row.reason = DeliveryState.DUE, now + delay, reason


def unclear(session: Session, delivery_id: int, *, now: datetime, delay: timedelta, reason: str) -> None:
    """Try again after `delay`, looking in the channel first: the message may have been kept."""
    wait(session, delivery_id, now=now, delay=delay, reason=reason)
    _row(session, delivery_id).in_doubt = True


def failed(session: Session, delivery_id: int, *, reason: str) -> None:
    """Give a message up; its reason is kept and `retry` brings it back."""
    _give_up(_row(session, delivery_id), reason)


def drop(session: Session, delivery_id: int, *, reason: str) -> None:
    """Cancel a taken message: what it was to say is no longer true."""
    row = _row(session, delivery_id)
    row.state, row.reason, row.lease_until = DeliveryState.CANCELLED, reason, None


def retry(session: Session, *, now: datetime) -> int:
    """Make all messages that were given up due again and return how many they are."""
    rows = stored.listed(session, state=DeliveryState.FAILED, limit=10_000)
    for row in rows:
        if row.place:
            # The settings may name another channel by now.
            row.target = _channel(session, Place(row.place))
        if row.target:
            row.state, row.due_at, row.tries, row.reason = DeliveryState.DUE, now, 0, None
    announce(session, "deliveries")
    return sum(row.state is DeliveryState.DUE for row in rows)


def name_places(session: Session, channels: dict[Place, str]) -> None:
    """Keep which channel serves which purpose."""
    for place, channel_id in channels.items():
        session.merge(PlaceRow(name=place, channel_id=channel_id))


def _channel(session: Session, to: Place | str) -> str:
    if not isinstance(to, Place):
        return to
    row = session.get(PlaceRow, to.value)
    return row.channel_id if row else ""


def _row(session: Session, delivery_id: int) -> Delivery:
    row = session.get(Delivery, delivery_id)
    assert row is not None
    return row


def _give_up(row: Delivery, reason: str) -> None:
    row.reason, row.lease_until, row.edit_due_at = reason, None, None
    if row.state is not DeliveryState.SENT:
        row.state = DeliveryState.FAILED
