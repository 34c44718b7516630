"""The Web API: every call comes through `WebApi.call`, which checks it and hands it to its method."""

import logging
from collections.abc import Sequence

from aiohttp import web

from sandbox.protocol import arguments, chat, conversations, files, reactions, team, unfurls, users, views
from sandbox.protocol.call import Call, Desk, Method, Methods
from sandbox.protocol.contract import CONTRACT
from sandbox.protocol.pace import RateLimitedError
from sandbox.protocol.traffic import Noted, Traffic
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON

METHODS: Methods = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **reactions.METHODS,
    **team.METHODS,
    **unfurls.METHODS,
    **users.METHODS,
    **views.METHODS,
}
# This one only says whether there is somebody: it needs no token and takes whatever is said.
TEST = "api.test"
APP_SCOPES = ("connections:write",)
ERRORS = 400

log = logging.getLogger(__name__)


class WebApi:
    """Answers `/api/<method>`."""

    def __init__(self, desk: Desk, bot_token: str, app_token: str, traffic: Traffic) -> None:
        self._desk = desk
        self._traffic = traffic
        self._bot_token = bot_token
        self._app_token = app_token

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a request of the app's, or let go wrong what is to go wrong."""
        return await self._desk.faults.meet(request.match_info["method"], request, self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        args: JSON = {}
        with self._traffic.noted("call", name, args) as outcome:
            response = await self._answered(request, name, args, outcome)
            if not outcome.error and response.status >= ERRORS:
                outcome.error = str(response.status)
            return response

    async def _answered(self, request: web.Request, name: str, args: JSON, outcome: Noted) -> web.Response:
        warnings: Sequence[str] = ()
        try:
            asked = await arguments.read(request)
            args |= asked.args
            warnings = asked.warnings
            answer = self.call(name, asked.args, asked.token)
        except RateLimitedError as error:
            outcome.error = "ratelimited"
            headers = {"Retry-After": str(error.retry_after)}
            return web.json_response(_no("ratelimited"), status=429, headers=headers)
        except web.HTTPRequestEntityTooLarge:
            return web.json_response(_no("request_too_large"), status=413)
        except web.RequestPayloadError:
            raise
        except RefusedError as error:
            answer = _refusal(error)
        except Exception:
            log.exception("A call of %s failed", name)
            return web.json_response(_no("internal_error"), status=500)
        outcome.answer = answer = _warned(answer, warnings)
        outcome.error = str(answer.get("error", ""))
        return web.json_response(answer, headers=self._scopes(name))

    def call(self, name: str, args: JSON, token: str) -> JSON:
        """Run a method and return its answer; `token` tells who calls.

        Raises:
            RefusedError: the method, or the workspace, says no.
            RateLimitedError: too fast.
        """
        method = METHODS.get(name)
        if method is None:
            raise RefusedError("unknown_method")
        call = Call(self._desk, args, name)
        if name != TEST:
            self._check_token(method, token)
        if self._desk.pace is not None:
            self._desk.pace.count(name)
        if name != TEST:
            if method.scopes:
                call.need(*method.scopes)
            CONTRACT[name].check(args)
        return {"ok": True, **method.run(call)}

    def _check_token(self, method: Method, token: str) -> None:
        if not token:
            raise RefusedError("not_authed")
        if token not in {self._bot_token, self._app_token}:
            raise RefusedError("invalid_auth")
        if token != (self._app_token if method.is_for_app else self._bot_token):
            raise RefusedError("not_allowed_token_type")
        match self._desk.workspace.installation:
            case "revoked" if not method.is_for_app:
                raise RefusedError("token_revoked")
            case "uninstalled" if not method.is_for_app:
                raise RefusedError("account_inactive")

    def _scopes(self, name: str) -> dict[str, str]:
        method = METHODS.get(name)
        if method is None:
            return {}
        provided = APP_SCOPES if method.is_for_app else sorted(self._desk.workspace.app.scopes)
        accepted = APP_SCOPES if method.is_for_app else method.scopes
        return {"X-OAuth-Scopes": ",".join(provided), "X-Accepted-OAuth-Scopes": ",".join(accepted)}


def _no(error: str) -> JSON:
    return {"ok": False, "error": error}


def _refusal(error: RefusedError) -> JSON:
    answer: JSON = {**_no(error.code), **error.facts}
    if error.messages:
        answer["response_metadata"] = {"messages": list(error.messages)}
    if error.code == "invalid_blocks":
        answer["errors"] = [message.removeprefix("[ERROR] ") for message in error.messages]
    return answer


def _warned(answer: JSON, warnings: Sequence[str]) -> JSON:
    """Return an answer with more warnings."""
    if not warnings:
        return answer
    about = answer.get("response_metadata", {})
    known = [*about.get("warnings", ()), *warnings]
    return {**answer, "warning": ",".join(known), "response_metadata": {**about, "warnings": known}}
