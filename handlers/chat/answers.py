"""Answers that only the person who acted sees, and what forms hold."""

import json
import re
from typing import Any

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.people import NotAllowedError, Role
from bot.texts import Texts
from handlers.chat.blocks.kit import Message, section

View = dict[str, Any]


def field(view: View, name: str) -> str:
    """Return what someone typed or chose in a form's field, or an empty string."""
    state = view["state"]["values"].get(name, {}).get(name, {})
    chosen = state.get("selected_option") or {}
    said: str = (
        state.get("value")
        or chosen.get("value")
        or state.get("selected_conversation")
        or state.get("selected_user")
        or state.get("selected_date")
        or state.get("selected_time")
        or ""
    )
    # PostgreSQL keeps no text with this character in it.
    return said.replace("\0", "")


def choices(view: View, name: str) -> list[tuple[str, str]]:
    """Return value and label of each option that someone chose in a form's field."""
    state = view["state"]["values"].get(name, {}).get(name, {})
    chosen = state.get("selected_options") or ()
    return [(one["value"].replace("\0", ""), one["text"]["text"]) for one in chosen]


def plain_text(mrkdwn: str) -> str:
    """Return a message's text without Slack's marks for links, mentions and escaped characters."""
    words = re.sub(r"<(?:[^<>|]*\|)?([^<>]*)>", r"\1", mrkdwn)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def not_allowed(error: NotAllowedError, _: Texts) -> str:
    """Say who may do what someone tried."""
    names = {
        Role.ADMIN: _("the administrators"),
        Role.COMMS: _("the comms team"),
        Role.EDITOR: _("the editors"),
        Role.LEAD: _("the department's lead"),
        Role.OWNER: _("the people responsible for the measure"),
        Role.COLLEAGUE: _("colleagues"),
    }
    who = ", ".join(names[role] for role in error.roles) or _("whoever had the idea")
    return _("Only {who} can do this. Ask the administrators if you should, too.", who=who)


def spoken(message: Message) -> dict[str, Any]:
    """Return a message as the answer to a slash command, for the person alone."""
    return {"response_type": "ephemeral", **message.as_slack()}


def notice(sentence: str) -> dict[str, Any]:
    """Return a small window that says one sentence."""
    title = {"type": "plain_text", "text": "Stadtfunk"}
    return {"type": "modal", "title": title, "blocks": [section(sentence).to_dict()]}


async def refuse(sentence: str, *, context: AsyncBoltContext, body: dict[str, Any]) -> BoltResponse:
    """Acknowledge and say a sentence to the person alone, wherever they acted; a form keeps its text."""
    answer: dict[str, Any] = {}
    if body.get("type") == "view_submission":
        blocks = iter(body["view"]["state"]["values"])
        answer = {"response_action": "errors", "errors": {next(blocks): sentence}}
    elif body.get("command"):
        answer = {"response_type": "ephemeral", "text": sentence}
    elif body.get("response_url") and context.respond:
        await context.respond(text=sentence, response_type="ephemeral", replace_original=False)
    elif body.get("trigger_id"):
        # The App Home has no place for a reply: a small window says it.
        await context.client.views_open(trigger_id=body["trigger_id"], view=notice(sentence))
    return BoltResponse(
        status=200,
        body=json.dumps(answer) if answer else "",
        headers={"content-type": ["application/json"]} if answer else {},
    )
