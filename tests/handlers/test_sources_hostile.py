"""Hostile and broken documents from a real server: what is right is told, what is wrong is named, others go on."""

import asyncio
import gzip
from datetime import timedelta

import pytest
from aiohttp import web

from bot import delivery, events, posts, subscriptions
from bot.curation import SourceKind
from bot.subscriptions import EVENTS, POSTS
from tests.handlers.outside import NOW, Desk, Outside, kept, rss

BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">{entities}]>
<rss version="2.0"><channel><title>T</title><item><guid>2</guid><title>&z;</title></item></channel></rss>
"""
ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 12}">'
    for before, name in zip("abcdefghijk", "bcdefghijkz", strict=True)
)
OUTSIDE_ENTITY = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>T</title><item><guid>2</guid><title>Neu &file;</title></item></channel></rss>
"""
ITEM = "<item><guid>{n}</guid><title>Titel {n}</title><pubDate>{when}</pubDate></item>"
OLD = rss(("1", "Alt"))


@pytest.fixture
async def portal(desk: Desk, outside: Outside) -> Outside:
    """A portal that was read once, and a channel that hears of what comes after."""
    desk.store.do(subscriptions.subscribe, POSTS, "C1", now=NOW)
    desk.store.do(subscriptions.subscribe, EVENTS, "C1", now=NOW)
    outside.pages["/feed"] = OLD
    outside.pages["/good"] = rss(("g1", "Gut"))
    desk.source(f"{outside.url}/feed")
    desk.source(f"{outside.url}/good")
    await desk.poll()
    return outside


def announced(desk: Desk) -> list[str]:
    """The titles of what a channel hears of, oldest first."""
    rows = desk.store.ask(delivery.listed, state=None, limit=2000)
    titles = []
    for row in reversed(rows):
        subject = desk.store.ask(posts.get if row.kind == posts.CARD else events.get, row.subject_id)
        assert subject is not None
        titles.append(subject.title)
    return titles


async def shown(desk: Desk, portal: Outside, document: str | bytes) -> tuple[list[str], str | None]:
    """What a channel hears of, and what is said of the source, after it shows this."""
    portal.pages["/feed"] = document
    portal.pages["/good"] = rss(("g2", "Auch gut"), ("g1", "Gut"))
    await desk.later(minutes=2)
    assert desk.state(f"{portal.url}/good").failures == 0
    told = announced(desk)
    told.remove("Auch gut")
    return told, desk.state(f"{portal.url}/feed").error_reason


