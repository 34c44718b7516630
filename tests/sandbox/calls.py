"""Calls of the Web API as a test makes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, Seed
from sandbox.fixtures import sandboxes
from sandbox.protocol.contract import COMMON_ERRORS, CONTRACT
from tests.sandbox.conftest import MANIFEST, SEED

JSON = dict[str, Any]


# Errors of Slack's that the page of the method does not list.
UNLISTED = {
    "invalid_arguments": "every method answers this to arguments that are not as they should be",
    "invalid_json": "docs.slack.dev/apis/web-api: what becomes of a body that is no JSON",
    "json_not_object": "the same",
    "internal_error": "any method may break",
    "invalid_auth": "the error of a wrong token; two of the pages list it",
    "invalid_attachments": "listed for chat.update and chat.postEphemeral, the same check everywhere",
    "invalid_thread_ts": "what chat.postMessage really answers to a thread_ts that is none",
    "msg_too_long": "listed for chat.update and chat.postEphemeral, the same check everywhere",
    "user_not_found": "the error of an unknown user id, listed for users.info",
}


async def refusal(client: AsyncWebClient, method: str, args: JSON) -> str:
    """Return the error a call is refused with; it is one that Slack's documentation knows."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    error = str(caught.value.response["error"])
    if method in CONTRACT and method != "api.test":
        assert error in COMMON_ERRORS | CONTRACT[method].errors | UNLISTED.keys()
    return error


def with_manifest(features: JSON | None = None, scopes: list[str] | None = None) -> Seed:
    """Return the workspace of the tests for an app with other features or scopes."""
    manifest: JSON = {**MANIFEST}
    manifest["features"] = {**manifest["features"], **(features or {})}
    if scopes is not None:
        manifest["oauth_config"] = {"scopes": {"bot": scopes}}
    return replace(SEED, manifest=manifest)


@asynccontextmanager
async def running(seed: Seed, *, pace: bool = False) -> AsyncIterator[tuple[Sandbox, AsyncWebClient]]:
    """Run a sandbox of one's own."""
    async with sandboxes(seed) as start:
        sandbox = await start(pace=pace)
        yield sandbox, AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)


async def posted(sandbox: Sandbox, method: str, body: bytes | str = b"", **headers: str) -> JSON:
    """Return the answer to a bare POST with the bot's token."""
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", **headers}
    skipped = () if "Content-Type" in headers else ("Content-Type",)
    async with (
        aiohttp.ClientSession(skip_auto_headers=skipped) as session,
        session.post(f"{sandbox.api_url}{method}", data=body, headers=headers) as response,
    ):
        answer: JSON = await response.json()
        return answer
