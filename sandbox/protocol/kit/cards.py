"""The blocks that hold several things; docs.slack.dev/reference/block-kit/blocks."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import (
    MESSAGES,
    MODALS,
    ByType,
    Flag,
    HttpsUrl,
    Part,
    Text,
    at_most,
    fault,
)
from sandbox.protocol.kit.blocks import (
    ActionsBlock,
    BlockBase,
    ContextBlock,
    DividerBlock,
    FileBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    SectionBlock,
    VideoBlock,
)
from sandbox.protocol.kit.buttons import Button, Image
from sandbox.protocol.kit.choices import Overflow
from sandbox.protocol.kit.composition import SlackIcon
from sandbox.protocol.kit.rich_text import RichText, RichTextBlock
from sandbox.protocol.kit.tables import TableBlock
from sandbox.protocol.kit.texts import AnyText, Plain

Name = Annotated[Plain, at_most(75)]
Child = Annotated[
    ActionsBlock
    | ContextBlock
    | DividerBlock
    | FileBlock
    | HeaderBlock
    | ImageBlock
    | InputBlock
    | RichTextBlock
    | SectionBlock
    | TableBlock
    | VideoBlock,
    ByType(),
]


class AlertBlock(BlockBase):
    """/alert-block; how long its text may be is said in Slack's own SDK for Java."""

    surfaces = MODALS
    type: Literal["alert"]
    text: Annotated[AnyText, at_most(200)]
    level: Literal["default", "info", "warning", "error", "success"] | None = None


class CardBlock(BlockBase):
    """/card-block."""

    surfaces = MESSAGES
    type: Literal["card"]
    hero_image: Image | None = None
    icon: Image | None = None
    slack_icon: Annotated[SlackIcon, ByType()] | None = None
    title: Annotated[AnyText, at_most(150)] | None = None
    subtitle: Annotated[AnyText, at_most(150)] | None = None
    body: Annotated[AnyText, at_most(200)] | None = None
    actions: list[Annotated[Button, ByType()]] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set & {"hero_image", "title", "actions", "body"}:
            raise fault("must provide at least one of: hero_image, title, actions, body")
        return self


class CarouselBlock(BlockBase):
    """/carousel-block."""

    surfaces = MESSAGES
    type: Literal["carousel"]
    elements: Annotated[list[Annotated[CardBlock, ByType()]], Field(min_length=1, max_length=10)]


class ContainerBlock(BlockBase):
    """/container-block."""

    surfaces = MESSAGES
    type: Literal["container"]
    title: Annotated[Plain, at_most(150)] | None = None
    rich_text_title: RichText | None = None
    subtitle: Annotated[AnyText, at_most(150)] | None = None
    child_blocks: Annotated[list[Child], Field(min_length=1, max_length=10)]
    width: Literal["narrow", "standard", "wide", "full"] | None = None
    icon: Image | None = None
    is_collapsible: Flag = False
    default_collapsed: Flag = False
    has_header_divider: Flag = False

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.title is None and self.rich_text_title is None:
            raise fault("missing required field: title")
        if self.default_collapsed and not self.is_collapsible:
            raise fault("only available when is_collapsible is true", "default_collapsed")
        if self.has_header_divider and self.is_collapsible:
            raise fault("not available when is_collapsible is true", "has_header_divider")
        return self


class UrlSource(Part):
    """A page a task drew on; /block-elements/url-source-element."""

    type: Literal["url"]
    url: Text
    text: Text


class TaskCardBlock(BlockBase):
    """/task-card-block."""

    surfaces = MESSAGES
    type: Literal["task_card"]
    task_id: Text
    title: Text
    status: Literal["pending", "in_progress", "complete", "error"] | None = None
    details: RichText | None = None
    output: RichText | None = None
    sources: list[Annotated[UrlSource, ByType()]] | None = None


class PlanBlock(BlockBase):
    """/plan-block."""

    surfaces = MESSAGES
    type: Literal["plan"]
    title: Text
    tasks: list[Annotated[TaskCardBlock, ByType()]] | None = None


class AuthProviderBlock(BlockBase):
    """/auth-provider-block."""

    type: Literal["auth_provider"]
    value: Annotated[Text, Field(min_length=1, max_length=150)]
    name: Name
    is_connected: Flag
    description: Annotated[Plain, at_most(150)] | None = None
    icon_url: HttpsUrl | None = None
    auth_url: HttpsUrl | None = None
    disconnect_url: HttpsUrl | None = None
    connected_identity: Name | None = None
    connected_context: Name | None = None
    accessory: Annotated[Overflow, ByType()] | None = None
    fallback: list[Child] | None = None
