"""What one person sees at one address of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from sandbox.page.names import Names, address
from sandbox.page.render import moment
from sandbox.page.surface import Surface
from sandbox.protocol.interactions import Interactions
from sandbox.state.app import BOT_USER_ID, App
from sandbox.state.errors import RefusedError
from sandbox.state.records import Channel, Control, DirectMessage, Member, Message, View
from sandbox.state.workspace import Workspace

PAGE_SIZE = 50
LARGEST = 1000
# Messages of one author this close together share one head.
TOGETHER_SECONDS = 300


class Shown(Protocol):
    """What the page needs of a sandbox."""

    workspace: Workspace
    interactions: Interactions
    controls: tuple[Control, ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """A line of the sidebar: a channel, a direct message or the app."""

    id: str
    label: str
    href: str
    is_current: bool
    unread: int
    mentions: int
    member: Member | None = None
    is_private: bool = False


@dataclass(frozen=True)
class Line:
    """A message as it stands in a list.

    Attributes:
        day: set on the first message of a day.
        is_follow_up: its author has just spoken, so the head is left out.
        replies: how many there are in its thread, and `last_reply_at`.
    """

    message: Message
    author: Member
    at: datetime
    day: datetime | None
    is_follow_up: bool
    surface: Surface
    replies: int = 0
    last_reply_at: datetime | None = None


class Screen:
    """Everything the templates show."""

    def __init__(self, sandbox: Shown, query: Mapping[str, str]) -> None:
        """Look at the workspace; who or what the address names and is not there is taken for the first."""
        self.workspace = sandbox.workspace
        self.controls, self.links = sandbox.controls, sandbox.links
        self.people = self.workspace.people()
        known = {person.id: person for person in self.people}
        self.person = known.get(query.get("person", ""), self.people[0])
        self.names = Names.of(self.workspace, self.person.id)
        self.texts = self.names.texts
        self.app: App = self.workspace.app
        self.bot = self.workspace.member(BOT_USER_ID)
        self.app_channel_id = self.workspace.open_dm(self.person.id, BOT_USER_ID)
        self.is_home = query.get("tab") == "home"
        self.conversation = self._conversation(query)
        self.limit = min(LARGEST, max(PAGE_SIZE, _number(query.get("limit", ""))))
        self.thread_ts = self._thread_ts(query.get("thread", ""))
        self.today = datetime.now(ZoneInfo(self.person.tz)).date()

    @property
    def channel(self) -> Channel | None:
        """The channel that is open, if it is one."""
        return self.conversation if isinstance(self.conversation, Channel) else None

    @property
    def is_app(self) -> bool:
        """Whether the app's own place is open, be it Home or messages."""
        return self.conversation.id == self.app_channel_id

    @cached_property
    def other(self) -> Member | None:
        """The one the open direct message is with."""
        if isinstance(self.conversation, Channel):
            return None
        return self.workspace.member(self.conversation.other(self.person.id))

    @property
    def title(self) -> str:
        """What the open place is called, # and all."""
        return self.other.real_name if self.other else f"#{self.names.channels[self.conversation.id]}"

    @property
    def href(self) -> str:
        """The address of this place with as many messages as are shown, without thread."""
        more = f"&limit={self.limit}" if self.limit > PAGE_SIZE else ""
        return self.person_href(self.person.id) + more

    def composer_key(self, thread_ts: str = "") -> str:
        """Return the HTML id of the field for writing here, the same at each visit."""
        return "-".join(("write", self.person.id, self.conversation.id, *thread_ts.split(".")))

    def person_href(self, person_id: str) -> str:
        """Return the address at which another person sees the same place, where they can."""
        tab = "home" if self.is_home else "messages" if self.is_app else None
        return address(person_id, None if self.is_app else self.conversation.id, tab=tab)

    @cached_property
    def channels(self) -> list[Place]:
        """The person's channels, by name."""
        channels = sorted(self.workspace.channels_of(self.person.id), key=lambda channel: channel.name)
        return [self._place(channel.id, channel.name, is_private=channel.is_private) for channel in channels]

    @cached_property
    def direct_messages(self) -> list[Place]:
        """The person's direct messages with people, by name."""
        others = [
            (direct.id, self.workspace.member(direct.other(self.person.id)))
            for direct in self.workspace.direct_messages(self.person.id)
            if direct.id != self.app_channel_id
        ]
        others.sort(key=lambda pair: pair[1].real_name)
        return [self._place(channel_id, other.real_name, member=other) for channel_id, other in others]

    @cached_property
    def app_place(self) -> Place:
        """The app's line in the sidebar."""
        return self._place(self.app_channel_id, self.app.name, member=self.bot)

    @cached_property
    def waiting(self) -> dict[str, int]:
        """For each person how many unread messages concern them."""
        return {
            person.id: sum(mentions for _, mentions in self.workspace.unread(person.id).values())
            for person in self.people
        }

    @cached_property
    def lines(self) -> list[Line]:
        """The messages of the open place, oldest first."""
        channel_id = self.conversation.id
        return self._lines(self.workspace.messages(channel_id, self.person.id, self.limit), "m")

    @property
    def more_href(self) -> str | None:
        """The address with older messages too, when there may be some."""
        if len(self.lines) < self.limit:
            return None
        return f"{self.person_href(self.person.id)}&limit={self.limit + PAGE_SIZE}"

    @cached_property
    def thread(self) -> list[Line]:
        """The open thread, its first message first."""
        if self.thread_ts is None:
            return []
        return self._lines(self.workspace.thread(self.conversation.id, self.thread_ts, self.person.id), "t")

    @cached_property
    def home(self) -> Surface | None:
        """The app's Home tab."""
        view = self.workspace.home_view(self.person.id)
        return Surface.of_view(view, self.names) if view else None

    @cached_property
    def modals(self) -> list[tuple[View, Surface]]:
        """The person's open modals, the one on top last."""
        views = self.workspace.modals(self.person.id)
        return [(view, Surface.of_view(view, self.names)) for view in views]

    @cached_property
    def unread(self) -> dict[str, tuple[int, int]]:
        """Unread messages and those that concern the person, by conversation."""
        return self.workspace.unread(self.person.id)

    def _conversation(self, query: Mapping[str, str]) -> Channel | DirectMessage:
        named = query.get("channel", "")
        if query.get("tab") in {"home", "messages"}:
            named = self.app_channel_id
        try:
            conversation = self.workspace.conversation(named)
        except RefusedError:
            conversation = None
        if conversation is None or self.person.id not in conversation.members:
            first = self.workspace.channels_of(self.person.id)[:1]
            conversation = first[0] if first else self.workspace.conversation(self.app_channel_id)
        return conversation

    def _thread_ts(self, ts: str) -> str | None:
        root = self.workspace.find(self.conversation.id, ts) if ts and not self.is_home else None
        return root.ts if root else None

    def _place(
        self, channel_id: str, label: str, *, member: Member | None = None, is_private: bool = False
    ) -> Place:
        unread, mentions = self.unread.get(channel_id, (0, 0))
        is_current = channel_id == self.conversation.id
        is_app = channel_id == self.app_channel_id
        # Who has something new from the app wants to read it; else its Home is the place to begin.
        tab = ("messages" if unread else "home") if is_app else None
        href = address(self.person.id, None if is_app else channel_id, tab=tab)
        return Place(channel_id, label, href, is_current, unread, mentions, member, is_private)

    def _lines(self, messages: Sequence[Message], place: str) -> list[Line]:
        replies = self._replies() if place == "m" else {}
        lines: list[Line] = []
        for message in messages:
            at = moment(message.ts, self.person)
            before = lines[-1] if lines else None
            is_new_day = before is None or before.at.date() != at.date()
            in_thread = replies.get(message.ts, [])
            is_follow_up = (
                before is not None
                and not is_new_day
                and before.author.id == message.author_id
                and before.message.reader_id == message.reader_id
                and (at - before.at).total_seconds() < TOGETHER_SECONDS
                and not (place == "t" and len(lines) == 1)
            )
            line = Line(
                message,
                self.workspace.member(message.author_id),
                at,
                at if is_new_day and place == "m" else None,
                is_follow_up,
                Surface.of_message(message, self.names, place),
                len(in_thread),
                moment(in_thread[-1].ts, self.person) if in_thread else None,
            )
            lines.append(line)
        return lines

    def _replies(self) -> dict[str, list[Message]]:
        found: dict[str, list[Message]] = {}
        for message in self.workspace.history(self.conversation.id):
            if message.thread_ts and message.reader_id in {None, self.person.id}:
                found.setdefault(message.thread_ts, []).append(message)
        return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004 - far past LARGEST
