"""The feeds and calendars that a web page points to. Runs in the worker process."""

from collections.abc import Iterator
from typing import Final

from bot.sources.kinds import is_calendar_address, is_feed_address, kind_of_feed
from bot.sources.limits import MAX_TITLE
from bot.sources.links import identity_of, secure_link, web_link
from bot.sources.page_head import rels
from bot.sources.plain import cut, one_line
from bot.sources.records import Offer
from bot.sources.trees import Element, text_of

MAX_OFFERS: Final = 50
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
# Of these only what is called a feed; WordPress has its interface for programs there.
LOOSE_TYPES = ("application/json", "application/xml", "text/xml", "application/rdf+xml")
CALENDAR_TYPE = "text/calendar"


def offers_of(root: Element, *, base: str) -> tuple[Offer, ...]:
    """Return what the page points to, each once, in its order: at most 50."""
    found: dict[str, Offer] = {}
    for offer in _pointed_to(root, base):
        found.setdefault(identity_of(offer.url), offer)
    return tuple(found.values())[:MAX_OFFERS]


def _pointed_to(root: Element, base: str) -> Iterator[Offer]:
    for link in root.iter("link", "a"):
        address = (link.get("href") or "").strip()
        url = web_link(secure_link(address), base=base)
        if url is None:
            continue
        title = cut(one_line(link.get("title") or ""), MAX_TITLE)
        if link.tag == "a":
            title = title or cut(one_line(text_of(link)), MAX_TITLE)
            kind = _kind_of_anchor(address, url, title)
        else:
            kind = _kind_of_link(link, url, title)
        if kind:
            yield Offer(kind, url, title)


def _kind_of_link(link: Element, url: str, title: str) -> str | None:
    said = rels(link)
    kind = (link.get("type") or "").partition(";")[0].strip().lower()
    if not ("alternate" in said or "feed" in said) or "stylesheet" in said:
        return None
    if kind == CALENDAR_TYPE:
        return "calendar"
    called_feed = "feed" in said or is_feed_address(url) or "feed" in title.lower()
    if kind in FEED_TYPES or (kind in LOOSE_TYPES and called_feed) or (not kind and "feed" in said):
        return kind_of_feed(url, title)
    return None


def _kind_of_anchor(address: str, url: str, title: str) -> str | None:
    if address.lower().startswith("webcal") or is_calendar_address(url):
        return "calendar"
    return kind_of_feed(url, title) if is_feed_address(url) else None
