import asyncio
import multiprocessing
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import date
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from bot.sources import FetchError, Parser, Reason

FILES = Path(__file__).parent / "files"
RSS = (FILES / "beitraege.rss").read_bytes()
ICS = (FILES / "termine.ics").read_bytes()
URL = "https://digital.example/feed"
# feedparser looks for a DOCTYPE in quadratic time: these 600 kB cost it more than a minute. It is asked as the
# document has a mistake in it.
SLOW = b"\n" * 600_000 + RSS + b"&"


@pytest.fixture
async def parser() -> AsyncIterator[Parser]:
    async with Parser(deadline_s=5) as parser:
        yield parser


async def test_feeds_and_calendars_are_read_in_another_process(parser: Parser) -> None:
    feed = await parser.feed(RSS, url=URL, content_type="application/rss+xml")
    calendar = await parser.calendar(ICS, today=date(2026, 11, 22), timezone="Europe/Berlin")

    assert len(feed.entries) == 3
    assert len(calendar.occurrences) == 4


async def test_pages_sitemaps_and_catalogues_are_read_in_another_process_too(parser: Parser) -> None:
    html, ckan = (FILES / "beitrag.html").read_bytes(), (FILES / "datensaetze.json").read_bytes()
    page = await parser.page(html, url=URL, today=date(2026, 11, 22), timezone="Europe/Berlin")
    sitemap = await parser.sitemap(b"https://digital.example/a", url=URL)
    catalogue = await parser.ckan(ckan, url=URL)

    assert len(page.offers) == 8
    assert len(sitemap.pages) == len(catalogue.entries) == 1


def test_the_assistants_own_process_does_not_load_the_readers() -> None:
    words = "import sys, bot.sources; sys.exit(any(name in sys.modules for name in ('feedparser', 'icalendar', 'lxml')))"

    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0


async def test_a_refusal_comes_back_as_it_is(parser: Parser) -> None:
    with pytest.raises(FetchError) as caught:
        await parser.feed(b"<html></html>", url=URL)
    assert caught.value.reason is Reason.NOT_A_FEED

    with pytest.raises(FetchError) as caught:
        await parser.calendar(ICS[:300], today=date(2026, 11, 22), timezone="Europe/Berlin")
    assert (caught.value.reason, caught.value.detail) == (Reason.NOT_A_CALENDAR, "truncated")


async def test_a_document_that_takes_too_long_is_ended_and_the_next_one_is_read() -> None:
    async with Parser(deadline_s=0.5) as parser:
        await parser.feed(RSS, url=URL)
        started = time.monotonic()

        with pytest.raises(FetchError) as caught:
            await parser.feed(SLOW, url=URL)

        assert caught.value.reason is Reason.TOO_SLOW_TO_PARSE
        assert time.monotonic() - started < 10
        assert len((await parser.feed(RSS, url=URL)).entries) == 3


async def test_the_event_loop_goes_on_while_a_document_is_read() -> None:
    async with Parser(deadline_s=0.5) as parser:
        reading = asyncio.create_task(parser.feed(SLOW, url=URL))
        turns = 0
        while not reading.done():
            await asyncio.sleep(0.005)
            turns += 1

        assert isinstance(reading.exception(), FetchError)
        # A loop that waited for the document would have had a turn or two.
        assert turns > 5


async def test_a_worker_that_was_ended_from_outside_is_replaced(parser: Parser) -> None:
    await parser.feed(RSS, url=URL)
    for worker in workers():
        worker.kill()

    assert len((await parser.feed(RSS, url=URL)).entries) == 3


async def test_whoever_gives_up_waiting_leaves_the_worker_to_others(parser: Parser) -> None:
    await parser.feed(RSS, url=URL)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(parser.feed(SLOW, url=URL), 0.2)

    assert len((await parser.feed(RSS, url=URL)).entries) == 3


async def test_closing_ends_the_worker_and_whoever_waits() -> None:
    parser = Parser(deadline_s=30)
    await parser.feed(RSS, url=URL)
    waiting = [asyncio.create_task(parser.feed(SLOW, url=URL)) for _ in range(3)]
    await asyncio.sleep(0)
    before = {worker.pid for worker in workers()}

    await parser.close()

    assert before
    assert not {worker.pid for worker in workers()} & before
    await asyncio.wait(waiting, timeout=10)
    assert all(task.cancelled() for task in waiting)
    with pytest.raises(asyncio.CancelledError):
        await parser.feed(RSS, url=URL)


async def test_no_worker_is_started_before_the_first_document() -> None:
    before = len(workers())
    async with Parser():
        assert len(workers()) == before


def workers() -> list[BaseProcess]:
    return [child for child in multiprocessing.active_children() if child.name.startswith("pebble")]
