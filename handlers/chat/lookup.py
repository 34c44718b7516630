"""Looks in a channel, a thread or a direct message whether a message of unknown outcome was kept there.

What Slack can't tell: a message that was deleted meanwhile, by a person or by the workspace's retention,
looks as if it had never been kept. It is sent again, since one message too many can be deleted once more,
while one that nobody ever saw is lost. Ephemeral messages are not in the history; they are never deliveries.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery import Taken
from bot.people import is_person
from handlers.chat.refusals import reason_of

EVENT_TYPE: Final = "stadtfunk_delivery"
# Slack's clock and ours may differ by this much unnoticed; its answers tell of more.
CLOCK_SKEW: Final = timedelta(minutes=10)
# docs.slack.dev/reference/methods/conversations.history: "no more than 200 results at a time".
PAGE: Final = 200
# Free workspaces show no older messages.
HISTORY_KEPT: Final = timedelta(days=90)
# Whose first message is not there has no answers.
NO_THREAD: Final = frozenset({"message_not_found", "thread_not_found"})


class UnknownOutcomeError(Exception):
    """Nobody can say any more whether a message was kept."""


def metadata(row: Taken) -> dict[str, Any]:
    """Return what a message carries to be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery": row.id, "key": row.key}}


async def find(client: AsyncWebClient, row: Taken, *, now: datetime) -> tuple[str, str] | None:
    """Return channel and ts of a message that may have been kept, or None if it was not.

    Args:
        client: speaks with Slack.
        row: the message.
        now: this moment by our clock.

    Raises:
        UnknownOutcomeError: it may lie further back than the history goes.
        SlackApiError: Slack refuses to show the history, for now or at all.
    """
    since = row.first_tried_at or now
    if now - since > HISTORY_KEPT:
        raise UnknownOutcomeError
    channel = await _conversation(client, row.target)
    oldest, cursor, is_shifted = since - CLOCK_SKEW, None, False
    while True:
        page = await _page(client, row, channel, oldest=oldest, cursor=cursor)
        if page is None:
            return None
        behind = now - _answered_at(page.headers, now)
        if behind > CLOCK_SKEW and not is_shifted:
            # By Slack's clock it was sent long before; what was found so far began too late.
            oldest, cursor, is_shifted = oldest - behind, None, True
            continue
        for message in page["messages"]:
            if _is_it(message, row):
                return channel, message["ts"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None


async def _conversation(client: AsyncWebClient, target: str) -> str:
    """Return the id of a channel, or of the direct message with someone."""
    if not is_person(target):
        return target
    opened = await client.conversations_open(users=target)
    return str(opened["channel"]["id"])


async def _page(
    client: AsyncWebClient, row: Taken, channel: str, *, oldest: datetime, cursor: str | None
) -> AsyncSlackResponse | None:
    """Return a page of what was said since a moment; None when there is no such thread."""
    asked: dict[str, Any] = {
        "channel": channel,
        "oldest": str(oldest.timestamp()),
        "include_all_metadata": True,
        "limit": PAGE,
        "cursor": cursor,
    }
    if not row.thread_ts:
        return await client.conversations_history(**asked)
    try:
        return await client.conversations_replies(ts=row.thread_ts, **asked)
    except SlackApiError as error:
        if reason_of(error)[0] in NO_THREAD:
            return None
        raise


def _is_it(message: Mapping[str, Any], row: Taken) -> bool:
    carried = message.get("metadata") or {}
    payload = carried.get("event_payload") or {}
    return carried.get("event_type") == EVENT_TYPE and payload.get("key") == row.key


def _answered_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when Slack answered, by its own clock."""
    try:
        return parsedate_to_datetime(headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return now
