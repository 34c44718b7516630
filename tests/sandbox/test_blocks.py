"""Blocks, views, attachments and options are held to the rules Slack documents."""

from typing import Any

import pytest

from sandbox.protocol.blocks import (
    attachment_faults,
    faults,
    filled,
    option_faults,
    text_length,
    view_faults,
)
from sandbox.protocol.elements import action_of, initial, interactive, state_of
from sandbox.state.errors import RefusedError
from tests.sandbox.kit import (
    ATTACHMENT_TEXTS,
    CELL,
    CONTAINER,
    CONVERSATIONS,
    DATA_TABLE,
    FEEDBACK,
    GOOD,
    ICON,
    IMAGE,
    PIE,
    TABLE,
    TEXT,
    VIDEO,
    actions,
    bars,
    button,
    field,
    modal,
    mrkdwn,
    option,
    plain,
    rich,
    section,
    select,
    series,
)

WRONG: list[tuple[str, Any, str]] = [
    ("no object", 5, "/blocks/0"),
    ("no type", {"text": plain("x")}, "/blocks/0"),
    ("a type that is a number", {"type": 5}, "/blocks/0/type"),
    ("an unknown block", {"type": "hologram"}, "/blocks/0/type"),
    ("an unknown key", {"type": "divider", "text": plain("x")}, "/blocks/0"),
    ("an unknown key of a text", {"type": "header", "text": {**plain("x"), "size": 1}}, "/blocks/0/text"),
    ("a block id that is a number", {"type": "divider", "block_id": 5}, "/blocks/0/block_id"),
    ("no text", {"type": "section"}, "/blocks/0"),
    ("empty text", {"type": "section", "text": plain("")}, "/blocks/0/text/text"),
    ("text without its text", {"type": "section", "text": {"type": "mrkdwn"}}, "/blocks/0/text"),
    ("text as a string", {"type": "section", "text": "Hallo"}, "/blocks/0/text"),
    ("emoji in mrkdwn", {"type": "section", "text": {**mrkdwn("x"), "emoji": True}}, "/blocks/0/text"),
    ("verbatim as a word", {"type": "section", "text": {**mrkdwn("x"), "verbatim": "ja"}}, "/blocks/0/text/verbatim"),
    ("a header in mrkdwn", {"type": "header", "text": {**mrkdwn("x"), "verbatim": True}}, "/blocks/0/text/type"),
    ("no fields", {"type": "section", "text": plain("x"), "fields": []}, "/blocks/0/fields"),
    ("fields that are no list", {"type": "section", "fields": plain("x")}, "/blocks/0/fields"),
    ("no actions", actions(), "/blocks/0/elements"),
    ("the same action twice", actions(button(), button()), "/blocks/0/elements/1/action_id"),
    ("a strange style", actions(button(style="pink")), "/blocks/0/elements/0/style"),
    ("a button without text", actions({"type": "button"}), "/blocks/0/elements/0"),
    ("an unknown element", actions({"type": "lever"}), "/blocks/0/elements/0/type"),
    ("a text input among actions", actions(TEXT), "/blocks/0/elements/0/type"),
    ("a formatted input among actions", actions({"type": "rich_text_input"}), "/blocks/0/elements/0/type"),
    ("an icon button among actions", actions(ICON), "/blocks/0/elements/0/type"),
    ("a picker of both at a section", section({"type": "datetimepicker"}), "/blocks/0/accessory/type"),
    ("a button in a context", {"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type"),
    ("no options", actions(select(0)), "/blocks/0/elements/0/options"),
    ("neither options nor groups", actions({"type": "static_select"}), "/blocks/0/elements/0"),
    (
        "options and groups",
        actions(select(1, option_groups=[{"label": plain("G"), "options": [option("1")]}])),
        "/blocks/0/elements/0/option_groups",
    ),
    ("an option in mrkdwn", actions(select(0, options=[{"text": mrkdwn("a"), "value": "a"}])), "/blocks/0/elements/0/options/0/text/type"),
    ("an option without value", actions(select(0, options=[{"text": plain("a")}])), "/blocks/0/elements/0/options/0"),
    ("an option with a link", actions(select(0, options=[option("a", url="https://x.example")])), "/blocks/0/elements/0/options/0"),
    (
        "an initial option that is none",
        actions(select(2, initial_option=option("9"))),
        "/blocks/0/elements/0/initial_option",
    ),
    (
        "an initial option with other words",
        actions(select(2, initial_option={"text": plain("eins"), "value": "1"})),
        "/blocks/0/elements/0/initial_option",
    ),
    (
        "one of the initial options that is none",
        section({**select(2, initial_options=[option("1"), option("9")]), "type": "multi_static_select"}),
        "/blocks/0/accessory/initial_options/1",
    ),
    (
        "an initial checkbox that is none",
        section({**select(2, initial_options=[option("9")]), "type": "checkboxes"}),
        "/blocks/0/accessory/initial_options/0",
    ),
    (
        "an initial radio button that is none",
        section({**select(2, initial_option=option("9")), "type": "radio_buttons"}),
        "/blocks/0/accessory/initial_option",
    ),
    ("a choice of nothing", section({"type": "multi_users_select", "max_selected_items": 0}), "/blocks/0/accessory/max_selected_items"),
    ("a filter that says nothing", actions({**CONVERSATIONS, "filter": {}}), "/blocks/0/elements/0/filter"),
    ("a filter for nothing", actions({**CONVERSATIONS, "filter": {"include": []}}), "/blocks/0/elements/0/filter/include"),
    ("a filter for the unknown", actions({**CONVERSATIONS, "filter": {"include": ["dm"]}}), "/blocks/0/elements/0/filter/include/0"),
    (
        "an answer address outside of an input",
        actions({**CONVERSATIONS, "response_url_enabled": True}),
        "/blocks/0/elements/0/response_url_enabled",
    ),
    (
        "an answer address in a message",
        field({**CONVERSATIONS, "response_url_enabled": True}),
        "/blocks/0/element/response_url_enabled",
    ),
    ("a question without text", actions(button(confirm={"title": plain("Ja?")})), "/blocks/0/elements/0/confirm"),
    ("an image without alt text", {"type": "image", "image_url": "https://x.example/a.png"}, "/blocks/0"),
    ("an image from nowhere", {"type": "image", "alt_text": "x"}, "/blocks/0"),
    ("an image from two places", {**IMAGE, "slack_file": {"id": "F1"}}, "/blocks/0/slack_file"),
    ("a file of Slack's by id and by address", {"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://x.example"}}, "/blocks/0/slack_file/url"),
    ("a file of Slack's that is none", {"type": "image", "alt_text": "x", "slack_file": {}}, "/blocks/0/slack_file"),
    ("an input without label", {"type": "input", "element": TEXT}, "/blocks/0"),
    ("a label in mrkdwn", {**field(TEXT), "label": mrkdwn("x")}, "/blocks/0/label/type"),
    ("an input without element", {"type": "input", "label": plain("x")}, "/blocks/0"),
    ("a button as input", field(button()), "/blocks/0/element/type"),
    ("an overflow menu as input", field({**select(1), "type": "overflow"}), "/blocks/0/element/type"),
    ("a number without decimals said", field({"type": "number_input"}), "/blocks/0/element"),
    (
        "a number that is one",
        field({"type": "number_input", "is_decimal_allowed": True, "min_value": 1}),
        "/blocks/0/element/min_value",
    ),
    (
        "a number that is a word",
        field({"type": "number_input", "is_decimal_allowed": True, "initial_value": "eins"}),
        "/blocks/0/element/initial_value",
    ),
    (
        "numbers the wrong way round",
        field({"type": "number_input", "is_decimal_allowed": True, "min_value": "10", "max_value": "9"}),
        "/blocks/0/element/min_value",
    ),
    ("lengths the wrong way round", field({**TEXT, "min_length": 9, "max_length": 8}), "/blocks/0/element/min_length"),
    ("a longest length of nothing", field({**TEXT, "max_length": 0}), "/blocks/0/element/max_length"),
    ("a negative length", field({**TEXT, "min_length": -1}), "/blocks/0/element/min_length"),
    ("a length as a word", field({**TEXT, "min_length": "1"}), "/blocks/0/element/min_length"),
    (
        "a beginning longer than the input",
        field({**TEXT, "max_length": 2, "initial_value": "abc"}),
        "/blocks/0/element/initial_value",
    ),
    (
        "an unknown trigger of typing",
        field({**TEXT, "dispatch_action_config": {"trigger_actions_on": ["on_sneeze"]}}),
        "/blocks/0/element/dispatch_action_config/trigger_actions_on/0",
    ),
    ("a German date", actions({"type": "datepicker", "initial_date": "1.5.2026"}), "/blocks/0/elements/0/initial_date"),
    ("a date that never was", actions({"type": "datepicker", "initial_date": "2026-02-30"}), "/blocks/0/elements/0/initial_date"),
    ("a time after midnight", actions({"type": "timepicker", "initial_time": "24:00"}), "/blocks/0/elements/0/initial_time"),
    ("a moment in milliseconds", actions({"type": "datetimepicker", "initial_date_time": 1_700_000_000_000}), "/blocks/0/elements/0/initial_date_time"),
    ("a moment of nine digits", actions({"type": "datetimepicker", "initial_date_time": 999_999_999}), "/blocks/0/elements/0/initial_date_time"),
    ("no files", field({"type": "file_input", "max_files": 0}), "/blocks/0/element/max_files"),
    ("an unknown icon", {"type": "context_actions", "elements": [{**ICON, "icon": "bin"}]}, "/blocks/0/elements/0/icon"),
    (
        "feedback of one button",
        {"type": "context_actions", "elements": [{"type": "feedback_buttons", "positive_button": FEEDBACK["positive_button"]}]},
        "/blocks/0/elements/0",
    ),
    ("a workflow button without workflow", actions({"type": "workflow_button", "text": plain("x")}), "/blocks/0/elements/0"),
    ("a file from here", {"type": "file", "external_id": "x", "source": "local"}, "/blocks/0/source"),
    ("a video over http", {**VIDEO, "video_url": "http://stadt.example"}, "/blocks/0/video_url"),
    ("a title link over http", {**VIDEO, "title_url": "http://stadt.example"}, "/blocks/0/title_url"),
    ("empty markdown", {"type": "markdown", "text": ""}, "/blocks/0/text"),
    ("an alert in a message", {"type": "alert", "text": plain("x")}, "/blocks/0/type"),
    ("no rows", {"type": "table", "rows": []}, "/blocks/0/rows"),
    ("a cell in mrkdwn", {"type": "table", "rows": [[mrkdwn("x")]]}, "/blocks/0/rows/0/0/type"),
    ("an empty cell", {"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}, "/blocks/0/rows/0/0/text"),
    ("a column in the middle", {**TABLE, "column_settings": [None, {"align": "middle"}]}, "/blocks/0/column_settings/1/align"),
    ("a data table without caption", {"type": "data_table", "rows": [[CELL], [CELL]]}, "/blocks/0"),
    ("a data table of a header", {**DATA_TABLE, "rows": [[CELL]]}, "/blocks/0/rows"),
    ("a data table without columns", {**DATA_TABLE, "rows": [[], [CELL]]}, "/blocks/0/rows/0"),
    ("a header in formatted text", {**DATA_TABLE, "rows": [[rich()], [CELL]]}, "/blocks/0/rows/0/0/type"),
    ("rows of different lengths", {**DATA_TABLE, "rows": [[CELL], [CELL, CELL]]}, "/blocks/0/rows/1"),
    ("pages without rows", {**DATA_TABLE, "page_size": 0}, "/blocks/0/page_size"),
    ("a chart without title", {"type": "data_visualization", "chart": PIE["chart"]}, "/blocks/0"),
    ("an unknown chart", {**PIE, "chart": {"type": "cake"}}, "/blocks/0/chart/type"),
    ("a pie of nothing", {**PIE, "chart": {"type": "pie", "segments": []}}, "/blocks/0/chart/segments"),
    ("a slice of nothing", {**PIE, "chart": {"type": "pie", "segments": [{"label": "x", "value": 0}]}}, "/blocks/0/chart/segments/0/value"),
    ("a category without value", bars(series("Mo")), "/blocks/0/chart/series/0/data"),
    ("two series of one name", bars(series("Mo", "Di"), series("Mo", "Di")), "/blocks/0/chart/series/1/name"),
    ("an empty piece of text", rich({"type": "text", "text": ""}), "/blocks/0/elements/0/elements/0/text"),
    ("a strange style of text", rich({"type": "text", "text": "x", "style": {"bold": "yes"}}), "/blocks/0/elements/0/elements/0/style/bold"),
    ("a link without address", rich({"type": "link", "text": "x"}), "/blocks/0/elements/0/elements/0"),
    ("a call to nobody", rich({"type": "broadcast", "range": "nobody"}), "/blocks/0/elements/0/elements/0/range"),
    ("a date without format", rich({"type": "date", "timestamp": 1}), "/blocks/0/elements/0/elements/0"),
    ("a piece outside of a section", {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}, "/blocks/0/elements/0/type"),
    ("a list of no style", {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": []}]}, "/blocks/0/elements/0"),
    ("formatted text without elements", {"type": "rich_text"}, "/blocks/0"),
    ("an empty card", {"type": "card", "subtitle": plain("x")}, "/blocks/0"),
    ("a card's unknown icon", {"type": "card", "title": plain("x"), "slack_icon": {"type": "icon", "name": "cow"}}, "/blocks/0/slack_icon/name"),
    ("an empty carousel", {"type": "carousel", "elements": []}, "/blocks/0/elements"),
    ("a container in a container", {**CONTAINER, "child_blocks": [CONTAINER]}, "/blocks/0/child_blocks/0/type"),
    ("a container without title", {"type": "container", "child_blocks": [{"type": "divider"}]}, "/blocks/0"),
    ("an empty container", {**CONTAINER, "child_blocks": []}, "/blocks/0/child_blocks"),
    ("a container closed for good", {**CONTAINER, "default_collapsed": True}, "/blocks/0/default_collapsed"),
    (
        "a container with one line too many",
        {**CONTAINER, "is_collapsible": True, "has_header_divider": True},
        "/blocks/0/has_header_divider",
    ),
    ("a task in an unknown state", {"type": "task_card", "task_id": "1", "title": "x", "status": "lost"}, "/blocks/0/status"),
    ("a plan of dividers", {"type": "plan", "title": "x", "tasks": [{"type": "divider"}]}, "/blocks/0/tasks/0/type"),
    ("an account without state", {"type": "auth_provider", "value": "x", "name": plain("x")}, "/blocks/0"),
]  # fmt: skip
WRONG_VIEWS: list[tuple[str, Any, str]] = [
    ("no object", 5, "/view"),
    ("an unknown view", {"type": "poster"}, "/view/type"),
    ("no title", {"type": "modal", "blocks": []}, "/view"),
    ("a title in mrkdwn", modal(title=mrkdwn("x")), "/view/title/type"),
    ("no blocks", {"type": "home"}, "/view"),
    ("a form without submit", modal(field(TEXT), submit=None), "/view"),
    ("a title at home", {"type": "home", "blocks": [], "title": plain("x")}, "/view"),
    ("an unknown key", modal(size="large"), "/view"),
    (
        "two inputs that begin with the focus",
        modal(field({**TEXT, "focus_on_load": True}), field({**TEXT, "focus_on_load": True})),
        "/view/blocks/1/element/focus_on_load",
    ),
    ("a list for messages", modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
    ("an alert at home", {"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]}, "/view/blocks/0/type"),
    (
        "an answer address at home",
        {"type": "home", "blocks": [field({**CONVERSATIONS, "response_url_enabled": True})]},
        "/view/blocks/0/element/response_url_enabled",
    ),
]  # fmt: skip
WRONG_ATTACHMENTS: list[tuple[str, Any, str]] = [
    ("no object", "x", "/attachments/0"),
    ("an unknown key", {"text": "x", "indent": 2}, "/attachments/0"),
    ("a wrong block", {"blocks": [{"type": "header", "text": plain("")}]}, "/attachments/0/blocks/0/text/text"),
    ("a field of something else", {"fields": [{"titel": "x"}]}, "/attachments/0/fields/0"),
    ("markup in the colour", {"mrkdwn_in": ["color"]}, "/attachments/0/mrkdwn_in/0"),
    ("a moment that is a list", {"ts": []}, "/attachments/0/ts"),
    ("an unknown action", {"actions": [{"type": "lever", "text": "x"}]}, "/attachments/0/actions/0/type"),
]  # fmt: skip
WRONG_OPTIONS: list[tuple[str, Any, str]] = [
    ("nothing", {}, "/"),
    ("no object", [], "/"),
    ("options and groups", {"options": [], "option_groups": []}, "/option_groups"),
    ("an option without value", {"options": [{"text": plain("x")}]}, "/options/0"),
    ("a group without label", {"option_groups": [{"options": []}]}, "/option_groups/0"),
]


def test_good_blocks_pass() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(("what", "block", "at"), WRONG, ids=[what for what, *_ in WRONG])
def test_a_wrong_block_has_one_fault_with_its_place(what: str, block: Any, at: str) -> None:
    assert [fault.rsplit("[", 1)[1] for fault in faults([block])] == [f"json-pointer:{at}]"], what


@pytest.mark.parametrize(("what", "view", "at"), WRONG_VIEWS, ids=[what for what, *_ in WRONG_VIEWS])
def test_a_wrong_view_has_one_fault_with_its_place(what: str, view: Any, at: str) -> None:
    assert [fault.rsplit("[", 1)[1] for fault in view_faults(view)] == [f"json-pointer:{at}]"], what


@pytest.mark.parametrize(
    ("what", "attachment", "at"), WRONG_ATTACHMENTS, ids=[what for what, *_ in WRONG_ATTACHMENTS]
)
def test_a_wrong_attachment_has_one_fault_with_its_place(what: str, attachment: Any, at: str) -> None:
    found = attachment_faults([attachment])

    assert [fault.rsplit("[", 1)[1] for fault in found] == [f"json-pointer:{at}]"], what


@pytest.mark.parametrize(("what", "answer", "at"), WRONG_OPTIONS, ids=[what for what, *_ in WRONG_OPTIONS])
def test_a_wrong_answer_with_options_has_one_fault_with_its_place(what: str, answer: Any, at: str) -> None:
    assert [fault.rsplit("[", 1)[1] for fault in option_faults(answer)] == [f"json-pointer:{at}]"], what


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
        ({"type": "header", "text": plain("")}, "must be more than 0 characters"),
        ({"type": "header"}, "missing required field: text"),
        ({"type": "hologram"}, "unsupported type: hologram"),
        ({"type": "header", "text": mrkdwn("x")}, "must be one of: plain_text"),
        (actions(button(style="pink")), "must be one of: primary, danger"),
        ({"type": "divider", "size": 5}, "invalid additional property: size"),
        ({"type": "divider", "block_id": 5}, "must be a string"),
        ({"type": "section", "text": plain("x"), "expand": 1}, "must be a boolean"),
        (actions(*[button(action_id=f"{i}") for i in range(26)]), "no more than 25 items allowed"),
        (actions(), "no fewer than 1 items allowed"),
        (field({**TEXT, "max_length": 3001}), "must be at most 3000"),
    ],
)
def test_faults_are_said_in_slacks_words(block: Any, words: str) -> None:
    assert [fault.split(" [json-pointer")[0] for fault in faults([block])] == [f"[ERROR] {words}"]


def test_blocks_are_a_list() -> None:
    assert faults({"type": "divider"}) == ["[ERROR] must provide an array [json-pointer:/blocks]"]


def test_faults_come_in_the_order_of_the_document() -> None:
    late = {"type": "section", "accessory": {"type": "lever"}, "text": plain(""), "mood": 1}

    found = [fault.split("json-pointer:")[1] for fault in faults([late, {"type": "hologram"}])]

    assert found == [
        "/blocks/0/accessory/type]",
        "/blocks/0/text/text]",
        "/blocks/0]",
        "/blocks/1/type]",
    ]


def test_the_ids_of_blocks_are_unique() -> None:
    twice = faults([{"type": "divider", "block_id": "x"}, {"type": "divider", "block_id": "x"}])

    assert twice == ["[ERROR] `block_id` already exists: x [json-pointer:/blocks/1/block_id]"]


def test_markdown_is_counted_over_all_blocks_of_a_message() -> None:
    halves = [{"type": "markdown", "text": "x" * 6000}] * 2

    assert faults(halves) == []
    assert "[json-pointer:/blocks/2/text]" in faults([*halves, {"type": "markdown", "text": "x"}])[0]


def test_what_is_null_is_not_given() -> None:
    assert faults([{"type": "divider", "block_id": None}, actions(button(url=None, confirm=None))]) == []
    assert faults([{"type": "header", "text": None}]) == [
        "[ERROR] missing required field: text [json-pointer:/blocks/0]"
    ]


def test_some_things_are_only_for_some_surfaces() -> None:
    answering = field({**CONVERSATIONS, "response_url_enabled": True})

    assert view_faults(modal(answering, {"type": "alert", "text": plain("Achtung")})) == []
    assert faults([{"type": "markdown", "text": "x"}]) == []
    assert faults([{"type": "markdown", "text": "x"}], "home")
    assert faults([{"type": "alert", "text": plain("x")}], "modal") == []


def test_a_home_tab_needs_only_blocks() -> None:
    assert view_faults({"type": "home", "blocks": [field(TEXT)]}) == []


def test_attachments_with_all_that_is_documented_pass() -> None:
    attachment = {
        **dict.fromkeys(ATTACHMENT_TEXTS, "x"),
        "blocks": GOOD,
        "fields": [{"title": "Ort", "value": "Rathaus", "short": True}],
        "mrkdwn_in": ["text", "pretext", "fields"],
        "ts": 1_700_000_000,
        "actions": [{"type": "button", "name": "a", "text": "Los", "value": "1", "style": "primary"}],
    }

    assert attachment_faults([attachment, {**attachment, "ts": "1700000000.000100"}]) == []


def test_options_are_answered_with_or_without_groups() -> None:
    assert option_faults({"options": []}) == []
    assert option_faults({"option_groups": [{"label": plain("G"), "options": [option("1")]}]}) == []


def test_the_characters_of_all_texts_are_counted() -> None:
    blocks = [
        {"type": "header", "text": plain("12345")},
        {"type": "section", "text": mrkdwn("123"), "accessory": button(text=plain("12"))},
        rich({"type": "text", "text": "1234"}),
        {"type": "markdown", "text": "1"},
        {"type": "plan", "title": "123"},
    ]

    assert text_length(blocks) == 18
    assert text_length([5, None, {"text": 5}]) == 0


def test_what_slack_adds_is_added_to_a_copy() -> None:
    given = [actions({"type": "button", "text": plain("Los")})]

    kept = filled(given)

    assert "block_id" not in given[0]
    assert kept[0]["block_id"]
    assert kept[0]["elements"][0]["action_id"]
    assert kept[0]["elements"][0]["text"] == {"type": "plain_text", "text": "Los", "emoji": True}


def test_nulls_are_dropped_before_ids_are_added() -> None:
    kept = filled([{**actions(button(action_id=None, url=None)), "block_id": None}])

    assert kept[0]["block_id"]
    assert kept[0]["elements"][0]["action_id"]
    assert "url" not in kept[0]["elements"][0]


def test_elements_in_containers_cards_and_tables_get_ids_too() -> None:
    press = {"type": "button", "text": plain("Los")}
    one_card = {"type": "card", "title": plain("Karte"), "actions": [press]}
    given: list[dict[str, Any]] = [
        {**CONTAINER, "child_blocks": [actions(press)]},
        {"type": "carousel", "elements": [one_card, one_card]},
        {**DATA_TABLE, "rows": [[CELL], [{"type": "action", "element": press}]]},
    ]

    found = list(interactive(filled(given)))

    assert len(found) == len({(block["block_id"], element["action_id"]) for block, element in found}) == 4
    assert [block["type"] for block, _ in found] == ["actions", "card", "card", "data_table"]


def test_blocks_in_a_container_that_is_sent_again_keep_their_ids() -> None:
    given = [{**CONTAINER, "child_blocks": [actions({"type": "button", "text": plain("Los")})]}]

    first, second = (filled(given)[0]["child_blocks"][0]["block_id"] for _ in range(2))

    assert first == second


def test_feedback_says_which_of_its_buttons_was_pressed() -> None:
    pressed = action_of(FEEDBACK, "b", "schlecht", "1.2")

    assert pressed == {
        "type": "feedback_buttons",
        "action_id": "f",
        "block_id": "b",
        "action_ts": "1.2",
        "text": plain("Schlecht"),
        "value": "schlecht",
    }
    with pytest.raises(RefusedError):
        action_of(FEEDBACK, "b", "mittel", "1.2")


def test_icon_and_workflow_buttons_are_pressed_like_buttons() -> None:
    workflow = {"type": "workflow_button", "action_id": "w", "text": plain("Los"), "workflow": {}}
    blocks = [
        {"type": "context_actions", "block_id": "b", "elements": [ICON]},
        {**actions(workflow), "block_id": "c"},
    ]

    assert [element["type"] for _, element in interactive(blocks)] == ["icon_button", "workflow_button"]
    assert initial(blocks) == {}
    assert action_of({**ICON, "value": "7"}, "b", None, "1.2")["value"] == "7"


def test_formatted_text_and_files_have_states_of_their_own() -> None:
    written = rich({"type": "text", "text": "Hallo"})
    editor = {"type": "rich_text_input", "action_id": "r", "initial_value": written}
    files = {"type": "file_input", "action_id": "f"}
    blocks = [{**field(editor), "block_id": "b"}, {**field(files), "block_id": "c"}]

    assert initial(blocks) == {
        "b": {"r": {"type": "rich_text_input", "rich_text_value": written}},
        "c": {"f": {"type": "file_input", "files": []}},
    }
    assert state_of(editor, "Hallo")["rich_text_value"] == written
    assert state_of(editor, "")["rich_text_value"] is None
    assert state_of(files, [{"id": "F1"}])["files"] == [{"id": "F1"}]
