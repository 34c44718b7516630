"""An open form, by the labels of its fields."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sandbox.client.answers import answer, shown
from sandbox.client.reading import texts, words
from sandbox.protocol.interactions import Interactions
from sandbox.protocol.outcome import Outcome
from sandbox.protocol.spots import states
from sandbox.state.records import JSON, Blocks, Values, View
from sandbox.state.workspace import Workspace


class Form:
    """An open modal, by the labels of its fields.

    Answers are given by label: text, a date, an option's words, a person's or channel's name, a file's name
    and bytes (see `sandbox.client.answers`); labels that are no Python names in a dict.
    """

    def __init__(self, workspace: Workspace, interactions: Interactions, view: View) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self._first = view
        self._errors: dict[str, str] = {}

    @property
    def view(self) -> View:
        """The modal as it is now, or as it was when it is closed."""
        open_now = {view.id: view for view in self._workspace.modals(self._first.person_id)}
        return open_now.get(self._first.id, self._first)

    @property
    def is_open(self) -> bool:
        """Whether it is still open."""
        return any(view.id == self._first.id for view in self._workspace.modals(self._first.person_id))

    @property
    def title(self) -> str:
        """Its title."""
        return self.view.title

    @property
    def text(self) -> str:
        """All that can be read in it."""
        return "\n".join(texts(self.view.blocks))

    @property
    def fields(self) -> list[str]:
        """The labels of its fields, from top to bottom."""
        return [words(block["label"]) for block in self._inputs()]

    @property
    def values(self) -> dict[str, Any]:
        """What stands in its fields now, by label; of options their words."""
        now = states(self.view)
        return {
            words(block["label"]): shown(
                self._workspace, self._first.person_id, now[block["block_id"]][block["element"]["action_id"]]
            )
            for block in self._inputs()
        }

    @property
    def errors(self) -> dict[str, str]:
        """Label to the sentence at that field, since the form was sent last."""
        return dict(self._errors)

    async def fill(self, answers: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Fill in fields by their labels without sending the form."""
        values = self._values({**(answers or {}), **more})
        self._interactions.fill(self._first.person_id, self._first.id, values)

    async def submit(self, answers: Mapping[str, Any] | None = None, /, **more: Any) -> dict[str, str]:
        """Fill in fields by their labels and send the form.

        Returns:
            Label to the sentence at that field; nothing when the form was taken.

        Raises:
            AssertionError: the app did not answer as it should, or there is no such field or option.
        """
        labels = {block["block_id"]: words(block["label"]) for block in self._inputs()}
        values = self._values({**(answers or {}), **more})
        outcome = await self._interactions.submit(self._first.person_id, self._first.id, values)
        assert outcome.failure is None, outcome.failure
        self._errors = {labels.get(key, key): sentence for key, sentence in outcome.errors.items()}
        return self.errors

    async def close(self, *, is_all: bool = False) -> Outcome:
        """Close it, or all forms of the stack, without sending."""
        return await self._interactions.close(self._first.person_id, self._first.id, is_all=is_all)

    def _values(self, answers: Mapping[str, Any]) -> Values:
        values: Values = {}
        for label, said in answers.items():
            block = self._field(label)
            where = (self._first.person_id, self._first.id, block["block_id"], block["element"]["action_id"])
            element = self._interactions.element(*where)
            value = answer(self._workspace, self._interactions, self._first.person_id, element, said)
            state = self._interactions.state(*where, value)
            values[block["block_id"]] = {element["action_id"]: state}
        return values

    def _field(self, label: str) -> JSON:
        times = Counter(self.fields)[label]
        assert times, f"there is no field “{label}” in “{self.title}”, only {', '.join(self.fields)}"
        assert times == 1, f"there are {times} fields “{label}” in “{self.title}”"
        return next(block for block in self._inputs() if words(block["label"]) == label)

    def _inputs(self) -> Blocks:
        return [block for block in self.view.blocks if block["type"] == "input"]
