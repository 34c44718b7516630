"""Block Kit's rules: what Slack refuses, and what it adds to what it takes."""

import hashlib
import json
from collections import Counter
from typing import Any

from sandbox.protocol.elements import INTERACTIVE, STATE_KEYS, interactive, options
from sandbox.state.ids import short_id
from sandbox.state.records import JSON, Blocks

# docs.slack.dev/reference/block-kit, the limits most likely to bite
BLOCKS_PER_MESSAGE = 50
BLOCKS_PER_VIEW = 100
BLOCK_TYPES = frozenset(
    {"actions", "context", "context_actions", "divider", "file", "header", "image", "input", "markdown"}
    | {"rich_text", "section", "table", "video"}
)
ELEMENTS = {"actions": 25, "context": 10, "context_actions": 5}
OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}
OPTIONS_OF_SELECT = 100
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}


def filled(blocks: Blocks) -> Blocks:
    """Return a copy of blocks with what Slack adds: ids, `emoji` and `verbatim`.

    A block that is sent again unchanged keeps its id, so that a press on its earlier showing counts.
    """
    copy: Blocks = json.loads(json.dumps(blocks))
    seen: Counter[str] = Counter()
    for block in copy:
        contents = hashlib.sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()[:6]
        seen[contents] += 1
        block.setdefault("block_id", f"{contents}{seen[contents]}")
        for _, element in interactive([block]):
            element.setdefault("action_id", short_id())
        fill_texts(block)
    return copy


def fill_texts(part: Any) -> None:
    """Add `emoji` and `verbatim` to all text objects in a part of a view or message."""
    if isinstance(part, list):
        for one in part:
            fill_texts(one)
    elif isinstance(part, dict):
        if part.get("type") == "plain_text":
            part.setdefault("emoji", True)
        elif part.get("type") == "mrkdwn":
            part.setdefault("verbatim", False)
        for one in part.values():
            fill_texts(one)


def faults(blocks: Any, most: int = BLOCKS_PER_MESSAGE) -> list[str]:
    """Return what is wrong with blocks, in Slack's words with a JSON pointer each."""
    check = _Check()
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        check.note("must provide an array of objects", "/blocks")
        return check.found
    if len(blocks) > most:
        check.note(f"no more than {most} items allowed", "/blocks")
    for at, block in enumerate(blocks):
        check.block(block, f"/blocks/{at}")
    check.unique((block.get("block_id") for block in blocks), "block_id", "/blocks")
    return check.found


def view_faults(view: Any) -> list[str]:
    """Return what is wrong with a view, as `faults` does."""
    check = _Check()
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        check.note("must be one of: modal, home", "/view/type")
        return check.found
    if view["type"] == "modal":
        check.text(view.get("title"), 24, "/view/title", kinds=("plain_text",))
    for key in ("submit", "close"):
        if view.get(key) is not None:
            check.text(view[key], 24, f"/view/{key}", kinds=("plain_text",))
    for key, most in (("callback_id", 255), ("private_metadata", 3000), ("external_id", 255)):
        check.length(view.get(key), most, f"/view/{key}")
    blocks = view.get("blocks")
    check.found += [
        fault.replace("json-pointer:", "json-pointer:/view") for fault in faults(blocks, BLOCKS_PER_VIEW)
    ]
    has_inputs = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if view["type"] == "modal" and has_inputs and not view.get("submit"):
        check.note("submit is required when there are input blocks", "/view/submit")
    return check.found


