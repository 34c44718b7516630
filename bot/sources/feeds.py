"""Making entries of a feed: RSS 0.9x, 1.0, 2.0, Atom and JSON Feed. Runs in the worker process."""

import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser

from bot.sources import feed_json, feed_xml
from bot.sources.dates import local_date
from bot.sources.errors import FetchError, Reason
from bot.sources.limits import EARLIEST, LATEST, MAX_TEASER, MAX_TITLE
from bot.sources.links import joined, web_link
from bot.sources.names import person, topics
from bot.sources.newest import newest
from bot.sources.objects import looks_like_object
from bot.sources.pictures import has_video, picture_of
from bot.sources.plain import beginning, cut, one_line, plain_if_markup, word_count
from bot.sources.records import Entry, Feed
from bot.sources.trees import with_possible_references

MAX_MINUTES = 365 * 24 * 60
PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"\W*<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)")
# What calls itself so is Windows' own alphabet, which has quotes and dashes where these have nothing.
_LATIN = ("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "us-ascii", "ascii")

feedparser.registerDateHandler(local_date)


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Return the feed in `body`; of more than 500 entries the newest.

    Args:
        body: the document; never text, which feedparser would take for a file's name or an address.
        url: where it was found; relative links start there.
        content_type: as the server sent it; its charset counts where the document names none.

    Raises:
        FetchError: it is no feed.
    """
    if looks_like_object(body):
        return feed_json.parse_json_feed(body, url=url)
    charset = _charset(body, content_type)
    body = with_possible_references(body)
    document = feed_xml.read(body, encoding=_alphabet(body, charset)) or _read_leniently(body, charset)
    read = [
        _entry(entry, base=_base(entry, url), is_atom=document.is_atom)
        for entry in newest(document.entries, _published_at)
    ]
    return Feed(
        title=cut(_text(document.feed, "title", is_atom=document.is_atom), MAX_TITLE) or None,
        entries=tuple(entry for entry in read if entry.guid or entry.url or entry.title),
        ttl=_ttl(document.feed),
        is_complete="fh_complete" in document.feed,
    )


def _read_leniently(body: bytes, charset: str | None) -> feed_xml.Document:
    # Without an address to start from feedparser leaves relative links alone, and with them the GUIDs: each
    # `guid` that is a mere number would change with the address of the feed. Its own cleaning of markup takes
    # longer than all the rest and is not enough: every text goes through `plain` afterwards.
    try:
        found = feedparser.parse(
            BytesIO(body),
            response_headers={
                "content-type": f"application/xml; charset={charset}" if charset else "application/xml"
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser falls over some of what it reads
        raise FetchError(Reason.UNREADABLE, type(error).__name__) from error
    if not found.get("version"):
        raise FetchError(Reason.NOT_A_FEED)
    entries = found.entries
    if found.bozo and not _END.search(body[-4096:]):
        # The document breaks off, in the middle of its last entry as a rule.
        entries = entries[:-1]
    return feed_xml.Document(found.feed, is_atom=found.version.startswith("atom"), entries=entries)


def _entry(entry: feed_xml.Record, *, base: str, is_atom: bool) -> Entry:
    image_url, image_alt = picture_of(entry, base=base)
    whole = next((part["value"] for part in _value(entry, "content") or () if part.get("value")), "")
    return Entry(
        guid=(_value(entry, "id") or "").strip() or None,
        url=_link(entry, base=base),
        title=cut(_text(entry, "title", is_atom=is_atom), MAX_TITLE),
        teaser=cut(_text(entry, "summary", is_atom=is_atom) or _content(entry), MAX_TEASER),
        published_at=_published_at(entry),
        updated_at=_moment(entry, "updated_parsed"),
        author=person(_value(entry, "author") or ""),
        tags=topics(tag.get("label") or tag.get("term") or "" for tag in entry.get("tags") or ()),
        image_url=image_url,
        image_alt=image_alt,
        word_count=word_count(whole),
        is_video=has_video(_value(entry, "links") or ()),
    )


def _base(entry: feed_xml.Record, url: str) -> str:
    """Return where relative addresses inside the entry start."""
    parts = (entry, *(_value(entry, "content") or ()), _value(entry, "summary_detail") or {})
    bases = (_value(part, "base") for part in parts)
    return web_link(joined(url, next((str(base) for base in bases if base), ""))) or url


def _charset(body: bytes, content_type: str | None) -> str | None:
    """Return the server's charset, only where the document leaves it open.

    Servers say `iso-8859-1` of every file as often as not; a document that names its encoding, or is UTF-8 by
    the look of its bytes, knows better.
    """
    charset = _CHARSET.search(content_type or "")
    if charset is None or _DECLARED.match(body[:200]) or _is_utf8(body):
        return None
    return charset[1]


def _alphabet(body: bytes, charset: str | None) -> str | None:
    """Return what the document is to be read as, where that is not what it says."""
    declared = _DECLARED.match(body[:200])
    named = charset or (declared[1].decode("ascii", "ignore") if declared else "")
    if named.lower() not in _LATIN:
        return charset
    return "utf-8" if _is_utf8(body) else "windows-1252"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _ttl(feed: feed_xml.Record) -> timedelta | None:
    """Return for how long the feed says it stays fresh: at least a minute, at most a year."""
    minutes = str(_value(feed, "ttl") or "").strip()
    if minutes.isdecimal() and len(minutes) <= len(str(MAX_MINUTES)) and 1 <= int(minutes) <= MAX_MINUTES:
        return timedelta(minutes=int(minutes))
    period = PERIODS.get(str(_value(feed, "sy_updateperiod") or "").strip().lower())
    frequency = str(_value(feed, "sy_updatefrequency") or "1").strip()
    if period is None or not frequency.isdecimal() or not 1 <= int(frequency[:9]) <= MAX_MINUTES:
        return None
    return max(period / int(frequency[:9]), timedelta(minutes=1))


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
    return beginning(value, MAX_TEASER)


def _content(entry: Mapping[str, Any]) -> str:
    parts = (
        beginning(part["value"], MAX_TEASER) for part in _value(entry, "content") or () if part.get("value")
    )
    return next((part for part in parts if part), "")


def _link(entry: Mapping[str, Any], *, base: str) -> str | None:
    # An empty link has become the address of the feed itself.
    nowhere = ("", base, (_value(entry, "title_detail") or {}).get("base"))
    candidates = (
        # FeedBurner leads through its own address to the page, as long as it lives.
        _value(entry, "feedburner_origlink"),
        _value(entry, "link"),
        *(link.get("href") for link in _value(entry, "links") or () if link.get("rel") == "alternate"),
    )
    links = (web_link(found, base=base) for found in candidates if found not in nowhere)
    return next((link for link in links if link), None)


def _published_at(entry: Mapping[str, Any]) -> datetime | None:
    names = ("published_parsed", "created_parsed", "updated_parsed")
    return next((moment for name in names if (moment := _moment(entry, name))), None)


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    when = _value(entry, name)
    # Far from today a date is a slip, and has no place in every time zone.
    if not isinstance(when, struct_time) or not EARLIEST <= when.tm_year <= LATEST:
        return None
    try:
        return datetime.fromtimestamp(timegm(when), UTC)
    except (ValueError, OverflowError, OSError):
        return None
