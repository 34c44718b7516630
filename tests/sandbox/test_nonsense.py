"""Nonsense, forgery and bad luck: whatever comes is refused, and the workspace stays as it was."""

import asyncio
import math
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, Seed
from sandbox.page.showing import is_local
from sandbox.state.errors import RefusedError
from sandbox.state.workspace import Workspace
from tests.sandbox.calls import posted
from tests.sandbox.subscribed import seed
from tests.sandbox.wire import wired

AS_JSON = "application/json; charset=utf-8"
DEEP = b"[" * 100_000
HALF_A_CHARACTER = b'{"text": "\\ud83d"}'
INPUT = {
    "type": "input",
    "block_id": "when",
    "label": {"type": "plain_text", "text": "Wann?"},
    "element": {"type": "datetimepicker", "action_id": "at"},
}
CHOICE = {"type": "actions", "block_id": "when", "elements": [{"type": "datepicker", "action_id": "on"}]}
MODAL: dict[str, Any] = {"title": {"type": "plain_text", "text": "Idee"}, "blocks": []}


@pytest.fixture
def sandbox_seed() -> Seed:
    return seed()


async def act(sandbox: Sandbox, deed: str, body: Any, content_type: str = AS_JSON) -> int:
    """Return the status the page's act is answered with; `body` is JSON, or bytes as they are."""
    given = {"data": body} if isinstance(body, bytes) else {"json": body}
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": content_type}
    async with (
        aiohttp.ClientSession(sandbox.page_url) as session,
        session.post(f"/act/{deed}", headers=headers, **given) as response,
    ):
        return response.status


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
async def test_numbers_that_nobody_can_write_are_no_json(sandbox: Sandbox, number: str) -> None:
    payload = f'{{"event_type": "x", "event_payload": {{"n": {number}}}}}'
    body = f'{{"channel": "C_ALL", "text": "x", "metadata": {payload}}}'

    answer = await posted(sandbox, "chat.postMessage", body, **{"Content-Type": AS_JSON})

    assert answer["error"] == "invalid_json"


@pytest.mark.parametrize("address", ["api/auth.test", "act/post"])
async def test_a_body_that_is_not_packed_as_it_says_is_refused(sandbox: Sandbox, address: str) -> None:
    headers = {"Content-Type": AS_JSON, "Content-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession(sandbox.page_url) as session:
        for _ in range(2):
            async with session.post(f"/{address}", data=b"garbage", headers=headers) as response:
                assert response.status == 400


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (DEEP, AS_JSON),
        (HALF_A_CHARACTER, AS_JSON),
        (b'{"text": NaN}', AS_JSON),
        (b"{}", "text/x; charset=martian"),
    ],
)
async def test_an_unreadable_answer_to_a_response_url_is_refused(
    sandbox: Sandbox, body: bytes, content_type: str
) -> None:
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").slash("/funk", channel="C_ALL")
        url = (await wire.of_type("slash_commands"))["payload"]["response_url"]
        headers = {"Content-Type": content_type}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=headers) as response,
        ):
            assert (response.status, await response.text()) == (400, "invalid_payload")


async def test_half_a_character_in_an_acknowledgement_is_said_to_nobody(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        asked = asyncio.create_task(sandbox.person("U_ANN").slash("/funk", channel="C_ALL"))
        frame = await wire.of_type("slash_commands")
        await wire.socket.send_json({"envelope_id": frame["envelope_id"], "payload": {"text": "\ud83d"}})
        await wire.acknowledge(frame)
        await asked

    assert sandbox.person("U_ANN").last_reply is None


@pytest.mark.parametrize(
    "name", ["data:text/html\r\nX-Evil: 1,abc", "..", ".", "//a", 'a"b\r\nX: y', "a/../b"]
)
async def test_a_file_is_found_and_harmless_whatever_it_is_called(
    sandbox: Sandbox, client: AsyncWebClient, name: str
) -> None:
    asked = await client.files_getUploadURLExternal(filename=name, length=3)
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        await session.post(asked["upload_url"], data=b"abc")
        await client.files_completeUploadExternal(files=[{"id": asked["file_id"]}])
        file = (await client.files_info(file=asked["file_id"]))["file"]
        async with session.get(file["url_private"]) as response:
            assert (response.status, await response.read()) == (200, b"abc")
            assert response.content_type == "application/octet-stream"
            assert not {"X", "X-Evil"} & response.headers.keys()


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "multipart/form-data"])
async def test_an_upload_as_a_form_that_is_none_is_refused(client: AsyncWebClient, content_type: str) -> None:
    asked = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    headers = {"Content-Type": content_type}
    async with (
        aiohttp.ClientSession() as session,
        session.post(asked["upload_url"], data=b"--x", headers=headers) as response,
    ):
        assert response.status == 400


