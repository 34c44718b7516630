"""What an app writes as `text`, as Slack keeps it; docs.slack.dev/messaging/formatting-message-text.

The three characters that mean something are escaped where they stand for themselves. Entities stay, and so
do mentions, dates and links in angle brackets. Addresses become links. With `parse` "none" addresses stay as
they are, with "full" angle brackets mean nothing (docs.slack.dev/reference/methods/chat.postMessage).
"""

import re

CONSTRUCT = (
    r"<(?:@\w+|#\w+|!(?:here|channel|everyone|group|subteam\^\w+|date\^[^<>|\n]+)"
    r"|(?:https?://|mailto:|tel:|slack://)[^<>|\s]+)(?:\|[^<>\n]*)?>"
)
ENTITY = r"&(?:amp|lt|gt);"
ADDRESS = r"(?P<address>\bhttps?://(?:(?!&[lg]t;)[^\s<>|])+)"
SIGN = r"(?P<sign>[&<>])"
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
LONE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
# What stands behind an address ends the sentence or the emphasis.
TRAILING = ".,;:!?)]*~`\"'"
READINGS = {
    "": re.compile(f"{CONSTRUCT}|{ENTITY}|{ADDRESS}|{SIGN}"),
    "none": re.compile(f"{CONSTRUCT}|{ENTITY}|{SIGN}"),
    "full": re.compile(f"{ENTITY}|{ADDRESS}|{SIGN}"),
}


def kept(text: str, parse: str = "") -> str:
    """Return an app's text as it is kept; `parse` is "none", "full" or anything else for Slack's default."""
    return READINGS.get(parse, READINGS[""]).sub(_replaced, text)


def _replaced(match: re.Match[str]) -> str:
    whole, found = match.group(), match.groupdict()
    if found["sign"]:
        return ESCAPED[whole]
    if found.get("address"):
        address = whole.rstrip(TRAILING)
        return f"<{_escaped(address)}>{_escaped(whole[len(address) :])}"
    return _escaped(whole)


def _escaped(text: str) -> str:
    return LONE_AMPERSAND.sub("&amp;", text)
