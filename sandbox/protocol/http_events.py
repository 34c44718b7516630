"""Signed HTTP: payloads posted to the app's request URL, as Slack does without Socket Mode."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.protocol.line import ANSWER_WITHIN, FIRST, Kind, NoAnswerError, Retry
from sandbox.state.clock import Clock
from sandbox.state.records import JSON


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return the value of `X-Slack-Signature` (version v0)."""
    base = f"v0:{timestamp}:{body}"
    return "v0=" + hmac.new(secret.encode(), base.encode(), hashlib.sha256).hexdigest()


class HttpEvents:
    """An app that listens at a request URL."""

    def __init__(self, request_url: str, signing_secret: str, clock: Clock) -> None:
        self._clock = clock
        self._url = request_url
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def connected(self) -> None:
        """Return at once: whether someone is there shows when something is sent."""

    async def ask(self, kind: Kind, payload: JSON, retry: Retry = FIRST) -> Any:
        """Post a payload and return the body of the answer.

        Raises:
            NoAnswerError: nobody listens there, or no 2xx came within three seconds.
        """
        self._session = self._session or aiohttp.ClientSession()
        body, headers = self._request(kind, payload)
        if retry.attempt:
            headers |= {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
        try:
            async with (
                self._clock.timeout(ANSWER_WITHIN),
                self._session.post(self._url, data=body.encode(), headers=headers) as response,
            ):
                text = await response.text()
        except aiohttp.ClientConnectorError:
            raise NoAnswerError(is_connected=False) from None
        except (TimeoutError, aiohttp.ClientError):
            raise NoAnswerError(is_connected=True) from None
        if not response.ok:
            raise NoAnswerError(is_connected=True)
        if not text:
            return None
        return json.loads(text) if response.content_type == "application/json" else {"text": text}

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _request(self, kind: Kind, payload: JSON) -> tuple[str, dict[str, str]]:
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(form), "application/x-www-form-urlencoded"
        timestamp = str(int(time.time()))
        return body, {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
