"""The `conversations.*` methods."""

import operator
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from sandbox.protocol import shapes
from sandbox.protocol.call import Call, Method, Methods
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Channel, DirectMessage, Member, Message

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
TS = re.compile(r"\d{1,10}(\.\d{1,6})?")
MOST_USERS = 8
LOCALE = "de-DE"


def open_(call: Call) -> JSON:
    """Begin the direct message with a person, or the group direct message with several, or find it."""
    if call.text("channel"):
        conversation = call.conversation()
        if shapes.channel_type(conversation) not in {"im", "mpim"}:
            raise RefusedError("method_not_supported_for_channel_type")
        return {"channel": _brief(conversation, call)}
    people = _people(call)
    known = _known(call, people)
    if known is None:
        if call.is_set("prevent_creation"):
            raise RefusedError("channel_not_found")
        known = _begun(call, people)
        return {"channel": _brief(known, call)}
    return {"no_op": True, "already_open": True, "channel": _brief(known, call)}


def info(call: Call) -> JSON:
    """Return a conversation."""
    shown = _shown(call, _readable(call))
    if not call.is_set("include_num_members"):
        shown.pop("num_members", None)
    if call.is_set("include_locale"):
        shown["locale"] = LOCALE
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
    if not isinstance(conversation, Channel) or conversation.is_mpim:
        raise RefusedError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise RefusedError("is_archived")
    if BOT_USER_ID in conversation.members:
        warning = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": _shown(call, conversation), **warning}
    call.workspace.join(conversation.id, BOT_USER_ID)
    return {"channel": _shown(call, call.workspace.conversation(conversation.id))}


def history(call: Call) -> JSON:
    """Return what was said outside threads, the newest first."""
    conversation = _joined(call)
    said = [
        message
        for message in _between(call, call.workspace.history(conversation.id))
        if message.thread_ts is None or message.is_broadcast
    ]
    found, cursor = call.page(said[::-1], _ts, 100, 999, is_there=operator.le)
    answer = _messages(call, found, cursor)
    for name in ("oldest", "latest"):
        if call.text(name):
            answer[name] = call.text(name)
    return {**answer, "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}


def replies(call: Call) -> JSON:
    """Return a thread: its first message and the replies, the oldest first."""
    conversation = _joined(call)
    try:
        root = call.workspace.said(conversation.id, call.text("ts"))
    except RefusedError:
        raise RefusedError("thread_not_found") from None
    answers = _between(call, call.workspace.replies(conversation.id, root.ts))
    found, cursor = call.page([root, *answers], _ts, 1000, 1000, is_there=operator.ge)
    return _messages(call, found, cursor)


def _people(call: Call) -> list[Member]:
    """Return the people `users` names, without the bot.

    Raises:
        RefusedError: there are too few or too many, or one of them can't be written to.
    """
    ids = [one.strip() for one in call.text("users").split(",") if one.strip()]
    if not ids:
        raise RefusedError("users_list_not_supplied")
    people = [call.workspace.member(one) for one in dict.fromkeys(ids) if one != BOT_USER_ID]
    if not people:
        raise RefusedError("not_enough_users")
    if len(people) > MOST_USERS:
        raise RefusedError("too_many_users")
    if any(member.is_deleted for member in people):
        raise RefusedError("user_disabled")
    call.need("im:write" if len(people) == 1 else "mpim:write")
    return people


def _known(call: Call, people: list[Member]) -> Channel | DirectMessage | None:
    ids = {BOT_USER_ID, *(member.id for member in people)}
    if len(people) > 1:
        return call.workspace.group(ids)
    direct = call.workspace.direct_messages(BOT_USER_ID)
    return next((one for one in direct if set(one.members) == ids), None)


def _begun(call: Call, people: list[Member]) -> Channel | DirectMessage:
    if len(people) > 1:
        begun = call.workspace.open_group([*(member.id for member in people), BOT_USER_ID])
    else:
        begun = call.workspace.open_dm(people[0].id, BOT_USER_ID)
    return call.workspace.conversation(begun)


def _brief(conversation: Channel | DirectMessage, call: Call) -> JSON:
    return _shown(call, conversation) if call.is_set("return_im") else {"id": conversation.id}


def _shown(call: Call, conversation: Channel | DirectMessage) -> JSON:
    shown = shapes.channel(conversation)
    if isinstance(conversation, DirectMessage):
        shown["is_user_deleted"] = call.workspace.member(conversation.other(BOT_USER_ID)).is_deleted
    return shown


def _listed(call: Call, conversations: Sequence[Channel | DirectMessage]) -> JSON:
    asked = call.text("types").replace(" ", "") or "public_channel"
    types = {KINDS.get(kind, "") for kind in asked.split(",")}
    if "" in types:
        raise RefusedError("invalid_types")
    for kind in sorted(types):
        call.need(f"{shapes.SCOPE_FAMILIES[kind]}:read")
    page, cursor = call.page(conversations, lambda conversation: conversation.id, 100, 1000)
    found = []
    for conversation in page:
        kind = shapes.channel_type(conversation)
        is_known = kind == "channel" or BOT_USER_ID in conversation.members
        is_archived = isinstance(conversation, Channel) and conversation.is_archived
        if kind in types and is_known and not (is_archived and call.is_set("exclude_archived")):
            found.append(_shown(call, conversation))
    return {"channels": found, "response_metadata": {"next_cursor": cursor}}


def _readable(call: Call) -> Channel | DirectMessage:
    conversation = call.conversation()
    call.need(f"{shapes.SCOPE_FAMILIES[shapes.channel_type(conversation)]}:read")
    return conversation


def _joined(call: Call) -> Channel | DirectMessage:
    conversation = call.conversation()
    call.need(f"{shapes.SCOPE_FAMILIES[shapes.channel_type(conversation)]}:history")
    if BOT_USER_ID not in conversation.members:
        raise RefusedError("not_in_channel")
    return conversation


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """Return the messages between `oldest` and `latest`; both are in the order of their timestamps."""
    low, high = _moment(call, "oldest"), _moment(call, "latest")
    is_inclusive = call.is_set("inclusive")
    first = (bisect_left if is_inclusive else bisect_right)(messages, low, key=_ts) if low else 0
    behind = (bisect_right if is_inclusive else bisect_left)(messages, high, key=_ts) if high else None
    return messages[first:behind]


def _moment(call: Call, name: str) -> str:
    """Return an argument in the form of messages' timestamps, so that both compare as text."""
    given = call.text(name)
    if not given:
        return ""
    if not TS.fullmatch(given):
        raise RefusedError(f"invalid_ts_{name}")
    seconds, _, fraction = given.partition(".")
    return f"{seconds:0>10}.{fraction:0<6}"


def _messages(call: Call, found: list[Message], cursor: str) -> JSON:
    has_metadata = call.is_set("include_all_metadata")
    readable = (message for message in found if not message.is_ephemeral)
    answer: JSON = {
        "messages": [shapes.message(call.workspace, one, has_metadata=has_metadata) for one in readable],
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
    "conversations.info": Method(info, scopes=READ),
    "conversations.list": Method(list_, scopes=READ),
    "conversations.members": Method(members, scopes=READ),
    "conversations.join": Method(join, scopes=("channels:join",)),
    "conversations.history": Method(history, scopes=HISTORY),
    "conversations.replies": Method(replies, scopes=HISTORY),
    "users.conversations": Method(of_user, scopes=READ),
}
