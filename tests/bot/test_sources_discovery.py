import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources import Fetcher, FetchError, Offer, Parser, Reason, discover

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 22)
COMMENTS = b"<rss version='2.0'><channel><title>Kommentare zu: Portal</title></channel></rss>"


class Site:
    """A small web server with these documents."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[bytes, str]] = {}
        app = web.Application()
        app.router.add_get("/{name:.*}", self.answer)
        self.server = TestServer(app, host="127.0.0.1")

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))

    def put(self, path: str, body: bytes | str, kind: str = "text/html") -> None:
        self.documents[path] = (body if isinstance(body, bytes) else body.encode(), kind)

    async def answer(self, request: web.Request) -> web.Response:
        if request.path not in self.documents:
            raise web.HTTPNotFound
        body, kind = self.documents[request.path]
        return web.Response(body=body, headers={"Content-Type": kind})


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    async with site.server:
        yield site


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    # One worker for all tests: it takes a second to start.
    parser = Parser()
    yield parser
    asyncio.run(parser.close())


async def found(parser: Parser, url: str) -> list[tuple[str, str, str]]:
    async with Fetcher(allow=[ip_network("127.0.0.1/32")], timeout_s=10) as fetcher:
        offers = await discover(fetcher, parser, url, today=TODAY, timezone="Europe/Berlin")
    assert all(isinstance(offer, Offer) for offer in offers)
    return [(offer.kind, offer.url, offer.title) for offer in offers]


@pytest.mark.parametrize(
    ("name", "kind", "title"),
    [
        ("beitraege.rss", "feed", "Digitales aus der Stadt"),
        ("beitraege.atom", "feed", "Der Blog"),
        ("beitraege.rdf", "feed", "Altes Portal"),
        ("beitraege.json", "feed", "Digitales aus der Stadt"),
        ("termine.ics", "calendar", "Termine, digital"),
        ("datensaetze.json", "ckan", ""),
    ],
)
async def test_a_document_that_can_be_a_source_is_offered_itself(
    site: Site, parser: Parser, name: str, kind: str, title: str
) -> None:
    site.put("/x", (FILES / name).read_bytes(), "application/octet-stream")

    assert await found(parser, site.url("/x")) == [(kind, site.url("/x"), title)]


async def test_a_feed_of_comments_is_called_so(site: Site, parser: Parser) -> None:
    site.put("/portal/feed/", COMMENTS)

    assert await found(parser, site.url("/portal/feed/")) == [
        ("comments", site.url("/portal/feed/"), "Kommentare zu: Portal")
    ]


async def test_a_sitemap_is_offered_itself(site: Site, parser: Parser) -> None:
    site.put("/karte", "<urlset></urlset>")

    assert await found(parser, site.url("/karte")) == [("sitemap", site.url("/karte"), "")]


async def test_a_page_offers_its_feeds_then_its_events_then_the_sitemaps(site: Site, parser: Parser) -> None:
    event = '{"@type": "Event", "name": "BarCamp", "startDate": "2026-12-04"}'
    site.put(
        "/",
        f"""<title>Stadt</title><link rel="alternate" type="application/rss+xml" title="Blog" href="/feed">
        <script type="application/ld+json">{event}</script><a href="/termine.ics">Termine</a>""",
    )
    site.put(
        "/robots.txt",
        f"User-agent: *\nSitemap: {site.url('/a.xml')}\nsitemap:{site.url('/b.xml')}\n",
        "text/plain",
    )

    assert await found(parser, site.url("/")) == [
        ("feed", site.url("/feed"), "Blog"),
        ("calendar", site.url("/termine.ics"), "Termine"),
        ("event_page", site.url("/"), "Stadt"),
        ("sitemap", site.url("/a.xml"), ""),
        ("sitemap", site.url("/b.xml"), ""),
    ]


async def test_a_sitemap_at_its_usual_place_is_found(site: Site, parser: Parser) -> None:
    site.put("/seite", "<title>Stadt</title>")
    site.put("/sitemap.xml", "<urlset></urlset>", "text/xml")

    assert await found(parser, site.url("/seite")) == [("sitemap", site.url("/sitemap.xml"), "")]


async def test_a_page_in_place_of_the_sitemap_is_none(site: Site, parser: Parser) -> None:
    site.put("/", "<title>Stadt</title>")
    site.put("/sitemap.xml", "<title>Nicht gefunden</title>")

    assert await found(parser, site.url("/")) == []


async def test_a_feed_inside_a_page_is_found(site: Site, parser: Parser) -> None:
    site.put("/", b"<!-- erzeugt -->\n" + (FILES / "beitraege.rss").read_bytes(), "text/html")

    assert (await found(parser, site.url("/")))[0][0] == "feed"


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7 \x00", b"nur Text", b"", b'{"a": 1}', b"\x1f\x8bkaputt", b"<svg/>"]
)
async def test_what_can_be_no_source_offers_nothing(site: Site, parser: Parser, body: bytes) -> None:
    site.put("/x", body)

    assert await found(parser, site.url("/x")) == []


@pytest.mark.parametrize("pasted", ["{}", "  {} ", "<{}>", "<{}|die Seite>", "feed:{}"])
async def test_an_address_may_be_pasted_in_many_ways(site: Site, parser: Parser, pasted: str) -> None:
    site.put("/x", COMMENTS)

    assert len(await found(parser, pasted.format(site.url("/x")))) == 1


async def test_an_address_without_a_scheme_is_tried_with_both(site: Site, parser: Parser) -> None:
    site.put("/x", COMMENTS)

    assert len(await found(parser, site.url("/x").removeprefix("http://"))) == 1


async def test_what_cannot_be_had_says_why(site: Site, parser: Parser) -> None:
    for url, reason in ((site.url("/nichts"), Reason.HTTP_STATUS), ("ftp://stadt.example/", Reason.NOT_HTTP)):
        with pytest.raises(FetchError) as caught:
            await found(parser, url)
        assert caught.value.reason is reason
