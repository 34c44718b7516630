"""Elements to choose in; docs.slack.dev/reference/block-kit/block-elements."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import Flag, Number, Text, at_most, fault, need_one_of
from sandbox.protocol.kit.buttons import Confirmed
from sandbox.protocol.kit.composition import ConversationFilter, LinkOption, MarkedOption, Option, OptionGroup
from sandbox.protocol.kit.texts import Plain

Options = Annotated[list[Option], Field(min_length=1, max_length=100)]
OptionGroups = Annotated[list[OptionGroup], Field(min_length=1, max_length=100)]
FewOptions = Annotated[list[MarkedOption], Field(min_length=1, max_length=10)]
Placeholder = Annotated[Plain, at_most(150)]
SomeItems = Annotated[Number, Field(ge=1)]
NONE_OF_THEM = "the initial option is not among the options"


class Choice(Confirmed):
    """An element to choose in."""

    focus_on_load: Flag | None = None


class Select(Choice):
    """A menu for one choice; /select-menu-element."""

    placeholder: Placeholder | None = None


class MultiSelect(Select):
    """A menu for several choices; /multi-select-menu-element."""

    max_selected_items: SomeItems | None = None


class Listed(Select):
    """A menu whose options come with it, in groups or without."""

    options: Options | None = None
    option_groups: OptionGroups | None = None

    @model_validator(mode="after")
    def _has_one_list(self) -> Self:
        need_one_of(self, "options", "option_groups")
        return self

    def offered(self) -> list[Option]:
        """Return the options, those in groups too."""
        grouped = [option for group in self.option_groups or () for option in group.options]
        return [*(self.options or ()), *grouped]


def _are_offered(initial: Sequence[object], offered: Sequence[object]) -> None:
    for at, option in enumerate(initial):
        if option not in offered:
            raise fault(NONE_OF_THEM, "initial_options", at)


class StaticSelect(Listed):
    """A menu of given options."""

    type: Literal["static_select"]
    initial_option: Option | None = None

    @model_validator(mode="after")
    def _begins_with_one_of_its_own(self) -> Self:
        if self.initial_option is not None and self.initial_option not in self.offered():
            raise fault(NONE_OF_THEM, "initial_option")
        return self


class MultiStaticSelect(Listed, MultiSelect):
    """A menu of given options for several choices."""

    type: Literal["multi_static_select"]
    initial_options: list[Option] | None = None

    @model_validator(mode="after")
    def _begins_with_some_of_its_own(self) -> Self:
        _are_offered(self.initial_options or (), self.offered())
        return self


class ExternalSelect(Select):
    """A menu whose options the app is asked for."""

    type: Literal["external_select"]
    initial_option: Option | None = None
    min_query_length: Number | None = None


class MultiExternalSelect(MultiSelect):
    """A menu for several choices whose options the app is asked for."""

    type: Literal["multi_external_select"]
    initial_options: list[Option] | None = None
    min_query_length: Number | None = None


class UsersSelect(Select):
    """A menu of people."""

    type: Literal["users_select"]
    initial_user: Text | None = None


class MultiUsersSelect(MultiSelect):
    """A menu of people for several choices."""

    type: Literal["multi_users_select"]
    initial_users: list[Text] | None = None


class ConversationsSelect(Select):
    """A menu of channels and direct messages."""

    type: Literal["conversations_select"]
    initial_conversation: Text | None = None
    default_to_current_conversation: Flag | None = None
    response_url_enabled: Flag | None = None
    filter: ConversationFilter | None = None


class MultiConversationsSelect(MultiSelect):
    """A menu of channels and direct messages for several choices."""

    type: Literal["multi_conversations_select"]
    initial_conversations: list[Text] | None = None
    default_to_current_conversation: Flag | None = None
    filter: ConversationFilter | None = None


class ChannelsSelect(Select):
    """A menu of public channels."""

    type: Literal["channels_select"]
    initial_channel: Text | None = None
    response_url_enabled: Flag | None = None


class MultiChannelsSelect(MultiSelect):
    """A menu of public channels for several choices."""

    type: Literal["multi_channels_select"]
    initial_channels: list[Text] | None = None


class Overflow(Confirmed):
    """A small menu behind three dots; /overflow-menu-element."""

    type: Literal["overflow"]
    options: Annotated[list[LinkOption], Field(min_length=1, max_length=5)]


class Checkboxes(Choice):
    """/checkboxes-element."""

    type: Literal["checkboxes"]
    options: FewOptions
    initial_options: list[MarkedOption] | None = None

    @model_validator(mode="after")
    def _begins_with_some_of_its_own(self) -> Self:
        _are_offered(self.initial_options or (), self.options)
        return self


class RadioButtons(Choice):
    """/radio-button-group-element."""

    type: Literal["radio_buttons"]
    options: FewOptions
    initial_option: MarkedOption | None = None

    @model_validator(mode="after")
    def _begins_with_one_of_its_own(self) -> Self:
        if self.initial_option is not None and self.initial_option not in self.options:
            raise fault(NONE_OF_THEM, "initial_option")
        return self


AnySelect = StaticSelect | ExternalSelect | UsersSelect | ConversationsSelect | ChannelsSelect
AnyMultiSelect = (
    MultiStaticSelect
    | MultiExternalSelect
    | MultiUsersSelect
    | MultiConversationsSelect
    | MultiChannelsSelect
)
