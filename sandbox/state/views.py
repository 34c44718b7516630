"""Modals and App Home tabs."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

from sandbox.state.clock import Clock
from sandbox.state.errors import RefusedError
from sandbox.state.ids import new_id
from sandbox.state.journal import Journal
from sandbox.state.records import JSON, Change, Values, View

# "A maximum of 3 views can exist in the view stack."
STACK_LIMIT = 3
DEFAULTS: JSON = {
    "title": None,
    "submit": None,
    "close": None,
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
}


class Views:
    """Each person's stack of modals and Home tab."""

    def __init__(self, journal: Journal, emit: Callable[[Change], None], clock: Clock) -> None:
        """Read the views of the journal."""
        self._clock = clock
        self._journal = journal
        self._emit = emit
        self._modals: dict[str, list[View]] = {}
        self._home: dict[str, View] = {}
        for _, body in journal.all("view"):
            view = View(**body)
            if view.type == "home":
                self._home[view.person_id] = view
            else:
                self._modals.setdefault(view.person_id, []).append(view)
        for stack in self._modals.values():
            stack.sort(key=lambda view: view.opened_at)

    def home(self, person_id: str) -> View | None:
        """Return the Home tab as published for this person."""
        return self._home.get(person_id)

    def modals(self, person_id: str) -> list[View]:
        """Return the person's open modals, the one on top last."""
        return list(self._modals.get(person_id, ()))

    def get(self, view_id: str) -> View:
        """Return an open view.

        Raises:
            RefusedError: `not_found`.
        """
        return self._find(lambda view: view.id == view_id)

    def by_external_id(self, external_id: str) -> View:
        """Return the open view that the app gave this id.

        Raises:
            RefusedError: `not_found`.
        """
        return self._find(lambda view: view.body["external_id"] == external_id)

    def open(self, person_id: str, body: JSON) -> View:
        """Show a modal in place of any that are open.

        Raises:
            RefusedError: `duplicate_external_id` when another view of the team is called so.
        """
        self._check_external_id(body)
        for view in self._modals.pop(person_id, []):
            self._journal.drop("view", view.id)
        return self._add(person_id, body)

    def push(self, person_id: str, body: JSON) -> View:
        """Show a modal on top of the others.

        Raises:
            RefusedError: `not_found` when none is open, `push_limit_reached` at the fourth,
                `duplicate_external_id`.
        """
        stack = self._modals.get(person_id, [])
        if not stack:
            raise RefusedError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise RefusedError("push_limit_reached")
        self._check_external_id(body)
        return self._add(person_id, body)

    def update(self, view: View, body: JSON, known_hash: str | None = None) -> View:
        """Show other contents in an open view; what is typed in blocks that stay is kept.

        Raises:
            RefusedError: `hash_conflict` when the view changed since `known_hash`, `duplicate_external_id`.
        """
        self._check_external_id(body, view.id)
        if known_hash and known_hash != view.hash:
            raise RefusedError("hash_conflict")
        kept = {block["block_id"] for block in body["blocks"]}
        values = {block_id: states for block_id, states in view.values.items() if block_id in kept}
        return self._save(replace(view, body={**DEFAULTS, **body}, values=values, hash=self._hash()))

    def remember(self, view: View, values: Values) -> View:
        """Keep what is chosen and typed in a view."""
        return self._save(replace(view, values=values), is_silent=True)

    def publish(self, person_id: str, body: JSON, known_hash: str | None = None) -> View:
        """Show contents in the person's Home tab.

        Raises:
            RefusedError: `hash_conflict` when the tab changed since `known_hash`, `duplicate_external_id`.
        """
        home = self._home.get(person_id)
        if home is not None:
            return self.update(home, body, known_hash)
        self._check_external_id(body)
        view_id = new_id("V")
        body = {**DEFAULTS, **body}
        return self._save(View(view_id, person_id, "home", body, self._hash(), root_id=view_id))

    def close(self, view: View, *, is_all: bool = False) -> list[View]:
        """Close a modal and those above it, or the whole stack; return the closed ones, the top first."""
        stack = self._modals.get(view.person_id, [])
        at = (
            0
            if is_all
            else next((i for i, open_view in enumerate(stack) if open_view.id == view.id), len(stack))
        )
        closed = stack[at:][::-1]
        del stack[at:]
        for gone in closed:
            self._journal.drop("view", gone.id)
        self._emit(Change("view", person_id=view.person_id))
        return closed

    def _add(self, person_id: str, body: JSON) -> View:
        stack = self._modals.setdefault(person_id, [])
        view_id = new_id("V")
        view = View(
            view_id,
            person_id,
            "modal",
            {**DEFAULTS, **body},
            self._hash(),
            root_id=stack[0].id if stack else view_id,
            previous_id=stack[-1].id if stack else None,
            # A sandbox that starts anew forgets how far its clock was moved on.
            opened_at=max(self._clock.micros(), stack[-1].opened_at + 1 if stack else 0),
        )
        return self._save(view)

    def _save(self, view: View, *, is_silent: bool = False) -> View:
        if view.type == "home":
            self._home[view.person_id] = view
        else:
            stack = self._modals.setdefault(view.person_id, [])
            at = next((i for i, open_view in enumerate(stack) if open_view.id == view.id), len(stack))
            stack[at : at + 1] = [view]
        self._journal.put("view", view.id, asdict(view))
        if not is_silent:
            self._emit(Change("view", person_id=view.person_id))
        return view

    def _find(self, is_meant: Callable[[View], bool]) -> View:
        found = next((view for view in self._open() if is_meant(view)), None)
        if found is None:
            raise RefusedError("not_found")
        return found

    def _open(self) -> Iterator[View]:
        for stack in self._modals.values():
            yield from stack
        yield from self._home.values()

    def _check_external_id(self, body: JSON, own_id: str = "") -> None:
        external_id = body.get("external_id")
        if external_id and any(
            view.body["external_id"] == external_id and view.id != own_id for view in self._open()
        ):
            raise RefusedError("duplicate_external_id")

    def _hash(self) -> str:
        return f"{int(self._clock.time())}.{secrets.token_hex(4)}"
