"""The `conversations.*` methods."""

import re
from collections.abc import Iterable

from sandbox.protocol import shapes
from sandbox.protocol.call import Call, Method, Methods
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Channel, DirectMessage, Message

# Each kind of conversation has its own scopes.
SCOPE_FAMILIES = {"channel": "channels", "group": "groups", "im": "im"}
TS = re.compile(r"\d{1,10}(\.\d{1,6})?")


def open_(call: Call) -> JSON:
    """Begin the direct message with a person, or find it."""
    if call.text("channel"):
        direct = call.conversation()
        if not isinstance(direct, DirectMessage):
            raise RefusedError("method_not_supported_for_channel_type")
        return {"channel": _brief(direct, call)}
    users = [user for user in call.text("users").split(",") if user]
    if not users:
        raise RefusedError("users_list_not_supplied")
    if len(users) > 1:
        raise RefusedError("invalid_user_combination")
    known = {direct.id for direct in call.workspace.direct_messages(BOT_USER_ID)}
    direct_id = call.workspace.open_dm(users[0], BOT_USER_ID)
    was_open = {"no_op": True, "already_open": True} if direct_id in known else {}
    return {**was_open, "channel": _brief(call.workspace.conversation(direct_id), call)}


def info(call: Call) -> JSON:
    """Return a conversation."""
    shown = shapes.channel(_readable(call))
    if not call.is_set("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def list_(call: Call) -> JSON:
    """Return the conversations the bot may know of."""
    return _listed(call, [*call.workspace.channels(), *call.workspace.direct_messages(BOT_USER_ID)])


def of_user(call: Call) -> JSON:
    """Return the conversations a person, or the bot, is in (`users.conversations`)."""
    member_id = call.text("user") or BOT_USER_ID
    direct = call.workspace.direct_messages(BOT_USER_ID)
    shared = [one for one in direct if member_id in one.members]
    answer = _listed(call, [*call.workspace.channels_of(call.workspace.member(member_id).id), *shared])
    for channel in answer["channels"]:
        channel.pop("is_member", None)
    return answer


def members(call: Call) -> JSON:
    """Return who is in a conversation."""
    found, cursor = call.page(_readable(call).members, str, 100, 1000)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


def join(call: Call) -> JSON:
    """Take the bot into a public channel."""
    conversation = call.conversation()
    if not isinstance(conversation, Channel):
        raise RefusedError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise RefusedError("is_archived")
    if BOT_USER_ID in conversation.members:
        warning = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": shapes.channel(conversation), **warning}
    call.workspace.join(conversation.id, BOT_USER_ID)
    return {"channel": shapes.channel(call.workspace.conversation(conversation.id))}


def history(call: Call) -> JSON:
    """Return what was said outside threads, the newest first."""
    conversation = _joined(call)
    said = [
        message
        for message in call.workspace.history(conversation.id)
        if not message.is_ephemeral and (message.thread_ts is None or message.is_broadcast)
    ]
    found, cursor = call.page(list(_between(call, said))[::-1], _ts, 100, 999)
    answer = _messages(call, found, cursor)
    if call.text("latest"):
        answer["latest"] = call.text("latest")
    return {**answer, "pin_count": 0}


def replies(call: Call) -> JSON:
    """Return a thread: its first message and the replies, the oldest first."""
    conversation = _joined(call)
    root = call.workspace.find(conversation.id, call.text("ts"))
    if root is None or root.is_ephemeral:
        raise RefusedError("thread_not_found")
    answers = call.workspace.replies(conversation.id, root.ts)
    found, cursor = call.page([root, *_between(call, answers)], _ts, 1000, 1000)
    return _messages(call, found, cursor)


def _brief(conversation: Channel | DirectMessage, call: Call) -> JSON:
    shown = shapes.channel(conversation)
    return shown if call.is_set("return_im") else {"id": conversation.id}


def _listed(call: Call, conversations: Iterable[Channel | DirectMessage]) -> JSON:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    asked = call.text("types").replace(" ", "") or "public_channel"
    types = {kinds.get(kind) for kind in asked.split(",")}
    if None in types:
        raise RefusedError("invalid_types")
    found = []
    for conversation in conversations:
        kind = shapes.channel_type(conversation)
        is_known = kind != "group" or BOT_USER_ID in conversation.members
        is_archived = isinstance(conversation, Channel) and conversation.is_archived
        if kind in types and is_known and not (is_archived and call.is_set("exclude_archived")):
            found.append(shapes.channel(conversation))
    page, cursor = call.page(found, lambda shown: str(shown["id"]), 100, 1000)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def _readable(call: Call) -> Channel | DirectMessage:
    conversation = call.conversation()
    call.need(f"{SCOPE_FAMILIES[shapes.channel_type(conversation)]}:read")
    return conversation


def _joined(call: Call) -> Channel | DirectMessage:
    conversation = call.conversation()
    call.need(f"{SCOPE_FAMILIES[shapes.channel_type(conversation)]}:history")
    if BOT_USER_ID not in conversation.members:
        raise RefusedError("not_in_channel")
    return conversation


def _between(call: Call, messages: Iterable[Message]) -> Iterable[Message]:
    oldest, latest = call.text("oldest"), call.text("latest")
    for name, given in (("oldest", oldest), ("latest", latest)):
        if given and not TS.fullmatch(given):
            raise RefusedError(f"invalid_ts_{name}")
    is_inclusive = call.is_set("inclusive")
    # As text "99.5" would come after "1795308890.532852".
    low, high = float(oldest or 0), float(latest or "inf")
    for message in messages:
        at = float(message.ts)
        if low < at < high or (is_inclusive and at in {low, high}):
            yield message


def _messages(call: Call, found: list[Message], cursor: str) -> JSON:
    has_metadata = call.is_set("include_all_metadata")
    answer: JSON = {
        "messages": [shapes.message(call.workspace, one, has_metadata=has_metadata) for one in found],
        "has_more": bool(cursor),
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _ts(message: Message) -> str:
    return message.ts


READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
METHODS: Methods = {
    "conversations.open": Method(open_, scopes=("im:write", "mpim:write", "channels:manage", "groups:write")),
    "conversations.info": Method(info, ("channel",), READ),
    "conversations.list": Method(list_, scopes=READ),
    "conversations.members": Method(members, ("channel",), READ),
    "conversations.join": Method(join, ("channel",), ("channels:join",)),
    "conversations.history": Method(history, ("channel",), HISTORY),
    "conversations.replies": Method(replies, ("channel", "ts"), HISTORY),
    "users.conversations": Method(of_user, scopes=READ),
}
