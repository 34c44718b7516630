"""Reading a well-formed RSS 0.9x, 1.0, 2.0 or Atom 1.0 document quickly. Runs in the worker process.

What is found has the shape of feedparser's own records, as far as `bot.sources.feeds` looks at them: a feed
with a mistake in it is read by feedparser, and no one can tell the difference.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import struct_time
from typing import Any

from feedparser.datetimes import _parse_date as time_of
from lxml import etree

from bot.sources.links import joined
from bot.sources.trees import Element, trimmed, xml_parser

Record = dict[str, Any]
ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# The prefixes under which these vocabularies are known; documents call them, and write them, as they like.
_PREFIXES = {
    "": "",
    "http://purl.org/rss/1.0/": "",
    "http://backend.userland.com/rss2": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    ATOM.lower(): "atom:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://purl.org/syndication/history/1.0": "fh:",
}
_ELSEWHERE = "?"
_HTML_TYPES = ("text/html", "application/xhtml+xml")
# The ways to say one thing, the surest first.
_PUBLISHED = ("pubdate", "atom:published", "dcterms:issued")
_UPDATED = ("atom:updated", "dc:date", "dcterms:modified", "lastbuilddate")
_CREATED = ("dcterms:created",)
_SUMMARY = ("description", "atom:summary", "dc:description", "summary", "itunes:summary")


@dataclass
class Document:
    """A feed as feedparser would tell of it: its own words, and its entries."""

    feed: Record
    is_atom: bool
    entries: list[Record] = field(default_factory=list)


def read(body: bytes, *, encoding: str | None) -> Document | None:
    """Return the feed in `body`, None if this is for feedparser: a mistake in the XML, another kind of root.

    Args:
        body: the document.
        encoding: to be believed more than the document.
    """
    if b"<!DOCTYPE" in body:
        # It may define or fetch what the rest of the document is made of.
        return None
    try:
        root = etree.fromstring(trimmed(body), xml_parser(encoding=encoding))
    except (etree.XMLSyntaxError, LookupError, ValueError):
        return None
    kind = root.tag.lower()
    if kind == f"{{{ATOM}}}feed".lower():
        document = Document(_feed(root), is_atom=True)
        found = root.iter(f"{{{ATOM}}}entry")
    elif kind in ("rss", f"{{{RDF}}}rdf".lower()):
        channel = next((child for child in root if _name(child) == "channel"), root)
        document = Document(_feed(channel), is_atom=False)
        found = (element for element in root.iter() if _name(element) == "item")
    else:
        return None
    document.entries = [_entry(element) for element in found]
    # An empty feed is quickly read again; one with entries of a kind unknown here would be lost.
    return document if document.entries else None


def _name(element: Element) -> str:
    """Return the element's name with the usual prefix, lower-case; `?` before one from elsewhere."""
    namespace, mark, name = element.tag.rpartition("}")
    return (_PREFIXES.get(namespace[1:].lower(), _ELSEWHERE) if mark else "") + name.lower()


def _feed(channel: Element) -> Record:
    feed: Record = {}
    for child in channel:
        name = _name(child)
        if name in ("title", "atom:title") and "title" not in feed:
            feed["title"], feed["title_detail"] = _construct(child)
        elif name == "ttl":
            feed["ttl"] = _text(child)
        elif name in ("sy:updateperiod", "sy:updatefrequency"):
            feed[name.replace(":update", "_update")] = _text(child)
        elif name == "fh:complete":
            feed["fh_complete"] = ""
    return feed


def _entry(element: Element) -> Record:
    entry: Record = {"links": [], "tags": [], "content": [], "media_content": [], "media_thumbnail": []}
    about = element.get(f"{{{RDF}}}about")
    if about:
        entry["id"] = about
    for child in element:
        name = _name(child)
        read_child = _READERS.get(name)
        if read_child is not None:
            read_child(entry, child, name)
    _settle(entry)
    entry["base"] = element.base
    return entry


def _settle(entry: Record) -> None:
    """Choose where an entry says one thing in several ways."""
    for name, ways in (("published", _PUBLISHED), ("updated", _UPDATED), ("created", _CREATED)):
        moments = (_time(entry[way]) for way in ways if entry.get(way))
        entry[f"{name}_parsed"] = next((moment for moment in moments if moment), None)
    if "title" not in entry and "media:title" in entry:
        entry["title"], entry["title_detail"] = entry["media:title"]
    summaries = [entry[way] for way in (*_SUMMARY, "media:description") if way in entry]
    if summaries:
        entry["summary"], entry["summary_detail"] = summaries[0]
    if "link" not in entry:
        pages = [link for link in entry["links"] if link["rel"] == "alternate" and link["href"]]
        best = [link for link in pages if link["type"] in _HTML_TYPES] or pages
        if best:
            entry["link"] = best[0]["href"]
        elif entry.get("is_permalink"):
            entry["link"] = entry["id"]
    entry["author"] = next(
        (entry[way] for way in ("author", "dc:creator", "itunes:author") if way in entry), ""
    )


def _text(element: Element) -> str:
    return (
        (element.text or "").strip() if len(element) == 0 else "".join(map(str, element.itertext())).strip()
    )


