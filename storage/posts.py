"""Posts: what the city's portals published, and the keys by which a post is known again."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, select


class Post(SQLModel, table=True):
    """A published post, however often its address, title or GUID changes; withdrawn when its page is gone."""

    __table_args__ = (Index("ix_post_source_id_published_at", "source_id", "published_at"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int | None = Field(default=None, foreign_key="source.id")
    title: str
    teaser: str = ""
    url: str | None = None
    image_url: str | None = None
    image_alt: str | None = None
    tags: str = ""
    published_at: datetime | None = Field(default=None, index=True)
    first_seen_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None
    origin: str


class PostKey(SQLModel, table=True):
    """A sign by which a post is known again: a GUID of its source, an address, a title with a day."""

    __tablename__ = "post_key"

    key: str = Field(primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True, ondelete="CASCADE")


def known(session: Session, keys: Iterable[str]) -> dict[str, Post]:
    """Return the posts that these keys belong to, by key."""
    query = select(PostKey.key, Post).join(Post).where(col(PostKey.key).in_(list(keys)))
    return dict(session.exec(query).all())


def newest(session: Session, *, limit: int) -> list[Post]:
    """Return at most `limit` posts, newest first."""
    query = (
        select(Post).order_by(col(Post.published_at).desc().nulls_last(), col(Post.id).desc()).limit(limit)
    )
    return list(session.exec(query))
