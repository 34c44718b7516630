"""What people type, as Slack stores it: escaped, with links made of addresses and names."""

import re
from collections.abc import Mapping, Sequence

from sandbox.state.records import JSON

LINKABLE = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|(?P<url>https?://\w[^\s<>|]*)"
    r"|(?<![\w.+\-])(?P<mail>[\w+\-]+(?:\.[\w+\-]+)*@[\w\-]+(?:\.[\w\-]+)+)"
    r"|(?<![\w&])(?P<at>@[\w.\-]+)"
    r"|(?<![\w&])(?P<hash>#[\w\-]+)"
)
STYLED = re.compile(r"(?<![\w*_~`])(?P<mark>[*_~`])(?P<inner>\S|\S[^\n]*?\S)(?P=mark)(?![\w*_~`])")
STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
BROADCASTS = ("here", "channel", "everyone")
# What ends a sentence, or stands around an address or a name, does not belong to it.
TRAILING = ".,;:!?)]}-*_~`'\"’”“»«…"
BRACKETS = {")": "(", "]": "[", "}": "{"}


def escape(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, members: Mapping[str, str], channels: Mapping[str, str]) -> tuple[str, JSON]:
    """Return what a person typed as Slack's text and as a rich_text block of one paragraph.

    Args:
        text: as typed.
        members: handle to user id.
        channels: channel name to channel id.
    """
    elements = inline(text, members, channels)
    section = {"type": "rich_text_section", "elements": elements}
    return mrkdwn(elements, channels), {"type": "rich_text", "elements": [section]}


def inline(text: str, members: Mapping[str, str], channels: Mapping[str, str]) -> list[JSON]:
    """Return the elements of a paragraph: words with their styles, links, people and channels."""
    elements: list[JSON] = []
    done = 0
    for match in LINKABLE.finditer(text):
        word = _trimmed(match.group())
        element = _linked(match.lastgroup or "", word, members, channels)
        if element is None:
            continue
        elements += _styled(text[done : match.start()])
        elements.append(element)
        done = match.start() + len(word)
    return elements + _styled(text[done:])


def mrkdwn(elements: Sequence[JSON], channels: Mapping[str, str]) -> str:
    """Return the elements of a paragraph as Slack's text."""
    names = {channel_id: name for name, channel_id in channels.items()}
    return "".join(_mrkdwn(element, names) for element in elements)


def _trimmed(word: str) -> str:
    """Return an address or name without what comes after it; a bracket opened within it belongs to it."""
    while word and word[-1] in TRAILING:
        opening = BRACKETS.get(word[-1])
        if opening and word.count(opening) >= word.count(word[-1]):
            return word
        word = word[:-1]
    return word


def _linked(kind: str, word: str, members: Mapping[str, str], channels: Mapping[str, str]) -> JSON | None:
    name = word[1:]
    if kind == "at" and name in BROADCASTS:
        return {"type": "broadcast", "range": name}
    if kind == "at" and name in members:
        return {"type": "user", "user_id": members[name]}
    if kind == "hash" and name in channels:
        return {"type": "channel", "channel_id": channels[name]}
    if kind == "mail":
        return {"type": "link", "url": f"mailto:{word}", "text": word}
    if kind == "url":
        return {"type": "link", "url": word}
    return None


def _styled(text: str) -> list[JSON]:
    elements: list[JSON] = []
    done = 0
    for match in STYLED.finditer(text):
        if match.start() > done:
            elements.append({"type": "text", "text": text[done : match.start()]})
        style = {STYLES[match["mark"]]: True}
        elements.append({"type": "text", "text": match["inner"], "style": style})
        done = match.end()
    if done < len(text):
        elements.append({"type": "text", "text": text[done:]})
    return elements


def _mrkdwn(element: JSON, names: Mapping[str, str]) -> str:
    match element["type"]:
        case "user":
            return f"<@{element['user_id']}>"
        case "channel":
            return f"<#{element['channel_id']}|{names[element['channel_id']]}>"
        case "broadcast":
            return f"<!{element['range']}>"
        case "link":
            words = f"|{escape(element['text'])}" if "text" in element else ""
            return f"<{escape(element['url'])}{words}>"
    mark = next((m for m, style in STYLES.items() if style in element.get("style", ())), "")
    return mark + escape(element["text"]) + mark
