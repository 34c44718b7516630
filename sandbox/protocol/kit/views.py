"""Modals and Home tabs; docs.slack.dev/reference/views."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import ByType, Flag, Id, Part, Text, at_most, fault
from sandbox.protocol.kit.blocks import ActionsBlock, InputBlock, SectionBlock
from sandbox.protocol.kit.stacks import ViewBlocks
from sandbox.protocol.kit.texts import Plain

ShortText = Annotated[Plain, at_most(24)]


class ViewBase(Part):
    """What both views have."""

    blocks: ViewBlocks
    private_metadata: Annotated[Text, Field(max_length=3000)] | None = None
    callback_id: Id | None = None
    external_id: Id | None = None

    @model_validator(mode="after")
    def _has_one_focus(self) -> Self:
        focused = [at for at, element in _elements(self.blocks) if getattr(element, "focus_on_load", None)]
        if len(focused) > 1:
            raise fault("only one element can have the focus", "blocks", *focused[1], "focus_on_load")
        return self


class Modal(ViewBase):
    """/modal-views."""

    type: Literal["modal"]
    title: ShortText
    submit: ShortText | None = None
    close: ShortText | None = None
    clear_on_close: Flag | None = None
    notify_on_close: Flag | None = None
    submit_disabled: Flag | None = None

    @model_validator(mode="after")
    def _can_be_sent(self) -> Self:
        if self.submit is None and any(isinstance(block, InputBlock) for block in self.blocks):
            raise fault("submit is required when there are input blocks")
        return self


class Home(ViewBase):
    """/home-tab-views."""

    type: Literal["home"]


View = Annotated[Modal | Home, ByType(names_all=True)]


def _elements(blocks: list[Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    for at, block in enumerate(blocks):
        if isinstance(block, InputBlock):
            yield (at, "element"), block.element
        elif isinstance(block, SectionBlock):
            yield (at, "accessory"), block.accessory
        elif isinstance(block, ActionsBlock):
            for i, element in enumerate(block.elements):
                yield (at, "elements", i), element
