"""How much of a conversation someone has not read yet, counted once and then kept up to date."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from sandbox.state.records import Channel, DirectMessage, Message

# Slack counts nobody's coming and going as something to read.
UNCOUNTED = ("channel_join", "channel_leave")

# Unread messages, and how many of them concern the person.
Counts = tuple[int, int]
NONE: Counts = (0, 0)


class Unread:
    """Counts by conversation and person.

    Attributes:
        marks: the last message that was seen, by person and conversation.
    """

    def __init__(
        self, messages: Mapping[str, Sequence[Message]], threads: Mapping[tuple[str, str], Sequence[str]]
    ) -> None:
        """Count these messages and the timestamps of the replies in these threads, as they are then."""
        self.marks: dict[tuple[str, str], str] = {}
        self._messages = messages
        self._threads = threads
        self._counts: dict[str, dict[str, Counts]] = {}
        self._direct: set[str] = set()

    def counts(self, person_id: str, conversations: Iterable[Channel | DirectMessage]) -> dict[str, Counts]:
        """Return a person's counts in those of the conversations that have any."""
        found = {one.id: self._count(person_id, one) for one in conversations}
        return {channel_id: counts for channel_id, counts in found.items() if counts != NONE}

    def add(self, message: Message) -> None:
        """Count a message that was said just now."""
        counted = self._counts.get(message.channel_id, {})
        for person_id, (new, mentions) in counted.items():
            if self._is_news(message, person_id):
                counted[person_id] = new + 1, mentions + self._concerns(message, person_id)

    def mark(self, person_id: str, channel_id: str, ts: str) -> None:
        """Note that a person has seen everything up to the newest message, which has this timestamp."""
        self.marks[person_id, channel_id] = ts
        self._counts.get(channel_id, {}).pop(person_id, None)

    def forget(self, channel_id: str) -> None:
        """Count a conversation anew: what was said in it is no longer what was counted."""
        self._counts.pop(channel_id, None)

    def _count(self, person_id: str, conversation: Channel | DirectMessage) -> Counts:
        counted = self._counts.setdefault(conversation.id, {})
        if person_id not in counted:
            if isinstance(conversation, DirectMessage):
                self._direct.add(conversation.id)
            messages = self._messages.get(conversation.id, ())
            first = bisect_right(messages, self.marks.get((person_id, conversation.id), ""), key=_ts)
            new = [message for message in messages[first:] if self._is_news(message, person_id)]
            counted[person_id] = len(new), sum(self._concerns(message, person_id) for message in new)
        return counted[person_id]

    def _is_news(self, message: Message, person_id: str) -> bool:
        is_said = message.subtype not in UNCOUNTED and not message.is_ephemeral
        if not is_said or message.author_id == person_id:
            return False
        # A reply is news to those in the thread; others find it when they open that.
        return message.thread_ts is None or message.is_broadcast or self._concerns(message, person_id)

    def _concerns(self, message: Message, person_id: str) -> bool:
        if message.channel_id in self._direct or f"<@{person_id}>" in message.text:
            return True
        if message.thread_ts is None:
            return False
        before = (message.thread_ts, *self._threads.get((message.channel_id, message.thread_ts), ()))
        return any(self._author(message.channel_id, ts) == person_id for ts in before if ts < message.ts)

    def _author(self, channel_id: str, ts: str) -> str | None:
        messages = self._messages[channel_id]
        at = bisect_right(messages, ts, key=_ts) - 1
        return messages[at].author_id if at >= 0 and messages[at].ts == ts else None


def _ts(message: Message) -> str:
    return message.ts
