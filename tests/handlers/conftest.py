from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import web

from bot.settings import Settings
from bot.sources import Fetcher
from handlers.opening import open_store
from handlers.sources import Reading
from tests.handlers.outside import NOW, Desk, Outside, Watched
from tests.templates import copied


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    server = Outside()
    app = web.Application()
    app.router.add_get("/{path:.*}", server.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    settings = Settings(database_url=copied(tmp_path / "store.sqlite"))
    store = open_store(settings)
    opened = Desk(store, NOW)
    async with (
        Fetcher(allow=[ip_network("127.0.0.0/8")], max_bytes=5_000_000) as fetcher,
        Watched(opened.parsed) as parser,
    ):
        opened.reading = Reading(store, settings, fetcher, parser, lambda: opened.now)
        yield opened
        await opened.reading.close()
    store.close()
