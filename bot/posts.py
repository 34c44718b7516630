"""Posts: taken in from feeds, recognised again, announced once."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import delivery, subscriptions
from bot.sources import Entry, identity_of
from storage import posts as stored
from storage import public
from storage.posts import Post, PostKey, newest
from storage.sources import Source

__all__ = ["CARD", "Post", "get", "import_post", "newest", "take_in"]

CARD: Final = "post_card"
TITLE: Final = "title:"
# An entry without a title is called by its first words.
TITLE_LENGTH: Final = 80
# What a source shows for the first time may be years old, such as a blog that was moved: that is no news.
NEWS_FOR: Final = timedelta(days=14)


def take_in(session: Session, source: Source, entries: Sequence[Entry], *, now: datetime) -> int:
    """Keep what a feed shows: new posts are announced, changed ones brought up to date where they stand.

    A source's first reading is its backlog and announces nothing.

    Returns:
        how many posts are new.
    """
    assert source.id is not None
    is_backlog = source.succeeded_at is None
    keys = [_keys(source.id, entry) for entry in entries]
    known = stored.known(session, {key for of_entry in keys for key in of_entry})
    shown = {post.id for key, post in known.items() if not key.startswith(TITLE)}
    new = 0
    for entry, of_entry in zip(reversed(entries), reversed(keys), strict=True):
        if not of_entry or not (entry.title or entry.teaser or entry.url):
            continue
        post = _known_as(of_entry, known, shown)
        if post is None:
            post = _keep(session, source.id, entry, now=now)
            new += 1
            if not is_backlog and (entry.published_at or now) > now - NEWS_FOR:
                subscriptions.tell(
                    session, subscriptions.Topic.POSTS, CARD, post.id, source_id=source.id, now=now
                )
        elif post.source_id in {source.id, None}:
            _update(session, post, source.id, entry, now=now)
        shown.add(post.id)
        for key in of_entry:
            if key not in known:
                known[key] = post
                session.add(PostKey(key=key, post_id=post.id or 0))
    return new


def get(session: Session, post_id: int) -> Post | None:
    """Return a post."""
    return session.get(Post, post_id)


def import_post(
    session: Session,
    *,
    title: str,
    url: str | None,
    published_at: datetime | None,
    tags: Sequence[str],
    origin: str,
    now: datetime,
) -> Post:
    """Keep a post from a list, quietly; one that is known already stays as it is."""
    keys = [f"url:{identity_of(url)}"] if url else []
    keys.append(_title_key(title, published_at))
    known = stored.known(session, keys)
    post = next(iter(known.values()), None) or Post(
        title=title,
        url=url,
        published_at=published_at,
        tags=" ".join(tags),
        first_seen_at=now,
        changed_at=now,
        origin=origin,
    )
    session.add(post)
    session.flush()
    session.add_all(PostKey(key=key, post_id=post.id or 0) for key in keys if key not in known)
    public.touch(session)
    return post


def _keys(source_id: int, entry: Entry) -> list[str]:
    """Return what an entry is known by, surest first: its GUID here, its address, its title with its day."""
    keys = []
    if entry.guid:
        keys.append(f"guid:{source_id}:{entry.guid}")
    if entry.url:
        keys.append(f"url:{identity_of(entry.url)}")
    if entry.title and (entry.published_at or not keys):
        keys.append(_title_key(entry.title, entry.published_at))
    return list(dict.fromkeys(keys))


def _known_as(keys: Sequence[str], known: dict[str, Post], shown: set[int | None]) -> Post | None:
    """Return the post that an entry with these keys is.

    Two entries of one document are two posts, also when they have a title and a day in common: title and day
    lead only to a post that is not `shown` by another entry, unless the entry has no sign of its own.
    """
    sure = [key for key in keys if not key.startswith(TITLE)]
    post = next((known[key] for key in keys if key in known), None)
    if post and post.id in shown and sure and known.keys().isdisjoint(sure):
        return None
    return post


def _title_key(title: str, published_at: datetime | None) -> str:
    words = re.sub(r"\W+", " ", title.casefold()).strip() or title
    return f"{TITLE}{words}|{published_at.date().isoformat() if published_at else ''}"


def _keep(session: Session, source_id: int, entry: Entry, *, now: datetime) -> Post:
    post = Post(source_id=source_id, title="", first_seen_at=now, changed_at=now, origin="source")
    _fill(post, entry)
    session.add(post)
    session.flush()
    public.touch(session)
    return post


def _update(session: Session, post: Post, source_id: int, entry: Entry, *, now: datetime) -> None:
    before = _shown(post)
    post.source_id = source_id
    _fill(post, entry)
    if _shown(post) != before:
        post.changed_at = now
        session.flush()
        public.touch(session)
        delivery.changed(session, CARD, post.id, now=now)


def _fill(post: Post, entry: Entry) -> None:
    post.title = entry.title or post.title or entry.teaser[:TITLE_LENGTH] or entry.url or ""
    post.teaser = entry.teaser
    post.url = entry.url or post.url
    post.image_url, post.image_alt = entry.image_url, entry.image_alt
    post.tags = " ".join(tag.replace(" ", "-") for tag in entry.tags)
    post.published_at = entry.published_at or post.published_at


def _shown(post: Post) -> tuple[object, ...]:
    return post.title, post.teaser, post.url, post.image_url, post.image_alt, post.tags, post.published_at
