"""Who is in the workspace and where they can talk."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal, get_args

from sandbox.state.app import BOT_USER_ID, App, app_of
from sandbox.state.errors import RefusedError
from sandbox.state.ids import new_id
from sandbox.state.journal import Journal
from sandbox.state.records import JSON, Change, Channel, DirectMessage, Happening, Member, Seed

Listener = Callable[[Change], None]
# What has become of the app here: its tokens work, were taken back, or it was removed.
Installation = Literal["installed", "revoked", "uninstalled"]


class Directory:
    """People, channels and direct messages, written through to the journal; changes are told to listeners."""

    def __init__(self, seed: Seed, path: Path | None = None) -> None:
        """Read the journal and bring people, channels and app up to date with the seed."""
        self.team, self.domain = seed.team, seed.domain
        self.app: App = app_of(seed.manifest)
        self._tabs: JSON = dict(seed.manifest.get("features", {}).get("app_home", {}))
        self._journal = Journal(path)
        self._listeners: list[Listener] = []
        self._era, self._changes = secrets.token_hex(4), 0
        bot = Member(BOT_USER_ID, self.app.bot_name, self.app.name, is_bot=True)
        self._members = {member.id: member for member in (bot, *seed.members)}
        for key, body in self._journal.all("member"):
            self._members[key] = _brought_up_to_date(Member(**body), self._members.get(key))
        self._channels = {key: _channel(body) for key, body in self._journal.all("channel")}
        self._direct: dict[str, DirectMessage] = {}
        for key, (first, second) in self._journal.all("direct"):
            self._direct[key] = DirectMessage(key, (first, second))
        for channel in seed.channels:
            known = self._channels.get(channel.id, channel)
            members = tuple(dict.fromkeys((*channel.members, *known.members)))
            now = replace(channel, members=members, is_archived=known.is_archived)
            # A start that changes nothing writes nothing, so it need not wait for the disk.
            if self._channels.get(channel.id) != now:
                self._put_channel(now)

    def members(self) -> list[Member]:
        """Return everybody, the bot first."""
        return list(self._members.values())

    def people(self) -> list[Member]:
        """Return everybody but the bot."""
        return [member for member in self._members.values() if not member.is_bot]

    def member(self, member_id: str) -> Member:
        """Return a person or the bot.

        Raises:
            RefusedError: `user_not_found`.
        """
        if member_id not in self._members:
            raise RefusedError("user_not_found")
        return self._members[member_id]

    def active(self, member_id: str) -> Member:
        """Return someone who may still do something here.

        Raises:
            RefusedError: `user_not_found`, `account_inactive`.
        """
        member = self.member(member_id)
        if member.is_deleted:
            raise RefusedError("account_inactive")
        return member

    def add(self, member: Member) -> None:
        """Take someone into the workspace."""
        self._put_member(member, "team_join")

    def change_member(self, member: Member) -> None:
        """Put what is known of a person in the place of what was known.

        Raises:
            RefusedError: `user_not_found`.
        """
        self.member(member.id)
        self._put_member(member, "user_change")

    def deactivate(self, member_id: str) -> None:
        """Close a person's account; what they said stays."""
        self.change_member(replace(self.member(member_id), is_deleted=True))

    def channels(self) -> list[Channel]:
        """Return all channels."""
        return list(self._channels.values())

    def names(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the ids of people by their handles, and of channels by their names."""
        handles = {member.name: member.id for member in self._members.values()}
        return handles, {channel.name: channel.id for channel in self._channels.values()}

    def channels_of(self, person_id: str) -> list[Channel]:
        """Return the channels a person is in."""
        return [channel for channel in self._channels.values() if person_id in channel.members]

    def direct_messages(self, person_id: str) -> list[DirectMessage]:
        """Return a person's direct messages, each also when nothing was said yet."""
        return [direct for direct in self._direct.values() if person_id in direct.members]

    def conversations_of(self, person_id: str) -> list[Channel | DirectMessage]:
        """Return a person's channels and direct messages."""
        return [*self.channels_of(person_id), *self.direct_messages(person_id)]

    def conversation(self, channel_id: str) -> Channel | DirectMessage:
        """Return a channel or direct message.

        Raises:
            RefusedError: `channel_not_found`.
        """
        found = self._channels.get(channel_id) or self._direct.get(channel_id)
        if found is None:
            raise RefusedError("channel_not_found")
        return found

    def open_dm(self, person_id: str, other_id: str) -> str:
        """Return the id of the direct message of two, begun if there is none.

        Raises:
            RefusedError: `user_not_found`.
        """
        pair = (self.member(person_id).id, self.member(other_id).id)
        for direct in self._direct.values():
            if direct.members in {pair, pair[::-1]}:
                return direct.id
        direct = DirectMessage(new_id("D"), pair)
        self._direct[direct.id] = direct
        self._journal.put("direct", direct.id, pair)
        self._emit(Change("channel", direct.id, person_id))
        return direct.id

    def group(self, member_ids: Iterable[str]) -> Channel | None:
        """Return the group direct message of exactly these people, if there is one."""
        wanted = set(member_ids)
        groups = (channel for channel in self._channels.values() if channel.is_mpim)
        return next((channel for channel in groups if set(channel.members) == wanted), None)

    def open_group(self, member_ids: Iterable[str]) -> str:
        """Return the id of the group direct message of these people, begun if there is none.

        Raises:
            RefusedError: `user_not_found`.
        """
        members = [self.member(member_id) for member_id in dict.fromkeys(member_ids)]
        known = self.group(member.id for member in members)
        if known is not None:
            return known.id
        name = f"mpdm-{'--'.join(member.name for member in members)}-1"
        ids = tuple(member.id for member in members)
        group = Channel(new_id("C"), name, members=ids, is_private=True, is_mpim=True)
        self._put_channel(group)
        self._emit(Change("channel", group.id))
        return group.id

    def join(self, channel_id: str, member_id: str) -> None:
        """Take someone into a channel; nothing happens when they are in it."""
        channel = self._channel(channel_id)
        if self.member(member_id).id not in channel.members:
            self._put_channel(replace(channel, members=(*channel.members, member_id)))
            self._emit(Change("joined", channel_id, member_id))

    def leave(self, channel_id: str, member_id: str) -> None:
        """Take someone out of a channel; nothing happens when they are not in it."""
        channel = self._channel(channel_id)
        if member_id in channel.members:
            rest = tuple(member for member in channel.members if member != member_id)
            self._put_channel(replace(channel, members=rest))
            self._emit(Change("left", channel_id, member_id))

    def archive(self, channel_id: str) -> None:
        """Close a channel for good; it can still be read. Nothing happens when it is closed already."""
        channel = self._channel(channel_id)
        if not channel.is_archived:
            self._put_channel(replace(channel, is_archived=True))
            self._emit(Change("channel", channel_id, facts={"happened": "archived"}))

    def has_tab(self, tab: Literal["home", "messages"]) -> bool:
        """Return whether the manifest shows this tab of the app; it does when it says nothing."""
        return bool(self._tabs.get(f"{tab}_tab_enabled", True))

    @property
    def installation(self) -> Installation:
        """What has become of the app in this workspace."""
        known = dict(self._journal.all("installation")).get("state", "installed")
        return next(state for state in get_args(Installation) if state == known)

    def install(self) -> None:
        """Install the app, again if need be: its tokens work as before."""
        self._journal.put("installation", "state", "installed")

    def revoke_tokens(self) -> None:
        """Take the bot's token back."""
        self._journal.put("installation", "state", "revoked")
        self._emit(Change("tokens_revoked"))

    def uninstall(self) -> None:
        """Remove the app."""
        self._journal.put("installation", "state", "uninstalled")
        self._emit(Change("app_uninstalled"))

    def listen(self, callback: Listener) -> Callable[[], None]:
        """Call back at each change; return how to end that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    @property
    def revision(self) -> str:
        """What names this state of the workspace: another one after each change and each start."""
        return f"{self._era}-{self._changes}"

    def secret(self, name: str) -> str:
        """Return a random word of 32 characters that stays the same for this journal."""
        known = dict(self._journal.all("secret"))
        if name not in known:
            known[name] = secrets.token_hex(16)
            self._journal.put("secret", name, known[name])
        return str(known[name])

    @property
    def is_guide_hidden(self) -> bool:
        """Whether someone put the guide away."""
        return bool(dict(self._journal.all("page")).get("is_guide_hidden"))

    def hide_guide(self, *, is_hidden: bool) -> None:
        """Put the guide away, or bring it back."""
        self._journal.put("page", "is_guide_hidden", is_hidden)

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    def _channel(self, channel_id: str) -> Channel:
        if channel_id not in self._channels:
            raise RefusedError("channel_not_found")
        return self._channels[channel_id]

    def _put_member(self, member: Member, kind: Happening) -> None:
        self._members[member.id] = member
        self._journal.put("member", member.id, asdict(member))
        self._emit(Change(kind, person_id=member.id))

    def _put_channel(self, channel: Channel) -> None:
        self._channels[channel.id] = channel
        self._journal.put("channel", channel.id, asdict(channel))

    def _emit(self, change: Change) -> None:
        self._changes += 1
        for listener in list(self._listeners):
            listener(change)


def _brought_up_to_date(kept: Member, seeded: Member | None) -> Member:
    """Return a person as the seed has them, but for what has become of them since."""
    return replace(seeded, is_deleted=kept.is_deleted, is_away=kept.is_away) if seeded else kept


def _channel(body: JSON) -> Channel:
    return Channel(**{**body, "members": tuple(body["members"])})
