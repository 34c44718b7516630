"""Socket Mode: connections come and go, and nothing that was said to the app gets lost."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.protocol import socket_mode
from sandbox.state.errors import RefusedError
from tests.sandbox.wire import wired


async def test_without_a_connection_the_person_is_told_at_once(sandbox: Sandbox) -> None:
    outcome = await asyncio.wait_for(sandbox.person("U_ANN").slash("/funk"), 0.5)

    assert outcome.failure
    assert "hat nicht reagiert" in outcome.failure


async def test_without_an_acknowledgement_the_person_is_told_in_the_end(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "ANSWER_WITHIN", 0.05)
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        outcome = await sandbox.person("U_ANN").slash("/funk")

    assert outcome.failure == "Stadtfunk hat nicht reagiert."


async def test_when_the_connection_breaks_the_person_is_told_at_once(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        asking = asyncio.create_task(sandbox.person("U_ANN").slash("/funk"))
        await wire.frame(lambda frame: frame["type"] == "slash_commands")
        await wire.socket.close()

        outcome = await asyncio.wait_for(asking, 1)
    assert outcome.failure


async def test_an_event_waits_for_the_app_and_comes_as_a_retry(sandbox: Sandbox) -> None:
    await sandbox.person("U_ANN").say("Ist da wer?")

    async with wired(sandbox) as wire:
        frame = await wire.frame(lambda frame: frame["type"] == "events_api")

    assert frame["payload"]["event"]["text"] == "Ist da wer?"
    assert (frame["retry_attempt"], frame["retry_reason"]) == (1, "connection_failed")


async def test_several_connections_share_the_work(sandbox: Sandbox) -> None:
    async with wired(sandbox) as one, wired(sandbox) as two:
        for _ in range(4):
            await sandbox.person("U_ANN").shortcut("pitch_new")

        assert [len([f for f in wire.frames if f["type"] == "interactive"]) for wire in (one, two)] == [2, 2]
        assert two.frames[0]["num_connections"] == 2


async def test_an_eleventh_connection_is_sent_away(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_mode, "MOST_CONNECTIONS", 0)
    address = f"{sandbox.page_url}link?ticket={sandbox.sockets.ticket()}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        frame = await socket.receive_json()

    assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")


async def test_a_ticket_lets_one_in(sandbox: Sandbox) -> None:
    address = f"{sandbox.page_url}link?ticket={sandbox.sockets.ticket()}"
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(address) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(address)


async def test_bolt_comes_back_after_a_disconnect(sandbox: Sandbox, app: AsyncApp) -> None:
    @app.command("/funk")
    async def answer(ack: AsyncAck) -> None:
        await ack("Da bin ich.")

    handler: Any = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=0.05)
    await handler.connect_async()
    await sandbox.sockets.refresh()
    ann = sandbox.person("U_ANN")
    async with asyncio.timeout(15):
        while not (await ann.slash("/funk")).ok:
            await asyncio.wait_for(sandbox.sockets.connected(), 5)
    await handler.close_async()

    assert ann.last_reply == "Da bin ich."


async def test_an_acknowledgement_that_cant_be_shown_is_reported(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.answer = {"blocks": [{"type": "hologram"}]}
        outcome = await sandbox.person("U_ANN").slash("/funk")

    assert outcome.failure
    assert "unsupported type: hologram" in outcome.failure


async def test_an_error_at_no_field_of_the_form_is_reported(sandbox: Sandbox, client: AsyncWebClient) -> None:
    title = {"type": "plain_text", "text": "Idee"}
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").shortcut("pitch_new")
        trigger_id = (await wire.payload("shortcut"))["trigger_id"]
        await client.views_open(trigger_id=trigger_id, view={"type": "modal", "title": title, "blocks": []})
        view = sandbox.workspace.modals("U_ANN")[0]
        wire.answer = {"response_action": "errors", "errors": {"nowhere": "Falsch"}}
        outcome = await sandbox.interactions.submit("U_ANN", view.id, {})

    assert outcome.failure
    assert "nowhere" in outcome.failure
    assert sandbox.workspace.modals("U_ANN")
    with pytest.raises(RefusedError, match="not_found"):
        await sandbox.interactions.close("U_BEN", view.id)


async def test_a_command_nobody_has_is_no_command(sandbox: Sandbox) -> None:
    outcome = await sandbox.person("U_ANN").slash("/tanzen")

    assert outcome.failure == "/tanzen ist kein Befehl in diesem Workspace."


async def test_the_bot_hears_nothing_from_where_it_is_not(sandbox: Sandbox, client: AsyncWebClient) -> None:
    heard: list[Any] = []
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").say("Geheim", "C_ELSE")
        await sandbox.person("U_ANN").say("Offen", "C_ALL")
        await wire.event("message")
        heard += [frame["payload"]["event"]["text"] for frame in wire.frames if frame["type"] == "events_api"]

    assert heard == ["Offen"]
