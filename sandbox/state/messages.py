"""What was said in the workspace, and who has read it."""

import heapq
import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sandbox.state.clock import Clock
from sandbox.state.directory import Directory
from sandbox.state.errors import RefusedError
from sandbox.state.ids import Stamps
from sandbox.state.records import JSON, Change, Channel, Happening, Message, Seed
from sandbox.state.unread import Unread

MENTION = re.compile(r"<@\w+>")


class Messages(Directory):
    """The conversations of a workspace, in memory and written through to its journal."""

    def __init__(self, seed: Seed, path: Path | None = None) -> None:
        """Read the journal and bring people, channels and app up to date with the seed.

        Args:
            seed: what the workspace starts with.
            path: the journal's file; without it the workspace ends with the process.
        """
        super().__init__(seed, path)
        self.clock = Clock()
        self._messages: dict[str, list[Message]] = {}
        # (channel, ts of the first message) -> ts of the replies
        self._threads: dict[tuple[str, str], list[str]] = {}
        self._unread = Unread(self._messages, self._threads)
        self._load()
        latest = max((messages[-1].ts for messages in self._messages.values()), default="0.000000")
        self.stamps = Stamps(self.clock, latest)

    def say(self, message: Message, *, is_guest: bool = False) -> Message:
        """Keep a message of anyone's and return it with its timestamp; an ephemeral one is not kept on disk.

        Args:
            message: what is said; its `ts` does not matter.
            is_guest: the author need not be in the conversation (an app that answers to a `response_url`).

        Raises:
            RefusedError: `channel_not_found`, `not_in_channel`, `is_archived`, `thread_not_found`.
        """
        message = replace(self.admitted(message, is_guest=is_guest), ts=self.stamps.next())
        self._add(message)
        self._keep(message)
        kind: Happening = "ephemeral" if message.is_ephemeral else "message"
        person_id = message.reader_id or message.author_id
        self._emit(Change(kind, message.channel_id, person_id, message.ts, message))
        return message

    def admitted(self, message: Message, *, is_guest: bool = False) -> Message:
        """Return a message as it may be said: a reply goes to the thread's first message.

        Raises:
            RefusedError: as `say`.
        """
        conversation = self.conversation(message.channel_id)
        if not (is_guest or message.is_ephemeral or message.author_id in conversation.members):
            raise RefusedError("not_in_channel")
        if isinstance(conversation, Channel) and conversation.is_archived:
            raise RefusedError("is_archived")
        if not message.thread_ts or message.is_ephemeral:
            return message
        root = self.find(message.channel_id, message.thread_ts)
        if root is None:
            raise RefusedError("thread_not_found")
        return replace(message, thread_ts=root.thread_ts or root.ts)

    def change(self, message: Message) -> Message:
        """Put a message's new words in the place of the old ones.

        Raises:
            RefusedError: `message_not_found`.
        """
        kind: Happening = "ephemeral" if message.is_ephemeral else "message_changed"
        return self._put(message, kind, message.reader_id or message.author_id)

    def delete(self, channel_id: str, ts: str) -> None:
        """Take a message away.

        Raises:
            RefusedError: `message_not_found`.
        """
        messages, at = self._place(channel_id, ts)
        gone = messages.pop(at)
        if gone.thread_ts:
            self._threads[channel_id, gone.thread_ts].remove(ts)
        self._unread.forget(channel_id)
        self._journal.drop("message", f"{channel_id} {ts}")
        kind: Happening = "ephemeral" if gone.is_ephemeral else "message_deleted"
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

    def said(self, channel_id: str, ts: str) -> Message:
        """Return the message with this timestamp that everybody there sees.

        Raises:
            RefusedError: `message_not_found`.
        """
        message = self.find(channel_id, ts)
        if message is None or message.is_ephemeral:
            raise RefusedError("message_not_found")
        return message

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
            if is_seen(message, viewer_id):
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

    def unread(self, person_id: str) -> dict[str, tuple[int, int]]:
        """Return the number of unread messages per conversation, and how many of them concern the person.

        Those are the ones with their name, those in a thread of theirs, and all direct ones. Conversations
        without unread ones are left out.
        """
        return self._unread.counts(person_id, self.conversations_of(person_id))

    def read_until(self, person_id: str, channel_id: str) -> str:
        """Return the timestamp of the last message that a person has seen in a conversation, "" if none."""
        return self._unread.marks.get((person_id, channel_id), "")

    def following(self, channel_id: str, viewer_id: str, ts: str, limit: int) -> list[Message]:
        """Return the messages after a timestamp that a viewer sees outside threads, oldest first."""
        messages = self._messages.get(channel_id, [])
        seen = (
            message
            for message in islice(messages, bisect_right(messages, ts, key=_ts), None)
            if is_seen(message, viewer_id)
        )
        return list(islice(seen, limit))

    def mark_read(self, person_id: str, channel_id: str) -> None:
        """Note that a person has seen all there is in a conversation.

        Raises:
            RefusedError: `channel_not_found`, `not_in_channel`.
        """
        if person_id not in self.conversation(channel_id).members:
            raise RefusedError("not_in_channel")
        messages = self._messages.get(channel_id)
        if messages and self.read_until(person_id, channel_id) != messages[-1].ts:
            self._unread.mark(person_id, channel_id, messages[-1].ts)
            self._journal.put("read", f"{person_id} {channel_id}", messages[-1].ts)
            self._emit(Change("read", channel_id, person_id))

    def _latest(self, most: int) -> list[Message]:
        """Return the newest messages of the workspace, the oldest first."""
        everything = (message for messages in self._messages.values() for message in messages)
        return heapq.nlargest(most, everything, key=_ts)[::-1]

    def _load(self) -> None:
        for _, body in self._journal.all("message"):
            self._add(Message(**body))
        for key, ts in self._journal.all("read"):
            person_id, channel_id = key.split()
            self._unread.marks[person_id, channel_id] = ts

    def _add(self, message: Message) -> None:
        self._messages.setdefault(message.channel_id, []).append(message)
        if message.thread_ts:
            self._threads.setdefault((message.channel_id, message.thread_ts), []).append(message.ts)
        self._unread.add(message)

    def _put(self, message: Message, kind: Happening, person_id: str, facts: JSON | None = None) -> Message:
        messages, at = self._place(message.channel_id, message.ts)
        previous, messages[at] = messages[at], message
        self._keep(message)
        if MENTION.findall(previous.text) != MENTION.findall(message.text):
            self._unread.forget(message.channel_id)
        self._emit(Change(kind, message.channel_id, person_id, message.ts, message, previous, facts or {}))
        return message

    def _place(self, channel_id: str, ts: str) -> tuple[list[Message], int]:
        messages = self._messages.get(channel_id, [])
        at = bisect_left(messages, ts, key=_ts)
        if at == len(messages) or messages[at].ts != ts:
            raise RefusedError("message_not_found")
        return messages, at

    def _keep(self, message: Message) -> None:
        # Without a file a second copy of every message would only fill the memory.
        if self._journal.is_file and not message.is_ephemeral:
            self._journal.put("message", f"{message.channel_id} {message.ts}", vars(message))


def is_seen(message: Message, viewer_id: str) -> bool:
    """Return whether a viewer sees a message outside of its thread."""
    is_reply = message.thread_ts is not None and not message.is_broadcast
    return not is_reply and message.reader_id in {None, viewer_id}


def _ts(message: Message) -> str:
    return message.ts