async def test_words_that_only_begin_like_an_address_can_be_said(sandbox: Sandbox) -> None:
    said = sandbox.workspace.post("U_ANN", "C_ALL", "Siehe https://stadt℀.example/")

    assert sandbox.workspace.history("C_ALL") == [said]


def test_a_picture_without_a_proper_address_is_not_loaded() -> None:
    assert not is_local("http://[bad/a.png")


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("post", DEEP),
        ("post", b"null"),
        ("post", {"person": "U_ANN", "channel": "C_ALL", "text": ["x"]}),
        ("post", b'{"person": "U_ANN", "channel": "C_ALL", "text": "\\ud83d"}'),
        ("slash", {"person": "U_ANN", "channel": "C_ALL", "text": None}),
        ("click", []),
        ("submit", {"person": "U_ANN", "view": "V1", "values": [1]}),
        ("submit", {"person": "U_ANN", "view": "V1", "values": {"when": 1}}),
    ],
)
async def test_the_page_refuses_what_it_would_not_send(sandbox: Sandbox, deed: str, body: Any) -> None:
    assert await act(sandbox, deed, body) == 400


async def test_the_page_refuses_letters_it_does_not_know(sandbox: Sandbox) -> None:
    assert await act(sandbox, "post", b"{}", "application/json; charset=martian") == 400


async def test_the_page_refuses_a_moment_without_end(sandbox: Sandbox, client: AsyncWebClient) -> None:
    home = await client.views_publish(user_id="U_ANN", view={"type": "home", "blocks": [INPUT]})
    body = f'{{"person": "U_ANN", "view": "{home["view"]["id"]}", "values": {{"when": {{"at": 1e999}}}}}}'

    assert await act(sandbox, "submit", body.encode()) == 400


async def test_what_one_chooses_in_a_place_one_is_not_in_is_not_kept(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ts = str((await client.chat_postMessage(channel="C_TEAM", text="x", blocks=[CHOICE]))["ts"])
    chosen = {"person": "U_CEM", "channel": "C_TEAM", "ts": ts, "block": "when", "action": "on"}

    await act(sandbox, "click", {**chosen, "values": {"when": {"on": "2026-11-23"}}, "value": "2026-11-23"})

    message = sandbox.workspace.find("C_TEAM", ts)
    assert message is not None
    assert message.selected == {}


async def test_nobody_has_read_what_is_said_where_they_are_not(sandbox: Sandbox) -> None:
    sandbox.workspace.post("U_CEM", "C_SECRET", "Geheim")

    with pytest.raises(RefusedError, match="not_in_channel"):
        sandbox.workspace.mark_read("U ANN", "C_SECRET")


@pytest.mark.parametrize("deed", ["post", "edit", "retract", "react", "share_file"])
async def test_with_a_deactivated_account_nobody_does_anything(sandbox: Sandbox, deed: str) -> None:
    workspace = sandbox.workspace
    ts = workspace.post("U_ANN", "C_ALL", "Früher").ts
    more = {
        "post": ("x",),
        "edit": (ts, "x"),
        "retract": (ts,),
        "react": (ts, "eyes"),
        "share_file": ("a.txt", b"x"),
    }
    workspace.deactivate("U_ANN")

    with pytest.raises(RefusedError, match="account_inactive"):
        getattr(workspace, deed)("U_ANN", "C_ALL", *more[deed])


def test_modals_stay_on_top_of_each_other_after_a_restart_with_an_earlier_clock(tmp_path: Path) -> None:
    path = tmp_path / "workspace.sqlite"
    first = Workspace(seed(), path)
    first.clock.advance(3600)
    below = first.views.open("U_ANN", MODAL)
    first.close()
    second = Workspace(seed(), path)
    top = second.views.push("U_ANN", MODAL)
    second.close()

    third = Workspace(seed(), path)

    assert [view.id for view in third.modals("U_ANN")] == [below.id, top.id]
    third.close()


def test_an_update_may_not_take_the_external_id_of_another_modal(sandbox: Sandbox) -> None:
    views = sandbox.workspace.views
    views.open("U_ANN", {**MODAL, "external_id": "one"})
    top = views.push("U_ANN", MODAL)

    with pytest.raises(RefusedError, match="duplicate_external_id"):
        views.update(top, {**MODAL, "external_id": "one"})


@pytest.mark.parametrize("seconds", [math.nan, math.inf, 10**10])
def test_the_clock_goes_nowhere_that_timestamps_do_not_reach(sandbox: Sandbox, seconds: float) -> None:
    with pytest.raises(ValueError, match="forward"):
        sandbox.clock.advance(seconds)


@pytest.mark.parametrize("speed", [math.nan, math.inf])
def test_the_clock_runs_at_a_speed_that_is_a_number(sandbox: Sandbox, speed: float) -> None:
    with pytest.raises(ValueError, match="forward"):
        sandbox.clock.speed = speed
