"""What the sandbox sends has the keys of what Slack sends (their structure is kept in `shapes/`)."""

from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.state.records import Message
from tests.sandbox.likeness import SHAPES, assert_like
from tests.sandbox.wire import wired

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
# What Slack sends and the sandbox has no structure of, with the reason.
EXCEPTIONS = {
    "app_rate_limited": "the sandbox never holds back events",
    "block_actions_button_message_dm_function": "functions of workflows are not part of the sandbox",
    "event_app_home_opened": "the tab before there is a view: as with one, but for the view",
    "event_app_mention_by_bot": "there is one bot in the sandbox, and it does not hear of its own mentions",
    "event_app_mention_shared_channel": "channels are not shared with other workspaces",
    "event_function_executed": "functions of workflows are not part of the sandbox",
    "event_link_shared_composer": "links are told when they are posted, not while they are typed",
    "event_message_bot_message_classic": "classic apps can't be made any more",
    "interactive_message_legacy_attachment": "buttons of legacy attachments are not part of the sandbox",
    "slash_command_enterprise_bolt": "Enterprise Grid is not part of the sandbox",
    "url_verification": "three keys, checked with the handshake over HTTP",
    "view_closed": "the one of Bolt's is compared; this has the trigger_id of a form that was sent",
}
LABEL = {"type": "plain_text", "text": "Wähle"}
ELEMENTS: dict[str, dict[str, Any]] = {
    "overflow": {"options": [OPTION]},
    "static_select": {"options": [OPTION], "placeholder": LABEL},
    "multi_static_select": {"options": [OPTION], "placeholder": LABEL},
    "checkboxes": {"options": [OPTION]},
    "radio_buttons": {"options": [OPTION]},
    "datepicker": {"initial_date": "2026-11-22"},
    "timepicker": {},
    "datetimepicker": {},
    "users_select": {"placeholder": LABEL},
    "multi_users_select": {},
    "channels_select": {},
    "conversations_select": {},
    "external_select": {"initial_option": OPTION, "placeholder": LABEL},
    "plain_text_input": {},
}
CHOSEN: dict[str, Any] = {
    "overflow": "1",
    "static_select": "1",
    "multi_static_select": ["1"],
    "checkboxes": ["1"],
    "radio_buttons": "1",
    "datepicker": "2026-11-30",
    "timepicker": "09:30",
    "datetimepicker": 1795337400,
    "users_select": "U_BEN",
    "multi_users_select": ["U_ANN", "U_BEN"],
    "channels_select": "C_ALL",
    "conversations_select": "C_TEAM",
    "external_select": "1",
    "plain_text_input": "Ein Wort",
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


def said(sandbox: Sandbox, ts: str) -> Message:
    message = sandbox.workspace.find("C_ALL", ts)
    assert message
    return message


def test_each_structure_is_compared_with_what_the_sandbox_sends() -> None:
    sources = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    shapes = {path.stem for path in SHAPES.glob("*.json")}
    compared = {name for name in shapes if f'"{name}"' in sources}
    compared |= {f"block_actions_{kind}" for kind in ELEMENTS}

    assert shapes - compared == set()
    assert shapes & EXCEPTIONS.keys() == set()


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


def acted(kind: str) -> dict[str, Any]:
    """A block with an element of this kind, wherever Slack allows it in a message."""
    element = {"type": kind, "action_id": "act", **ELEMENTS[kind]}
    if kind == "plain_text_input":
        return {
            "type": "input",
            "block_id": "blk",
            "dispatch_action": True,
            "label": LABEL,
            "element": element,
        }
    if kind.startswith("multi_"):
        text = {"type": "mrkdwn", "text": "Karte"}
        return {"type": "section", "block_id": "blk", "text": text, "accessory": element}
    return {"type": "actions", "block_id": "blk", "elements": [element]}


@pytest.mark.parametrize("kind", sorted(ELEMENTS.keys() - {"multi_static_select"}))
async def test_a_choice_in_a_message_is_like_one_of_slack(
    sandbox: Sandbox, client: AsyncWebClient, kind: str
) -> None:
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=[acted(kind)])
    message = said(sandbox, posted["ts"])
    async with wired(sandbox) as wire:
        await sandbox.interactions.click("U_ANN", message, "blk", "act", CHOSEN[kind])

        payload = await wire.payload("block_actions")
    assert_like(f"block_actions_{kind}", payload)
    state = payload["state"]["values"]["blk"]["act"]
    assert state.items() <= {**payload["actions"][0]}.items()


