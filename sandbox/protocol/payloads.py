"""The payloads of what people do: slash commands, clicks, forms and shortcuts."""

from typing import Any

from sandbox.protocol import shapes
from sandbox.protocol.response_urls import ResponseUrls
from sandbox.protocol.spots import Spot, spots, states
from sandbox.protocol.triggers import Triggers
from sandbox.state.app import APP_ID, BOT_ID, TEAM_ID
from sandbox.state.escape import escape, typed
from sandbox.state.records import JSON, Channel, Message, View
from sandbox.state.workspace import Workspace


class Payloads:
    """Builds payloads with fresh trigger ids and response URLs."""

    def __init__(self, workspace: Workspace, triggers: Triggers, urls: ResponseUrls, token: str) -> None:
        self._workspace = workspace
        self._triggers = triggers
        self._urls = urls
        self._token = token

    def slash(self, person_id: str, channel_id: str, command: str, text: str) -> JSON:
        """Return the form of a slash command."""
        known = self._workspace.app.command(command)
        if known is not None and known.should_escape:
            text, _ = typed(text, *self._workspace.names())
        else:
            text = escape(text)
        return {
            "token": self._token,
            "team_id": TEAM_ID,
            "team_domain": self._workspace.domain,
            "channel_id": channel_id,
            "channel_name": self._channel(channel_id)["name"],
            "user_id": person_id,
            "user_name": self._workspace.member(person_id).name,
            "command": command,
            "text": text.strip(),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._urls.issue(person_id, channel_id),
            "trigger_id": self._triggers.issue(person_id),
        }

    def click(self, person_id: str, here: Spot, action: JSON) -> JSON:
        """Return the payload of acting on an element of a message or view."""
        payload = {
            **self._head("block_actions", person_id),
            "container": _container(here),
            "trigger_id": self._triggers.issue(person_id),
            "enterprise": None,
            "is_enterprise_install": False,
            "actions": [action],
        }
        if isinstance(here.where, View):
            return {**payload, "view": shapes.view(here.where)}
        attachment_id = here.attachment["id"] if here.attachment else None
        payload["state"] = {"values": states(here.where)}
        payload["response_url"] = self._urls.issue(
            person_id, here.where.channel_id, here.where, attachment_id
        )
        return payload | self._message(here, here.where)

    def suggestion(self, person_id: str, here: Spot, query: str) -> JSON:
        """Return the payload of typing into an external select."""
        block_id, action_id = here.ids
        payload = {
            **self._head("block_suggestion", person_id),
            "container": _container(here),
            "enterprise": None,
            "is_enterprise_install": False,
            "action_id": action_id,
            "block_id": block_id,
            "value": query,
        }
        if isinstance(here.where, View):
            return {**payload, "view": shapes.view(here.where)}
        payload["state"] = {"values": states(here.where)}
        return payload | self._message(here, here.where)

    def submission(self, person_id: str, view: View) -> JSON:
        """Return the payload of a form that was sent."""
        return {
            **self._head("view_submission", person_id),
            "trigger_id": self._triggers.issue(person_id),
            "view": shapes.view(view),
            "response_urls": self._chosen_urls(person_id, view),
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def closing(self, person_id: str, view: View, *, is_cleared: bool) -> JSON:
        """Return the payload of a modal that was closed, alone or with the whole stack."""
        return {
            **self._head("view_closed", person_id),
            "view": shapes.view(view),
            "response_urls": [],
            "is_cleared": is_cleared,
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def shortcut(self, person_id: str, callback_id: str) -> JSON:
        """Return the payload of a global shortcut."""
        payload = self._head("shortcut", person_id)
        payload["user"].pop("name")
        del payload["api_app_id"]
        return {**payload, **self._shortcut(person_id, callback_id)}

    def message_shortcut(self, person_id: str, callback_id: str, message: Message) -> JSON:
        """Return the payload of a shortcut at a message."""
        return {
            **self._head("message_action", person_id),
            **self._shortcut(person_id, callback_id),
            "channel": self._channel(message.channel_id),
            "message_ts": message.ts,
            "message": shapes.message(self._workspace, message),
            "response_url": self._urls.issue(person_id, message.channel_id),
        }

    def _head(self, kind: str, person_id: str) -> dict[str, Any]:
        name = self._workspace.member(person_id).name
        return {
            "type": kind,
            "team": {"id": TEAM_ID, "domain": self._workspace.domain},
            "user": {"id": person_id, "username": name, "name": name, "team_id": TEAM_ID},
            "api_app_id": APP_ID,
            "token": self._token,
        }

    def _shortcut(self, person_id: str, callback_id: str) -> JSON:
        return {
            "action_ts": self._workspace.clock.stamp(),
            "callback_id": callback_id,
            "trigger_id": self._triggers.issue(person_id),
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def _message(self, here: Spot, message: Message) -> JSON:
        """Return what is told of the message around an element."""
        payload: JSON = {"channel": self._channel(message.channel_id)}
        if here.attachment and here.attachment.get("is_app_unfurl"):
            # The message is a person's: the app learns only of what it has attached to it.
            payload["app_unfurl"] = {"app_id": APP_ID, "bot_id": BOT_ID, "fallback": "", **here.attachment}
        elif not message.is_ephemeral:
            # Slack does not tell what an ephemeral message said.
            payload["message"] = shapes.message(self._workspace, message)
        return payload

    def _chosen_urls(self, person_id: str, view: View) -> list[JSON]:
        """Return an address to answer to for each conversation chosen in an input that asks for one."""
        found = []
        for place in spots(view):
            block_id, action_id = place.ids
            state = (
                states(view)[block_id].get(action_id, {}) if place.element.get("response_url_enabled") else {}
            )
            channel_id = state.get("selected_channel") or state.get("selected_conversation")
            if channel_id:
                url = self._urls.issue(person_id, channel_id)
                ids = {"block_id": block_id, "action_id": action_id, "channel_id": channel_id}
                found.append({**ids, "response_url": url})
        return found

    def _channel(self, channel_id: str) -> JSON:
        conversation = self._workspace.conversation(channel_id)
        if not isinstance(conversation, Channel):
            return {"id": channel_id, "name": "directmessage"}
        is_nameless = conversation.is_private and not conversation.is_mpim
        return {"id": channel_id, "name": "privategroup" if is_nameless else conversation.name}


def _container(here: Spot) -> JSON:
    """Return where an element is."""
    if isinstance(here.where, View):
        return {"type": "view", "view_id": here.where.id}
    container: JSON = {
        "type": "message_attachment" if here.attachment else "message",
        "message_ts": here.where.ts,
        "channel_id": here.where.channel_id,
        "is_ephemeral": here.where.is_ephemeral,
    }
    if here.where.thread_ts:
        container["thread_ts"] = here.where.thread_ts
    if here.attachment:
        is_unfurl = bool(here.attachment.get("is_app_unfurl"))
        container |= {"attachment_id": here.attachment["id"], "is_app_unfurl": is_unfurl}
        if is_unfurl:
            container["app_unfurl_url"] = here.attachment.get("app_unfurl_url", "")
    return container
