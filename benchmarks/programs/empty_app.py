"""A program: a Bolt app over Socket Mode whose one listener only acknowledges a press.

Its arguments are the address of a Web API, the bot's token and the app's; it prints a line once it is
connected.
"""

import asyncio
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.cards import PRESS


async def acknowledge(ack: AsyncAck) -> None:
    """Acknowledge, and nothing else."""
    await ack()


async def main(api_url: str, bot_token: str, app_token: str) -> None:
    """Connect and answer until the process is ended."""
    # Otherwise Bolt looks only every 10 ms whether a listener has acknowledged, and those pauses would be
    # what is measured.
    app = AsyncApp(client=AsyncWebClient(bot_token, base_url=api_url), process_before_response=True)
    app.action(PRESS)(acknowledge)
    handler: Any = AsyncSocketModeHandler(app, app_token)
    await handler.connect_async()
    print("connected", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
