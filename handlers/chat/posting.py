"""Posts messages over the shared connections: chat.postMessage without what a client does for all methods."""

import json
from collections.abc import Sequence
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final, NoReturn

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlmodel import Session
from yarl import URL

from bot.delivery import Taken
from handlers.chat.blocks.kit import Message
from handlers.chat.messages import Moment, render_all

METHOD: Final = "chat.postMessage"
JSON_TYPE: Final = "application/json;charset=utf-8"


class Letter:
    """A message that may go to many: what is the same for all of them is made once."""

    def __init__(self, message: Message) -> None:
        self.message = message

    @cached_property
    def fields(self) -> str:
        """The message's own arguments of chat.postMessage as JSON, without the outer braces."""
        return json.dumps(self.message.as_slack())[1:-1]

    @cached_property
    def without_pictures(self) -> "Letter | None":
        """The same without its pictures; None when it has none."""
        return as_letter(self.message.without_pictures())


def as_letter(message: Message | None) -> Letter | None:
    """Return a message ready to post, if there is one."""
    return Letter(message) if message is not None else None


def letters(session: Session, deliveries: Sequence[Taken], moment: Moment) -> list[Letter | Exception | None]:
    """Render several messages, each for itself; those that say the same to many are rendered once.

    A message is made of its kind, its subject, its reader and its layout, and says something else once it was
    sent.
    """
    alike = [(row.kind, row.subject_id, row.person_id, row.state, row.layout) for row in deliveries]
    firsts = dict(zip(alike, deliveries, strict=True))
    rendered = render_all(session, list(firsts.values()), moment)
    made = {
        key: one if isinstance(one, Exception) else as_letter(one)
        for key, one in zip(firsts, rendered, strict=True)
    }
    return [made[key] for key in alike]


class Posting:
    """Calls chat.postMessage as slack_sdk's client does, over that client's session and with its token."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._url = URL(f"{client.base_url}{METHOD}")
        self._headers = {"Authorization": f"Bearer {client.token}", "Content-Type": JSON_TYPE}
        self._way: dict[str, Any] = {"timeout": aiohttp.ClientTimeout(total=client.timeout)}
        if client.proxy:
            self._way["proxy"] = client.proxy
        if client.ssl is not None:
            self._way["ssl"] = client.ssl

    async def post(self, letter: Letter, **address: Any) -> tuple[str, str]:
        """Post a message and return the channel and the ts that it got.

        Args:
            letter: the message.
            address: the other arguments of chat.postMessage, such as `channel`; None is left out.

        Raises:
            SlackApiError: Slack says no, in the words and with the status of its answer.
            aiohttp.ClientError: whether the message was kept is not known.
            TimeoutError: the same.
        """
        told = json.dumps({name: value for name, value in address.items() if value is not None})
        body = f"{told[:-1]}, {letter.fields}}}"
        session = self._client.session
        if session is None:
            async with aiohttp.ClientSession() as session:
                answer, said = await self._call(session, body)
        else:
            answer, said = await self._call(session, body)
        if answer.status != HTTPStatus.OK or not said.get("ok"):
            self._refuse(answer, said)
        return str(said["channel"]), str(said["ts"])

    async def _call(
        self, session: aiohttp.ClientSession, body: str
    ) -> tuple[aiohttp.ClientResponse, dict[str, Any]]:
        async with session.post(self._url, data=body.encode(), headers=self._headers, **self._way) as answer:
            return answer, _parsed(await answer.read())

    def _refuse(self, answer: aiohttp.ClientResponse, said: dict[str, Any]) -> NoReturn:
        """Raise what slack_sdk raises; an answer that is not Slack's says nothing about the message."""
        status = answer.status
        if "error" not in said:
            said = {**said, "error": "no_json"}
            status = status if status >= HTTPStatus.BAD_REQUEST else HTTPStatus.BAD_GATEWAY
        response = AsyncSlackResponse(
            client=self._client,
            http_verb="POST",
            api_url=str(self._url),
            req_args={},
            data=said,
            headers={name.title(): value for name, value in answer.headers.items()},
            status_code=status,
        )
        raise SlackApiError(f"{METHOD}: {said['error']}", response)  # type: ignore[no-untyped-call]


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
