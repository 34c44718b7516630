"""The websocket to Slack, which comes back by itself however long the network was away."""

import asyncio
from typing import Final

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

# An address that `apps.connections.open` gave lets nobody in after thirty seconds. The client tries it at
# once and after each PING_EVERY_S; twice is enough.
ADDRESS_S: Final = 15.0
PING_EVERY_S: Final = 10.0


class PersistentClient(SocketModeClient):
    """slack_sdk's client, but with a new address when one leads nowhere.

    The client itself tries the same address for ever: after an outage of half a minute it would never hear
    of anything again, and say nothing but "Retrying".
    """

    address_s: float = ADDRESS_S

    async def connect(self) -> None:
        """Connect, with one address after the other, until it works or the client is closed."""
        while not self.closed:
            try:
                async with asyncio.timeout(self.address_s):
                    await super().connect()  # type: ignore[no-untyped-call]
                    return
            except TimeoutError:
                self.wss_uri = None


class SocketHandler(AsyncSocketModeHandler):
    """Hands what comes over the websocket to the app."""

    def __init__(self, app: AsyncApp, app_token: str, *, address: str) -> None:
        """Prepare to connect: first with an address that was given already, then with others."""
        # Not the parent's: it makes a client of its own, which has begun to work by then.
        self.app, self.app_token = app, app_token
        self.client = PersistentClient(
            app_token, logger=app.logger, web_client=app.client, ping_interval=PING_EVERY_S
        )
        self.client.wss_uri = address
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]
