"""The parts of blocks that people act on: where they are and how Slack writes down what is chosen."""

from collections.abc import Iterator
from typing import Any

from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Blocks, Values

# Element type -> where a state says what is chosen; the element's own key for what it begins with is the
# same with "initial" in place of "selected".
STATE_KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
# These are pressed and have no state.
PRESSED = frozenset({"button", "icon_button", "feedback_buttons", "workflow_button"})
INTERACTIVE = PRESSED | STATE_KEYS.keys()


def stacked(blocks: Blocks) -> Iterator[JSON]:
    """Yield each block and, behind a container or carousel, the blocks in it."""
    for block in blocks:
        yield block
        inside = block.get("elements") if block["type"] == "carousel" else block.get("child_blocks")
        yield from stacked(inside or [])


def interactive(blocks: Blocks) -> Iterator[tuple[JSON, JSON]]:
    """Yield each element that people act on, with its block, in the order they are shown."""
    for block in stacked(blocks):
        inside = [block.get("accessory"), block.get("element")]
        if block["type"] in {"actions", "context_actions"}:
            inside += block.get("elements", [])
        elif block["type"] == "card":
            inside += block.get("actions") or []
        elif block["type"] == "data_table":
            inside += [cell.get("element") for row in block["rows"] for cell in row]
        for element in inside:
            if element and element["type"] in INTERACTIVE:
                yield block, element


def options(element: JSON) -> list[JSON]:
    """Return the options of a select, overflow menu, radio group or checkboxes, those in groups too."""
    groups = element.get("option_groups", ())
    grouped = [option for group in groups for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def state_of(element: JSON, value: Any) -> JSON:
    """Return the state of an element as in `view.state.values`.

    Args:
        element: the element as the app gave it.
        value: the text, number or date as text, a user's or channel's id, or the `value` of an option; a list
            where several can be chosen (of files, the files themselves); formatted text as a `rich_text`
            block or as plain words; None or "" for nothing.

    Raises:
        RefusedError: `not_found` when there is no such option.
    """
    kind = element["type"]
    key = STATE_KEYS[kind]
    state: Any
    if key == "selected_options":
        state = [_option(element, one) for one in value or ()]
    elif key == "selected_option":
        state = _option(element, value) if value else None
    elif key == "rich_text_value":
        state = _rich_text(value) if value else None
    elif kind.startswith("multi_") or key == "files":
        state = list(value or ())
    elif key == "selected_date_time":
        state = int(value) if value else None
    else:
        state = None if value is None or value == "" else str(value)
    return {"type": kind, key: state}


def initial(blocks: Blocks) -> Values:
    """Return the states that the elements begin with; overflow menus and buttons have none."""
    values: Values = {}
    for block, element in interactive(blocks):
        key = STATE_KEYS.get(element["type"])
        if key is not None and element["type"] != "overflow":
            first_key = "initial_value" if key.endswith("value") else key.replace("selected", "initial")
            nothing: Any = [] if key.endswith("s") else None
            state = {"type": element["type"], key: element.get(first_key, nothing)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def merged(*layers: Values) -> Values:
    """Return states laid over one another, the last on top."""
    result: Values = {}
    for layer in layers:
        for block_id, states in layer.items():
            result.setdefault(block_id, {}).update(states)
    return result


def action_of(element: JSON, block_id: str, value: Any, action_ts: str) -> JSON:
    """Return the entry of `actions` for acting on an element.

    Args:
        element: the element as the app gave it.
        block_id: the id of its block.
        value: as for `state_of`; of feedback buttons, the `value` of the one that is pressed.
        action_ts: the moment, as Slack writes it.

    Raises:
        RefusedError: `not_found` when there is no such option or feedback button.
    """
    kept = ("text", "value", "style", "url", "confirm", "placeholder", "min_query_length")
    action = {key: element[key] for key in element if key in kept or key.startswith("initial_")}
    if element["type"] in STATE_KEYS:
        action |= state_of(element, value)
    elif element["type"] == "feedback_buttons":
        action |= _feedback(element, value)
    ids = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
    return {**action, **ids, "action_ts": action_ts}


def _option(element: JSON, value: Any) -> JSON:
    for option in options(element):
        if option.get("value") == value:
            return option
    raise RefusedError("not_found")


def _feedback(element: JSON, value: Any) -> JSON:
    for button in (element["positive_button"], element["negative_button"]):
        if button["value"] == value:
            return {"text": button["text"], "value": value}
    raise RefusedError("not_found")


def _rich_text(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
    return {"type": "rich_text", "elements": [words]}
