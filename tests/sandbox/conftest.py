"""A workspace of four and a plain Bolt app, as anybody would write it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Channel, Member, Sandbox, Seed
from sandbox.fixtures import sandbox, start_sandbox

__all__ = ["sandbox", "start_sandbox"]

MANIFEST = {
    "display_information": {"name": "Stadtfunk"},
    "features": {
        "bot_user": {"display_name": "stadtfunk"},
        "slash_commands": [
            {"command": "/funk", "description": "Alles auf Zuruf"},
            {"command": "/escaped", "description": "Mit Namen", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Idee", "type": "global", "callback_id": "pitch_new", "description": "Neu"},
            {"name": "Daraus", "type": "message", "callback_id": "pitch_from_message", "description": "Neu"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("chat:write", "commands", "users:read", "users:read.email", "channels:read", "im:read"),
                *("channels:history", "groups:history", "im:history", "im:write", "channels:join"),
                "app_mentions:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                *("message.channels", "message.groups", "message.im", "app_home_opened", "app_mention"),
                *("member_joined_channel", "member_left_channel"),
            ]
        }
    },
}
SEED = Seed(
    team="Stadt",
    domain="stadt",
    members=(
        Member("U_ANN", "ann", "Ann Beispiel", title="Redaktion"),
        Member("U_BEN", "ben", "Ben Beispiel"),
        Member("U_CEM", "cem", "Cem Beispiel", is_admin=True),
    ),
    channels=(
        Channel("C_ALL", "alle", topic="Für alle", members=("U_ANN", "U_BEN", BOT_USER_ID)),
        Channel("C_ELSE", "anderswo", members=("U_ANN",)),
        Channel("C_SECRET", "geheim", members=("U_CEM",), is_private=True),
        Channel("C_TEAM", "team", members=("U_ANN", BOT_USER_ID), is_private=True),
    ),
    manifest=MANIFEST,
)


@pytest.fixture
def sandbox_seed() -> Seed:
    return SEED


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, process_before_response=True, ignoring_self_events_enabled=False)


@pytest.fixture
async def connect(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Connects the app over Socket Mode, once its listeners are there."""
    handler: Any = AsyncSocketModeHandler(app, sandbox.app_token)
    yield handler.connect_async
    await handler.close_async()
