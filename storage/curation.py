"""What administrators ask of sources: how they all are, what they brought, and that one be forgotten."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, case, cast, delete, literal, or_, update
from sqlmodel import Session, col, func, select

from storage import subscriptions
from storage.comments import Comment
from storage.events import CalendarEvent
from storage.posts import Post, PostKey
from storage.sources import Source, SourceHost, SourcePage
from storage.subscriptions import Facet, NewsKind, Part, Subscription, SubscriptionTerm, Term

GONE = "gone"
# What a source can have brought, by the name under which it is counted.
ITEMS: dict[str, type[Post | CalendarEvent | Comment]] = {
    "posts": Post,
    "events": CalendarEvent,
    "comments": Comment,
}


def ordered(session: Session, *, limit: int, offset: int) -> Sequence[Source]:
    """Return at most `limit` sources after the first `offset`: those in trouble first, then by name."""
    query = (
        select(Source)
        .order_by(
            case((_is_troubled(), 0), else_=1), func.lower(col(Source.name)), col(Source.name), col(Source.id)
        )
        .offset(offset)
        .limit(limit)
    )
    return session.exec(query).all()


def counted(session: Session) -> tuple[int, int]:
    """Return how many sources there are, and how many of them are in trouble."""
    query = select(func.count(), func.coalesce(func.sum(case((_is_troubled(), 1), else_=0)), 0)).select_from(
        Source
    )
    return session.exec(query).one()


def items(session: Session, source_ids: Collection[int], *, since: datetime) -> dict[tuple[int, str], int]:
    """Return how many posts, events and comments each source has shown for the first time since a moment."""
    found: dict[tuple[int, str], int] = {}
    for name, table in ITEMS.items():
        query = (
            select(table.source_id, func.count())
            .where(col(table.source_id).in_(source_ids), col(table.first_seen_at) >= since)
            .group_by(col(table.source_id))
        )
        found |= {(source_id, name): count for source_id, count in session.exec(query) if source_id}
    return found


def of_hosts(session: Session, hosts: Collection[str]) -> Sequence[Source]:
    """Return the sources that are read from these servers, oldest first."""
    return session.exec(select(Source).where(col(Source.host).in_(hosts)).order_by(col(Source.id))).all()


def told(session: Session, source_id: int) -> list[str]:
    """Return the channels and people that hear of this one source."""
    query = (
        select(Subscription.target)
        .join(SubscriptionTerm)
        .where(
            SubscriptionTerm.facet == Facet.SOURCE,
            SubscriptionTerm.value == str(source_id),
            SubscriptionTerm.part != Part.EXCEPT,
            col(Subscription.paused_at).is_(None),
        )
        .distinct()
        .order_by(Subscription.target)
    )
    return list(session.exec(query))


def restate_kind(session: Session, source: Source) -> None:
    """Let the posts that are kept of a source be of the kind that it brings."""
    values = {"kind": source.brings or NewsKind.POST}
    session.execute(update(Post).where(col(Post.source_id) == source.id).values(**values))


def restate_department(session: Session, source: Source) -> None:
    """Let what is kept of a source be its department's."""
    for table in (Post, CalendarEvent):
        values = {"department_id": source.department_id}
        session.execute(update(table).where(col(table.source_id) == source.id).values(**values))


def forget(session: Session, source: Source) -> None:
    """Delete a source and all that only it needs; what was read there stays, and is nobody's.

    SQLite gives the id to the next source: no key with it may be left.
    """
    assert source.id is not None
    statements = [
        update(table).where(col(table.source_id) == source.id).values(source_id=None)
        for table in (Post, CalendarEvent)
    ]
    key = literal("gone:") + cast(col(Comment.id), String)
    statements.append(
        update(Comment)
        .where(col(Comment.source_id) == source.id)
        .values(source_id=None, key=key, waits_since=None)
    )
    subscriptions.forget_term(session, Term(Facet.SOURCE, str(source.id)))
    for table, is_its in (
        (SourcePage, col(SourcePage.source_id) == source.id),
        (PostKey, or_(*(col(PostKey.key).startswith(key, autoescape=True) for key in _keys_of(source)))),
    ):
        session.execute(delete(table).where(is_its).execution_options(synchronize_session=False))
    for statement in statements:
        session.execute(statement.execution_options(synchronize_session=False))
    session.delete(source)
    session.flush()
    is_last = ~select(Source.id).where(col(Source.host) == source.host).exists()
    session.execute(
        delete(SourceHost)
        .where(col(SourceHost.host) == source.host, is_last)
        .execution_options(synchronize_session=False)
    )


def _keys_of(source: Source) -> tuple[str, ...]:
    """Return what the keys of posts begin with that have a source's id in them (bot.identity, bot.posts)."""
    return f"guid:{source.id}:", f"shared:guid:{source.id}:", f"in:{source.id}:"


def _is_troubled() -> ColumnElement[bool]:
    is_failing = and_(col(Source.paused_at).is_(None), col(Source.failures) > 0)
    is_gone = and_(col(Source.paused_at).is_not(None), col(Source.paused_reason) == GONE)
    return or_(is_failing, is_gone)
