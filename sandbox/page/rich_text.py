"""rich_text blocks as safe HTML; their text is raw, not escaped."""

from collections.abc import Callable, Sequence
from itertools import groupby

from markupsafe import Markup

from sandbox.page import colours, dates, mrkdwn
from sandbox.page.emoji import emoji, with_emoji
from sandbox.page.names import Names, address
from sandbox.state.records import JSON

STYLES = {
    "code": Markup("<code>{}</code>"),
    "strike": Markup("<s>{}</s>"),
    "underline": Markup("<u>{}</u>"),
    "italic": Markup("<em>{}</em>"),
    "bold": Markup("<strong>{}</strong>"),
    "highlight": Markup("<mark>{}</mark>"),
    "client_highlight": Markup("<mark>{}</mark>"),
}
LISTS = {"bullet": Markup("<ul{}>{}</ul>"), "ordered": Markup("<ol{}>{}</ol>")}
BORDER = Markup('<div class="bordered">{}</div>')
BOXES = {
    "rich_text_preformatted": Markup("<pre><code>{}</code></pre>"),
    "rich_text_quote": Markup("<blockquote>{}</blockquote>"),
}
SECTION = Markup("<p>{}</p>")
DEEPEST = 8


def html(block: JSON, names: Names) -> Markup:
    """Return a rich_text block as paragraphs, lists, quotes and preformatted text."""
    parts: list[Markup] = []
    for is_list, group in groupby(block["elements"], lambda part: part["type"] == "rich_text_list"):
        if is_list:
            parts.append(_list(list(group), 0, names))
        else:
            parts += [_bordered(part, _box(part, names)) for part in group]
    return Markup("").join(parts)


def line(block: JSON, names: Names) -> Markup:
    """Return the words of a rich_text block on one line, as a title has them."""
    parts = [_run(inner, names) for part in block["elements"] for inner in _lines_of(part)]
    return Markup(" ").join(parts)


def _lines_of(part: JSON) -> Sequence[JSON]:
    return part["elements"] if part["type"] == "rich_text_list" else [part]


def _box(part: JSON, names: Names) -> Markup:
    return BOXES.get(part["type"], SECTION).format(_run(part, names))


def _bordered(part: JSON, inner: Markup) -> Markup:
    # A quote has a line at its side anyway.
    return BORDER.format(inner) if part.get("border") and part["type"] != "rich_text_quote" else inner


def _list(lists: Sequence[JSON], depth: int, names: Names) -> Markup:
    """Return neighbouring lists; those with a larger `indent` stand inside the one before them."""
    html = Markup("")
    at = 0
    while at < len(lists):
        end = at + 1
        while end < len(lists) and lists[end].get("indent", 0) > depth and depth < DEEPEST:
            end += 1
        items = [_run(item, names) for item in lists[at]["elements"]]
        if end > at + 1:
            items[-1:] = [Markup("").join(items[-1:]) + _list(lists[at + 1 : end], depth + 1, names)]
        body = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
        offset = lists[at].get("offset") if lists[at]["style"] == "ordered" else None
        start = Markup(' start="{}"').format(int(offset) + 1) if offset else ""
        html += _bordered(lists[at], LISTS[lists[at]["style"]].format(start, body))
        at = end
    return html


def _run(part: JSON, names: Names) -> Markup:
    return Markup("").join(_element(element, names) for element in part["elements"])


def _element(element: JSON, names: Names) -> Markup:
    _ = names.texts
    shown: dict[str, Callable[[], Markup]] = {
        "text": lambda: _lines(element["text"]),
        "link": lambda: mrkdwn.link(element["url"], element.get("text") or element["url"]),
        "user": lambda: mrkdwn.mention(element["user_id"], names),
        "canvas_user_mention": lambda: mrkdwn.mention(element["user_id"], names),
        "usergroup": lambda: mrkdwn.MENTION.format(_("@group")),
        "team": lambda: mrkdwn.MENTION.format(_("@team")),
        "channel": lambda: mrkdwn.channel_link(element["channel_id"], "", names),
        "broadcast": lambda: mrkdwn.broadcast(element["range"], names),
        "emoji": lambda: Markup("{}").format(_emoji(element)),
        "date": lambda: _date(element, names),
        "color": lambda: colours.swatch(element["value"]),
        "message_mention": lambda: _message(element["channel_id"], element.get("text"), names),
        "canvas_message_unfurl": lambda: _message(element["root_message_channel"], None, names),
        "attachment_mention": lambda: mrkdwn.link(element["url"], element.get("text") or element["url"]),
        "canvas": lambda: mrkdwn.MENTION.format(element.get("label") or _("Canvas")),
    }
    inner = shown[element["type"]]()
    for style, template in STYLES.items():
        if (element.get("style") or {}).get(style):
            inner = template.format(inner)
    return inner


def _message(channel_id: str, text: str | None, names: Names) -> Markup:
    """Return a link to the channel a message is in, or bare words to someone who is not there."""
    _ = names.texts
    words = text or _("a message")
    if channel_id not in names.channels:
        return mrkdwn.MENTION.format(words)
    return Markup('<a class="mention" href="{}">{}</a>').format(address(names.viewer_id, channel_id), words)


def _emoji(element: JSON) -> str:
    shown = emoji(element["name"])
    if shown.startswith(":") and element.get("unicode"):
        shown = _of_codes(element["unicode"]) or shown
    return shown


def _of_codes(codes: str) -> str:
    """Return the emoji that hex codes such as `1f469-200d-1f4bb` stand for, "" when they stand for none."""
    try:
        shown = "".join(chr(int(code, 16)) for code in codes.split("-"))
        shown.encode()
    except (ValueError, OverflowError):
        return ""
    return shown


def _date(element: JSON, names: Names) -> Markup:
    words = dates.written(element["timestamp"], element["format"], names.texts, names.tz)
    words = element.get("fallback", "") if words is None else words
    return mrkdwn.link(element["url"], words) if element.get("url") else Markup("{}").format(words)


def _lines(text: str) -> Markup:
    return Markup("<br>").join(Markup("{}").format(line) for line in with_emoji(text).split("\n"))
