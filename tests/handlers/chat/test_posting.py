"""What an answer to chat.postMessage means, whatever stands between us and Slack."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.chat.blocks.kit import Message
from handlers.chat.posting import Letter, Posting
from handlers.chat.refusals import patience_of, reason_of


@dataclass
class Slack:
    """A server in Slack's place that says what it is told to."""

    posting: Posting
    answer: web.Response = field(default_factory=web.Response)
    asked: dict[str, object] = field(default_factory=dict)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async def post(request: web.Request) -> web.Response:
        found.asked = await request.json()
        return found.answer

    app = web.Application()
    app.router.add_post("/api/chat.postMessage", post)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    async with aiohttp.ClientSession() as session:
        found = Slack(Posting(AsyncWebClient("xoxb-test", base_url=address, session=session)))
        yield found
    await runner.cleanup()


async def refused(slack: Slack) -> SlackApiError:
    with pytest.raises(SlackApiError) as refusal:
        await slack.posting.post(Letter(Message("Hallo")), channel="C0NEWS")
    return refusal.value


async def test_a_message_is_where_slack_says(slack: Slack):
    slack.answer = web.json_response({"ok": True, "channel": "D0OLE", "ts": "1.5"})

    assert await slack.posting.post(Letter(Message("Hallo")), channel="U0OLE") == ("D0OLE", "1.5")


async def test_a_message_goes_out_with_its_words_and_without_what_it_has_not(slack: Slack):
    slack.answer = web.json_response({"ok": True, "channel": "D0OLE", "ts": "1.5"})

    await slack.posting.post(Letter(Message("Grüß “dich”")), channel="U0OLE", thread_ts=None)

    assert slack.asked["text"] == "Grüß “dich”"
    assert "thread_ts" not in slack.asked


async def test_slacks_own_word_is_the_reason(slack: Slack):
    slack.answer = web.json_response({"ok": False, "error": "is_archived"})

    assert reason_of(await refused(slack)) == ("is_archived", 200)


async def test_how_long_slack_wants_to_be_left_alone_is_heard_in_any_spelling(slack: Slack):
    slack.answer = web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"retry-after": "30"}
    )

    assert patience_of(await refused(slack)).total_seconds() == 30


async def test_a_page_of_someone_in_between_leaves_open_whether_the_message_was_kept(slack: Slack):
    slack.answer = web.Response(text="<html>Please log in</html>", content_type="text/html")

    assert reason_of(await refused(slack)) == ("no_json", 502)


async def test_too_many_calls_are_too_many_also_without_slacks_words(slack: Slack):
    slack.answer = web.Response(text="slow down", status=429)

    assert reason_of(await refused(slack)) == ("no_json", 429)
