"""Posts: what the city's portals published, and the keys by which a post is known again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Index, insert
from sqlmodel import Field, Session, SQLModel, col, select

from storage import columns
from storage.subscriptions import NewsKind

# More values than this do not fit into one statement everywhere.
AT_ONCE: Final = 10_000


class Unsaid(StrEnum):
    """Why something that was taken in was not announced."""

    BACKLOG = "backlog"
    OLD = "old"
    IMPORTED = "imported"
    SERIES = "series"


class Post(SQLModel, table=True):
    """A published post, however often its address, title or GUID changes; withdrawn when its page is gone.

    `series` is the hashtag it belongs to; `tags` and `series` as they are shown. `unsaid` is None for what
    was announced.
    """

    __table_args__ = (Index("ix_post_source_id_published_at", "source_id", "published_at"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int | None = Field(default=None, foreign_key="source.id")
    title: str
    teaser: str = ""
    url: str | None = None
    image_url: str | None = None
    image_alt: str | None = None
    tags: str = ""
    series: str = ""
    kind: NewsKind = Field(default=NewsKind.POST, sa_type=columns.choice(NewsKind))
    department_id: int | None = Field(default=None, foreign_key="department.id", index=True)
    reading_minutes: int | None = None
    unsaid: Unsaid | None = Field(default=None, sa_type=columns.choice(Unsaid))
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
    asked = list(keys)
    found: dict[str, Post] = {}
    for first in range(0, len(asked), AT_ONCE):
        some = asked[first : first + AT_ONCE]
        query = select(PostKey.key, Post).join(Post).where(col(PostKey.key).in_(some))
        found |= dict(session.exec(query).all())
    return found


def keep_keys(session: Session, keys: Sequence[tuple[str, int]]) -> None:
    """Let posts be known by these keys, each with the id of its post."""
    if keys:
        session.execute(insert(PostKey), [{"key": key, "post_id": post_id} for key, post_id in keys])


def newest(session: Session, *, limit: int) -> list[Post]:
    """Return at most `limit` posts, newest first, without those that were withdrawn."""
    query = (
        select(Post)
        .where(col(Post.withdrawn_at).is_(None))
        .order_by(col(Post.published_at).desc().nulls_last(), col(Post.id).desc())
        .limit(limit)
    )
    return list(session.exec(query))
