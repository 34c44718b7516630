"""Where people act: the elements of a message, of its attachments, of a modal or a Home tab."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.protocol.elements import initial, interactive, merged
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Blocks, Message, Values, View


@dataclass(frozen=True)
class Spot:
    """An element that people act on.

    Attributes:
        where: the message or view it is in.
        block: the block it is in.
        attachment: the attachment of the message it is in, if any, with its `id`.
    """

    where: Message | View
    block: JSON
    element: JSON
    attachment: JSON | None = None

    @property
    def ids(self) -> tuple[str, str]:
        """The ids of block and element."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def is_told(self) -> bool:
        """Whether the app is told at once, not only when the form is sent."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))


def spots(where: Message | View) -> Iterator[Spot]:
    """Yield each element of a message or view that people act on, in the order they are shown."""
    for block, element in interactive(where.blocks):
        yield Spot(where, block, element)
    if isinstance(where, Message):
        for attachment in where.attachments:
            for block, element in interactive(attachment.get("blocks", [])):
                yield Spot(where, block, element, attachment)


def spot(where: Message | View, block_id: str, action_id: str) -> Spot:
    """Return the element with these ids.

    Raises:
        RefusedError: `not_found`.
    """
    for found in spots(where):
        if found.ids == (block_id, action_id):
            return found
    raise RefusedError("not_found")


def states(where: Message | View) -> Values:
    """Return what is chosen and typed in a message or view."""
    if isinstance(where, View):
        return merged(initial(where.blocks), where.values)
    attached: Blocks = [block for one in where.attachments for block in one.get("blocks", ())]
    return merged(initial([*where.blocks, *attached]), where.selected)
