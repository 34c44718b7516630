"""Messages as they stand below each other in a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from sandbox.page.names import Names, address
from sandbox.page.render import moment
from sandbox.page.surface import Surface
from sandbox.protocol.file_objects import of_message
from sandbox.state.records import JSON, Member, Message
from sandbox.state.workspace import Workspace

# Messages of one author this close together share one head.
TOGETHER_SECONDS = 300
FACES = 3


@dataclass(frozen=True)
class Reaction:
    """An emoji below a message, with the names of those who put it there."""

    name: str
    people: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True)
class Line:
    """A message as it stands in a list.

    Attributes:
        day: set on the first message of a day.
        is_follow_up: its author has just spoken, so the head is left out.
        is_first_new: from here on the reader has not seen it yet.
        replies: how many there are in its thread, `last_reply_at`, and some of their authors (`faces`).
        permalink: the address that leads here from anywhere.
        files: Slack's file objects, as they are now.
    """

    message: Message
    author: Member
    at: datetime
    day: datetime | None
    is_follow_up: bool
    surface: Surface
    permalink: str
    files: list[JSON]
    is_own: bool = False
    is_first_new: bool = False
    is_edited_now: bool = False
    reactions: tuple[Reaction, ...] = ()
    replies: int = 0
    last_reply_at: datetime | None = None
    faces: tuple[Member, ...] = field(default=())


class Lines:
    """Makes lines of messages for one reader."""

    def __init__(self, workspace: Workspace, reader: Member, names: Names, edited_ts: str = "") -> None:
        """Make them for a reader, who may just be editing one of their own."""
        self._workspace = workspace
        self._reader = reader
        self._names = names
        self._edited_ts = edited_ts

    def of_channel(self, messages: Sequence[Message], seen_until: str) -> list[Line]:
        """Return the lines of a channel, with its days and where the new ones begin (after `seen_until`)."""
        lines: list[Line] = []
        is_new_shown = not seen_until
        for message in messages:
            is_first_new = (
                not is_new_shown and message.ts > seen_until and message.author_id != self._reader.id
            )
            is_new_shown = is_new_shown or is_first_new
            lines.append(self._line(message, lines[-1:], "m", is_first_new=is_first_new))
        return lines

    def of_thread(self, messages: Sequence[Message]) -> list[Line]:
        """Return the lines of a thread, its first message first."""
        lines: list[Line] = []
        for message in messages:
            # The message that the thread is about stands for itself.
            lines.append(self._line(message, lines[-1:] if len(lines) > 1 else [], "t"))
        return lines

    def _line(
        self, message: Message, before: Sequence[Line], place: str, *, is_first_new: bool = False
    ) -> Line:
        at = moment(message.ts, self._reader)
        is_new_day = not before or before[0].at.date() != at.date()
        in_thread = [] if place == "t" else self._replies(message)
        return Line(
            message,
            self._workspace.member(message.author_id),
            at,
            at if is_new_day and place == "m" else None,
            not is_new_day and not is_first_new and _continues(message, at, before[0]),
            Surface.of_message(message, self._names, place),
            permalink(message, self._reader.id),
            of_message(self._workspace, message),
            is_own=message.author_id == self._reader.id and not message.subtype,
            is_first_new=is_first_new,
            is_edited_now=message.ts == self._edited_ts,
            reactions=tuple(self._reactions(message)),
            replies=len(in_thread),
            last_reply_at=moment(in_thread[-1].ts, self._reader) if in_thread else None,
            faces=self._faces(in_thread),
        )

    def _replies(self, message: Message) -> list[Message]:
        if message.thread_ts is not None:
            return []
        return self._workspace.thread(message.channel_id, message.ts, self._reader.id)[1:]

    def _reactions(self, message: Message) -> Iterable[Reaction]:
        for reaction in message.reactions:
            people = tuple(self._names.person(member_id) for member_id in reaction["users"])
            yield Reaction(reaction["name"], people, self._reader.id in reaction["users"])

    def _faces(self, replies: Sequence[Message]) -> tuple[Member, ...]:
        authors = dict.fromkeys(message.author_id for message in replies)
        return tuple(self._workspace.member(member_id) for member_id in list(authors)[:FACES])


def permalink(message: Message, reader_id: str) -> str:
    """Return the address that leads to a message, in Slack's form."""
    query = {"person": reader_id}
    if message.thread_ts:
        query["thread_ts"] = message.thread_ts
    return f"/archives/{message.channel_id}/p{message.ts.replace('.', '')}?{urlencode(query)}"


def address_of_message(
    workspace: Workspace, person_id: str, channel_id: str, point: str, thread_ts: str | None
) -> str:
    """Return where in the page a permalink leads: as its person sees it, or else the first one there.

    Args:
        workspace: where it was said.
        person_id: who follows the link, when it says so.
        channel_id: where it was said.
        point: the timestamp as in the link, `p1795308890532852`.
        thread_ts: the message that began the thread, of a reply.
    """
    digits = point.removeprefix("p")
    ts = f"{digits[:-6]}.{digits[-6:]}"
    if not person_id:
        person_id = next(
            (
                person.id
                for person in workspace.people()
                if channel_id in {one.id for one in workspace.conversations_of(person.id)}
            ),
            "",
        )
    mark = f"{channel_id}-{ts.replace('.', '-')}"
    if thread_ts and thread_ts != ts:
        return f"{address(person_id, channel_id, at=thread_ts, thread=thread_ts)}#t-{mark}"
    return f"{address(person_id, channel_id, at=ts)}#m-{mark}"


def _continues(message: Message, at: datetime, before: Line) -> bool:
    return (
        before.author.id == message.author_id
        and before.message.reader_id == message.reader_id
        and before.message.subtype == message.subtype
        and (at - before.at).total_seconds() < TOGETHER_SECONDS
    )
