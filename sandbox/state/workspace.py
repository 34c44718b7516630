"""The workspace: every change of messages and views goes through here and is told to listeners."""

import uuid
from bisect import bisect_left, bisect_right
from dataclasses import asdict, replace
from pathlib import Path

from sandbox.state.clock import Clock
from sandbox.state.directory import Directory
from sandbox.state.errors import RefusedError
from sandbox.state.escape import typed
from sandbox.state.ids import Stamps
from sandbox.state.records import Change, Channel, DirectMessage, Message, Seed, View
from sandbox.state.views import Views


class Workspace(Directory):
    """The state of a workspace, in memory and written through to its journal."""

    def __init__(self, seed: Seed, path: Path | None = None) -> None:
        """Read the journal and bring people, channels and app up to date with the seed.

        Args:
            seed: what the workspace starts with.
            path: the journal's file; without it the workspace ends with the process.
        """
        super().__init__(seed, path)
        self.clock = Clock()
        self.views = Views(self._journal, self._emit, self.clock)
        self._messages: dict[str, list[Message]] = {}
        # (channel, ts of the first message) -> ts of the replies
        self._threads: dict[tuple[str, str], list[str]] = {}
        self._read: dict[tuple[str, str], str] = {}
        self._load()
        latest = max((messages[-1].ts for messages in self._messages.values()), default="0.000000")
        self.stamps = Stamps(self.clock, latest)

    # Messages

    def post(self, person_id: str, channel_id: str, text: str, thread_ts: str | None = None) -> Message:
        """Say what a person typed, in a channel, direct message or thread.

        Raises:
            RefusedError: `channel_not_found`, `not_in_channel`, `is_archived`, `thread_not_found`.
        """
        handles = {member.name: member.id for member in self._members.values()}
        names = {channel.name: channel.id for channel in self._channels.values()}
        escaped, block = typed(text, handles, names)
        message = Message(
            channel_id,
            "",
            person_id,
            escaped,
            blocks=[block],
            thread_ts=thread_ts,
            client_msg_id=str(uuid.uuid4()),
        )
        message = self.say(message)
        self.mark_read(person_id, channel_id)
        return message

    def say(self, message: Message, *, is_guest: bool = False) -> Message:
        """Keep a message of anyone's and return it with its timestamp; an ephemeral one is not kept on disk.

        Args:
            message: what is said; its `ts` does not matter.
            is_guest: the author need not be in the conversation (an app that answers to a `response_url`).

        Raises:
            RefusedError: `channel_not_found`, `not_in_channel`, `is_archived`, `thread_not_found`.
        """
        conversation = self.conversation(message.channel_id)
        if not (is_guest or message.is_ephemeral or message.author_id in conversation.members):
            raise RefusedError("not_in_channel")
        if isinstance(conversation, Channel) and conversation.is_archived:
            raise RefusedError("is_archived")
        if message.thread_ts and not message.is_ephemeral:
            root = self.find(message.channel_id, message.thread_ts)
            if root is None:
                raise RefusedError("thread_not_found")
            message = replace(message, thread_ts=root.thread_ts or root.ts)
        message = replace(message, ts=self.stamps.next())
        self._add(message)
        self._keep(message)
        kind = "ephemeral" if message.is_ephemeral else "message"
        person_id = message.reader_id or message.author_id
        self._emit(Change(kind, message.channel_id, person_id, message.ts, message))
        return message

    def change(self, message: Message) -> Message:
        """Put a message's new words in the place of the old ones.

        Raises:
            RefusedError: `message_not_found`.
        """
        messages, at = self._place(message.channel_id, message.ts)
        previous, messages[at] = messages[at], message
        self._keep(message)
        kind = "ephemeral" if message.is_ephemeral else "message_changed"
        person_id = message.reader_id or message.author_id
        self._emit(Change(kind, message.channel_id, person_id, message.ts, message, previous))
        return message

    def delete(self, channel_id: str, ts: str) -> None:
        """Take a message away.

        Raises:
            RefusedError: `message_not_found`.
        """
        messages, at = self._place(channel_id, ts)
        gone = messages.pop(at)
        if gone.thread_ts:
            self._threads[channel_id, gone.thread_ts].remove(ts)
        self._journal.drop("message", f"{channel_id} {ts}")
        kind = "ephemeral" if gone.is_ephemeral else "message_deleted"
        self._emit(Change(kind, channel_id, gone.reader_id or gone.author_id, ts, previous=gone))

    def remember(self, message: Message) -> None:
        """Keep what someone chose in a message's own inputs, without a word to anyone."""
        messages, at = self._place(message.channel_id, message.ts)
        messages[at] = message
        self._keep(message)

    def find(self, channel_id: str, ts: str) -> Message | None:
        """Return the message with this timestamp, if there is one."""
        messages = self._messages.get(channel_id, [])
        at = bisect_left(messages, ts, key=_ts)
        return messages[at] if at < len(messages) and messages[at].ts == ts else None

    def history(self, channel_id: str) -> list[Message]:
        """Return all messages of a conversation, replies and ephemeral ones too, the oldest first."""
        return list(self._messages.get(channel_id, ()))

    def messages(
        self, channel_id: str, viewer_id: str, limit: int = 50, before: str | None = None
    ) -> list[Message]:
        """Return the newest messages (before a ts) that a viewer sees outside threads, oldest first."""
        messages = self._messages.get(channel_id, [])
        end = bisect_left(messages, before, key=_ts) if before else len(messages)
        found: list[Message] = []
        for message in reversed(messages[:end]):
            is_reply = message.thread_ts is not None and not message.is_broadcast
            if not is_reply and message.reader_id in {None, viewer_id}:
                found.append(message)
                if len(found) == limit:
                    break
        return found[::-1]

    def thread(self, channel_id: str, ts: str, viewer_id: str | None = None) -> list[Message]:
        """Return the message that began a thread and its replies that a viewer sees, oldest first."""
        found = [self.find(channel_id, one) for one in (ts, *self._threads.get((channel_id, ts), ()))]
        return [message for message in found if message and message.reader_id in {None, viewer_id}]

    def replies(self, channel_id: str, ts: str) -> list[Message]:
        """Return the replies of a thread that everybody sees, oldest first."""
        return [reply for reply in self.thread(channel_id, ts) if reply.ts != ts]

    # What a person has read, and sees

    def unread(self, person_id: str) -> dict[str, tuple[int, int]]:
        """Return the number of unread messages per conversation, and how many of them concern the person.

        Those are the ones with their name, and all direct ones. Conversations without unread ones are left
        out.
        """
        counts: dict[str, tuple[int, int]] = {}
        for conversation in self.conversations_of(person_id):
            messages = self._messages.get(conversation.id, [])
            first = bisect_right(messages, self._read.get((person_id, conversation.id), ""), key=_ts)
            new = [
                message
                for message in messages[first:]
                if message.author_id != person_id and message.thread_ts is None and not message.is_ephemeral
            ]
            is_direct = isinstance(conversation, DirectMessage)
            mentions = sum(is_direct or f"<@{person_id}>" in message.text for message in new)
            if new:
                counts[conversation.id] = (len(new), mentions)
        return counts

    def mark_read(self, person_id: str, channel_id: str) -> None:
        """Note that a person has seen all there is in a conversation."""
        messages = self._messages.get(channel_id)
        if messages and self._read.get((person_id, channel_id)) != messages[-1].ts:
            self._read[person_id, channel_id] = messages[-1].ts
            self._journal.put("read", f"{person_id} {channel_id}", messages[-1].ts)
            self._emit(Change("read", channel_id, person_id))

    def home_view(self, person_id: str) -> View | None:
        """Return the app's Home tab as this person sees it."""
        return self.views.home(person_id)

    def modals(self, person_id: str) -> list[View]:
        """Return the person's open modals, the one on top last."""
        return self.views.modals(person_id)

    def _load(self) -> None:
        for _, body in self._journal.all("message"):
            self._add(Message(**body))
        for key, ts in self._journal.all("read"):
            person_id, channel_id = key.split()
            self._read[person_id, channel_id] = ts

    def _add(self, message: Message) -> None:
        self._messages.setdefault(message.channel_id, []).append(message)
        if message.thread_ts:
            self._threads.setdefault((message.channel_id, message.thread_ts), []).append(message.ts)

    def _place(self, channel_id: str, ts: str) -> tuple[list[Message], int]:
        messages = self._messages.get(channel_id, [])
        at = bisect_left(messages, ts, key=_ts)
        if at == len(messages) or messages[at].ts != ts:
            raise RefusedError("message_not_found")
        return messages, at

    def _keep(self, message: Message) -> None:
        if not message.is_ephemeral:
            self._journal.put("message", f"{message.channel_id} {message.ts}", asdict(message))


def _ts(message: Message) -> str:
    return message.ts
