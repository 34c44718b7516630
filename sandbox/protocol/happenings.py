"""What the app is told of a change: the events, what it must have subscribed to, and the scope it needs.

Their pages: docs.slack.dev/reference/events.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sandbox.protocol import shapes
from sandbox.protocol.unfurls import HISTORY, links, unfurl_id
from sandbox.state.app import BOT_USER_ID, TEAM_ID
from sandbox.state.records import JSON, Change, Channel, DirectMessage, Happening, Message
from sandbox.state.workspace import Workspace

# Kind of conversation -> the subscription to its messages.
MESSAGES = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Told(NamedTuple):
    """An event, and who gets it: apps with this subscription and, if one is named, this scope."""

    subscription: str
    event: JSON
    scope: str | None = None


def told(workspace: Workspace, change: Change) -> Iterator[Told]:
    """Return what an app is told of a change."""
    teller = TELLERS.get(change.kind)
    return teller(workspace, change) if teller else iter(())


def _said(workspace: Workspace, change: Change) -> Iterator[Told]:
    said = change.message
    if said is None:
        return
    yield from _links(workspace, said)
    where = _heard(workspace, change)
    if where is None:
        return
    kind = shapes.channel_type(where)
    place = {"channel": where.id, "event_ts": said.ts, "channel_type": kind}
    event = {**shapes.message(workspace, said), **_subtype(said), **place}
    yield Told(MESSAGES[kind], event, f"{shapes.SCOPE_FAMILIES[kind]}:history")
    is_mention = f"<@{BOT_USER_ID}>" in said.text and said.author_id != BOT_USER_ID and not said.subtype
    if is_mention and kind != "im":
        mention = {key: value for key, value in event.items() if key != "channel_type"}
        yield Told("app_mention", {**mention, "type": "app_mention"}, "app_mentions:read")


def _subtype(said: Message) -> JSON:
    """Return what an event says of a new message and the history does not."""
    return {"subtype": "file_share"} if said.files and not said.is_broadcast else {}


def _links(workspace: Workspace, said: Message) -> Iterator[Told]:
    where = workspace.conversation(said.channel_id)
    is_member = BOT_USER_ID in where.members
    shared = links(workspace, said)
    if not shared or not (is_member or where.is_public):
        return
    event = {
        "type": "link_shared",
        "user": said.author_id,
        "channel": said.channel_id,
        "message_ts": said.ts,
        "links": shared,
        "source": HISTORY,
        "unfurl_id": unfurl_id(workspace, said),
        "is_bot_user_member": is_member,
        "event_ts": said.ts,
    }
    if said.thread_ts:
        event["thread_ts"] = said.thread_ts
    yield Told("link_shared", event, "links:read")


def _changed(workspace: Workspace, change: Change) -> Iterator[Told]:
    where = _heard(workspace, change)
    if where is None:
        return
    kind = shapes.channel_type(where)
    now = workspace.clock.stamp()
    if change.kind == "message_changed" and change.message:
        what: JSON = {"message": shapes.message(workspace, change.message)}
    else:
        what = {"deleted_ts": change.ts}
    if change.previous:
        what["previous_message"] = shapes.message(workspace, change.previous)
    place = {"channel": where.id, "event_ts": now, "channel_type": kind}
    event = {"type": "message", "subtype": change.kind, **what, "hidden": True, "ts": now, **place}
    yield Told(MESSAGES[kind], event, f"{shapes.SCOPE_FAMILIES[kind]}:history")


def _reaction(workspace: Workspace, change: Change) -> Iterator[Told]:
    if change.message is None or _heard(workspace, change) is None:
        return
    event = {
        "type": change.kind,
        "user": change.person_id,
        "reaction": change.facts["reaction"],
        "item": {"type": "message", "channel": change.channel_id, "ts": change.ts},
        "item_user": change.message.author_id,
        "event_ts": workspace.clock.stamp(),
    }
    yield Told(change.kind, event, "reactions:read")


def _membership(workspace: Workspace, change: Change) -> Iterator[Told]:
    where = workspace.conversation(str(change.channel_id))
    if BOT_USER_ID not in {*where.members, change.person_id} or not isinstance(where, Channel):
        return
    kind = f"member_{change.kind}_channel"
    event = {
        "type": kind,
        "user": change.person_id,
        "channel": change.channel_id,
        "channel_type": "G" if where.is_private else "C",
        "team": TEAM_ID,
        "event_ts": workspace.clock.stamp(),
    }
    yield Told(kind, event, "groups:read" if where.is_private else "channels:read")


def _channel(workspace: Workspace, change: Change) -> Iterator[Told]:
    where = workspace.conversation(str(change.channel_id))
    if not isinstance(where, Channel) or where.is_mpim:
        return
    if where.is_private and BOT_USER_ID not in where.members:
        return
    noun, scope = ("group", "groups:read") if where.is_private else ("channel", "channels:read")
    now = workspace.clock.stamp()
    shown = shapes.channel(where)
    happened = change.facts.get("happened")
    if happened == "archived":
        user = change.person_id or shown["creator"]
        event: JSON = {"type": f"{noun}_archive", "channel": where.id, "user": user, "is_moved": 0}
    elif happened == "renamed":
        named = {key: shown[key] for key in ("id", "name", "name_normalized", "created")}
        event = {"type": f"{noun}_rename", "channel": {**named, "is_channel": not where.is_private}}
    elif happened == "created" and not where.is_private:
        event = {"type": "channel_created", "channel": shown}
    else:
        return
    yield Told(event["type"], {**event, "event_ts": now}, scope)


def _file(workspace: Workspace, change: Change) -> Iterator[Told]:
    file_id = change.facts["file_id"]
    where = workspace.conversation(change.channel_id) if change.channel_id else None
    is_own = change.person_id == BOT_USER_ID
    if not is_own and where is not None and BOT_USER_ID not in where.members:
        return
    event: JSON = {"type": change.kind, "file_id": file_id, "event_ts": workspace.clock.stamp()}
    if change.kind != "file_deleted":
        event |= {"user_id": change.person_id, "file": {"id": file_id}}
    if change.kind == "file_shared":
        event["channel_id"] = change.channel_id
    yield Told(change.kind, event, "files:read")


def _member(workspace: Workspace, change: Change) -> Iterator[Told]:
    member = workspace.member(str(change.person_id))
    shown = {**shapes.user(member), "locale": member.locale}
    cache_ts = int(workspace.clock.time())
    event = {"type": change.kind, "user": shown, "cache_ts": cache_ts, "event_ts": workspace.clock.stamp()}
    yield Told(change.kind, event, "users:read")


def _tokens_revoked(workspace: Workspace, change: Change) -> Iterator[Told]:
    tokens = {"oauth": [], "bot": [BOT_USER_ID]}
    yield Told(change.kind, {"type": change.kind, "tokens": tokens, "event_ts": workspace.clock.stamp()})


def _uninstalled(workspace: Workspace, change: Change) -> Iterator[Told]:
    yield Told(change.kind, {"type": change.kind, "event_ts": workspace.clock.stamp()})


def _heard(workspace: Workspace, change: Change) -> Channel | DirectMessage | None:
    """Return where something happened if the bot is there."""
    where = workspace.conversation(str(change.channel_id))
    return where if BOT_USER_ID in where.members else None


TELLERS: dict[Happening, Callable[[Workspace, Change], Iterator[Told]]] = {
    "message": _said,
    "message_changed": _changed,
    "message_deleted": _changed,
    "reaction_added": _reaction,
    "reaction_removed": _reaction,
    "joined": _membership,
    "left": _membership,
    "channel": _channel,
    "file_created": _file,
    "file_change": _file,
    "file_shared": _file,
    "file_deleted": _file,
    "team_join": _member,
    "user_change": _member,
    "tokens_revoked": _tokens_revoked,
    "app_uninstalled": _uninstalled,
}
# What is told even when the app's tokens no longer work.
FAREWELLS: frozenset[Happening] = frozenset({"tokens_revoked", "app_uninstalled"})
