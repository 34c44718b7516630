"""The `chat.*` methods."""

from dataclasses import replace

from sandbox.protocol import shapes
from sandbox.protocol.call import Call, Method, Methods
from sandbox.protocol.composer import LONGEST_UPDATE, composed, content, metadata
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Channel, Message


class RateLimitedError(Exception):
    """Too fast; the app is to wait `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


def post_message(call: Call) -> JSON:
    """Say something in a channel, or in the direct message of a user id."""
    channel_id = _target(call)
    _keep_pace(call, channel_id)
    args = call.args
    message = composed(
        args,
        channel_id,
        thread_ts=call.text("thread_ts") or None,
        is_broadcast=call.is_set("reply_broadcast"),
    )
    public = "chat:write.public" in call.workspace.app.scopes
    conversation = call.workspace.conversation(channel_id)
    is_public = isinstance(conversation, Channel) and not conversation.is_private
    try:
        said = call.workspace.say(message, is_guest=public and is_public)
    except RefusedError as error:
        raise RefusedError(
            {"thread_not_found": "cannot_reply_to_message"}.get(error.code, error.code)
        ) from None
    shown = shapes.message(call.workspace, said, has_metadata=True)
    return {"channel": channel_id, "ts": said.ts, "message": shown}


def update(call: Call) -> JSON:
    """Put other words into a message of the bot's own.

    Text without blocks takes the blocks away and marks the message as edited; blocks don't mark it.
    """
    message = _own(call, "cant_update_message")
    said = content(call.args, LONGEST_UPDATE)
    if not said:
        raise RefusedError("no_text")
    if "blocks" not in said and "text" in said:
        said |= {"blocks": [], "edited_ts": call.workspace.clock.stamp()}
    if "blocks" in said:
        said["selected"] = {}
    if "metadata" in call.args:
        said["metadata"] = metadata(call.args)
    changed = call.workspace.change(replace(message, **said))
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
    thread_ts = call.text("thread_ts") or None
    message = composed(call.args, channel_id, thread_ts=thread_ts, reader_id=call.text("user"))
    return {"message_ts": call.workspace.say(message).ts}


def get_permalink(call: Call) -> JSON:
    """Return the address of a message."""
    channel_id, ts = call.conversation().id, call.text("message_ts")
    if call.workspace.find(channel_id, ts) is None:
        raise RefusedError("message_not_found")
    address = f"{call.desk.page_url}archives/{channel_id}/p{ts.replace('.', '')}"
    return {"channel": channel_id, "permalink": address}


def _target(call: Call) -> str:
    """Return the conversation `channel` names: by its id, a channel's name, or a user's id."""
    given = call.text("channel")
    if given.startswith(("U", "W")):
        if given not in {member.id for member in call.workspace.people()}:
            raise RefusedError("channel_not_found")
        return call.workspace.open_dm(given, BOT_USER_ID)
    name = given.removeprefix("#")
    by_name = next((channel for channel in call.workspace.channels() if channel.name == name), None)
    if by_name is not None:
        call = replace(call, args={**call.args, "channel": by_name.id})
    return call.conversation().id


def _keep_pace(call: Call, channel_id: str) -> None:
    if call.desk.pace is not None:
        seconds = call.desk.pace.wait(channel_id)
        if seconds:
            raise RateLimitedError(seconds)


def _own(call: Call, error: str) -> Message:
    message = call.workspace.find(call.conversation().id, call.text("ts"))
    if message is None or message.is_ephemeral:
        raise RefusedError("message_not_found")
    if message.author_id != BOT_USER_ID:
        raise RefusedError(error)
    return message


WRITE = ("chat:write",)
METHODS: Methods = {
    "chat.postMessage": Method(post_message, ("channel",), WRITE),
    "chat.update": Method(update, ("channel", "ts"), WRITE),
    "chat.delete": Method(delete, ("channel", "ts"), WRITE),
    "chat.postEphemeral": Method(post_ephemeral, ("channel", "user"), WRITE),
    "chat.getPermalink": Method(get_permalink, ("channel", "message_ts")),
}
