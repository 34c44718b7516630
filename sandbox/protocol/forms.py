"""What Slack's own client checks in a form before the app sees it."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.protocol.elements import STATE_KEYS
from sandbox.protocol.words import sentence
from sandbox.state.records import JSON, Blocks, Values

NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
WHOLE_NUMBER = re.compile(r"-?\d+", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+")
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
# docs.slack.dev/reference/block-kit/block-elements: plain-text-input-element, file-input-element
LONGEST_TEXT = 3000
MOST_FILES = 10

# The key of a sentence, and what it tells.
Mistake = tuple[str, JSON]


def mistakes(blocks: Blocks, values: Values, locale: str = "de-DE") -> dict[str, str]:
    """Return block_id to the sentence shown at the field, for each input that can't be sent like that.

    Args:
        blocks: the form's.
        values: the states of its inputs.
        locale: the person's, which says in what language.
    """
    found = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        chosen = state.get(STATE_KEYS[element["type"]])
        wrong = _mistake(element, chosen, is_optional=bool(block.get("optional")))
        if wrong:
            found[block["block_id"]] = sentence(locale, wrong[0], **wrong[1])
    return found


def _mistake(element: JSON, chosen: Any, *, is_optional: bool) -> Mistake | None:
    if not chosen or (element["type"] == "rich_text_input" and not _has_words(chosen)):
        return None if is_optional else ("missing", {})
    check = CHECKS.get(element["type"])
    if check is not None:
        return check(element, chosen)
    if isinstance(chosen, list) and len(chosen) > element.get("max_selected_items", len(chosen)):
        return "too_many_options", {"n": element["max_selected_items"]}
    return None


def _text(element: JSON, text: str) -> Mistake | None:
    least, most = element.get("min_length", 0), element.get("max_length", LONGEST_TEXT)
    if len(text) < least:
        return "too_short", {"n": least}
    return ("too_long", {"n": most}) if len(text) > most else None


def _number(element: JSON, text: str) -> Mistake | None:
    if not NUMBER.fullmatch(text):
        return "no_number", {}
    if not element["is_decimal_allowed"] and not WHOLE_NUMBER.fullmatch(text):
        return "no_whole_number", {}
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and Decimal(text) < Decimal(least):
        return "too_low", {"n": least}
    return ("too_high", {"n": most}) if most is not None and Decimal(text) > Decimal(most) else None


def _email(_: JSON, text: str) -> Mistake | None:
    return None if EMAIL.fullmatch(text) else ("no_email", {})


def _url(_: JSON, text: str) -> Mistake | None:
    return None if URL.fullmatch(text) else ("no_url", {})


def _date(_: JSON, text: str) -> Mistake | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return "no_date", {}
    return None if DATE.fullmatch(text) else ("no_date", {})


def _time(_: JSON, text: str) -> Mistake | None:
    return None if TIME.fullmatch(text) else ("no_time", {})


def _files(element: JSON, files: list[JSON]) -> Mistake | None:
    most, kinds = element.get("max_files", MOST_FILES), element.get("filetypes", ())
    if len(files) > most:
        return "too_many_files", {"n": most}
    endings = [str(file.get("name", "")).rpartition(".")[2].lower() for file in files]
    if kinds and any(ending not in kinds for ending in endings):
        return "wrong_files", {"kinds": ", ".join(kinds)}
    return None


def _has_words(rich_text: JSON) -> bool:
    """Return whether something stands in formatted text: words, or a name, a link, an emoji."""
    elements = rich_text.get("elements", ())
    inner = [part for element in elements for part in element.get("elements", [element])]
    return any(part.get("text", part["type"]) not in {"", "\n"} for part in inner)


CHECKS: dict[str, Callable[[JSON, Any], Mistake | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
    "datepicker": _date,
    "timepicker": _time,
    "file_input": _files,
}
