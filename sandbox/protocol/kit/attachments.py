"""Attachments; docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments.

Their actions: docs.slack.dev/legacy/legacy-messaging/legacy-interactive-message-field-guide.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from sandbox.protocol.kit.base import Flag, Number, Part, Text, fault
from sandbox.protocol.kit.stacks import MessageBlocks


def _moment(given: Any) -> Any:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise fault("must be a string or a number")
    return given


Timestamp = Annotated[Any, AfterValidator(_moment)]


class AttachmentField(Part):
    """A heading and a value, two beside each other where they are short."""

    title: Text | None = None
    value: Text | None = None
    short: Flag | None = None


class ActionConfirm(Part):
    """The question asked before an action counts."""

    text: Text
    title: Text | None = None
    ok_text: Text | None = None
    dismiss_text: Text | None = None


class ActionOption(Part):
    """One thing to choose in a message menu."""

    text: Text
    value: Text
    description: Text | None = None


class ActionOptionGroup(Part):
    """Options under a heading."""

    text: Text
    options: list[ActionOption]


class AttachmentAction(Part):
    """A message button or message menu."""

    type: Literal["button", "select"]
    id: Text | None = None
    text: Text
    name: Text | None = None
    value: Text | None = None
    url: Text | None = None
    style: Literal["default", "primary", "danger"] | None = None
    confirm: ActionConfirm | None = None
    options: Annotated[list[ActionOption], Field(max_length=100)] | None = None
    option_groups: list[ActionOptionGroup] | None = None
    selected_options: list[ActionOption] | None = None
    data_source: Literal["static", "users", "channels", "conversations", "external"] | None = None
    min_query_length: Number | None = None


class Attachment(Part):
    """What may hang below a message, as apps make it or as Slack has given it to them."""

    id: Number | None = None
    blocks: MessageBlocks | None = None
    fallback: Text | None = None
    color: Text | None = None
    pretext: Text | None = None
    author_name: Text | None = None
    author_subname: Text | None = None
    author_link: Text | None = None
    author_icon: Text | None = None
    title: Text | None = None
    title_link: Text | None = None
    text: Text | None = None
    fields: list[AttachmentField] | None = None
    image_url: Text | None = None
    thumb_url: Text | None = None
    footer: Text | None = None
    footer_icon: Text | None = None
    ts: Timestamp | None = None
    mrkdwn_in: list[Literal["pretext", "text", "fields"]] | None = None
    callback_id: Text | None = None
    attachment_type: Text | None = None
    actions: Annotated[list[AttachmentAction], Field(max_length=5)] | None = None
    app_id: Text | None = None
    bot_id: Text | None = None
    is_app_unfurl: Flag | None = None
    app_unfurl_url: Text | None = None
    preview: dict[str, Any] | None = None
