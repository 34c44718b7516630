"""What people type, as Slack stores it: escaped text with links made, and the same as a rich_text block."""

import re
from collections.abc import Mapping

from sandbox.state.ids import short_id
from sandbox.state.records import JSON

LINKABLE = re.compile(r"(?P<url>https?://[^\s<>]+)|(?<![\w&])(?P<at>@[\w.\-]+)|(?<![\w&])(?P<hash>#[\w\-]+)")
STYLED = re.compile(r"(?<![\w*_~`])(?P<mark>[*_~`])(?P<inner>\S|\S[^\n]*?\S)(?P=mark)(?![\w*_~`])")
STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
BROADCASTS = ("here", "channel", "everyone")
# A full stop after an address or a name ends the sentence, not the address.
TRAILING = ".,;:!?)-"


def escape(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, members: Mapping[str, str], channels: Mapping[str, str]) -> tuple[str, JSON]:
    """Return what a person typed as Slack's text and as a rich_text block.

    Args:
        text: as typed.
        members: handle to user id.
        channels: channel name to channel id.
    """
    elements = _elements(text, members, channels)
    names = {channel_id: name for name, channel_id in channels.items()}
    block = {
        "type": "rich_text",
        "block_id": short_id(),
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }
    return "".join(_mrkdwn(element, names) for element in elements), block


def _elements(text: str, members: Mapping[str, str], channels: Mapping[str, str]) -> list[JSON]:
    elements: list[JSON] = []
    done = 0
    for match in LINKABLE.finditer(text):
        word = match.group().rstrip(TRAILING)
        element = _linked(word, members, channels)
        if element is None:
            continue
        elements += _styled(text[done : match.start()])
        elements.append(element)
        done = match.start() + len(word)
    return elements + _styled(text[done:])


def _linked(word: str, members: Mapping[str, str], channels: Mapping[str, str]) -> JSON | None:
    sign, name = word[:1], word[1:]
    if sign == "@" and name in BROADCASTS:
        return {"type": "broadcast", "range": name}
    if sign == "@" and name in members:
        return {"type": "user", "user_id": members[name]}
    if sign == "#" and name in channels:
        return {"type": "channel", "channel_id": channels[name]}
    if word.startswith(("http://", "https://")):
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
            return f"<{escape(element['url'])}>"
    mark = next((m for m, style in STYLES.items() if style in element.get("style", ())), "")
    return mark + escape(element["text"]) + mark
