"""What a request of the app's says, whatever form it comes in; docs.slack.dev/apis/web-api."""

import json
import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON

# The two that are valid, says the error invalid_charset of every method.
CHARSETS = {"utf-8", "iso-8859-1"}
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
AS_JSON = "application/json"
PLAIN = "text/plain"


@dataclass(frozen=True)
class Asked:
    """A request of the app's.

    Attributes:
        warnings: what Slack would rather have otherwise.
    """

    token: str
    args: JSON
    warnings: tuple[str, ...] = ()


async def read(request: web.Request) -> Asked:
    """Read the token and the arguments; an argument in the body comes before one in the query, null is none.

    Raises:
        RefusedError: `missing_post_type`, `invalid_post_type`, `invalid_charset`, `invalid_form_data`,
            `invalid_json`, `json_not_object`.
    """
    args: JSON = dict(request.query)
    if request.method == "POST":
        args |= await _body(request)
    args = {name: value for name, value in args.items() if value is not None}
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    given = str(args.pop("token", ""))
    token = token.strip() if scheme.lower() == "bearer" else given
    return Asked(token, args, _warnings(request))


def loaded(text: str) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: it is none, is nested too deeply, or holds what nobody can write again: half a character,
            or a number that is none or endless.
    """
    try:
        given: Any = json.loads(text, parse_constant=_number, parse_float=_number)
        if "\\ud" in text.lower():
            json.dumps(given, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError from None
    return given


def _number(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number


async def _body(request: web.Request) -> JSON:
    if "Content-Type" not in request.headers:
        if await request.read():
            raise RefusedError("missing_post_type")
        return {}
    if request.content_type not in {FORM, MULTIPART, AS_JSON, PLAIN}:
        raise RefusedError("invalid_post_type")
    charset = (request.charset or "utf-8").lower()
    if charset not in CHARSETS:
        raise RefusedError("invalid_charset")
    match request.content_type:
        case "multipart/form-data":
            return await _multipart(request)
        case "application/json":
            return _json(await request.read(), charset)
        case "application/x-www-form-urlencoded":
            return _form(await request.read(), charset)
    return {}


def _json(body: bytes, charset: str) -> JSON:
    if not body:
        return {}
    try:
        given = loaded(body.decode(charset))
    except ValueError:
        raise RefusedError("invalid_json") from None
    if not isinstance(given, dict):
        raise RefusedError("json_not_object")
    return given


def _form(body: bytes, charset: str) -> JSON:
    try:
        return dict(
            parse_qsl(body.decode(charset), keep_blank_values=True, encoding=charset, errors="strict")
        )
    except ValueError:
        raise RefusedError("invalid_form_data") from None


async def _multipart(request: web.Request) -> JSON:
    try:
        form = await request.post()
        return {name: _part(value) for name, value in form.items()}
    except (ValueError, AssertionError, web.HTTPBadRequest):
        raise RefusedError("invalid_form_data") from None


def _part(value: str | bytes | bytearray | web.FileField) -> str:
    if isinstance(value, web.FileField):
        with value.file:
            value = value.file.read()
    return value if isinstance(value, str) else value.decode()


def _warnings(request: web.Request) -> tuple[str, ...]:
    if request.method != "POST" or "Content-Type" not in request.headers:
        return ()
    has_charset = request.charset is not None
    if request.content_type in {FORM, MULTIPART}:
        return ("superfluous_charset",) if has_charset else ()
    return () if has_charset else ("missing_charset",)
