"""Everything Slack's own SDK builds within the documented limits passes; one more of anything does not."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk
from slack_sdk.models.views import View

from sandbox.protocol.blocks import attachment_faults, faults, option_faults, text_length, view_faults
from tests.sandbox.kit import (
    CONTAINER,
    FEEDBACK,
    GOOD,
    ICON,
    IMAGE,
    PIE,
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
from tests.sandbox.strategies import (
    BLOCKS,
    FLAG,
    IN_ACTIONS,
    IN_SECTIONS,
    INPUTS,
    any_text,
    maybe,
    menu,
    plain_text,
    some,
    words,
)

QUICK = settings(max_examples=10, deadline=None, database=None)


@pytest.mark.parametrize("kind", BLOCKS)
@QUICK
@given(data=st.data())
def test_blocks_built_by_slacks_sdk_pass(kind: str, data: st.DataObject) -> None:
    assert faults([data.draw(BLOCKS[kind]).to_dict()]) == []


@pytest.mark.parametrize("kind", INPUTS)
@QUICK
@given(data=st.data())
def test_inputs_built_by_slacks_sdk_pass(kind: str, data: st.DataObject) -> None:
    block = st.builds(
        sdk.InputBlock,
        label=plain_text(2000),
        hint=maybe(plain_text(2000)),
        element=INPUTS[kind],
        optional=FLAG,
        dispatch_action=FLAG,
    )

    assert faults([data.draw(block).to_dict()]) == []


@pytest.mark.parametrize("kind", IN_SECTIONS)
@QUICK
@given(data=st.data())
def test_accessories_built_by_slacks_sdk_pass(kind: str, data: st.DataObject) -> None:
    block = st.builds(sdk.SectionBlock, text=any_text(3000), accessory=IN_SECTIONS[kind])

    assert faults([data.draw(block).to_dict()]) == []


@pytest.mark.parametrize("kind", IN_ACTIONS)
@QUICK
@given(data=st.data())
def test_actions_built_by_slacks_sdk_pass(kind: str, data: st.DataObject) -> None:
    block = st.builds(sdk.ActionsBlock, elements=some(IN_ACTIONS[kind], 3))

    assert faults([data.draw(block).to_dict()]) == []


@QUICK
@given(data=st.data())
def test_modals_and_home_tabs_built_by_slacks_sdk_pass(data: st.DataObject) -> None:
    alert = st.builds(
        sdk.AlertBlock,
        text=any_text(200),
        level=maybe(st.sampled_from(["default", "info", "warning", "error", "success"])),
    )
    answering = menu(sdk.ConversationSelectElement, response_url_enabled=FLAG) | menu(
        sdk.ChannelSelectElement, response_url_enabled=FLAG
    )
    form = st.builds(sdk.InputBlock, label=plain_text(2000), element=answering)
    common = {
        "private_metadata": maybe(words(3000)),
        "callback_id": maybe(words(255)),
        "external_id": maybe(words(255)),
    }
    modal_view = st.builds(
        View,
        type=st.just("modal"),
        title=plain_text(24),
        submit=plain_text(24),
        close=maybe(plain_text(24)),
        blocks=some(alert | form, 3),
        clear_on_close=FLAG,
        notify_on_close=FLAG,
        **common,
    )
    home = st.builds(View, type=st.just("home"), blocks=some(BLOCKS["section"], 3), **common)

    assert view_faults(data.draw(modal_view | home).to_dict()) == []


def confirm(**more: Any) -> dict[str, Any]:
    question = {
        "title": plain("Ja?"),
        "text": mrkdwn("Wirklich?"),
        "confirm": plain("Ja"),
        "deny": plain("Nein"),
    }
    return actions(button(confirm={**question, **more}))


def context_actions(*elements: Any) -> dict[str, Any]:
    return {"type": "context_actions", "elements": list(elements)}


def chosen(count: int, kind: str) -> dict[str, Any]:
    return section({**select(count), "type": kind})


def groups(count: int, options: int = 1, label: str = "G") -> dict[str, Any]:
    group = {"label": plain(label), "options": [option(f"{i}") for i in range(options)]}
    return {"type": "static_select", "action_id": "s", "option_groups": [group] * count}


def card(**more: Any) -> dict[str, Any]:
    return {"type": "card", "title": plain("Karte"), **more}


def account(**more: Any) -> dict[str, Any]:
    return {"type": "auth_provider", "value": "x", "name": plain("x"), "is_connected": True, **more}


def table(rows: int, cells: int) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * cells] * rows}


def data_table(rows: int, cells: int) -> dict[str, Any]:
    return {**table(rows, cells), "type": "data_table", "caption": "Beiträge"}


def link(length: int) -> str:
    return "https://x.example/".ljust(length, "x")


LIMITS: list[tuple[str, Callable[[int], Any], int, str]] = [
    ("block_id", lambda n: {"type": "divider", "block_id": "x" * n}, 255, "block_id"),
    ("section", lambda n: {"type": "section", "text": mrkdwn("x" * n)}, 3000, "text/text"),
    ("fields", lambda n: {"type": "section", "fields": [plain("x")] * n}, 10, "fields"),
    ("field", lambda n: {"type": "section", "fields": [plain("x" * n)]}, 2000, "fields/0/text"),
    ("header", lambda n: {"type": "header", "text": plain("x" * n)}, 150, "text/text"),
    ("alt text", lambda n: {**IMAGE, "alt_text": "x" * n}, 2000, "alt_text"),
    ("image_url", lambda n: {**IMAGE, "image_url": "x" * n}, 3000, "image_url"),
    ("image title", lambda n: {**IMAGE, "title": plain("x" * n)}, 2000, "title/text"),
    ("context", lambda n: {"type": "context", "elements": [plain("x")] * n}, 10, "elements"),
    ("text in a context", lambda n: {"type": "context", "elements": [plain("x" * n)]}, 3000, "elements/0/text"),
    ("actions", lambda n: actions(*[button(action_id=f"{i}") for i in range(n)]), 25, "elements"),
    ("context actions", lambda n: context_actions(*[{**ICON, "action_id": f"{i}"} for i in range(n)]), 5, "elements"),
    ("label", lambda n: field(TEXT, "x" * n), 2000, "label/text"),
    ("hint", lambda n: {**field(TEXT), "hint": plain("x" * n)}, 2000, "hint/text"),
    ("video title", lambda n: {**VIDEO, "title": plain("x" * n)}, 200, "title/text"),
    ("video description", lambda n: {**VIDEO, "description": plain("x" * n)}, 200, "description/text"),
    ("video author", lambda n: {**VIDEO, "author_name": "x" * n}, 50, "author_name"),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000, "text"),
    ("rows", lambda n: table(n, 1), 100, "rows"),
    ("cells", lambda n: table(1, n), 20, "rows/0"),
    ("columns", lambda n: {**table(1, 1), "column_settings": [None] * n}, 20, "column_settings"),
    ("list indent", lambda n: {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [], "indent": n}]}, 8, "elements/0/indent"),
    ("action_id", lambda n: actions(button(action_id="x" * n)), 255, "elements/0/action_id"),
    ("button", lambda n: actions(button(text=plain("x" * n))), 75, "elements/0/text/text"),
    ("button value", lambda n: actions(button(value="x" * n)), 2000, "elements/0/value"),
    ("button url", lambda n: actions(button(url="x" * n)), 3000, "elements/0/url"),
    ("button label", lambda n: actions(button(accessibility_label="x" * n)), 75, "elements/0/accessibility_label"),
    ("agent prompt", lambda n: actions(button(agent_prompt="x" * n)), 4000, "elements/0/agent_prompt"),
    ("icon button value", lambda n: context_actions({**ICON, "value": "x" * n}), 2000, "elements/0/value"),
    ("icon button people", lambda n: context_actions({**ICON, "visible_to_user_ids": ["U1"] * n}), 10, "elements/0/visible_to_user_ids"),
    ("feedback", lambda n: context_actions({**FEEDBACK, "positive_button": {"text": plain("x" * n), "value": "x"}}), 75, "elements/0/positive_button/text/text"),
    ("feedback value", lambda n: context_actions({**FEEDBACK, "negative_button": {"text": plain("x"), "value": "x" * n}}), 2000, "elements/0/negative_button/value"),
    ("options", lambda n: actions(select(n)), 100, "elements/0/options"),
    ("option groups", lambda n: actions(groups(n)), 100, "elements/0/option_groups"),
    ("options in a group", lambda n: actions(groups(1, n)), 100, "elements/0/option_groups/0/options"),
    ("group label", lambda n: actions(groups(1, label="x" * n)), 75, "elements/0/option_groups/0/label/text"),
    ("several options", lambda n: chosen(n, "multi_static_select"), 100, "accessory/options"),
    ("option", lambda n: actions(select(0, options=[{"text": plain("x" * n), "value": "x"}])), 75, "elements/0/options/0/text/text"),
    ("option value", lambda n: actions(select(0, options=[{"text": plain("x"), "value": "x" * n}])), 150, "elements/0/options/0/value"),
    ("option description", lambda n: actions(select(0, options=[option("x", description=plain("x" * n))])), 75, "elements/0/options/0/description/text"),
    ("overflow", lambda n: chosen(n, "overflow"), 5, "accessory/options"),
    ("overflow url", lambda n: actions({"type": "overflow", "options": [option("x", url="x" * n)]}), 3000, "elements/0/options/0/url"),
    ("checkboxes", lambda n: chosen(n, "checkboxes"), 10, "accessory/options"),
    ("radio buttons", lambda n: chosen(n, "radio_buttons"), 10, "accessory/options"),
    ("placeholder", lambda n: actions(select(1, placeholder=plain("x" * n))), 150, "elements/0/placeholder/text"),
    ("question title", lambda n: confirm(title=plain("x" * n)), 100, "elements/0/confirm/title/text"),
    ("question", lambda n: confirm(text=mrkdwn("x" * n)), 300, "elements/0/confirm/text/text"),
    ("question yes", lambda n: confirm(confirm=plain("x" * n)), 30, "elements/0/confirm/confirm/text"),
    ("question no", lambda n: confirm(deny=plain("x" * n)), 30, "elements/0/confirm/deny/text"),
    ("min_length", lambda n: field({**TEXT, "min_length": n}), 3000, "element/min_length"),
    ("max_length", lambda n: field({**TEXT, "max_length": n}), 3000, "element/max_length"),
    ("initial text", lambda n: field({**TEXT, "initial_value": "x" * n}), 3000, "element/initial_value"),
    ("max_files", lambda n: field({"type": "file_input", "max_files": n}), 10, "element/max_files"),
    ("moment", lambda n: actions({"type": "datetimepicker", "initial_date_time": n}), 9_999_999_999, "elements/0/initial_date_time"),
    ("card title", lambda n: card(title=mrkdwn("x" * n)), 150, "title/text"),
    ("card subtitle", lambda n: card(subtitle=mrkdwn("x" * n)), 150, "subtitle/text"),
    ("card body", lambda n: card(body=mrkdwn("x" * n)), 200, "body/text"),
    ("carousel", lambda n: {"type": "carousel", "elements": [card()] * n}, 10, "elements"),
    ("container title", lambda n: {**CONTAINER, "title": plain("x" * n)}, 150, "title/text"),
    ("container subtitle", lambda n: {**CONTAINER, "subtitle": plain("x" * n)}, 150, "subtitle/text"),
    ("container", lambda n: {**CONTAINER, "child_blocks": [{"type": "divider"}] * n}, 10, "child_blocks"),
    ("data table", lambda n: data_table(n, 1), 201, "rows"),
    ("data table page", lambda n: {**data_table(2, 1), "page_size": n}, 100, "page_size"),
    ("data table index", lambda n: {**data_table(2, 1), "row_header_column_index": n}, 19, "row_header_column_index"),
    ("chart title", lambda n: {**PIE, "title": "x" * n}, 50, "title"),
    ("slices", lambda n: {**PIE, "chart": {"type": "pie", "segments": [{"label": "x", "value": 1}] * n}}, 6, "chart/segments"),
    ("series", lambda n: bars(*[series("Mo", "Di", name=f"{i}") for i in range(n)]), 12, "chart/series"),
    ("series name", lambda n: bars(series("Mo", "Di", name="x" * n)), 20, "chart/series/0/name"),
    ("series data", lambda n: bars(series("Mo", *["Di"] * (n - 1))), 20, "chart/series/0/data"),
    ("account", lambda n: account(value="x" * n), 150, "value"),
    ("account name", lambda n: account(name=plain("x" * n)), 75, "name/text"),
    ("account description", lambda n: account(description=plain("x" * n)), 150, "description/text"),
    ("account identity", lambda n: account(connected_identity=plain("x" * n)), 75, "connected_identity/text"),
    ("account context", lambda n: account(connected_context=plain("x" * n)), 75, "connected_context/text"),
    ("account icon", lambda n: account(icon_url=link(n)), 3000, "icon_url"),
    ("account link", lambda n: account(auth_url=link(n)), 3000, "auth_url"),
    ("account way out", lambda n: account(disconnect_url=link(n)), 3000, "disconnect_url"),
]  # fmt: skip
VIEW_LIMITS: list[tuple[str, Callable[[int], Any], int, str]] = [
    ("alert", lambda n: modal({"type": "alert", "text": mrkdwn("x" * n)}), 200, "blocks/0/text/text"),
    ("title", lambda n: modal(title=plain("x" * n)), 24, "title/text"),
    ("submit", lambda n: modal(submit=plain("x" * n)), 24, "submit/text"),
    ("close", lambda n: modal(close=plain("x" * n)), 24, "close/text"),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000, "private_metadata"),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255, "callback_id"),
    ("external_id", lambda n: modal(external_id="x" * n), 255, "external_id"),
    ("blocks", lambda n: modal(*[{"type": "divider"}] * n), 100, "blocks"),
    ("home", lambda n: {"type": "home", "blocks": [{"type": "divider"}] * n}, 100, "blocks"),
]
OPTION_LIMITS: list[tuple[str, Callable[[int], Any], int, str]] = [
    ("options", lambda n: {"options": [option("x")] * n}, 100, "options"),
    ("groups", lambda n: {"option_groups": groups(n)["option_groups"]}, 100, "option_groups"),
    ("in a group", lambda n: {"option_groups": groups(1, n)["option_groups"]}, 100, "option_groups/0/options"),
    ("label", lambda n: {"option_groups": groups(1, label="x" * n)["option_groups"]}, 75, "option_groups/0/label/text"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "build", "limit", "at"), LIMITS, ids=[what for what, *_ in LIMITS])
def test_a_block_may_reach_a_limit_and_not_pass_it(
    what: str, build: Callable[[int], Any], limit: int, at: str
) -> None:
    assert faults([build(limit)]) == []
    assert [fault.split("json-pointer:")[1] for fault in faults([build(limit + 1)])] == [f"/blocks/0/{at}]"]


@pytest.mark.parametrize(
    ("what", "build", "limit", "at"), VIEW_LIMITS, ids=[what for what, *_ in VIEW_LIMITS]
)
def test_a_view_may_reach_a_limit_and_not_pass_it(
    what: str, build: Callable[[int], Any], limit: int, at: str
) -> None:
    assert view_faults(build(limit)) == []
    assert [fault.split("json-pointer:")[1] for fault in view_faults(build(limit + 1))] == [f"/view/{at}]"]


@pytest.mark.parametrize(
    ("what", "build", "limit", "at"), OPTION_LIMITS, ids=[what for what, *_ in OPTION_LIMITS]
)
def test_an_answer_with_options_may_reach_a_limit_and_not_pass_it(
    what: str, build: Callable[[int], Any], limit: int, at: str
) -> None:
    assert option_faults(build(limit)) == []
    assert [fault.split("json-pointer:")[1] for fault in option_faults(build(limit + 1))] == [f"/{at}]"]


def test_a_message_may_have_fifty_blocks() -> None:
    assert faults([{"type": "divider"}] * 50) == []
    assert faults([{"type": "divider"}] * 51) == [
        "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_an_attachment_may_have_fifty_blocks_and_five_actions() -> None:
    action = {"type": "button", "text": "x"}

    assert attachment_faults([{"blocks": [{"type": "divider"}] * 50, "actions": [action] * 5}]) == []
    assert len(attachment_faults([{"blocks": [{"type": "divider"}] * 51, "actions": [action] * 6}])) == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)
CHECKS: list[Callable[[Any], list[str]]] = [faults, view_faults, attachment_faults, option_faults]


def places(document: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where everything in a document is."""
    if isinstance(document, dict):
        inside = list(document.items())
    else:
        inside = list(enumerate(document)) if isinstance(document, list) else []
    return [at, *(place for key, part in inside for place in places(part, (*at, key)))]


