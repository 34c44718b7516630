"""How people and channels are called, for the one who reads the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode

from sandbox.page.texts import Texts, texts
from sandbox.state.records import Channel, DirectMessage
from sandbox.state.workspace import Workspace


def address(person_id: str, channel_id: str | None = None, **more: str | None) -> str:
    """Return the address of a page as one person sees it."""
    query = {"person": person_id, "channel": channel_id, **more}
    return "/?" + urlencode({key: value for key, value in query.items() if value})


def place(conversation: Channel | DirectMessage, viewer_id: str, people: Mapping[str, str]) -> str:
    """Return what someone calls a conversation: `#alle`, or whom it is with."""
    if isinstance(conversation, Channel):
        return f"#{conversation.name}"
    other = conversation.other(viewer_id)
    return people.get(other, other)


@dataclass(frozen=True)
class Names:
    """Names by id.

    Attributes:
        viewer_id: who reads the page.
        people: real names.
        channels: the channels the viewer is in, without #.
        texts: the page's sentences in the viewer's language.
        tz: the viewer's time zone.
        places: what the conversations are called that the viewer can choose, # and all.
        handles: what one types after @ and #, by id.
    """

    viewer_id: str
    people: Mapping[str, str]
    channels: Mapping[str, str]
    texts: Texts = field(default_factory=texts)
    tz: str = "Europe/Berlin"
    places: Mapping[str, str] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, viewer_id: str) -> Self:
        """Return the names as one person knows them."""
        viewer = workspace.member(viewer_id)
        people = {member.id: member.real_name for member in workspace.members()}
        mine = workspace.conversations_of(viewer_id)
        public = [channel for channel in workspace.channels() if channel.is_public]
        channels = {channel.id: channel.name for channel in workspace.channels_of(viewer_id)}
        handles = {member.id: member.name for member in workspace.members()}
        return cls(
            viewer_id,
            people,
            channels,
            texts(viewer.locale),
            viewer.tz,
            {one.id: place(one, viewer_id, people) for one in (*public, *mine)},
            {**handles, **channels},
        )

    def person(self, member_id: str) -> str:
        """Return a real name, or the id of someone who is not there."""
        return self.people.get(member_id, member_id)
