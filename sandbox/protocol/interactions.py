"""What people do with the app, told to it, and its answers worked off."""

from sandbox.protocol.choosing import Choosing
from sandbox.protocol.elements import merged
from sandbox.protocol.file_objects import summary
from sandbox.protocol.forms import mistakes
from sandbox.protocol.outcome import Outcome
from sandbox.protocol.spots import states
from sandbox.protocol.submissions import follow
from sandbox.protocol.words import sentence
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Values, View


class Interactions(Choosing):
    """People's slash commands, clicks, forms and shortcuts.

    Whoever acts must have an account that is not deactivated (else RefusedError `account_inactive`), and must
    see what they act on (else `not_in_channel`, `message_not_found` or `not_found`).
    """

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
            return follow(self._workspace, view, answer)
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
