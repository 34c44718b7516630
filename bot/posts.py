"""Posts: taken in from feeds and pages, recognised again, announced once, withdrawn when gone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import announcing, delivery, matching, publishing
from bot.facets import Facets, reading_minutes
from bot.identity import URL, Document, has_title, place_of
from bot.sources import Entry
from storage import pages, public
from storage import posts as stored
from storage.posts import Post, Unsaid, newest
from storage.sources import Source, SourcePage

__all__ = [
    "CARD",
    "Listed",
    "Post",
    "get",
    "import_all",
    "import_post",
    "newest",
    "take_in",
    "take_in_page",
    "withdraw",
]

CARD: Final = "post_card"
# An entry without a title is called by its first words.
TITLE_LENGTH: Final = 80
# What a source shows for the first time may be years old, such as a blog that was moved: that is no news.
NEWS_FOR: Final = timedelta(days=14)
# A date further ahead is a slip: posts are published when they appear.
AHEAD: Final = timedelta(days=1)
# How many posts that a document shows no more are looked for at each reading, and for how long one that was
# found there is left in peace.
MOST_LOOKS: Final = 20
LOOK_AGAIN: Final = timedelta(days=7)


@dataclass(frozen=True)
class Listed:
    """A post as a list gives it; `tags` are single words."""

    title: str
    url: str | None
    published_at: datetime | None
    tags: tuple[str, ...] = ()
    teaser: str = ""


def take_in(
    session: Session, source: Source, entries: Sequence[Entry], *, now: datetime, is_complete: bool = False
) -> int:
    """Keep what a feed shows: new posts are announced, changed ones brought up to date where they stand.

    A source's first reading is its backlog and announces nothing. A post that the document should show and
    does not is looked for at its own address.

    Args:
        session: the deed's own transaction.
        source: whose document it is.
        entries: newest first.
        now: when it was read.
        is_complete: whether the document shows all there is.

    Returns:
        how many posts are new.
    """
    assert source.id is not None
    readable = [_dated(entry, now) for entry in entries if entry.title or entry.teaser or entry.url]
    document = Document(source.id, readable)
    document.meet(stored.known(session, document.keys))
    new, shown = _settle(session, document, source, now=now)
    if source.succeeded_at is not None:
        fresh = [post for post in new if post.unsaid is None]
        fresh += _first_here(session, source, shown, now=now)
        # Some documents stand the other way round: they are told in the order they were written all the same.
        _tell(session, source, sorted(fresh, key=lambda post: post.published_at or now), now=now)
    publishing.match(session, new, now=now)
    _note_shown(session, source, shown)
    _look_for_missing(session, source, shown, readable, now=now, is_complete=is_complete)
    return len(new)


def take_in_page(session: Session, source: Source, row: SourcePage, entry: Entry, *, now: datetime) -> Post:
    """Keep the post that a visited page is, announced unless the page is quiet, and return it.

    Instead of saying that a page is gone many sites lead to another one: that leaves its post as it is.

    Args:
        session: the deed's own transaction.
        source: the sitemap that names the page.
        row: the page; what it is called and dated there counts where the page itself does not say.
        entry: what the page says; its address is the one it calls canonical.
        now: when it was visited.
    """
    assert source.id is not None
    before = session.get(Post, row.post_id) if row.post_id else None
    if before and _leads_away(before, row, entry):
        return before
    own = place_of(row.url)
    entry = replace(
        entry, title=entry.title or row.title, published_at=entry.published_at or row.published_at
    )
    entry = _dated(entry, now)
    known = stored.known(session, _page_keys(source.id, entry, row))
    if not entry.url or _says_nothing(session, row, entry, known.get(f"{URL}{place_of(entry.url)}")):
        entry = replace(entry, url=row.url)
    document = Document(source.id, [entry])
    # Titles are less than addresses: a page that is still named beside this one is another post.
    others = pages.named_beside(session, source.id, {post.id or 0 for post in known.values()}, row_id=row.id)
    document.meet(known, shown=[post for post in known.values() if post.id in others])
    (line,) = document.lines
    post = before or known.get(f"{URL}{own}") or document.find(line)
    facets = Facets(session, source)
    is_new = post is None
    if post is None:
        post = _made(entry, source, facets, now=now)
        post.published_at = entry.published_at or _past(row.changed_at, now)
        post.unsaid = _unsaid(post.published_at, is_quiet=row.is_quiet, now=now)
        session.add(post)
        session.flush()
        public.touch(session)
    elif post.source_id in {source.id, None}:
        _update(session, post, source, entry, facets, now=now)
    document.settle(line, post)
    assert post.id is not None
    keys = [(key, post.id or 0) for key, post in document.new_keys]
    if f"{URL}{own}" not in known and f"{URL}{own}" not in dict(keys):
        keys.append((f"{URL}{own}", post.id))
    stored.keep_keys(session, keys)
    if not row.is_quiet and (
        (is_new and post.unsaid is None) or _first_here(session, source, [(post, entry)], now=now)
    ):
        _tell(session, source, [post], now=now)
    if is_new:
        publishing.match(session, [post], now=now)
    _note_shown(session, source, [(post, entry)])
    row.post_id = post.id
    return post


def withdraw(session: Session, post: Post, *, now: datetime) -> None:
    """Take a post back whose page is gone: it leaves the public site, and its cards say so."""
    if post.withdrawn_at is None:
        post.withdrawn_at = post.changed_at = now
        session.flush()
        public.touch(session)
        delivery.changed(session, CARD, post.id, now=now)


def get(session: Session, post_id: int) -> Post | None:
    """Return a post."""
    return session.get(Post, post_id)


def import_all(session: Session, listed: Sequence[Listed], *, origin: str, now: datetime) -> list[bool]:
    """Keep posts from a list, quietly; those that are known already stay as they are.

    Returns:
        for each post in turn whether it was new.
    """
    return [is_new for _post, is_new in _imported(session, listed, origin=origin, now=now)]


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
    listed = Listed(title, url, published_at, tuple(tags))
    ((post, _is_new),) = _imported(session, [listed], origin=origin, now=now)
    return post


def _imported(
    session: Session, listed: Sequence[Listed], *, origin: str, now: datetime
) -> list[tuple[Post, bool]]:
    # The last one first, as documents of sources have them: they are kept in the order of the list.
    document = Document(None, [_entry(one) for one in reversed(listed)])
    document.meet(stored.known(session, document.keys))
    facets = Facets(session)
    found = []
    for line, one in zip(document.lines, listed, strict=True):
        post = document.find(line)
        is_new = post is None
        if post is None:
            post = Post(
                title=one.title,
                teaser=one.teaser,
                url=one.url,
                published_at=one.published_at,
                tags=" ".join(one.tags),
                series=matching.series_in(one.title, one.tags),
                kind=facets.kind(one.url),
                department_id=facets.department_id(one.tags),
                unsaid=Unsaid.IMPORTED,
                first_seen_at=now,
                changed_at=now,
                origin=origin,
            )
            session.add(post)
        document.settle(line, post)
        found.append((post, is_new))
    session.flush()
    stored.keep_keys(session, [(key, post.id or 0) for key, post in document.new_keys])
    if new := [post for post, is_new in found if is_new]:
        public.touch(session)
        publishing.match(session, new, now=now)
    return found


def _entry(listed: Listed) -> Entry:
    return Entry(
        guid=None,
        url=listed.url,
        title=listed.title,
        teaser=listed.teaser,
        published_at=listed.published_at,
        updated_at=None,
        author=None,
        tags=listed.tags,
        image_url=None,
        image_alt=None,
    )


def _settle(
    session: Session, document: Document, source: Source, *, now: datetime
) -> tuple[list[Post], list[tuple[Post, Entry]]]:
    """Keep new posts and update known ones; return the new ones, and all with the entry that shows them."""
    facets = Facets(session, source)
    new: list[Post] = []
    shown: dict[int, tuple[Post, Entry]] = {}
    for line in document.lines:
        if not line.sure and not line.hints:
            continue
        post = document.find(line)
        if post is None:
            post = _made(line.entry, source, facets, now=now)
            new.append(post)
        document.settle(line, post)
        # Of an entry that is listed twice the newer one counts, which comes later.
        shown[id(post)] = (post, line.entry)
    for post in new:
        entry = shown[id(post)][1]
        _fill(post, entry, facets)
        post.unsaid = _unsaid(entry.published_at, is_quiet=source.succeeded_at is None, now=now)
    session.add_all(new)
    session.flush()
    stored.keep_keys(session, [(key, post.id or 0) for key, post in document.new_keys])
    if new:
        public.touch(session)
    made = {post.id for post in new}
    for post, entry in shown.values():
        if post.id not in made and post.source_id in {source.id, None}:
            _update(session, post, source, entry, facets, now=now)
    return new, list(shown.values())


def _first_here(
    session: Session, source: Source, shown: Sequence[tuple[Post, Entry]], *, now: datetime
) -> list[Post]:
    """Return the recent posts of other sources that this one shows for the first time.

    They are news to those who hear this source and not the other; whoever hears both was told.
    """
    borrowed = [(post, entry) for post, entry in shown if post.source_id not in {source.id, None}]
    if not borrowed:
        return []
    before = stored.known(session, [_mark(source, post) for post, _entry in borrowed])
    return [
        post
        for post, entry in borrowed
        if _mark(source, post) not in before
        and post.withdrawn_at is None
        and _is_news(entry.published_at or post.published_at or post.first_seen_at, now)
    ]


def _note_shown(session: Session, source: Source, shown: Sequence[tuple[Post, Entry]]) -> None:
    """Remember which posts of other sources this one shows."""
    marks = {_mark(source, post): post.id or 0 for post, _ in shown if post.source_id != source.id}
    if marks:
        before = stored.known(session, marks)
        stored.keep_keys(session, [(mark, post_id) for mark, post_id in marks.items() if mark not in before])


def _mark(source: Source, post: Post) -> str:
    return f"in:{source.id}:{post.id}"


def _look_for_missing(
    session: Session,
    source: Source,
    shown: Sequence[tuple[Post, Entry]],
    entries: Sequence[Entry],
    *,
    now: datetime,
    is_complete: bool,
) -> None:
    """Have the pages visited of posts that this document should show and does not."""
    assert source.id is not None
    ids = {post.id or 0 for post, _entry in shown}
    if source.has_pages_waiting:
        pages.stop_looking(session, source.id, ids)
    oldest = min((entry.published_at for entry in entries if entry.published_at), default=None)
    if shown and (is_complete or oldest):
        missing = pages.missing(
            session,
            source.id,
            shown=ids,
            since=None if is_complete else oldest,
            looked_before=now - LOOK_AGAIN,
            limit=MOST_LOOKS,
        )
        for post in missing:
            pages.look_for(session, source.id, post, key=place_of(post.url or ""), now=now)
            source.has_pages_waiting = True
    if source.has_pages_waiting:
        source.has_pages_waiting = pages.is_any_wanted(session, source.id)


def _page_keys(source_id: int, entry: Entry, row: SourcePage) -> set[str]:
    """Return all keys that a visited page may be known by, under its own address and its canonical one."""
    addresses = {entry.url or row.url, row.url}
    return {key for url in addresses for key in Document(source_id, [replace(entry, url=url)]).keys}


def _says_nothing(session: Session, row: SourcePage, entry: Entry, found: Post | None) -> bool:
    """Return whether the address that a page calls canonical is plainly not its own.

    Some sites call their home page, or one page of a section, the canonical address of everything.
    """
    canonical, own = place_of(entry.url or ""), place_of(row.url)
    if canonical == own:
        return False
    if _is_start(canonical) and not _is_start(own):
        return True
    return (
        found is not None
        and found.id != row.post_id
        and not has_title(found, entry.title)
        and bool(pages.named_beside(session, row.source_id, {found.id or 0}, row_id=row.id))
    )


def _leads_away(post: Post, row: SourcePage, entry: Entry) -> bool:
    """Return whether a post's page now leads to another: the start page, or any once nothing names it."""
    place = place_of(entry.url or row.url)
    return (
        place not in {place_of(row.url), place_of(post.url or "")}
        and not has_title(post, entry.title)
        and (_is_start(place) or row.key.startswith(pages.LOOK))
    )


