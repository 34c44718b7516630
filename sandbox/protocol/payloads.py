"""The payloads of what people do: slash commands, clicks, forms and shortcuts."""

from typing import Any

from sandbox.protocol import shapes
from sandbox.protocol.elements import initial, merged
from sandbox.protocol.response_urls import ResponseUrls
from sandbox.protocol.triggers import Triggers
from sandbox.state.app import APP_ID, TEAM_ID
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
            handles = {member.name: member.id for member in self._workspace.members()}
            names = {channel.name: channel.id for channel in self._workspace.channels()}
            text, _ = typed(text, handles, names)
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

    def message_click(self, person_id: str, message: Message, action: JSON) -> JSON:
        """Return the payload of acting on an element of a message."""
        container: JSON = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel_id,
            "is_ephemeral": message.is_ephemeral,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = {
            **self._head("block_actions", person_id),
            "container": container,
            "trigger_id": self._triggers.issue(person_id),
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": self._channel(message.channel_id),
            "state": {"values": merged(initial(message.blocks), message.selected)},
            "response_url": self._urls.issue(person_id, message.channel_id, message),
            "actions": [action],
        }
        # Slack does not tell what an ephemeral message said.
        if not message.is_ephemeral:
            payload["message"] = shapes.message(self._workspace, message)
        return payload

    def view_click(self, person_id: str, view: View, action: JSON) -> JSON:
        """Return the payload of acting on an element of a view."""
        return {
            **self._head("block_actions", person_id),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._triggers.issue(person_id),
            "enterprise": None,
            "is_enterprise_install": False,
            "view": shapes.view(view),
            "actions": [action],
        }

    def submission(self, person_id: str, view: View) -> JSON:
        """Return the payload of a form that was sent."""
        return {
            **self._head("view_submission", person_id),
            "trigger_id": self._triggers.issue(person_id),
            "view": shapes.view(view),
            "response_urls": [],
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

    def _channel(self, channel_id: str) -> JSON:
        conversation = self._workspace.conversation(channel_id)
        if not isinstance(conversation, Channel):
            return {"id": channel_id, "name": "directmessage"}
        return {"id": channel_id, "name": "privategroup" if conversation.is_private else conversation.name}
