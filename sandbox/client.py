"""A person for tests: acts in the workspace as people do, going by what they read."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple, TypeVar

from sandbox.protocol.elements import STATE_KEYS, initial, interactive, merged, options, state_of
from sandbox.protocol.interactions import Interactions, Outcome
from sandbox.state.app import BOT_USER_ID
from sandbox.state.records import JSON, Blocks, Change, Member, Message, Values, View
from sandbox.state.workspace import Workspace

T = TypeVar("T")
Place = Literal["modal", "home"]
WITHIN = 15.0
READABLE = ("text", "title", "alt_text")


def visible_text(message: Message) -> str:
    """Return what can be read in a message: its blocks when it has some, else its text."""
    return "\n".join(_texts(message.blocks)) if message.blocks else message.text


class Target(NamedTuple):
    """Something to press or choose: where it is, in which block, and the option's value."""

    where: Message | str
    block_id: str
    element: JSON
    value: Any


class Person:
    """Acts as one member of the workspace."""

    def __init__(self, workspace: Workspace, interactions: Interactions, member: Member) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self.member = member
        self.id = member.id

    @property
    def dm(self) -> str:
        """The id of the direct message with the bot."""
        return self._workspace.open_dm(self.id, BOT_USER_ID)

    @property
    def last_reply(self) -> str | None:
        """The text of the newest message that only this person saw."""
        mine = [message for message in self._readable() if message.reader_id == self.id]
        return visible_text(mine[0]) if mine else None

    async def slash(self, command: str, text: str = "", channel: str | None = None) -> Outcome:
        """Type a slash command, in the direct message with the bot when no channel is given."""
        return await self._interactions.slash(self.id, channel or self.dm, command, text)

    async def shortcut(self, callback_id: str) -> Outcome:
        """Start a global shortcut."""
        return await self._interactions.shortcut(self.id, callback_id)

    async def message_shortcut(self, callback_id: str, message: Message) -> Outcome:
        """Start a shortcut at a message."""
        return await self._interactions.message_shortcut(self.id, callback_id, message.channel_id, message.ts)

    async def open_home(self) -> Outcome:
        """Open the app's Home tab."""
        return await self._interactions.open_home(self.id)

    async def say(self, text: str, channel: str | None = None, thread_ts: str | None = None) -> Message:
        """Say something, in the direct message with the bot when no channel is given."""
        return self._workspace.post(self.id, channel or self.dm, text, thread_ts)

    async def sees(self, text: str, channel: str | None = None, within: float = WITHIN) -> Message:
        """Wait until a message with these words can be seen, and return it (the newest of several).

        Args:
            text: words that must be readable in it.
            channel: where to look; the direct message with the bot when not given.
            within: seconds to wait before the test fails.
        """
        channel_id = channel or self.dm

        def look() -> Message | None:
            there = (message for message in self._readable() if message.channel_id == channel_id)
            return next((message for message in there if text in visible_text(message)), None)

        return await self._until(look, within, f"die Nachricht „{text}“")

    async def sees_at_home(self, text: str, within: float = WITHIN) -> View:
        """Wait until the Home tab holds these words, and return it."""

        def look() -> View | None:
            home = self._workspace.home_view(self.id)
            return home if home and text in "\n".join(_texts(home.blocks)) else None

        return await self._until(look, within, f"„{text}“ im Home-Tab")

    async def click(
        self,
        label: str,
        message: Message | None = None,
        on: Place | None = None,
        within: float = WITHIN,
    ) -> Outcome:
        """Press the button, or choose the option, with this label as soon as it is there.

        Args:
            label: what stands on it.
            message: the message to look in; else all messages, the newest first.
            on: look in the top modal or in the Home tab instead.
            within: seconds to wait before the test fails.
        """

        def look() -> Target | None:
            found = (_labelled(blocks, where, label) for where, blocks in self._in_sight(message, on))
            return next((target for target in found if target), None)

        target = await self._until(look, within, f"„{label}“ zum Anklicken")
        action_id = target.element["action_id"]
        return await self._interactions.click(self.id, target.where, target.block_id, action_id, target.value)

    async def form(self, within: float = WITHIN) -> "Form":
        """Wait until a modal is open, and return the one on top."""

        def look() -> View | None:
            stack = self._workspace.modals(self.id)
            return stack[-1] if stack else None

        view = await self._until(look, within, "ein Formular")
        return Form(self._workspace, self._interactions, view)

    def _readable(self) -> list[Message]:
        """Return all messages this person can see, the newest first."""
        places = self._workspace.conversations_of(self.id)
        found = [message for place in places for message in self._workspace.history(place.id)]
        mine = [message for message in found if message.reader_id in {None, self.id}]
        return sorted(mine, key=lambda message: message.ts, reverse=True)

    def _in_sight(self, message: Message | None, on: Place | None) -> Iterator[tuple[Message | str, Blocks]]:
        if on is not None:
            home = self._workspace.home_view(self.id)
            views = self._workspace.modals(self.id)[-1:] if on == "modal" else [home] if home else []
            yield from ((view.id, view.blocks) for view in views)
        elif message is not None:
            now = self._workspace.find(message.channel_id, message.ts)
            yield from [(now, now.blocks)] if now else []
        else:
            yield from ((seen, seen.blocks) for seen in self._readable())

    async def _until(self, look: Callable[[], T | None], within: float, what: str) -> T:
        changed = asyncio.Event()

        def notice(_: Change) -> None:
            changed.set()

        unlisten = self._workspace.listen(notice)
        try:
            async with asyncio.timeout(within):
                while True:
                    changed.clear()
                    found = look()
                    if found is not None:
                        return found
                    await changed.wait()
        except TimeoutError:
            seen = "\n".join(f"  {visible_text(message)[:200]!r}" for message in self._readable()[:5])
            raise AssertionError(
                f"{self.member.real_name} sieht in {within} s nicht: {what}. Zuletzt:\n{seen}"
            ) from None
        finally:
            unlisten()


