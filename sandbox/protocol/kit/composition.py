"""What elements are composed of; docs.slack.dev/reference/block-kit/composition-objects."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import Flag, Part, Text, Url, at_most, fault, need_one_of
from sandbox.protocol.kit.texts import AnyText, Plain

Style = Literal["primary", "danger"]
# /slack-icon-object
IconName = Literal[
    "archive", "book", "bookmark", "bot", "bug", "calendar", "call", "caret-left", "caret-right",
    "check", "clipboard", "code", "comment", "compass", "copy", "cube", "download", "edit", "email",
    "eye-closed", "eye-open", "file", "flag", "folder", "gear", "globe", "heart", "help", "image",
    "info", "key", "lightbulb", "link", "map", "mobile", "new-window", "pin", "plus", "refine",
    "refresh", "rocket", "save", "screen", "share", "sparkle", "star", "star-filled", "tag",
    "thumbs-down", "thumbs-up", "trash", "upload", "user", "warning",
]  # fmt: skip


class Confirm(Part):
    """The question asked before an action counts; /confirmation-dialog-object.

    That page calls the words of both buttons required; Slack's own SDK for Node has them optional.
    """

    title: Annotated[Plain, at_most(100)]
    text: Annotated[AnyText, at_most(300)]
    confirm: Annotated[Plain, at_most(30)] | None = None
    deny: Annotated[Plain, at_most(30)] | None = None
    style: Style | None = None


class Option(Part):
    """One thing to choose in a select; /option-object."""

    text: Annotated[Plain, at_most(75)]
    value: Annotated[Text, Field(min_length=1, max_length=150)]
    description: Annotated[Plain, at_most(75)] | None = None


class LinkOption(Option):
    """One thing to choose in an overflow menu, which may open a page as well."""

    url: Url | None = None


class MarkedOption(Part):
    """One thing to choose among radio buttons or checkboxes, where markup is possible."""

    text: Annotated[AnyText, at_most(75)]
    value: Annotated[Text, Field(min_length=1, max_length=150)]
    description: Annotated[AnyText, at_most(75)] | None = None


class OptionGroup(Part):
    """Options under a heading; /option-group-object."""

    label: Annotated[Plain, at_most(75)]
    options: Annotated[list[Option], Field(max_length=100)]


class DispatchActionConfig(Part):
    """When typing counts as an action; /dispatch-action-configuration-object."""

    trigger_actions_on: list[Literal["on_enter_pressed", "on_character_entered"]] | None = None


class ConversationFilter(Part):
    """Which conversations can be chosen; /conversation-filter-object."""

    include: Annotated[list[Literal["im", "mpim", "private", "public"]], Field(min_length=1)] | None = None
    exclude_external_shared_channels: Flag | None = None
    exclude_bot_users: Flag | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise fault("must provide at least one of: " + ", ".join(type(self).model_fields))
        return self


class SlackFile(Part):
    """An image that is in Slack already; /slack-file-object."""

    id: Text | None = None
    url: Text | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        need_one_of(self, "id", "url")
        return self


class SlackIcon(Part):
    """A small picture of Slack's own; /slack-icon-object."""

    type: Literal["icon"]
    name: IconName


class InputParameter(Part):
    """A value a workflow is started with."""

    name: Text
    value: Text


class Trigger(Part):
    """The link that starts a workflow; /trigger-object."""

    url: Text
    customizable_input_parameters: list[InputParameter] | None = None


class Workflow(Part):
    """The workflow behind a button; /workflow-object."""

    trigger: Trigger
