"""The blocks for every surface and those for messages; docs.slack.dev/reference/block-kit/blocks."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from sandbox.protocol.kit.base import (
    MESSAGES,
    ByType,
    Flag,
    HttpsUrl,
    Id,
    Part,
    Text,
    at_most,
    fault,
    surface_of,
    unique,
)
from sandbox.protocol.kit.buttons import (
    Button,
    FeedbackButtons,
    IconButton,
    ImageElement,
    Picture,
    WorkflowButton,
)
from sandbox.protocol.kit.choices import AnyMultiSelect, AnySelect, Checkboxes, Overflow, RadioButtons
from sandbox.protocol.kit.inputs import (
    DatePicker,
    DateTimePicker,
    EmailInput,
    FileInput,
    NumberInput,
    PlainTextInput,
    RichTextInput,
    TimePicker,
    UrlInput,
)
from sandbox.protocol.kit.texts import AnyText, MarkdownText, Plain, PlainText

ONLY_IN_MODALS = "only available in input blocks of modals"
LONGEST_MARKDOWN = 12_000


def _without_response_url(element: Any) -> Any:
    if getattr(element, "response_url_enabled", None):
        raise fault(ONLY_IN_MODALS, "response_url_enabled")
    return element


Accessory = Annotated[
    Button
    | WorkflowButton
    | Overflow
    | Checkboxes
    | RadioButtons
    | AnySelect
    | AnyMultiSelect
    | DatePicker
    | TimePicker
    | ImageElement,
    ByType(),
    AfterValidator(_without_response_url),
]
Action = Annotated[
    Button
    | WorkflowButton
    | Overflow
    | Checkboxes
    | RadioButtons
    | AnySelect
    | AnyMultiSelect
    | DatePicker
    | TimePicker
    | DateTimePicker,
    ByType(),
    AfterValidator(_without_response_url),
]
Input = Annotated[
    PlainTextInput
    | NumberInput
    | EmailInput
    | UrlInput
    | RichTextInput
    | FileInput
    | Checkboxes
    | RadioButtons
    | AnySelect
    | AnyMultiSelect
    | DatePicker
    | TimePicker
    | DateTimePicker,
    ByType(),
]


class BlockBase(Part):
    """What every block has."""

    block_id: Id | None = None


class SectionBlock(BlockBase):
    """/section-block."""

    type: Literal["section"]
    text: AnyText | None = None
    fields: Annotated[list[Annotated[AnyText, at_most(2000)]], Field(min_length=1, max_length=10)] | None = (
        None
    )
    accessory: Accessory | None = None
    expand: Flag | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and self.fields is None:
            raise fault("missing required field: text")
        return self


class HeaderBlock(BlockBase):
    """/header-block."""

    type: Literal["header"]
    text: Annotated[Plain, at_most(150)]


class DividerBlock(BlockBase):
    """/divider-block."""

    type: Literal["divider"]


class ImageBlock(BlockBase, Picture):
    """/image-block."""

    type: Literal["image"]
    title: Annotated[Plain, at_most(2000)] | None = None


class ContextBlock(BlockBase):
    """/context-block."""

    type: Literal["context"]
    elements: Annotated[
        list[Annotated[ImageElement | PlainText | MarkdownText, ByType()]], Field(min_length=1, max_length=10)
    ]


class ActionsBlock(BlockBase):
    """/actions-block."""

    type: Literal["actions"]
    elements: Annotated[list[Action], Field(min_length=1, max_length=25), unique("action_id")]


class InputBlock(BlockBase):
    """/input-block."""

    type: Literal["input"]
    label: Annotated[Plain, at_most(2000)]
    element: Input
    hint: Annotated[Plain, at_most(2000)] | None = None
    optional: Flag | None = None
    dispatch_action: Flag | None = None

    @model_validator(mode="after")
    def _answers_where_it_can(self, info: ValidationInfo) -> Self:
        if surface_of(info) != "modal" and getattr(self.element, "response_url_enabled", None):
            raise fault(ONLY_IN_MODALS, "element", "response_url_enabled")
        return self


class VideoBlock(BlockBase):
    """/video-block."""

    type: Literal["video"]
    title: Annotated[Plain, at_most(200)]
    video_url: HttpsUrl
    thumbnail_url: Text
    alt_text: Text
    title_url: HttpsUrl | None = None
    description: Annotated[Plain, at_most(200)] | None = None
    author_name: Annotated[Text, Field(max_length=50)] | None = None
    provider_name: Text | None = None
    provider_icon_url: Text | None = None


class ContextActionsBlock(BlockBase):
    """/context-actions-block."""

    surfaces = MESSAGES
    type: Literal["context_actions"]
    elements: Annotated[
        list[Annotated[FeedbackButtons | IconButton, ByType()]],
        Field(min_length=1, max_length=5),
        unique("action_id"),
    ]


class FileBlock(BlockBase):
    """A remote file; /file-block."""

    surfaces = MESSAGES
    type: Literal["file"]
    external_id: Text
    source: Literal["remote"]


class CallBlock(BlockBase):
    """A call that was registered with `calls.add`."""

    surfaces = MESSAGES
    type: Literal["call"]
    call_id: Text
    api_decoration_available: Flag | None = None
    call: dict[str, Any] | None = None


class MarkdownBlock(BlockBase):
    """/markdown-block."""

    surfaces = MESSAGES
    type: Literal["markdown"]
    text: Annotated[Text, Field(min_length=1, max_length=LONGEST_MARKDOWN)]
