"""The app manifest a city pastes into Slack once: names, commands, and each scope with its reason."""

from collections.abc import Sequence
from typing import Any, Final

from handlers.chat.blocks.pitches import NEW
from handlers.chat.funk import COMMAND
from handlers.chat.pitch_form import FROM_MESSAGE
from handlers.chat.why import FROM_MESSAGE as WHY_FROM_MESSAGE

# Scope and what it is for; docs/verbinden.md gives the same reasons in German, and a test compares them.
SCOPES: Final[dict[str, str]] = {
    "chat:write": "send and edit its own messages",
    "commands": "offer /funk and the shortcuts",
    "users:read": "know a colleague's name and language at first contact",
    "im:write": "open a direct message with someone who is asked or told something",
    "im:history": "hear ideas and replies said to it, and look whether a message of unknown outcome arrived",
    "channels:read": "check that it can speak in a public channel that someone subscribes",
    "groups:read": "check the same for a private channel it is a member of",
    "channels:history": "look the same in public channels it is a member of; "
    "pass what the newsroom writes in the thread of a pitch on to its pitcher",
    "groups:history": "the same in private channels it is a member of",
    "links:read": "hear of links to the public site and to the portals that are read",
    "links:write": "show below such a link what it leads to",
}
# Of messages only those in the threads of pitches are read any further.
EVENTS: Final = (
    "app_home_opened",
    "link_shared",
    "message.channels",
    "message.groups",
    "message.im",
    "user_change",
)


def manifest(*, request_url: str = "", unfurl_domains: Sequence[str] = ()) -> dict[str, Any]:
    """Return the manifest.

    Args:
        request_url: where Slack sends signed HTTP requests; without it Socket Mode.
        unfurl_domains: whose links get a preview, at most five.
    """
    unfurled = {"unfurl_domains": list(unfurl_domains)} if unfurl_domains else {}
    url = {"url": request_url} if request_url else {}
    interactivity = {"is_enabled": True} | ({"request_url": request_url} if request_url else {})
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    if request_url:
        events["request_url"] = request_url
    return {
        "display_information": {
            "name": "Stadtfunk",
            "description": "Neues aus der digitalen Stadt, Themenvorschläge und Stände von Maßnahmen",
            "background_color": "#17365d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Stadtfunk", "always_online": True},
            "shortcuts": [
                {
                    "name": "Idee vorschlagen",
                    "type": "global",
                    "callback_id": NEW,
                    "description": "Eine Geschichte für die Redaktion",
                },
                {
                    "name": "Daraus Geschichte machen",
                    "type": "message",
                    "callback_id": FROM_MESSAGE,
                    "description": "Diese Nachricht der Redaktion vorschlagen",
                },
                {
                    "name": "Warum sehe ich das?",
                    "type": "message",
                    "callback_id": WHY_FROM_MESSAGE,
                    "description": "Welches Abo diese Nachricht hierher gebracht hat",
                },
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Idee, Stand, Radar, Hilfe …",
                    "usage_hint": "abo ki | idee | stand E-Akte | radar | warum <Link> | hilfe",
                    "should_escape": True,
                    **url,
                }
            ],
            **unfurled,
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not request_url,
            "token_rotation_enabled": False,
        },
    }
