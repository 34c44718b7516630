"""Messages that were drawn before: what people typed looks the same until something about it changes."""

from collections.abc import Callable, Hashable
from weakref import WeakKeyDictionary

from markupsafe import Markup

from sandbox.page.lines import Line
from sandbox.state.workspace import Workspace

MOST = 2_000

Draw = Callable[[Line, bool], Markup]


class Drawn:
    """The HTML of lines, for all who look at one workspace."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Line, Markup]] = {}

    def line(self, draw: Draw, line: Line, look: Hashable, *, in_thread: bool) -> Markup:
        """Return a line's HTML, drawn anew when it or the `look` of its surroundings is another one.

        Only for what people typed: what an app sends may show the time that has passed, or what is chosen.
        """
        message = line.message
        if message.client_msg_id is None or message.attachments or message.files or line.is_edited_now:
            return draw(line, in_thread)
        key = (message.channel_id, message.ts, in_thread, look)
        known = self._kept.get(key)
        if known is not None and known[0] == line:
            return known[1]
        if len(self._kept) >= MOST:
            self._kept.clear()
        html = draw(line, in_thread)
        self._kept[key] = (line, html)
        return html


_of_workspaces: WeakKeyDictionary[Workspace, Drawn] = WeakKeyDictionary()


def drawn(workspace: Workspace) -> Drawn:
    """Return what was drawn of a workspace."""
    return _of_workspaces.setdefault(workspace, Drawn())
