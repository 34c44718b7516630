"""People, channels, messages and views as Slack writes them in answers and payloads."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.protocol.file_objects import of_message
from sandbox.protocol.spots import states
from sandbox.state.app import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID
from sandbox.state.records import JSON, Channel, DirectMessage, Member, Message, View
from sandbox.state.workspace import Workspace

# When people and channels came to be does not matter here; Slack always says it.
CREATED = 1_700_000_000
# Nobody's portrait is there; the addresses are Slack's in form.
AVATARS = "https://avatars.sandbox.example/"
AVATAR_SIZES = (24, 32, 48, 72, 192, 512)
# Kind of conversation -> what the names of its scopes begin with.
SCOPE_FAMILIES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def user(member: Member) -> JSON:
    """Return a user object as in `users.info`; of a deactivated person Slack tells less."""
    result: JSON = {
        "id": member.id,
        "team_id": TEAM_ID,
        "name": member.name,
        "deleted": member.is_deleted,
        "real_name": member.real_name,
        "profile": _profile(member),
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": CREATED,
        "is_email_confirmed": not member.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    return result if member.is_deleted else result | _of_the_active(member)


def _of_the_active(member: Member) -> JSON:
    offset = datetime.now(ZoneInfo(member.tz)).utcoffset()
    return {
        "color": "4bbe2e",
        "tz": member.tz,
        "tz_label": member.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": member.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
    }


def _profile(member: Member) -> JSON:
    first_name, _, last_name = member.real_name.rpartition(" ")
    result: JSON = {
        "title": member.title,
        "phone": "",
        "skype": "",
        "real_name": member.real_name,
        "real_name_normalized": member.real_name,
        "display_name": member.name,
        "display_name_normalized": member.name,
        "fields": {},
        "status_text": "",
        "status_text_canonical": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": "g" + member.id.lower(),
        "first_name": first_name or last_name,
        "last_name": last_name if first_name else "",
        **{f"image_{size}": f"{AVATARS}{member.id}-{size}.png" for size in AVATAR_SIZES},
        "team": TEAM_ID,
    }
    if member.is_bot:
        result |= {"api_app_id": APP_ID, "always_active": False, "bot_id": BOT_ID}
    return result


def channel(conversation: Channel | DirectMessage) -> JSON:
    """Return a conversation object as in `conversations.info`."""
    if isinstance(conversation, DirectMessage):
        return {
            "id": conversation.id,
            "created": CREATED,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": TEAM_ID,
            "updated": CREATED * 1000,
            "user": conversation.other(BOT_USER_ID),
            "is_open": True,
            "priority": 0,
        }
    return {
        "id": conversation.id,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": not conversation.is_mpim,
        "is_group": False,
        "is_im": False,
        "is_mpim": conversation.is_mpim,
        "is_private": conversation.is_private,
        "created": CREATED,
        "is_archived": conversation.is_archived,
        "is_general": False,
        "unlinked": 0,
        "is_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "is_ext_shared": False,
        "shared_team_ids": [TEAM_ID],
        "context_team_id": TEAM_ID,
        "updated": CREATED * 1000,
        "creator": conversation.members[0] if conversation.members else BOT_USER_ID,
        "is_member": BOT_USER_ID in conversation.members,
        "topic": {"value": conversation.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "num_members": len(conversation.members),
        "priority": 0,
    }


def channel_type(conversation: Channel | DirectMessage) -> str:
    """Return `im`, `mpim`, `group` or `channel`."""
    if isinstance(conversation, DirectMessage):
        return "im"
    if conversation.is_mpim:
        return "mpim"
    return "group" if conversation.is_private else "channel"


def permalink(workspace: Workspace, said: Message) -> str:
    """Return the address of a message; that of a reply names its thread."""
    address = f"{workspace.address}archives/{said.channel_id}/p{said.ts.replace('.', '')}"
    return f"{address}?thread_ts={said.thread_ts}&cid={said.channel_id}" if said.thread_ts else address


def bot_profile(workspace: Workspace) -> JSON:
    """Return what is said of the app at its messages."""
    icons = {"image_36": "", "image_48": "", "image_72": ""}
    return {
        "id": BOT_ID,
        "deleted": False,
        "name": workspace.app.name,
        "updated": CREATED,
        "app_id": APP_ID,
        "icons": icons,
        "team_id": TEAM_ID,
    }


def message(workspace: Workspace, said: Message, *, has_metadata: bool = False) -> JSON:
    """Return a message as in `conversations.history` and payloads.

    Args:
        workspace: where it was said.
        said: the message.
        has_metadata: whether its metadata are asked for.
    """
    result: JSON = {"user": said.author_id, "type": "message", "ts": said.ts}
    if said.client_msg_id:
        result["client_msg_id"] = said.client_msg_id
    if said.author_id == BOT_USER_ID:
        result |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_profile(workspace)}
    result |= {"text": said.text, "team": TEAM_ID}
    if said.subtype or said.is_broadcast:
        result["subtype"] = said.subtype or "thread_broadcast"
    if said.edited_ts:
        result["edited"] = {"user": said.author_id, "ts": said.edited_ts}
    if said.blocks:
        result["blocks"] = said.blocks
    if said.attachments:
        result["attachments"] = said.attachments
    if said.reactions:
        result["reactions"] = said.reactions
    if said.files:
        result |= {"files": of_message(workspace, said), "upload": False, "display_as_bot": False}
    if has_metadata and said.metadata:
        result["metadata"] = said.metadata
    return result | _thread(workspace, said)


def _thread(workspace: Workspace, said: Message) -> JSON:
    if said.is_ephemeral:
        return {"thread_ts": said.thread_ts} if said.thread_ts else {}
    if said.thread_ts:
        root = workspace.find(said.channel_id, said.thread_ts)
        shown = {"root": message(workspace, root)} if root and said.is_broadcast else {}
        return {"thread_ts": said.thread_ts, "parent_user_id": root.author_id if root else "", **shown}
    replies = workspace.replies(said.channel_id, said.ts)
    if not replies:
        return {}
    people = list(dict.fromkeys(reply.author_id for reply in replies))
    return {
        "thread_ts": said.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
        "reply_users": people[:5],
        "is_locked": False,
        "subscribed": False,
    }


def view(shown: View) -> JSON:
    """Return a view as in `views.open` and payloads."""
    home_title = {"type": "plain_text", "text": "View Title", "emoji": True}
    return {
        "id": shown.id,
        "team_id": TEAM_ID,
        **shown.body,
        "type": shown.type,
        "title": shown.body["title"] or home_title,
        "state": {"values": states(shown)},
        "hash": shown.hash,
        "previous_view_id": shown.previous_id,
        "root_view_id": shown.root_id,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }
