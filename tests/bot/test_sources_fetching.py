import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import NoReturn, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources import Fetcher, FetchError, Reason, Validators

HERE = [ip_network("127.0.0.1/32")]
FEED = b"<rss version='2.0'><channel><title>T</title></channel></rss>"
ETAG = '"eins"'
CHANGED = "Fri, 20 Nov 2026 09:00:00 GMT"


class Site:
    """A small web server; `hits` keeps the paths that were asked for."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.headers: list[dict[str, str]] = []
        app = web.Application()
        app.router.add_get("/{name:.*}", self.answer)
        self.server = TestServer(app, host="127.0.0.1")

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.hits.append(request.path)
        self.headers.append(dict(request.headers))
        answer = getattr(self, request.path.strip("/").replace("-", "_"))
        return cast(web.StreamResponse, await answer(request))

    async def feed(self, request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == ETAG:
            return web.Response(status=304)
        headers = {
            "ETag": ETAG,
            "Last-Modified": CHANGED,
            "Content-Type": "application/rss+xml; charset=utf-8",
        }
        return web.Response(body=FEED, headers=headers)

    async def packed(self, _request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(FEED), headers={"Content-Encoding": "gzip"})

    async def bomb(self, _request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(bytes(200_000_000), 9), headers={"Content-Encoding": "gzip"})

    async def broken_packing(self, _request: web.Request) -> web.Response:
        return web.Response(body=b"not gzip at all", headers={"Content-Encoding": "gzip"})

    async def large(self, _request: web.Request) -> web.Response:
        return web.Response(body=bytes(2_000))

    async def endless(self, request: web.Request) -> web.StreamResponse:
        return await self._stream(request, bytes(50_000), 0)

    async def drip(self, request: web.Request) -> web.StreamResponse:
        return await self._stream(request, b"x", 0.02)

    async def _stream(self, request: web.Request, piece: bytes, pause: float) -> NoReturn:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(piece)
            await asyncio.sleep(pause)

    async def silent(self, _request: web.Request) -> None:
        await asyncio.sleep(30)

    async def circle(self, _request: web.Request) -> NoReturn:
        raise web.HTTPFound("/circle")

    async def moved(self, _request: web.Request) -> NoReturn:
        raise web.HTTPMovedPermanently("/for-now")

    async def for_now(self, _request: web.Request) -> NoReturn:
        raise web.HTTPFound("/feed")

    async def moved_twice(self, _request: web.Request) -> NoReturn:
        raise web.HTTPPermanentRedirect(self.url("/moved-once"))

    async def moved_once(self, _request: web.Request) -> NoReturn:
        raise web.HTTPMovedPermanently("/feed")

    async def found_then_moved(self, _request: web.Request) -> NoReturn:
        raise web.HTTPFound("/moved-once")

    async def inside(self, _request: web.Request) -> NoReturn:
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")

    async def elsewhere(self, _request: web.Request) -> NoReturn:
        raise web.HTTPFound("ftp://127.0.0.1/feed")

    async def nowhere(self, _request: web.Request) -> web.Response:
        return web.Response(status=302)

    async def missing(self, _request: web.Request) -> NoReturn:
        raise web.HTTPNotFound

    async def busy(self, _request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "120"})

    async def away(self, _request: web.Request) -> web.Response:
        headers = {"Retry-After": "Fri, 20 Nov 2026 10:00:00 GMT", "Date": "Fri, 20 Nov 2026 09:59:00 GMT"}
        return web.Response(status=503, headers=headers)

    async def fresh(self, request: web.Request) -> web.Response:
        headers = {"Date": "Fri, 20 Nov 2026 09:00:00 GMT", **request.query}
        if request.headers.get("If-None-Match") == ETAG:
            return web.Response(status=304, headers=headers)
        return web.Response(body=FEED, headers={"ETag": ETAG, **headers})

    async def always_304(self, _request: web.Request) -> web.Response:
        return web.Response(status=304)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    async with site.server:
        yield site


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(allow=HERE, timeout_s=10) as fetcher:
        yield fetcher


async def refusal(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url)
    return caught.value


async def test_a_document_comes_with_what_names_its_version(site: Site, fetcher: Fetcher) -> None:
    fetched = await fetcher.get(site.url("/feed"))

    assert (fetched.status, fetched.body) == ("new", FEED)
    assert fetched.validators == Validators(ETAG, CHANGED)
    assert fetched.content_type == "application/rss+xml; charset=utf-8"
    assert (fetched.url, fetched.permanent_url) == (site.url("/feed"), None)
    assert site.headers[0]["Accept-Encoding"] == "gzip, deflate"
    assert "Stadtfunk" in site.headers[0]["User-Agent"]


async def test_an_unchanged_document_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    first = await fetcher.get(site.url("/feed"))
    second = await fetcher.get(site.url("/feed"), first.validators)

    assert (second.status, second.body, second.validators) == ("unchanged", b"", first.validators)
    assert site.headers[1]["If-Modified-Since"] == CHANGED


async def test_unchanged_without_having_asked_is_an_error(site: Site, fetcher: Fetcher) -> None:
    error = await refusal(fetcher, site.url("/always-304"))

    assert (error.reason, error.detail) == (Reason.HTTP_STATUS, "304")


async def test_a_packed_body_is_unpacked(site: Site, fetcher: Fetcher) -> None:
    assert (await fetcher.get(site.url("/packed"))).body == FEED


async def test_a_packed_body_that_grows_without_measure_is_left(site: Site, fetcher: Fetcher) -> None:
    await fetcher.get(site.url("/feed"))
    url = site.url("/bomb")
    tracemalloc.start()
    try:
        error = await refusal(fetcher, url)
        # The 200 MB of zeros are the server's own, made in this process: only the reader is measured.
        reader = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/bot/sources/*")])
    finally:
        tracemalloc.stop()

    assert error.reason is Reason.TOO_LARGE
    assert sum(trace.size for trace in reader.traces) < 20_000_000


async def test_a_body_that_says_it_is_too_large_is_left(site: Site) -> None:
    async with Fetcher(allow=HERE, max_bytes=1_000) as fetcher:
        error = await refusal(fetcher, site.url("/large"))

    assert error.reason is Reason.TOO_LARGE


async def test_a_body_without_end_is_left(site: Site, fetcher: Fetcher) -> None:
    assert (await refusal(fetcher, site.url("/endless"))).reason is Reason.TOO_LARGE


@pytest.mark.parametrize("path", ["/drip", "/silent"])
async def test_a_server_that_takes_for_ever_is_left(site: Site, path: str) -> None:
    async with asyncio.timeout(5), Fetcher(allow=HERE, timeout_s=0.3) as fetcher:
        error = await refusal(fetcher, site.url(path))

    assert error.reason is Reason.TIMEOUT


async def test_a_circle_of_redirects_is_left(site: Site, fetcher: Fetcher) -> None:
    error = await refusal(fetcher, site.url("/circle"))

    assert error.reason is Reason.TOO_MANY_REDIRECTS
    assert len(site.hits) == 6


async def test_only_what_moved_for_good_is_remembered(site: Site, fetcher: Fetcher) -> None:
    temporary_in_between = await fetcher.get(site.url("/moved"))
    for_good = await fetcher.get(site.url("/moved-twice"))
    temporary_first = await fetcher.get(site.url("/found-then-moved"))

    assert temporary_in_between.permanent_url == site.url("/for-now")
    assert for_good.permanent_url == site.url("/feed")
    assert temporary_first.permanent_url is None
    assert {one.url for one in (temporary_in_between, for_good, temporary_first)} == {site.url("/feed")}


@pytest.mark.parametrize(
    ("path", "reason", "detail"),
    [
        ("/missing", Reason.HTTP_STATUS, "404"),
        ("/nowhere", Reason.HTTP_STATUS, "302"),
        ("/elsewhere", Reason.NOT_HTTP, None),
        ("/inside", Reason.FORBIDDEN_ADDRESS, None),
        ("/broken-packing", Reason.UNREACHABLE, "incomplete"),
    ],
)
async def test_an_answer_that_is_no_document_says_why(
    site: Site, fetcher: Fetcher, path: str, reason: Reason, detail: str | None
) -> None:
    error = await refusal(fetcher, site.url(path))

    assert (error.reason, error.detail) == (reason, detail)


async def test_a_server_that_asks_for_peace_says_for_how_long(site: Site, fetcher: Fetcher) -> None:
    assert (await refusal(fetcher, site.url("/busy"))).retry_after_s == 120
    assert (await refusal(fetcher, site.url("/away"))).retry_after_s == 60


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=3600"}, 3600),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, 3000),
        ({"Cache-Control": "max-age=3600", "Age": "7200"}, 0),
        ({"Cache-Control": "max-age=99999999"}, 86_400),
        ({"Cache-Control": "no-cache, max-age=3600"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Expires": "Fri, 20 Nov 2026 09:30:00 GMT"}, 1800),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"Expires": "0"}, None),
        ({"Expires": "Thu, 01 Jan 99999999999999999999 00:00:00 GMT"}, None),
        ({"Cache-Control": "max-age=60", "Expires": "Fri, 20 Nov 2026 09:30:00 GMT"}, 60),
    ],
)
async def test_a_server_says_for_how_long_its_answer_lasts(
    site: Site, fetcher: Fetcher, headers: dict[str, str], seconds: float | None
) -> None:
    url = str(site.server.make_url("/fresh").with_query(headers))
    fetched = await fetcher.get(url)
    again = await fetcher.get(url, fetched.validators)

    assert (fetched.status, fetched.fresh_for_s) == ("new", seconds)
    assert (again.status, again.fresh_for_s) == ("unchanged", seconds)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
async def test_this_machine_is_not_asked_unless_allowed_however_it_is_called(site: Site, host: str) -> None:
    async with Fetcher() as fetcher:
        error = await refusal(fetcher, f"http://{host}:{site.server.port}/feed")

    assert error.reason in {Reason.FORBIDDEN_ADDRESS, Reason.NOT_HTTP}
    assert site.hits == []


async def test_one_allowed_network_opens_no_other(fetcher: Fetcher) -> None:
    assert (await refusal(fetcher, "http://127.0.0.2:9/")).reason is Reason.FORBIDDEN_ADDRESS
    assert (await refusal(fetcher, "http://10.1.2.3/")).reason is Reason.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://d.example/", "feed", "", "http://", "http://[x"]
)
async def test_only_web_addresses_are_asked(fetcher: Fetcher, url: str) -> None:
    assert (await refusal(fetcher, url)).reason is Reason.NOT_HTTP


@asynccontextmanager
async def raw_server(answer: bytes) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "incomplete"),
        (b"220 mail.example ESMTP\r\n", "broken_answer"),
        (b"", "broken_answer"),
    ],
)
async def test_a_server_that_breaks_off_or_talks_otherwise_is_unreachable(
    fetcher: Fetcher, answer: bytes, detail: str | None
) -> None:
    async with raw_server(answer) as url:
        error = await refusal(fetcher, url)

    assert (error.reason, error.detail) == (Reason.UNREACHABLE, detail)


async def test_a_closed_door_is_unreachable(fetcher: Fetcher) -> None:
    async with raw_server(b"") as url:
        pass

    error = await refusal(fetcher, url)

    assert (error.reason, error.detail) == (Reason.UNREACHABLE, "connection")
