"""Who and what a workspace starts with: from a file, or three people and two channels."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sandbox.alone.files import FileError, read
from sandbox.page.texts import Texts
from sandbox.state.app import BOT_USER_ID
from sandbox.state.records import Channel, Member, Seed


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        raise ValueError("no time zone") from None
    return name


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    handle: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    id: Annotated[str, Field(pattern=r"^[UW][A-Z0-9]+$")] | None = None
    name: str = ""
    title: str = ""
    locale: str = "de-DE"
    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/Berlin"
    admin: bool = False


class _Channel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[^\s#@A-Z]+$", max_length=80)]
    id: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]+$")] | None = None
    topic: str = ""
    private: bool = False
    # Handles; without a word everybody is in it.
    members: list[str] | None = None
    bot: bool = True


class _Workspace(BaseModel):
    model_config = ConfigDict(extra="forbid")

    team: str = "Sandbox"
    domain: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "sandbox"
    people: Annotated[list[_Person], Field(min_length=1)]
    channels: list[_Channel] = []


def _example(_: Texts) -> _Workspace:
    return _Workspace(
        people=[
            _Person(handle="anna", name="Anna Beispiel", title=_("Newsroom"), admin=True),
            _Person(handle="ben", name="Ben Beispiel", title=_("IT department")),
            _Person(handle="chris", name="Chris Example", title="Speaks English", locale="en-GB"),
        ],
        channels=[
            _Channel(name=_("general"), topic=_("What concerns everybody")),
            _Channel(name=_("management"), topic=_("For two alone"), private=True, members=["anna", "ben"]),
        ],
    )


def seed_of(manifest: Mapping[str, Any], file: Path | None, _: Texts) -> Seed:
    """Return what a workspace with this app starts with; without a file it is a small example.

    Raises:
        FileError: the file does not say who is there, or says it in a way that can't be.
    """
    said = read(file, _Workspace, _)[0] if file else _example(_)
    ids = {person.handle: person.id or _id("U", person.handle) for person in said.people}
    channel_ids = [channel.id or _id("C", channel.name) for channel in said.channels]
    _check_once((person.handle for person in said.people), file, _)
    _check_once((channel.name for channel in said.channels), file, _)
    _check_once([*ids.values(), *channel_ids, BOT_USER_ID], file, _)
    for channel in said.channels:
        for handle in channel.members or ():
            if handle not in ids:
                sentence = _(
                    "{file}: in #{channel} there is {handle}, who is not among the people.",
                    file=file,
                    channel=channel.name,
                    handle=handle,
                )
                raise FileError(sentence)
    return Seed(
        team=said.team,
        domain=said.domain,
        members=tuple(_member(ids[person.handle], person) for person in said.people),
        channels=tuple(
            _channel(id_, channel, ids) for id_, channel in zip(channel_ids, said.channels, strict=True)
        ),
        manifest=manifest,
    )


def _member(id_: str, person: _Person) -> Member:
    return Member(
        id_,
        person.handle,
        person.name or person.handle,
        person.title,
        locale=person.locale,
        tz=person.timezone,
        is_admin=person.admin,
    )


def _channel(id_: str, channel: _Channel, ids: Mapping[str, str]) -> Channel:
    handles = ids if channel.members is None else channel.members
    bot = (BOT_USER_ID,) if channel.bot else ()
    members = (*(ids[handle] for handle in handles), *bot)
    return Channel(id_, channel.name, channel.topic, members, is_private=channel.private)


def _id(kind: str, name: str) -> str:
    """Return an id that is the same at each start."""
    return f"{kind}0{re.sub('[^A-Z0-9]', '', name.upper()) or name.encode().hex().upper()}"


def _check_once(names: Iterable[str], file: Path | None, _: Texts) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise FileError(_("{file}: {name} is there twice.", file=file, name=name))
        seen.add(name)
