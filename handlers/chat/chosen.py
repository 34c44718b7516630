"""People who were chosen in a form: whether they are there and can be asked something."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.plans import Colleague

# Slack's words for someone who is not there, or that the app is not to know of.
UNKNOWN: Final = frozenset({"user_not_found", "user_not_visible"})
# It looks like a person and is none.
SLACKBOT: Final = "USLACKBOT"


async def colleagues(client: AsyncWebClient, chat_ids: Iterable[str]) -> dict[str, Colleague]:
    """Ask Slack about people; return them by their ids.

    Calls of their own, beside `views.*`: someone who can't be asked is to be told of at the field.
    """
    wanted = sorted({one for one in chat_ids if one})
    found = await asyncio.gather(*(_colleague(client, one) for one in wanted))
    return {one.chat_id: one for one in found}


async def _colleague(client: AsyncWebClient, chat_id: str) -> Colleague:
    try:
        answer = await client.users_info(user=chat_id, include_locale=True)
    except SlackApiError as error:
        if str(error.response.get("error")) in UNKNOWN:
            return Colleague(chat_id, is_there=False)
        raise
    user: dict[str, Any] = answer["user"]
    name = user.get("profile", {}).get("real_name") or user.get("real_name") or user.get("name") or chat_id
    is_there = not (user.get("deleted") or user.get("is_bot") or chat_id == SLACKBOT)
    return Colleague(chat_id, name, user.get("locale"), user.get("tz"), is_there=is_there)
