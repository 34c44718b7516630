"""Blocks are held to the limits Slack documents."""

from typing import Any

import pytest

from sandbox.protocol.blocks import faults, filled, view_faults


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Los"), "action_id": "a", **more}


def select(count: int, **more: Any) -> dict[str, Any]:
    options = [{"text": plain(f"{i}"), "value": f"{i}"} for i in range(count)]
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def field(element: Any, label: str = "Feld") -> dict[str, Any]:
    return {"type": "input", "label": plain(label), "element": element}


TEXT = {"type": "plain_text_input", "action_id": "t"}
GOOD = [
    {"type": "header", "text": plain("Titel")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Hallo*"}, "accessory": button()},
    {"type": "section", "fields": [plain("eins"), plain("zwei")]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "klein"}]},
    {"type": "divider"},
    {"type": "image", "image_url": "https://stadt.example/a.png", "alt_text": "Ein Bild"},
    actions(button(style="primary", value="1"), select(3, placeholder=plain("Wähle"))),
    field({**TEXT, "multiline": True, "max_length": 3000}),
    field({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}),
]
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown block", {"type": "hologram"}, "/blocks/0/type"),
    ("no text", {"type": "section"}, "/blocks/0/text"),
    ("empty text", {"type": "section", "text": plain("")}, "/blocks/0/text/text"),
    ("long text", {"type": "section", "text": plain("x" * 3001)}, "/blocks/0/text/text"),
    (
        "a header in mrkdwn",
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "/blocks/0/text/type",
    ),
    ("eleven fields", {"type": "section", "fields": [plain("x")] * 11}, "/blocks/0/fields"),
    ("a long field", {"type": "section", "fields": [plain("x" * 2001)]}, "/blocks/0/fields/0/text"),
    ("eleven in a context", {"type": "context", "elements": [plain("x")] * 11}, "/blocks/0/elements"),
    ("no actions", actions(), "/blocks/0/elements"),
    ("the same action twice", actions(button(), button()), "/blocks/0/elements"),
    ("a long label", actions(button(text=plain("x" * 76))), "/blocks/0/elements/0/text/text"),
    ("a strange style", actions(button(style="pink")), "/blocks/0/elements/0/style"),
    ("a long value", actions(button(value="x" * 2001)), "/blocks/0/elements/0/value"),
    ("an unknown element", actions({"type": "lever"}), "/blocks/0/elements/0/type"),
    ("too many options", actions(select(101)), "/blocks/0/elements/0/options"),
    ("no options", actions(select(0)), "/blocks/0/elements/0/options"),
    (
        "an initial option that is none",
        actions(select(2, initial_option={"text": plain("9"), "value": "9"})),
        "/blocks/0/elements/0",
    ),
    (
        "a long placeholder",
        actions(select(1, placeholder=plain("x" * 151))),
        "/blocks/0/elements/0/placeholder",
    ),
    ("six in an overflow menu", actions({**select(6), "type": "overflow"}), "/blocks/0/elements/0/options"),
    ("an image without alt text", {"type": "image", "image_url": "https://x.example/a.png"}, "/blocks/0"),
    ("an input without label", {"type": "input", "element": TEXT}, "/blocks/0/label"),
    ("a button as input", field(button()), "/blocks/0/element"),
    ("a number without decimals said", field({"type": "number_input"}), "/blocks/0/element"),
    ("a long block id", {"type": "divider", "block_id": "x" * 256}, "/blocks/0/block_id"),
]


def test_good_blocks_pass() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(("what", "block", "at"), WRONG, ids=[what for what, _, _ in WRONG])
def test_wrong_blocks_are_pointed_at(what: str, block: dict[str, Any], at: str) -> None:
    found = faults([block])

    assert len(found) == 1, what
    assert f"[json-pointer:{at}" in found[0]


def test_blocks_are_counted_and_their_ids_are_unique() -> None:
    assert "no more than 50 items" in faults([{"type": "divider"}] * 51)[0]
    assert "already exists" in faults([{"type": "divider", "block_id": "x"}] * 2)[0]
    assert faults({"type": "divider"})


def test_views_have_a_title_and_forms_a_submit_button() -> None:
    modal = {"type": "modal", "title": plain("Titel"), "submit": plain("Los"), "blocks": [field(TEXT)]}

    assert view_faults(modal) == []
    assert view_faults({**modal, "title": plain("x" * 25)})
    assert view_faults({**modal, "submit": None})
    assert view_faults({**modal, "private_metadata": "x" * 3001})
    assert view_faults({"type": "home", "blocks": [{"type": "divider"}] * 100}) == []
    assert "/view/blocks" in view_faults({"type": "home", "blocks": [{"type": "divider"}] * 101})[0]
    assert view_faults({"type": "poster"})


def test_what_slack_adds_is_added_to_a_copy() -> None:
    given = [actions({"type": "button", "text": plain("Los")})]

    kept = filled(given)

    assert "block_id" not in given[0]
    assert kept[0]["block_id"]
    assert kept[0]["elements"][0]["action_id"]
    assert kept[0]["elements"][0]["text"] == {"type": "plain_text", "text": "Los", "emoji": True}
