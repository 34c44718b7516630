"""What goes wrong on request goes wrong as at Slack, and so often as was asked for."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client.waiting import until
from tests.sandbox.conftest import SEED
from tests.sandbox.wire import listening, wired


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    """A client that tries nothing twice."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


async def refused(call: Any) -> Any:
    """Return the answer of a call that was refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def post(client: AsyncWebClient, text: str = "Hallo") -> Any:
    return await client.chat_postMessage(channel="C_ALL", text=text)


def posted(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.workspace.history("C_ALL")]


@pytest.mark.parametrize(("is_done", "kept"), [(False, []), (True, ["Hallo"])])
async def test_a_call_fails_before_or_after_its_work(
    sandbox: Sandbox, client: AsyncWebClient, *, is_done: bool, kept: list[str]
) -> None:
    sandbox.faults.fail("chat.postMessage", 502, is_done=is_done)

    assert (await refused(post(client))).status_code == 502
    assert posted(sandbox) == kept


@pytest.mark.parametrize(("is_done", "kept"), [(False, []), (True, ["Hallo"])])
async def test_a_connection_breaks_before_or_after_the_work(
    sandbox: Sandbox, client: AsyncWebClient, *, is_done: bool, kept: list[str]
) -> None:
    sandbox.faults.drop("chat.postMessage", is_done=is_done)

    with pytest.raises(aiohttp.ClientConnectionError):
        await post(client)
    assert posted(sandbox) == kept


async def test_a_lost_reply_leaves_the_app_waiting_for_work_that_is_done(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.lose_reply("chat.postMessage")
    posting = asyncio.create_task(post(client))
    await sandbox.person("U_ANN").sees("Hallo", channel="C_ALL")

    assert not posting.done()
    sandbox.faults.clear()
    with pytest.raises(aiohttp.ClientConnectionError):
        await posting


async def test_a_slow_call_takes_so_long_by_the_clock(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.slow("chat.postMessage", 3600)
    sandbox.clock.speed = 36_000
    began_at = sandbox.clock.time()
    await post(client)

    assert sandbox.clock.time() - began_at >= 3600
    assert posted(sandbox) == ["Hallo"]


async def test_a_refusal_says_slacks_word(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.refuse("chat.postMessage", "fatal_error")

    assert (await refused(post(client)))["error"] == "fatal_error"


async def test_a_storm_of_429_ends_after_so_many_calls(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.limit(retry_after=7, times=3)
    answers = [await refused(client.auth_test()), *[await refused(post(client)) for _ in range(2)]]

    assert [(one.status_code, one["error"], one.headers["Retry-After"]) for one in answers] == [
        (429, "ratelimited", "7")
    ] * 3
    assert (await post(client))["ok"]


async def test_other_methods_meet_no_fault(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.fail("chat.*")

    assert (await client.auth_test())["ok"]
    assert not sandbox.faults.is_over
    assert (await refused(post(client))).status_code == 503
    assert sandbox.faults.is_over


async def test_faults_come_one_after_the_other(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.fail("chat.postMessage", 500)
    sandbox.faults.refuse("chat.*", "internal_error")

    assert (await refused(post(client))).status_code == 500
    assert (await refused(post(client)))["error"] == "internal_error"


async def test_after_clear_all_goes_well(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.fail("*", times=100)
    sandbox.faults.clear()

    assert (await post(client))["ok"]


async def test_lists_come_in_small_pages_whatever_the_app_asks_for(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.largest_page = 1
    answer = await client.users_list(limit=200)

    assert len(answer["members"]) == 1
    assert answer["response_metadata"]["next_cursor"]


async def test_a_held_call_goes_on_when_the_gate_is_opened(sandbox: Sandbox, client: AsyncWebClient) -> None:
    with sandbox.faults.held("chat.postMessage") as gate:
        posting = asyncio.create_task(post(client))
        await gate.reached()
        assert posted(sandbox) == []
        gate.open()

        assert (await posting)["ok"]


async def test_a_call_can_be_held_when_its_work_is_done(sandbox: Sandbox, client: AsyncWebClient) -> None:
    with sandbox.faults.held("chat.postMessage", is_done=True) as gate:
        posting = asyncio.create_task(post(client))
        await gate.reached()

        assert posted(sandbox) == ["Hallo"]
        assert not posting.done()
    assert (await posting)["ok"]
    assert posted(sandbox) == ["Hallo"]


async def test_a_held_call_that_is_turned_away_does_nothing(sandbox: Sandbox, client: AsyncWebClient) -> None:
    with sandbox.faults.held("chat.postMessage") as gate:
        posting = asyncio.create_task(post(client))
        await gate.reached()
        gate.turn_away()

    assert (await refused(posting)).status_code == 503
    assert posted(sandbox) == []


@pytest.mark.parametrize("fault", ["held", "slow", "lost"])
async def test_a_call_that_waits_keeps_no_sandbox_from_stopping(fault: str) -> None:
    sandbox = await Sandbox.start(SEED, pace=False)
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    with sandbox.faults.held("auth.test" if fault == "held" else "nothing"):
        sandbox.faults.slow("auth.test" if fault == "slow" else "nothing", 10**6)
        sandbox.faults.lose_reply("auth.test" if fault == "lost" else "nothing")
        calling = asyncio.create_task(client.auth_test())
        # The call is there as soon as another one, sent after it, is answered.
        await client.api_test()
        await sandbox.stop()

        await asyncio.wait([calling], timeout=15)
        assert calling.done()
        calling.exception()


async def test_what_is_posted_to_a_response_url_can_fail(sandbox: Sandbox) -> None:
    sandbox.faults.fail("response_url")
    async with wired(sandbox) as wire, aiohttp.ClientSession() as session:
        await sandbox.person("U_ANN").slash("/funk")
        url = (await wire.of_type("slash_commands"))["payload"]["response_url"]

        async with session.post(url, json={"text": "Hallo"}) as answer:
            assert answer.status == 503
        async with session.post(url, json={"text": "Hallo"}) as answer:
            assert answer.status == 200


async def test_an_upload_can_fail(sandbox: Sandbox) -> None:
    sandbox.faults.fail("upload")
    url = f"{sandbox.page_url}upload/v1/unbekannt"
    async with aiohttp.ClientSession() as session, session.post(url, data=b"Hallo") as answer:
        assert answer.status == 503


async def test_an_envelope_comes_twice_over_a_websocket(sandbox: Sandbox) -> None:
    sandbox.faults.duplicate()
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").say("Hallo")
        first = await wire.of_type("events_api")
        second = await wire.frame(lambda frame: frame["type"] == "events_api" and frame is not first)

    assert first["payload"] == second["payload"]
    assert first["envelope_id"] != second["envelope_id"]


async def test_a_request_comes_twice_over_http() -> None:
    async with listening() as ear:
        ear.sandbox.faults.duplicate()
        await ear.sandbox.person("U_ANN").slash("/funk")
        first, second = await ear.times(2)

    assert first.body == second.body


async def test_an_envelope_comes_late_over_a_websocket(sandbox: Sandbox) -> None:
    sandbox.faults.delay(2)
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").say("Eins")
        await sandbox.person("U_ANN").say("Zwei")
        await wire.event("message", text="Zwei")
        sandbox.clock.advance(2)
        await wire.event("message", text="Eins")
        texts = [f["payload"]["event"]["text"] for f in wire.frames if f["type"] == "events_api"]

    assert texts == ["Zwei", "Eins"]


async def test_a_request_that_comes_too_late_is_told_to_the_person_as_a_failure() -> None:
    async with listening() as ear:
        ear.sandbox.faults.delay(10)
        asking = asyncio.create_task(ear.sandbox.person("U_ANN").slash("/funk"))
        await asyncio.sleep(0)
        ear.sandbox.clock.advance(3)
        outcome = await asking
        ear.sandbox.clock.advance(7)
        await ear.times(1)

    assert outcome.failure == "Stadtfunk hat nicht reagiert."


async def test_bolt_does_its_work_twice_when_slack_says_it_twice(
    sandbox: Sandbox, app: AsyncApp, connect: Any
) -> None:
    @app.command("/funk")
    async def answer(ack: AsyncAck, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel="C_ALL", text="Gehört")
        await ack()

    await connect()
    sandbox.faults.duplicate()
    ann = sandbox.person("U_ANN")
    await ann.slash("/funk")

    await until(
        sandbox.workspace, "U_ANN", lambda: posted(sandbox) == ["Gehört", "Gehört"] or None, "two messages"
    )
