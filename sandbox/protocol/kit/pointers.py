"""What is wrong with a document, in Slack's words and with a JSON pointer each."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sandbox.protocol.kit.base import TAG

Place = tuple[str | int, ...]
# These speak of a key that is not there, or should not be: Slack points at the object around it.
OF_A_KEY = {"missing": "missing required field", "extra_forbidden": "invalid additional property"}
WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "fault": lambda context: str(context["words"]),
    "string_too_long": lambda context: f"must be less than {context['max_length'] + 1} characters",
    "string_too_short": lambda context: f"must be more than {context['min_length'] - 1} characters",
    "too_long": lambda context: f"no more than {context['max_length']} items allowed",
    "too_short": lambda context: f"no fewer than {context['min_length']} items allowed",
    "literal_error": lambda context: (
        "must be one of: " + str(context["expected"]).replace(" or ", ", ").replace("'", "")
    ),
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "greater_than": lambda context: f"must be more than {context['gt']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "string_type": lambda _: "must be a string",
    "bool_type": lambda _: "must be a boolean",
    "int_type": lambda _: "must be an integer",
    "float_type": lambda _: "must be a number",
    "string_unicode": lambda _: "must be a valid string",
    "list_type": lambda _: "must provide an array",
    "model_type": lambda _: "must provide an object",
    "dict_type": lambda _: "must provide an object",
}


def messages(error: ValidationError, document: Any, root: Place) -> list[str]:
    """Return what is wrong, in the order of the document.

    Args:
        error: what the models found in a field that was given the document.
        document: any JSON.
        root: where the document is in the arguments of the call, such as `("view",)`.
    """
    order = _Order(document)
    found = [_Found(details) for details in error.errors(include_url=False, include_input=False)]
    found.sort(key=lambda one: order.of(one.place))
    return [one.message(root) for one in found]


class _Found:
    """One fault; `place` is where it is, or where a key is or should be."""

    def __init__(self, details: ErrorDetails) -> None:
        self._kind = details["type"]
        self._context = details.get("ctx", {})
        self._is_of_a_key = self._kind in OF_A_KEY
        _, *parts = details["loc"]
        key = [parts.pop()] if self._is_of_a_key else []
        kept = [part for part in parts if not str(part).startswith(TAG)]
        self.place: Place = (*kept, *key, *self._context.get("at", ()))

    def message(self, root: Place) -> str:
        if self._is_of_a_key:
            words, at = f"{OF_A_KEY[self._kind]}: {self.place[-1]}", self.place[:-1]
        else:
            words, at = self._words(), self.place
        pointer = "".join(f"/{part}" for part in (*root, *at)) or "/"
        return f"[ERROR] {words} [json-pointer:{pointer}]"

    def _words(self) -> str:
        words = WORDS.get(self._kind)
        return words(self._context) if words else "is invalid"


class _Order:
    """Where a place is in a document, as something to sort by."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._positions: dict[int, dict[str, int]] = {}

    def of(self, place: Place) -> tuple[int, ...]:
        node, result = self._document, []
        for part in place:
            if isinstance(node, dict):
                positions = self._positions.get(id(node))
                if positions is None:
                    positions = {key: at for at, key in enumerate(node)}
                    self._positions[id(node)] = positions
                result.append(positions.get(str(part), len(node)))
                node = node.get(part)
            elif isinstance(node, list) and isinstance(part, int):
                result.append(part)
                node = node[part]
        return tuple(result)
