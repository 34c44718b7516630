"""JSON that others wrote: read without trust in its shape. Runs in the worker process."""

import json
from collections.abc import Mapping
from typing import Any

from bot.sources.plain import visible

Object = Mapping[str, Any]


def read(document: bytes | str) -> Any:
    """Return the value that the JSON document holds, None if it is none (or nests without end)."""
    try:
        if isinstance(document, bytes):
            document = document.decode(json.detect_encoding(document), "replace")
        # Control characters in strings, which JSON does not allow and editors paste.
        return json.loads(document.removeprefix("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None


def looks_like_object(body: bytes) -> bool:
    """Whether this is a JSON object or nothing that anyone could read."""
    return body[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def words(record: Object, *names: str) -> str:
    """Return the first of these properties that is a text (or a number, as names of things often are)."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def name_of(record: Object, *names: str) -> str | None:
    """Return what a source calls something of its own, as it is but for what no database can keep."""
    return visible(words(record, *names)).strip() or None


def objects(value: Any) -> list[Object]:
    """Return the objects in a list, the object that stands in the place of one, or nothing."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict)]


def texts(value: Any) -> list[str]:
    """Return the texts in a list, the text that stands in the place of one, or nothing."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str)]
