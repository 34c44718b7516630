"""Asking the app for someone: who they are, what they see, and what they are told when it is silent."""

from typing import Any

from sandbox.protocol.events import Events
from sandbox.protocol.line import Kind, Line, NoAnswerError
from sandbox.protocol.outcome import Outcome
from sandbox.protocol.payloads import Payloads
from sandbox.protocol.response_urls import ResponseUrls
from sandbox.protocol.words import sentence
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Member, Message, View
from sandbox.state.workspace import Workspace


class Asking:
    """What all that people do with the app has in common."""

    def __init__(
        self, workspace: Workspace, line: Line, payloads: Payloads, urls: ResponseUrls, events: Events
    ) -> None:
        self._workspace = workspace
        self._line = line
        self._payloads = payloads
        self._urls = urls
        self._events = events

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
