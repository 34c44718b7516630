"""What Slack's refusals mean: for the account, for a target, for one message, for a look-up."""

from datetime import timedelta
from typing import Final

from slack_sdk.errors import SlackApiError

RATE_LIMITED: Final = 429
SERVER_ERROR: Final = 500
# The outcome of these is not known: the message may stand in the channel.
UNCLEAR: Final = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
# Nothing can be said to anyone until someone mends the app's access.
ACCOUNT: Final = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
# Something in the message is wrong; nothing of it was kept.
BAD_BLOCKS: Final = "invalid_blocks"
CHANNEL_GONE: Final = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
PERSON_GONE: Final = "user_disabled"
# What a message was to answer was deleted.
THREAD_GONE: Final = "cannot_reply_to_message"
# A message can't be edited any more, and that is nobody's fault.
EDIT_LATE: Final = frozenset(
    {"cant_update_message", "edit_window_closed", "is_inactive", "message_not_found"}
)
# The app may not look, today or tomorrow.
BLIND: Final = frozenset({"method_not_supported_for_channel_type", "missing_scope", "no_permission"})


def reason_of(error: SlackApiError) -> tuple[str, int]:
    """Return Slack's word for an error and the status of its HTTP answer."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    try:
        return str(response["error"]), status
    except (KeyError, TypeError):
        return "no_json", status or SERVER_ERROR


def patience_of(error: SlackApiError) -> timedelta:
    """Return how long Slack asks to wait."""
    headers = getattr(error.response, "headers", {})
    return timedelta(seconds=float(headers.get("Retry-After", 1)))
