"""A person for tests: acts in the workspace as people do, going by what they read."""

from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeVar

from sandbox.client.answers import answer
from sandbox.client.form import Form
from sandbox.client.reading import readable, texts, visible_text, words
from sandbox.client.targets import Target, button, field
from sandbox.client.waiting import WITHIN, until
from sandbox.protocol.interactions import Interactions
from sandbox.protocol.outcome import Outcome
from sandbox.state.app import BOT_USER_ID
from sandbox.state.records import Member, Message, View
from sandbox.state.workspace import Workspace

T = TypeVar("T")
Place = Literal["modal", "home"]
Search = Callable[[Message | View, str, str | None], Target | None]


class Person:
    """Acts as one member of the workspace.

    A channel is given by its id or as `#name`; when none is given, the direct message with the bot is meant.
    A message is given as such or by words that stand in it: the newest one counts, and is waited for.
    """

    def __init__(self, workspace: Workspace, interactions: Interactions, member: Member) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self.member = member
        self.id = member.id
        self._failure: str | None = None

    # What they see

    @property
    def dm(self) -> str:
        """The id of the direct message with the bot."""
        return self._workspace.open_dm(self.id, BOT_USER_ID)

    @property
    def last_reply(self) -> str | None:
        """The text of the newest message that only this person saw."""
        mine = (message for message in readable(self._workspace, self.id) if message.reader_id == self.id)
        return next((visible_text(message) for message in mine), None)

    async def sees(self, text: str, channel: str | None = None, within: float = WITHIN) -> Message:
        """Wait until a message with these words can be seen, and return it (the newest of several).

        Args:
            text: words that must be readable in it.
            channel: where to look.
            within: seconds to wait before the test fails.
        """
        return await self._until(lambda: self._seen(text, channel), f"a message with “{text}”", within)

    async def sees_no_more(self, text: str, channel: str | None = None, within: float = WITHIN) -> None:
        """Wait until no message with these words can be seen any more."""
        what = f"messages with “{text}” to be gone"
        await self._until(lambda: None if self._seen(text, channel) else True, what, within)

    async def sees_at_home(self, text: str, within: float = WITHIN) -> View:
        """Wait until the Home tab holds these words, and return it."""

        def look() -> View | None:
            home = self._workspace.home_view(self.id)
            return home if home and text in "\n".join(texts(home.blocks)) else None

        return await self._until(look, f"“{text}” at Home", within)

    async def form(self, title: str | None = None, within: float = WITHIN) -> Form:
        """Wait until a modal is open (with this title, when one is given), and return the one on top."""

        def look() -> View | None:
            top = self._workspace.modals(self.id)[-1:]
            return next((view for view in top if title in {None, view.title}), None)

        view = await self._until(look, f"a form “{title}”" if title else "a form", within)
        return Form(self._workspace, self._interactions, view)

    # What they do with the app

    async def slash(self, command: str, text: str = "", channel: str | None = None) -> Outcome:
        """Type a slash command."""
        return self._noted(await self._interactions.slash(self.id, self._channel(channel), command, text))

    async def shortcut(self, callback_id: str) -> Outcome:
        """Start a global shortcut."""
        return self._noted(await self._interactions.shortcut(self.id, callback_id))

    async def message_shortcut(
        self, callback_id: str, message: Message | str, channel: str | None = None
    ) -> Outcome:
        """Start a shortcut at a message."""
        meant = await self._message(message, channel)
        place = (meant.channel_id, meant.ts)
        return self._noted(await self._interactions.message_shortcut(self.id, callback_id, *place))

    async def open_home(self) -> Outcome:
        """Open the app's Home tab."""
        return self._noted(await self._interactions.open_home(self.id))

    async def click(
        self,
        label: str,
        message: Message | None = None,
        on: Place | None = None,
        within: float = WITHIN,
        *,
        beside: str | None = None,
    ) -> Outcome:
        """Press the button, or choose the option, with this label as soon as it is there.

        Args:
            label: what stands on it.
            message: the message to look in; else all messages, the newest first.
            on: look in the top modal or in the Home tab instead.
            within: seconds to wait before the test fails.
            beside: words in its block or in the text above, when there are several buttons with that label.

        Raises:
            AssertionError: it is not there, or several times in the same message or view.
        """
        target = await self._target(button, label, message, on, within, beside)
        return await self._act(target, target.value)

    async def choose(
        self,
        label: str,
        *said: Any,
        message: Message | None = None,
        on: Place | None = None,
        within: float = WITHIN,
        beside: str | None = None,
    ) -> Outcome:
        """Choose in a select, picker, radio group or checkboxes, or type into an input and press Enter.

        Args:
            label: its label, the text it stands at, or its placeholder.
            said: what is chosen, several where that is possible, nothing to choose nothing: an option's
                words, a person's or channel's name, a date, a time, a moment, or text.
            message: as in `click`, like the rest.
            on: where to look.
            within: seconds to wait.
            beside: words next to it.
        """
        target = await self._target(field, label, message, on, within, beside)
        element = self._interactions.element(self.id, *self._place(target))
        chosen = list(said) if len(said) != 1 else said[0]
        value = answer(self._workspace, self._interactions, self.id, element, chosen or None)
        return await self._act(target, value)

    async def suggestions(
        self,
        label: str,
        query: str,
        message: Message | None = None,
        on: Place | None = None,
        within: float = WITHIN,
    ) -> list[str]:
        """Type into a select that the app fills, and return the words of the options it suggests."""
        target = await self._target(field, label, message, on, within, None)
        given = await self._interactions.suggest(self.id, *self._place(target), query)
        return [words(option["text"]) for one in given for option in one.get("options", [one])]

    # What they do among themselves

    async def say(self, text: str, channel: str | None = None, thread_ts: str | None = None) -> Message:
        """Say something."""
        return self._workspace.post(self.id, self._channel(channel), text, thread_ts)

    async def reply(
        self, message: Message | str, text: str, channel: str | None = None, *, is_broadcast: bool = False
    ) -> Message:
        """Say something in the thread of a message, and in the channel too when it is broadcast."""
        meant = await self._message(message, channel)
        thread_ts = meant.thread_ts or meant.ts
        return self._workspace.post(self.id, meant.channel_id, text, thread_ts, is_broadcast=is_broadcast)

    async def edit(self, message: Message | str, text: str, channel: str | None = None) -> Message:
        """Put other words into a message of their own."""
        meant = await self._message(message, channel)
        return self._workspace.edit(self.id, meant.channel_id, meant.ts, text)

    async def delete(self, message: Message | str, channel: str | None = None) -> None:
        """Take a message of their own away."""
        meant = await self._message(message, channel)
        self._workspace.retract(self.id, meant.channel_id, meant.ts)

    async def react(self, message: Message | str, emoji: str, channel: str | None = None) -> None:
        """Put an emoji, by its name, below a message."""
        meant = await self._message(message, channel)
        self._workspace.react(self.id, meant.channel_id, meant.ts, emoji)

    async def unreact(self, message: Message | str, emoji: str, channel: str | None = None) -> None:
        """Take their emoji from below a message."""
        meant = await self._message(message, channel)
        self._workspace.unreact(self.id, meant.channel_id, meant.ts, emoji)

    async def upload(self, name: str, data: bytes, text: str = "", channel: str | None = None) -> Message:
        """Share a file, with some words or none."""
        return self._workspace.share_file(self.id, self._channel(channel), name, data, text)

    async def join(self, channel: str) -> None:
        """Go into a channel."""
        self._workspace.join(self._channel(channel), self.id)

    async def leave(self, channel: str) -> None:
        """Go out of a channel."""
        self._workspace.leave(self._channel(channel), self.id)

    def _channel(self, channel: str | None) -> str:
        if channel is None or not channel.startswith("#"):
            return channel or self.dm
        named = {f"#{one.name}": one.id for one in self._workspace.channels()}
        assert channel in named, f"there is no channel {channel}, only {', '.join(named)}"
        return named[channel]

    async def _message(self, message: Message | str, channel: str | None) -> Message:
        return await self.sees(message, channel) if isinstance(message, str) else message

    def _seen(self, text: str, channel: str | None) -> Message | None:
        channel_id = self._channel(channel)
        messages = readable(self._workspace, self.id)
        there = (message for message in messages if message.channel_id == channel_id)
        return next((message for message in there if text in visible_text(message)), None)

    async def _target(
        self,
        search: Search,
        label: str,
        message: Message | None,
        on: Place | None,
        within: float,
        beside: str | None,
    ) -> Target:
        def look() -> Target | None:
            found = (search(where, label, beside) for where in self._in_sight(message, on))
            return next((target for target in found if target), None)

        near = f" beside “{beside}”" if beside else ""
        return await self._until(look, f"“{label}”{near} to use{f' ({on})' if on else ''}", within)

    def _in_sight(self, message: Message | None, on: Place | None) -> Iterator[Message | View]:
        if on is not None:
            home = self._workspace.home_view(self.id)
            yield from self._workspace.modals(self.id)[-1:] if on == "modal" else [home] if home else []
        elif message is not None:
            now = self._workspace.find(message.channel_id, message.ts)
            yield from [now] if now else []
        else:
            yield from readable(self._workspace, self.id)

    def _place(self, target: Target) -> tuple[Message | str, str, str]:
        where = target.spot.where
        return (where if isinstance(where, Message) else where.id, *target.spot.ids)

    async def _act(self, target: Target, value: Any) -> Outcome:
        return self._noted(await self._interactions.click(self.id, *self._place(target), value))

    def _noted(self, outcome: Outcome) -> Outcome:
        """Keep what the person was told last, for a test that waits in vain afterwards."""
        self._failure = outcome.failure
        return outcome

    async def _until(self, look: Callable[[], T | None], what: str, within: float) -> T:
        return await until(self._workspace, self.id, look, what, within, self._failure)
