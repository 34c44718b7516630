"""The Events API: what happens in the workspace, told to the app that subscribed to it."""

from sandbox.protocol import shapes
from sandbox.protocol.courier import Courier
from sandbox.state.app import APP_ID, BOT_USER_ID, TEAM_ID
from sandbox.state.ids import new_id
from sandbox.state.records import JSON, Change, Channel
from sandbox.state.workspace import Workspace

SUBSCRIPTIONS = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}


class Events:
    """Listens to the workspace and tells the app what it has subscribed to."""

    def __init__(self, workspace: Workspace, courier: Courier, token: str) -> None:
        self._workspace = workspace
        self._courier = courier
        self._token = token
        self.close = workspace.listen(self._changed)

    def home_opened(self, person_id: str, tab: str) -> None:
        """Tell that a person opened the app's Home or Messages tab."""
        event: JSON = {
            "type": "app_home_opened",
            "user": person_id,
            "channel": self._workspace.open_dm(person_id, BOT_USER_ID),
            "tab": tab,
            "event_ts": self._workspace.clock.stamp(),
        }
        home = self._workspace.home_view(person_id)
        if home and tab == "home":
            event["view"] = shapes.view(home)
        self._send("app_home_opened", event)

    def _changed(self, change: Change) -> None:
        if change.channel_id is None:
            return
        if change.kind.startswith("message"):
            self._message(change)
        elif change.kind in {"joined", "left"}:
            name = f"member_{change.kind}_channel"
            conversation = self._workspace.conversation(change.channel_id)
            if BOT_USER_ID in {*conversation.members, change.person_id}:
                letter = "G" if isinstance(conversation, Channel) and conversation.is_private else "C"
                self._send(
                    name,
                    {
                        "type": name,
                        "user": change.person_id,
                        "channel": change.channel_id,
                        "channel_type": letter,
                        "team": TEAM_ID,
                        "event_ts": self._workspace.clock.stamp(),
                    },
                )

    def _message(self, change: Change) -> None:
        conversation = self._workspace.conversation(str(change.channel_id))
        if BOT_USER_ID not in conversation.members:
            return
        kind = shapes.channel_type(conversation)
        now = change.ts if change.kind == "message" else self._workspace.clock.stamp()
        where = {"channel": change.channel_id, "event_ts": now, "channel_type": kind}
        said = shapes.message(self._workspace, change.message) if change.message else {}
        was = shapes.message(self._workspace, change.previous) if change.previous else {}
        match change.kind:
            case "message":
                event = {**said, **where}
            case "message_changed":
                changed = {"subtype": "message_changed", "message": said, "previous_message": was}
                event = {"type": "message", **changed, "hidden": True, "ts": now, **where}
            case _:
                deleted = {"subtype": "message_deleted", "previous_message": was, "deleted_ts": change.ts}
                event = {"type": "message", **deleted, "hidden": True, "ts": now, **where}
        self._send(SUBSCRIPTIONS[kind], event)
        is_mention = f"<@{BOT_USER_ID}>" in said.get("text", "") and said["user"] != BOT_USER_ID
        if change.kind == "message" and is_mention and kind != "im":
            mention = {key: value for key, value in event.items() if key != "channel_type"}
            self._send("app_mention", {**mention, "type": "app_mention"})

    def _send(self, subscription: str, event: JSON) -> None:
        if subscription not in self._workspace.app.bot_events:
            return
        self._courier.send(self._envelope(event))

    def _envelope(self, event: JSON) -> JSON:
        authorization = {
            "enterprise_id": None,
            "team_id": TEAM_ID,
            "user_id": BOT_USER_ID,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": self._token,
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(self._workspace.clock.time()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"1-{event['type']}-{TEAM_ID}-{event.get('channel', '')}",
        }
