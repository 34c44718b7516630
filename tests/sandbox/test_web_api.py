"""The door of the Web API: whom it lets in, what it reads, and what it says to what it can't read."""

import io
import json
import logging
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Channel, Member, Sandbox, Seed
from sandbox.protocol import web_api
from sandbox.protocol.call import Call, Method
from tests.sandbox.calls import JSON, posted, refusal, running, with_manifest
from tests.sandbox.conftest import MANIFEST

AS_JSON = "application/json; charset=utf-8"
FORM = "application/x-www-form-urlencoded"
UNREADABLE: list[tuple[str | None, bytes, str]] = [
    (None, b"channel=C_ALL", "missing_post_type"),
    ("application/xml", b"<channel/>", "invalid_post_type"),
    ("application/json; charset=utf-16", b"{}", "invalid_charset"),
    (AS_JSON, b'{"channel": ', "invalid_json"),
    (AS_JSON, b"[" * 100_000, "invalid_json"),
    (AS_JSON, b'{"text": "\\ud83d"}', "invalid_json"),
    (AS_JSON, b"\xff\xfe", "invalid_json"),
    (AS_JSON, b'["channel"]', "json_not_object"),
    (FORM, b"text=%ff", "invalid_form_data"),
    (FORM, b"text=\xff", "invalid_form_data"),
    ("multipart/form-data", b"--x", "invalid_form_data"),
    ("multipart/form-data; boundary=x", b"text=1", "invalid_form_data"),
]
MISUSED: list[tuple[JSON, str]] = [
    ({"text": "x"}, "missing required field: channel"),
    ({"channel": "", "text": "x"}, "missing required field: channel"),
    ({"channel": None, "text": "x"}, "missing required field: channel"),
    ({"channel": "C_ALL", "txt": "x"}, "invalid additional property: txt"),
    ({"channel": ["C_ALL"], "text": "x"}, "must be a string [json-pointer:/channel]"),
    ({"channel": "C_ALL", "text": {"a": 1}}, "must be a string [json-pointer:/text]"),
    ({"channel": "C_ALL", "text": "x", "mrkdwn": "maybe"}, "must be a boolean [json-pointer:/mrkdwn]"),
    (
        {"channel": "C_ALL", "text": "x", "metadata": 5},
        "must be an array or object [json-pointer:/metadata]",
    ),
]


async def test_only_the_right_token_opens_the_door(sandbox: Sandbox) -> None:
    def client(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=sandbox.api_url)

    assert await refusal(client(None), "auth.test", {}) == "not_authed"
    assert await refusal(client("xoxb-wrong"), "auth.test", {}) == "invalid_auth"
    as_app = client(sandbox.app_token)
    assert await refusal(as_app, "auth.test", {}) == "not_allowed_token_type"
    as_bot = client(sandbox.bot_token)
    assert await refusal(as_bot, "apps.connections.open", {}) == "not_allowed_token_type"
    who = await as_bot.auth_test()
    assert (who["user_id"], who["bot_id"], who["team_id"]) == (
        *(sandbox.bot_user_id, sandbox.bot_id),
        sandbox.team_id,
    )


async def test_a_token_that_was_taken_back_opens_nothing(client: AsyncWebClient) -> None:
    assert not (await client.auth_revoke(test=True))["revoked"]
    assert (await client.auth_test())["ok"]

    assert (await client.auth_revoke())["revoked"]

    assert await refusal(client, "auth.test", {}) == "token_revoked"


