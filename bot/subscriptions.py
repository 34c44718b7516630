"""Who hears what: channels and people, and the news that goes to them."""

from datetime import datetime

from sqlmodel import Session

from bot import delivery, people
from bot.people import Person
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
    by: Person | None = None,
    origin: str = "chat",
) -> None:
    """Let a channel or person hear of a topic (from one source) from now on; twice changes nothing more.

    One that was paused goes on again.
    """
    found = stored.find(session, topic, target, source_id=source_id)
    if found is None:
        found = Subscription(topic=topic, target=target, source_id=source_id, created_at=now, origin=origin)
        session.add(found)
    if by is not None:
        found.person_id = by.id
    found.paused_at = found.paused_reason = None
    session.flush()


def topic_of(kind: SourceKind) -> Topic | None:
    """Return what a source of this kind brings; comments go where their post was announced."""
    if kind is SourceKind.COMMENTS:
        return None
    return Topic.EVENTS if kind in {SourceKind.CALENDAR, SourceKind.EVENT_PAGE} else Topic.POSTS


def tell(
    session: Session, topic: Topic, kind: str, subject_id: int | None, *, source_id: int, now: datetime
) -> None:
    """Note one message about something new for each channel and person that hears of it."""
    for target in stored.targets(session, topic, source_id=source_id):
        # A person reads it in their own language.
        to = people.by_chat_id(session, target) or target
        delivery.note(session, kind, subject_id, to=to, now=now, rank=delivery.Rank.BULK)
