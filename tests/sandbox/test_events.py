"""All that happens in the workspace is told to the app as Slack tells it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Member, Sandbox, Seed
from sandbox.state.errors import RefusedError
from sandbox.state.workspace import Workspace
from tests.sandbox.calls import running
from tests.sandbox.likeness import assert_like
from tests.sandbox.subscribed import SCOPES, seed
from tests.sandbox.wire import wired


@pytest.fixture
def sandbox_seed() -> Seed:
    return seed()


async def test_newcomers_and_changes_of_people_are_told(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        sandbox.workspace.add(Member("U_DOG", "dog", "Dora Neu"))
        joined = await wire.event("team_join")
        sandbox.workspace.change_member(Member("U_DOG", "dog", "Dora Alt"))
        changed = await wire.event("user_change")

    assert_like("event_team_join", joined)
    assert_like("event_user_change", changed)
    assert changed["event"]["user"]["real_name"] == "Dora Alt"


async def test_a_deactivated_person_is_told_as_deleted(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        sandbox.workspace.deactivate("U_BEN")
        gone = await wire.event("user_change")

    assert_like("event_user_change_deactivated", gone)
    assert gone["event"]["user"]["deleted"]


async def test_revoked_tokens_are_told_and_nothing_after_them(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        sandbox.workspace.revoke_tokens()
        sandbox.workspace.post("U_ANN", "C_ALL", "Danach")
        sandbox.workspace.install()
        sandbox.workspace.post("U_ANN", "C_ALL", "Wieder da")
        revoked = await wire.event("tokens_revoked")
        await wire.event("message", text="Wieder da")

        heard = [frame["payload"]["event"].get("text") for frame in wire.frames if "payload" in frame]
    assert_like("event_tokens_revoked", revoked)
    assert_like("event_tokens_revoked_bot_only", revoked)
    assert revoked["event"]["tokens"] == {"oauth": [], "bot": [BOT_USER_ID]}
    assert heard == [None, "Wieder da"]


async def test_the_removal_of_the_app_is_told_where_it_takes_requests() -> None:
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        told.put_nowait(await request.json())
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    async with TestServer(app) as server:
        running = await Sandbox.start(seed(), pace=False, request_url=str(server.make_url("/")))
        running.workspace.uninstall()
        async with asyncio.timeout(15):
            assert_like("event_app_uninstalled", await told.get())
        await running.stop()


async def test_channels_begin_change_their_name_and_end(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        channel = sandbox.workspace.create_channel("U_ANN", "rad")
        created = await wire.event("channel_created")
        sandbox.workspace.rename_channel(channel.id, "radverkehr")
        renamed = await wire.event("channel_rename")
        sandbox.workspace.archive(channel.id)
        archived = await wire.event("channel_archive")
        # A second time nothing happens.
        sandbox.workspace.archive(channel.id)
        sandbox.workspace.archive("C_TEAM")
        closed = await wire.event("group_archive")

    assert created["event"]["channel"].items() >= {"name": "rad", "creator": "U_ANN"}.items()
    assert renamed["event"]["channel"].items() >= {"id": channel.id, "name": "radverkehr"}.items()
    assert archived["event"].items() >= {"channel": channel.id, "user": "U_ANN"}.items()
    assert closed["event"]["channel"] == "C_TEAM"
    kinds = [frame["payload"]["event"]["type"] for frame in wire.frames if frame["type"] == "events_api"]
    assert kinds.count("channel_archive") == 1


def test_a_channel_has_a_name_of_its_own() -> None:
    workspace = Workspace(seed())

    with pytest.raises(RefusedError, match="name_taken"):
        workspace.create_channel("U_ANN", "alle")
    workspace.close()


async def test_coming_and_going_are_told_and_stay_in_the_history(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    async with wired(sandbox) as wire:
        sandbox.workspace.join("C_ALL", "U_CEM")
        came = await wire.event("message", subtype="channel_join")
        sandbox.workspace.leave("C_ALL", "U_CEM")
        left = await wire.event("member_left_channel")
        went = await wire.event("message", subtype="channel_leave")

    assert_like("event_message_channel_join", came)
    assert_like("event_member_left_channel", left)
    assert went["event"]["user"] == "U_CEM"
    history = await client.conversations_history(channel="C_ALL")
    texts = [message["text"] for message in history["messages"]]
    assert texts == ["<@U_CEM> has left the channel", "<@U_CEM> has joined the channel"]


def test_who_was_there_from_the_beginning_never_came() -> None:
    workspace = Workspace(seed())
    workspace.join("C_ALL", "U_ANN")

    assert workspace.history("C_ALL") == []
    workspace.close()


def test_coming_and_going_leave_nothing_to_read() -> None:
    workspace = Workspace(seed())
    workspace.join("C_ALL", "U_CEM")

    assert workspace.unread("U_ANN") == {}
    workspace.close()


async def test_messages_are_told_by_the_kind_of_their_conversation(sandbox: Sandbox) -> None:
    direct = sandbox.workspace.open_dm("U_ANN", BOT_USER_ID)
    async with wired(sandbox) as wire:
        sandbox.workspace.post("U_ANN", "C_GROUP", "Zu dritt")
        sandbox.workspace.post("U_ANN", "C_TEAM", "Unter uns")
        sandbox.workspace.post("U_ANN", direct, "Nur du")

        assert_like("event_message_mpim", await wire.event("message", channel_type="mpim"))
        assert_like("event_message_group", await wire.event("message", channel_type="group"))
        private = await wire.event("message", channel_type="im")
        assert_like("event_message_im", private)
        assert_like("event_message_im_plain", private)


async def test_a_mention_is_told(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        sandbox.workspace.post("U_ANN", "C_ALL", "Hallo @stadtfunk")

        assert_like("event_app_mention", await wire.event("app_mention"))


async def test_a_reply_shown_in_the_channel_brings_its_beginning_along(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    root = sandbox.workspace.post("U_ANN", "C_ALL", "Wer kommt?")
    async with wired(sandbox) as wire:
        reply = sandbox.workspace.post("U_BEN", "C_ALL", "Ich", root.ts, is_broadcast=True)
        told = await wire.event("message", subtype="thread_broadcast")

    assert_like("event_message_thread_broadcast", told)
    assert told["event"]["root"]["ts"] == root.ts
    history = await client.conversations_history(channel="C_ALL")
    assert [message["ts"] for message in history["messages"]] == [reply.ts, root.ts]


async def test_a_person_changes_their_own_words(sandbox: Sandbox) -> None:
    message = sandbox.workspace.post("U_ANN", "C_ALL", "Morgn")
    async with wired(sandbox) as wire:
        sandbox.workspace.edit("U_ANN", "C_ALL", message.ts, "Morgen @ben")
        first = await wire.event("message", subtype="message_changed")
        wire.frames.clear()
        sandbox.workspace.edit("U_ANN", "C_ALL", message.ts, "Guten Morgen")
        second = await wire.event("message", subtype="message_changed")

    assert_like("event_message_changed", first)
    assert_like("event_message_changed_rich", second)
    assert first["event"]["message"]["text"] == "Morgen <@U_BEN>"
    assert first["event"]["previous_message"]["text"] == "Morgn"
    assert second["event"]["message"]["edited"]["user"] == "U_ANN"


async def test_a_person_takes_back_their_own_words(sandbox: Sandbox) -> None:
    message = sandbox.workspace.post("U_ANN", "C_ALL", "Ups")
    async with wired(sandbox) as wire:
        sandbox.workspace.retract("U_ANN", "C_ALL", message.ts)
        told = await wire.event("message", subtype="message_deleted")

    assert told["event"]["deleted_ts"] == message.ts


def test_nobody_changes_what_another_said() -> None:
    workspace = Workspace(seed())
    message = workspace.post("U_ANN", "C_ALL", "Meins")

    with pytest.raises(RefusedError, match="cant_update_message"):
        workspace.edit("U_BEN", "C_ALL", message.ts, "Deins")
    with pytest.raises(RefusedError, match="cant_delete_message"):
        workspace.retract("U_BEN", "C_ALL", message.ts)
    workspace.close()


async def test_an_event_without_its_scope_is_not_told() -> None:
    limited = seed(tuple(s for s in SCOPES if s != "users:read"))
    async with running(limited) as (sandbox, _), wired(sandbox) as wire:
        sandbox.workspace.deactivate("U_BEN")
        sandbox.workspace.post("U_ANN", "C_ALL", "Danach")
        await wire.event("message", text="Danach")

        heard = [frame["payload"]["event"]["type"] for frame in wire.frames if "payload" in frame]
    assert heard == ["message"]


def test_a_restart_keeps_coming_and_going(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    workspace = Workspace(seed(), path)
    workspace.join("C_ALL", "U_CEM")
    workspace.close()

    workspace = Workspace(replace(seed(), team="Anders"), path)
    kept = [(message.subtype, message.author_id) for message in workspace.history("C_ALL")]
    workspace.close()

    assert kept == [("channel_join", "U_CEM")]
