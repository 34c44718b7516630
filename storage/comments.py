"""Reader comments: what people said in public below a post, and whether the chat knows."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Index, and_, exists, func, or_, text, update
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import Select

from storage.delivery import Delivery, DeliveryState
from storage.posts import Post, PostKey


class Comment(SQLModel, table=True):
    """One public comment, known by `key` in its source and in all of them by `link`, its place on a page.

    `page` is the address it stands below, as posts are known by it. `waits_since` is set until it was said in
    the thread of its post, or is never to be.

    Attributes:
        held_reason: why it looks like spam; it waits for someone to decide on it.
        decided_at: when someone let it through or threw it away (`is_spam`).
        answered_at: when it was answered on the portal, as far as someone said so.
        told_at: when its department and subscribers were told.
        reminded_at: when it was brought up again.
    """

    __table_args__ = (
        Index(
            "ix_comment_waits_since",
            "waits_since",
            postgresql_where=text("waits_since IS NOT NULL"),
            sqlite_where=text("waits_since IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    source_id: int | None = Field(default=None, foreign_key="source.id", index=True)
    post_id: int | None = Field(default=None, foreign_key="post.id", index=True, ondelete="CASCADE")
    page: str
    link: str | None = Field(default=None, index=True)
    url: str | None = None
    author: str = ""
    words: str
    published_at: datetime | None = None
    first_seen_at: datetime
    waits_since: datetime | None = None
    held_reason: str | None = None
    is_spam: bool = False
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    told_at: datetime | None = None
    reminded_at: datetime | None = None


class CommentDraft(SQLModel, table=True):
    """What someone proposes to answer to a comment; it is put on the portal by hand."""

    __tablename__ = "comment_draft"

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id", index=True, ondelete="CASCADE")
    words: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime


def known(session: Session, signs: Iterable[str]) -> dict[str, Comment]:
    """Return the comments with these keys or links, by each of them."""
    wanted = list(signs)
    query = select(Comment).where(or_(col(Comment.key).in_(wanted), col(Comment.link).in_(wanted)))
    found = list(session.exec(query))
    return {sign: one for one in found for sign in (one.key, one.link) if sign}


def is_said_elsewhere(session: Session, comment: Comment) -> bool:
    """Say whether someone of another name said the same words below another page."""
    query = select(Comment.id).where(
        Comment.words == comment.words, Comment.author != comment.author, Comment.page != comment.page
    )
    return session.exec(query.limit(1)).first() is not None


def waiting(session: Session, *, limit: int) -> list[tuple[Comment, int]]:
    """Return at most `limit` comments that wait to be said and the posts they are about, as far as known."""
    query = (
        select(Comment, PostKey.post_id)
        .join(PostKey, col(PostKey.key) == col(Comment.page))
        .where(col(Comment.waits_since).is_not(None))
        # Those that wait for one thread more hold up nobody.
        .order_by(col(Comment.told_at).is_not(None), col(Comment.waits_since), col(Comment.id))
        .limit(limit)
    )
    return list(session.exec(query).all())


def give_up(session: Session, *, before: datetime) -> None:
    """Leave those unsaid that have waited since before a moment."""
    session.execute(update(Comment).where(col(Comment.waits_since) < before).values(waits_since=None))


def announcements(session: Session, kind: str, post_id: int) -> Sequence[Delivery]:
    """Return the messages that tell of a post and stand or will: its cards, and overviews that name it."""
    cards = session.exec(select(Delivery).where(Delivery.kind == kind, Delivery.subject_id == post_id)).all()
    overviews = [row.overview_id for row in cards if row.overview_id is not None]
    folded = session.exec(select(Delivery).where(col(Delivery.id).in_(overviews))).all() if overviews else []
    gone = {DeliveryState.CANCELLED, DeliveryState.FAILED}
    return [row for row in (*cards, *folded) if row.state not in gone]


def standing(session: Session, kinds: Sequence[str], comment_id: int) -> list[Delivery]:
    """Return the messages of these kinds about a comment that stand in the chat, first said first.

    One that was sent a moment ago may stand there without that being noted.
    """
    query = (
        select(Delivery)
        .where(
            col(Delivery.kind).in_(kinds),
            Delivery.subject_id == comment_id,
            col(Delivery.state).in_([DeliveryState.SENDING, DeliveryState.SENT]),
        )
        .order_by(col(Delivery.id))
    )
    return list(session.exec(query))


def silent(
    session: Session, kinds: Sequence[str], *, since: datetime, before: datetime, limit: int
) -> list[tuple[Comment, Post]]:
    """Return at most `limit` comments told by these kinds and not brought up or answered, with their posts.

    Args:
        session: the transaction.
        kinds: what counts as told, also when an overview told it.
        since: those shown to us, or let through, earlier than this are left in peace.
        before: and those told later than this have time left.
        limit: how many at most.
    """
    # An overview tells of it when it is noted, near enough.
    was_told = exists().where(
        col(Delivery.kind).in_(kinds),
        col(Delivery.subject_id) == col(Comment.id),
        or_(
            col(Delivery.sent_at) <= before,
            and_(col(Delivery.overview_id).is_not(None), col(Delivery.created_at) <= before),
        ),
    )
    came_at = func.coalesce(col(Comment.decided_at), col(Comment.first_seen_at))
    query = (
        _open()
        .where(col(Comment.reminded_at).is_(None), came_at > since, came_at <= before, was_told)
        .order_by(came_at, col(Comment.id))
        .limit(limit)
    )
    return list(session.exec(query).all())


def brought_up(session: Session, *, limit: int) -> list[tuple[Comment, Post]]:
    """Return at most `limit` comments that were brought up and are not answered yet, oldest first."""
    query = _open().where(col(Comment.reminded_at).is_not(None))
    oldest = query.order_by(col(Comment.first_seen_at), col(Comment.id)).limit(limit)
    return list(session.exec(oldest).all())


def _open() -> Select[Comment, Post]:
    """Ask for comments that an answer is expected to, with their posts."""
    return (
        select(Comment, Post)
        .join(Post, col(Post.id) == col(Comment.post_id))
        .where(
            col(Comment.answered_at).is_(None),
            or_(col(Comment.held_reason).is_(None), col(Comment.decided_at).is_not(None)),
            col(Comment.is_spam).is_(False),
            col(Post.withdrawn_at).is_(None),
        )
    )


def newest_draft(session: Session, comment_id: int) -> CommentDraft | None:
    """Return what was last proposed to answer to a comment."""
    query = select(CommentDraft).where(CommentDraft.comment_id == comment_id)
    return session.exec(query.order_by(col(CommentDraft.id).desc()).limit(1)).first()
