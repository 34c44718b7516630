"""A workspace whose app has subscribed to everything and may do everything."""

from dataclasses import replace
from typing import Any

from sandbox import BOT_USER_ID, Channel, Seed
from tests.sandbox.conftest import MANIFEST, SEED

SCOPES = (
    *("app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "commands"),
    *("files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write"),
    *("links:read", "links:write", "mpim:history", "mpim:read", "mpim:write", "reactions:read"),
    *("reactions:write", "users:read", "users:read.email"),
)
EVENTS = (
    *("app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_created"),
    *("channel_rename", "file_change", "file_created", "file_deleted", "file_shared", "group_archive"),
    *("group_rename", "link_shared", "member_joined_channel", "member_left_channel", "message.channels"),
    *("message.groups", "message.im", "message.mpim", "reaction_added", "reaction_removed", "team_join"),
    *("tokens_revoked", "user_change"),
)


def seed(scopes: tuple[str, ...] = SCOPES) -> Seed:
    """Return the seed of the other tests, with another manifest and a group direct message."""
    usual: dict[str, Any] = MANIFEST
    manifest = {
        **usual,
        "features": {**usual["features"], "unfurl_domains": ["stadt.example"]},
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": {"event_subscriptions": {"bot_events": list(EVENTS)}},
    }
    people = ("U_ANN", "U_BEN", BOT_USER_ID)
    group = Channel("C_GROUP", "mpdm-ann--ben--stadtfunk-1", members=people, is_private=True, is_mpim=True)
    return replace(SEED, channels=(*SEED.channels, group), manifest=manifest)
