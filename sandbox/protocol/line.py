"""The line to the app: Socket Mode or signed HTTP requests, alike for those who speak over it."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sandbox.state.records import JSON

Kind = Literal["events_api", "interactive", "slash_commands"]
# "Your app must respond within 3 seconds."
ANSWER_WITHIN = 3.0


class NoAnswerError(Exception):
    """The app did not acknowledge; `is_connected` tells whether it was there at all."""

    def __init__(self, *, is_connected: bool) -> None:
        super().__init__("no answer" if is_connected else "not connected")
        self.is_connected = is_connected


@dataclass(frozen=True)
class Retry:
    """That an event is sent again: the how manieth time and why."""

    attempt: int = 0
    reason: str = ""


FIRST = Retry()


class Line(Protocol):
    """Where the app listens."""

    async def ask(self, kind: Kind, payload: JSON, retry: Retry = FIRST) -> Any:
        """Send a payload and return the body of the acknowledgement: JSON, or None when it is empty.

        Raises:
            NoAnswerError: the app is not connected or did not acknowledge in time.
        """
        ...

    async def connected(self) -> None:
        """Wait until the app is there."""
        ...
