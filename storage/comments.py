"""Reader comments: what people said in public below a post, and whether the chat knows."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Index, or_, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.delivery import Delivery, DeliveryState
from storage.posts import PostKey


class Comment(SQLModel, table=True):
    """One public comment, known by `key` in its source and in all of them by `link`, its place on a page.

    `page` is the address it stands below, as posts are known by it. `waits_since` is set until it was said in
    the thread of its post, or is never to be.

    Attributes:
        held_reason: why it looks like spam; it waits for someone to decide on it.
        decided_at: when someone let it through or threw it away (`is_spam`).
        answered_at: when it was answered on the portal, as far as someone said so.
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


def waiting(session: Session, *, limit: int) -> list[tuple[Comment, int]]:
    """Return at most `limit` comments that wait to be said and the posts they are about, as far as known."""
    query = (
        select(Comment, PostKey.post_id)
        .join(PostKey, col(PostKey.key) == col(Comment.page))
        .where(col(Comment.waits_since).is_not(None))
        .order_by(col(Comment.waits_since), col(Comment.id))
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


def newest_draft(session: Session, comment_id: int) -> CommentDraft | None:
    """Return what was last proposed to answer to a comment."""
    query = select(CommentDraft).where(CommentDraft.comment_id == comment_id)
    return session.exec(query.order_by(col(CommentDraft.id).desc()).limit(1)).first()
