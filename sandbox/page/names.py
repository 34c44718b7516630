"""How people and channels are called, for the one who reads the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode

from sandbox.page.texts import Texts, texts
from sandbox.state.workspace import Workspace


def address(person_id: str, channel_id: str | None = None, **more: str | None) -> str:
    """Return the address of a page as one person sees it."""
    query = {"person": person_id, "channel": channel_id, **more}
    return "/?" + urlencode({key: value for key, value in query.items() if value})


@dataclass(frozen=True)
class Names:
    """Names by id.

    Attributes:
        viewer_id: who reads the page.
        people: real names.
        channels: the channels the viewer is in, without #.
        texts: the page's sentences in the viewer's language.
    """

    viewer_id: str
    people: Mapping[str, str]
    channels: Mapping[str, str]
    texts: Texts = field(default_factory=texts)

    @classmethod
    def of(cls, workspace: Workspace, viewer_id: str) -> Self:
        """Return the names as one person knows them."""
        return cls(
            viewer_id,
            {member.id: member.real_name for member in workspace.members()},
            {channel.id: channel.name for channel in workspace.channels_of(viewer_id)},
            texts(workspace.member(viewer_id).locale),
        )

    def person(self, member_id: str) -> str:
        """Return a real name, or the id of someone who is not there."""
        return self.people.get(member_id, member_id)
