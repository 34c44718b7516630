"""The workspace: every change of messages and views goes through here and is told to listeners."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sandbox.state import reactions
from sandbox.state.errors import RefusedError
from sandbox.state.files import File, Files
from sandbox.state.ids import new_id
from sandbox.state.messages import Messages
from sandbox.state.records import Blocks, Change, Channel, Happening, Message, Seed, View
from sandbox.state.typist import Typist
from sandbox.state.views import Views

# docs.slack.dev/reference/methods/chat.postMessage: longer messages are cut off; nobody's typed words are.
LONGEST = 40_000
# So many messages can be sent twice by a page that lost the answer without being said twice.
REMEMBERED = 1_000


class Workspace(Messages):
    """The state of a workspace, and what people do in it: with a deactivated account nothing any more.

    Whoever tries is refused with `account_inactive`.

    Attributes:
        address: where it is seen; the server that shows it says so.
        unfurl_domains: the domains whose links the app wants to hear of.
    """

    def __init__(self, seed: Seed, path: Path | None = None) -> None:
        """Read the journal and bring people, channels and app up to date with the seed.

        Args:
            seed: what the workspace starts with.
            path: the journal's file; without it the workspace ends with the process.
        """
        super().__init__(seed, path)
        self.address = f"https://{seed.domain}.invalid/"
        self.unfurl_domains = tuple(seed.manifest.get("features", {}).get("unfurl_domains", ()))
        self._said_by_client = {
            message.client_msg_id: message for message in self._latest(REMEMBERED) if message.client_msg_id
        }
        self.views = Views(self._journal, self._emit, self.clock)
        self.files = Files(self._journal, self.clock)

    # What people say

    def post(
        self,
        person_id: str,
        channel_id: str,
        text: str,
        thread_ts: str | None = None,
        *,
        is_broadcast: bool = False,
        client_msg_id: str | None = None,
    ) -> Message:
        """Say what a person typed, in a channel, direct message or thread.

        The same one once more, by its `client_msg_id`, is not said again: whoever lost the answer may repeat.

        Args:
            person_id: who says it.
            channel_id: where.
            text: as typed.
            thread_ts: the message it replies to.
            is_broadcast: the reply is shown in the channel, too.
            client_msg_id: names the message to the one who says it; without it a fresh one is made.

        Raises:
            RefusedError: `channel_not_found`, `not_in_channel`, `is_archived`, `thread_not_found`,
                `msg_too_long`.
        """
        if len(text) > LONGEST:
            raise RefusedError("msg_too_long")
        known = self._said_by_client.get(client_msg_id or "")
        if known is not None:
            return known
        message = self._written(person_id, channel_id, text, thread_ts)
        message = replace(message, client_msg_id=client_msg_id or message.client_msg_id)
        said = self.say(replace(message, is_broadcast=is_broadcast and thread_ts is not None))
        if client_msg_id:
            self._said_by_client[client_msg_id] = said
            while len(self._said_by_client) > REMEMBERED:
                del self._said_by_client[next(iter(self._said_by_client))]
        self.mark_read(person_id, channel_id)
        return said

    def edit(self, person_id: str, channel_id: str, ts: str, text: str) -> Message:
        """Put other words into a person's own message.

        Previews of links that are no longer in it go with them.

        Raises:
            RefusedError: `message_not_found`, `cant_update_message`.
        """
        message = self._own(person_id, channel_id, ts, "cant_update_message")
        escaped, blocks = self._typed(text)
        kept = [one for one in message.attachments if one.get("from_url", "") in text]
        edited_ts = self.clock.stamp()
        return self.change(
            replace(message, text=escaped, blocks=blocks, attachments=kept, edited_ts=edited_ts)
        )

    def retract(self, person_id: str, channel_id: str, ts: str) -> None:
        """Take a person's own message away.

        Raises:
            RefusedError: `message_not_found`, `cant_delete_message`.
        """
        self._own(person_id, channel_id, ts, "cant_delete_message")
        self.delete(channel_id, ts)

    def react(self, person_id: str, channel_id: str, ts: str, name: str) -> Message:
        """Put an emoji below a message.

        Raises:
            RefusedError: `invalid_name`, `channel_not_found`, `not_in_channel`, `is_archived`,
                `message_not_found`, `already_reacted`, `too_many_emoji`, `too_many_reactions`.
        """
        name = reactions.named(name)
        message = self._reactable(person_id, channel_id, ts)
        changed = replace(message, reactions=reactions.added(message, person_id, name))
        return self._put(changed, "reaction_added", person_id, {"reaction": name})

    def unreact(self, person_id: str, channel_id: str, ts: str, name: str) -> Message:
        """Take a person's emoji from below a message.

        Raises:
            RefusedError: as `react`, and `no_reaction`.
        """
        name = reactions.named(name)
        message = self._reactable(person_id, channel_id, ts)
        changed = replace(message, reactions=reactions.removed(message, person_id, name))
        return self._put(changed, "reaction_removed", person_id, {"reaction": name})

    # Files

    def share_file(
        self,
        person_id: str,
        channel_id: str,
        name: str,
        data: bytes,
        text: str = "",
        thread_ts: str | None = None,
    ) -> Message:
        """Upload a person's file and say it with some words, or none.

        Raises:
            RefusedError: as `post`, and `file_upload_size_restricted`, `storage_limit_reached`.
        """
        message = self.admitted(self._written(person_id, channel_id, text, thread_ts))
        file = self.files.take(self.files.announce(person_id, name, len(data)), data)
        said = self.share([self.complete_file(file, name)], message)
        self.mark_read(person_id, channel_id)
        return said

    def complete_file(self, file: File, title: str) -> File:
        """Make an uploaded file one that can be shared."""
        file = self.files.complete(file, title)
        self._emit(Change("file_created", person_id=file.owner_id, facts={"file_id": file.id}))
        return file

    def share(self, files: Sequence[File], message: Message) -> Message:
        """Say a message that brings files along.

        Raises:
            RefusedError: as `say`.
        """
        said = self.say(replace(message, files=[file.reference() for file in files]))
        for file in files:
            self.files.place(self.files.kept(file.id), said.channel_id, said.ts)
            kinds: tuple[Happening, ...] = ("file_change", "file_shared")
            for kind in kinds:
                self._emit(Change(kind, said.channel_id, said.author_id, said.ts, facts={"file_id": file.id}))
        return said

    def delete_file(self, file_id: str) -> None:
        """Delete a file; the messages it was shared with stay and say that there was one.

        Raises:
            RefusedError: `file_not_found`, `file_deleted`.
        """
        file = self.files.kept(file_id)
        self.files.delete(file)
        for channel_id, ts in file.places:
            message = self.find(channel_id, ts)
            if message is not None:
                left = [
                    {"id": file_id, "mode": "tombstone"} if f["id"] == file_id else f for f in message.files
                ]
                self.change(replace(message, files=left))
        self._emit(Change("file_deleted", person_id=file.owner_id, facts={"file_id": file_id}))

    # Channels

    def create_channel(self, person_id: str, name: str, *, is_private: bool = False) -> Channel:
        """Begin a channel with one person in it.

        Raises:
            RefusedError: `name_taken`, `user_not_found`.
        """
        self._check_name(name)
        channel = Channel(new_id("C"), name, members=(self.member(person_id).id,), is_private=is_private)
        self._put_channel(channel)
        self._emit(Change("channel", channel.id, person_id, facts={"happened": "created"}))
        return channel

    def rename_channel(self, channel_id: str, name: str) -> None:
        """Give a channel another name.

        Raises:
            RefusedError: `channel_not_found`, `name_taken`.
        """
        channel = self._channel(channel_id)
        self._check_name(name)
        self._put_channel(replace(channel, name=name))
        self._emit(Change("channel", channel_id, facts={"happened": "renamed"}))

    def join(self, channel_id: str, member_id: str) -> None:
        """Take someone into a channel, and note it there; nothing happens when they are in it."""
        was_in = member_id in self.conversation(channel_id).members
        super().join(channel_id, member_id)
        if not was_in:
            self._note(channel_id, member_id, "channel_join", "has joined the channel")

    def leave(self, channel_id: str, member_id: str) -> None:
        """Take someone out of a channel, and note it there; nothing happens when they are not in it."""
        was_in = member_id in self.conversation(channel_id).members
        super().leave(channel_id, member_id)
        if was_in:
            self._note(channel_id, member_id, "channel_leave", "has left the channel")

    # What a person sees

    def home_view(self, person_id: str) -> View | None:
        """Return the app's Home tab as this person sees it."""
        return self.views.home(person_id)

    def modals(self, person_id: str) -> list[View]:
        """Return the person's open modals, the one on top last."""
        return self.views.modals(person_id)

    def _typed(self, text: str) -> tuple[str, Blocks]:
        escaped, block = Typist(*self.names()).message(text)
        return escaped, [block] if text else []

    def _written(self, person_id: str, channel_id: str, text: str, thread_ts: str | None) -> Message:
        author = self.active(person_id)
        escaped, blocks = self._typed(text)
        return Message(
            channel_id,
            "",
            author.id,
            escaped,
            blocks=blocks,
            thread_ts=thread_ts,
            client_msg_id=str(uuid.uuid4()),
        )

    def _note(self, channel_id: str, member_id: str, subtype: str, words: str) -> None:
        channel = self._channel(channel_id)
        if not channel.is_archived:
            text = f"<@{member_id}> {words}"
            self.say(Message(channel_id, "", member_id, text, subtype=subtype), is_guest=True)

    def _own(self, person_id: str, channel_id: str, ts: str, refusal: str) -> Message:
        person = self.active(person_id)
        message = self.said(channel_id, ts)
        if message.author_id != person.id or message.subtype:
            raise RefusedError(refusal)
        return message

    def _reactable(self, person_id: str, channel_id: str, ts: str) -> Message:
        conversation = self.conversation(channel_id)
        if self.active(person_id).id not in conversation.members:
            raise RefusedError("not_in_channel")
        if isinstance(conversation, Channel) and conversation.is_archived:
            raise RefusedError("is_archived")
        return self.said(channel_id, ts)

    def _check_name(self, name: str) -> None:
        if any(channel.name == name for channel in self._channels.values()):
            raise RefusedError("name_taken")
