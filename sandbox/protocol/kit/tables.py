"""Tables; docs.slack.dev/reference/block-kit/blocks/table-block."""

from typing import Annotated, Literal

from pydantic import Field

from sandbox.protocol.kit.base import MESSAGES, ByType, Flag, Part, Text
from sandbox.protocol.kit.blocks import BlockBase
from sandbox.protocol.kit.rich_text import RichTextBlock


class RawText(Part):
    """A cell with a text."""

    type: Literal["raw_text"]
    text: Annotated[Text, Field(min_length=1)]


class RawNumber(Part):
    """A cell with a number and the text that shows it."""

    type: Literal["raw_number"]
    value: Annotated[float, Field(strict=True, allow_inf_nan=False)]
    text: Annotated[Text, Field(min_length=1)]


class ColumnSettings(Part):
    """How a column looks."""

    align: Literal["left", "center", "right"] | None = None
    is_wrapped: Flag | None = None


Row = Annotated[list[Annotated[RawText | RawNumber | RichTextBlock, ByType()]], Field(max_length=20)]


class TableBlock(BlockBase):
    """/table-block."""

    surfaces = MESSAGES
    type: Literal["table"]
    rows: Annotated[list[Row], Field(min_length=1, max_length=100)]
    column_settings: Annotated[list[ColumnSettings | None], Field(max_length=20)] | None = None
