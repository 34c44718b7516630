"""By what a post is known again: its GUID, its address, its title with its day."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.sources import Entry, identity_of
from storage.posts import Post

__all__ = ["URL", "Document", "Line", "has_title", "place_of"]

TITLE: Final = "title:"
URL: Final = "url:"
# Before a GUID or address that was seen to stand for several posts: it identifies nothing any more.
SHARED: Final = "shared:"
# So many posts of one document with one title on one day are told apart when all their addresses change.
MOST_TWINS: Final = 20


def place_of(url: str) -> str:
    """Return what an address has in common with its other spellings; another fragment is another place."""
    fragment = _fragment(url)
    return f"{identity_of(url)}#{fragment}" if fragment else identity_of(url)


def has_title(post: Post, title: str) -> bool:
    """Return whether a post is called so, whatever the punctuation and capitals."""
    return bool(title) and _words(post.title) == _words(title)


@dataclass
class Line:
    """One entry of a document and the signs it is known by, each a key or None where it has no such sign.

    Attributes:
        guid: the source's own name for it.
        place: its full address.
        page: its address without the fragment, where it has one.
        titles: its title with its day; several where the document has several posts of one title and day.
        bare_title: its title without a day.
        shared: keys that turned out to stand for several posts.
        post: the post that a sure sign leads to.
    """

    entry: Entry
    guid: str | None
    place: str | None
    page: str | None
    titles: list[str] = field(default_factory=list)
    bare_title: str | None = None
    shared: list[str] = field(default_factory=list)
    post: Post | None = None

    @property
    def sure(self) -> list[str]:
        """What belongs to this post alone, surest first."""
        return [key for key in (self.guid, self.place) if key]

    @property
    def hints(self) -> list[str]:
        """What another post may have, too."""
        titles = self.titles if self.sure or self.titles else [self.bare_title or ""]
        return [key for key in (self.page, *titles) if key]

    def drop(self, key: str) -> None:
        """Go by this sign no more: it stands for several posts."""
        self.shared.append(key)
        if key == self.guid:
            self.guid = None
        else:
            self.place = self.page = None


class Document:
    """The entries of one document and the posts they are.

    Ask the store for the posts of `keys`, `meet` them, then `find` and `settle` line by line.

    Attributes:
        lines: the entries, oldest first.
        new_keys: what is to be kept: by which key which post is known from now on.
    """

    def __init__(self, source_id: int | None, entries: Sequence[Entry]) -> None:
        """Read the signs of entries that stand newest first; a GUID counts only within its source."""
        self.lines = [_line(source_id, entry) for entry in reversed(entries)]
        self.new_keys: list[tuple[str, Post]] = []
        self._known: dict[str, Post] = {}
        self._shown: set[int] = set()
        self._number_twins()

    @property
    def keys(self) -> set[str]:
        """All keys that may lead to a post."""
        sure = {key for line in self.lines for key in line.sure}
        hints = {key for line in self.lines for key in (line.page, *line.titles, line.bare_title) if key}
        return sure | hints | {SHARED + key for key in sure}

    def meet(self, known: Mapping[str, Post], *, shown: Iterable[Post] = ()) -> None:
        """Take the known posts by their keys, and leave alone the signs that identify nothing.

        Args:
            known: the posts that the store knows by `keys`.
            shown: posts that are known to be others than those in this document, whatever their titles.
        """
        self._known = dict(known)
        for line in self.lines:
            for key in line.sure:
                if SHARED + key in self._known:
                    line.drop(key)
        self._drop_shared_guids()
        self._drop_shared_places()
        self._drop_crowded_pages()
        self._drop_borrowed()
        for line in self.lines:
            line.post = self._surely(line)
        self._shown = {id(post) for post in shown}
        self._shown |= {id(line.post) for line in self.lines if line.post}

    def find(self, line: Line) -> Post | None:
        """Return the post that a line is, None when it is new.

        Two entries of one document are two posts, also when they have a page, or title and day, in common:
        such hints lead only to a post that no other entry shows, unless the entry has no sign of its own.
        """
        post = line.post or self._surely(line)
        if post:
            return post
        for key in line.hints:
            found = self._known.get(key)
            if found is None or (line.sure and id(found) in self._shown):
                continue
            if key != line.page or _is_beside(line.entry.url, found.url):
                return found
        return None

    def settle(self, line: Line, post: Post) -> None:
        """Let a post be known by the signs of this line from now on."""
        self._shown.add(id(post))
        for key in [*line.sure, line.page]:
            if key and key not in self._known:
                self._keep(key, post)
        for key in line.hints:
            if key.startswith(TITLE) and self._known.get(key, post) is post:
                # Of twins each has a key of its own.
                if key not in self._known:
                    self._keep(key, post)
                break
        for key in line.shared:
            if SHARED + key not in self._known:
                self._keep(SHARED + key, post)

    def _keep(self, key: str, post: Post) -> None:
        self._known[key] = post
        self.new_keys.append((key, post))

    def _surely(self, line: Line) -> Post | None:
        found = [self._known[key] for key in line.sure if key in self._known]
        # Where GUID and address lead to different posts, the title decides.
        titled = (post for post in found if has_title(post, line.entry.title))
        return next(titled, found[0] if found else None)

    def _number_twins(self) -> None:
        number = Counter(key for line in self.lines for key in line.titles)
        for line in self.lines:
            line.titles = [
                f"{key}|{twin}" if twin > 1 else key
                for key in line.titles
                for twin in range(1, min(number[key], MOST_TWINS) + 1)
            ]

    def _drop_shared_guids(self) -> None:
        """A GUID at two addresses, or without addresses of two titles, stands for more than one post."""
        for guid, lines in _grouped(self.lines, "guid"):
            pages = {line.page or line.place for line in lines}
            fragments = {_fragment(line.entry.url or "") for line in lines} - {""}
            several = len(pages - {None}) > 1 or len(fragments) > 1
            if several or (None in pages and len(_titles(lines)) > 1):
                for line in lines:
                    line.drop(guid)

    def _drop_shared_places(self) -> None:
        """An address of several entries with names and titles of their own, such as the home page."""
        for place, lines in _grouped(self.lines, "place"):
            named = [line for line in lines if line.entry.guid]
            if len({line.entry.guid for line in named}) > 1 and len(_titles(named)) > 1:
                for line in lines:
                    line.drop(place)

    def _drop_crowded_pages(self) -> None:
        """Where several posts of this document stand on one page, the page alone identifies none of them.

        What does is the address with its fragment, then GUID and title. A page with a fragment and without
        is one post as long as the titles agree: `/1` and `/1#top`.
        """
        pages = defaultdict(list)
        for line in self.lines:
            if line.place:
                pages[line.page or line.place].append(line)
        for page, lines in pages.items():
            fragments = {_fragment(line.entry.url or "") for line in lines}
            if len(fragments - {""}) < 2 and (len(fragments) < 2 or len(_titles(lines)) < 2):  # noqa: PLR2004 - more than one
                continue
            found = self._known.get(page)
            for line in lines:
                line.page = None
                if line.place == page and found and _fragment(found.url or ""):
                    line.place = None

    def _drop_borrowed(self) -> None:
        """A GUID or address under which the document shows another post than before has only passed by.

        Some programs count their entries through: the newest is always number 1, or always at `/news/1`.
        The post itself is then shown elsewhere in the same document, under its title.
        """
        at_home = {
            id(post)
            for line in self.lines
            for post in (self._known.get(key) for key in line.sure)
            if post and has_title(post, line.entry.title)
        }
        for line in self.lines:
            leads = {key: self._known.get(key) for key in line.sure}
            for key, post in leads.items():
                if (
                    post is not None
                    and line.entry.title
                    and not has_title(post, line.entry.title)
                    and id(post) in at_home
                    and len(leads) > 1
                    and any(other is not post for other in leads.values())
                ):
                    line.drop(key)


def _line(source_id: int | None, entry: Entry) -> Line:
    place = f"{URL}{place_of(entry.url)}" if entry.url else None
    page = f"{URL}{identity_of(entry.url)}" if entry.url else None
    line = Line(
        entry,
        guid=f"guid:{source_id}:{entry.guid}" if entry.guid else None,
        place=place,
        page=page if page != place else None,
    )
    if entry.title:
        day = _day(entry.published_at) or _tail(entry.url)
        line.titles = [f"{TITLE}{_words(entry.title)}|{day}"] if day else []
        line.bare_title = f"{TITLE}{_words(entry.title)}|"
    return line


def _grouped(lines: Iterable[Line], sign: str) -> list[tuple[str, list[Line]]]:
    """Return the lines that have this sign in common, by its key."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if key := getattr(line, sign):
            groups[key].append(line)
    return [(key, group) for key, group in groups.items() if len(group) > 1]


def _titles(lines: Iterable[Line]) -> set[str]:
    return {_words(line.entry.title) for line in lines if line.entry.title}


def _words(title: str) -> str:
    return re.sub(r"\W+", " ", title.casefold()).strip() or title


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


def _tail(url: str | None) -> str:
    """Return the last part of an address: a blog that moves keeps it, also where its posts have no dates."""
    path = identity_of(url or "").partition("?")[0]
    return f"/{path.rpartition('/')[2]}" if "/" in path else ""


def _fragment(url: str) -> str:
    return url.partition("#")[2]


def _is_beside(url: str | None, other: str | None) -> bool:
    """Return whether two addresses of one page may be one post: not where both name a part of it."""
    first, second = _fragment(url or ""), _fragment(other or "")
    return not (first and second) or first == second