def _is_start(place: str) -> bool:
    return "/" not in place.rstrip("/")


def _dated(entry: Entry, now: datetime) -> Entry:
    return replace(entry, published_at=_past(entry.published_at, now))


def _past(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment <= now + AHEAD else None


def _is_news(published_at: datetime | None, now: datetime) -> bool:
    return (published_at or now) > now - NEWS_FOR


def _tell(session: Session, source: Source, posts: Sequence[Post], *, now: datetime) -> None:
    for post in posts:
        post.unsaid = None
    session.flush()
    news = [(post.id or 0, matching.of_post(post, source_id=source.id)) for post in posts]
    announcing.tell(session, CARD, news, now=now)


def _made(entry: Entry, source: Source, facets: Facets, *, now: datetime) -> Post:
    post = Post(source_id=source.id, title="", first_seen_at=now, changed_at=now, origin="source")
    _fill(post, entry, facets)
    return post


def _unsaid(published_at: datetime | None, *, is_quiet: bool, now: datetime) -> Unsaid | None:
    """Return why a new post is not told; None when it is."""
    if is_quiet:
        return Unsaid.BACKLOG
    return None if _is_news(published_at, now) else Unsaid.OLD


def _update(
    session: Session, post: Post, source: Source, entry: Entry, facets: Facets, *, now: datetime
) -> None:
    before, about = _shown(post), _facets(post)
    post.source_id = source.id
    post.withdrawn_at = None
    _fill(post, entry, facets)
    is_changed = _shown(post) != before
    if is_changed:
        post.changed_at = now
        session.flush()
        public.touch(session)
    if is_changed or _facets(post) != about:
        session.flush()
        delivery.changed(session, CARD, post.id, now=now)


def _fill(post: Post, entry: Entry, facets: Facets) -> None:
    post.title = entry.title or post.title or entry.teaser[:TITLE_LENGTH] or entry.url or ""
    post.teaser = entry.teaser
    post.url = entry.url or post.url
    post.image_url, post.image_alt = entry.image_url, entry.image_alt
    post.tags = " ".join(tag.replace(" ", "-") for tag in entry.tags)
    post.series = matching.series_in(post.title, post.tags.split())
    post.kind = facets.kind(post.url, is_video=entry.is_video)
    post.department_id = facets.department_id(entry.tags)
    post.reading_minutes = reading_minutes(entry.word_count)
    post.published_at = entry.published_at or post.published_at


def _shown(post: Post) -> tuple[object, ...]:
    return (
        post.title,
        post.teaser,
        post.url,
        post.image_url,
        post.image_alt,
        post.tags,
        post.published_at,
        post.withdrawn_at,
    )


def _facets(post: Post) -> tuple[object, ...]:
    """Return what only the card shows."""
    return (post.series, post.kind, post.department_id, post.reading_minutes)
