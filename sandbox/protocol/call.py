"""One call of a Web API method: who calls, with what arguments, in which workspace."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sandbox.protocol.faults import Faults
from sandbox.protocol.pace import Pace
from sandbox.protocol.triggers import Triggers
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Channel, DirectMessage
from sandbox.state.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """What the methods work with.

    Attributes:
        pace: None when the app may go as fast as it likes.
        socket_url: returns the address of a fresh websocket.
        page_url: where the workspace is seen.
    """

    workspace: Workspace
    triggers: Triggers
    faults: Faults
    pace: Pace | None
    socket_url: Callable[[], str]
    page_url: str


@dataclass(frozen=True)
class Call:
    """The arguments of one call, and readers for the forms they come in."""

    desk: Desk
    args: JSON

    @property
    def workspace(self) -> Workspace:
        """The workspace called."""
        return self.desk.workspace

    def text(self, name: str) -> str:
        """Return an argument as text, empty when it was not given."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def is_set(self, name: str) -> bool:
        """Return whether a yes-or-no argument says yes; as a form it comes as text."""
        return str(self.args.get(name, "")).lower() in {"1", "true"}

    def number(self, name: str, default: int, most: int) -> int:
        """Return an argument as a whole number between 1 and `most`.

        Raises:
            RefusedError: `invalid_limit`.
        """
        try:
            number = int(self.text(name) or default)
        except ValueError:
            raise RefusedError("invalid_limit") from None
        if number < 1:
            raise RefusedError("invalid_limit")
        return min(number, most)

    def conversation(self, name: str = "channel") -> Channel | DirectMessage:
        """Return the conversation an argument names, if the bot may know of it.

        Raises:
            RefusedError: `channel_not_found`.
        """
        conversation = self.workspace.conversation(self.text(name))
        is_public = isinstance(conversation, Channel) and not conversation.is_private
        if not is_public and BOT_USER_ID not in conversation.members:
            raise RefusedError("channel_not_found")
        return conversation

    def page(
        self, items: Sequence[T], key: Callable[[T], str], default: int, most: int
    ) -> tuple[list[T], str]:
        """Return the items of the page asked for by `cursor` and `limit`, and the cursor of the next.

        Args:
            items: all of them, in order.
            key: what names an item; the cursor holds the next one's, so that new items shift nothing.
            default: the limit when none is given.
            most: the highest limit.

        Raises:
            RefusedError: `invalid_cursor`, `invalid_limit`.
        """
        first = self._cursor_place([key(item) for item in items]) if self.text("cursor") else 0
        asked = self.number("limit", default, most)
        following = first + min(asked, self.desk.faults.largest_page or asked)
        if following >= len(items):
            return list(items[first:]), ""
        next_cursor = base64.b64encode(f"next:{key(items[following])}".encode()).decode()
        return list(items[first:following]), next_cursor

    def need(self, *scopes: str) -> None:
        """Make sure that the bot has one of these scopes.

        Raises:
            RefusedError: `missing_scope`.
        """
        provided = self.workspace.app.scopes
        # A manifest without any scopes is one of a test that isn't about them.
        if provided and not provided & set(scopes):
            raise RefusedError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(provided)))

    def _cursor_place(self, keys: list[str]) -> int:
        try:
            return keys.index(
                base64.b64decode(self.text("cursor"), validate=True).decode().removeprefix("next:")
            )
        except (binascii.Error, ValueError):
            raise RefusedError("invalid_cursor") from None


@dataclass(frozen=True)
class Method:
    """A method of the Web API.

    Attributes:
        run: does it; the answer's `ok` is added.
        required: arguments that must be there.
        scopes: the bot needs one of these.
        is_for_app: called with the app-level token.
    """

    run: Callable[[Call], JSON]
    required: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    is_for_app: bool = False


Methods = dict[str, Method]
