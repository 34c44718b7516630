"""Files as Slack writes them in answers and events; docs.slack.dev/reference/objects/file-object/."""

from urllib.parse import quote

from sandbox.state.app import TEAM_ID
from sandbox.state.files import File
from sandbox.state.records import JSON, Channel, DirectMessage, Message
from sandbox.state.workspace import Workspace

PRETTY_TYPES = {"txt": "Plain Text", "text": "Plain Text", "jpg": "JPEG", "md": "Markdown (raw)"}
Shares = dict[str, dict[str, list[JSON]]]


def file_object(workspace: Workspace, file: File) -> JSON:
    """Return a file object as in `files.info`."""
    places = _places(workspace, file)
    shown = summary(workspace, file)
    conversations = {message.channel_id: where for where, message in places}
    return {
        **shown,
        "channels": [key for key, where in conversations.items() if _kind(where) == "public"],
        "groups": [key for key, where in conversations.items() if _kind(where) == "private"],
        "ims": [key for key, where in conversations.items() if _kind(where) == "im"],
        "shares": _shares(workspace, places),
        "comments_count": 0,
        "is_starred": False,
        "has_more_shares": False,
        "user_team": TEAM_ID,
    }


def summary(workspace: Workspace, file: File) -> JSON:
    """Return what a message or event tells of a file."""
    # Dots alone would be taken for a folder, and the address shortened.
    name = quote(file.name.strip(".") or "file", safe="")
    slug = f"{TEAM_ID}-{file.id}"
    places = _places(workspace, file)
    pretty = PRETTY_TYPES.get(file.filetype, file.filetype.upper())
    result: JSON = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": "Binary" if file.filetype == "binary" else pretty,
        "user": file.owner_id,
        "user_team": TEAM_ID,
        "editable": bool(file.snippet_type),
        "size": file.size,
        "mode": "snippet" if file.snippet_type else "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(_kind(where) == "public" for where, _ in places),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{workspace.address}files-pri/{slug}/{name}",
        "url_private_download": f"{workspace.address}files-pri/{slug}/download/{name}",
        "media_display_type": "unknown",
        "permalink": f"{workspace.address}files/{file.owner_id}/{file.id}/{name}",
        "permalink_public": f"{workspace.address}files-pub/{slug}",
        "has_rich_preview": False,
        "file_access": "visible",
    }
    if file.alt_text:
        result["alt_txt"] = file.alt_text
    return result


def of_message(workspace: Workspace, message: Message) -> list[JSON]:
    """Return the files of a message; of a deleted one there is only its id."""
    return [
        shared if "mode" in shared else summary(workspace, workspace.files.get(shared["id"]))
        for shared in message.files
    ]


def _places(workspace: Workspace, file: File) -> list[tuple[Channel | DirectMessage, Message]]:
    """Return where a file can be seen: a message that was deleted shows it no more."""
    said = [workspace.find(channel_id, ts) for channel_id, ts in file.places]
    return [(workspace.conversation(message.channel_id), message) for message in said if message]


def _kind(where: Channel | DirectMessage) -> str:
    if isinstance(where, DirectMessage):
        return "im"
    return "private" if where.is_private else "public"


def _shares(workspace: Workspace, places: list[tuple[Channel | DirectMessage, Message]]) -> Shares:
    shares: Shares = {}
    for where, message in places:
        replies = workspace.replies(message.channel_id, message.ts)
        people = list(dict.fromkeys(reply.author_id for reply in replies))
        share: JSON = {
            "ts": message.ts,
            "reply_users": people,
            "reply_users_count": len(people),
            "reply_count": len(replies),
            "team_id": TEAM_ID,
            "share_user_id": message.author_id,
        }
        if isinstance(where, Channel):
            share["channel_name"] = where.name
        if message.thread_ts:
            share["thread_ts"] = message.thread_ts
        kind = "public" if _kind(where) == "public" else "private"
        shares.setdefault(kind, {}).setdefault(message.channel_id, []).append(share)
    return shares
