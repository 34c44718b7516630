"""Blocks one above the other, as messages and views have them; docs.slack.dev/reference/block-kit/blocks."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from sandbox.protocol.kit.base import ByType, fault, unique
from sandbox.protocol.kit.blocks import (
    LONGEST_MARKDOWN,
    ActionsBlock,
    CallBlock,
    ContextActionsBlock,
    ContextBlock,
    DividerBlock,
    FileBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    MarkdownBlock,
    SectionBlock,
    VideoBlock,
)
from sandbox.protocol.kit.cards import (
    AlertBlock,
    AuthProviderBlock,
    CardBlock,
    CarouselBlock,
    ContainerBlock,
    PlanBlock,
    TaskCardBlock,
)
from sandbox.protocol.kit.charts import DataVisualizationBlock
from sandbox.protocol.kit.rich_text import RichTextBlock
from sandbox.protocol.kit.tables import DataTableBlock, TableBlock

Block = Annotated[
    ActionsBlock
    | AlertBlock
    | AuthProviderBlock
    | CallBlock
    | CardBlock
    | CarouselBlock
    | ContainerBlock
    | ContextActionsBlock
    | ContextBlock
    | DataTableBlock
    | DataVisualizationBlock
    | DividerBlock
    | FileBlock
    | HeaderBlock
    | ImageBlock
    | InputBlock
    | MarkdownBlock
    | PlanBlock
    | RichTextBlock
    | SectionBlock
    | TableBlock
    | TaskCardBlock
    | VideoBlock,
    ByType(),
]


def _markdown_fits(blocks: list[Any]) -> list[Any]:
    """Refuse more markdown than a payload may hold in all its blocks together; /markdown-block."""
    length = 0
    for at, block in enumerate(blocks):
        if isinstance(block, MarkdownBlock):
            length += len(block.text)
            if length > LONGEST_MARKDOWN:
                raise fault(f"all together must be less than {LONGEST_MARKDOWN + 1} characters", at, "text")
    return blocks


MessageBlocks = Annotated[
    list[Block], Field(max_length=50), unique("block_id"), AfterValidator(_markdown_fits)
]
ViewBlocks = Annotated[list[Block], Field(max_length=100), unique("block_id")]
