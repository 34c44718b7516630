"""Finding what can become a source behind an address that a person has pasted."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Final

from yarl import URL

from bot.sources.errors import FetchError, Reason
from bot.sources.fetching import Fetched, Fetcher
from bot.sources.kinds import kind_of_feed
from bot.sources.links import identity_of, secure_link, web_link
from bot.sources.parsing import Parser
from bot.sources.records import Offer

MAX_SITEMAPS: Final = 10
# This is not such a document; it may be one of another kind.
_ANOTHER_KIND = frozenset(
    (
        Reason.NOT_A_FEED,
        Reason.NOT_A_CALENDAR,
        Reason.NOT_A_SITEMAP,
        Reason.NOT_A_CATALOGUE,
        Reason.NOT_A_PAGE,
    )
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
# A chat program puts an address between these, and what it shows for it behind the bar.
_IN_CHAT = re.compile(r"<([^<>|]+)(?:\|[^<>]*)?>")
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|rdf|urlset|sitemapindex|html|!doctype\s+html)\b", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
_START = 4096


async def discover(
    fetcher: Fetcher, parser: Parser, url: str, *, today: date, timezone: str
) -> tuple[Offer, ...]:
    """Return what can become a source behind `url`: the document itself, or what a web page points to.

    Feeds and calendars of a page come first, then its events, then the sitemaps of its website.

    Args:
        fetcher: gets the documents.
        parser: reads them.
        url: as a person pasted it: perhaps without `https://`, perhaps with `webcal://`.
        today: the local day.
        timezone: where times without an offset, and whole days, are at home.

    Raises:
        FetchError: the document can't be had.
    """
    fetched = await _get(fetcher, url)
    reading = _Reading(parser, fetched, today=today, timezone=timezone)
    for read in reading.ways():
        try:
            offers = await read()
        except FetchError as error:
            if error.reason not in _ANOTHER_KIND:
                raise
            continue
        if read != reading.page:
            return offers
        known = {identity_of(offer.url) for offer in offers}
        sitemaps = [offer async for offer in _sitemaps(fetcher, parser, fetched.url)]
        return (*offers, *(offer for offer in sitemaps if identity_of(offer.url) not in known))
    return ()


async def _get(fetcher: Fetcher, pasted: str) -> Fetched:
    """Get the document; without a scheme the address is tried with https, then with http."""
    address = secure_link(_IN_CHAT.sub(r"\1", pasted.strip()))
    if _SCHEME.match(address):
        return await fetcher.get(address)
    try:
        return await fetcher.get(f"https://{address}")
    except FetchError as error:
        if error.reason is not Reason.UNREACHABLE:
            raise
        return await fetcher.get(f"http://{address}")


class _Reading:
    """The ways to read one document."""

    def __init__(self, parser: Parser, fetched: Fetched, *, today: date, timezone: str) -> None:
        self._parser = parser
        self._fetched = fetched
        self._today = today
        self._timezone = timezone

    def ways(self) -> list[Callable[[], Awaitable[tuple[Offer, ...]]]]:
        """Return the ways to try, by the look of the document."""
        body = self._fetched.body
        start = body[:_START].removeprefix(b"\xef\xbb\xbf").lstrip()
        if start.startswith(_GZIP):
            return [self.sitemap]
        if start.startswith(b"{"):
            return [self.catalogue, self.feed]
        if b"BEGIN:VCALENDAR" in start.upper():
            return [self.calendar]
        root = _ROOT.search(start)
        name = root[1].lower() if root else b""
        if name in (b"urlset", b"sitemapindex"):
            return [self.sitemap]
        if name in (b"rss", b"feed", b"rdf"):
            return [self.feed, self.page]
        return [self.page, self.feed] if name or b"<" in start else [self.sitemap]

    async def feed(self) -> tuple[Offer, ...]:
        fetched = self._fetched
        feed = await self._parser.feed(fetched.body, url=fetched.url, content_type=fetched.content_type)
        title = feed.title or ""
        return (Offer(kind_of_feed(fetched.url, title), fetched.url, title),)

    async def calendar(self) -> tuple[Offer, ...]:
        found = await self._parser.calendar(self._fetched.body, today=self._today, timezone=self._timezone)
        return (Offer("calendar", self._fetched.url, found.name or ""),)

    async def sitemap(self) -> tuple[Offer, ...]:
        await self._parser.sitemap(self._fetched.body, url=self._fetched.url)
        return (Offer("sitemap", self._fetched.url, ""),)

    async def catalogue(self) -> tuple[Offer, ...]:
        feed = await self._parser.ckan(self._fetched.body, url=self._fetched.url)
        return (Offer("ckan", self._fetched.url, feed.title or ""),)

    async def page(self) -> tuple[Offer, ...]:
        page = await self._parser.page(
            self._fetched.body,
            url=self._fetched.url,
            content_type=self._fetched.content_type,
            today=self._today,
            timezone=self._timezone,
        )
        return page.offers


async def _sitemaps(fetcher: Fetcher, parser: Parser, url: str) -> AsyncIterator[Offer]:
    """Yield the sitemaps that the website names in its `robots.txt`, else the one at its usual place."""
    origin = URL(url).origin()
    try:
        robots = (await fetcher.get(str(origin / "robots.txt"))).body.decode("utf-8", "replace")
    except FetchError:
        robots = ""
    named = [link for line in _SITEMAP_LINE.findall(robots) if (link := web_link(line, base=str(origin)))]
    if named:
        for link in list(dict.fromkeys(named))[:MAX_SITEMAPS]:
            yield Offer("sitemap", link, "")
        return
    try:
        found = await fetcher.get(str(origin / "sitemap.xml"))
        await parser.sitemap(found.body, url=found.url)
    except FetchError:
        return
    yield Offer("sitemap", found.url, "")
