"""What the models of Block Kit have in common."""

import re
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationInfo,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Surface = Literal["message", "modal", "home"]
EVERYWHERE: tuple[Surface, ...] = ("message", "modal", "home")
MESSAGES: tuple[Surface, ...] = ("message",)
MODALS: tuple[Surface, ...] = ("modal",)

# Marks the part of an error's place that is no key of the document but the member of a union.
TAG = "#"


def fault(words: str, *at: str | int) -> PydanticCustomError:
    """Return the error that says these words of the place `at` below what is being checked."""
    # JSON can hold half a surrogate pair, which no error's words can.
    sayable = words.encode(errors="replace").decode()
    return PydanticCustomError("fault", "{words}", {"words": sayable, "at": at})


class Part(BaseModel):
    """One object of Block Kit: it has these keys and no others; a key with null is one not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    surfaces: ClassVar[tuple[Surface, ...]] = EVERYWHERE

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {
            key: value for key, value in given.items() if value is not None or key not in cls.model_fields
        }


def need_one_of(part: Part, usual: str, other: str) -> None:
    """Demand that exactly one of two keys is given; `usual` is the one that is missed."""
    if getattr(part, usual) is None and getattr(part, other) is None:
        raise fault(f"missing required field: {usual}")
    if getattr(part, usual) is not None and getattr(part, other) is not None:
        raise fault(f"must not be given together with {usual}", other)


class ByType:
    """Tells the members of a union apart by their `type`, and refuses any other before it looks further.

    Args:
        names_all: whether the fault names the types there are, as Slack does for texts.
    """

    def __init__(self, *, names_all: bool = False) -> None:
        self._names_all = names_all

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Build the check of the `type` and, behind it, the union."""
        kinds = {
            get_args(kind.model_fields["type"].annotation)[0]: kind for kind in get_args(source) or (source,)
        }
        union = core_schema.tagged_union_schema(
            {f"{TAG}{name}": handler.generate_schema(kind) for name, kind in kinds.items()},
            discriminator=lambda given: f"{TAG}{given['type']}",
        )
        return core_schema.with_info_before_validator_function(self._check(kinds), union)

    def _check(self, kinds: dict[str, type[Part]]) -> Callable[[Any, ValidationInfo], Any]:
        def check(given: Any, info: ValidationInfo) -> Any:
            if not isinstance(given, dict):
                raise fault("must provide an object")
            kind = given.get("type")
            if kind is None:
                raise fault("missing required field: type")
            if not isinstance(kind, str):
                raise fault("must be a string", "type")
            if kind not in kinds or surface_of(info) not in (None, *kinds[kind].surfaces):
                raise fault(self._words(kind, kinds), "type")
            return given

        return check

    def _words(self, kind: str, kinds: dict[str, type[Part]]) -> str:
        return f"must be one of: {', '.join(kinds)}" if self._names_all else f"unsupported type: {kind}"


def surface_of(info: ValidationInfo) -> Surface | None:
    """Return where what is being checked is to be shown, if that was said."""
    surface: Surface | None = (info.context or {}).get("surface")
    return surface


def at_most(characters: int) -> BeforeValidator:
    """Limit the characters of a text object more narrowly than texts are limited anyway."""

    def check(given: Any) -> Any:
        text = given.get("text") if isinstance(given, dict) else None
        if isinstance(text, str) and len(text) > characters:
            raise fault(f"must be less than {characters + 1} characters", "text")
        return given

    return BeforeValidator(check)


def written(pattern: str, words: str) -> AfterValidator:
    """Demand that a string is written like that from its first to its last character."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise fault(words)
        return text

    return AfterValidator(check)


def unique(key: str) -> AfterValidator:
    """Demand that no two parts of a list have the same id."""

    def check(parts: list[Any]) -> list[Any]:
        seen = set()
        for at, part in enumerate(parts):
            value = getattr(part, key, None)
            if value is not None and value in seen:
                raise fault(f"`{key}` already exists: {value}", at, key)
            seen.add(value)
        return parts

    return AfterValidator(check)


# Slack takes true and false, whole numbers and strings for what they are, never one for another.
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[int, Field(strict=True)]
Text = Annotated[str, Field(strict=True)]

Id = Annotated[Text, Field(max_length=255)]
Url = Annotated[Text, Field(max_length=3000)]
HttpsUrl = Annotated[Url, written(r"https://\S+", "must be an https URL")]
