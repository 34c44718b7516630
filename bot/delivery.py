"""What goes out: noted together with its deed, sent once, brought up to date where it stands."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlmodel import Session

from storage import delivery as stored
from storage import lanes
from storage.delivery import Delivery, DeliveryState, Rank, Taken, at, counted, folded, listed, of_keys
from storage.delivery import Place as PlaceRow
from storage.lanes import Work
from storage.people import Person
from storage.store import announce

__all__ = [
    "AlreadyDoneError",
    "Delivery",
    "DeliveryState",
    "Place",
    "Rank",
    "Taken",
    "at",
    "cancel",
    "cancelled",
    "changed",
    "counted",
    "folded",
    "forget_inbound",
    "given_up",
    "key_of",
    "listed",
    "name_places",
    "note",
    "note_overview",
    "of_keys",
    "once",
]

P = ParamSpec("P")
T = TypeVar("T")

# Why a message is not sent by itself: an overview tells of it.
FOLDED: Final = "folded"
INBOUND_KEPT: Final = timedelta(days=7)


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
    if not stored.keep_inbound(session, inbound_id, now=now):
        raise AlreadyDoneError(inbound_id)
    return deed(session, *args, **kwargs)


def note(
    session: Session,
    kind: str,
    subject_id: int | None,
    *,
    to: Person | Place | str,
    now: datetime,
    key: str | None = None,
    rank: Rank = Rank.NORMAL,
    thread_ts: str | None = None,
    layout: str | None = None,
    due_at: datetime | None = None,
) -> Delivery:
    """Note that a message is to go out; a key noted before is not noted again.

    Args:
        session: the deed's own transaction.
        kind: which message, as the chat's renderers name it.
        subject_id: id of what it tells of.
        to: a person, a place, or the id of a channel or person in the chat.
        now: this moment.
        key: what makes it one message; made of kind, subject and target if not given.
        rank: whether it goes before others that wait.
        thread_ts: the message in whose thread it is said.
        layout: how it is to look, where it can look in several ways.
        due_at: when it is due, if not now.
    """
    due_at = due_at or now
    assert subject_id is not None
    target = to.chat_id if isinstance(to, Person) else _channel(session, to)
    place = to.value if isinstance(to, Place) else None
    key = key or key_of(kind, subject_id, place or target)
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
        thread_ts=thread_ts,
        layout=layout,
        rank=rank,
        due_at=due_at,
        wanted_at=due_at,
        created_at=now,
    )
    session.add(row)
    if target:
        lanes.queue(session, target, Work.POST, rank=rank, at=due_at)
    else:
        given_up(row, f"no_channel_set:{to}")
    session.flush()
    announce(session, "deliveries")
    return row


def note_overview(
    session: Session,
    kind: str,
    subject_id: int | None,
    news: Sequence[tuple[str, int]],
    *,
    to: Person | str,
    key: str,
    now: datetime,
) -> Delivery:
    """Note one message that tells of several things: each counts as said there, by its kind and id.

    What was said there already stays as it is.
    """
    overview = note(session, kind, subject_id, to=to, now=now, key=key, rank=Rank.BULK)
    keys = {key_of(*item, overview.target): item for item in news}
    known = of_keys(session, keys)
    for item_key, (item_kind, item_id) in keys.items():
        if item_key in known:
            continue
        session.add(
            Delivery(
                key=item_key,
                kind=item_kind,
                subject_id=item_id,
                person_id=overview.person_id,
                target=overview.target,
                state=DeliveryState.CANCELLED,
                reason=FOLDED,
                rank=Rank.BULK,
                due_at=now,
                overview_id=overview.id,
                created_at=now,
            )
        )
    session.flush()
    return overview


def key_of(kind: str, subject_id: int, target: str) -> str:
    """Return what makes a message about something to a target one message."""
    return f"{kind}:{subject_id}:{target}"


def changed(
    session: Session, kind: str, subject_id: int | None, *, now: datetime, person_id: int | None = None
) -> None:
    """Bring the messages about something up to date; those not sent yet are rendered when they are.

    One in doubt counts as sent: it may be found in its channel with the words of before.
    """
    assert subject_id is not None
    targets = stored.edit_later(session, kind, subject_id, person_id=person_id, now=now)
    if targets:
        for target in targets:
            lanes.queue(session, target, Work.EDIT, rank=Rank.NORMAL, at=now)
        announce(session, "deliveries")


def cancel(session: Session, kind: str, subject_id: int, *, reason: str) -> None:
    """Withdraw the messages about something that are not on their way yet."""
    for row in stored.about(session, kind, subject_id):
        if row.state is DeliveryState.DUE:
            cancelled(row, reason)


def forget_inbound(session: Session, *, now: datetime) -> int:
    """Forget what came in long ago: Slack sends nothing again after an hour."""
    return stored.forget_inbound(session, before=now - INBOUND_KEPT)


def name_places(session: Session, channels: dict[Place, str]) -> None:
    """Keep which channel serves which purpose."""
    for place, channel_id in channels.items():
        session.merge(PlaceRow(name=place, channel_id=channel_id))


def _channel(session: Session, to: Place | str) -> str:
    if not isinstance(to, Place):
        return to
    row = session.get(PlaceRow, to.value)
    return row.channel_id if row else ""


def cancelled(row: Delivery, reason: str) -> None:
    """Mark a message that is not to be said."""
    row.state, row.reason, row.wanted_at = DeliveryState.CANCELLED, reason, None


def given_up(row: Delivery, reason: str) -> None:
    """Mark a message that could not be said (or edited); its reason is kept."""
    row.reason, row.wanted_at, row.edit_due_at, row.tries = reason, None, None, 0
    if row.state is not DeliveryState.SENT:
        row.state = DeliveryState.FAILED
