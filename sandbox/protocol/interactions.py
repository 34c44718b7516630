"""What people do with the app, told to it, and its answers worked off."""

from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.protocol.elements import STATE_KEYS, action_of, find, initial, merged, state_of
from sandbox.protocol.events import Events
from sandbox.protocol.forms import mistakes
from sandbox.protocol.line import Kind, Line, NoAnswerError
from sandbox.protocol.payloads import Payloads
from sandbox.protocol.response_urls import ResponseUrls
from sandbox.protocol.views import checked
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Message, Values, View
from sandbox.state.workspace import Workspace


@dataclass(frozen=True)
class Outcome:
    """What came of something a person did.

    Attributes:
        errors: block_id to the sentence at that field, when a form was refused.
        failure: a sentence for the person when the app did not answer in time, or not as it should.
        is_closed: the form is closed now.
        view: the view as the app has changed it, or the one it has put on top.
    """

    errors: dict[str, str] = field(default_factory=dict)
    failure: str | None = None
    is_closed: bool = False
    view: View | None = None

    @property
    def ok(self) -> bool:
        """Whether the app took it."""
        return not self.errors and self.failure is None


class Interactions:
    """People's slash commands, clicks, forms and shortcuts."""

    def __init__(
        self, workspace: Workspace, line: Line, payloads: Payloads, urls: ResponseUrls, events: Events
    ) -> None:
        self._workspace = workspace
        self._line = line
        self._payloads = payloads
        self._urls = urls
        self._events = events

    async def slash(self, person_id: str, channel_id: str, command: str, text: str) -> Outcome:
        """Send a slash command; what the app acknowledges it with is said to the person."""
        if self._workspace.app.command(command) is None:
            return Outcome(failure=f"{command} ist kein Befehl in diesem Workspace.")
        payload = self._payloads.slash(person_id, channel_id, command, text)
        outcome, answer = await self._ask("slash_commands", payload)
        if outcome.ok and isinstance(answer, dict) and answer:
            try:
                self._urls.say(person_id, channel_id, answer)
            except RefusedError as error:
                return self._misanswered(error)
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
        if isinstance(where, str):
            view = self._view(person_id, where)
            element = find(view.blocks, block_id, action_id)
            states = merged(view.values, values or {}, _choice(element, block_id, value))
            view = self._workspace.views.remember(view, states)
            action = action_of(element, block_id, value, self._workspace.clock.stamp())
            payload = self._payloads.view_click(person_id, view, action)
        else:
            message = self._message(where.channel_id, where.ts)
            element = find(message.blocks, block_id, action_id)
            states = merged(message.selected, _choice(element, block_id, value))
            message = replace(message, selected=states)
            self._workspace.remember(message)
            action = action_of(element, block_id, value, self._workspace.clock.stamp())
            payload = self._payloads.message_click(person_id, message, action)
        outcome, _ = await self._ask("interactive", payload)
        return outcome

    async def submit(self, person_id: str, view_id: str, values: Values) -> Outcome:
        """Send a form.

        Args:
            person_id: who sends it.
            view_id: the modal's id.
            values: Slack's states of the inputs (see `sandbox.protocol.elements.state_of`); those left out
                are sent as they began.

        Raises:
            RefusedError: `not_found` when the modal is not open any more.
        """
        view = self._view(person_id, view_id)
        states = merged(initial(view.blocks), view.values, values)
        view = self._workspace.views.remember(view, states)
        wrong = mistakes(view.blocks, states)
        if wrong:
            return Outcome(errors=wrong)
        outcome, answer = await self._ask("interactive", self._payloads.submission(person_id, view))
        return self._submitted(view, answer or {}) if outcome.ok else outcome

    async def close(self, person_id: str, view_id: str) -> Outcome:
        """Close a modal without sending it; the app is told when it asked for that."""
        view = self._view(person_id, view_id)
        is_all = bool(view.body["clear_on_close"])
        failed = None
        for closed in self._workspace.views.close(view, is_all=is_all):
            if closed.notify_on_close:
                payload = self._payloads.closing(person_id, closed, is_cleared=is_all)
                outcome, _ = await self._ask("interactive", payload)
                failed = failed or outcome.failure
        return Outcome(failure=failed, is_closed=True)

    async def shortcut(self, person_id: str, callback_id: str) -> Outcome:
        """Start a global shortcut."""
        outcome, _ = await self._ask("interactive", self._payloads.shortcut(person_id, callback_id))
        return outcome

    async def message_shortcut(self, person_id: str, callback_id: str, channel_id: str, ts: str) -> Outcome:
        """Start a shortcut at a message."""
        message = self._message(channel_id, ts)
        payload = self._payloads.message_shortcut(person_id, callback_id, message)
        outcome, _ = await self._ask("interactive", payload)
        return outcome

    async def open_home(self, person_id: str, tab: str = "home") -> Outcome:
        """Open the app's Home tab (or its `messages` tab); the app fills it when it hears of that."""
        self._events.home_opened(person_id, tab)
        return Outcome()

    async def _ask(self, kind: Kind, payload: JSON) -> tuple[Outcome, Any]:
        try:
            return Outcome(), await self._line.ask(kind, payload)
        except NoAnswerError as error:
            name = self._workspace.app.name
            reason = "." if error.is_connected else ": Die App ist gerade nicht verbunden."
            return Outcome(failure=f"{name} hat nicht reagiert{reason}"), None

    def _submitted(self, view: View, answer: JSON) -> Outcome:
        views = self._workspace.views
        try:
            match answer.get("response_action"):
                case "errors":
                    return Outcome(errors=_placed(view, answer["errors"]))
                case "update":
                    return Outcome(view=views.update(view, checked(answer["view"], "modal")))
                case "push":
                    return Outcome(view=views.push(view.person_id, checked(answer["view"], "modal")))
                case "clear":
                    views.close(view, is_all=True)
                case _:
                    views.close(view)
        except RefusedError as error:
            return self._misanswered(error)
        return Outcome(is_closed=True)

    def _misanswered(self, error: RefusedError) -> Outcome:
        reason = "; ".join((error.code, *error.messages))
        return Outcome(failure=f"{self._workspace.app.name} hat falsch geantwortet ({reason}).")

    def _view(self, person_id: str, view_id: str) -> View:
        view = self._workspace.views.get(view_id)
        if view.person_id != person_id:
            raise RefusedError("not_found")
        return view

    def _message(self, channel_id: str, ts: str) -> Message:
        message = self._workspace.find(channel_id, ts)
        if message is None:
            raise RefusedError("message_not_found")
        return message


def _placed(view: View, errors: dict[str, str]) -> dict[str, str]:
    """Return the errors, if each is at an input of the form: others Slack can't show."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    strays = [block_id for block_id in errors if block_id not in inputs]
    if strays or not errors:
        raise RefusedError("invalid_response_action", f"no input block: {', '.join(strays)}")
    return dict(errors)


def _choice(element: JSON, block_id: str, value: Any) -> Values:
    if element["type"] not in STATE_KEYS:
        return {}
    return {block_id: {element["action_id"]: state_of(element, value)}}
