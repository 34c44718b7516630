"""What the templates of blocks ask for."""

import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from sandbox.page import charts, colours, markdown, mrkdwn, rich_text
from sandbox.page.emoji import emoji
from sandbox.page.names import Names
from sandbox.protocol.elements import interactive
from sandbox.state.records import JSON, Blocks

LOCAL = {"127.0.0.1", "localhost", "::1"}
FILE_IN_ADDRESS = re.compile(r"/files(?:-pri)?/(?:\w+[-/])(F\w+)/")
LONGEST_NAME = 150
# Files of these kinds are shown in the page; any others are only downloaded.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "image/avif"})


def words(text: JSON | str, names: Names) -> Markup:
    """Return a text object as HTML."""
    if isinstance(text, dict) and text.get("type") == "mrkdwn":
        return mrkdwn.html(text["text"], names)
    return Markup("<br>").join(Markup("{}").format(line) for line in plain(text).split("\n"))


def inline(text: JSON, names: Names) -> Markup:
    """Return a text object as HTML that fits into a line, such as a label."""
    if text["type"] == "mrkdwn":
        return mrkdwn.lines(text["text"].split("\n"), names)
    return words(text, names)


def plain(text: JSON | str | None) -> str:
    """Return a text object's text without any markup, for labels."""
    return mrkdwn.plain(text["text"] if isinstance(text, dict) else text or "")


def name_of(text: JSON | None, names: Names) -> str:
    """Return what a screen reader calls the control beside a text: its words, without marks."""
    shown = html.unescape(re.sub(r"<[^>]*>", " ", words(text, names))) if text else ""
    return " ".join(shown.split())[:LONGEST_NAME]


def is_web(url: str) -> bool:
    """Return whether an address may stand in a link."""
    return url.lower().startswith(("http://", "https://"))


def is_local(url: str) -> bool:
    """Return whether a picture is on this machine; others are not loaded, only named."""
    try:
        return is_web(url) and urlsplit(url).hostname in LOCAL
    except ValueError:
        return False


def file_address(file_id: str, person_id: str) -> str:
    """Return where a person finds a file's contents."""
    return f"/file/{quote(file_id, safe='')}?person={quote(person_id, safe='')}"


def picture_address(image: JSON, names: Names) -> str:
    """Return where the page gets a picture from, "" when it is on another machine."""
    file = image.get("slack_file") or {}
    named = FILE_IN_ADDRESS.search(file.get("url") or "")
    file_id = file.get("id") or (named[1] if named else "")
    if file_id:
        return file_address(file_id, names.viewer_id)
    url = str(image.get("image_url") or "")
    return url if is_local(url) else ""


def is_picture(file: JSON) -> bool:
    """Return whether a file is shown, not only offered."""
    return file.get("mimetype") in PICTURES


def moment_words(ts: Any, names: Names) -> str:
    """Return an attachment's timestamp as its reader writes dates, "" when there is none."""
    try:
        at = datetime.fromtimestamp(float(ts), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
    return names.texts.moment(at.astimezone(ZoneInfo(names.tz)))


def fingerprint(block: JSON) -> str:
    """Return what stays the same while a block does: what the page keeps in it needs no other look."""
    return hashlib.sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()[:12]


def has_controls(blocks: Blocks) -> bool:
    """Return whether there is anything to act on, which the keyboard reaches and scrolls to."""
    return any(True for _ in interactive(blocks))


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "bar": colours.bar,
    "chart_drawing": charts.drawing,
    "chart_legend": charts.legend,
    "chart_table": charts.table,
    "emoji": emoji,
    "file_address": file_address,
    "fingerprint": fingerprint,
    "has_controls": has_controls,
    "inline": inline,
    "is_local": is_local,
    "is_picture": is_picture,
    "is_web": is_web,
    "link": mrkdwn.link,
    "markdown": markdown.html,
    "moment_words": moment_words,
    "name_of": name_of,
    "picture_address": picture_address,
    "plain": plain,
    "rich_line": rich_text.line,
    "rich_text": rich_text.html,
    "words": words,
}
