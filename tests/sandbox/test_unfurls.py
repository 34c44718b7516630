"""Links of the app's domains: it hears of them and hangs previews below the messages."""

import json
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Sandbox, Seed
from sandbox.state.records import Message
from tests.sandbox.calls import running
from tests.sandbox.likeness import assert_like
from tests.sandbox.subscribed import SCOPES, seed
from tests.sandbox.wire import wired

JSON = dict[str, Any]
URL = "https://www.stadt.example/rad?a=1&b=2"
BUTTON = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Los"}, "value": "1"}
PREVIEW = {"blocks": [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]}


@pytest.fixture
def sandbox_seed() -> Seed:
    return seed()


def posted(sandbox: Sandbox, text: str = f"Schaut: {URL}.", channel_id: str = "C_ALL") -> Message:
    return sandbox.workspace.post("U_ANN", channel_id, text)


async def test_the_app_hears_of_links_of_its_domains(sandbox: Sandbox) -> None:
    root = sandbox.workspace.post("U_BEN", "C_ALL", "Wo?")
    text = f"{URL} https://stadt.example https://stadt.example.org https://nichtstadt.example"
    async with wired(sandbox) as wire:
        said = sandbox.workspace.post("U_ANN", "C_ALL", text, root.ts)
        heard = await wire.event("link_shared")

    assert_like("event_link_shared", heard)
    assert heard["event"]["links"] == [
        {"domain": "stadt.example", "url": URL},
        {"domain": "stadt.example", "url": "https://stadt.example"},
    ]
    assert (
        heard["event"].items()
        >= {
            "user": "U_ANN",
            "channel": "C_ALL",
            "message_ts": said.ts,
            "thread_ts": root.ts,
            "source": "conversations_history",
            "is_bot_user_member": True,
        }.items()
    )