def _construct(element: Element) -> tuple[str, Record]:
    """Return text or markup, and which of them it is."""
    kind = element.get("type", "")
    if kind == "xhtml" or len(element):
        return _inside(element), {"type": "application/xhtml+xml"}
    is_html = kind in ("html", *_HTML_TYPES)
    return _text(element), {"type": "text/html" if is_html else "text/plain"}


def _inside(element: Element) -> str:
    inner = [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return (element.text or "") + "".join(inner)


def _time(words: str) -> struct_time | None:
    try:
        found = time_of(words)
    except Exception:  # noqa: BLE001 - feedparser's readers of dates fall over some of them
        return None
    return found if isinstance(found, struct_time) else None


def _read_title(entry: Record, element: Element, name: str) -> None:
    value, detail = _construct(element)
    if value and name == "media:title":
        entry.setdefault(name, (value, detail))
    elif value and "title" not in entry:
        entry["title"], entry["title_detail"] = value, detail


def _read_summary(entry: Record, element: Element, name: str) -> None:
    value, detail = _construct(element)
    if not name.startswith("atom:"):
        # RSS has HTML there, and says so nowhere.
        detail = {"type": "text/html"}
    if value:
        entry.setdefault(name, (value, detail))


def _read_content(entry: Record, element: Element, _name: str) -> None:
    value, detail = _construct(element)
    if value:
        entry["content"].append({"value": value, **detail})


def _read_link(entry: Record, element: Element, _name: str) -> None:
    address = _text(element)
    if address and "link" not in entry:
        entry["link"] = address
    elif element.get("href"):
        _read_atom_link(entry, element, _name)


def _read_atom_link(entry: Record, element: Element, _name: str) -> None:
    address = element.get("href", "").strip()
    entry["links"].append(
        {
            "rel": element.get("rel") or "alternate",
            "type": element.get("type") or "text/html",
            "href": joined(element.base or "", address) if address else "",
            "title": element.get("title", ""),
        }
    )


def _read_enclosure(entry: Record, element: Element, _name: str) -> None:
    entry["links"].append(
        {"rel": "enclosure", "type": element.get("type", ""), "href": element.get("url"), "title": ""}
    )


def _read_guid(entry: Record, element: Element, name: str) -> None:
    guid = _text(element)
    if guid:
        entry["id"] = guid
        entry["is_permalink"] = name == "guid" and element.get("isPermaLink", "true").lower() == "true"


def _read_words(entry: Record, element: Element, name: str) -> None:
    words = _text(element)
    if words:
        entry.setdefault(name, words)


def _read_person(entry: Record, element: Element, name: str) -> None:
    names = [child for child in element if _name(child) in ("atom:name", "name")]
    words = _text(names[0] if names else element)
    if words and (names or not len(element)):
        entry.setdefault(name.removeprefix("atom:"), words)


def _read_tag(entry: Record, element: Element, _name: str) -> None:
    term = element.get("term") or element.get("text") or _text(element)
    entry["tags"].append({"term": term, "label": element.get("label")})


def _read_keywords(entry: Record, element: Element, _name: str) -> None:
    entry["tags"].extend({"term": word.strip()} for word in _text(element).split(","))


def _read_media(entry: Record, element: Element, name: str) -> None:
    entry[name.replace(":", "_")].append(dict(element.items()))
    _read_group(entry, element, name)


def _read_group(entry: Record, element: Element, _parent: str) -> None:
    for child in element:
        name = _name(child)
        if name in _IN_GROUPS:
            _IN_GROUPS[name](entry, child, name)


def _read_image(entry: Record, element: Element, _parent: str) -> None:
    address = element.get("href") or next((_text(child) for child in element if _name(child) == "url"), "")
    if address:
        entry.setdefault("image", {"href": address})


def _read_origin(entry: Record, element: Element, _name: str) -> None:
    entry["feedburner_origlink"] = _text(element)


_Reader = Callable[[Record, Element, str], None]
_IN_GROUPS: dict[str, _Reader] = {
    "media:content": _read_media,
    "media:thumbnail": _read_media,
    "media:title": _read_title,
    "media:description": _read_summary,
}
_READERS: dict[str, _Reader] = {
    **_IN_GROUPS,
    "media:group": _read_group,
    "media:category": _read_tag,
    "title": _read_title,
    "atom:title": _read_title,
    "dc:title": _read_title,
    "content:encoded": _read_content,
    "atom:content": _read_content,
    "author": _read_person,
    "atom:author": _read_person,
    "dc:creator": _read_person,
    "itunes:author": _read_person,
    "category": _read_tag,
    "atom:category": _read_tag,
    "dc:subject": _read_tag,
    "image": _read_image,
    "itunes:image": _read_image,
    "guid": _read_guid,
    "atom:id": _read_guid,
    "link": _read_link,
    "atom:link": _read_atom_link,
    "enclosure": _read_enclosure,
    "itunes:keywords": _read_keywords,
    "feedburner:origlink": _read_origin,
}
_READERS |= dict.fromkeys(_SUMMARY, _read_summary)
_READERS |= dict.fromkeys((*_PUBLISHED, *_UPDATED, *_CREATED), _read_words)
