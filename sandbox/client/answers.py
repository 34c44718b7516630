"""From what a person says they choose or type to what Slack notes down."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from sandbox.client.reading import words
from sandbox.protocol.choices import choosable
from sandbox.protocol.elements import STATE_KEYS, options
from sandbox.protocol.interactions import Interactions
from sandbox.state.records import JSON, DirectMessage
from sandbox.state.workspace import Workspace


def answer(workspace: Workspace, interactions: Interactions, person_id: str, element: JSON, said: Any) -> Any:
    """Return the value of an element (see `state_of`) for what a person says.

    Args:
        workspace: holds the people and channels that can be chosen.
        interactions: takes uploads.
        person_id: who chooses.
        element: with the options that can be chosen.
        said: the option's words, a person's or channel's name; a date, time or moment, also as Slack writes
            them; text; a file's name and bytes. A list of these where several can be chosen; None for none.
    """
    if said is None:
        return None
    kind = element["type"]
    if kind == "file_input":
        files = [said] if isinstance(said, tuple) else said
        return [interactions.upload(person_id, name, data) for name, data in files]
    if STATE_KEYS[kind].endswith("s"):
        several = [said] if isinstance(said, str) else said
        return [_one(workspace, person_id, element, one) for one in several]
    return _one(workspace, person_id, element, said)


def shown(workspace: Workspace, person_id: str, state: JSON) -> Any:
    """Return what a person reads in a field, by its state: of options their words, of ids their names."""
    chosen = state[STATE_KEYS[state["type"]]]
    if "_select" in state["type"] and not any(key.startswith("selected_option") for key in state):
        called = {id_: name for name, id_ in _called(workspace, person_id, _ids(chosen))}
        return (
            [called.get(one, one) for one in chosen]
            if isinstance(chosen, list)
            else called.get(chosen, chosen)
        )
    return [_read(one) for one in chosen] if isinstance(chosen, list) else _read(chosen)


def _one(workspace: Workspace, person_id: str, element: JSON, said: Any) -> Any:
    if isinstance(said, datetime):
        return int(said.timestamp())
    if isinstance(said, date):
        return said.isoformat()
    if isinstance(said, time):
        return said.strftime("%H:%M")
    ids = choosable(workspace, person_id, element)
    if ids is not None:
        return _found(list(_called(workspace, person_id, ids)), str(said).removeprefix("@"))
    if "selected_option" in STATE_KEYS[element["type"]]:
        return _found([(words(one["text"]), one.get("value")) for one in options(element)], str(said))
    return said


def _found(known: list[tuple[str, Any]], said: str) -> Any:
    found = {value for name, value in known if name == said}
    there = ", ".join(dict.fromkeys(name for name, _ in known))
    assert found, f"there is no “{said}” to choose, only {there or 'nothing'}"
    assert len(found) == 1, f"there are {len(found)} of “{said}” to choose from: {there}"
    return found.pop()


def _called(workspace: Workspace, person_id: str, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what people and conversations are called, with their ids: first the handle, then the name."""
    people = {member.id: member for member in workspace.members()}
    for one in ids:
        if one not in people:
            conversation = workspace.conversation(one)
            if not isinstance(conversation, DirectMessage):
                yield conversation.name, one
                yield f"#{conversation.name}", one
                continue
            member = people[conversation.other(person_id)]
        else:
            member = people[one]
        yield member.name, one
        yield member.real_name, one


def _ids(chosen: Any) -> list[str]:
    return chosen if isinstance(chosen, list) else [chosen] if chosen else []


def _read(chosen: Any) -> Any:
    if not isinstance(chosen, dict):
        return chosen
    return words(chosen["text"]) if "text" in chosen else chosen.get("name", chosen)
