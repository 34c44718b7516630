"""The `files.*` methods: an upload is asked for, done at the address given, and completed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sandbox.protocol.call import Call, Method, Methods
from sandbox.protocol.composer import composed, parsed
from sandbox.protocol.file_objects import file_object
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.files import File
from sandbox.state.records import JSON, Message
from sandbox.state.workspace import Workspace

# docs.slack.dev/reference/methods/files.completeUploadExternal
MOST_CHANNELS = 100
SNIPPET_TYPE = re.compile(r"[a-z0-9_+#.\-]{1,40}")


def get_upload_url(call: Call) -> JSON:
    """Return a fresh address for the bytes of one file."""
    snippet_type = call.text("snippet_type")
    if snippet_type and not SNIPPET_TYPE.fullmatch(snippet_type):
        raise RefusedError("unknown_snippet_type")
    length = call.text("length")
    if not length.isdecimal() or not int(length):
        raise RefusedError("invalid_arguments", "[ERROR] must be greater than 0 [json-pointer:/length]")
    file = call.workspace.files.announce(
        BOT_USER_ID,
        call.text("filename"),
        int(length),
        alt_text=call.text("alt_txt"),
        snippet_type=snippet_type,
    )
    return {"upload_url": f"{call.workspace.address}upload/v1/{file.upload_key}", "file_id": file.id}


def complete_upload(call: Call) -> JSON:
    """Make uploaded files the bot's own and share them in the channels named, or with nobody."""
    titled = _uploaded(call)
    channels = list(dict.fromkeys(_channels(call)))
    if len(channels) > MOST_CHANNELS:
        raise RefusedError("channels_limit_exceeded")
    messages = [_comment(call, channel_id) for channel_id in channels]
    files = [call.workspace.complete_file(file, title) for file, title in titled]
    # As in Slack the answer does not tell where the files are shared: that comes a moment later.
    answer = {"files": [file_object(call.workspace, file) for file in files]}
    for message in messages:
        call.workspace.share(files, message)
    return answer


def info(call: Call) -> JSON:
    """Return a file the bot can see."""
    file = visible(call.workspace, call.text("file"))
    shown = file_object(call.workspace, file)
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(call: Call) -> JSON:
    """Delete a file of the bot's own."""
    file = visible(call.workspace, call.text("file"))
    if file.owner_id != BOT_USER_ID:
        raise RefusedError("cant_delete_file")
    call.workspace.delete_file(file.id)
    return {}


def visible(workspace: Workspace, file_id: str) -> File:
    """Return a file that the bot can see: its own, and those shared where it is or could go.

    Raises:
        RefusedError: `file_not_found`, `file_deleted`.
    """
    file = workspace.files.kept(file_id)
    places = (workspace.conversation(c) for c, ts in file.places if workspace.find(c, ts))
    if file.owner_id == BOT_USER_ID or any(
        BOT_USER_ID in place.members or place.is_public for place in places
    ):
        return file
    raise RefusedError("file_not_found")


def slack_file_faults(workspace: Workspace, part: Any, at: str = "/blocks") -> list[str]:
    """Return what is wrong with the `slack_file`s in blocks: each names a picture that the bot can see."""
    if isinstance(part, list):
        return [
            fault for i, one in enumerate(part) for fault in slack_file_faults(workspace, one, f"{at}/{i}")
        ]
    if not isinstance(part, dict):
        return []
    found = []
    for key, value in part.items():
        if key == "slack_file" and isinstance(value, dict) and not _is_picture(workspace, value):
            found.append(f"[ERROR] invalid slack file [json-pointer:{at}/slack_file]")
        else:
            found += slack_file_faults(workspace, value, f"{at}/{key}")
    return found


def _is_picture(workspace: Workspace, named: JSON) -> bool:
    address = re.search(r"/files(?:-pri)?/(?:\w+[-/])(F\w+)/", str(named.get("url") or ""))
    file_id = named.get("id") or (address.group(1) if address else "")
    try:
        return visible(workspace, str(file_id)).mimetype.startswith("image/")
    except RefusedError:
        return False


def _uploaded(call: Call) -> list[tuple[File, str]]:
    """Return the files to complete with their titles."""
    given = parsed(call.args.get("files"), "invalid_arguments")
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise RefusedError("invalid_arguments", "[ERROR] must be an array of objects [json-pointer:/files]")
    files = [(call.workspace.files.get(str(one.get("id", ""))), str(one.get("title") or "")) for one in given]
    for file, _ in files:
        if file.owner_id != BOT_USER_ID or file.state in {"kept", "deleted"}:
            raise RefusedError("file_not_found")
        if file.state == "awaited":
            raise RefusedError("file_update_failed")
    return files


def _channels(call: Call) -> Iterator[str]:
    given = [call.text("channel_id"), *call.text("channels").split(",")]
    for name in (one.strip() for one in given):
        if name:
            yield replace(call, args={**call.args, "channel": call.direct(name)}).conversation().id


def _comment(call: Call, channel_id: str) -> Message:
    """Return the words that come with the files, made sure that they can be said."""
    blocks = parsed(call.args.get("blocks"), "invalid_blocks")
    comment = call.text("initial_comment")
    # "If the `initial_comment` field is provided, the `blocks` field is ignored."
    said = {"text": comment} if comment else {"blocks": blocks}
    thread_ts = call.text("thread_ts") or None
    empty = Message(channel_id, "", BOT_USER_ID, "", thread_ts=thread_ts)
    message = composed(said, channel_id, thread_ts=thread_ts) if comment or blocks else empty
    try:
        return call.workspace.admitted(message)
    except RefusedError as error:
        if error.code == "thread_not_found":
            raise RefusedError(
                "invalid_arguments", "[ERROR] no such thread [json-pointer:/thread_ts]"
            ) from None
        raise RefusedError(
            "posting_to_channel_denied" if error.code == "is_archived" else error.code
        ) from None


WRITE = ("files:write",)
METHODS: Methods = {
    "files.getUploadURLExternal": Method(get_upload_url, scopes=WRITE),
    "files.completeUploadExternal": Method(complete_upload, scopes=WRITE),
    "files.info": Method(info, scopes=("files:read",)),
    "files.delete": Method(delete, scopes=WRITE),
}
