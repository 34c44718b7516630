"""Reading a web page: what it is about, its events, the feeds it points to. Runs in the worker process."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from yarl import URL

from bot.sources.errors import FetchError, Reason
from bot.sources.linked_data import Graph
from bot.sources.page_events import occurrences_of
from bot.sources.page_head import Head
from bot.sources.page_offers import offers_of
from bot.sources.records import Offer, Page
from bot.sources.trees import Element, decoded, text_of, tree_of

CATALOGUE_PATH = "/api/3/action/package_search"
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|link|div|main|article|p|h1|a|script)\b", re.IGNORECASE
)


def parse_page(body: bytes, *, url: str, content_type: str | None = None, today: date, timezone: str) -> Page:
    """Return what a web page says of itself.

    Args:
        body: the document.
        url: where it was found; relative links start there.
        content_type: as the server sent it; its charset counts where the document leaves it open.
        today: the local day; events before yesterday are over.
        timezone: where times without an offset, and whole days, are at home.

    Raises:
        FetchError: it is no HTML.
    """
    text = decoded(body, content_type)
    if not _HTML.search(text):
        raise FetchError(Reason.NOT_A_PAGE)
    root = tree_of(text)
    graph = Graph(text_of(script) for script in root.iter("script") if _is_linked_data(script))
    head = Head(root, graph, url=url, zone=ZoneInfo(timezone))
    entry = head.entry()
    occurrences = occurrences_of(graph, url=entry.url or url, today=today, timezone=timezone)
    offers = list(offers_of(root, base=head.base))
    if occurrences and entry.url:
        offers.append(Offer("event_page", entry.url, entry.title))
    if "ckan" in head.generator().lower():
        offers.append(Offer("ckan", str(URL(url).origin()) + CATALOGUE_PATH, head.site() or entry.title))
    return Page(entry=entry, site=head.site(), occurrences=occurrences, offers=tuple(offers))


def _is_linked_data(script: Element) -> bool:
    return (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"
