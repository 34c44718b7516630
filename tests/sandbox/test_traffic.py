"""The developer's view: what app and workspace said to each other, and no secret in it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.protocol.traffic import HIDDEN, MOST, Traffic
from sandbox.state.clock import Clock
from tests.sandbox.wire import wired

HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def web(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.page_url) as session:
        yield session


async def look(web: aiohttp.ClientSession, path: str = "/developer", **query: str) -> str:
    async with web.get(path, params=query) as response:
        assert response.status == 200
        return await response.text()


async def test_a_call_is_kept_with_its_arguments_answer_and_error(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C_ALL", text="Hallo")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C_NOWHERE", text="Hallo")

    wrong, right = [one for one in sandbox.traffic.newest() if one.source == "call"][:2]

    assert (right.source, right.name, right.error) == ("call", "chat.postMessage", "")
    assert right.sent["text"] == "Hallo"
    assert right.answer["ok"]
    assert right.took_ms is not None
    assert wrong.error == "channel_not_found"


async def test_what_goes_to_the_app_is_kept_with_what_it_answered(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.answer = {"text": "Gern!"}
        await sandbox.interactions.slash("U_ANN", "C_ALL", "/funk", "hilfe")

        command = next(one for one in sandbox.traffic.newest() if one.source == "slash_commands")

    assert command.name == "/funk"
    assert command.sent["text"] == "hilfe"
    assert command.answer == {"text": "Gern!"}


async def test_an_app_that_is_away_is_seen_as_such(sandbox: Sandbox) -> None:
    await sandbox.interactions.slash("U_ANN", "C_ALL", "/funk", "")

    assert sandbox.traffic.newest()[0].error == "connection_failed"


async def test_no_token_and_no_address_that_is_a_key_is_ever_shown(
    sandbox: Sandbox, web: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    await client.api_call("auth.test", params={"token": sandbox.bot_token})
    async with wired(sandbox) as wire:
        wire.answer = {"text": f"{sandbox.bot_token} {sandbox.signing_secret}"}
        await sandbox.interactions.slash("U_ANN", "C_ALL", "/funk", sandbox.app_token)

        pages = [await look(web)]
        pages += [await look(web, f"/developer/{one.number}") for one in sandbox.traffic.newest()]

    shown = "".join(pages)
    assert HIDDEN in shown
    for secret in (sandbox.bot_token, sandbox.app_token, sandbox.signing_secret):
        assert secret not in shown
    assert "ticket=" + HIDDEN in shown
    assert "/hooks/" + HIDDEN in shown
    assert sandbox.workspace.secret("verification_token") not in shown


async def test_the_view_is_filtered_by_kind_by_name_and_by_what_failed(
    sandbox: Sandbox, web: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    await client.auth_test()
    await client.chat_postMessage(channel="C_ALL", text="Hallo")
    await sandbox.interactions.slash("U_ANN", "C_ALL", "/funk", "")

    assert "auth.test" not in await look(web, kind="slash_commands")
    assert "/funk" in await look(web, kind="slash_commands")
    posts = await look(web, words="POST")
    assert "chat.postMessage" in posts
    assert "auth.test" not in posts
    failed = await look(web, failed="yes")
    assert "/funk" in failed
    assert "auth.test" not in failed


async def test_what_the_app_said_never_becomes_markup(
    sandbox: Sandbox, web: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C_ALL", text="<script>alert(1)</script>")
    [number] = [one.number for one in sandbox.traffic.newest() if one.name == "chat.postMessage"]

    page = await look(web, f"/developer/{number}")

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


async def test_it_can_be_cleared_and_what_is_gone_is_not_found(
    sandbox: Sandbox, web: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    await client.auth_test()
    async with web.post("/act/forget", json={"person": "U_ANN"}, headers=HERE) as response:
        assert response.status == 200

    assert sandbox.traffic.newest() == []
    async with web.get("/developer/1") as response:
        assert response.status == 404


def test_only_the_newest_are_kept() -> None:
    traffic = Traffic(Clock())
    for number in range(MOST + 5):
        with traffic.noted("call", str(number), {}):
            pass

    assert len(traffic.newest()) == MOST
    assert traffic.newest()[0].name == str(MOST + 4)
    assert traffic.find(1) is None


def test_an_exchange_is_seen_while_it_is_under_way_and_those_who_listen_are_told() -> None:
    traffic = Traffic(Clock())
    told: list[int] = []
    stop = traffic.listen(told.append)
    with traffic.noted("call", "auth.test", {}):
        assert traffic.newest()[0].took_ms is None
    stop()
    with traffic.noted("call", "auth.test", {}):
        pass

    assert told == [1, 1]
    assert traffic.newest()[0].took_ms is not None


@pytest.mark.parametrize("said", ["secret", {"a": ["secret"]}, {"Token": "x"}, {"b": {"token": 1}}])
def test_secrets_are_hidden_however_deep(said: Any) -> None:
    shown = json.dumps(Traffic(Clock(), "secret").shown(said), ensure_ascii=False)

    assert HIDDEN in shown
    assert "secret" not in shown
