"""Socket Mode: connections come and go, and nothing that was said to the app gets lost."""

import asyncio
import json
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.protocol import socket_mode
from sandbox.state.errors import RefusedError
from tests.sandbox.conftest import MANIFEST, SEED
from tests.sandbox.wire import address, wired


async def test_without_a_connection_the_person_is_told_at_once(sandbox: Sandbox) -> None:
    outcome = await sandbox.person("U_ANN").slash("/funk")

    assert outcome.failure == "Stadtfunk hat nicht reagiert: Die App ist gerade nicht verbunden."


async def test_without_an_acknowledgement_the_person_is_told_after_three_seconds(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        asking = asyncio.create_task(sandbox.person("U_ANN").slash("/funk"))
        await wire.of_type("slash_commands")
        sandbox.clock.advance(3)

        assert (await asking).failure == "Stadtfunk hat nicht reagiert."


async def test_when_the_connection_breaks_the_person_is_told_at_once(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        asking = asyncio.create_task(sandbox.person("U_ANN").slash("/funk"))
        await wire.frame(lambda frame: frame["type"] == "slash_commands")
        await wire.socket.close()

        assert (await asking).failure == "Stadtfunk hat nicht reagiert: Die App ist gerade nicht verbunden."


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


async def test_an_eleventh_connection_is_sent_away(sandbox: Sandbox) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(wired(sandbox))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        eleventh = await stack.enter_async_context(session.ws_connect(await address(sandbox)))
        frame = await eleventh.receive_json()

    assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")


async def test_a_ticket_lets_one_in(sandbox: Sandbox) -> None:
    url = await address(sandbox)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_a_ticket_is_good_for_thirty_seconds(sandbox: Sandbox) -> None:
    url = await address(sandbox)
    sandbox.clock.advance(31)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_a_connection_says_how_long_it_will_live(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        assert wire.frames[0]["debug_info"]["approximate_connection_time"] == 18060


async def test_a_connection_is_warned_ten_seconds_before_its_end(sandbox: Sandbox) -> None:
    async with wired(sandbox, "&debug_reconnects=true") as wire:
        sandbox.clock.advance(350)
        await wire.farewell("warning")
        sandbox.clock.advance(10)
        await wire.farewell("refresh_requested")
        sandbox.clock.advance(10)
        await wire.ended.wait()


async def test_after_a_warning_envelopes_still_come(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        await sandbox.sockets.warn()

        assert (await sandbox.person("U_ANN").slash("/funk")).ok
        await wire.farewell("warning")


async def test_after_a_refresh_nothing_new_comes(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        await sandbox.sockets.refresh()
        await wire.farewell("refresh_requested")

        assert not (await sandbox.person("U_ANN").slash("/funk")).ok


async def test_after_a_refresh_what_came_before_can_be_acknowledged(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        asking = asyncio.create_task(sandbox.person("U_ANN").slash("/funk"))
        frame = await wire.of_type("slash_commands")
        await sandbox.sockets.refresh()
        await wire.acknowledge(frame)

        assert (await asking).ok


async def test_what_came_over_the_old_connection_is_acknowledged_over_the_new(sandbox: Sandbox) -> None:
    async with wired(sandbox) as old:
        old.is_deaf = True
        asking = asyncio.create_task(sandbox.person("U_ANN").slash("/funk"))
        frame = await old.of_type("slash_commands")
        await sandbox.sockets.refresh()
        await old.socket.close()
        async with wired(sandbox) as new:
            await new.acknowledge(frame)

            assert (await asking).ok


async def test_when_socket_mode_is_switched_off_the_app_is_sent_away(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        await sandbox.sockets.disable()
        await wire.farewell("link_disabled")

        with pytest.raises(SlackApiError, match="invalid_auth"):
            await address(sandbox)
        sandbox.sockets.enable()
        assert await address(sandbox)


async def test_an_app_that_is_removed_is_told_so_and_its_connections_end() -> None:
    subscriptions = {"event_subscriptions": {"bot_events": ["app_uninstalled"]}}
    sandbox = await Sandbox.start(replace(SEED, manifest={**MANIFEST, "settings": subscriptions}))
    async with wired(sandbox) as wire:
        sandbox.workspace.uninstall()

        await wire.event("app_uninstalled")
        await wire.farewell("link_disabled")
    await sandbox.stop()


async def test_what_was_on_a_broken_connection_comes_over_another(sandbox: Sandbox) -> None:
    async with wired(sandbox) as broken:
        broken.is_deaf = True
        await sandbox.person("U_ANN").say("Hallo")
        first = await broken.of_type("events_api")
        sandbox.sockets.drop()
        async with wired(sandbox) as wire:
            again = await wire.of_type("events_api")

    assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")
    assert again["payload"] == first["payload"]
    assert again["envelope_id"] != first["envelope_id"]


async def test_what_went_into_a_stalled_connection_comes_over_another(sandbox: Sandbox) -> None:
    async with wired(sandbox) as stalled:
        sandbox.sockets.stall()
        async with wired(sandbox) as wire:
            await sandbox.person("U_ANN").say("Hallo")
            # The event goes into the stalled one as soon as it is its turn.
            await asyncio.sleep(0)
            sandbox.clock.advance(3)
            again = await wire.of_type("events_api")

    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
    assert [frame["type"] for frame in stalled.frames] == ["hello"]


async def test_a_stalled_connection_ends_when_its_silence_is_noticed(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        sandbox.sockets.stall()
        sandbox.clock.advance(23)
        await wire.ended.wait()

        assert not (await sandbox.person("U_ANN").slash("/funk")).ok


async def test_a_connection_that_flows_again_brings_what_was_held_up(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        sandbox.sockets.stall()
        asking = asyncio.create_task(sandbox.person("U_ANN").slash("/funk"))
        await asyncio.sleep(0)
        await sandbox.sockets.resume()

        assert (await asking).ok
        assert wire.frames[-1]["type"] == "slash_commands"


async def test_an_app_that_answers_no_ping_is_cut_off(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "PING_EVERY", 0.02)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(await address(sandbox), autoping=False) as socket,
    ):
        await socket.receive_json()
        kinds = [frame.type async for frame in socket]

    assert set(kinds) == {WSMsgType.PING}


NONSENSE = {
    "words": "kein JSON",
    "a list": "[]",
    "a number": "1",
    "no id": "{}",
    "an id that is a list": '{"envelope_id": []}',
    "an id nobody knows": '{"envelope_id": "unbekannt", "payload": {}}',
    "too deep": "[" * 100_000,
    "too long a number": "9" * 10_000,
    "a megabyte": json.dumps({"envelope_id": "x" * 2**20}),
    "nothing": "",
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_is_passed_over_with_one_line_in_the_log(
    sandbox: Sandbox, nonsense: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with wired(sandbox) as wire:
        await wire.socket.send_str(nonsense)

        assert (await sandbox.person("U_ANN").slash("/funk")).ok
    (line,) = [record.getMessage() for record in caplog.records if record.name == socket_mode.__name__]
    assert len(line) < 200


async def test_a_binary_frame_is_passed_over(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        await wire.socket.send_bytes(b"\x00\xff")

        assert (await sandbox.person("U_ANN").slash("/funk")).ok


async def test_a_frame_larger_than_any_ends_its_connection_alone(sandbox: Sandbox) -> None:
    async with wired(sandbox) as one, wired(sandbox):
        with suppress(ConnectionError):
            await one.socket.send_str("x" * 2**23)
        await one.ended.wait()

        assert (await sandbox.person("U_ANN").slash("/funk")).ok


async def test_a_second_acknowledgement_is_passed_over(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").slash("/funk")
        await wire.acknowledge(await wire.of_type("slash_commands"))

        assert (await sandbox.person("U_ANN").slash("/funk")).ok


async def test_an_acknowledgement_that_comes_too_late_is_none(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        asking = asyncio.create_task(sandbox.person("U_ANN").slash("/funk"))
        frame = await wire.of_type("slash_commands")
        sandbox.clock.advance(3)
        await wire.acknowledge(frame)

        assert (await asking).failure == "Stadtfunk hat nicht reagiert."


@pytest.mark.parametrize("payload", ["Hallo", 7, ["Hallo"], True])
async def test_an_acknowledgement_with_something_other_than_an_object_is_none(
    sandbox: Sandbox, payload: Any
) -> None:
    async with wired(sandbox) as wire:
        wire.answer = payload
        outcome = await sandbox.person("U_ANN").slash("/funk")

    assert outcome.failure == "Stadtfunk hat nicht reagiert."


async def test_an_envelope_that_takes_no_answer_is_acknowledged_by_any(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        asking = asyncio.create_task(sandbox.person("U_ANN").shortcut("pitch_new"))
        frame = await wire.of_type("interactive")
        await wire.socket.send_json({"envelope_id": frame["envelope_id"], "payload": ["Hallo"]})

        assert not frame["accepts_response_payload"]
        assert (await asking).ok


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
            await sandbox.sockets.connected()
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
