"""What a person can choose in a select: suggested options, people and conversations."""

from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Channel, DirectMessage
from sandbox.state.workspace import Workspace

EXTERNAL = frozenset({"external_select", "multi_external_select"})
# A person, what is looked at (a view, or a message's channel and ts), a block and an element in it.
Key = tuple[str, ...]


class Suggestions:
    """The options that apps gave last to what people typed into external selects."""

    def __init__(self) -> None:
        self._given: dict[Key, list[JSON]] = {}

    def keep(self, key: Key, answer: list[JSON]) -> None:
        """Keep options, or groups of them, in place of those given before."""
        self._given[key] = [option for one in answer for option in one.get("options", [one])]

    def offered(self, key: Key, element: JSON, chosen: JSON) -> JSON:
        """Return an element with the options that can be chosen in it now.

        Args:
            key: where it is and who looks at it.
            element: as the app gave it; only an external select comes back changed.
            chosen: its state: what was chosen from earlier suggestions can stay chosen.
        """
        if element["type"] not in EXTERNAL:
            return element
        kept = [chosen.get("selected_option"), element.get("initial_option")]
        kept += [*chosen.get("selected_options", ()), *element.get("initial_options", ())]
        return {**element, "options": [*self._given.get(key, ()), *(option for option in kept if option)]}


def choosable(workspace: Workspace, person_id: str, element: JSON) -> list[str] | None:
    """Return the ids of the people or conversations that a person finds in a select; None for others."""
    match element["type"]:
        case "users_select" | "multi_users_select":
            return [member.id for member in workspace.members() if not member.is_deleted]
        case "channels_select" | "multi_channels_select":
            return [channel.id for channel in workspace.channels() if _is_open(channel)]
        case "conversations_select" | "multi_conversations_select":
            mine = {conversation.id: conversation for conversation in workspace.conversations_of(person_id)}
            found = mine | {channel.id: channel for channel in workspace.channels() if _is_open(channel)}
            wanted = element.get("filter", {})
            return [one.id for one in found.values() if _is_wanted(one, wanted)]
    return None


def check_choice(workspace: Workspace, person_id: str, element: JSON, value: object) -> None:
    """Make sure that a person finds the people or conversations they choose.

    Raises:
        RefusedError: `not_found`.
    """
    known = choosable(workspace, person_id, element)
    chosen = value if isinstance(value, list) else [value] if value else []
    if known is not None and not set(chosen) <= set(known):
        raise RefusedError("not_found")


def _is_open(channel: Channel) -> bool:
    return channel.is_public and not channel.is_archived


def _is_wanted(conversation: Channel | DirectMessage, wanted: JSON) -> bool:
    if isinstance(conversation, DirectMessage):
        kind = "im"
        if wanted.get("exclude_bot_users") and BOT_USER_ID in conversation.members:
            return False
    elif conversation.is_archived:
        return False
    else:
        kind = "mpim" if conversation.is_mpim else "public" if conversation.is_public else "private"
    return kind in wanted.get("include", (kind,))
