"""Tables; docs.slack.dev/reference/block-kit/blocks."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import MESSAGES, ByType, Flag, Number, Part, Text, fault
from sandbox.protocol.kit.blocks import BlockBase
from sandbox.protocol.kit.buttons import Button
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


class ActionCell(Part):
    """A cell with a button, and what is shown where there can be none."""

    type: Literal["action"]
    element: Annotated[Button, ByType()]
    fallback: Annotated[RawText | RawNumber, ByType()] | None = None


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


DataRow = Annotated[
    list[Annotated[RawText | RawNumber | RichTextBlock | ActionCell, ByType()]],
    Field(min_length=1, max_length=20),
]


class DataTableBlock(BlockBase):
    """A table to page through, sort and filter; /data-table-block.

    The page has at most 101 rows; 201 rows and cells with a button are from the client slack-morphism 2.30.
    """

    surfaces = MESSAGES
    type: Literal["data_table"]
    caption: Text
    rows: Annotated[list[DataRow], Field(min_length=2, max_length=201)]
    page_size: Annotated[Number, Field(ge=1, le=100)] | None = None
    row_header_column_index: Annotated[Number, Field(ge=0, le=19)] | None = None

    @model_validator(mode="after")
    def _is_even(self) -> Self:
        header = self.rows[0]
        for at, cell in enumerate(header):
            if not isinstance(cell, RawText | RawNumber):
                raise fault("must be one of: raw_text, raw_number", "rows", 0, at, "type")
        for at, row in enumerate(self.rows):
            if len(row) != len(header):
                raise fault("all rows must have the same number of cells", "rows", at)
        return self
