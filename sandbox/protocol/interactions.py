"""What people do with the app, told to it, and its answers worked off."""

import json
from dataclasses import replace
from typing import Any

from sandbox.protocol.blocks import fill_texts, option_faults
from sandbox.protocol.choices import EXTERNAL, Key, Suggestions, check_choice
from sandbox.protocol.elements import STATE_KEYS, action_of, merged, state_of
from sandbox.protocol.events import Events
from sandbox.protocol.file_objects import summary
from sandbox.protocol.forms import mistakes
from sandbox.protocol.line import Kind, Line, NoAnswerError
from sandbox.protocol.outcome import Outcome
from sandbox.protocol.payloads import Payloads
from sandbox.protocol.response_urls import ResponseUrls
from sandbox.protocol.spots import Spot, spot, states
from sandbox.protocol.submissions import follow
from sandbox.protocol.words import sentence
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Member, Message, Values, View
from sandbox.state.workspace import Workspace

__all__ = ["Interactions", "Outcome"]

# docs.slack.dev/reference/block-kit/block-elements/select-menu-element: of an external select
QUERY_LENGTH = 3


class Interactions:
    """People's slash commands, clicks, forms and shortcuts.

    Whoever acts must have an account that is not deactivated (else RefusedError `account_inactive`), and must
    see what they act on (else `not_in_channel`, `message_not_found` or `not_found`).
    """

    def __init__(
        self, workspace: Workspace, line: Line, payloads: Payloads, urls: ResponseUrls, events: Events
    ) -> None:
        self._workspace = workspace
        self._line = line
        self._payloads = payloads
        self._urls = urls
        self._events = events
        self._suggestions = Suggestions()

    async def slash(self, person_id: str, channel_id: str, command: str, text: str) -> Outcome:
        """Send a slash command; what the app acknowledges it with is said to the person."""
        person = self._person(person_id)
        self._enter(person_id, channel_id)
        if self._workspace.app.command(command) is None:
            return Outcome(failure=sentence(person.locale, "no_command", name=command))
        payload = self._payloads.slash(person_id, channel_id, command, text)
        outcome, answer = await self._ask(person, "slash_commands", payload)
        if outcome.ok and answer:
            try:
                self._urls.say(person_id, channel_id, answer)
            except RefusedError as error:
                return self._misanswered(person, error)
        return outcome

    async def click(
        self,
        person_id: str,
        where: Message | str,
        block_id: str,
        action_id: str,
        value: Any = None,
        *,
        values: Values | None = None,
    ) -> Outcome:
        """Press a button or choose in a select, in a message or (by its id) in a view.

        A choice in an input that does not dispatch actions is only remembered: the app learns of it when the
        form is sent.

        Args:
            person_id: who does it.
            where: the message, or the id of the view.
            block_id: the block's id.
            action_id: the element's id.
            value: what was chosen: the option's `value` (a list where several can be chosen), the date, time,
                user or text; nothing for a button.
            values: what else is chosen and typed in the view right now.

        Raises:
            RefusedError: there is no such message, view, element or option.
        """
        person = self._person(person_id)
        here = spot(self._seen(person_id, where), block_id, action_id)
        element = self._offered(person_id, here)
        check_choice(self._workspace, person_id, element, value)
        here = replace(here, where=self._remember(here, values or {}, element, value))
        if not here.is_told:
            return Outcome()
        action = action_of(element, block_id, value, self._workspace.clock.stamp())
        outcome, _ = await self._ask(person, "interactive", self._payloads.click(person_id, here, action))
        return outcome

    async def suggest(
        self, person_id: str, where: Message | str, block_id: str, action_id: str, query: str
    ) -> list[JSON]:
        """Type into an external select and return the options the app suggests, or groups of them.

        Until `min_query_length` characters are typed the app is not asked, and nothing is suggested. What the
        person chooses afterwards must be one of the options returned last.

        Raises:
            RefusedError: there is no such select, or with the person's sentence: the app did not answer
                (`no_answer`), or not with options (`invalid_options`).
        """
        person = self._person(person_id)
        here = spot(self._seen(person_id, where), block_id, action_id)
        if here.element["type"] not in EXTERNAL:
            raise RefusedError("not_found")
        given: list[JSON] = []
        if len(query) >= here.element.get("min_query_length", QUERY_LENGTH):
            payload = self._payloads.suggestion(person_id, here, query)
            outcome, answer = await self._ask(person, "interactive", payload)
            if outcome.failure:
                raise RefusedError("no_answer", outcome.failure)
            wrong = option_faults(answer)
            if wrong:
                misanswered = self._misanswered(person, RefusedError("invalid_options", *wrong))
                raise RefusedError("invalid_options", str(misanswered.failure))
            given = json.loads(json.dumps(answer.get("options") or answer.get("option_groups") or []))
            fill_texts(given)
        self._suggestions.keep(_key(person_id, here), given)
        return given

    def state(self, person_id: str, where: Message | str, block_id: str, action_id: str, value: Any) -> JSON:
        """Return the state of an element (as `submit` takes them) in which a person has chosen something.

        Raises:
            RefusedError: there is no such message, view, element, option, person or conversation.
        """
        element = self.element(person_id, where, block_id, action_id)
        check_choice(self._workspace, person_id, element, value)
        return state_of(element, value)

    def element(self, person_id: str, where: Message | str, block_id: str, action_id: str) -> JSON:
        """Return an element as a person finds it: an external select with the options suggested last.

        Raises:
            RefusedError: there is no such message, view or element.
        """
        return self._offered(person_id, spot(self._seen(person_id, where), block_id, action_id))

    def upload(self, person_id: str, name: str, data: bytes) -> JSON:
        """Upload a file into a form and return what its file input then holds.

        Raises:
            RefusedError: `file_upload_size_restricted`, `storage_limit_reached`.
        """
        files = self._workspace.files
        file = files.take(files.announce(self._person(person_id).id, name, len(data)), data)
        return summary(self._workspace, self._workspace.complete_file(file, name))

    async def submit(self, person_id: str, view_id: str, values: Values) -> Outcome:
        """Send a form.

        Args:
            person_id: who sends it.
            view_id: the modal's id.
            values: Slack's states of the inputs (see `state`); those left out are sent as they began.

        Raises:
            RefusedError: `not_found` when the modal is not open any more.
        """
        person = self._person(person_id)
        view = self.fill(person_id, view_id, values)
        wrong = mistakes(view.blocks, view.values, person.locale)
        if wrong:
            return Outcome(errors=wrong)
        outcome, answer = await self._ask(person, "interactive", self._payloads.submission(person_id, view))
        if not outcome.ok:
            return outcome
        try:
            return follow(self._workspace.views, view, answer)
        except RefusedError as error:
            return self._misanswered(person, error)

    def fill(self, person_id: str, view_id: str, values: Values) -> View:
        """Fill in fields of a form without sending it, and return it.

        Raises:
            RefusedError: `not_found` when the modal is not open any more.
        """
        view = self._view(person_id, view_id)
        return self._workspace.views.remember(view, merged(states(view), values))

    async def close(self, person_id: str, view_id: str, *, is_all: bool = False) -> Outcome:
        """Close a modal without sending it; the app is told when it asked for that.

        Args:
            person_id: who closes it.
            view_id: the modal's id.
            is_all: close those below it too; so does any that has `clear_on_close`.
        """
        person = self._person(person_id)
        view = self._view(person_id, view_id)
        is_all = is_all or bool(view.body["clear_on_close"])
        failure = None
        for closed in self._workspace.views.close(view, is_all=is_all):
            if closed.notify_on_close:
                payload = self._payloads.closing(person_id, closed, is_cleared=is_all)
                outcome, _ = await self._ask(person, "interactive", payload)
                failure = failure or outcome.failure
        return Outcome(failure=failure, is_closed=True)

    async def shortcut(self, person_id: str, callback_id: str) -> Outcome:
        """Start a global shortcut."""
        person = self._person(person_id)
        if callback_id not in {known.callback_id for known in self._workspace.app.global_shortcuts}:
            return Outcome(failure=sentence(person.locale, "no_shortcut", name=callback_id))
        payload = self._payloads.shortcut(person_id, callback_id)
        outcome, _ = await self._ask(person, "interactive", payload)
        return outcome

    async def message_shortcut(self, person_id: str, callback_id: str, channel_id: str, ts: str) -> Outcome:
        """Start a shortcut at a message; ephemeral ones have none."""
        person = self._person(person_id)
        message = self._message(person_id, channel_id, ts)
        known = {shortcut.callback_id for shortcut in self._workspace.app.message_shortcuts}
        if callback_id not in known or message.is_ephemeral:
            return Outcome(failure=sentence(person.locale, "no_shortcut", name=callback_id))
        payload = self._payloads.message_shortcut(person_id, callback_id, message)
        outcome, _ = await self._ask(person, "interactive", payload)
        return outcome

    async def open_home(self, person_id: str, tab: str = "home") -> Outcome:
        """Open the app's Home tab (or its `messages` tab); the app fills it when it hears of that."""
        self._person(person_id)
        self._events.home_opened(person_id, tab)
        return Outcome()

    async def _ask(self, person: Member, kind: Kind, payload: JSON) -> tuple[Outcome, Any]:
        try:
            return Outcome(), await self._line.ask(kind, payload)
        except NoAnswerError as error:
            key = "no_answer" if error.is_connected else "not_connected"
            return Outcome(failure=sentence(person.locale, key, name=self._workspace.app.name)), None

    def _misanswered(self, person: Member, error: RefusedError) -> Outcome:
        reason = "; ".join((error.code, *error.messages))
        name = self._workspace.app.name
        return Outcome(failure=sentence(person.locale, "misanswered", name=name, reason=reason))

    def _offered(self, person_id: str, here: Spot) -> JSON:
        block_id, action_id = here.ids
        chosen = states(here.where).get(block_id, {}).get(action_id, {})
        return self._suggestions.offered(_key(person_id, here), here.element, chosen)

    def _remember(self, here: Spot, values: Values, element: JSON, value: Any) -> Message | View:
        """Keep what is chosen; return the view or message with it."""
        block_id, action_id = here.ids
        choice: Values = {}
        if element["type"] in STATE_KEYS:
            choice = {block_id: {action_id: state_of(element, value)}}
        if isinstance(here.where, View):
            now = merged(here.where.values, values, choice)
            return self._workspace.views.remember(here.where, now)
        selected = merged(here.where.selected, values, choice)
        if selected == here.where.selected:
            return here.where
        message = replace(here.where, selected=selected)
        self._workspace.remember(message)
        return message

    def _person(self, person_id: str) -> Member:
        return self._workspace.active(person_id)

    def _seen(self, person_id: str, where: Message | str) -> Message | View:
        if isinstance(where, str):
            return self._view(person_id, where)
        return self._message(person_id, where.channel_id, where.ts)

    def _view(self, person_id: str, view_id: str) -> View:
        view = self._workspace.views.get(view_id)
        if view.person_id != person_id:
            raise RefusedError("not_found")
        return view

    def _message(self, person_id: str, channel_id: str, ts: str) -> Message:
        self._enter(person_id, channel_id)
        message = self._workspace.find(channel_id, ts)
        if message is None or message.reader_id not in {None, person_id}:
            raise RefusedError("message_not_found")
        return message

    def _enter(self, person_id: str, channel_id: str) -> None:
        if person_id not in self._workspace.conversation(channel_id).members:
            raise RefusedError("not_in_channel")


def _key(person_id: str, here: Spot) -> Key:
    if isinstance(here.where, View):
        return (person_id, here.where.id, *here.ids)
    return (person_id, here.where.channel_id, here.where.ts, *here.ids)
