"""What a post or event is besides its words: whose, of what kind, and how long it takes to read."""

from collections.abc import Iterable
from functools import cached_property
from math import ceil
from typing import Final

from sqlmodel import Session

from bot.matching import word
from bot.sources import host_of
from storage.people import Department, departments
from storage.sources import Source
from storage.subscriptions import NewsKind

__all__ = ["Departments", "Facets", "reading_minutes"]

# What the name of a server ends with, with a dot before it, that shows nothing but films.
VIDEO_HOSTS: Final = (".youtube.com", ".youtu.be", ".youtube-nocookie.com", ".vimeo.com")
# Of German; 179 in Trauzettel-Klosinski and Dietz, "Standardized Assessment of Reading Performance: The New
# International Reading Speed Texts IReST", Investigative Ophthalmology & Visual Science 53, 2012.
WORDS_A_MINUTE: Final = 180


class Departments:
    """The city's departments by what they are called, in full or in short."""

    def __init__(self, session: Session) -> None:
        """Look them up in this transaction, once one is asked for."""
        self._session = session

    @cached_property
    def all(self) -> list[Department]:
        """All of them, by name."""
        return departments(self._session)

    @cached_property
    def _called(self) -> dict[str, Department]:
        # Of two that are called the same the one that still exists counts.
        in_order = sorted(self.all, key=lambda one: one.valid_to is None)
        return {word(name): one for one in in_order for name in (one.name, one.short) if name and word(name)}

    def find(self, said: Iterable[str]) -> Department | None:
        """Return the first department that is called like one of these words."""
        return next((found for one in said if (found := self._called.get(word(one)))), None)


class Facets:
    """What is known of all that one source shows; made once for a document."""

    def __init__(self, session: Session, source: Source | None = None) -> None:
        """Ask what can be asked once; without a source only the words of each thing count."""
        self._brings = source.brings if source else None
        self._department_id = source.department_id if source else None
        self._departments = Departments(session) if self._department_id is None else None

    def kind(self, url: str | None, *, is_video: bool = False) -> NewsKind:
        """Return what kind of news a post is: what its source brings, or what it looks like."""
        if self._brings:
            return self._brings
        host = f".{host_of(url or '')}"
        return NewsKind.VIDEO if is_video or host.endswith(VIDEO_HOSTS) else NewsKind.POST

    def department_id(self, said: Iterable[str]) -> int | None:
        """Return whose it is: the source's department, or one that these words name."""
        if self._departments is None:
            return self._department_id
        found = self._departments.find(said)
        return found.id if found else None


def reading_minutes(word_count: int | None) -> int | None:
    """Return how many minutes it takes to read so many words; None when it is not known how many."""
    return ceil(word_count / WORDS_A_MINUTE) if word_count else None
