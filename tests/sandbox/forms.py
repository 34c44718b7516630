"""Forms and messages of an app, given to the sandbox as an app gives them."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.state.records import Message, View
from tests.sandbox.wire import Wire


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str, **more: Any) -> dict[str, Any]:
    return {"text": words(text), "value": text.lower(), **more}


def field(block_id: str, kind: str, **more: Any) -> dict[str, Any]:
    block: dict[str, Any] = {key: more.pop(key) for key in ("dispatch_action", "optional") if key in more}
    label = words(more.pop("label", block_id.title()))
    element = {"type": kind, "action_id": "v", **more}
    return {
        "type": "input",
        "block_id": block_id,
        "label": label,
        "element": element,
        **block,
    }


def buttons(*labels: str) -> dict[str, Any]:
    elements = [{"type": "button", "action_id": label.lower(), "text": words(label)} for label in labels]
    return {"type": "actions", "block_id": "knöpfe", "elements": elements}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": words("Formular"),
        "submit": words("Los"),
        "blocks": list(blocks) or [field("titel", "plain_text_input", optional=True)],
        **more,
    }


async def opened(sandbox: Sandbox, wire: Wire, client: AsyncWebClient, view: dict[str, Any]) -> View:
    """Open a form for Ann."""
    wire.frames.clear()
    await sandbox.person("U_ANN").shortcut("pitch_new")
    trigger_id = (await wire.payload("shortcut"))["trigger_id"]
    await client.views_open(trigger_id=trigger_id, view=view)
    return sandbox.workspace.modals("U_ANN")[-1]


async def posted(sandbox: Sandbox, client: AsyncWebClient, *blocks: dict[str, Any]) -> Message:
    answer = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=blocks)
    message = sandbox.workspace.find("C_ALL", answer["ts"])
    assert message
    return message
