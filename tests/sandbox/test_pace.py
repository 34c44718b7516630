"""The Web API is called at Slack's pace; docs.slack.dev/apis/web-api/rate-limits."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Channel, Sandbox
from tests.sandbox.calls import refusal, running
from tests.sandbox.conftest import SEED


@pytest.fixture
async def paced() -> AsyncIterator[tuple[Sandbox, AsyncWebClient]]:
    old = Channel("C_OLD", "alt", members=("U_ANN", BOT_USER_ID), is_archived=True)
    async with running(replace(SEED, channels=(*SEED.channels, old)), pace=True) as both:
        # Nearly no time passes but what a test lets pass.
        both[0].clock.speed = 1e-6
        yield both


async def held_back(client: AsyncWebClient, method: str, **args: str) -> int:
    """Return the seconds that a call has to wait."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, params=args)
    answer = caught.value.response
    assert (answer.status_code, answer.data) == (429, {"ok": False, "error": "ratelimited"})
    return int(answer.headers["Retry-After"])


async def calls(client: AsyncWebClient, method: str, **args: str) -> int:
    """Return how many calls are answered before one is held back."""
    for number in range(1000):
        try:
            await client.api_call(method, params=args)
        except SlackApiError as error:
            if error.response.status_code == 429:
                return number
            raise
    raise AssertionError


async def test_a_second_message_in_a_channel_waits_a_second(paced: tuple[Sandbox, AsyncWebClient]) -> None:
    sandbox, client = paced
    await client.chat_postMessage(channel="C_ALL", text="Eins")

    assert await held_back(client, "chat.postMessage", channel="C_ALL", text="Zwei") == 1
    await client.chat_postMessage(channel="C_TEAM", text="Anderswo geht es")
    sandbox.clock.advance(1)
    await client.chat_postMessage(channel="C_ALL", text="Zwei")


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C_ALL", "text": ""}, "no_text"),
        ({"channel": "C_ELSE", "text": "Hallo"}, "not_in_channel"),
        ({"channel": "C_OLD", "text": "Hallo"}, "is_archived"),
        ({"channel": "C_ALL", "text": "Hallo", "thread_ts": "1.000000"}, "cannot_reply_to_message"),
    ],
)
async def test_a_message_that_is_refused_takes_nobodys_turn(
    paced: tuple[Sandbox, AsyncWebClient], args: dict[str, str], error: str
) -> None:
    _, client = paced

    answers = [await refusal(client, "chat.postMessage", args) for _ in range(2)]
    assert answers == [error, error]


@pytest.mark.parametrize(
    ("method", "args", "per_minute"),
    [
        ("users.list", {}, 20),
        ("conversations.info", {"channel": "C_ALL"}, 50),
        ("users.info", {"user": "U_ANN"}, 100),
        ("auth.test", {}, 300),
    ],
)
async def test_a_method_may_be_called_as_often_a_minute_as_its_tier_says(
    paced: tuple[Sandbox, AsyncWebClient], method: str, args: dict[str, str], per_minute: int
) -> None:
    _, client = paced

    assert await calls(client, method, **args) == per_minute


async def test_one_method_does_not_wait_for_another(paced: tuple[Sandbox, AsyncWebClient]) -> None:
    _, client = paced
    await calls(client, "users.list")

    assert (await client.users_info(user="U_ANN"))["ok"]


async def test_who_waits_as_long_as_told_is_answered(paced: tuple[Sandbox, AsyncWebClient]) -> None:
    sandbox, client = paced
    await calls(client, "users.list")
    seconds = await held_back(client, "users.list")

    sandbox.clock.advance(seconds)

    assert seconds == 3
    assert (await client.users_list())["ok"]


async def test_an_app_may_open_some_websockets_one_after_the_other(
    paced: tuple[Sandbox, AsyncWebClient],
) -> None:
    sandbox, _ = paced
    as_app = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url)

    assert await calls(as_app, "apps.connections.open") == 10
    assert await held_back(as_app, "apps.connections.open") == 60


async def test_without_pace_an_app_may_go_as_fast_as_it_likes(client: AsyncWebClient) -> None:
    for number in range(25):
        await client.chat_postMessage(channel="C_ALL", text=str(number))
        await client.users_list()
