"""What a page may know of the request it answers, cleaned of everything a visitor could smuggle in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from aiohttp import web

from bot.settings import Settings
from bot.texts import Texts, texts

ENGLISH = "/en"
LONGEST_VALUE = 100


@dataclass(frozen=True)
class Visit:
    """One request. `path` is the address without its language; `query` holds only what the page asks for."""

    path: str
    slug: str
    query: Mapping[str, str]
    texts: Texts
    now: datetime
    today: date
    site_url: str

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.texts.language

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """What tells this page from the others."""
        return self.language, self.path, tuple(sorted(self.query.items()))

    def link(self, path: str, language: str | None = None) -> str:
        """Return the address of a page of this site in this language or in another one."""
        return f"{ENGLISH}{path}" if (language or self.language) == "en" else path

    def whole(self, path: str, language: str | None = None) -> str:
        """Return the address of a page with the site's name in it."""
        return f"{self.site_url}{self.link(path, language)}"


def visit(request: web.Request, settings: Settings, *, now: datetime, takes: tuple[str, ...] = ()) -> Visit:
    """Read a request.

    Args:
        request: what came in.
        settings: time zone and the site's own address.
        now: the moment of the request.
        takes: the query parameters the page knows; all others are dropped.
    """
    language, path = _language_and_path(request.path)
    given = {name: _clean(request.query.get(name, "")) for name in takes}
    return Visit(
        path=path,
        slug=request.match_info.get("slug", ""),
        query={name: value for name, value in given.items() if value},
        texts=texts(language, settings.timezone),
        now=now,
        today=now.astimezone(settings.zone).date(),
        site_url=settings.site_url,
    )


def _language_and_path(path: str) -> tuple[str, str]:
    if path == ENGLISH or path.startswith(f"{ENGLISH}/"):
        return "en", path.removeprefix(ENGLISH) or "/"
    return "de", path


def _clean(value: str) -> str:
    """Keep what can be printed (no control characters, no halves of characters), in one line."""
    printable = "".join(letter if letter.isprintable() else " " for letter in value[:LONGEST_VALUE])
    return " ".join(printable.split())
