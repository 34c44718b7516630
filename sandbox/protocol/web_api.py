"""The Web API: every call comes through `WebApi.call`, which checks it and hands it to its method."""

from aiohttp import web

from sandbox.protocol import chat, conversations, team, users, views
from sandbox.protocol.call import Call, Desk, Method, Methods
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON

METHODS: Methods = {
    **chat.METHODS,
    **conversations.METHODS,
    **team.METHODS,
    **users.METHODS,
    **views.METHODS,
}


class WebApi:
    """Answers `/api/<method>`."""

    def __init__(self, desk: Desk, bot_token: str, app_token: str) -> None:
        self._desk = desk
        self._bot_token = bot_token
        self._app_token = app_token

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a request of the app's, or let go wrong what is to go wrong."""
        fault = self._desk.faults.meant_for(request.match_info["method"])
        if fault is not None:
            return await fault.happen(request, lambda: self._answer(request), self._desk.workspace.clock)
        return await self._answer(request)

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            args = await _arguments(request)
            token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.pop("token", "")
            answer = self.call(request.match_info["method"], args, token)
        except chat.RateLimitedError as error:
            headers = {"Retry-After": str(error.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        except RefusedError as error:
            answer = _refusal(error)
        return web.json_response(answer)

    def call(self, name: str, args: JSON, token: str) -> JSON:
        """Run a method and return its answer; `token` tells who calls.

        Raises:
            RefusedError: the method, or the workspace, says no.
            RateLimitedError: too fast.
        """
        method = METHODS.get(name)
        if method is None:
            raise RefusedError("unknown_method")
        call = Call(self._desk, args)
        if name != "api.test":
            self._check_token(method, token)
            if method.scopes:
                call.need(*method.scopes)
        missing = [field for field in method.required if not args.get(field)]
        if missing:
            messages = [f"[ERROR] missing required field: {field}" for field in missing]
            raise RefusedError("invalid_arguments", *messages)
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


async def _arguments(request: web.Request) -> JSON:
    args: JSON = dict(request.query)
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            try:
                given = await request.json()
            except ValueError:
                raise RefusedError("invalid_json") from None
            if not isinstance(given, dict):
                raise RefusedError("json_not_object")
            args |= given
        else:
            args |= dict(await request.post())
    return args


def _refusal(error: RefusedError) -> JSON:
    answer: JSON = {"ok": False, "error": error.code, **error.facts}
    if error.messages:
        answer["response_metadata"] = {"messages": list(error.messages)}
    if error.code == "invalid_blocks":
        answer["errors"] = [message.removeprefix("[ERROR] ") for message in error.messages]
    return answer
