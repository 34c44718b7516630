"""A workspace with its page in a real browser, for the tests of what one does there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.browser import Visits, chromium
from tests.sandbox.page_bot import SEED, listen


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await Sandbox.start(SEED, pace=False)
    yield running
    await running.stop()


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)


@pytest_asyncio.fixture(loop_scope="module")
async def bot(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[None]:
    app = AsyncApp(client=client)
    listen(app)
    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    yield
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
