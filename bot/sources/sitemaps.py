"""Reading sitemaps (sitemaps.org, with the extension for news). Runs in the worker process."""

import codecs
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from lxml import etree

from bot.sources.errors import FetchError, Reason
from bot.sources.limits import MAX_TITLE
from bot.sources.links import is_same_site, web_link
from bot.sources.moments import moment
from bot.sources.plain import cut, plain_if_markup
from bot.sources.records import Sitemap, SitemapPage
from bot.sources.trees import Element, trimmed

MAX_PAGES: Final = 5_000
# The protocol's own limit.
MAX_BYTES: Final = 50 * 1024 * 1024
_ENTRIES: Final = {"urlset": "url", "sitemapindex": "sitemap"}
_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def parse_sitemap(body: bytes, *, url: str) -> Sitemap:
    """Return the pages on the host of `url` that the sitemap names, at most the newest 5,000.

    Args:
        body: XML, or text with an address a line; may be packed with gzip.
        url: where it was found.

    Raises:
        FetchError: it is no sitemap, or grows beyond 50 MB when unpacked.
    """
    if body.startswith(_GZIP):
        body = _unpacked(body)
    if not _starts_as_xml(body):
        return Sitemap(pages=_newest(_lines(body), url=url))
    root, named = _elements(body)
    pages = _newest(named, url=url)
    return Sitemap(pages=pages) if root == "urlset" else Sitemap(sitemaps=pages)


def _unpacked(body: bytes) -> bytes:
    try:
        inflater = zlib.decompressobj(wbits=31)
        unpacked = inflater.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise FetchError(Reason.NOT_A_SITEMAP) from error
    if len(unpacked) > MAX_BYTES:
        raise FetchError(Reason.TOO_LARGE)
    return unpacked


def _starts_as_xml(body: bytes) -> bool:
    return trimmed(body[:200]).startswith((b"<", *_UTF16))


def _newest(pages: Iterable[SitemapPage], *, url: str) -> tuple[SitemapPage, ...]:
    """Return the newest pages on this host, each once; those without a date come last, in their order."""
    kept: dict[str, SitemapPage] = {}
    for page in pages:
        if is_same_site(page.url, url):
            kept.setdefault(page.url, page)
        if len(kept) > 2 * MAX_PAGES:
            kept = _cut(kept)
    return tuple(_cut(kept).values())


def _cut(pages: dict[str, SitemapPage]) -> dict[str, SitemapPage]:
    newest = sorted(
        pages.values(), key=lambda page: page.published_at or page.changed_at or _LONG_AGO, reverse=True
    )
    return {page.url: page for page in newest[:MAX_PAGES]}


def _lines(body: bytes) -> Iterator[SitemapPage]:
    """Yield the addresses of a sitemap that is plain text; any other line says that it is none."""
    lines = [line for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    links = [web_link(line) for line in lines if line.strip().lower().startswith(("http://", "https://"))]
    if not lines or len(links) < len(lines) or None in links:
        raise FetchError(Reason.NOT_A_SITEMAP)
    yield from (SitemapPage(link) for link in links if link)


def _elements(body: bytes) -> tuple[str, Iterator[SitemapPage]]:
    """Return the name of the root, and what its elements name, read one by one."""
    steps = iter(
        etree.iterparse(
            BytesIO(trimmed(body)),
            events=("start", "end"),
            tag=[f"{{*}}{name}" for names in _ENTRIES.items() for name in names],
            no_network=True,
            load_dtd=False,
            resolve_entities=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    )
    try:
        _, root = next(steps)
    except (etree.XMLSyntaxError, StopIteration) as error:
        raise FetchError(Reason.NOT_A_SITEMAP) from error
    name = _name(root)
    if root.getparent() is not None or name not in _ENTRIES:
        raise FetchError(Reason.NOT_A_SITEMAP)
    return name, _read(steps, root, _ENTRIES[name])


def _read(steps: Iterator[tuple[str, Element]], root: Element, name: str) -> Iterator[SitemapPage]:
    try:
        for step, element in steps:
            if step == "end" and element.getparent() is root:
                page = _page(element) if _name(element) == name else None
                # What was read is let go at once: a large sitemap is many times its own size as a tree.
                element.clear()
                while element.getprevious() is not None:
                    del root[0]
                if page is not None:
                    yield page
    except etree.XMLSyntaxError:
        # It breaks off or has a mistake here; what came before is as good as ever.
        return


def _page(element: Element) -> SitemapPage | None:
    said = dict(_said(element))
    link = web_link(said.get("loc"))
    if link is None:
        return None
    return SitemapPage(
        url=link,
        changed_at=moment(said.get("lastmod")),
        title=cut(plain_if_markup(said.get("title", "")), MAX_TITLE),
        published_at=moment(said.get("publication_date")),
    )


def _said(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        if _name(child) == "news":
            yield from _said(child)
        elif child.text:
            yield _name(child), child.text


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