async def test_the_app_hears_nothing_of_its_own_links(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async with wired(sandbox) as wire:
        await client.chat_postMessage(channel="C_ALL", text=URL)
        posted(sandbox)
        heard = await wire.event("link_shared")

    assert heard["event"]["user"] == "U_ANN"


async def test_the_app_hears_of_links_in_public_channels_it_is_not_in(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        posted(sandbox, channel_id="C_ELSE")
        heard = await wire.event("link_shared")

    assert (heard["event"]["channel"], heard["event"]["is_bot_user_member"]) == ("C_ELSE", False)


async def test_a_link_written_as_code_is_none(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        posted(sandbox, f"`{URL}`")
        posted(sandbox, "https://stadt.example/echt")
        heard = await wire.event("link_shared")

    assert heard["event"]["links"][0]["url"] == "https://stadt.example/echt"


@pytest.mark.parametrize("form", [lambda unfurls: unfurls, json.dumps])
async def test_a_preview_hangs_below_the_message(sandbox: Sandbox, client: AsyncWebClient, form: Any) -> None:
    message = posted(sandbox)
    async with wired(sandbox) as wire:
        await client.api_call(
            "chat.unfurl", json={"channel": "C_ALL", "ts": message.ts, "unfurls": form({URL: PREVIEW})}
        )
        changed = await wire.event("message", subtype="message_changed")

    (attachment,) = changed["event"]["message"]["attachments"]
    assert (
        attachment.items()
        >= {
            "id": 1,
            "from_url": URL,
            "app_unfurl_url": URL,
            "is_app_unfurl": True,
            "bot_id": sandbox.bot_id,
            "app_id": sandbox.app_id,
            "fallback": "[no preview available]",
        }.items()
    )
    assert attachment["blocks"][0]["elements"][0]["text"]["text"] == "Los"
    assert "edited" not in changed["event"]["message"]


async def test_the_id_of_the_event_names_the_message(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async with wired(sandbox) as wire:
        message = posted(sandbox)
        heard = await wire.event("link_shared")

    await client.chat_unfurl(
        unfurl_id=heard["event"]["unfurl_id"], source=heard["event"]["source"], unfurls={URL: PREVIEW}
    )

    unfurled = sandbox.workspace.find("C_ALL", message.ts)
    assert unfurled
    assert [one["from_url"] for one in unfurled.attachments] == [URL]


async def test_a_second_preview_takes_the_place_of_the_first(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    other = "https://stadt.example/bus"
    message = posted(sandbox, f"{URL} {other}")
    for unfurls in ({URL: {"text": "eins"}}, {other: {"text": "zwei"}}, {URL: {"text": "drei"}}):
        await client.chat_unfurl(channel="C_ALL", ts=message.ts, unfurls=unfurls)

    unfurled = sandbox.workspace.find("C_ALL", message.ts)
    assert unfurled
    assert [(one["id"], one["text"]) for one in unfurled.attachments] == [(1, "drei"), (2, "zwei")]


async def test_a_preview_goes_with_its_link(sandbox: Sandbox, client: AsyncWebClient) -> None:
    message = posted(sandbox)
    await client.chat_unfurl(channel="C_ALL", ts=message.ts, unfurls={URL: PREVIEW})

    changed = sandbox.workspace.edit("U_ANN", "C_ALL", message.ts, "Doch nicht")

    assert changed.attachments == []


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": None}, "missing_channel"),
        ({"ts": None}, "missing_ts"),
        ({"unfurls": None}, "missing_unfurls"),
        ({"unfurls": "{"}, "invalid_unfurls_format"),
        ({"unfurls": "[]"}, "invalid_unfurls_format"),
        ({"unfurls": {URL: "Text"}}, "invalid_unfurls_format"),
        ({"unfurls": {"https://stadt.example/anders": PREVIEW}}, "cannot_unfurl_url"),
        ({"unfurls": {URL: {"blocks": [{"type": "nonsense"}]}}}, "cannot_parse_attachment"),
        ({"channel": "C_NOWHERE"}, "cannot_find_channel"),
        ({"ts": "1.000001"}, "cannot_find_message"),
        ({"unfurl_id": "x"}, "missing_source"),
        ({"source": "composer"}, "missing_unfurl_id"),
        ({"unfurl_id": "x", "source": "elsewhere"}, "invalid_source"),
        ({"unfurl_id": "C_ALL.1.000001.00", "source": "composer"}, "invalid_unfurl_id"),
        ({"metadata": "{", "unfurls": None}, "invalid_metadata_format"),
    ],
)
async def test_a_preview_is_refused_in_slacks_words(
    sandbox: Sandbox, client: AsyncWebClient, args: JSON, error: str
) -> None:
    given = {"channel": "C_ALL", "ts": posted(sandbox).ts, "unfurls": {URL: PREVIEW}, **args}

    with pytest.raises(SlackApiError) as refusal:
        await client.api_call("chat.unfurl", json={key: value for key, value in given.items() if value})

    assert refusal.value.response["error"] == error


async def test_the_app_cannot_unfurl_its_own_message(client: AsyncWebClient) -> None:
    own = await client.chat_postMessage(channel="C_ALL", text=URL)

    with pytest.raises(SlackApiError, match="cannot_unfurl_message"):
        await client.chat_unfurl(channel="C_ALL", ts=own["ts"], unfurls={URL: PREVIEW})


async def test_who_has_to_sign_in_is_told_alone(sandbox: Sandbox, client: AsyncWebClient) -> None:
    message = posted(sandbox)

    await client.api_call(
        "chat.unfurl", json={"channel": "C_ALL", "ts": message.ts, "user_auth_message": "Bitte anmelden"}
    )

    prompt = sandbox.workspace.history("C_ALL")[-1]
    assert (prompt.author_id, prompt.reader_id, prompt.text) == (BOT_USER_ID, "U_ANN", "Bitte anmelden")


async def test_a_click_below_a_link_tells_what_was_attached_and_not_who_said_what(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    message = posted(sandbox)
    await client.chat_unfurl(channel="C_ALL", ts=message.ts, unfurls={URL: PREVIEW})
    async with wired(sandbox) as wire:
        await sandbox.interactions.click("U_BEN", message, "b", "a")

        payload = await wire.payload("block_actions")
    assert_like("block_actions_button_unfurl_attachment", payload)
    assert "message" not in payload


async def test_previews_need_their_scope() -> None:
    async with running(seed(tuple(s for s in SCOPES if s != "links:write"))) as (sandbox, client):
        message = posted(sandbox)
        with pytest.raises(SlackApiError, match="missing_scope"):
            await client.chat_unfurl(channel="C_ALL", ts=message.ts, unfurls={URL: PREVIEW})
