"""Where blocks are shown: in a message or a view, with what is chosen there."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self
from zlib import crc32
from zoneinfo import ZoneInfo

from sandbox.page.marks import written
from sandbox.page.names import Names
from sandbox.protocol.elements import STATE_KEYS
from sandbox.protocol.spots import states
from sandbox.state.records import JSON, Blocks, Message, Values, View


class Choice(NamedTuple):
    """Something chosen in a picker: what the app calls it and what people call it."""

    value: str
    label: str


@dataclass(frozen=True)
class Surface:
    """A message's or view's blocks.

    Attributes:
        key: unlike that of any other surface of the page; a letter, digits and hyphens.
        states: what is chosen and typed, in Slack's form.
        here: the conversation someone was in when the view was opened.
    """

    key: str
    blocks: Blocks
    states: Values
    names: Names
    here: str = ""

    @classmethod
    def of_message(cls, message: Message, names: Names, place: str = "m") -> Self:
        """Return the surface of a message; `place` tells the thread's copy from the channel's."""
        key = f"{place}-{message.channel_id}-{message.ts.replace('.', '-')}"
        return cls(key, message.blocks, states(message), names)

    @classmethod
    def of_view(cls, view: View, names: Names, here: str = "") -> Self:
        """Return the surface of a modal or Home tab."""
        values = view.values
        found = states(view)
        asked = here if here in names.places else ""
        for block in view.blocks if asked else ():
            element = block.get("element") or {}
            key = STATE_KEYS.get(element.get("type", ""), "")
            if not element.get("default_to_current_conversation"):
                continue
            ids = block["block_id"], element["action_id"]
            # Who has chosen nothing else begins with the conversation they are in.
            if ids[1] not in values.get(ids[0], {}) and not found[ids[0]][ids[1]].get(key):
                chosen: Any = [asked] if key.endswith("s") else asked
                found[ids[0]] = {**found[ids[0]], ids[1]: {"type": element["type"], key: chosen}}
        return cls(view.id, view.blocks, found, names, here)

    def attached(self, attachment: JSON) -> Self:
        """Return the surface of an attachment's blocks, whose ids may be those of others."""
        return replace(self, key=f"{self.key}-a{attachment['id']}", blocks=attachment.get("blocks", []))

    def id_of(self, block: JSON, element: JSON | None = None) -> str:
        """Return the HTML id of a block or element: the same as long as the app calls it the same."""
        given = f"{block.get('block_id')}|{element.get('action_id') if element else ''}"
        return f"{self.key}-{crc32(given.encode()):08x}"

    def value(self, block: JSON, element: JSON) -> Any:
        """Return what is chosen or typed: text, an option's value, a list of these, or ""."""
        state = self._state(block, element)
        if not state:
            return [] if isinstance(state, list) else ""
        match element["type"]:
            case "datetimepicker":
                return (
                    datetime.fromtimestamp(state, UTC)
                    .astimezone(ZoneInfo(self.names.tz))
                    .strftime("%Y-%m-%dT%H:%M")
                )
            case "rich_text_input":
                return written(state, self.names)
            case "file_input":
                return state
        return [_plain(one) for one in state] if isinstance(state, list) else _plain(state)

    def chosen(self, block: JSON, element: JSON) -> list[Choice]:
        """Return what is chosen in a picker, as people call it."""
        state = self._state(block, element)
        return [self._choice(one) for one in (state if isinstance(state, list) else [state]) if one]

    def sent(self, block: JSON, element: JSON) -> Any:
        """Return what the page's script sends for what is chosen or typed now."""
        value = self.value(block, element)
        return [file["id"] for file in value] if element["type"] == "file_input" else value

    def _state(self, block: JSON, element: JSON) -> Any:
        state = self.states.get(block.get("block_id", ""), {}).get(element.get("action_id", ""), {})
        return state.get(STATE_KEYS.get(element["type"], ""))

    def _choice(self, one: Any) -> Choice:
        if isinstance(one, dict):
            return Choice(str(one.get("value", "")), str(one["text"]["text"]))
        known = self.names.people.get(one) or self.names.places.get(one)
        return Choice(str(one), known or str(one))


def _plain(value: Any) -> str:
    return str(value.get("value", "")) if isinstance(value, dict) else str(value)
