"""What is chosen and typed on the page, as Slack writes it down."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.page.marks import written
from sandbox.page.names import Names
from sandbox.protocol.elements import STATE_KEYS, state_of
from sandbox.protocol.file_objects import summary
from sandbox.protocol.interactions import Interactions
from sandbox.protocol.spots import states
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Message, Values
from sandbox.state.typist import Typist
from sandbox.state.workspace import Workspace


class Fields:
    """Reads the page's fields; the page sends texts and lists of texts."""

    def __init__(self, workspace: Workspace, interactions: Interactions) -> None:
        self._workspace = workspace
        self._interactions = interactions

    def values(self, person_id: str, where: Message | str, given: JSON) -> Values:
        """Return the states of the fields of a message or view.

        Raises:
            RefusedError: there is no such field, option or file.
            ValueError: a moment is none.
        """
        return {
            block_id: {
                action_id: self._state(person_id, where, block_id, action_id, value)
                for action_id, value in actions.items()
            }
            for block_id, actions in given.items()
        }

    def value(self, person_id: str, where: Message | str, block_id: str, action_id: str, value: Any) -> Any:
        """Return one value as `Interactions.click` takes it.

        Raises:
            RefusedError: there is no such field or file.
            ValueError: a moment is none.
        """
        element = self._interactions.element(person_id, where, block_id, action_id)
        match element["type"]:
            case "datetimepicker":
                return self._moment(person_id, value) if value else None
            case "file_input":
                return [self._file(person_id, file_id) for file_id in value or ()]
            case "rich_text_input":
                return self._formatted(person_id, where, (block_id, action_id), value) if value else None
        return value

    def _state(self, person_id: str, where: Message | str, block_id: str, action_id: str, value: Any) -> JSON:
        element = self._interactions.element(person_id, where, block_id, action_id)
        return state_of(element, self.value(person_id, where, block_id, action_id, value))

    def _moment(self, person_id: str, local: str) -> int:
        zone = ZoneInfo(self._workspace.member(person_id).tz)
        return int(datetime.fromisoformat(local).replace(tzinfo=zone).timestamp())

    def _file(self, person_id: str, file_id: str) -> JSON:
        file = self._workspace.files.kept(file_id)
        if file.owner_id != person_id:
            raise RefusedError("file_not_found")
        return summary(self._workspace, file)

    def _formatted(self, person_id: str, where: Message | str, ids: tuple[str, str], text: str) -> JSON:
        """Return what is typed as formatted text; what was not changed keeps all its styles."""
        here = self._workspace.views.get(where) if isinstance(where, str) else where
        block_id, action_id = ids
        state = states(here).get(block_id, {}).get(action_id, {})
        known = state.get(STATE_KEYS["rich_text_input"])
        if known and written(known, Names.of(self._workspace, person_id)) == text:
            return dict(known)
        _, block = Typist(*self._workspace.names()).message(text)
        return {"type": "rich_text", "elements": block["elements"]}
