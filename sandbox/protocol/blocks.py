"""Block Kit's rules: what Slack refuses, and what it adds to what it takes."""

import hashlib
import json
from collections import Counter
from typing import Any

from sandbox.protocol.elements import interactive, stacked
from sandbox.protocol.kit.base import Surface
from sandbox.protocol.kit.documents import faults_in
from sandbox.state.ids import short_id
from sandbox.state.records import Blocks

# Plans and tasks have titles that are strings; all other texts of blocks are called `text`.
TEXTS = ("text", "title")


def filled(blocks: Blocks) -> Blocks:
    """Return a copy of blocks with what Slack adds (ids, `emoji` and `verbatim`) and without nulls.

    A block that is sent again unchanged keeps its id, so that a press on its earlier showing counts.
    """
    copy: Blocks = json.loads(json.dumps(blocks))
    seen: Counter[str] = Counter()
    for block in stacked(copy):
        contents = hashlib.sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()[:6]
        seen[contents] += 1
        if block.get("block_id") is None:
            block["block_id"] = f"{contents}{seen[contents]}"
    for block in copy:
        _drop_nulls(block)
    for _, element in interactive(copy):
        element.setdefault("action_id", short_id())
    fill_texts(copy)
    return copy


def fill_texts(part: Any) -> None:
    """Add `emoji` and `verbatim` to all text objects in a part of a view or message."""
    if isinstance(part, list):
        for one in part:
            fill_texts(one)
    elif isinstance(part, dict):
        if part.get("type") == "plain_text":
            part.setdefault("emoji", True)
        elif part.get("type") == "mrkdwn":
            part.setdefault("verbatim", False)
        for one in part.values():
            fill_texts(one)


def faults(blocks: Any, surface: Surface = "message") -> list[str]:
    """Return what is wrong with blocks, in Slack's words with a JSON pointer each."""
    return faults_in("blocks" if surface == "message" else "view_blocks", blocks, ("blocks",), surface)


def view_faults(view: Any) -> list[str]:
    """Return what is wrong with a view, as `faults` does."""
    is_home = isinstance(view, dict) and view.get("type") == "home"
    return faults_in("view", view, ("view",), "home" if is_home else "modal")


def attachment_faults(attachments: Any) -> list[str]:
    """Return what is wrong with the attachments of a message, as `faults` does."""
    return faults_in("attachments", attachments, ("attachments",))


def option_faults(answer: Any) -> list[str]:
    """Return what is wrong with the options an app answers a `block_suggestion` with, as `faults` does."""
    return faults_in("answer", answer, ())


def text_length(blocks: Any) -> int:
    """Return how many characters all texts in blocks have together."""
    length, parts = 0, [blocks]
    while parts:
        part = parts.pop()
        if isinstance(part, list):
            parts += part
        elif isinstance(part, dict):
            length += sum(len(part[key]) for key in TEXTS if isinstance(part.get(key), str))
            parts += part.values()
    return length


def _drop_nulls(part: Any) -> None:
    if isinstance(part, dict):
        for key in [key for key, value in part.items() if value is None]:
            del part[key]
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _drop_nulls(one)
