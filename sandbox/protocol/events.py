"""The Events API: what happens in the workspace, told to the app that subscribed to it."""

from sandbox.protocol import shapes
from sandbox.protocol.courier import Courier
from sandbox.protocol.happenings import FAREWELLS, told
from sandbox.state.app import APP_ID, BOT_USER_ID, TEAM_ID
from sandbox.state.ids import new_id
from sandbox.state.records import JSON, Change
from sandbox.state.workspace import Workspace


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
        for subscription, event, scope in told(self._workspace, change):
            self._send(subscription, event, scope)

    def _send(self, subscription: str, event: JSON, scope: str | None = None) -> None:
        app = self._workspace.app
        is_installed = self._workspace.installation == "installed" or subscription in FAREWELLS
        # A manifest without any scopes is one of a test that isn't about them.
        may_hear = scope is None or not app.scopes or scope in app.scopes
        if subscription in app.bot_events and may_hear and is_installed:
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
            "event_context": f"1-{event['type']}-{TEAM_ID}-{_channel_id(event)}",
        }


def _channel_id(event: JSON) -> str:
    named = event.get("channel", event.get("channel_id", event.get("item", {}).get("channel", "")))
    return str(named["id"] if isinstance(named, dict) else named)
