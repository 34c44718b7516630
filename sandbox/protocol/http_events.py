"""Signed HTTP: payloads posted to the app's request URL, as Slack does without Socket Mode."""

import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

import aiohttp

from sandbox.protocol.arguments import loaded
from sandbox.protocol.line import (
    ANSWER_WITHIN,
    FIRST,
    Kind,
    NoAnswerError,
    Reason,
    Retry,
    takes_answer,
)
from sandbox.state.clock import Clock
from sandbox.state.records import JSON

FORM = "application/x-www-form-urlencoded"
# docs.slack.dev/apis/events-api: a third redirect is one too many. Here aiohttp counts the one it refuses.
REDIRECTS = 3
SUCCESS = range(200, 300)
# More than any view or message may hold.
LARGEST_ANSWER = 1024 * 1024
# The first that fits names the reason; certificates are refused by connections too.
REASONS: tuple[tuple[type[Exception], Reason], ...] = (
    (TimeoutError, "http_timeout"),
    (aiohttp.ClientSSLError, "ssl_error"),
    (aiohttp.TooManyRedirects, "too_many_redirects"),
    (aiohttp.ClientConnectionError, "connection_failed"),
)


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return the value of `X-Slack-Signature` (version v0)."""
    base = f"v0:{timestamp}:{body}"
    return "v0=" + hmac.new(secret.encode(), base.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Reply:
    """What the app answered with a 2xx."""

    content_type: str
    text: str


class HttpEvents:
    """An app that listens at a request URL."""

    def __init__(self, request_url: str, signing_secret: str, token: str, clock: Clock) -> None:
        self._clock = clock
        self._url = request_url
        self._secret = signing_secret
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def connected(self) -> None:
        """Return at once: whether someone is there shows when something is sent."""

    async def verify(self) -> bool:
        """Return whether the app answers a challenge, as Slack asks when a request URL is entered."""
        challenge = secrets.token_urlsafe(32)
        payload = {"token": self._token, "challenge": challenge, "type": "url_verification"}
        try:
            reply = await self._post("events_api", payload, FIRST)
            return bool(_challenge(reply) == challenge)
        except NoAnswerError:
            return False

    async def ask(self, kind: Kind, payload: JSON, retry: Retry = FIRST) -> Any:
        """Post a payload and return the body of the answer; words alone come as `{"text": …}`.

        Raises:
            NoAnswerError: nobody listens there, no 2xx came within three seconds, or an answer Slack can't
                read.
        """
        reply = await self._post(kind, payload, retry)
        if not takes_answer(kind, payload) or not reply.text:
            return None
        if reply.content_type == "application/json":
            return _object(reply.text)
        if kind == "slash_commands" and reply.content_type == "text/plain":
            return {"text": reply.text}
        raise NoAnswerError("unknown_error")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, kind: Kind, payload: JSON, retry: Retry) -> Reply:
        body, headers = self._request(kind, payload)
        if retry.attempt:
            headers |= {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        # What a person waits for is asked of the request URL alone.
        is_redirected = kind == "events_api"
        try:
            async with (
                self._clock.timeout(ANSWER_WITHIN),
                self._client().post(
                    self._url,
                    data=body.encode(),
                    headers=headers,
                    allow_redirects=is_redirected,
                    max_redirects=REDIRECTS,
                ) as response,
            ):
                return await _read(response)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NoAnswerError(_reason(error)) from None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Each request stands alone: no cookies, and no connection that the app may just have closed.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def _request(self, kind: Kind, payload: JSON) -> tuple[str, dict[str, str]]:
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(form), FORM
        # The machine's time, not the workspace's: the app refuses what is older than five minutes.
        timestamp = str(int(time.time()))
        return body, {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }


async def _read(response: aiohttp.ClientResponse) -> Reply:
    if response.status not in SUCCESS:
        may_repeat = response.headers.get("X-Slack-No-Retry") != "1"
        raise NoAnswerError("http_error", may_repeat=may_repeat)
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise NoAnswerError("unknown_error")
    return Reply(response.content_type, body.decode(errors="replace"))


def _reason(error: Exception) -> Reason:
    return next((reason for kind, reason in REASONS if isinstance(error, kind)), "unknown_error")


def _object(text: str) -> JSON:
    try:
        said = loaded(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NoAnswerError("unknown_error")
    return said


def _challenge(reply: Reply) -> Any:
    """Return the challenge in an answer, in any of the three forms Slack reads."""
    match reply.content_type:
        case "application/json":
            return _object(reply.text).get("challenge")
        case "application/x-www-form-urlencoded":
            return parse_qs(reply.text).get("challenge", [None])[0]
        case "text/plain":
            return reply.text
    return None