def replaced(document: Any, place: tuple[Any, ...], part: Any) -> Any:
    """Return a document with something else at a place."""
    if not place:
        return part
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[place[0]] = replaced(document[place[0]], place[1:], part)
    return copy


def leads_somewhere(document: Any, pointer: str) -> bool:
    """Whether all keys of a pointer are there."""
    for part in pointer.split("/")[1:]:
        if isinstance(document, dict) and part in document:
            document = document[part]
        elif isinstance(document, list) and int(part) < len(document):
            document = document[int(part)]
        else:
            return False
    return True


@settings(max_examples=50, deadline=None, database=None)
@given(document=JSON)
def test_any_json_has_faults_or_none_but_never_breaks_the_check(document: Any) -> None:
    for check in CHECKS:
        assert all(fault.startswith("[ERROR] ") for fault in check(document))
    assert text_length(document) >= 0


@settings(max_examples=50, deadline=None, database=None)
@given(data=st.data())
def test_pointers_lead_to_what_is_there(data: st.DataObject) -> None:
    blocks = [*GOOD, rich({"type": "text", "text": "x", "style": {"bold": True}})]
    spoilt = replaced(
        {"blocks": blocks}, ("blocks", *data.draw(st.sampled_from(places(blocks)))), data.draw(JSON)
    )

    for fault in faults(spoilt["blocks"]):
        pointer = fault.rsplit("[json-pointer:", 1)[1].removesuffix("]")
        assert leads_somewhere(spoilt, pointer), fault


@pytest.mark.parametrize(
    "document",
    [
        10**5000,
        [{"type": 10**5000}],
        [{"type": "\ud800", "\ud800": "\ud800"}],
        [{"type": "header", "text": plain("\ud800")}],
        [{"type": "#header", "#": "#"}],
        [{"type": "header", "#x": {}, "text": {"type": "plain_text", "text": [[]], "": 1}}],
        [{"type": "table", "rows": [[{"type": "raw_number", "value": 10**400, "text": "x"}]]}],
        [{"type": "actions", "elements": [[[]]]}] * 200,
        [{f"{i}": i for i in range(5000)} | {"type": "divider"}],
    ],
    ids=[*"abcdefghi"],
)
def test_the_strangest_documents_are_refused(document: Any) -> None:
    assert faults(document)
