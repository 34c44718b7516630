"""The `views.*` methods."""

import json

from sandbox.protocol import shapes
from sandbox.protocol.blocks import fill_texts, filled, view_faults
from sandbox.protocol.call import Call, Method, Methods
from sandbox.protocol.composer import parsed
from sandbox.protocol.files import slack_file_faults
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, View
from sandbox.state.views import Views
from sandbox.state.workspace import Workspace

# What `view_too_large` is documented to mean: more than 250 kB.
VIEW_BYTES = 250_000


def checked(workspace: Workspace, view: JSON | str, kind: str) -> JSON:
    """Return a view as it is kept; the pictures it names are such as the bot can see.

    Raises:
        RefusedError: `invalid_arguments` with what is wrong, `view_too_large`.
    """
    given = parsed(view, "invalid_arguments")
    wrong = view_faults(given)
    if not wrong and given["type"] != kind:
        wrong = [f"[ERROR] must be one of: {kind} [json-pointer:/view/type]"]
    if wrong:
        raise RefusedError("invalid_arguments", *wrong)
    if len(json.dumps(given, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise RefusedError("view_too_large")
    kept: JSON = {key: json.loads(json.dumps(value)) for key, value in given.items() if key != "type"}
    fill_texts(kept)
    kept["blocks"] = filled(kept["blocks"])
    wrong = slack_file_faults(workspace, kept["blocks"], "/view/blocks")
    if wrong:
        raise RefusedError("invalid_arguments", *wrong)
    return kept


def open_(call: Call) -> JSON:
    """Show a modal to the person whose deed gave the trigger id."""
    body = _checked(call, "modal")
    return _answer(_views(call).open(_person(call), body))


def push(call: Call) -> JSON:
    """Show a modal on top of the one the person is in."""
    body = _checked(call, "modal")
    return _answer(_views(call).push(_person(call), body))


def update(call: Call) -> JSON:
    """Show other contents in an open modal."""
    views = _views(call)
    if call.text("view_id"):
        view = views.get(call.text("view_id"))
    else:
        view = views.by_external_id(call.text("external_id"))
    body = _checked(call, view.type)
    return _answer(views.update(view, body, call.text("hash")))


def publish(call: Call) -> JSON:
    """Show contents in a person's Home tab."""
    if not call.workspace.has_tab("home"):
        raise RefusedError("not_enabled")
    body = _checked(call, "home")
    person_id = call.text("user_id")
    if person_id not in {person.id for person in call.workspace.people()}:
        raise RefusedError("invalid_arguments", "[ERROR] no such user [json-pointer:/user_id]")
    return _answer(_views(call).publish(person_id, body, call.text("hash")))


def _checked(call: Call, kind: str) -> JSON:
    return checked(call.workspace, call.args["view"], kind)


def _person(call: Call) -> str:
    """Return whose deed it was that the app answers."""
    return call.desk.triggers.spend(call.text("trigger_id") or call.text("interactivity_pointer"))


def _views(call: Call) -> Views:
    return call.workspace.views


def _answer(view: View) -> JSON:
    return {"view": shapes.view(view)}


METHODS: Methods = {
    "views.open": Method(open_),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
