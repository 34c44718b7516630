"""The assistant is killed while it works, and each message is in the channel once all the same."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler
from sqlmodel import Session

from bot import curation, delivery
from bot.delivery import DeliveryState
from bot.settings import Settings
from handlers.chat.manifest import manifest
from handlers.demo.portal import FEED, Portal
from handlers.demo.workspace import COMMS, NEWS, REVIEW, seed
from handlers.opening import open_store
from sandbox import Sandbox
from sandbox.client import visible_text
from storage import lanes
from storage.store import Store
from tests.demo.conftest import invented
from tests.demo.programs import Program, eventually

SOURCE = "Portal"


@dataclass
class Feed:
    """Where those who read the portal are held when it is closed, until it is opened."""

    is_closed: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    def close(self) -> None:
        self.is_closed = True
        self.reached.clear()
        self.opened.clear()

    def open(self) -> None:
        self.is_closed = False
        self.opened.set()

    async def passed(self) -> None:
        """Go through, at once or later."""
        if self.is_closed:
            self.reached.set()
            await self.opened.wait()


@dataclass
class City:
    """A workspace and a portal of this process, and the store and settings for an assistant of its own."""

    sandbox: Sandbox
    portal: Portal
    feed_url: str
    store: Store
    settings: dict[str, str]
    folder: Path

    async def start(self, *arguments: str) -> Program:
        return await Program.start(*arguments, folder=self.folder, settings=self.settings)

    async def add_source(self) -> None:
        """Let the assistant read the portal, with the command for it."""
        add = await self.start("sources", "add", "feed", SOURCE, self.feed_url, "--channel", NEWS)
        assert await add.end() == 0, add.said

    async def assistant(self) -> Program:
        """Start an assistant; what a killed one had in hand is free again, and the feed is due."""
        self.store.do(free)
        self.store.do(read_soon)
        return await self.start("run", "--no-site")

    def publish(self, words: str) -> str:
        title = invented(words)
        self.portal.publish(title, teaser="", now=datetime.now(UTC))
        return title

    def count(self, title: str) -> int:
        """Return how often a title is in the channel."""
        return sum(title in visible_text(message) for message in self.sandbox.workspace.history(NEWS))

    def is_all_said(self) -> bool:
        """Return whether every message is sent and none is to be edited."""
        rows = self.store.ask(delivery.listed, state=None, limit=100)
        return all(row.state is DeliveryState.SENT and row.edit_due_at is None for row in rows)


def free(session: Session) -> None:
    """Let the leases of a killed assistant run out, as they would in a minute."""
    lanes.let_go_all(session, now=datetime.now(UTC))


def read_soon(session: Session) -> None:
    for source in curation.named(session, SOURCE):
        curation.poll_now(session, source, now=datetime.now(UTC))


def has_read(session: Session) -> bool:
    return all(source.succeeded_at for source in curation.named(session, SOURCE))


def trust(session: Session) -> None:
    """Take it that the feed was read when it was empty, so that nothing in it is old."""
    for source in curation.named(session, SOURCE):
        source.succeeded_at = datetime.now(UTC)


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
async def city(tmp_path: Path, feed: Feed) -> AsyncIterator[City]:
    @web.middleware
    async def held(request: web.Request, handler: Handler) -> web.StreamResponse:
        await feed.passed()
        return await handler(request)

    portal = Portal(tmp_path / "portal")
    application = portal.application()
    application.middlewares.append(held)
    sandbox = await Sandbox.start(seed(manifest()), path=tmp_path / "workspace.sqlite", pace=False)
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'stadtfunk.sqlite'}",
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "COMMS_CHANNEL": COMMS,
        "REVIEW_CHANNEL": REVIEW,
        # Not today: the weekly digest would be a message like those that are waited for here.
        "DIGEST_AT": f"{datetime.now(UTC) + timedelta(days=1):%a} 09:00",
        "FETCH_ALLOW": "127.0.0.0/8",
        "OPS_PORT": "0",
    }
    store = open_store(Settings(database_url=settings["DATABASE_URL"]), migrate=True)
    async with TestServer(application) as server:
        yield City(sandbox, portal, str(server.make_url(f"/{FEED}")), store, settings, tmp_path)
    store.close()
    await sandbox.stop()


async def test_a_post_is_announced_once_though_the_assistant_is_killed_three_times(
    city: City, feed: Feed
) -> None:
    await city.add_source()
    old = city.publish("Das stand schon lange da")
    async with await city.assistant() as first:
        await eventually(lambda: city.store.ask(has_read), while_running=first)
        await first.kill()

    read = city.publish("Gelesen, als der Strom ausfiel")
    feed.close()
    async with await city.assistant() as while_reading:
        await feed.reached.wait()
        await while_reading.kill()
    feed.open()

    with city.sandbox.faults.held("chat.postMessage") as before:
        async with await city.assistant() as while_sending:
            await before.reached()
            await while_sending.kill()
        before.turn_away()
    assert city.count(read) == 0

    sent = city.publish("Gesendet, als der Strom ausfiel")
    async with await city.assistant() as after_sending:
        await eventually(lambda: city.count(sent) > 0, while_running=after_sending)
        await after_sending.kill()

    file, later = city.portal.folder / FEED, invented("Später berichtigt")
    file.write_text(file.read_text(encoding="utf-8").replace(read, later), encoding="utf-8")
    last = city.publish("Zum Schluss")
    async with await city.assistant() as at_last:
        await eventually(lambda: city.count(last) > 0, while_running=at_last)
        await eventually(city.is_all_said, while_running=at_last)

    assert [city.count(title) for title in (old, read, later, sent, last)] == [0, 0, 1, 1, 1]


async def test_a_message_that_slack_kept_before_the_crash_is_found_and_not_sent_again(city: City) -> None:
    await city.add_source()
    city.store.do(trust)
    title = city.publish("Slack hat es schon")
    with city.sandbox.faults.held("chat.postMessage", is_done=True) as after:
        async with await city.assistant() as killed:
            await after.reached()
            await killed.kill()
    assert city.count(title) == 1
    assert not city.is_all_said()

    async with await city.assistant() as again:
        await eventually(city.is_all_said, while_running=again)

    (message,) = city.sandbox.workspace.history(NEWS)
    (row,) = city.store.ask(delivery.listed, state=None, limit=10)
    assert title in visible_text(message)
    assert (row.channel_id, row.ts) == (NEWS, message.ts)


async def test_a_second_assistant_on_one_file_is_refused_and_the_first_ends_cleanly(city: City) -> None:
    async with await city.assistant() as first:
        await eventually(lambda: city.sandbox.sockets.connections > 0, while_running=first)

        async with await city.start("run", "--no-site") as second:
            assert await second.end() == 1
        (sentence,) = second.said.splitlines()
        assert "arbeitet schon ein anderer Assistent" in sentence

        assert await first.interrupt() == 0
        assert "Traceback" not in first.said
    await eventually(lambda: city.sandbox.sockets.connections == 0)
