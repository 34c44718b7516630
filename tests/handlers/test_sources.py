"""Reading sources end to end: real documents from a real server into the store, and every failure by name."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web

from bot import comments, curation, delivery, polling, posts, subscriptions
from bot.curation import SourceKind
from bot.settings import Settings
from bot.sources import Fetcher, Parser
from bot.subscriptions import POSTS
from handlers.opening import open_store
from handlers.sources import Reading
from tests.handlers.outside import NOW, Desk, Outside, kept, rss, until
from tests.made import send_all
from tests.templates import copied


async def test_a_document_that_is_sent_again_as_it_was_is_not_read_again(desk: Desk, outside: Outside):
    outside.has_etags = False
    outside.pages["/feed"] = rss(("1", "Alt"))
    desk.source(url := f"{outside.url}/feed")
    await desk.poll()
    await desk.later(seconds=61)
    outside.pages["/feed"] = rss(("1", "Alt"), ("2", "Neu"))
    await desk.later(seconds=61)

    assert desk.parsed == [url, url]
    assert sorted(kept(desk.store)) == ["Alt", "Neu"]
    assert desk.state(url).succeeded_at == desk.now


async def test_a_calendar_that_is_as_it_was_shows_other_days_tomorrow(desk: Desk, outside: Outside):
    outside.has_etags = False
    outside.pages["/termine"] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
    desk.source(f"{outside.url}/termine", SourceKind.CALENDAR)
    await desk.poll()
    await desk.later(hours=1)
    await desk.later(hours=24)

    assert desk.parsed == [date(2026, 11, 18), date(2026, 11, 19)]


async def test_an_unchanged_document_is_asked_for_with_its_etag_and_changes_nothing(
    desk: Desk, outside: Outside
):
    outside.pages["/feed"] = rss(("1", "Alt"))
    desk.source(f"{outside.url}/feed")

    assert await desk.poll() == 1
    assert await desk.later(seconds=30) == 0
    assert await desk.later(seconds=31) == 1

    assert outside.asked[0][1] is None
    assert outside.asked[1][1] is not None
    assert kept(desk.store) == ["Alt"]
    assert desk.state(f"{outside.url}/feed").succeeded_at == desk.now


async def test_what_a_feed_shows_first_is_quiet_and_what_comes_later_is_told_once(
    desk: Desk, outside: Outside
):
    desk.store.do(subscriptions.subscribe, POSTS, "C1", now=NOW)
    outside.pages["/feed"] = rss(("1", "Alt"))
    desk.source(f"{outside.url}/feed")
    await desk.poll()

    outside.pages["/feed"] = rss(("2", "Neu"), ("1", "Alt"))
    await desk.later(minutes=2)
    outside.pages["/feed"] = rss(("2", "Neu, verbessert"), ("1", "Alt"))
    await desk.later(minutes=2)

    rows = desk.store.ask(delivery.listed, state=None, limit=10)
    assert [(row.kind, row.target) for row in rows] == [("post_card", "C1")]
    assert sorted(kept(desk.store)) == ["Alt", "Neu, verbessert"]


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [
        ("/page", SourceKind.FEED, "not_a_feed"),
        ("/page", SourceKind.CALENDAR, "not_a_calendar"),
        ("/circle", SourceKind.FEED, "too_many_redirects"),
        ("/endless", SourceKind.FEED, "too_large"),
        ("/missing", SourceKind.FEED, "http_status"),
    ],
)
async def test_what_can_not_be_read_is_named_with_the_next_try_and_stops_no_other(
    desk: Desk, outside: Outside, path: str, kind: SourceKind, reason: str
):
    outside.pages |= {
        "/page": "<!doctype html><title>Seite</title><p>Kein Feed",
        "/good": rss(("1", "Gut")),
    }
    desk.source(outside.url + path, kind)
    desk.source(f"{outside.url}/good")

    assert await desk.poll() == 2

    state = desk.state(outside.url + path)
    assert state.error_reason == reason
    assert state.failing_since == NOW
    assert state.next_poll_at > NOW
    assert kept(desk.store) == ["Gut"]


async def test_a_source_that_stays_down_is_asked_ever_more_seldom_and_recovers(desk: Desk, outside: Outside):
    url = f"{outside.url}/feed"
    desk.source(url)
    waits = []
    for _ in range(4):
        await desk.poll()
        waits.append(desk.state(url).next_poll_at - desk.now)
        desk.now = desk.state(url).next_poll_at

    outside.pages["/feed"] = rss(("1", "Wieder da"))
    await desk.poll()

    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    state = desk.state(url)
    assert (state.failures, state.error_reason, state.failing_since) == (0, None, None)


async def test_one_host_gets_one_request_at_a_time_and_several_hosts_are_read_together(
    desk: Desk, outside: Outside
):
    for number in range(6):
        outside.pages[f"/{number}"] = rss((str(number), f"Titel {number}"))
        desk.source(f"{outside.url}/{number}")
    assert await desk.poll() == 6
    assert outside.most_at_once == 1

    for number in range(3):
        desk.source(outside.elsewhere(f"/{number}"))
    assert await desk.later(minutes=2) == 9
    assert outside.most_at_once == 2


async def test_a_slow_host_keeps_no_other_waiting(desk: Desk, outside: Outside):
    outside.pages |= {"/slow": rss(("1", "Langsam")), "/quick": rss(("2", "Schnell"))}
    outside.slow["/slow"] = asyncio.Event()
    desk.source(f"{outside.url}/slow")
    await desk.reading.begin_due()
    desk.source(outside.elsewhere("/quick"))
    await desk.reading.begin_due()

    await until(lambda: kept(desk.store) == ["Schnell"])
    outside.slow["/slow"].set()
    await desk.poll()
    assert sorted(kept(desk.store)) == ["Langsam", "Schnell"]


async def test_what_was_begun_when_the_assistant_stops_is_read_by_the_next_one_at_once(
    desk: Desk, outside: Outside
):
    outside.pages |= {"/slow": rss(("1", "Langsam")), "/next": rss(("2", "Danach"))}
    outside.slow["/slow"] = asyncio.Event()
    desk.source(f"{outside.url}/slow")
    desk.source(f"{outside.url}/next")
    await desk.reading.begin_due()
    await until(lambda: outside.asked)
    await desk.reading.close()
    outside.slow["/slow"].set()

    assert await desk.poll() == 2
    assert sorted(kept(desk.store)) == ["Danach", "Langsam"]


async def test_what_a_host_is_too_slow_for_is_left_for_later_instead_of_asked_without_the_hold(
    desk: Desk, outside: Outside
):
    outside.pages |= {"/1": rss(("1", "Eins")), "/2": rss(("2", "Zwei"))}
    outside.slow["/1"] = asyncio.Event()
    desk.source(f"{outside.url}/1")
    desk.source(f"{outside.url}/2")
    await desk.reading.begin_due()
    await until(lambda: outside.asked)
    desk.now += polling.LEASE
    outside.slow["/1"].set()
    await until(lambda: kept(desk.store) == ["Eins"])
    await desk.poll()

    assert [path for path, _ in outside.asked].count("/2") == 1
    assert sorted(kept(desk.store)) == ["Eins", "Zwei"]


async def test_a_source_that_is_gone_for_good_is_asked_no_more(desk: Desk, outside: Outside):
    desk.source(url := f"{outside.url}/gone")
    await desk.poll()
    await desk.later(days=2)

    assert len(outside.asked) == 1
    assert desk.state(url).paused_reason == polling.GONE


async def test_where_a_source_moved_for_good_is_remembered_once_it_could_be_read_there(
    desk: Desk, outside: Outside
):
    desk.source(f"{outside.url}/moved")
    await desk.poll()
    assert desk.state(f"{outside.url}/moved").error_detail == "404"

    outside.pages["/feed"] = rss(("1", "Alt"))
    await desk.later(minutes=2)
    outside.asked.clear()
    await desk.later(minutes=2)

    assert desk.state(f"{outside.url}/feed").failures == 0
    assert [path for path, _ in outside.asked] == ["/feed"]


@pytest.mark.parametrize("moved_to", ["kim:geheim@{host}/feed", "{host}/feed?{long}"])
async def test_a_source_never_moves_to_an_address_that_nobody_could_enter(
    desk: Desk, outside: Outside, moved_to: str
):
    there = moved_to.format(host=outside.url.removeprefix("http://"), long="x" * 3_000)

    async def moved(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPMovedPermanently(f"http://{there}")

    outside.answers["/old"] = moved
    outside.pages["/feed"] = rss(("1", "Eins"))
    desk.source(url := f"{outside.url}/old")
    await desk.poll()

    assert kept(desk.store) == ["Eins"]
    assert [source.url for source in desk.store.ask(curation.listed)] == [url]


async def test_a_calendar_whose_server_knows_versions_shows_other_days_tomorrow(desk: Desk, outside: Outside):
    outside.pages["/termine"] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
    desk.source(f"{outside.url}/termine", SourceKind.CALENDAR)
    await desk.poll()
    await desk.later(hours=1)
    await desk.later(hours=24)

    assert desk.parsed == [date(2026, 11, 18), date(2026, 11, 19)]
    assert [version is None for _, version in outside.asked] == [True, False, True]


async def test_an_address_in_the_citys_own_network_is_refused(tmp_path: Path, outside: Outside):
    settings = Settings(database_url=copied(tmp_path / "store.sqlite"))
    store = open_store(settings)
    outside.pages["/feed"] = rss(("1", "Geheim"))
    async with Fetcher() as fetcher, Parser() as parser:
        opened = Desk(store, NOW)
        opened.reading = Reading(store, settings, fetcher, parser, lambda: NOW)
        opened.source(f"{outside.url}/feed")
        await opened.poll()

    assert opened.state(f"{outside.url}/feed").error_reason == "forbidden_address"
    assert outside.asked == []
    store.close()


COMMENT_FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kommentare</title>{items}</channel></rss>
"""
COMMENT = (
    "<item><title>Kommentar zu Neu von Eine Leserin</title><link>{url}#comment-{number}</link>"
    "<dc:creator>Eine Leserin</dc:creator><guid isPermaLink='false'>{url}#comment-{number}</guid>"
    "<description>Gut so!</description></item>"
)