async def test_a_choice_in_an_attachment_is_like_one_of_slack(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    attachments = [{"color": "#00aa00", "blocks": [acted("multi_static_select")]}]
    posted = await client.chat_postEphemeral(
        channel="C_ALL", user="U_ANN", text="Karte", attachments=attachments
    )
    message = said(sandbox, posted["message_ts"])
    async with wired(sandbox) as wire:
        await sandbox.interactions.click("U_ANN", message, "blk", "act", ["1"])

        payload = await wire.payload("block_actions")
    assert_like("block_actions_multi_static_select", payload)
    assert payload["container"]["attachment_id"] == 1
    assert payload["state"]["values"]["blk"]["act"]["selected_options"][0]["value"] == "1"


async def test_a_click_in_a_direct_message_is_like_one_of_slack(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    await client.chat_postMessage(channel="U_ANN", text="Karte", blocks=blocks)
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").click("Los")

        payload = await wire.payload("block_actions")
    assert_like("block_actions_button_dm", payload)
    assert payload["channel"]["name"] == "directmessage"


async def test_a_click_in_a_thread_tells_which_one(sandbox: Sandbox, client: AsyncWebClient) -> None:
    root = await sandbox.person("U_ANN").say("Anfang", "C_ALL")
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    posted = await client.chat_postEphemeral(
        channel="C_ALL", user="U_ANN", text="Nur du", blocks=blocks, thread_ts=root.ts
    )
    async with wired(sandbox) as wire:
        await sandbox.interactions.click("U_ANN", said(sandbox, posted["message_ts"]), "b", "a")

        payload = await wire.payload("block_actions")
    assert_like("block_actions_button_ephemeral_in_thread", payload)
    assert payload["container"]["thread_ts"] == root.ts


async def test_what_is_typed_into_a_select_of_the_app_is_told_like_slack_does(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=[acted("external_select")])
    message = said(sandbox, posted["ts"])
    ann = sandbox.person("U_ANN")
    async with wired(sandbox) as wire:
        await ann.shortcut("pitch_new")
        trigger_id = (await wire.payload("shortcut"))["trigger_id"]
        modal = {**MODAL, "blocks": [acted("external_select")]}
        view = (await client.views_open(trigger_id=trigger_id, view=modal))["view"]
        wire.answer = {"options": []}
        await ann.suggestions("Wähle", "such", message=message)
        await ann.suggestions("Wähle", "such", on="modal")

        asked = [frame["payload"] for frame in wire.frames if frame["type"] == "interactive"]
    in_message, in_view = asked[1:]
    assert_like("block_suggestion_message", in_view)
    assert_like("block_suggestion_modal", in_view)
    assert in_view["container"] == {"type": "view", "view_id": view["id"]}
    assert in_message["container"]["message_ts"] == posted["ts"]
    assert (in_message["value"], in_message["message"]["text"]) == ("such", "Karte")


async def test_a_form_of_all_inputs_is_sent_like_slack_does(sandbox: Sandbox, client: AsyncWebClient) -> None:
    kinds = {
        "multiline": "plain_text_input",
        "when": "datepicker",
        "at": "timepicker",
        "exactly": "datetimepicker",
        "which": "static_select",
        "where": "conversations_select",
        "place": "channels_select",
    }
    urls = {"conversations_select": {"response_url_enabled": True}}
    urls["channels_select"] = urls["conversations_select"]
    blocks = [
        {
            "type": "input",
            "block_id": block_id,
            "label": {"type": "plain_text", "text": block_id},
            "element": {"type": kind, "action_id": "v", **ELEMENTS[kind], **urls.get(kind, {})},
        }
        for block_id, kind in kinds.items()
    ]
    ann = sandbox.person("U_ANN")
    async with wired(sandbox) as wire:
        await ann.shortcut("pitch_new")
        trigger_id = (await wire.payload("shortcut"))["trigger_id"]
        await client.views_open(trigger_id=trigger_id, view={**MODAL, "blocks": blocks})
        await (await ann.form()).submit(
            {"multiline": "Ein Wort", "when": date(2026, 11, 30), "at": "09:30", "exactly": 1795337400},
            which="Eins",
            where="team",
            place="#alle",
        )

        payload = await wire.payload("view_submission")
    for name in (
        "view_submission_bolt",
        "view_submission_channels_response_url",
        "view_submission_date_time_text",
        "view_submission_datetime_conversations",
        "view_submission_select_date_text",
        "view_submission_select_two_dates",
    ):
        assert_like(name, payload)
    chosen = {url["block_id"]: url["channel_id"] for url in payload["response_urls"]}
    assert chosen == {"where": "C_TEAM", "place": "C_ALL"}


async def test_a_shortcut_at_a_message_of_the_bot_is_like_one_of_slack(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    attachments = [{"text": "Anhang"}]
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", attachments=attachments)
    await client.chat_update(channel="C_ALL", ts=posted["ts"], text="Neu")
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").message_shortcut("pitch_from_message", "Neu", "C_ALL")

        assert_like("message_action_bot_message_with_files", await wire.payload("message_action"))


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
