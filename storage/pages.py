"""The pages of sources: which are known, which are to be visited, and which post each of them is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, insert, or_, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from storage.posts import Post
from storage.sources import Source, SourcePage

# A page begins so in its key that no document of its source names: it is visited to see whether it is gone.
LOOK: Final = "look:"
# More values than this do not fit into one statement everywhere.
AT_ONCE: Final = 10_000


class Known(NamedTuple):
    """What is known of a page, without the rest of its row: there may be thousands."""

    id: int
    key: str
    title: str
    changed_at: datetime | None
    post_id: int | None
    withdrawn_at: datetime | None


def known(session: Session, source_id: int) -> list[Known]:
    """Return all pages of a source, and whether their posts were withdrawn."""
    query = (
        sa_select(
            col(SourcePage.id),
            col(SourcePage.key),
            col(SourcePage.title),
            col(SourcePage.changed_at),
            col(SourcePage.post_id),
            col(Post.withdrawn_at),
        )
        .select_from(SourcePage)
        .join(Post, isouter=True)
        .where(col(SourcePage.source_id) == source_id)
        .order_by(col(SourcePage.id))
    )
    return [Known(*row) for row in session.execute(query)]


def keep(session: Session, rows: Sequence[SourcePage]) -> None:
    """Keep many pages at once."""
    if rows:
        session.execute(insert(SourcePage), [row.model_dump(exclude={"id"}) for row in rows])


def change(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the same columns of many pages in one go; each row has the page's `id`."""
    if rows:
        table = SourcePage.__table__  # type: ignore[attr-defined]
        statement = (
            table.update()
            .where(table.c.id == bindparam("page_id"))
            .values({name: bindparam(f"new_{name}") for name in rows[0] if name != "id"})
        )
        values = [
            {"page_id" if name == "id" else f"new_{name}": value for name, value in row.items()}
            for row in rows
        ]
        session.connection().execute(statement, values)


def wanted(session: Session, source_id: int, *, now: datetime, limit: int) -> list[SourcePage]:
    """Return at most `limit` pages to be visited, longest waiting first; at one moment new ones before known.

    So a post that moved is found at its new address before its old one is found empty.
    """
    query = (
        select(SourcePage)
        .where(SourcePage.source_id == source_id, col(SourcePage.wanted_at) <= now)
        .order_by(col(SourcePage.wanted_at), col(SourcePage.post_id).is_not(None), col(SourcePage.id))
        .limit(limit)
    )
    return list(session.exec(query))


def is_any_wanted(session: Session, source_id: int) -> bool:
    """Return whether a source has pages to be visited, now or later."""
    query = select(SourcePage.id).where(
        SourcePage.source_id == source_id, col(SourcePage.wanted_at).is_not(None)
    )
    return session.exec(query.limit(1)).first() is not None


def named_beside(
    session: Session, source_id: int, post_ids: Collection[int], *, row_id: int | None
) -> set[int]:
    """Return those of these posts that are another page which this source names."""
    query = select(SourcePage.post_id).where(
        SourcePage.source_id == source_id,
        col(SourcePage.post_id).in_(post_ids),
        SourcePage.id != row_id,
        ~col(SourcePage.key).startswith(LOOK),
    )
    return {post_id for post_id in session.exec(query) if post_id is not None}


def is_named(session: Session, post_id: int, *, beside: int | None) -> bool:
    """Return whether any source names a page that is this post, beside the given one."""
    query = select(SourcePage.id).where(
        SourcePage.post_id == post_id,
        SourcePage.id != beside,
        ~col(SourcePage.key).startswith(LOOK),
    )
    return session.exec(query.limit(1)).first() is not None


def missing(
    session: Session,
    source_id: int,
    *,
    shown: Iterable[int],
    since: datetime | None,
    looked_before: datetime,
    limit: int,
) -> list[Post]:
    """Return at most `limit` posts of a source that are not shown, newest first.

    Args:
        session: the deed's own transaction.
        source_id: whose posts they are.
        shown: the ids of the posts that are shown.
        since: only posts that are newer.
        looked_before: without those that were looked for later, or still are.
        limit: how many at most.
    """
    looked = select(SourcePage.id).where(
        SourcePage.source_id == source_id,
        SourcePage.post_id == Post.id,
        col(SourcePage.key).startswith(LOOK),
        or_(col(SourcePage.wanted_at).is_not(None), col(SourcePage.changed_at) > looked_before),
    )
    query = (
        select(Post)
        .where(
            Post.source_id == source_id,
            col(Post.withdrawn_at).is_(None),
            col(Post.url).is_not(None),
            col(Post.id).not_in(sorted(shown)),
            ~looked.exists(),
        )
        .order_by(col(Post.published_at).desc().nulls_last(), col(Post.id).desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(col(Post.published_at) > since)
    return list(session.exec(query))


def look_for(session: Session, source_id: int, post: Post, *, key: str, now: datetime) -> None:
    """Have the page of a post visited that its source shows no more."""
    query = select(SourcePage).where(SourcePage.source_id == source_id, SourcePage.key == LOOK + key)
    row = session.exec(query).first() or SourcePage(
        source_id=source_id, key=LOOK + key, url="", first_seen_at=now
    )
    row.url, row.post_id, row.wanted_at, row.failures = post.url or "", post.id, now, 0
    session.add(row)
    session.flush()


def stop_looking(session: Session, source_id: int, post_ids: Collection[int]) -> None:
    """Visit no pages of these posts any more: their source shows them again."""
    session.execute(
        update(SourcePage)
        .where(
            col(SourcePage.source_id) == source_id,
            col(SourcePage.wanted_at).is_not(None),
            col(SourcePage.post_id).in_(post_ids),
            col(SourcePage.key).startswith(LOOK),
        )
        .values(wanted_at=None)
    )


def source_of(session: Session, page: SourcePage) -> Source:
    """Return the source that a page is visited for."""
    source = session.get(Source, page.source_id)
    assert source is not None
    return source
