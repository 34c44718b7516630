"""What Slack's own client checks in a form before the app sees it."""

import re

from sandbox.protocol.elements import STATE_KEYS
from sandbox.state.records import JSON, Blocks, Values

MISSING = "Bitte fülle dieses Pflichtfeld aus."
NUMBER = re.compile(r"-?\d+(\.\d+)?")
WHOLE_NUMBER = re.compile(r"-?\d+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+")


def mistakes(blocks: Blocks, values: Values) -> dict[str, str]:
    """Return block_id to the sentence shown at the field, for each input that can't be sent like that."""
    found = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        key = STATE_KEYS[element["type"]]
        chosen = values.get(block["block_id"], {}).get(element["action_id"], {}).get(key)
        if chosen:
            sentence = _mistake(element, str(chosen)) if key == "value" else None
        else:
            sentence = None if block.get("optional") else MISSING
        if sentence:
            found[block["block_id"]] = sentence
    return found


def _mistake(element: JSON, text: str) -> str | None:
    match element["type"]:
        case "number_input":
            return _number_mistake(element, text)
        case "email_text_input" if not EMAIL.fullmatch(text):
            return "Bitte gib eine gültige E-Mail-Adresse ein."
        case "url_text_input" if not URL.fullmatch(text):
            return "Bitte gib eine gültige URL ein."
    if len(text) < element.get("min_length", 0):
        return f"Bitte gib mindestens {element['min_length']} Zeichen ein."
    if len(text) > element.get("max_length", 3000):
        return f"Bitte gib höchstens {element.get('max_length', 3000)} Zeichen ein."
    return None


def _number_mistake(element: JSON, text: str) -> str | None:
    if not NUMBER.fullmatch(text):
        return "Bitte gib eine Zahl ein."
    if not element["is_decimal_allowed"] and not WHOLE_NUMBER.fullmatch(text):
        return "Bitte gib eine ganze Zahl ein."
    if "min_value" in element and float(text) < float(element["min_value"]):
        return f"Bitte gib eine Zahl ab {element['min_value']} ein."
    if "max_value" in element and float(text) > float(element["max_value"]):
        return f"Bitte gib eine Zahl bis {element['max_value']} ein."
    return None
