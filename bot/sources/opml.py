"""Reading the subscriptions that feed readers hand over (OPML)."""

from typing import Final

from lxml import etree

from bot.sources.errors import FetchError, Reason
from bot.sources.limits import MAX_TITLE
from bot.sources.links import identity_of, secure_link, web_link
from bot.sources.plain import cut, one_line
from bot.sources.records import Offer
from bot.sources.trees import Element, as_utf8, decoded, trimmed, with_possible_references, xml_parser

MAX_SUBSCRIPTIONS: Final = 5_000
# What stands in an outline's `type`; a feed reader's own words, and ours.
KINDS: Final = {
    "comments": "comments",
    "calendar": "calendar",
    "ical": "calendar",
    "ics": "calendar",
    "icalendar": "calendar",
    "sitemap": "sitemap",
    "event_page": "event_page",
    "ckan": "ckan",
}


def subscriptions(body: bytes) -> tuple[Offer, ...]:
    """Return the subscriptions of an OPML document, each address once, in its order; folders don't matter.

    Raises:
        FetchError: it is no OPML.
    """
    root = _root(body)
    if root is None or str(root.tag).rpartition("}")[2].lower() != "opml":
        raise FetchError(Reason.NOT_OPML)
    found: dict[str, Offer] = {}
    for outline in root.iter("{*}outline"):
        said = {str(name).lower(): str(value) for name, value in outline.items()}
        address = secure_link(said.get("xmlurl", ""))
        link = web_link(address)
        if link and len(found) < MAX_SUBSCRIPTIONS:
            kind = KINDS.get(said.get("type", "").strip().lower()) or _kind_by_address(said["xmlurl"])
            title = cut(one_line(said.get("title") or said.get("text") or ""), MAX_TITLE)
            found.setdefault(identity_of(link), Offer(kind, link, title))
    return tuple(found.values())


def _root(body: bytes) -> Element | None:
    """Return the root of the document, or of what can be made of one with mistakes in it."""
    try:
        return etree.fromstring(trimmed(body), xml_parser())
    except (etree.XMLSyntaxError, ValueError):
        pass
    try:
        # What is no text would still be none after the repair.
        text = with_possible_references(as_utf8(decoded(body)))
        return etree.fromstring(trimmed(text), xml_parser(encoding="utf-8", recover=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FetchError(Reason.NOT_OPML) from error


def _kind_by_address(address: str) -> str:
    return "calendar" if address.strip().lower().startswith("webcal") else "feed"
