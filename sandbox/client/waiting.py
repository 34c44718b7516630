"""Waiting for what the app does, without sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sandbox.client.reading import sight
from sandbox.state.records import Change
from sandbox.state.workspace import Workspace

T = TypeVar("T")
# Long enough for a busy machine; who waits in vain is told what there is instead.
WITHIN = 15.0


async def until(
    workspace: Workspace,
    person_id: str,
    look: Callable[[], T | None],
    what: str,
    within: float = WITHIN,
    failure: str | None = None,
) -> T:
    """Look again at each change of the workspace, and return what was found.

    Args:
        workspace: where to look.
        person_id: who looks.
        look: returns None while there is nothing to be found.
        what: what is looked for, for the sentence of a failing test.
        within: seconds to wait.
        failure: what the person was told of their last act, when it failed.

    Raises:
        AssertionError: it was not found in time.
    """
    changed = asyncio.Event()

    def notice(_: Change) -> None:
        changed.set()

    unlisten = workspace.listen(notice)
    try:
        async with asyncio.timeout(within):
            while True:
                changed.clear()
                found = look()
                if found is not None:
                    return found
                await changed.wait()
    except TimeoutError:
        who = workspace.member(person_id).real_name
        seen = sight(workspace, person_id, failure)
        raise AssertionError(f"{who} has waited {within:g} s for {what}, and sees:\n{seen}") from None
    finally:
        unlisten()