class Form:
    """An open modal, by the labels of its fields."""

    def __init__(self, workspace: Workspace, interactions: Interactions, view: View) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self._first = view

    @property
    def view(self) -> View:
        """The modal as it is now, or as it was when it is closed."""
        open_now = {view.id: view for view in self._workspace.modals(self._first.person_id)}
        return open_now.get(self._first.id, self._first)

    @property
    def title(self) -> str:
        """Its title."""
        return self.view.title

    @property
    def text(self) -> str:
        """All that can be read in it."""
        return "\n".join(_texts(self.view.blocks))

    @property
    def fields(self) -> list[str]:
        """The labels of its fields, from top to bottom."""
        return [block["label"]["text"] for block in self._inputs()]

    @property
    def values(self) -> dict[str, Any]:
        """What stands in its fields now, by label; of options their labels."""
        states = merged(initial(self.view.blocks), self.view.values)
        found = {}
        for block in self._inputs():
            element = block["element"]
            state = states[block["block_id"]][element["action_id"]]
            found[block["label"]["text"]] = _readable_value(state[STATE_KEYS[element["type"]]])
        return found

    async def submit(self, **answers: Any) -> dict[str, str]:
        """Fill in fields by their labels and send the form.

        Args:
            answers: label to text, date or an option's label (a list of labels where several can be chosen).

        Returns:
            Label to the sentence at that field; nothing when the form was taken.
        """
        by_label = {block["label"]["text"]: block for block in self._inputs()}
        values: Values = {}
        for label, answer in answers.items():
            assert label in by_label, f"kein Feld „{label}“ in {list(by_label)}"
            block = by_label[label]
            element = block["element"]
            state = state_of(element, _chosen(element, answer))
            values[block["block_id"]] = {element["action_id"]: state}
        labels = {block["block_id"]: label for label, block in by_label.items()}
        outcome = await self._interactions.submit(self._first.person_id, self._first.id, values)
        assert outcome.failure is None, outcome.failure
        return {labels[block_id]: sentence for block_id, sentence in outcome.errors.items()}

    async def close(self) -> Outcome:
        """Close it without sending."""
        return await self._interactions.close(self._first.person_id, self._first.id)

    def _inputs(self) -> Blocks:
        return [block for block in self.view.blocks if block["type"] == "input"]


def _labelled(blocks: Blocks, where: Message | str, label: str) -> Target | None:
    for block, element in interactive(blocks):
        if element["type"] == "button" and element["text"]["text"] == label:
            return Target(where, block["block_id"], element, None)
        for option in options(element):
            if option["text"]["text"] == label and block["type"] != "input":
                is_several = STATE_KEYS[element["type"]] == "selected_options"
                value = [option["value"]] if is_several else option["value"]
                return Target(where, block["block_id"], element, value)
    return None


def _chosen(element: JSON, answer: Any) -> Any:
    """Return the values of the options with the labels a person chose; other answers are as they are."""
    by_label = {option["text"]["text"]: option["value"] for option in options(element)}
    if not by_label or not answer:
        return answer
    return [by_label[label] for label in answer] if isinstance(answer, list) else by_label[answer]


def _readable_value(chosen: Any) -> Any:
    if isinstance(chosen, list):
        return [_readable_value(one) for one in chosen]
    return chosen["text"]["text"] if isinstance(chosen, dict) else chosen


def _texts(part: Any) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if not isinstance(part, dict):
        return []
    own = [part[key] for key in READABLE if isinstance(part.get(key), str)]
    return own + [text for value in part.values() for text in _texts(value)]
