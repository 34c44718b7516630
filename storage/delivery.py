"""What goes out and what came in, so that each message is said once and each click acts once."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, and_, func, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns


class DeliveryState(StrEnum):
    """How far a message is. `sending` past its lease means: nobody knows, look in the channel first."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Delivery(SQLModel, table=True):
    """One message to one target about one thing, rendered when it is sent."""

    __table_args__ = (
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_kind_subject_id", "kind", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    subject_id: int
    person_id: int | None = Field(default=None, foreign_key="person.id")
    target: str = Field(index=True)
    place: str | None = None
    state: DeliveryState = Field(default=DeliveryState.DUE, sa_type=columns.choice(DeliveryState))
    due_at: datetime
    lease_until: datetime | None = None
    first_tried_at: datetime | None = None
    in_doubt: bool = False
    tries: int = 0
    reason: str | None = None
    channel_id: str | None = None
    ts: str | None = None
    sent_at: datetime | None = None
    edit_due_at: datetime | None = Field(default=None, index=True)
    created_at: datetime


class Inbound(SQLModel, table=True):
    """The id of something that came in and was done."""

    id: str = Field(primary_key=True)
    received_at: datetime = Field(index=True)


class Place(SQLModel, table=True):
    """The channel of a purpose (comms, review, admin), from the settings."""

    name: str = Field(primary_key=True)
    channel_id: str


def by_key(session: Session, key: str) -> Delivery | None:
    """Return the delivery with this key."""
    return session.exec(select(Delivery).where(Delivery.key == key)).first()


def about(session: Session, kind: str, subject_id: int, *, person_id: int | None = None) -> list[Delivery]:
    """Return the deliveries of one kind about one thing (to one person)."""
    query = select(Delivery).where(Delivery.kind == kind, Delivery.subject_id == subject_id)
    if person_id is not None:
        query = query.where(Delivery.person_id == person_id)
    return list(session.exec(query.order_by(col(Delivery.id))))


def take_due(session: Session, *, now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
    """Take at most `limit` deliveries to send or to edit, one a target, and hold them for `lease`.

    A row whose lease ran out is taken over as in doubt: its message may already stand in the channel.
    """
    busy = select(Delivery.target).where(
        Delivery.state == DeliveryState.SENDING, col(Delivery.lease_until) > now
    )
    query = (
        select(Delivery)
        .where(
            or_(
                and_(col(Delivery.state) == DeliveryState.DUE, col(Delivery.due_at) <= now),
                and_(col(Delivery.state) == DeliveryState.SENDING, col(Delivery.lease_until) <= now),
                and_(
                    col(Delivery.state) == DeliveryState.SENT,
                    col(Delivery.edit_due_at) <= now,
                    or_(col(Delivery.lease_until).is_(None), col(Delivery.lease_until) <= now),
                ),
            ),
            col(Delivery.target).not_in(busy),
        )
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken: dict[str, Delivery] = {}
    for row in session.exec(query):
        if row.target in taken:
            continue
        taken[row.target] = row
        row.lease_until = now + lease
        row.tries += 1
        if row.state is DeliveryState.SENT:
            continue
        row.in_doubt = row.in_doubt or row.state is DeliveryState.SENDING
        row.state = DeliveryState.SENDING
        row.first_tried_at = row.first_tried_at or now
    return list(taken.values())


def end_leases(session: Session, *, now: datetime) -> None:
    """Let every lease end now, whoever holds it."""
    held = col(Delivery.lease_until) > now
    session.execute(update(Delivery).where(held).values(lease_until=now))


def edit_later(session: Session, kind: str, subject_id: int, *, person_id: int | None, now: datetime) -> bool:
    """Ask for the messages about something that are out to be brought up to date; say whether there are any.

    One in doubt counts as out: it may be found in its channel with the words of before.
    """
    is_out = or_(
        col(Delivery.state).in_([DeliveryState.SENDING, DeliveryState.SENT]), col(Delivery.in_doubt).is_(True)
    )
    query = update(Delivery).where(col(Delivery.kind) == kind, col(Delivery.subject_id) == subject_id, is_out)
    if person_id is not None:
        query = query.where(col(Delivery.person_id) == person_id)
    asked = session.execute(query.values(edit_due_at=now).returning(col(Delivery.id)))
    return asked.first() is not None


def counted(session: Session) -> dict[DeliveryState, int]:
    """Return how many deliveries are in each state."""
    query = select(Delivery.state, func.count()).group_by(col(Delivery.state))
    return {DeliveryState(state): count for state, count in session.exec(query)}


def listed(session: Session, *, state: DeliveryState | None, limit: int) -> list[Delivery]:
    """Return at most `limit` deliveries, newest first, of one state or of all."""
    query = select(Delivery).order_by(col(Delivery.id).desc()).limit(limit)
    if state is not None:
        query = query.where(Delivery.state == state)
    return list(session.exec(query))
