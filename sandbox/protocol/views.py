"""The `views.*` methods."""

import json

from sandbox.protocol import shapes
from sandbox.protocol.blocks import fill_texts, filled, view_faults
from sandbox.protocol.call import Call, Method, Methods
from sandbox.protocol.composer import parsed
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, View
from sandbox.state.views import Views

# What `view_too_large` is documented to mean: more than 250 kB.
VIEW_BYTES = 250_000


def checked(view: JSON | str, kind: str) -> JSON:
    """Return a view as it is kept.

    Raises:
        RefusedError: `invalid_arguments` with what is wrong, `view_too_large`.
    """
    given = parsed(view, "invalid_arguments")
    wrong = view_faults(given)
    if not wrong and given["type"] != kind:
        wrong = [f"[ERROR] must be one of: {kind} [json-pointer:/view/type]"]
    if wrong:
        raise RefusedError("invalid_arguments", *wrong)
    if len(json.dumps(given)) > VIEW_BYTES:
        raise RefusedError("view_too_large")
    kept: JSON = {key: json.loads(json.dumps(value)) for key, value in given.items() if key != "type"}
    fill_texts(kept)
    return {**kept, "blocks": filled(kept["blocks"])}


def open_(call: Call) -> JSON:
    """Show a modal to the person whose deed gave the trigger id."""
    body = checked(call.args["view"], "modal")
    return _answer(_views(call).open(call.desk.triggers.spend(call.text("trigger_id")), body))


def push(call: Call) -> JSON:
    """Show a modal on top of the one the person is in."""
    body = checked(call.args["view"], "modal")
    return _answer(_views(call).push(call.desk.triggers.spend(call.text("trigger_id")), body))


def update(call: Call) -> JSON:
    """Show other contents in an open modal."""
    views = _views(call)
    if call.text("view_id"):
        view = views.get(call.text("view_id"))
    elif call.text("external_id"):
        view = views.by_external_id(call.text("external_id"))
    else:
        raise RefusedError("invalid_arguments", "[ERROR] missing required field: view_id")
    body = checked(call.args["view"], view.type)
    return _answer(views.update(view, body, call.text("hash")))


def publish(call: Call) -> JSON:
    """Show contents in a person's Home tab."""
    body = checked(call.args["view"], "home")
    person = call.workspace.member(call.text("user_id"))
    return _answer(_views(call).publish(person.id, body, call.text("hash")))


def _views(call: Call) -> Views:
    return call.workspace.views


def _answer(view: View) -> JSON:
    return {"view": shapes.view(view)}


METHODS: Methods = {
    "views.open": Method(open_, ("trigger_id", "view")),
    "views.push": Method(push, ("trigger_id", "view")),
    "views.update": Method(update, ("view",)),
    "views.publish": Method(publish, ("user_id", "view")),
}
