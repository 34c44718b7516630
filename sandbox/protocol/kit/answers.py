"""What an app answers when a select asks it for options."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import Part, fault
from sandbox.protocol.kit.composition import Option, OptionGroup


class OptionsAnswer(Part):
    """docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select."""

    options: Annotated[list[Option], Field(max_length=100)] | None = None
    option_groups: Annotated[list[OptionGroup], Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _has_one_list(self) -> Self:
        if self.options is None and self.option_groups is None:
            raise fault("missing required field: options")
        if self.options is not None and self.option_groups is not None:
            raise fault("must not be given together with options", "option_groups")
        return self
