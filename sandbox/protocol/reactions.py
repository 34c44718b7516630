"""The `reactions.*` methods."""

import re

from sandbox.protocol import shapes
from sandbox.protocol.call import Call, Method, Methods
from sandbox.protocol.file_objects import file_object
from sandbox.protocol.files import visible
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON

TS = re.compile(r"\d{1,10}\.\d{1,6}")


def add(call: Call) -> JSON:
    """Put the bot's emoji below a message."""
    channel_id, ts = _item(call)
    call.workspace.react(BOT_USER_ID, channel_id, ts, call.text("name"))
    return {}


def remove(call: Call) -> JSON:
    """Take the bot's emoji from below a message."""
    if _file(call) is not None:
        raise RefusedError("no_reaction")
    channel_id, ts = _item(call)
    call.workspace.unreact(BOT_USER_ID, channel_id, ts, call.text("name"))
    return {}


def get(call: Call) -> JSON:
    """Return a message, or a file, with its reactions."""
    file = _file(call)
    if file is not None:
        return {"type": "file", "file": file}
    channel_id, ts = _item(call)
    message = call.workspace.said(channel_id, ts)
    shown = shapes.message(call.workspace, message)
    permalink = shapes.permalink(call.workspace, message)
    return {"type": "message", "channel": channel_id, "message": {**shown, "permalink": permalink}}


def _item(call: Call) -> tuple[str, str]:
    """Return the channel and timestamp of the message that is meant.

    Raises:
        RefusedError: `no_item_specified`, `channel_not_found`, `bad_timestamp`.
    """
    ts = call.text("timestamp")
    if not (call.text("channel") and ts):
        raise RefusedError("no_item_specified")
    channel_id = call.conversation().id
    if not TS.fullmatch(ts):
        raise RefusedError("bad_timestamp")
    return channel_id, ts


def _file(call: Call) -> JSON | None:
    """Return the file that is meant, if one is; files have no reactions of their own any more."""
    if call.text("file_comment"):
        raise RefusedError("file_comment_not_found")
    if not call.text("file"):
        return None
    try:
        file = visible(call.workspace, call.text("file"))
    except RefusedError:
        raise RefusedError("file_not_found") from None
    return file_object(call.workspace, file)


WRITE = ("reactions:write",)
METHODS: Methods = {
    "reactions.add": Method(add, scopes=WRITE),
    "reactions.remove": Method(remove, scopes=WRITE),
    "reactions.get": Method(get, scopes=("reactions:read",)),
}
