"""Making entries of a feed: RSS 0.9x, 1.0, 2.0 and Atom. Runs in the worker process."""

import re
import sys
from calendar import timegm
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser

from bot.sources.dates import local_date
from bot.sources.errors import FetchError, Reason
from bot.sources.links import web_link
from bot.sources.pictures import picture_of
from bot.sources.plain import cut, one_line, plain, plain_if_markup
from bot.sources.records import Entry, Feed

MAX_ENTRIES = 500
MAX_TITLE = 300
MAX_TEASER = 500
MAX_NAME = 100
EARLIEST, LATEST = 1970, 2200
MAX_TAGS = 20
_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_REFERENCE = re.compile(rb"&#(x[0-9a-f]{1,99}|[0-9]{1,99});", re.IGNORECASE)
_SURROGATES = range(0xD800, 0xE000)
_MAIL = re.compile(r"[^\s<>()]*@[^\s<>()]*")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)

feedparser.registerDateHandler(local_date)


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Return the feed in `body`, at most 500 entries.

    Args:
        body: the document; never text, which feedparser would take for a file's name or an address.
        url: where it was found; relative links start there.
        content_type: as the server sent it; its charset counts where the document names none.

    Raises:
        FetchError: it is no feed.
    """
    # Without an address to start from feedparser leaves relative links alone, and with them the GUIDs: each
    # `guid` that is a mere number would change with the address of the feed.
    found = feedparser.parse(
        BytesIO(_REFERENCE.sub(_possible, body)),
        response_headers={"content-type": _xml_type(body, content_type)},
        sanitize_html=True,
    )
    if not found.get("version"):
        raise FetchError(Reason.NOT_A_FEED)
    entries = found.entries
    if found.bozo and not _END.search(body[-4096:]):
        # The document breaks off, in the middle of its last entry as a rule.
        entries = entries[:-1]
    is_atom = found.version.startswith("atom")
    read = [_entry(entry, base=url, is_atom=is_atom) for entry in entries[:MAX_ENTRIES]]
    return Feed(
        title=_text(found.feed, "title", is_atom=is_atom) or None,
        entries=tuple(entry for entry in read if entry.guid or entry.url or entry.title),
    )


def _entry(entry: Mapping[str, Any], *, base: str, is_atom: bool) -> Entry:
    image_url, image_alt = picture_of(entry, base=base)
    updated_at = _moment(entry, "updated_parsed")
    return Entry(
        guid=(_value(entry, "id") or "").strip() or None,
        url=_link(entry, base=base),
        title=cut(_text(entry, "title", is_atom=is_atom), MAX_TITLE),
        teaser=cut(_text(entry, "summary", is_atom=is_atom) or _content(entry), MAX_TEASER),
        published_at=_moment(entry, "published_parsed") or _moment(entry, "created_parsed") or updated_at,
        updated_at=updated_at,
        author=_author(entry),
        tags=_tags(entry.get("tags") or ()),
        image_url=image_url,
        image_alt=image_alt,
    )


def _xml_type(body: bytes, content_type: str | None) -> str:
    """Return the type to tell feedparser, with the server's charset only where the document leaves it open.

    Servers say `iso-8859-1` of every file as often as not; a document that names its encoding, or is UTF-8 by
    the look of its bytes, knows better.
    """
    charset = _CHARSET.search(content_type or "")
    if charset is None or re.match(rb"\W*<\?xml[^>]*encoding", body[:200]) or _is_utf8(body):
        return "application/xml"
    return f"application/xml; charset={charset[1]}"


def _possible(reference: re.Match[bytes]) -> bytes:
    """Return the character reference, or a blank if it names no character: feedparser gives up there."""
    digits = reference[1].lower()
    number = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    return b" " if number == 0 or number in _SURROGATES or number > sys.maxunicode else reference[0]


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _value(record: Mapping[str, Any], name: str) -> Any:
    # FeedParserDict answers `updated` with `published` (and a warning); a plain look-up does not.
    return dict.get(record, name) if isinstance(record, dict) else None


def _text(record: Mapping[str, Any], name: str, *, is_atom: bool) -> str:
    value = _value(record, name)
    if not isinstance(value, str):
        return ""
    kind = (_value(record, f"{name}_detail") or {}).get("type")
    if kind == "text/plain":
        # Atom says what is text, so a tag in it is spoken of; elsewhere it is a guess of feedparser's.
        return one_line(unescape(value)) if is_atom else plain_if_markup(value)
    return plain(value)


def _content(entry: Mapping[str, Any]) -> str:
    return next((plain(part["value"]) for part in _value(entry, "content") or () if part.get("value")), "")


def _link(entry: Mapping[str, Any], *, base: str) -> str | None:
    # An empty link has become the address of the feed itself.
    nowhere = ("", base, (_value(entry, "title_detail") or {}).get("base"))
    candidates = (
        _value(entry, "link"),
        *(link.get("href") for link in _value(entry, "links") or () if link.get("rel") == "alternate"),
    )
    links = (web_link(found, base=base) for found in candidates if found not in nowhere)
    return next((link for link in links if link), None)


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    when = _value(entry, name)
    # Far from today a date is a slip, and has no place in every time zone.
    if not isinstance(when, struct_time) or not EARLIEST <= when.tm_year <= LATEST:
        return None
    try:
        return datetime.fromtimestamp(timegm(when), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _author(entry: Mapping[str, Any]) -> str | None:
    # feedparser's own name loses its way where a domain ends in more than four letters.
    name = _MAIL.sub("", _value(entry, "author") or "").replace("()", "").replace("<>", "").strip()
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    return cut(plain_if_markup(name), MAX_NAME) or None


def _tags(tags: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    words = (plain_if_markup(tag.get("label") or tag.get("term") or "") for tag in tags)
    return tuple(dict.fromkeys(cut(word, MAX_NAME) for word in words if word))[:MAX_TAGS]
