"""The `chat.*` methods."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sandbox.protocol import shapes
from sandbox.protocol.call import Call, Method, Methods
from sandbox.protocol.composer import LONGEST_UPDATE, composed, content, metadata
from sandbox.protocol.files import slack_file_faults
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Blocks, Channel, DirectMessage, Message

THREAD_TS = re.compile(r"\d{1,10}\.\d{6}")


def post_message(call: Call) -> JSON:
    """Say something in a channel, or in the direct message of a user id."""
    channel_id = _target(call)
    thread_ts = _thread_ts(call)
    is_broadcast = thread_ts is not None and call.is_set("reply_broadcast")
    message = composed(call.args, channel_id, thread_ts=thread_ts, is_broadcast=is_broadcast)
    _check_pictures(call, message.blocks)
    may_visit = "chat:write.public" in call.workspace.app.scopes
    is_guest = may_visit and call.workspace.conversation(channel_id).is_public
    with _said_as(thread_not_found="cannot_reply_to_message"):
        message = call.workspace.admitted(message, is_guest=is_guest)
    # A message that is refused takes nobody's turn.
    if call.desk.pace is not None:
        call.desk.pace.count_message(channel_id)
    said = call.workspace.say(message, is_guest=is_guest)
    shown = shapes.message(call.workspace, said, has_metadata=True)
    return {"channel": channel_id, "ts": said.ts, "message": shown}


def update(call: Call) -> JSON:
    """Put other words into a message of the bot's own.

    Text without blocks takes the blocks away and marks the message as edited; blocks don't mark it. What is
    not given stays as it is.
    """
    message = _own(call, "cant_update_message")
    conversation = call.workspace.conversation(message.channel_id)
    # "The message cannot be edited within a frozen, archived or deleted channel."
    if isinstance(conversation, Channel) and conversation.is_archived:
        raise RefusedError("is_inactive")
    with _said_as(msg_blocks_too_long="msg_too_long"):
        said = content(call.args, LONGEST_UPDATE)
    _check_pictures(call, said.get("blocks", []))
    if call.is_set("reply_broadcast") and not message.is_broadcast:
        said = _broadcast(message, said)
    elif not said:
        raise RefusedError("no_text")
    if "blocks" not in said and "text" in said:
        said |= {"blocks": [], "edited_ts": call.workspace.clock.stamp()}
    if "blocks" in said:
        said["selected"] = {}
    if "metadata" in call.args:
        said["metadata"] = metadata(call.args)
    changed = replace(message, **said)
    if not (changed.text.strip() or changed.blocks or changed.attachments):
        raise RefusedError("no_text")
    call.workspace.change(changed)
    shown = shapes.message(call.workspace, changed, has_metadata=True)
    return {"channel": message.channel_id, "ts": message.ts, "text": changed.text, "message": shown}


def delete(call: Call) -> JSON:
    """Take a message of the bot's own away."""
    message = _own(call, "cant_delete_message")
    call.workspace.delete(message.channel_id, message.ts)
    return {"channel": message.channel_id, "ts": message.ts}


def post_ephemeral(call: Call) -> JSON:
    """Say something that only one person in a conversation sees."""
    channel_id = _target(call)
    conversation = call.workspace.conversation(channel_id)
    if BOT_USER_ID not in conversation.members:
        raise RefusedError("not_in_channel")
    if call.text("user") not in conversation.members:
        raise RefusedError("user_not_in_channel")
    with _said_as(msg_blocks_too_long="msg_too_long"):
        message = composed(call.args, channel_id, thread_ts=_thread_ts(call), reader_id=call.text("user"))
    _check_pictures(call, message.blocks)
    return {"message_ts": call.workspace.say(message).ts}


def get_permalink(call: Call) -> JSON:
    """Return the address of a message."""
    channel_id, ts = call.conversation().id, call.text("message_ts")
    message = call.workspace.said(channel_id, ts)
    return {"channel": channel_id, "permalink": shapes.permalink(call.workspace, message)}


def _target(call: Call) -> str:
    """Return the conversation `channel` names: by its id, a channel's name, or a user's id."""
    given = call.direct(call.text("channel"))
    name = given.removeprefix("#")
    by_name = next((channel for channel in call.workspace.channels() if channel.name == name), None)
    call = replace(call, args={**call.args, "channel": by_name.id if by_name else given})
    conversation = call.conversation()
    if isinstance(conversation, DirectMessage) and not call.workspace.has_tab("messages"):
        raise RefusedError("messages_tab_disabled")
    return conversation.id


def _check_pictures(call: Call, blocks: Blocks) -> None:
    """Make sure that files named in blocks are pictures the bot can see."""
    wrong = slack_file_faults(call.workspace, blocks)
    if wrong:
        raise RefusedError("invalid_blocks", *wrong)


def _thread_ts(call: Call) -> str | None:
    given = call.text("thread_ts")
    if given and not THREAD_TS.fullmatch(given):
        raise RefusedError("invalid_thread_ts", f"[ERROR] {given} is not a valid thread_ts")
    return given or None


def _own(call: Call, error: str) -> Message:
    message = call.workspace.said(call.conversation().id, call.text("ts"))
    if message.author_id != BOT_USER_ID:
        raise RefusedError(error)
    return message


def _broadcast(reply: Message, said: JSON) -> JSON:
    """Return what becomes of a reply that is to be shown in its channel, too."""
    if not reply.thread_ts:
        raise RefusedError("cant_broadcast_message")
    if said:
        raise RefusedError("no_dual_broadcast_content_update")
    return {"is_broadcast": True}


@contextmanager
def _said_as(**names: str) -> Iterator[None]:
    """Refuse with the method's own word for a reason."""
    try:
        yield
    except RefusedError as error:
        code = names.get(error.code, error.code)
        raise RefusedError(code, *error.messages, **error.facts) from None


WRITE = ("chat:write",)
METHODS: Methods = {
    "chat.postMessage": Method(post_message, scopes=WRITE),
    "chat.update": Method(update, scopes=WRITE),
    "chat.delete": Method(delete, scopes=WRITE),
    "chat.postEphemeral": Method(post_ephemeral, scopes=WRITE),
    "chat.getPermalink": Method(get_permalink),
}
