"""Where blocks are shown: in a message or a view, with what is chosen there."""

from dataclasses import dataclass
from typing import Any, Self
from zlib import crc32

from sandbox.page.names import Names
from sandbox.protocol.elements import STATE_KEYS, initial, merged
from sandbox.state.records import JSON, Blocks, Message, Values, View


@dataclass(frozen=True)
class Surface:
    """A message's or view's blocks.

    Attributes:
        key: unlike that of any other surface of the page; a letter, digits and hyphens.
        states: what is chosen and typed, in Slack's form.
    """

    key: str
    blocks: Blocks
    states: Values
    names: Names

    @classmethod
    def of_message(cls, message: Message, names: Names, place: str = "m") -> Self:
        """Return the surface of a message; `place` tells the thread's copy from the channel's."""
        key = f"{place}-{message.channel_id}-{message.ts.replace('.', '-')}"
        states = merged(initial(message.blocks), message.selected)
        return cls(key, message.blocks, states, names)

    @classmethod
    def of_view(cls, view: View, names: Names) -> Self:
        """Return the surface of a modal or Home tab."""
        states = merged(initial(view.blocks), view.values)
        return cls(view.id, view.blocks, states, names)

    def id_of(self, block: JSON, element: JSON | None = None) -> str:
        """Return the HTML id of a block or element: the same as long as the app calls it the same."""
        given = f"{block.get('block_id')}|{element.get('action_id') if element else ''}"
        return f"{self.key}-{crc32(given.encode()):08x}"

    def value(self, block: JSON, element: JSON) -> Any:
        """Return what is chosen or typed: text, an option's value, a list of these, or ""."""
        state = self.states.get(block.get("block_id", ""), {}).get(element.get("action_id", ""), {})
        value = state.get(STATE_KEYS.get(element["type"], ""))
        if isinstance(value, list):
            return [_plain(one) for one in value]
        return "" if value is None else _plain(value)


def _plain(value: Any) -> str:
    return str(value.get("value", "")) if isinstance(value, dict) else str(value)
