"""Blocks as Slack's own SDK builds them, any within the documented limits."""

from collections.abc import Callable
from typing import Any

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