async def test_an_app_that_was_removed_can_do_nothing_until_it_is_installed_again(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.workspace.uninstall()

    assert await refusal(client, "auth.test", {}) == "account_inactive"
    sandbox.workspace.install()
    assert (await client.auth_test())["ok"]


async def test_a_token_may_stand_in_the_form_or_in_the_query(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.api_url}auth.test"
        async with session.post(url, data={"token": sandbox.bot_token}) as response:
            assert (await response.json())["ok"]
        async with session.get(url, params={"token": sandbox.bot_token}) as response:
            assert (await response.json())["ok"]


@pytest.mark.parametrize(("kind", "body", "error"), UNREADABLE)
async def test_a_body_that_cannot_be_read_is_refused(
    sandbox: Sandbox, kind: str | None, body: bytes, error: str
) -> None:
    headers = {"Content-Type": kind} if kind else {}

    answer = await posted(sandbox, "chat.postMessage", body, **headers)

    assert (answer["ok"], answer["error"]) == (False, error)


@pytest.mark.parametrize(("args", "message"), MISUSED)
async def test_arguments_that_are_not_as_they_should_be_are_named(
    sandbox: Sandbox, args: JSON, message: str
) -> None:
    body = json.dumps(args)

    answer = await posted(sandbox, "chat.postMessage", body, **{"Content-Type": AS_JSON})

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {message}"]


async def test_names_of_arguments_have_letters_digits_and_underscores(client: AsyncWebClient) -> None:
    assert await refusal(client, "users.info", {"user-id": "U_ANN"}) == "invalid_arg_name"
    assert await refusal(client, "users.info", {"u" * 500: "U_ANN"}) == "invalid_arg_name"
    assert await refusal(client, "users.info", {"user[]": "U_ANN"}) == "invalid_array_arg"


async def test_structures_come_as_json_text_in_forms_of_both_kinds(sandbox: Sandbox) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Karte"}}]
    form = {"channel": "C_ALL", "text": "Karte", "blocks": json.dumps(blocks)}
    multipart = aiohttp.FormData(form, default_to_multipart=True)
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for body in (form, multipart):
            async with session.post(f"{sandbox.api_url}chat.postMessage", data=body) as response:
                answer = await response.json()
            assert answer["message"]["blocks"][0]["text"]["text"] == "Karte"


async def test_query_and_body_go_together_and_the_body_comes_first(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    query = {"channel": "C_ALL", "text": "Aus der Adresse"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(
            f"{sandbox.api_url}chat.postMessage", params=query, data={"text": "Aus der Form"}
        ) as response,
    ):
        answer = await response.json()

    assert (answer["channel"], answer["message"]["text"]) == ("C_ALL", "Aus der Form")


async def test_a_request_that_is_too_large_is_told_so(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": AS_JSON}
    body = io.BytesIO(json.dumps({"channel": "C_ALL", "text": "x" * 5_000_000}).encode())
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{sandbox.api_url}chat.postMessage", data=body) as response,
    ):
        assert (response.status, (await response.json())["error"]) == (413, "request_too_large")


async def test_json_without_a_charset_is_warned_of(sandbox: Sandbox) -> None:
    body = json.dumps({"channel": "C_ALL", "text": "Hallo"})

    answer = await posted(sandbox, "chat.postMessage", body, **{"Content-Type": "application/json"})

    assert (answer["ok"], answer["warning"]) == (True, "missing_charset")
    assert answer["response_metadata"]["warnings"] == ["missing_charset"]


async def test_a_form_with_a_charset_is_warned_of(sandbox: Sandbox) -> None:
    answer = await posted(sandbox, "auth.test", "", **{"Content-Type": f"{FORM}; charset=utf-8"})

    assert (answer["ok"], answer["warning"]) == (True, "superfluous_charset")


async def test_the_api_can_be_tested_without_a_token(sandbox: Sandbox) -> None:
    client = AsyncWebClient(base_url=sandbox.api_url)

    assert (await client.api_test(foo="bar"))["args"] == {"foo": "bar"}
    assert await refusal(client, "api.test", {"error": "wie_gewünscht"}) == "wie_gewünscht"


async def test_answers_say_which_scopes_there_are_and_which_are_needed(client: AsyncWebClient) -> None:
    answer = await client.users_info(user="U_ANN")

    headers = answer.headers
    assert "users:read.email" in headers["X-OAuth-Scopes"].split(",")
    assert headers["X-Accepted-OAuth-Scopes"] == "users:read"


async def test_a_mistake_of_the_sandboxs_own_is_an_internal_error_and_logged(
    client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Call) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setitem(web_api.METHODS, "bots.info", Method(broken))
    with caplog.at_level(logging.ERROR):
        assert await refusal(client, "bots.info", {}) == "internal_error"

    assert "bots.info" in caplog.text
    assert (await client.auth_test())["ok"]


async def test_what_the_manifest_does_not_ask_for_is_not_given() -> None:
    seed = with_manifest(scopes=["chat:write", "channels:history", "channels:read"])
    async with running(seed) as (_, client):
        direct = (await client.chat_postMessage(channel="U_ANN", text="Hallo"))["channel"]
        assert (await client.conversations_history(channel="C_ALL"))["ok"]
        for method, args in (
            ("conversations.history", {"channel": direct}),
            ("conversations.list", {"types": "public_channel,private_channel"}),
            ("conversations.open", {"users": "U_ANN"}),
            ("users.info", {"user": "U_ANN"}),
            ("users.lookupByEmail", {"email": "ann@sandbox.example"}),
            ("users.profile.get", {"user": "U_ANN"}),
            ("reactions.add", {"channel": "C_ALL", "name": "+1", "timestamp": "1.000000"}),
        ):
            assert await refusal(client, method, args) == "missing_scope"


async def test_a_refusal_for_want_of_a_scope_names_it(sandbox: Sandbox) -> None:
    answer = await posted(sandbox, "team.info")

    assert (answer["error"], answer["needed"]) == ("missing_scope", "team:read")
    assert "chat:write" in answer["provided"].split(",")


async def test_a_workspace_of_another_name_and_people_can_be_seeded() -> None:
    seed = Seed("Dorf", "dorf", (Member("U_EVA", "eva", "Eva"),), (Channel("C_1", "platz"),), MANIFEST)
    async with running(seed) as (sandbox, client):
        assert (await client.auth_test())["team"] == "Dorf"
        assert [member.name for member in sandbox.workspace.people()] == ["eva"]
