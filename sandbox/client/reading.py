"""What can be read in messages and views."""

from typing import Any

from sandbox.state.records import JSON, Channel, DirectMessage, Message, View
from sandbox.state.workspace import Workspace

READABLE = ("text", "title", "alt_text")
# How much of a message a failed test shows.
EXCERPT = 200


def visible_text(message: Message) -> str:
    """Return what can be read in a message: its blocks, or its text if it has none, and what comes along."""
    parts = texts(message.blocks) if message.blocks else [message.text]
    return "\n".join([*parts, *texts(message.attachments), *texts(message.files)])


def texts(part: Any) -> list[str]:
    """Return all that can be read in blocks or in a part of them, from top to bottom."""
    if isinstance(part, list):
        return [text for one in part for text in texts(one)]
    if not isinstance(part, dict):
        return []
    own = [part[key] for key in READABLE if isinstance(part.get(key), str)]
    return own + [text for value in part.values() for text in texts(value)]


def words(part: JSON | None) -> str:
    """Return the words of a text object, empty when there is none."""
    return str(part["text"]) if part else ""


def readable(workspace: Workspace, person_id: str) -> list[Message]:
    """Return all messages a person can see, the newest first."""
    places = workspace.conversations_of(person_id)
    found = [message for place in places for message in workspace.history(place.id)]
    mine = [message for message in found if message.reader_id in {None, person_id}]
    return sorted(mine, key=lambda message: message.ts, reverse=True)


def sight(workspace: Workspace, person_id: str, failure: str | None = None) -> str:
    """Return what a person sees: why their last act failed, forms, Home, messages. For failed tests."""
    lines = [f"  a failure: {failure!r}"] if failure else []
    lines += [f"  a form: {_view(view)}" for view in workspace.modals(person_id)[::-1]]
    home = workspace.home_view(person_id)
    lines += [f"  Home: {_view(home)}"] if home else []
    lines += [
        f"  in {name(workspace, workspace.conversation(message.channel_id), person_id)}: "
        f"{visible_text(message)[:EXCERPT]!r}"
        for message in readable(workspace, person_id)[:5]
    ]
    return "\n".join(lines) or "  nothing at all"


def name(workspace: Workspace, conversation: Channel | DirectMessage, person_id: str) -> str:
    """Return what a person calls a conversation."""
    if isinstance(conversation, Channel):
        return f"#{conversation.name}"
    return f"the direct message with {workspace.member(conversation.other(person_id)).real_name}"


def _view(view: View) -> str:
    return f"{view.title!r} {chr(10).join(texts(view.blocks))[: 2 * EXCERPT]!r}"
