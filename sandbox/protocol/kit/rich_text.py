"""Formatted text; docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from typing import Annotated, Literal

from pydantic import Field

from sandbox.protocol.kit.base import ByType, Flag, Id, Number, Part, Text

Border = Literal[0, 1]


class Style(Part):
    """How a piece of text looks; the last three are for mentions."""

    bold: Flag | None = None
    italic: Flag | None = None
    strike: Flag | None = None
    code: Flag | None = None
    underline: Flag | None = None
    highlight: Flag | None = None
    client_highlight: Flag | None = None
    unlink: Flag | None = None


class Inline(Part):
    """A piece of a line."""

    style: Style | None = None


class InlineText(Inline):
    """Plain words."""

    type: Literal["text"]
    text: Annotated[Text, Field(min_length=1)]


class Link(Inline):
    """A link, shown by its text or its URL."""

    type: Literal["link"]
    url: Text
    text: Text | None = None
    unsafe: Flag | None = None


class User(Inline):
    """A mention of a person."""

    type: Literal["user"]
    user_id: Text
    from_llm: Flag | None = None


class UserGroup(Inline):
    """A mention of a user group."""

    type: Literal["usergroup"]
    usergroup_id: Text


class Channel(Inline):
    """A mention of a channel."""

    type: Literal["channel"]
    channel_id: Text
    tab_id: Text | None = None
    from_llm: Flag | None = None


class Team(Inline):
    """A mention of a workspace."""

    type: Literal["team"]
    team_id: Text


class Broadcast(Inline):
    """A mention of everyone there."""

    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]


class Emoji(Inline):
    """An emoji by its name."""

    type: Literal["emoji"]
    name: Text
    unicode: Text | None = None
    skin_tone: Number | None = None


class Date(Inline):
    """A moment, written the reader's way."""

    type: Literal["date"]
    timestamp: Number
    format: Text
    timezone: Text | None = None
    url: Text | None = None
    fallback: Text | None = None


class Color(Inline):
    """A colour by its hex code."""

    type: Literal["color"]
    value: Text


class MessageMention(Inline):
    """A link to a message."""

    type: Literal["message_mention"]
    channel_id: Text
    message_ts: Text
    author_id: Text | None = None
    thread_ts: Text | None = None
    text: Text | None = None
    url: Text | None = None


class AttachmentMention(Inline):
    """A link to what an app has attached somewhere."""

    type: Literal["attachment_mention"]
    url: Text
    text: Text | None = None
    app_id: Text | None = None
    entity_id: Text | None = None
    icon_url: Text | None = None
    icon_name: Text | None = None
    channel_id: Text | None = None
    ts: Text | None = None
    full_size_preview_enabled: Flag | None = None
    reference_object_type: Text | None = None


class Canvas(Inline):
    """A link to a canvas."""

    type: Literal["canvas"]
    file_id: Text
    label: Text | None = None
    hide_title: Flag | None = None
    section_id: Text | None = None


class CanvasUserMention(Inline):
    """A mention of a person in a canvas."""

    type: Literal["canvas_user_mention"]
    user_id: Text
    thread_id: Text | None = None


class CanvasMessageUnfurl(Inline):
    """A message shown in a canvas."""

    type: Literal["canvas_message_unfurl"]
    root_message_ts: Text
    root_message_channel: Text


Piece = Annotated[
    InlineText
    | Link
    | User
    | UserGroup
    | Channel
    | Team
    | Broadcast
    | Emoji
    | Date
    | Color
    | MessageMention
    | AttachmentMention
    | Canvas
    | CanvasUserMention
    | CanvasMessageUnfurl,
    ByType(),
]


class Section(Part):
    """A paragraph."""

    type: Literal["rich_text_section"]
    elements: list[Piece]


class List(Part):
    """A list; each entry is a section."""

    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: list[Annotated[Section, ByType()]]
    indent: Annotated[Number, Field(ge=0, le=8)] | None = None
    offset: Number | None = None
    border: Border | None = None


class Preformatted(Part):
    """Lines of code."""

    type: Literal["rich_text_preformatted"]
    elements: list[Piece]
    border: Border | None = None


class Quote(Part):
    """Lines of somebody else."""

    type: Literal["rich_text_quote"]
    elements: list[Piece]
    border: Border | None = None


class RichTextBlock(Part):
    """Formatted text as people type it."""

    type: Literal["rich_text"]
    elements: list[Annotated[Section | List | Preformatted | Quote, ByType()]]
    block_id: Id | None = None


RichText = Annotated[RichTextBlock, ByType()]
