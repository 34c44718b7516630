"""What one person sees at one address of the page."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from markupsafe import Markup

from sandbox.page.drawn import Draw, drawn
from sandbox.page.lines import Line, Lines
from sandbox.page.names import Names, address
from sandbox.page.render import moment
from sandbox.page.surface import Surface
from sandbox.page.typed import typed_again
from sandbox.protocol.interactions import Interactions
from sandbox.protocol.traffic import Traffic
from sandbox.state.app import BOT_USER_ID, App
from sandbox.state.errors import RefusedError
from sandbox.state.offers import Guide, Offer, offered
from sandbox.state.records import Channel, Control, DirectMessage, Member, Message, View
from sandbox.state.workspace import Workspace

PAGE_SIZE = 50
# What is drawn anew at each change; who goes back further sees a page of older ones in its place.
LARGEST = 300
# Behind the message an address leads to so many more are shown.
AROUND = 20


class Shown(Protocol):
    """What the page needs of a sandbox."""

    workspace: Workspace
    interactions: Interactions
    traffic: Traffic
    controls: Offer[Sequence[Control]]
    links: Offer[Sequence[tuple[str, str]]]
    guide: Offer[Guide | None]

    def guide_changed(self) -> None:
        """Show open pages the guide as it is now."""


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


class Screen:
    """Everything the templates show."""

    def __init__(self, sandbox: Shown, query: Mapping[str, str]) -> None:
        """Look at the workspace; who or what the address names and is not there is taken for the first."""
        self.workspace = sandbox.workspace
        self.people = self.workspace.people()
        known = {person.id: person for person in self.people}
        self.person = known.get(query.get("person", ""), self.people[0])
        self.names = Names.of(self.workspace, self.person.id)
        self.texts = self.names.texts
        self.controls = offered(sandbox.controls, self.person.locale)
        self.links = offered(sandbox.links, self.person.locale)
        self.guide = offered(sandbox.guide, self.person.locale)
        self.is_guide_hidden = self.workspace.is_guide_hidden
        self.app: App = self.workspace.app
        self.bot = self.workspace.member(BOT_USER_ID)
        self.app_channel_id = self.workspace.open_dm(self.person.id, BOT_USER_ID)
        self.is_home = query.get("tab") == "home"
        self.conversation = self._conversation(query)
        self.limit = min(LARGEST, max(PAGE_SIZE, _number(query.get("limit", ""))))
        self.thread_ts = self._thread_ts(query.get("thread", ""))
        self.at = query.get("at", "")
        self.seen_until = query["seen"] if "seen" in query else self._seen_until()
        self._made = Lines(self.workspace, self.person, self.names, query.get("edit", ""))
        self.today = moment(self.workspace.clock.stamp(), self.person).date()

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
        return self.here + (f"&at={self.at}" if self.at else "") + more

    @property
    def here(self) -> str:
        """The address of this place with its newest messages."""
        return self.person_href(self.person.id)

    @property
    def thread_href(self) -> str:
        """The address of what is open, the thread too."""
        return self.href + (f"&thread={self.thread_ts}" if self.thread_ts else "")

    def composer_key(self, thread_ts: str = "") -> str:
        """Return the HTML id of the field for writing here, the same at each visit."""
        return "-".join(("write", self.person.id, self.conversation.id, *thread_ts.split(".")))

    def person_href(self, person_id: str) -> str:
        """Return the address at which another person sees the same place, where they can."""
        tab = "home" if self.is_home else "messages" if self.is_app else None
        return address(person_id, None if self.is_app else self.conversation.id, tab=tab)

    def waiting_href(self, person_id: str) -> str:
        """Return the address at which another person finds what waits for them."""
        unread = self.workspace.unread(person_id)
        channel_id = next((channel_id for channel_id, (_, mentions) in unread.items() if mentions), None)
        is_app = channel_id == self.workspace.open_dm(person_id, BOT_USER_ID)
        return address(person_id, None if is_app else channel_id, tab="messages" if is_app else None)

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
    def _shown(self) -> Sequence[Message]:
        """The messages of the open place, oldest first: the newest ones, or those around `at`."""
        channel_id, person_id = self.conversation.id, self.person.id
        after = self.workspace.following(channel_id, person_id, self.at, AROUND) if self.at else []
        # With fewer than that behind it the newest ones are in sight anyway.
        before = after[-1].ts if len(after) == AROUND else None
        return self.workspace.messages(channel_id, person_id, self.limit, before)

    @cached_property
    def lines(self) -> list[Line]:
        """The messages of the open place, oldest first."""
        return self._made.of_channel(self._shown, self.seen_until)

    @cached_property
    def newest_href(self) -> str | None:
        """The address with the newest messages, when older ones are shown."""
        last = self._shown[-1].ts if self._shown else ""
        newer = self.workspace.following(self.conversation.id, self.person.id, last, 1) if self.at else []
        return self.here if newer else None

    @cached_property
    def more_href(self) -> str | None:
        """The address with older messages too, when there are some."""
        if len(self._shown) < self.limit:
            return None
        first = self._shown[0].ts
        if not self.workspace.messages(self.conversation.id, self.person.id, 1, first):
            return None
        if self.limit + PAGE_SIZE > LARGEST:
            return f"{self.here}&at={first}"
        return f"{self.here}{f'&at={self.at}' if self.at else ''}&limit={self.limit + PAGE_SIZE}"

    @cached_property
    def _look(self) -> Hashable:
        """All but the message itself that its HTML depends on."""
        names = (tuple(self.names.people.items()), tuple(self.names.channels.items()))
        place = (self.href, self.title, self.is_closed, self.today, self.app)
        return hash((self.person, names, place))

    def drawn(self, draw: Draw, line: Line, in_thread: bool) -> Markup:  # noqa: FBT001 - called by a template
        """Return the HTML of a message, as it was drawn before if nothing about it has changed."""
        return drawn(self.workspace).line(draw, line, self._look, in_thread=in_thread)

    @cached_property
    def thread(self) -> list[Line]:
        """The open thread, its first message first."""
        if self.thread_ts is None:
            return []
        messages = self.workspace.thread(self.conversation.id, self.thread_ts, self.person.id)
        return self._made.of_thread(messages)

    @property
    def is_closed(self) -> bool:
        """Whether nobody can write here any more, or not this person."""
        return self.person.is_deleted or bool(self.channel and self.channel.is_archived)

    @cached_property
    def members(self) -> list[Member]:
        """Who is in the open channel, by name."""
        found = [self.workspace.member(member_id) for member_id in self.conversation.members]
        return sorted(found, key=lambda member: member.real_name)

    @cached_property
    def joinable(self) -> list[Channel]:
        """The channels that the person could go into, by name."""
        channels = [
            channel
            for channel in self.workspace.channels()
            if channel.is_public and not channel.is_archived and self.person.id not in channel.members
        ]
        return sorted(channels, key=lambda channel: channel.name)

    def typed(self, message: Message) -> str:
        """Return a message's text as its author would type it again."""
        return typed_again(message.text, self.workspace)

    @cached_property
    def home(self) -> Surface | None:
        """The app's Home tab."""
        view = self.workspace.home_view(self.person.id)
        return Surface.of_view(view, self.names) if view else None

    @cached_property
    def modals(self) -> list[tuple[View, Surface]]:
        """The person's open modals, the one on top last."""
        views = self.workspace.modals(self.person.id)
        return [(view, Surface.of_view(view, self.names, self.conversation.id)) for view in views]

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

    def _seen_until(self) -> str:
        """Return up to where the person has read here, or "" when there is nothing new."""
        if self.conversation.id not in self.unread:
            return ""
        return self.workspace.read_until(self.person.id, self.conversation.id) or "0"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004 - far past LARGEST
