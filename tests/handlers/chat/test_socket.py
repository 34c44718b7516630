"""The websocket comes back by itself, also when the address it was given has long run out."""

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from handlers.chat.socket import PersistentClient
from sandbox import Sandbox
from tests.handlers.chat.conftest import seed

SOON_S = 10


async def test_an_address_that_has_run_out_is_exchanged_for_a_new_one():
    sandbox = await Sandbox.start(seed(), pace=False)
    client = PersistentClient(
        sandbox.app_token, web_client=AsyncWebClient(base_url=sandbox.api_url), ping_interval=0.05
    )
    client.address_s = 0.3
    client.wss_uri = await client.issue_new_wss_url()
    # Slack lets nobody in with an address of half a minute ago.
    sandbox.clock.advance(31)

    try:
        async with asyncio.timeout(SOON_S):
            await client.connect()
        assert await client.is_connected()
    finally:
        await client.close()
        await sandbox.stop()
