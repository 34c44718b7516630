"""A sandbox with the gallery's app connected, and a browser; for tests of the page's blocks and elements."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.browser import Visits, chromium
from tests.sandbox.gallery_bot import Heard, listen
from tests.sandbox.page_bot import SEED


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await Sandbox.start(SEED, pace=False)
    yield running
    await running.stop()


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)


@pytest_asyncio.fixture(loop_scope="module")
async def heard(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[Heard]:
    app = AsyncApp(client=client)
    taken = Heard()
    listen(app, taken)
    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    yield taken
    await handler.close_async()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def visits(sandbox: Sandbox, browser: Browser) -> AsyncIterator[Visits]:
    made = Visits(browser, sandbox.page_url)
    yield made
    await made.end()
