"""One call of a Web API method: who calls, with what arguments, in which workspace."""

import base64
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sandbox.protocol.contract import CONTRACT
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
    """The arguments of one call, and readers for the forms they come in.

    Attributes:
        method: the name of the method called.
    """

    desk: Desk
    args: JSON
    method: str

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

        Methods without an error for it take too high a number for the highest, and 0 for nothing said.

        Raises:
            RefusedError: `invalid_limit` where the method documents it, else `invalid_arguments`.
        """
        is_strict = "invalid_limit" in CONTRACT[self.method].errors
        given = self.text(name)
        try:
            number = int(given) if given else default
        except ValueError:
            number = -1
        if not is_strict:
            number = min(number or default, most)
        if 1 <= number <= most:
            return number
        if is_strict:
            raise RefusedError("invalid_limit")
        raise RefusedError("invalid_arguments", f"[ERROR] must be a positive number [json-pointer:/{name}]")

    def conversation(self, name: str = "channel") -> Channel | DirectMessage:
        """Return the conversation an argument names, if the bot may know of it.

        Raises:
            RefusedError: `channel_not_found`.
        """
        conversation = self.workspace.conversation(self.text(name))
        if not conversation.is_public and BOT_USER_ID not in conversation.members:
            raise RefusedError("channel_not_found")
        return conversation

    def direct(self, name: str) -> str:
        """Return what names a conversation; a person's id means the direct message with the bot.

        Raises:
            RefusedError: `channel_not_found`, when there is no such person.
        """
        if not name.startswith(("U", "W")):
            return name
        if name not in {member.id for member in self.workspace.people()}:
            raise RefusedError("channel_not_found")
        return self.workspace.open_dm(name, BOT_USER_ID)

    def page(
        self,
        items: Sequence[T],
        key: Callable[[T], str],
        default: int,
        most: int,
        *,
        is_there: Callable[[str, str], bool] = operator.eq,
    ) -> tuple[list[T], str]:
        """Return the items of the page asked for by `cursor` and `limit`, and the cursor of the next.

        Whoever has to leave some out does so afterwards: a page of Slack's may hold fewer items than were
        asked for, or none, and the cursor still leads on (docs.slack.dev/apis/web-api/pagination).

        Args:
            items: all of them, in order.
            key: what names an item; the cursor holds the next one's, so that new items shift nothing.
            default: the limit when none is given.
            most: the highest limit.
            is_there: whether an item (by its key) is the cursor's or behind it, where items may have gone.

        Raises:
            RefusedError: `invalid_cursor`, `invalid_limit`.
        """
        asked = self.number("limit", default, most)
        first = 0
        if self.text("cursor"):
            name = self._cursor_key()
            places = (at for at, item in enumerate(items) if is_there(key(item), name))
            found = next(places, None)
            if found is None and is_there is operator.eq:
                raise RefusedError("invalid_cursor")
            first = len(items) if found is None else found
        following = first + min(asked, self.desk.faults.largest_page or asked)
        if following >= len(items):
            return list(items[first:]), ""
        next_cursor = base64.b64encode(f"{self.method}:{key(items[following])}".encode()).decode()
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

    def _cursor_key(self) -> str:
        try:
            method, _, key = base64.b64decode(self.text("cursor"), validate=True).decode().partition(":")
        except ValueError:
            raise RefusedError("invalid_cursor") from None
        if method != self.method:
            raise RefusedError("invalid_cursor")
        return key


@dataclass(frozen=True)
class Method:
    """A method of the Web API.

    Attributes:
        run: does it; the answer's `ok` is added.
        scopes: the bot needs one of these.
        is_for_app: called with the app-level token.
    """

    run: Callable[[Call], JSON]
    scopes: tuple[str, ...] = ()
    is_for_app: bool = False


Methods = dict[str, Method]
