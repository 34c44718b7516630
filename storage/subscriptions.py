"""Who hears what: channels and people that a kind of news goes to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage import columns


class Topic(StrEnum):
    """What one can subscribe to."""

    POSTS = "posts"
    EVENTS = "events"


class Subscription(SQLModel, table=True):
    """One channel or person that hears of one kind of news, from one source or (without one) from all.

    `person_id` is who made it; None when it was made on the command line. A paused one says why.
    """

    __table_args__ = (UniqueConstraint("topic", "target", "source_id"),)

    id: int | None = Field(default=None, primary_key=True)
    topic: Topic = Field(sa_type=columns.choice(Topic))
    target: str
    source_id: int | None = Field(default=None, foreign_key="source.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    paused_at: datetime | None = None
    paused_reason: str | None = None
    created_at: datetime
    origin: str


def targets(session: Session, topic: Topic, *, source_id: int) -> list[str]:
    """Return the channels and people that hear of news from this source, each once."""
    query = (
        select(Subscription.target)
        .where(
            Subscription.topic == topic,
            col(Subscription.paused_at).is_(None),
            or_(col(Subscription.source_id).is_(None), col(Subscription.source_id) == source_id),
        )
        .distinct()
        .order_by(Subscription.target)
    )
    return list(session.exec(query))


def find(session: Session, topic: Topic, target: str, *, source_id: int | None) -> Subscription | None:
    """Return by what this channel or person hears of this topic from this source, or (None) from all."""
    query = select(Subscription).where(
        Subscription.topic == topic,
        Subscription.target == target,
        col(Subscription.source_id).is_not_distinct_from(source_id),
    )
    return session.exec(query).first()