async def test_a_comment_of_a_portal_is_said_in_the_thread_of_its_post(desk: Desk, outside: Outside):
    post_url = "https://stadt.example/neu"
    desk.store.do(subscriptions.subscribe, POSTS, "C1", now=NOW)
    outside.pages["/feed"] = rss(("1", "Alt"))
    outside.pages["/comments/feed/"] = COMMENT_FEED.format(items="")
    desk.source(f"{outside.url}/feed")
    desk.source(f"{outside.url}/comments/feed/", SourceKind.COMMENTS)
    await desk.poll()

    outside.pages["/feed"] = rss(("2", "Neu")).replace("<guid>", f"<link>{post_url}</link><guid>")
    outside.pages["/comments/feed/"] = COMMENT_FEED.format(items=COMMENT.format(url=post_url, number=1))
    await desk.later(minutes=2)
    desk.store.do(send_all, desk.now)
    desk.store.do(comments.tell_waiting, now=desk.now)
    desk.store.do(comments.tell_waiting, now=desk.now)

    rows = {row.kind: row for row in desk.store.ask(delivery.listed, state=None, limit=10)}
    assert list(rows) == [comments.CARD, posts.CARD]
    assert rows[comments.CARD].thread_ts == rows[posts.CARD].ts
    assert kept(desk.store) == ["Neu", "Alt"]
