"""Pressing, choosing and typing in the elements of messages, forms and Home tabs."""

import json
from dataclasses import replace
from typing import Any

from sandbox.protocol.asking import Asking
from sandbox.protocol.blocks import fill_texts, option_faults
from sandbox.protocol.choices import EXTERNAL, Key, Suggestions, check_choice
from sandbox.protocol.elements import STATE_KEYS, action_of, merged, state_of
from sandbox.protocol.events import Events
from sandbox.protocol.line import Line
from sandbox.protocol.outcome import Outcome
from sandbox.protocol.payloads import Payloads
from sandbox.protocol.response_urls import ResponseUrls
from sandbox.protocol.spots import Spot, spot, states
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Message, Values, View
from sandbox.state.workspace import Workspace

# docs.slack.dev/reference/block-kit/block-elements/select-menu-element: of an external select
QUERY_LENGTH = 3


class Choosing(Asking):
    """People's clicks and choices, and what they can choose."""

    def __init__(
        self, workspace: Workspace, line: Line, payloads: Payloads, urls: ResponseUrls, events: Events
    ) -> None:
        super().__init__(workspace, line, payloads, urls, events)
        self._suggestions = Suggestions()

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


def _key(person_id: str, here: Spot) -> Key:
    if isinstance(here.where, View):
        return (person_id, here.where.id, *here.ids)
    return (person_id, here.where.channel_id, here.where.ts, *here.ids)
