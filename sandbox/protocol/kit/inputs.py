"""Elements to type in and to pick times; docs.slack.dev/reference/block-kit/block-elements."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from sandbox.protocol.kit.base import Flag, Number, Text, at_most, fault, written
from sandbox.protocol.kit.buttons import Acting, Confirmed
from sandbox.protocol.kit.composition import DispatchActionConfig
from sandbox.protocol.kit.rich_text import RichText
from sandbox.protocol.kit.texts import Plain

LONGEST_INPUT = 3000
NO_DATE = "must be a date in the format YYYY-MM-DD"


def _on_the_calendar(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise fault(NO_DATE) from None
    return text


Day = Annotated[Text, written(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", NO_DATE), AfterValidator(_on_the_calendar)]
TimeOfDay = Annotated[Text, written(r"([01][0-9]|2[0-3]):[0-5][0-9]", "must be a time in the format HH:mm")]
# "in the format of 10 digits"
Moment = Annotated[Number, Field(ge=1_000_000_000, le=9_999_999_999)]
Numeral = Annotated[Text, written(r"-?[0-9]+(\.[0-9]+)?", "must be a number, written as a string")]


class Focusable(Acting):
    """An element that can be the first to type in."""

    focus_on_load: Flag | None = None


class Typed(Focusable):
    """An element to type in."""

    placeholder: Annotated[Plain, at_most(150)] | None = None
    dispatch_action_config: DispatchActionConfig | None = None


class PlainTextInput(Typed):
    """/plain-text-input-element."""

    type: Literal["plain_text_input"]
    initial_value: Text | None = None
    multiline: Flag | None = None
    min_length: Annotated[Number, Field(ge=0, le=LONGEST_INPUT)] | None = None
    max_length: Annotated[Number, Field(ge=1, le=LONGEST_INPUT)] = LONGEST_INPUT

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.min_length is not None and self.min_length > self.max_length:
            raise fault("must not be more than max_length", "min_length")
        if self.initial_value is not None and len(self.initial_value) > self.max_length:
            raise fault(f"must be less than {self.max_length + 1} characters", "initial_value")
        return self


class NumberInput(Typed):
    """/number-input-element."""

    type: Literal["number_input"]
    is_decimal_allowed: Flag
    initial_value: Numeral | None = None
    min_value: Numeral | None = None
    max_value: Numeral | None = None

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        if self.min_value and self.max_value and Decimal(self.min_value) > Decimal(self.max_value):
            raise fault("must not be more than max_value", "min_value")
        return self


class EmailInput(Typed):
    """/email-input-element."""

    type: Literal["email_text_input"]
    initial_value: Text | None = None


class UrlInput(Typed):
    """/url-input-element."""

    type: Literal["url_text_input"]
    initial_value: Text | None = None


class RichTextInput(Typed):
    """/rich-text-input-element."""

    type: Literal["rich_text_input"]
    initial_value: RichText | None = None
    min_lines: Number | None = None
    max_lines: Number | None = None


class FileInput(Acting):
    """/file-input-element."""

    type: Literal["file_input"]
    filetypes: list[Text] | None = None
    max_files: Annotated[Number, Field(ge=1, le=10)] | None = None


class Picker(Focusable, Confirmed):
    """An element to pick a time in."""


class DatePicker(Picker):
    """/date-picker-element."""

    type: Literal["datepicker"]
    initial_date: Day | None = None
    placeholder: Annotated[Plain, at_most(150)] | None = None


class TimePicker(Picker):
    """/time-picker-element."""

    type: Literal["timepicker"]
    initial_time: TimeOfDay | None = None
    timezone: Text | None = None
    placeholder: Annotated[Plain, at_most(150)] | None = None


class DateTimePicker(Picker):
    """/datetime-picker-element."""

    type: Literal["datetimepicker"]
    initial_date_time: Moment | None = None
