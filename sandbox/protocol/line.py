"""The line to the app: Socket Mode or signed HTTP requests, alike for those who speak over it."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sandbox.state.records import JSON

Kind = Literal["events_api", "interactive", "slash_commands"]
# What a repeated event says of the attempt before: docs.slack.dev/apis/events-api, "Error handling"; a
# websocket says `timeout` in the place of `http_timeout`.
Reason = Literal[
    "timeout",
    "http_timeout",
    "connection_failed",
    "too_many_redirects",
    "ssl_error",
    "http_error",
    "unknown_error",
]
# "Your app must respond within 3 seconds."
ANSWER_WITHIN = 3.0
ANSWERED_WITH_A_BODY = frozenset({"view_submission", "block_suggestion"})


def takes_answer(kind: Kind, payload: JSON) -> bool:
    """Return whether the app may say something with its acknowledgement."""
    return kind == "slash_commands" or payload.get("type") in ANSWERED_WITH_A_BODY


class NoAnswerError(Exception):
    """The app did not acknowledge, or not in a way that Slack understands.

    Attributes:
        reason: why, in Slack's word.
        may_repeat: whether an event may be sent again.
    """

    def __init__(self, reason: Reason, *, may_repeat: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.may_repeat = may_repeat

    @property
    def is_connected(self) -> bool:
        """Whether the app was there at all."""
        return self.reason != "connection_failed"


@dataclass(frozen=True)
class Retry:
    """That an event is sent again: which repetition it is, and why."""

    attempt: int = 0
    reason: Reason | Literal[""] = ""


FIRST = Retry()


class Line(Protocol):
    """Where the app listens."""

    async def ask(self, kind: Kind, payload: JSON, retry: Retry = FIRST) -> Any:
        """Send a payload and return what the app said: a JSON object, or None when it only acknowledged.

        Raises:
            NoAnswerError: the app is not connected or did not acknowledge in time or as it should.
        """
        ...

    async def connected(self) -> None:
        """Wait until the app is there."""
        ...
