"""The app that is installed in the workspace, read from its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEAM_ID = "T0SANDBOX"
APP_ID = "A0SANDBOX"
BOT_ID = "B0SANDBOX"
BOT_USER_ID = "U0SANDBOXBOT"


@dataclass(frozen=True)
class SlashCommand:
    """A command people can type; `command` begins with a slash."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Shortcut:
    """An entry of the shortcut menu (`type` is "global") or of a message's menu ("message")."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class App:
    """What the manifest says of the app."""

    name: str
    bot_name: str
    commands: tuple[SlashCommand, ...]
    shortcuts: tuple[Shortcut, ...]
    bot_events: frozenset[str]
    scopes: frozenset[str]

    @property
    def global_shortcuts(self) -> tuple[Shortcut, ...]:
        """The shortcuts that start anywhere."""
        return tuple(s for s in self.shortcuts if s.type == "global")

    @property
    def message_shortcuts(self) -> tuple[Shortcut, ...]:
        """The shortcuts that start at a message."""
        return tuple(s for s in self.shortcuts if s.type == "message")

    def command(self, name: str) -> SlashCommand | None:
        """Return the command of this name, if the app has it."""
        return next((c for c in self.commands if c.command == name), None)


def app_of(manifest: Mapping[str, Any]) -> App:
    """Read a manifest in Slack's form."""
    features = manifest.get("features", {})
    name = manifest["display_information"]["name"]
    settings = manifest.get("settings", {})
    return App(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name),
        commands=tuple(
            SlashCommand(
                c["command"], c.get("description", ""), c.get("usage_hint", ""), c.get("should_escape", False)
            )
            for c in features.get("slash_commands", ())
        ),
        shortcuts=tuple(
            Shortcut(s["name"], s["type"], s["callback_id"], s.get("description", ""))
            for s in features.get("shortcuts", ())
        ),
        bot_events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
    )
