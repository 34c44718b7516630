"""Everything Slack's own SDK builds within the documented limits passes; one more of anything does not."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks import RichTextElementParts as Parts
from slack_sdk.models.blocks.basic_components import (
    DispatchActionConfig,
    FeedbackButtonObject,
    SlackFile,
    Workflow,
    WorkflowTrigger,
)
from slack_sdk.models.blocks.block_elements import FileInputElement, WorkflowButtonElement
from slack_sdk.models.views import View

from sandbox.protocol.blocks import attachment_faults, faults, option_faults, text_length, view_faults
from tests.sandbox.test_blocks import (
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

Strategy = st.SearchStrategy[Any]


def words(longest: int, shortest: int = 1) -> Strategy:
    return st.text(st.characters(codec="utf-8"), min_size=shortest, max_size=longest)


def maybe(strategy: Strategy) -> Strategy:
    return st.none() | strategy


def some(strategy: Strategy, most: int) -> Strategy:
    return st.lists(strategy, min_size=1, max_size=most)


FLAG = maybe(st.booleans())
URL = st.just("https://stadt.example/seite")
ID = maybe(st.uuids().map(str))
STYLE = maybe(st.sampled_from(["primary", "danger"]))


def plain_text(longest: int) -> Strategy:
    return st.builds(sdk.PlainTextObject, text=words(longest), emoji=FLAG)


def any_text(longest: int) -> Strategy:
    return plain_text(longest) | st.builds(sdk.MarkdownTextObject, text=words(longest), verbatim=FLAG)


CONFIRM = maybe(
    st.builds(
        sdk.ConfirmObject,
        title=plain_text(100),
        text=any_text(300),
        confirm=plain_text(30),
        deny=plain_text(30),
        style=STYLE,
    )
)
PLACEHOLDER = maybe(plain_text(150))
DISPATCH = maybe(
    st.builds(
        DispatchActionConfig,
        trigger_actions_on=st.lists(
            st.sampled_from(["on_enter_pressed", "on_character_entered"]), unique=True
        ),
    )
)
OPTION = st.builds(sdk.Option, text=plain_text(75), value=words(150), description=maybe(plain_text(75)))
MARKED = st.builds(sdk.Option, text=any_text(75), value=words(150), description=maybe(any_text(75)))
GROUP = st.builds(sdk.OptionGroup, label=plain_text(75), options=some(OPTION, 3))
FILTER = maybe(
    st.builds(
        sdk.ConversationFilter,
        include=some(st.sampled_from(["im", "mpim", "private", "public"]), 4),
        exclude_bot_users=FLAG,
        exclude_external_shared_channels=FLAG,
    )
)


def element(kind: Any, **more: Strategy) -> Strategy:
    return st.builds(kind, action_id=ID, **more)


def menu(kind: Any, **more: Strategy) -> Strategy:
    return element(kind, placeholder=PLACEHOLDER, confirm=CONFIRM, **more)


def several(kind: Any, **more: Strategy) -> Strategy:
    return menu(kind, max_selected_items=maybe(st.integers(1, 100)), **more)


def typed(kind: Any, **more: Strategy) -> Strategy:
    return element(kind, placeholder=PLACEHOLDER, dispatch_action_config=DISPATCH, **more)


def beginning(kind: Callable[..., Strategy], model: Any, options: Strategy, key: str) -> Strategy:
    """Build an element with options that begins with one, or some, of them."""

    def build(offered: list[Any]) -> Strategy:
        first = st.sampled_from(offered)
        return kind(
            model, options=st.just(offered), **{key: maybe(first if key[-1] == "n" else some(first, 2))}
        )

    return options.flatmap(build)


BUTTON = element(
    sdk.ButtonElement,
    text=plain_text(75),
    url=maybe(URL),
    value=maybe(words(2000)),
    style=STYLE,
    confirm=CONFIRM,
    accessibility_label=maybe(words(75)),
    agent_prompt=maybe(words(4000)),
    visible_to_user_ids=maybe(some(words(9), 3)),
)
IMAGE_ELEMENT = st.builds(sdk.ImageElement, alt_text=words(2000), image_url=URL) | st.builds(
    sdk.ImageElement, alt_text=words(2000), slack_file=st.builds(SlackFile, id=words(11))
)
WORKFLOW_BUTTON = element(
    WorkflowButtonElement,
    text=plain_text(75),
    workflow=st.builds(
        Workflow,
        trigger=st.builds(
            WorkflowTrigger,
            url=URL,
            customizable_input_parameters=maybe(st.just([{"name": "a", "value": "1"}])),
        ),
    ),
    style=STYLE,
    accessibility_label=maybe(words(75)),
)
OVERFLOW = element(sdk.OverflowMenuElement, options=some(OPTION, 5), confirm=CONFIRM)
STYLED = {
    "style": maybe(st.builds(Parts.TextStyle, bold=FLAG, italic=FLAG, strike=FLAG, code=FLAG, underline=FLAG))
}
PIECE = st.one_of(
    st.builds(Parts.Text, text=words(30), **STYLED),
    st.builds(Parts.Link, url=URL, text=maybe(words(30)), **STYLED),
    st.builds(Parts.User, user_id=words(9), **STYLED),
    st.builds(Parts.UserGroup, usergroup_id=words(9), **STYLED),
    st.builds(Parts.Channel, channel_id=words(9), **STYLED),
    st.builds(Parts.Team, team_id=words(9), **STYLED),
    st.builds(Parts.Broadcast, range=st.sampled_from(["here", "channel", "everyone"]), **STYLED),
    st.builds(Parts.Emoji, name=words(9), unicode=maybe(words(9)), skin_tone=maybe(st.integers(1, 6)), **STYLED),
    st.builds(Parts.Date, timestamp=st.integers(), format=words(9), url=maybe(URL), fallback=maybe(words(9)), **STYLED),
    st.builds(Parts.Color, value=words(7), **STYLED),
)  # fmt: skip
PIECES = st.lists(PIECE, max_size=4)
BORDER = maybe(st.sampled_from([0, 1]))
LINES = st.builds(sdk.RichTextSectionElement, elements=PIECES)
RICH_TEXT = st.builds(
    sdk.RichTextBlock,
    elements=some(
        st.one_of(
            LINES,
            st.builds(
                sdk.RichTextListElement,
                elements=st.lists(LINES, max_size=3),
                style=st.sampled_from(["bullet", "ordered"]),
                indent=maybe(st.integers(0, 8)),
                offset=maybe(st.integers(0, 50)),
                border=BORDER,
            ),
            st.builds(sdk.RichTextPreformattedElement, elements=PIECES, border=BORDER),
            st.builds(sdk.RichTextQuoteElement, elements=PIECES),
        ),
        3,
    ),
)
CHOICES = {
    "static_select": beginning(menu, sdk.StaticSelectElement, some(OPTION, 4), "initial_option"),
    "static_select in groups": menu(sdk.StaticSelectElement, option_groups=some(GROUP, 3)),
    "external_select": menu(
        sdk.ExternalDataSelectElement,
        initial_option=maybe(OPTION),
        min_query_length=maybe(st.integers(0, 9)),
    ),
    "users_select": menu(sdk.UserSelectElement, initial_user=maybe(words(9))),
    "conversations_select": menu(
        sdk.ConversationSelectElement,
        initial_conversation=maybe(words(9)),
        default_to_current_conversation=FLAG,
        filter=FILTER,
    ),
    "channels_select": menu(sdk.ChannelSelectElement, initial_channel=maybe(words(9))),
    "multi_static_select": beginning(
        several, sdk.StaticMultiSelectElement, some(OPTION, 4), "initial_options"
    ),
    "multi_external_select": several(
        sdk.ExternalDataMultiSelectElement,
        initial_options=maybe(some(OPTION, 3)),
        min_query_length=maybe(st.integers(0, 9)),
    ),
    "multi_users_select": several(sdk.UserMultiSelectElement, initial_users=maybe(some(words(9), 3))),
    "multi_conversations_select": several(
        sdk.ConversationMultiSelectElement,
        initial_conversations=maybe(some(words(9), 3)),
        default_to_current_conversation=FLAG,
        filter=FILTER,
    ),
    "multi_channels_select": several(
        sdk.ChannelMultiSelectElement, initial_channels=maybe(some(words(9), 3))
    ),
    "checkboxes": beginning(element, sdk.CheckboxesElement, some(MARKED, 5), "initial_options"),
    "radio_buttons": beginning(element, sdk.RadioButtonsElement, some(MARKED, 5), "initial_option"),
    "datepicker": menu(sdk.DatePickerElement, initial_date=maybe(st.dates().map(str))),
    "timepicker": menu(
        sdk.TimePickerElement,
        initial_time=maybe(st.times().map(lambda time: f"{time:%H:%M}")),
        timezone=maybe(st.just("Europe/Berlin")),
    ),
}
DATETIME = element(
    sdk.DateTimePickerElement,
    initial_date_time=maybe(st.integers(1_000_000_000, 9_999_999_999)),
    confirm=CONFIRM,
)
INPUTS = {
    **CHOICES,
    "datetimepicker": DATETIME,
    "plain_text_input": typed(
        sdk.PlainTextInputElement,
        initial_value=maybe(words(200, 0)),
        multiline=FLAG,
        min_length=maybe(st.integers(0, 200)),
        max_length=maybe(st.integers(200, 3000)),
    ),
    "number_input": typed(
        sdk.NumberInputElement,
        is_decimal_allowed=st.booleans(),
        min_value=maybe(st.integers(max_value=0)),
        max_value=maybe(st.integers(min_value=0) | st.decimals(0, 9, places=2)),
        initial_value=maybe(st.integers()),
    ),
    "email_text_input": typed(sdk.EmailInputElement, initial_value=maybe(words(30))),
    "url_text_input": typed(sdk.UrlInputElement, initial_value=maybe(words(30))),
    "rich_text_input": typed(sdk.RichTextInputElement, initial_value=maybe(RICH_TEXT)),
    "file_input": element(
        FileInputElement,
        filetypes=maybe(some(words(4), 3)),
        max_files=maybe(st.integers(1, 10)),
    ),
}
PRESSED = {"button": BUTTON, "workflow_button": WORKFLOW_BUTTON, "overflow": OVERFLOW}
IN_SECTIONS = {**PRESSED, **CHOICES, "image": IMAGE_ELEMENT}
IN_ACTIONS = {**PRESSED, **CHOICES, "datetimepicker": DATETIME}
FEEDBACK_BUTTON = st.builds(
    FeedbackButtonObject, text=plain_text(75), value=words(2000), accessibility_label=maybe(words(75))
)
CARD = st.builds(
    sdk.CardBlock,
    hero_image=maybe(IMAGE_ELEMENT),
    icon=maybe(IMAGE_ELEMENT),
    title=any_text(150),
    subtitle=maybe(any_text(150)),
    body=maybe(any_text(200)),
    actions=maybe(some(BUTTON, 2)),
)
TASK = st.builds(
    sdk.TaskCardBlock,
    task_id=words(9),
    title=words(50),
    details=maybe(RICH_TEXT),
    output=maybe(RICH_TEXT),
    sources=maybe(some(st.builds(sdk.UrlSourceElement, url=URL, text=words(20)), 2)),
    status=st.sampled_from(["pending", "in_progress", "complete", "error"]),
)
DIVIDER = st.builds(sdk.DividerBlock, block_id=ID)
RAW_TEXT = st.builds(sdk.RawTextObject, text=words(30)).map(lambda cell: cell.to_dict())
RAW_NUMBER = st.builds(
    sdk.RawNumberObject,
    value=st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False),
    text=words(9),
).map(lambda cell: cell.to_dict() | {"type": "raw_number"})
CELL = RAW_TEXT | RAW_NUMBER | RICH_TEXT.map(lambda cell: cell.to_dict())
COLUMN = st.builds(
    sdk.TableBlockColumnSettings,
    align=maybe(st.sampled_from(["left", "center", "right"])),
    is_wrapped=FLAG,
).map(lambda column: column.to_dict())
BLOCKS = {
    "section": st.builds(sdk.SectionBlock, text=any_text(3000), block_id=ID, expand=FLAG),
    "fields": st.builds(sdk.SectionBlock, fields=some(any_text(2000), 10)),
    "divider": DIVIDER,
    "header": st.builds(sdk.HeaderBlock, text=plain_text(150)),
    "image": st.builds(sdk.ImageBlock, alt_text=words(2000), image_url=URL, title=maybe(plain_text(2000))),
    "context": st.builds(sdk.ContextBlock, elements=some(any_text(3000) | IMAGE_ELEMENT, 10)),
    "context_actions": st.builds(
        sdk.ContextActionsBlock,
        elements=some(
            element(
                sdk.FeedbackButtonsElement, positive_button=FEEDBACK_BUTTON, negative_button=FEEDBACK_BUTTON
            )
            | element(
                sdk.IconButtonElement,
                icon=st.just("trash"),
                text=plain_text(3000),
                value=maybe(words(2000)),
                confirm=CONFIRM,
                accessibility_label=maybe(words(75)),
                visible_to_user_ids=maybe(some(words(9), 10)),
            ),
            5,
        ),
    ),
    "file": st.builds(sdk.FileBlock, external_id=words(20)),
    "call": st.builds(sdk.CallBlock, call_id=words(20), api_decoration_available=FLAG),
    "markdown": st.builds(sdk.MarkdownBlock, text=words(12_000)),
    "video": st.builds(
        sdk.VideoBlock,
        title=plain_text(199),
        video_url=URL,
        thumbnail_url=URL,
        alt_text=words(200),
        title_url=maybe(URL),
        description=maybe(plain_text(200)),
        author_name=maybe(words(49)),
        provider_name=maybe(words(49)),
        provider_icon_url=maybe(URL),
    ),
    "rich_text": RICH_TEXT,
    "table": st.builds(
        sdk.TableBlock,
        rows=some(st.lists(CELL, max_size=4), 4),
        column_settings=maybe(some(maybe(COLUMN), 4)),
    ),
    "task_card": TASK,
    "plan": st.builds(sdk.PlanBlock, title=words(50), tasks=maybe(some(TASK, 2))),
    "card": CARD,
    "carousel": st.builds(sdk.CarouselBlock, elements=some(CARD, 3)),
    "container": st.builds(
        sdk.ContainerBlock,
        title=plain_text(150),
        rich_text_title=maybe(RICH_TEXT),
        subtitle=maybe(any_text(150)),
        child_blocks=some(DIVIDER | RICH_TEXT, 10),
        width=maybe(st.sampled_from(["narrow", "standard", "wide", "full"])),
        icon=maybe(IMAGE_ELEMENT),
        is_collapsible=st.just(value=True),
        default_collapsed=FLAG,
    ),
    "auth_provider": st.builds(
        sdk.AuthProviderBlock,
        value=words(150),
        name=plain_text(75),
        is_connected=st.booleans(),
        description=maybe(plain_text(150)),
        icon_url=maybe(URL),
        auth_url=maybe(URL),
        disconnect_url=maybe(URL),
        connected_identity=maybe(plain_text(75)),
        connected_context=maybe(plain_text(75)),
        accessory=maybe(OVERFLOW),
        fallback=maybe(some(DIVIDER, 2)),
    ),
}
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
