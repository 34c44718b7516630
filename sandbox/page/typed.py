"""A message's text as its author would type it again."""

import re

from sandbox.page.mrkdwn import unescape
from sandbox.state.workspace import Workspace

TOKEN = re.compile(r"<([^<>\n]+)>")


def typed_again(text: str, workspace: Workspace) -> str:
    """Return Slack's text with handles, channel names and plain addresses in the place of its tokens."""
    handles, channels = ({id_: name for name, id_ in names.items()} for names in workspace.names())

    def typed(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        sign, word = target[:1], target[1:]
        if sign == "@":
            return f"@{handles.get(word, label or word)}"
        if sign == "#":
            return f"#{channels.get(word, label or word)}"
        if sign == "!":
            return f"@{word.partition('^')[0]}"
        return target.removeprefix("mailto:")

    return unescape(TOKEN.sub(typed, text))
