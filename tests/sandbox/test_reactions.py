"""Emoji below messages: people and the bot put them there and take them away."""

from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Sandbox, Seed
from sandbox.state.errors import RefusedError
from sandbox.state.workspace import Workspace
from tests.sandbox.calls import running
from tests.sandbox.likeness import assert_like
from tests.sandbox.subscribed import SCOPES, seed
from tests.sandbox.wire import wired


@pytest.fixture
def sandbox_seed() -> Seed:
    return seed()


async def test_a_reaction_is_shown_with_its_message(sandbox: Sandbox, client: AsyncWebClient) -> None:
    message = sandbox.workspace.post("U_ANN", "C_ALL", "Hallo")
    sandbox.workspace.react("U_BEN", "C_ALL", message.ts, "tada")
    await client.reactions_add(channel="C_ALL", timestamp=message.ts, name="tada")
    await client.reactions_add(channel="C_ALL", timestamp=message.ts, name="wave::skin-tone-3")

    answer = await client.reactions_get(channel="C_ALL", timestamp=message.ts)

    assert answer["type"] == "message"
    assert answer["message"]["reactions"] == [
        {"name": "tada", "users": ["U_BEN", BOT_USER_ID], "count": 2},
        {"name": "wave::skin-tone-3", "users": [BOT_USER_ID], "count": 1},
    ]
    assert answer["message"]["permalink"].startswith(sandbox.page_url)
    history = await client.conversations_history(channel="C_ALL")
    assert history["messages"][0]["reactions"] == answer["message"]["reactions"]


async def test_the_last_one_takes_the_reaction_with_them(sandbox: Sandbox, client: AsyncWebClient) -> None:
    message = sandbox.workspace.post("U_ANN", "C_ALL", "Hallo")
    await client.reactions_add(channel="C_ALL", timestamp=message.ts, name="tada")

    await client.reactions_remove(channel="C_ALL", timestamp=message.ts, name="tada")

    answer = await client.reactions_get(channel="C_ALL", timestamp=message.ts)
    assert "reactions" not in answer["message"]


async def test_a_thumb_has_one_name(sandbox: Sandbox, client: AsyncWebClient) -> None:
    message = sandbox.workspace.post("U_ANN", "C_ALL", "Hallo")
    sandbox.workspace.react("U_ANN", "C_ALL", message.ts, "thumbsup")

    await client.reactions_add(channel="C_ALL", timestamp=message.ts, name="+1")

    answer = await client.reactions_get(channel="C_ALL", timestamp=message.ts)
    assert [(one["name"], one["count"]) for one in answer["message"]["reactions"]] == [("+1", 2)]


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("reactions.add", {"name": "Tada"}, "invalid_name"),
        ("reactions.add", {"name": ":tada:"}, "invalid_name"),
        ("reactions.add", {"name": "wave::skin-tone-9"}, "invalid_name"),
        ("reactions.add", {"name": "eyes"}, "already_reacted"),
        ("reactions.add", {"name": "tada", "timestamp": "gestern"}, "bad_timestamp"),
        ("reactions.add", {"name": "tada", "timestamp": "1.000001"}, "message_not_found"),
        ("reactions.add", {"name": "tada", "channel": "C_NOWHERE"}, "channel_not_found"),
        ("reactions.add", {"name": "tada", "channel": "C_SECRET"}, "channel_not_found"),
        ("reactions.add", {"name": "tada", "channel": "C_ELSE"}, "not_in_channel"),
        ("reactions.remove", {"name": "tada"}, "no_reaction"),
        ("reactions.remove", {"name": "eyes", "channel": None}, "no_item_specified"),
        ("reactions.remove", {"name": "eyes", "file": "F_NONE"}, "file_not_found"),
        ("reactions.get", {"timestamp": None}, "no_item_specified"),
        ("reactions.get", {"file_comment": "Fc1"}, "file_comment_not_found"),
    ],
)
async def test_a_reaction_is_refused_in_slacks_words(
    sandbox: Sandbox, client: AsyncWebClient, method: str, args: dict[str, str | None], error: str
) -> None:
    message = sandbox.workspace.post("U_ANN", "C_ALL", "Hallo")
    sandbox.workspace.react(BOT_USER_ID, "C_ALL", message.ts, "eyes")
    given = {"channel": "C_ALL", "timestamp": message.ts, **args}

    with pytest.raises(SlackApiError) as refusal:
        await client.api_call(method, json={key: value for key, value in given.items() if value})

    assert refusal.value.response["error"] == error