def with_items(items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Stadt</title>{items}</channel></rss>'


async def test_entities_that_grow_without_measure_are_never_unfolded(desk: Desk, portal: Outside):
    told, reason = await shown(desk, portal, BOMB.format(entities=ENTITIES))

    assert all(len(title) < 500 for title in told)
    assert reason in {None, "unreadable", "too_slow_to_parse", "not_a_feed"}


async def test_an_entity_opens_no_file_of_this_machine(desk: Desk, portal: Outside):
    told, _ = await shown(desk, portal, OUTSIDE_ENTITY)

    assert not any("root" in title for title in told)
    assert len(told) <= 1


@pytest.mark.parametrize("is_packed", [False, True])
async def test_fifty_megabytes_are_named_too_large(desk: Desk, portal: Outside, *, is_packed: bool):
    body = b" " * 50_000_000
    assert await shown(desk, portal, gzip.compress(body) if is_packed else body) == ([], "too_large")


@pytest.mark.parametrize(
    ("said", "written"), [("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("x-nonsense", "utf-8")]
)
async def test_a_wrong_encoding_spoils_no_title_that_can_be_read(
    desk: Desk, portal: Outside, said: str, written: str
):
    document = rss(("1", "Alt"), ("2", "Straße für Bürger*innen")).replace("?>", f' encoding="{said}"?>', 1)
    told, reason = await shown(desk, portal, document.encode(written))

    # What says that it is Latin-1 can't be told from it: that title may look odd, and comes once.
    assert len(told) == 1
    assert reason is None
    if said != "iso-8859-1":
        assert told == ["Straße für Bürger*innen"]


@pytest.mark.parametrize(
    "when", ["", "gestern", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2199 00:00:00 GMT"]
)
async def test_a_new_entry_without_a_date_that_can_be_true_is_news(desk: Desk, portal: Outside, when: str):
    items = ITEM.format(n=2, when=when) + ITEM.format(n=1, when="Tue, 17 Nov 2026 08:00:00 GMT")

    assert await shown(desk, portal, with_items(items)) == (["Titel 2"], None)


async def test_two_entries_with_one_guid_are_two_posts_and_stay_two(desk: Desk, portal: Outside):
    items = "".join(
        f"<item><guid>doppelt</guid><link>https://stadt.example/{n}</link><title>Titel {n}</title></item>"
        for n in (2, 3)
    )
    told, reason = await shown(desk, portal, with_items(items))
    assert (sorted(told), reason) == (["Titel 2", "Titel 3"], None)

    told, _ = await shown(desk, portal, with_items(items + ITEM.format(n=1, when="")))
    assert sorted(told) == ["Titel 2", "Titel 3"]


async def test_markup_and_controls_in_a_title_are_words_and_nothing_else(desk: Desk, portal: Outside):
    title = (
        "&lt;b&gt;Neu&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;<![CDATA[ &lt;!channel&gt; \x07\u202e]]>"
    )
    told, reason = await shown(desk, portal, with_items(f"<item><guid>2</guid><title>{title}</title></item>"))

    assert reason is None
    assert len(told) == 1
    assert "alert" not in told[0]
    assert "<b>" not in told[0]
    assert told[0].isprintable()


async def test_of_ten_thousand_entries_the_newest_are_read(desk: Desk, portal: Outside):
    days = [NOW - timedelta(days=9_999 - n) for n in range(10_000)]
    items = "".join(
        ITEM.format(n=f"n{n}", when=day.strftime("%d %b %Y %H:%M GMT")) for n, day in enumerate(days)
    )
    told, reason = await shown(desk, portal, with_items(items))

    assert reason in {None, "too_slow_to_parse"}
    if reason is None:
        # What is older than two weeks is no news.
        assert told == [f"Titel n{n}" for n in range(9_986, 10_000)]


async def test_a_redirect_into_the_citys_own_network_is_named(desk: Desk, portal: Outside):
    async def inside(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")

    portal.answers["/feed"] = inside
    told, reason = await shown(desk, portal, "")

    assert (told, reason) == ([], "forbidden_address")


@pytest.mark.parametrize(
    ("frequency", "expected"),
    # So many seconds are over before anyone could hear of them.
    [("DAILY", ["Ohne Ende"]), ("SECONDLY", [])],
)
async def test_of_a_calendar_without_end_the_next_instance_is_told_once(
    desk: Desk, portal: Outside, frequency: str, expected: list[str]
):
    url = f"{portal.url}/termine"
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    portal.pages["/termine"] = f"{head}END:VCALENDAR\r\n"
    desk.source(url, SourceKind.CALENDAR)
    await desk.later(minutes=2)
    portal.pages["/termine"] = (
        f"{head}BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20200101T000000Z\r\nRRULE:FREQ={frequency}\r\n"
        "SUMMARY:Ohne Ende\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    await desk.later(hours=2)
    await desk.later(hours=24)

    assert announced(desk) == expected
    assert desk.state(url).failures == 0


async def test_a_document_that_says_nothing_new_in_a_new_way_is_told_to_nobody(desk: Desk, portal: Outside):
    for number in range(3):
        document = OLD.replace("</title>", f" {number}</title>", 1) + f"<!-- {number} -->"
        assert await shown(desk, portal, document) == ([], None)
    assert sorted(kept(desk.store)) == ["Alt", "Auch gut", "Gut"]


@pytest.mark.parametrize(
    "header", [b'ETag: "\xff"', b'ETag: "\x01"', b"Last-Modified: \xff", b"Content-Type: text/xml; a=\xff"]
)
async def test_a_header_that_is_no_text_harms_neither_its_source_nor_any_other(
    desk: Desk, portal: Outside, header: bytes
):
    body = rss(("1", "Anderswo")).encode()
    # First without it: what shows nothing new is noted together with other sources.
    headers = [b"X: 1", header, header]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = b"HTTP/1.1 200 OK\r\n%b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        writer.write(head % (headers.pop(0), len(body)) + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
        desk.source(url)
        for _ in range(3):
            await desk.later(minutes=2)

    assert headers == []
    assert desk.state(url).succeeded_at == desk.now
    assert desk.state(f"{portal.url}/good").succeeded_at == desk.now
