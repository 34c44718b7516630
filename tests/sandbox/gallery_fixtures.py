"""A sandbox with the gallery's app connected, and a browser; for tests of the page's blocks and elements."""

from collections.abc import AsyncIterator

import pytest_asyncio
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.gallery_bot import Heard, listen
from tests.sandbox.page_fixtures import browser, client, sandbox, visits

__all__ = ["browser", "client", "heard", "sandbox", "visits"]


@pytest_asyncio.fixture(loop_scope="module")
async def heard(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[Heard]:
    app = AsyncApp(client=client)
    taken = Heard()
    listen(app, taken)
    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    yield taken
    await handler.close_async()