def test_a_message_carries_no_more_than_23_emoji() -> None:
    workspace = Workspace(seed())
    message = workspace.post("U_ANN", "C_ALL", "Hallo")
    for number in range(12):
        workspace.react("U_ANN", "C_ALL", message.ts, f"ann_{number}")
    for number in range(11):
        workspace.react("U_BEN", "C_ALL", message.ts, f"ben_{number}")

    with pytest.raises(RefusedError, match="too_many_emoji"):
        workspace.react("U_BEN", "C_ALL", message.ts, "one_more")
    workspace.react("U_BEN", "C_ALL", message.ts, "ann_1")
    workspace.close()


def test_a_person_puts_no_more_than_23_emoji_below_a_message() -> None:
    workspace = Workspace(seed())
    message = workspace.post("U_ANN", "C_ALL", "Hallo")
    for number in range(23):
        workspace.react("U_ANN", "C_ALL", message.ts, f"ann_{number}")

    with pytest.raises(RefusedError, match="too_many_reactions"):
        workspace.react("U_ANN", "C_ALL", message.ts, "one_more")
    workspace.close()


def test_nobody_reacts_where_they_are_not() -> None:
    workspace = Workspace(seed())
    message = workspace.post("U_ANN", "C_ALL", "Hallo")

    with pytest.raises(RefusedError, match="not_in_channel"):
        workspace.react("U_CEM", "C_ALL", message.ts, "tada")
    workspace.close()


def test_a_restart_keeps_reactions(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    workspace = Workspace(seed(), path)
    message = workspace.post("U_ANN", "C_ALL", "Hallo")
    workspace.react("U_BEN", "C_ALL", message.ts, "tada")
    workspace.close()

    workspace = Workspace(seed(), path)
    kept = workspace.find("C_ALL", message.ts)
    workspace.close()

    assert kept
    assert kept.reactions == [{"name": "tada", "users": ["U_BEN"], "count": 1}]


async def test_a_change_of_words_keeps_the_reactions(sandbox: Sandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C_ALL", text="Hallo")
    sandbox.workspace.react("U_ANN", "C_ALL", posted["ts"], "tada")

    changed = await client.chat_update(channel="C_ALL", ts=posted["ts"], text="Hallo!")

    assert changed["message"]["reactions"] == [{"name": "tada", "users": ["U_ANN"], "count": 1}]


async def test_the_app_hears_of_reactions(sandbox: Sandbox) -> None:
    message = sandbox.workspace.post("U_ANN", "C_ALL", "Hallo")
    async with wired(sandbox) as wire:
        sandbox.workspace.react("U_BEN", "C_ALL", message.ts, "thumbsup")
        sandbox.workspace.unreact("U_BEN", "C_ALL", message.ts, "thumbsup")

        added = await wire.event("reaction_added")
        removed = await wire.event("reaction_removed")
    assert_like("event_reaction_added", added)
    assert (
        added["event"].items()
        >= {
            "user": "U_BEN",
            "reaction": "+1",
            "item": {"type": "message", "channel": "C_ALL", "ts": message.ts},
            "item_user": "U_ANN",
        }.items()
    )
    assert removed["event"]["type"] == "reaction_removed"


async def test_without_their_scope_the_app_hears_of_no_reactions() -> None:
    async with running(seed(tuple(s for s in SCOPES if s != "reactions:read"))) as (sandbox, _):
        message = sandbox.workspace.post("U_ANN", "C_ALL", "Hallo")
        async with wired(sandbox) as wire:
            sandbox.workspace.react("U_BEN", "C_ALL", message.ts, "tada")
            sandbox.workspace.post("U_BEN", "C_ALL", "Danach")
            await wire.event("message", text="Danach")

            heard = [frame["payload"]["event"]["type"] for frame in wire.frames if "payload" in frame]
    assert "reaction_added" not in heard
