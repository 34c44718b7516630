"""Looking whether a message was kept: in channels, threads and direct messages, and when Slack won't say."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import DeliveryState, Rank, Taken
from handlers.chat import lookup
from sandbox import BOT_USER_ID, Sandbox
from tests.handlers.chat.conftest import COMMS, OLE, seed

KEY = "pitch_card:1:comms"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    started = await Sandbox.start(seed(), pace=False)
    yield started
    await started.stop()


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def row(target: str = COMMS, *, tried_at: datetime | None = None, thread_ts: str | None = None) -> Taken:
    return Taken(
        id=1,
        key=KEY,
        kind="pitch_card",
        subject_id=1,
        person_id=None,
        target=target,
        state=DeliveryState.SENDING,
        rank=Rank.NORMAL,
        first_tried_at=tried_at or datetime.now(UTC),
        in_doubt=True,
        tries=2,
        channel_id=None,
        ts=None,
        thread_ts=thread_ts,
        layout=None,
        edit_due_at=None,
    )


async def say(client: AsyncWebClient, found: Taken, text: str = "Da") -> str:
    answer = await client.chat_postMessage(
        channel=found.target, text=text, metadata=lookup.metadata(found), thread_ts=found.thread_ts
    )
    return str(answer["ts"])


async def look(client: AsyncWebClient, found: Taken, **delta: float) -> str | None:
    standing = await lookup.find(client, found, now=datetime.now(UTC) + timedelta(**delta))
    return standing and standing[1]


async def test_a_message_is_found_in_its_channel(client: AsyncWebClient):
    found = row()
    ts = await say(client, found)

    assert await look(client, found) == ts


async def test_a_direct_message_is_found(client: AsyncWebClient):
    found = row(OLE)
    ts = await say(client, found)

    assert await look(client, found) == ts


async def test_an_answer_is_found_in_its_thread(client: AsyncWebClient):
    root = await client.chat_postMessage(channel=COMMS, text="Anfang")
    found = row(thread_ts=root["ts"])
    ts = await say(client, found)

    assert await look(client, found) == ts


async def test_nothing_is_found_in_a_thread_that_is_not_there(client: AsyncWebClient):
    assert await look(client, row(thread_ts="1700000000.000001")) is None


async def test_a_message_with_another_key_is_another_message(client: AsyncWebClient):
    other = row()._replace(key="pitch_card:2:comms")
    await say(client, other)

    assert await look(client, row()) is None


async def test_a_message_is_found_behind_many_pages_of_others(sandbox: Sandbox, client: AsyncWebClient):
    found = row()
    ts = await say(client, found)
    for number in range(7):
        await client.chat_postMessage(channel=COMMS, text=f"Danach {number}")
    sandbox.faults.largest_page = 2

    assert await look(client, found) == ts


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=40)])
async def test_a_clock_that_runs_ahead_of_slacks_hides_no_message(client: AsyncWebClient, ahead: timedelta):
    found = row(tried_at=datetime.now(UTC) + ahead)
    ts = await say(client, found)

    assert await look(client, found, seconds=ahead.total_seconds()) == ts


async def test_a_clock_that_runs_behind_slacks_hides_no_message(client: AsyncWebClient):
    found = row(tried_at=datetime.now(UTC) - timedelta(hours=3))
    ts = await say(client, found)

    assert await look(client, found, hours=-3) == ts


async def test_what_lies_further_back_than_the_history_stays_unknown(client: AsyncWebClient):
    with pytest.raises(lookup.UnknownOutcomeError):
        await look(client, row(), days=91)


async def test_a_look_into_an_archived_channel_still_finds_the_message(
    sandbox: Sandbox, client: AsyncWebClient
):
    found = row()
    ts = await say(client, found)
    sandbox.workspace.archive(COMMS)

    assert await look(client, found) == ts


async def test_a_page_that_is_refused_fails_the_whole_look_up(sandbox: Sandbox, client: AsyncWebClient):
    await say(client, row())
    sandbox.faults.refuse("conversations.history", "internal_error")

    with pytest.raises(SlackApiError):
        await look(client, row())


async def test_a_channel_the_bot_was_taken_out_of_can_not_be_read(sandbox: Sandbox, client: AsyncWebClient):
    sandbox.workspace.leave(COMMS, BOT_USER_ID)

    with pytest.raises(SlackApiError, match="not_in_channel"):
        await look(client, row())
