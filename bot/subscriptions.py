"""Who hears what: channels and people, and the news that goes to them."""

from datetime import datetime

from sqlmodel import Session

from bot import delivery
from storage import subscriptions as stored
from storage.sources import SourceKind
from storage.subscriptions import Subscription, Topic

__all__ = ["Subscription", "Topic", "subscribe", "tell", "topic_of"]


def subscribe(
    session: Session,
    topic: Topic,
    target: str,
    *,
    now: datetime,
    source_id: int | None = None,
    origin: str = "chat",
) -> None:
    """Let a channel or person hear of a topic (from one source) from now on; twice changes nothing more."""
    if not stored.exists(session, topic, target, source_id=source_id):
        session.add(
            Subscription(topic=topic, target=target, source_id=source_id, created_at=now, origin=origin)
        )
        session.flush()


def topic_of(kind: SourceKind) -> Topic:
    """Return what a source of this kind brings."""
    return Topic.POSTS if kind is SourceKind.FEED else Topic.EVENTS


def tell(
    session: Session, topic: Topic, kind: str, subject_id: int | None, *, source_id: int, now: datetime
) -> None:
    """Note one message about something new for each channel and person that hears of it."""
    for target in stored.targets(session, topic, source_id=source_id):
        delivery.note(session, kind, subject_id, to=target, now=now)
