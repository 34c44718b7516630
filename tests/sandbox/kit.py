"""Blocks, elements and views for tests, as short as they can be."""

from typing import Any


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Los"), "action_id": "a", **more}


def option(value: str, **more: Any) -> dict[str, Any]:
    return {"text": plain(value), "value": value, **more}


def select(count: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "static_select",
        "action_id": "s",
        "options": [option(f"{i}") for i in range(count)],
        **more,
    }


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def section(accessory: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain("Text"), "accessory": accessory}


def field(element: Any, label: str = "Feld") -> dict[str, Any]:
    return {"type": "input", "label": plain(label), "element": element}


def rich(*pieces: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(pieces)}]}


def modal(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("Titel"),
        "submit": plain("Los"),
        "blocks": list(blocks),
        **more,
    }


TEXT = {"type": "plain_text_input", "action_id": "t"}
IMAGE = {"type": "image", "image_url": "https://stadt.example/a.png", "alt_text": "Ein Bild"}
CONVERSATIONS = {"type": "conversations_select", "action_id": "c"}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "f",
    "positive_button": {"text": plain("Gut"), "value": "gut"},
    "negative_button": {"text": plain("Schlecht"), "value": "schlecht"},
}
ICON = {"type": "icon_button", "action_id": "i", "icon": "trash", "text": plain("Weg")}
VIDEO = {
    "type": "video",
    "title": plain("Film"),
    "video_url": "https://stadt.example/film",
    "thumbnail_url": "https://stadt.example/film.png",
    "alt_text": "Ein Film",
}
CONTAINER = {"type": "container", "title": plain("Kasten"), "child_blocks": [{"type": "divider"}]}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, rich({"type": "text", "text": "b"})]]}
CELL = {"type": "raw_text", "text": "a"}
NUMBER = {"type": "raw_number", "value": 2.5, "text": "2,5"}
DATA_TABLE = {
    "type": "data_table",
    "caption": "Beiträge",
    "rows": [[CELL, CELL], [NUMBER, {"type": "action", "element": button(), "fallback": CELL}]],
}
PIE = {
    "type": "data_visualization",
    "title": "Beiträge",
    "chart": {"type": "pie", "segments": [{"label": "Kultur", "value": 3}]},
}


def bars(*series: Any) -> dict[str, Any]:
    chart = {
        "type": "bar",
        "series": list(series),
        "axis_config": {"categories": ["Mo", "Di"], "x_label": "Tag"},
    }
    return {"type": "data_visualization", "title": "Beiträge", "chart": chart}


def series(*labels: str, name: str = "Kultur") -> dict[str, Any]:
    return {"name": name, "data": [{"label": label, "value": -1.5} for label in labels]}


ATTACHMENT_TEXTS = [
    *("fallback", "color", "pretext", "title", "title_link", "text", "image_url", "thumb_url"),
    *("author_name", "author_subname", "author_link", "author_icon", "footer", "footer_icon"),
    *("callback_id", "attachment_type"),
]
GOOD = [
    {"type": "header", "text": plain("Titel")},
    {"type": "section", "text": mrkdwn("*Hallo*"), "accessory": button()},
    {"type": "section", "fields": [plain("eins"), plain("zwei")]},
    {"type": "context", "elements": [mrkdwn("klein"), IMAGE]},
    {"type": "divider"},
    IMAGE,
    actions(button(style="primary", value="1"), select(3, placeholder=plain("Wähle"))),
    field({**TEXT, "multiline": True, "max_length": 3000}),
    field({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}),
    {"type": "context_actions", "elements": [FEEDBACK, ICON]},
    VIDEO,
    CONTAINER,
    TABLE,
    DATA_TABLE,
    PIE,
    bars(series("Mo", "Di"), series("Di", "Mo", name="Sport")),
    rich(
        {"type": "user", "user_id": "U1", "from_llm": False},
        {"type": "channel", "channel_id": "C1", "tab_id": "T1", "from_llm": True},
        {"type": "date", "timestamp": 1_720_710_212, "format": "{date_num}", "timezone": "Europe/Berlin"},
        {"type": "message_mention", "channel_id": "C1", "message_ts": "1720710212.123456"},
        {"type": "attachment_mention", "url": "https://stadt.example", "style": {"bold": True}},
        {"type": "canvas", "file_id": "F1", "hide_title": True},
        {"type": "canvas_user_mention", "user_id": "U1"},
        {"type": "canvas_message_unfurl", "root_message_ts": "1.2", "root_message_channel": "C1"},
    ),
]
