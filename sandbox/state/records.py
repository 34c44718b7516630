"""What a workspace consists of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
Blocks = list[JSON]
# block_id -> action_id -> what is chosen or typed there, as in `view.state.values`
Values = dict[str, dict[str, JSON]]


@dataclass(frozen=True)
class Member:
    """A person of the workspace, or the app's bot user; `name` is the handle.

    Attributes:
        is_deleted: the account is deactivated.
        is_away: they are not at their desk.
    """

    id: str
    name: str
    real_name: str
    title: str = ""
    locale: str = "de-DE"
    tz: str = "Europe/Berlin"
    is_admin: bool = False
    is_bot: bool = False
    is_deleted: bool = False
    is_away: bool = False

    @property
    def email(self) -> str:
        """An address made of the handle; nothing is ever sent there."""
        return f"{self.name}@sandbox.example"


@dataclass(frozen=True)
class Channel:
    """A channel; `members` holds user ids and may hold that of the bot.

    Attributes:
        is_mpim: it is the group direct message of its members (and private).
    """

    id: str
    name: str
    topic: str = ""
    members: tuple[str, ...] = ()
    is_private: bool = False
    is_archived: bool = False
    is_mpim: bool = False

    @property
    def is_public(self) -> bool:
        """Whether everybody may find it and go in."""
        return not self.is_private


@dataclass(frozen=True)
class DirectMessage:
    """A conversation of two people, or of a person and the bot."""

    id: str
    members: tuple[str, str]

    @property
    def is_public(self) -> bool:
        """Whether everybody may find it: never."""
        return False

    def other(self, member_id: str) -> str:
        """Return the id of the one `member_id` talks to (of themselves in a note to self)."""
        first, second = self.members
        return second if first == member_id else first


@dataclass(frozen=True)
class Message:
    """A message as it stands now.

    Attributes:
        text: mrkdwn, escaped, as Slack stores it.
        thread_ts: ts of the message that began the thread, only on replies.
        reader_id: set on an ephemeral message: the only one who sees it.
        selected: what people chose in the message's own selects and inputs.
        reactions: Slack's form: `{"name", "users", "count"}` each, the first given first.
        files: Slack's file objects that were shared with it.
    """

    channel_id: str
    ts: str
    author_id: str
    text: str
    blocks: Blocks = field(default_factory=list)
    attachments: Blocks = field(default_factory=list)
    thread_ts: str | None = None
    is_broadcast: bool = False
    subtype: str | None = None
    edited_ts: str | None = None
    metadata: JSON | None = None
    reader_id: str | None = None
    client_msg_id: str | None = None
    selected: Values = field(default_factory=dict)
    reactions: list[JSON] = field(default_factory=list)
    files: list[JSON] = field(default_factory=list)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.reader_id is not None


@dataclass(frozen=True)
class View:
    """A modal or an App Home tab, seen by one person.

    Attributes:
        body: what the app gave (title, submit, close, callback_id, private_metadata …), with defaults.
        values: what is chosen and typed, as far as the app was told.
        opened_at: orders the modals of a stack.
    """

    id: str
    person_id: str
    type: Literal["modal", "home"]
    body: JSON
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Values = field(default_factory=dict)
    opened_at: int = 0

    @property
    def blocks(self) -> Blocks:
        """Its blocks."""
        blocks: Blocks = self.body["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """The words of its title."""
        return self._words("title") or ""

    @property
    def submit(self) -> str | None:
        """The words on its submit button."""
        return self._words("submit")

    @property
    def close(self) -> str | None:
        """The words on its close button."""
        return self._words("close")

    @property
    def callback_id(self) -> str:
        """What the app calls it."""
        return str(self.body["callback_id"])

    @property
    def notify_on_close(self) -> bool:
        """Whether the app wants to hear that it was closed."""
        return bool(self.body["notify_on_close"])

    def _words(self, key: str) -> str | None:
        text = self.body.get(key)
        return str(text["text"]) if text else None


Happening = Literal[
    "message",
    "message_changed",
    "message_deleted",
    "ephemeral",
    "reaction_added",
    "reaction_removed",
    "read",
    "view",
    "channel",
    "joined",
    "left",
    "team_join",
    "user_change",
    "file_created",
    "file_change",
    "file_shared",
    "file_deleted",
    "tokens_revoked",
    "app_uninstalled",
]


@dataclass(frozen=True)
class Change:
    """Something has changed in the workspace.

    Attributes:
        kind: what has happened; of a `channel` the `facts` tell more.
        person_id: whom it concerns: the author, the only reader, the owner of the view, who joined.
        message: the message as it stands now, `previous`: as it stood before.
        facts: what else an event of this kind tells.
    """

    kind: Happening
    channel_id: str | None = None
    person_id: str | None = None
    ts: str | None = None
    message: Message | None = None
    previous: Message | None = None
    facts: JSON = field(default_factory=dict)


@dataclass(frozen=True)
class Seed:
    """What a new workspace starts with.

    Attributes:
        team: the workspace's name.
        domain: its short name in addresses.
        manifest: the app's manifest as Slack takes it.
    """

    team: str
    domain: str
    members: tuple[Member, ...]
    channels: tuple[Channel, ...]
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class Control:
    """A button of the demo, shown in the page; `run` returns a sentence for the one who pressed it."""

    id: str
    label: str
    description: str
    run: Callable[[], Awaitable[str]]
