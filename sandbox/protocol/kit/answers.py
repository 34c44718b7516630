"""What an app answers when a select asks it for options."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import Part, need_one_of
from sandbox.protocol.kit.composition import Option, OptionGroup


class OptionsAnswer(Part):
    """docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select."""

    options: Annotated[list[Option], Field(max_length=100)] | None = None
    option_groups: Annotated[list[OptionGroup], Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _has_one_list(self) -> Self:
        need_one_of(self, "options", "option_groups")
        return self
