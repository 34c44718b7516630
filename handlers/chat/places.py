"""Whether something can be said in a channel: asked before a subscription is made for it."""

from enum import StrEnum

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.texts import Texts

__all__ = ["Obstacle", "obstacle", "obstacle_words"]


class Obstacle(StrEnum):
    """Why nothing can be said in a channel."""

    UNKNOWN = "unknown"
    ARCHIVED = "archived"
    NOT_A_MEMBER = "not_a_member"


# Slack's words for a channel that is not there, or that the app is not to know of.
UNKNOWN = frozenset({"channel_not_found", "invalid_channel", "method_not_supported_for_channel_type"})


async def obstacle(client: AsyncWebClient, channel_id: str) -> Obstacle | None:
    """Ask Slack about a channel; None when the assistant can speak there.

    A call of its own, beside `views.*`: a channel that can't be spoken in is to be told of at its field.
    """
    try:
        answer = await client.conversations_info(channel=channel_id)
    except SlackApiError as error:
        word = str(error.response.get("error"))
        if word in UNKNOWN:
            return Obstacle.UNKNOWN
        if word == "missing_scope":
            # An app that was set up before it could ask: what is said there will tell.
            return None
        raise
    channel = answer["channel"]
    if channel.get("is_archived"):
        return Obstacle.ARCHIVED
    return None if channel.get("is_member") else Obstacle.NOT_A_MEMBER


def obstacle_words(found: Obstacle, _: Texts) -> str:
    """Say what to do about it."""
    return {
        Obstacle.UNKNOWN: _(
            "I can't see this channel. If it is private, invite me there first with /invite @Stadtfunk."
        ),
        Obstacle.ARCHIVED: _("This channel is archived. Please choose another one."),
        Obstacle.NOT_A_MEMBER: _(
            "I am not in this channel. Invite me there with /invite @Stadtfunk, then send the form again."
        ),
    }[found]
