"""What an app answers to a form that was sent."""

from typing import Any

from sandbox.protocol.outcome import Outcome
from sandbox.protocol.views import checked
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, View
from sandbox.state.workspace import Workspace


def follow(workspace: Workspace, sent: View, answer: Any) -> Outcome:
    """Do what the app answers: close the form, refuse it, change it, or put another on top.

    Args:
        workspace: where the form was sent.
        sent: the form as it was sent; the app may have changed it since.
        answer: the body of the acknowledgement.

    Raises:
        RefusedError: Slack does not understand the answer; the form stays as it is.
    """
    if answer is None:
        answer = {}
    if not isinstance(answer, dict):
        raise RefusedError("invalid_response", "no object")
    views = workspace.views
    view = next((one for one in views.modals(sent.person_id) if one.id == sent.id), None)
    if view is None:
        # Closed while the app was thinking: nothing is left to change.
        return Outcome(is_closed=True)
    match answer.get("response_action", None if not answer else ""):
        case "errors":
            return Outcome(errors=_placed(view, answer.get("errors")))
        case "update":
            return Outcome(view=views.update(view, _view(workspace, answer)))
        case "push":
            return Outcome(view=views.push(view.person_id, _view(workspace, answer)))
        case "clear":
            views.close(view, is_all=True)
        case None:
            views.close(view)
        case other:
            raise RefusedError("invalid_response_action", f"unknown: {other!r}")
    return Outcome(is_closed=True)


def _view(workspace: Workspace, answer: JSON) -> JSON:
    if "view" not in answer:
        raise RefusedError("invalid_arguments", "[ERROR] missing required field: view")
    return checked(workspace, answer["view"], "modal")


def _placed(view: View, errors: Any) -> dict[str, str]:
    """Return the errors, if each is a sentence at an input of the form: others Slack can't show."""
    if not isinstance(errors, dict) or not all(isinstance(words, str) for words in errors.values()):
        raise RefusedError("invalid_response_action", "errors must be sentences by block_id")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    strays = [block_id for block_id in errors if block_id not in inputs]
    if strays or not errors:
        raise RefusedError("invalid_response_action", f"no input block: {', '.join(strays)}")
    return dict(errors)