class _Check:
    """Collects what is wrong; `at` is always the JSON pointer of what is looked at."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def note(self, wrong: str, at: str) -> None:
        self.found.append(f"[ERROR] {wrong} [json-pointer:{at}]")

    def length(self, text: Any, most: int, at: str) -> None:
        if text is not None and not isinstance(text, str):
            self.note("must be a string", at)
        elif text is not None and len(text) > most:
            self.note(f"must be less than {most + 1} characters", at)

    def text(self, text: Any, most: int, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
        if not isinstance(text, dict) or "text" not in text:
            self.note(f"missing required field: {at.rsplit('/', 1)[1]}", at)
        elif text.get("type") not in kinds:
            self.note(f"must be one of: {', '.join(kinds)}", f"{at}/type")
        elif not text["text"]:
            self.note("must be more than 0 characters", f"{at}/text")
        else:
            self.length(text["text"], most, f"{at}/text")

    def unique(self, ids: Any, name: str, at: str) -> None:
        for twice in (one for one, times in Counter(ids).items() if one and times > 1):
            self.note(f"`{name}` already exists: {twice}", at)

    def block(self, block: JSON, at: str) -> None:
        kind = block.get("type")
        if kind not in BLOCK_TYPES:
            self.note(f"unsupported type: {kind}", f"{at}/type")
            return
        self.length(block.get("block_id"), 255, f"{at}/block_id")
        match kind:
            case "section":
                self._section(block, at)
            case "header":
                self.text(block.get("text"), 150, f"{at}/text", kinds=("plain_text",))
            case "actions" | "context" | "context_actions":
                self._row(block, at)
            case "image":
                self._image(block, at)
                if "title" in block:
                    self.text(block["title"], 2000, f"{at}/title", kinds=("plain_text",))
            case "input":
                self._input(block, at)
            case "markdown":
                self.length(block.get("text"), 12_000, f"{at}/text")
            case "rich_text" if not isinstance(block.get("elements"), list):
                self.note("missing required field: elements", at)

    def _section(self, block: JSON, at: str) -> None:
        fields = block.get("fields")
        if "text" in block or not fields:
            self.text(block.get("text"), 3000, f"{at}/text")
        if fields is not None and not 1 <= len(fields) <= 10:  # noqa: PLR2004 - Slack's figure
            self.note("must have between 1 and 10 items", f"{at}/fields")
        for i, text in enumerate(fields or ()):
            self.text(text, 2000, f"{at}/fields/{i}")
        if "accessory" in block:
            self._element(block["accessory"], f"{at}/accessory")

    def _row(self, block: JSON, at: str) -> None:
        elements = block.get("elements")
        most = ELEMENTS[block["type"]]
        if not isinstance(elements, list) or not 1 <= len(elements) <= most:
            self.note(f"must have between 1 and {most} items", f"{at}/elements")
            return
        for i, element in enumerate(elements):
            if block["type"] == "context" and element.get("type") != "image":
                self.text(element, 3000, f"{at}/elements/{i}")
            else:
                self._element(element, f"{at}/elements/{i}")
        self.unique((element.get("action_id") for element in elements), "action_id", f"{at}/elements")

    def _image(self, image: JSON, at: str) -> None:
        if not image.get("alt_text"):
            self.note("missing required field: alt_text", at)
        if not image.get("image_url") and not image.get("slack_file"):
            self.note("missing required field: image_url", at)
        self.length(image.get("alt_text"), 2000, f"{at}/alt_text")
        self.length(image.get("image_url"), 3000, f"{at}/image_url")

    def _input(self, block: JSON, at: str) -> None:
        self.text(block.get("label"), 2000, f"{at}/label", kinds=("plain_text",))
        if block.get("hint") is not None:
            self.text(block["hint"], 2000, f"{at}/hint", kinds=("plain_text",))
        element = block.get("element")
        if not isinstance(element, dict) or element.get("type") not in STATE_KEYS:
            self.note("must provide an input element", f"{at}/element")
        else:
            self._element(element, f"{at}/element")

    def _element(self, element: JSON, at: str) -> None:
        kind = element.get("type")
        self.length(element.get("action_id"), 255, f"{at}/action_id")
        if kind == "image":
            self._image(element, at)
        elif kind not in INTERACTIVE:
            self.note(f"unsupported type: {kind}", f"{at}/type")
        elif kind == "button":
            self._button(element, at)
        elif kind in {"plain_text_input", "number_input"}:
            self._typed(element, at)
        elif "select" in str(kind) or kind in OPTIONS:
            self._choice(element, at)
        if element.get("placeholder") is not None:
            self.text(element["placeholder"], 150, f"{at}/placeholder", kinds=("plain_text",))
        for key, most in CONFIRM.items():
            if key in element.get("confirm", ()):
                self.text(element["confirm"][key], most, f"{at}/confirm/{key}")

    def _button(self, button: JSON, at: str) -> None:
        self.text(button.get("text"), 75, f"{at}/text", kinds=("plain_text",))
        self.length(button.get("value"), 2000, f"{at}/value")
        self.length(button.get("url"), 3000, f"{at}/url")
        if button.get("style") not in {None, "primary", "danger"}:
            self.note("must be one of: primary, danger", f"{at}/style")

    def _typed(self, element: JSON, at: str) -> None:
        if element["type"] == "number_input" and "is_decimal_allowed" not in element:
            self.note("missing required field: is_decimal_allowed", at)
        if not 1 <= element.get("max_length", 3000) <= 3000:  # noqa: PLR2004 - Slack's figure
            self.note("must be between 1 and 3000", f"{at}/max_length")
        self.length(element.get("initial_value"), element.get("max_length", 3000), f"{at}/initial_value")

    def _choice(self, element: JSON, at: str) -> None:
        most = OPTIONS.get(element["type"], OPTIONS_OF_SELECT)
        has_own = "static" in element["type"] or element["type"] in OPTIONS
        if has_own and not element.get("option_groups") and not 1 <= len(element.get("options", ())) <= most:
            self.note(f"must have between 1 and {most} items", f"{at}/options")
        values = [option.get("value") for option in options(element)]
        for i, option in enumerate(options(element)):
            self.text(option.get("text"), 75, f"{at}/options/{i}/text")
            self.length(option.get("value"), 150, f"{at}/options/{i}/value")
            if not option.get("value") and "url" not in option:
                self.note("missing required field: value", f"{at}/options/{i}")
        chosen = [element["initial_option"]] if element.get("initial_option") else []
        for option in chosen + element.get("initial_options", []):
            if has_own and option.get("value") not in values:
                self.note("the initial option is not among the options", at)
