"""What was to go to a target that is gone, and what was told of it."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.delivery import Delivery, DeliveryState
from storage.subscriptions import Subscription


def give_up_waiting(session: Session, target: str, reason: str) -> list[Delivery]:
    """Give up all messages that wait for a target and are not on their way; return them."""
    waiting = (
        update(Delivery)
        .where(
            col(Delivery.target) == target,
            col(Delivery.state) == DeliveryState.DUE,
            col(Delivery.wanted_at).is_not(None),
        )
        .values(state=DeliveryState.FAILED, reason=reason, wanted_at=None, edit_due_at=None, tries=0)
        .returning(Delivery)
    )
    return list(session.scalars(waiting))


def given_up(session: Session, target: str, reason: str, *, limit: int) -> list[Delivery]:
    """Return at most `limit` messages to a target that were given up for a reason, newest first."""
    query = (
        select(Delivery)
        .where(
            Delivery.target == target,
            Delivery.state == DeliveryState.FAILED,
            Delivery.reason == reason,
        )
        .order_by(col(Delivery.id).desc())
        .limit(limit)
    )
    return list(session.exec(query))


def last_noted_at(session: Session, kind: str, key: str) -> datetime | None:
    """Return when a message of a kind was last noted whose key begins so."""
    query = (
        select(Delivery.created_at)
        .where(Delivery.kind == kind, col(Delivery.key).startswith(key, autoescape=True))
        .order_by(col(Delivery.created_at).desc())
        .limit(1)
    )
    return session.exec(query).first()


def pause(session: Session, target: str, reason: str, *, now: datetime) -> list[Subscription]:
    """Pause the subscriptions of a target; return those that were not paused yet."""
    query = select(Subscription).where(Subscription.target == target, col(Subscription.paused_at).is_(None))
    found = list(session.exec(query.order_by(col(Subscription.id))))
    for subscription in found:
        subscription.paused_at, subscription.paused_reason = now, reason
    return found


def paused_together(session: Session, subscription: Subscription) -> list[Subscription]:
    """Return what was paused at the same moment as this, for the same target and maker."""
    query = select(Subscription).where(
        Subscription.target == subscription.target,
        Subscription.paused_at == subscription.paused_at,
        col(Subscription.person_id).is_not_distinct_from(subscription.person_id),
    )
    return list(session.exec(query.order_by(col(Subscription.id))))
