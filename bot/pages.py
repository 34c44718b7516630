"""Pages that are visited one by one: those a sitemap names, and those of posts that a feed shows no more."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session
from yarl import URL

from bot import posts
from bot.identity import place_of
from bot.sources import Page, Sitemap, SitemapPage, identity_of
from storage import pages as stored
from storage.pages import LOOK, wanted
from storage.sources import Source, SourceKind, SourcePage

__all__ = ["SourcePage", "gone", "unreachable", "visited", "wanted", "wish"]

# So many posts of a sitemap's backlog are read, so that the public site has something to show.
BACKLOG: Final = 30
# More pages than this were not changed in one moment: it is when the sitemap was made.
MOST_AT_ONCE: Final = 30
WAITS: Final = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))


def wish(session: Session, source: Source, sitemap: Sitemap, *, now: datetime) -> int:
    """Take in the pages a sitemap names: new and changed ones, and missing ones that are posts, are visited.

    At the first reading all pages are known from then on, and the newest BACKLOG are visited quietly. What
    was there already stays quiet, also when it is changed later. A page that is missing is visited once, to
    see whether it is gone; a sitemap that names nothing at all is a mistake of its program and says nothing.

    Returns:
        how many pages are to be visited now that were not before.
    """
    assert source.id is not None
    named = _named(sitemap, source.path_prefix)
    known = {row.key: row for row in stored.known(session, source.id)}
    unknown = {key: page for key, page in named.items() if key not in known and f"{LOOK}{key}" not in known}
    is_backlog = source.succeeded_at is None
    first = set(list(unknown)[:BACKLOG]) if is_backlog else set(unknown)
    rows = [
        SourcePage(
            source_id=source.id,
            key=key,
            url=page.url,
            title=page.title,
            published_at=page.published_at,
            changed_at=page.changed_at,
            is_quiet=is_backlog,
            wanted_at=now if key in first else None,
            first_seen_at=now,
        )
        for key, page in unknown.items()
    ]
    # The oldest first: posts are told in the order they were written.
    stored.keep(session, rows[::-1])
    again = _named_again(session, named, known, now=now)
    missing = [
        {"id": row.id, "key": f"{LOOK}{key}", "wanted_at": now, "failures": 0}
        for key, row in known.items()
        if named and key not in named and not key.startswith(LOOK) and row.post_id and not row.withdrawn_at
    ]
    stored.change(session, missing)
    source.has_pages_waiting = stored.is_any_wanted(session, source.id)
    return len(first) + again + len(missing)


def visited(session: Session, page_id: int, page: Page, *, now: datetime) -> None:
    """Note that a page is there: what a sitemap names becomes a post or changes the one it is.

    A post that its feed shows no more and whose page is still there stays as it is.
    """
    row = session.get(SourcePage, page_id)
    if row is None:
        return
    source = stored.source_of(session, row)
    if source.kind is SourceKind.SITEMAP:
        posts.take_in_page(session, source, row, page.entry, now=now)
    if row.key.startswith(LOOK):
        # No document says when it was changed; now it is as the post has it.
        row.changed_at = now
    _done(session, source, row)


def gone(session: Session, page_id: int, *, now: datetime) -> None:
    """Note that a page is gone for good: its post is withdrawn, unless it lives on at another address."""
    row = session.get(SourcePage, page_id)
    if row is None:
        return
    source = stored.source_of(session, row)
    post = posts.get(session, row.post_id) if row.post_id else None
    if post and _lives_elsewhere(session, source, row, post):
        row.post_id = None
    elif post:
        posts.withdraw(session, post, now=now)
    _done(session, source, row)


def unreachable(session: Session, page_id: int, *, now: datetime) -> None:
    """Note that a page could not be read: it is tried again later, and after the last wait left alone."""
    row = session.get(SourcePage, page_id)
    if row is None:
        return
    row.failures += 1
    if row.failures <= len(WAITS):
        row.wanted_at = now + WAITS[row.failures - 1]
        return
    if row.key.startswith(LOOK):
        row.changed_at = now
    _done(session, stored.source_of(session, row), row)


def _named(sitemap: Sitemap, path_prefix: str) -> dict[str, SitemapPage]:
    """Return the pages that are posts by their key, newest first."""
    prefix = f"/{path_prefix.lstrip('/')}"
    pages: dict[str, SitemapPage] = {}
    for page in sitemap.pages:
        if URL(page.url).path.startswith(prefix):
            pages.setdefault(identity_of(page.url), page)
    return dict(sorted(pages.items(), key=lambda one: _age(one[1])))


def _age(page: SitemapPage) -> float:
    moment = page.published_at or page.changed_at
    return -moment.timestamp() if moment else 0.0


def _named_again(
    session: Session, named: dict[str, SitemapPage], known: dict[str, stored.Known], *, now: datetime
) -> int:
    """Have known pages visited that were changed, or that are named again; return how many these are."""
    found = []
    for key, page in named.items():
        row = known.get(key) or known.get(f"{LOOK}{key}")
        if row is not None:
            found.append((key, page, row))
    noise = _noise(page for _key, page, row in found if _is_newer(page, row))
    changed, noted = [], []
    for key, page, row in found:
        is_newer = _is_newer(page, row)
        is_back = row.key != key and row.withdrawn_at is not None
        values = {
            "id": row.id,
            "key": key,
            "title": page.title or row.title,
            "changed_at": page.changed_at or row.changed_at,
        }
        if is_back or (is_newer and page.changed_at not in noise):
            changed.append(values | {"wanted_at": now, "failures": 0})
        elif is_newer or row.key != key or (page.changed_at and row.changed_at is None):
            noted.append(values)
    stored.change(session, changed)
    stored.change(session, noted)
    return len(changed)


def _is_newer(page: SitemapPage, row: stored.Known) -> bool:
    return bool(page.changed_at and row.changed_at and page.changed_at > row.changed_at)


def _noise(pages: Iterable[SitemapPage]) -> set[datetime | None]:
    """Return the moments in which so many pages were changed that none of them was."""
    counted = Counter(page.changed_at for page in pages)
    return {moment for moment, count in counted.items() if count > MOST_AT_ONCE}


def _lives_elsewhere(session: Session, source: Source, row: SourcePage, post: posts.Post) -> bool:
    if source.kind is SourceKind.SITEMAP:
        return stored.is_named(session, post.id or 0, beside=row.id)
    return place_of(post.url or "") != place_of(row.url)


def _done(session: Session, source: Source, row: SourcePage) -> None:
    row.wanted_at, row.failures = None, 0
    session.flush()
    source.has_pages_waiting = stored.is_any_wanted(session, row.source_id)
