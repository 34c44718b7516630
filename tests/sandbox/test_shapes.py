"""What the sandbox sends has the keys of what Slack sends (their structure is kept in `shapes/`)."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.state.records import Message
from tests.sandbox.wire import wired

SHAPES = Path(__file__).parent / "shapes"
TYPES: dict[str, Any] = {"text": str, "number": (int, float), "yes or no": bool, "object": dict, "list": list}
BUTTON = {
    "type": "button",
    "action_id": "a",
    "value": "v",
    "style": "primary",
    "text": {"type": "plain_text", "text": "Los"},
    "confirm": {
        "title": {"type": "plain_text", "text": "Ja?"},
        "text": {"type": "plain_text", "text": "Ja?"},
    },
}
OPTION = {"text": {"type": "plain_text", "text": "Eins"}, "value": "1"}
ELEMENTS: dict[str, dict[str, Any]] = {
    "overflow": {"type": "overflow", "options": [OPTION]},
    "static_select": {
        "type": "static_select",
        "options": [OPTION],
        "placeholder": {"type": "plain_text", "text": "Wähle"},
    },
    "checkboxes": {"type": "checkboxes", "options": [OPTION]},
    "datepicker": {"type": "datepicker", "initial_date": "2026-11-22"},
}
CHOSEN: dict[str, Any] = {
    "overflow": "1",
    "static_select": "1",
    "checkboxes": ["1"],
    "datepicker": "2026-11-30",
}
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Idee"},
    "submit": {"type": "plain_text", "text": "Los"},
    "close": {"type": "plain_text", "text": "Zu"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "t",
            "label": {"type": "plain_text", "text": "Titel"},
            "element": {"type": "plain_text_input", "action_id": "v"},
        },
        {"type": "actions", "block_id": "b", "elements": [BUTTON]},
    ],
}


def lacks(shape: Any, sent: Any, at: str = "") -> list[str]:
    """Return the paths at which something sent is not as its shape says."""
    if isinstance(shape, dict):
        if not isinstance(sent, dict):
            return [f"{at}: no object"]
        missing = [f"{at}/{key}: missing" for key in shape if key not in sent]
        both = [key for key in shape if key in sent]
        return missing + [lack for key in both for lack in lacks(shape[key], sent[key], f"{at}/{key}")]
    if isinstance(shape, list):
        return lacks(shape[0], sent[0], f"{at}/0") if isinstance(sent, list) and sent else [f"{at}: no list"]
    # Where Slack's example holds nothing, or ours does, the other may hold something.
    if shape == "nothing" or sent is None:
        return []
    return [] if isinstance(sent, TYPES[shape]) else [f"{at}: {type(sent).__name__} is no {shape}"]


def assert_like(name: str, sent: Any) -> None:
    assert lacks(json.loads((SHAPES / f"{name}.json").read_text()), sent) == []


def said(sandbox: Sandbox, ts: str) -> Message:
    message = sandbox.workspace.find("C_ALL", ts)
    assert message
    return message


async def test_frames_are_like_those_of_slack(sandbox: Sandbox) -> None:
    ann = sandbox.person("U_ANN")
    async with wired(sandbox) as wire:
        await ann.slash("/funk", "hilfe", channel="C_ALL")
        await ann.shortcut("pitch_new")
        await ann.say("Hallo", "C_ALL")
        await wire.event("message")
        await sandbox.sockets.refresh()
        goodbye = await wire.frame(lambda frame: frame["type"] == "disconnect")

    by_type = {frame["type"]: frame for frame in wire.frames}
    assert_like("socket_hello", by_type["hello"])
    assert_like("socket_slash_commands", by_type["slash_commands"])
    assert_like("slash_command", by_type["slash_commands"]["payload"])
    assert_like("socket_interactive", by_type["interactive"])
    assert_like("socket_events_api", by_type["events_api"])
    assert_like("socket_disconnect_too_many_websockets", goodbye)
    assert by_type["slash_commands"]["accepts_response_payload"]
    assert not by_type["events_api"]["accepts_response_payload"]


async def test_shortcuts_are_like_those_of_slack(sandbox: Sandbox) -> None:
    ann = sandbox.person("U_ANN")
    message = await ann.say("Daraus wird etwas", "C_ALL")
    async with wired(sandbox) as wire:
        await ann.shortcut("pitch_new")
        await ann.message_shortcut("pitch_from_message", message)

        assert_like("shortcut_global", await wire.payload("shortcut"))
        assert_like("message_action", await wire.payload("message_action"))


async def test_a_click_in_a_message_is_like_one_of_slack(sandbox: Sandbox, client: AsyncWebClient) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=blocks)
    message = said(sandbox, posted["ts"])
    async with wired(sandbox) as wire:
        await sandbox.interactions.click("U_ANN", message, "b", "a")

        payload = await wire.payload("block_actions")
    assert_like("block_actions_button_message", payload)
    assert payload["channel"] == {"id": "C_ALL", "name": "alle"}


async def test_a_click_in_an_ephemeral_message_does_not_tell_what_it_said(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    posted = await client.chat_postEphemeral(channel="C_ALL", user="U_ANN", text="Nur du", blocks=blocks)
    message = said(sandbox, posted["message_ts"])
    async with wired(sandbox) as wire:
        await sandbox.interactions.click("U_ANN", message, "b", "a")

        payload = await wire.payload("block_actions")
    assert_like("block_actions_button_ephemeral", payload)
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"]


@pytest.mark.parametrize("kind", sorted(ELEMENTS))
async def test_a_choice_in_a_message_is_like_one_of_slack(
    sandbox: Sandbox, client: AsyncWebClient, kind: str
) -> None:
    element = {**ELEMENTS[kind], "action_id": "act"}
    blocks = [{"type": "actions", "block_id": "blk", "elements": [element]}]
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=blocks)
    message = said(sandbox, posted["ts"])
    async with wired(sandbox) as wire:
        await sandbox.interactions.click("U_ANN", message, "blk", "act", CHOSEN[kind])

        payload = await wire.payload("block_actions")
    assert_like(f"block_actions_{kind}", payload)
    state = payload["state"]["values"]["blk"]["act"]
    assert state.items() <= {**payload["actions"][0]}.items()


async def test_what_is_done_in_a_modal_is_like_that_of_slack(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ann = sandbox.person("U_ANN")
    async with wired(sandbox) as wire:
        await ann.shortcut("pitch_new")
        trigger_id = (await wire.payload("shortcut"))["trigger_id"]
        opened = await client.views_open(trigger_id=trigger_id, view=MODAL)
        await ann.click("Los", on="modal")
        form = await ann.form()
        wire.answer = {"response_action": "errors", "errors": {"t": "Zu kurz"}}
        assert await form.submit(Titel="x") == {"Titel": "Zu kurz"}
        await form.close()

        click = await wire.payload("block_actions")
        assert_like("block_actions_button_modal_view", click)
        assert_like("view_submission_text", await wire.payload("view_submission"))
        assert_like("view_closed_bolt", await wire.payload("view_closed"))
    assert click["view"]["hash"] == opened["view"]["hash"]


async def test_what_is_done_at_home_is_like_that_of_slack(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ann = sandbox.person("U_ANN")
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    await client.views_publish(user_id="U_ANN", view={"type": "home", "blocks": blocks})
    async with wired(sandbox) as wire:
        await ann.open_home()
        await ann.click("Los", on="home")

        opened = await wire.event("app_home_opened")
        assert_like("event_app_home_opened_with_view", opened)
        assert_like("block_actions_button_home_view", await wire.payload("block_actions"))
    assert opened["event"]["channel"] == ann.dm


async def test_message_events_are_like_those_of_slack(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ann = sandbox.person("U_ANN")
    async with wired(sandbox) as wire:
        await ann.say("Hallo alle", "C_ALL")
        assert_like("event_message_channel", await wire.event("message", channel_type="channel"))

        await ann.say("Hallo @stadtfunk", "C_ALL")
        assert_like("event_app_mention_bolt", await wire.event("app_mention"))

        posted = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=[{"type": "divider"}])
        own = await wire.event("message", bot_id=sandbox.bot_id)
        assert_like("event_message_from_bot_user", own)
        assert own["event"]["user"] == sandbox.bot_user_id

        await client.chat_update(channel="C_ALL", ts=posted["ts"], text="Neu")
        changed = await wire.event("message", subtype="message_changed")
        # Slack makes a block of plain text, too.
        changed["event"]["message"].setdefault("blocks", [])
        assert_like("event_message_changed_by_bot", changed)

        await client.chat_delete(channel="C_ALL", ts=posted["ts"])
        assert_like("event_message_deleted", await wire.event("message", subtype="message_deleted"))

        asked = await ann.say("Eine Frage")
        await ann.say("Noch etwas", thread_ts=asked.ts)
        reply = await wire.event("message", channel_type="im", thread_ts=asked.ts)
        assert_like("event_message_im_thread_reply", reply)

        sandbox.workspace.join("C_ALL", "U_CEM")
        assert_like("event_member_joined_channel", await wire.event("member_joined_channel"))


async def test_answers_to_a_bare_client_are_json_with_ok(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        form = {"token": sandbox.bot_token, "channel": "C_ALL", "text": "Als Formular"}
        async with session.post(f"{sandbox.api_url}chat.postMessage", data=form) as response:
            answer = await response.json()
    assert answer["ok"]
    assert answer["message"]["text"] == "Als Formular"
