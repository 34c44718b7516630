"""What is fuzzed: every reader of untrusted documents, and what has to hold whatever it is given.

A target takes any bytes. It may refuse them (FetchError) and nothing else; what it reads has to be plain data
that can be shown anywhere: no control characters, nothing too long, links of the web only, moments in UTC.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.sources import opml
from bot.sources.calendars import parse_calendar
from bot.sources.catalogues import parse_catalogue
from bot.sources.errors import FetchError
from bot.sources.feeds import parse_feed
from bot.sources.pages import parse_page
from bot.sources.sitemaps import parse_sitemap

URL: Final = "https://stadt.example/feed"
TODAY: Final = date(2026, 11, 18)
ZONE: Final = "Europe/Berlin"
LONGEST: Final = 2_000
MOST: Final = 5_000
_BAD: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# What the source means by these is its own affair; they are compared and never shown.
NEVER_SHOWN: Final = frozenset({"guid", "uid", "recurrence_id"})

TARGETS: Final[dict[str, Callable[[bytes], object]]] = {
    "feed": lambda body: parse_feed(body, url=URL),
    "calendar": lambda body: parse_calendar(body, today=TODAY, timezone=ZONE),
    "sitemap": lambda body: parse_sitemap(body, url=URL),
    "page": lambda body: parse_page(body, url=URL, today=TODAY, timezone=ZONE),
    "catalogue": lambda body: parse_catalogue(body, url=f"{URL}/api/3/action/package_search"),
    "opml": opml.subscriptions,
}


def run(name: str, body: bytes) -> object | None:
    """Give a target some bytes; return what it read, None when it refused, and fail on everything else."""
    try:
        record = TARGETS[name](body)
    except FetchError:
        return None
    check(record)
    return record


def check(value: Any, name: str = "") -> None:
    """Fail unless this is plain data that can be shown anywhere."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            check(getattr(value, field.name), field.name)
    elif isinstance(value, tuple):
        assert len(value) <= MOST, name
        for part in value:
            check(part, name)
    elif isinstance(value, str):
        _check_text(value, name)
    elif isinstance(value, datetime):
        assert value.utcoffset() == timedelta(), (name, value)
    else:
        assert value is None or isinstance(value, bool | int | date | timedelta), (name, type(value))


def corpus(folder: Iterable[Any]) -> list[Any]:
    """Return the files of a folder by name."""
    return sorted(path for path in folder if path.is_file())


def _check_text(text: str, name: str) -> None:
    if name in NEVER_SHOWN:
        return
    assert len(text) <= LONGEST, (name, len(text))
    assert not _BAD.search(text), (name, text)
    if name.endswith("url"):
        assert text.startswith(("https://", "http://")), (name, text)
