"""rich_text blocks as safe HTML; their text is raw, not escaped."""

from collections.abc import Callable, Sequence
from itertools import groupby

from markupsafe import Markup

from sandbox.page import mrkdwn
from sandbox.page.emoji import emoji, with_emoji
from sandbox.page.names import Names
from sandbox.state.records import JSON

STYLES = {
    "code": Markup("<code>{}</code>"),
    "strike": Markup("<s>{}</s>"),
    "italic": Markup("<em>{}</em>"),
    "bold": Markup("<strong>{}</strong>"),
}
LISTS = {"bullet": Markup("<ul>{}</ul>"), "ordered": Markup("<ol>{}</ol>")}
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
            parts += [BOXES.get(part["type"], SECTION).format(_run(part, names)) for part in group]
    return Markup("").join(parts)


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
        html += LISTS[lists[at]["style"]].format(body)
        at = end
    return html


def _run(part: JSON, names: Names) -> Markup:
    return Markup("").join(_element(element, names) for element in part["elements"])


def _element(element: JSON, names: Names) -> Markup:
    shown: dict[str, Callable[[], Markup]] = {
        "text": lambda: _lines(element["text"]),
        "link": lambda: mrkdwn.link(element["url"], element.get("text") or element["url"]),
        "user": lambda: mrkdwn.mention(element["user_id"], names),
        "channel": lambda: mrkdwn.channel_link(element["channel_id"], "", names),
        "broadcast": lambda: mrkdwn.broadcast(element["range"], names),
        "emoji": lambda: Markup("{}").format(emoji(element["name"])),
        "date": lambda: Markup("{}").format(element.get("fallback", "")),
    }
    show = shown.get(element["type"])
    inner = show() if show else Markup("")
    for style, template in STYLES.items():
        if element.get("style", {}).get(style):
            inner = template.format(inner)
    return inner


def _lines(text: str) -> Markup:
    return Markup("<br>").join(Markup("{}").format(line) for line in with_emoji(text).split("\n"))
