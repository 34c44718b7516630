"""The Web API takes and refuses what Slack's takes and refuses."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Channel, Member, Sandbox, Seed
from sandbox.protocol import pace, triggers
from tests.sandbox.conftest import MANIFEST, SEED

DOCUMENTED = json.loads((Path(__file__).parent / "shapes" / "errors.json").read_text())
# Every method of Slack's answers this to arguments that are not as they should be.
UNDOCUMENTED = {"invalid_arguments"}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Formular"}, "blocks": []}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"channel": "C_NOWHERE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "U_NOBODY", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C_SECRET", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C_ELSE", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "C_ALL"}, "no_text"),
    ("chat.postMessage", {"channel": "C_ALL", "text": "", "blocks": []}, "no_text"),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    (
        "chat.postMessage",
        {"channel": "C_ALL", "text": "x", "thread_ts": "1.000000"},
        "cannot_reply_to_message",
    ),
    ("chat.postMessage", {"channel": "C_ALL", "blocks": "[", "text": "x"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C_ALL", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
    ("chat.update", {"channel": "C_ALL", "ts": "1.000000", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "C_ALL", "ts": "1.000000"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C_ALL", "message_ts": "1.000000"}, "message_not_found"),
    ("chat.postEphemeral", {"channel": "C_ALL", "user": "U_CEM", "text": "x"}, "user_not_in_channel"),
    ("conversations.history", {"channel": "C_NOWHERE"}, "channel_not_found"),
    ("conversations.history", {"channel": "C_ELSE"}, "not_in_channel"),
    ("conversations.history", {"channel": "C_ALL", "cursor": "?"}, "invalid_cursor"),
    ("conversations.history", {"channel": "C_ALL", "oldest": "gestern"}, "invalid_ts_oldest"),
    ("conversations.replies", {"channel": "C_ALL", "ts": "1.000000"}, "thread_not_found"),
    ("conversations.open", {"users": "U_NOBODY"}, "user_not_found"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.list", {"types": "everything"}, "invalid_types"),
    ("conversations.list", {"limit": "0"}, "invalid_limit"),
    ("users.info", {"user": "U_NOBODY"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "nobody@sandbox.example"}, "users_not_found"),
    ("views.open", {"trigger_id": "1.2.3", "view": MODAL}, "invalid_trigger_id"),
    ("views.update", {"view_id": "V_GONE", "view": MODAL}, "not_found"),
    ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal", "blocks": []}}, "invalid_arguments"),
    ("team.info", {}, "missing_scope"),
    ("chat.sing", {}, "unknown_method"),
]


async def refusal(client: AsyncWebClient, method: str, args: dict[str, Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    return str(caught.value.response["error"])


@pytest.mark.parametrize(("method", "args", "error"), REFUSED)
async def test_a_call_is_refused_with_a_documented_error(
    client: AsyncWebClient, method: str, args: dict[str, Any], error: str
) -> None:
    assert await refusal(client, method, args) == error
    documented = {*DOCUMENTED["common"], *DOCUMENTED["methods"].get(method, ()), *UNDOCUMENTED}
    assert error in documented


async def test_only_the_right_token_opens_the_door(sandbox: Sandbox) -> None:
    def client(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=sandbox.api_url)

    assert await refusal(client(None), "auth.test", {}) == "not_authed"
    assert await refusal(client("xoxb-wrong"), "auth.test", {}) == "invalid_auth"
    as_app = client(sandbox.app_token)
    assert await refusal(as_app, "auth.test", {}) == "not_allowed_token_type"
    as_bot = client(sandbox.bot_token)
    assert await refusal(as_bot, "apps.connections.open", {}) == "not_allowed_token_type"
    who = await as_bot.auth_test()
    assert (who["user_id"], who["bot_id"], who["team_id"]) == (
        *(sandbox.bot_user_id, sandbox.bot_id),
        sandbox.team_id,
    )


async def test_wrong_blocks_are_refused_with_a_pointer_to_the_place(client: AsyncWebClient) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C_ALL", text="x", blocks=blocks)

    answer = caught.value.response
    wrong = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {wrong}"]
    assert answer["errors"] == [wrong]


async def test_too_long_a_text_is_refused(client: AsyncWebClient) -> None:
    assert (
        await refusal(client, "chat.postMessage", {"channel": "C_ALL", "text": "x" * 40_001})
        == "msg_too_long"
    )
    posted = await client.chat_postMessage(channel="C_ALL", text="x")
    update = {"channel": "C_ALL", "ts": posted["ts"], "text": "x" * 4_001}
    assert await refusal(client, "chat.update", update) == "msg_too_long"


async def test_the_messages_of_others_are_not_the_bots_to_change(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    said = await sandbox.person("U_ANN").say("Meins", "C_ALL")
    place = {"channel": "C_ALL", "ts": said.ts}

    assert await refusal(client, "chat.update", {**place, "text": "Deins"}) == "cant_update_message"
    assert await refusal(client, "chat.delete", place) == "cant_delete_message"


async def test_text_alone_takes_the_place_of_blocks_and_is_marked(client: AsyncWebClient) -> None:
    blocks = [{"type": "divider"}]
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=blocks)
    place = {"channel": "C_ALL", "ts": posted["ts"]}

    with_blocks = (await client.api_call("chat.update", json={**place, "text": "Neu", "blocks": blocks}))[
        "message"
    ]
    alone = (await client.api_call("chat.update", json={**place, "text": "Nur Text"}))["message"]

    assert "edited" not in with_blocks
    assert alone["edited"]["user"] == BOT_USER_ID
    assert "blocks" not in alone


async def test_nothing_is_said_in_an_archived_channel(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.workspace.archive("C_ALL")

    assert await refusal(client, "chat.postMessage", {"channel": "C_ALL", "text": "x"}) == "is_archived"


async def test_a_message_to_a_person_goes_into_the_direct_message(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="U_ANN", text="Hallo")
    opened = await client.conversations_open(users="U_ANN")

    assert posted["channel"].startswith("D")
    assert opened["channel"]["id"] == posted["channel"]
    assert opened["already_open"]
    assert (await sandbox.person("U_ANN").sees("Hallo")).channel_id == posted["channel"]


async def test_metadata_come_back_only_to_those_who_ask(client: AsyncWebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"delivery": "post:1"}}
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", metadata=metadata)
    await client.chat_update(channel="C_ALL", ts=posted["ts"], text="Neue Karte")

    silent = await client.conversations_history(channel="C_ALL")
    told = await client.conversations_history(channel="C_ALL", include_all_metadata=True)

    assert "metadata" not in silent["messages"][0]
    assert told["messages"][0]["metadata"] == metadata
    assert told["messages"][0]["text"] == "Neue Karte"


async def test_history_comes_in_pages_the_newest_first(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C_ALL", text=f"{i}"))["ts"] for i in range(7)]

    texts = []
    async for page in await client.conversations_history(channel="C_ALL", limit=3):
        texts.append([message["text"] for message in page["messages"]])
        await client.chat_postMessage(channel="C_ALL", text="Kommt dazwischen")

    assert texts == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    between = await client.conversations_history(channel="C_ALL", oldest=stamps[1], latest=stamps[3])
    assert [message["text"] for message in between["messages"]] == ["2"]
    with_ends = await client.conversations_history(
        channel="C_ALL", oldest=stamps[1], latest=stamps[3], inclusive=True
    )
    assert [message["text"] for message in with_ends["messages"]] == ["3", "2", "1"]


async def test_a_thread_is_read_from_its_beginning(sandbox: Sandbox, client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel="C_ALL", text="Frage")
    await sandbox.person("U_ANN").say("Antwort", "C_ALL", thread_ts=root["ts"])
    await client.chat_postMessage(channel="C_ALL", text="Danke", thread_ts=root["ts"], reply_broadcast=True)
    await client.chat_postEphemeral(channel="C_ALL", user="U_ANN", text="Still", thread_ts=root["ts"])

    thread = await client.conversations_replies(channel="C_ALL", ts=root["ts"])
    history = await client.conversations_history(channel="C_ALL")

    first, answer, thanks = thread["messages"]
    assert (first["reply_count"], first["reply_users_count"]) == (2, 2)
    assert (answer["text"], answer["parent_user_id"]) == ("Antwort", BOT_USER_ID)
    assert thanks["subtype"] == "thread_broadcast"
    assert [message["text"] for message in history["messages"]] == ["Danke", "Frage"]


async def test_the_bot_knows_only_the_channels_it_may_know(client: AsyncWebClient) -> None:
    listed = await client.conversations_list(types="public_channel,private_channel")
    own = await client.users_conversations(types="public_channel,private_channel")

    assert [channel["name"] for channel in listed["channels"]] == ["alle", "anderswo", "team"]
    assert [channel["name"] for channel in own["channels"]] == ["alle", "team"]
    joined = await client.conversations_join(channel="C_ELSE")
    assert joined["channel"]["is_member"]
    assert (await client.conversations_members(channel="C_ELSE"))["members"] == ["U_ANN", BOT_USER_ID]


async def test_what_the_manifest_does_not_ask_for_is_not_given() -> None:
    scopes = {"scopes": {"bot": ["chat:write", "channels:history", "channels:read"]}}
    seed = replace(SEED, manifest={**MANIFEST, "oauth_config": scopes})
    sandbox = await Sandbox.start(seed)
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    try:
        direct = (await client.chat_postMessage(channel="U_ANN", text="Hallo"))["channel"]
        assert (await client.conversations_history(channel="C_ALL"))["ok"]
        with pytest.raises(SlackApiError) as caught:
            await client.conversations_history(channel=direct)
        assert caught.value.response["error"] == "missing_scope"
        assert caught.value.response["needed"] == "im:history"
        assert await refusal(client, "users.info", {"user": "U_ANN"}) == "missing_scope"
    finally:
        await sandbox.stop()


async def test_people_are_found_by_mail_address(client: AsyncWebClient) -> None:
    listed = await client.users_list()
    found = await client.users_lookupByEmail(email="ben@sandbox.example")

    assert [user["name"] for user in listed["members"]] == ["stadtfunk", "ann", "ben", "cem"]
    assert found["user"]["id"] == "U_BEN"
    assert found["user"]["profile"]["email"] == "ben@sandbox.example"


async def test_a_trigger_is_good_once_and_for_three_seconds(
    sandbox: Sandbox, client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued: list[str] = []
    issue = triggers.Triggers.issue

    def noted(self: triggers.Triggers, person_id: str) -> str:
        issued.append(issue(self, person_id))
        return issued[-1]

    monkeypatch.setattr(triggers.Triggers, "issue", noted)
    ann = sandbox.person("U_ANN")
    await ann.shortcut("pitch_new")
    await client.views_open(trigger_id=issued[0], view=MODAL)
    again = {"trigger_id": issued[0], "view": MODAL}
    assert await refusal(client, "views.open", again) == "exchanged_trigger_id"

    await ann.shortcut("pitch_new")
    monkeypatch.setattr(triggers, "LIFETIME", 0.0)
    late = {"trigger_id": issued[1], "view": MODAL}
    assert await refusal(client, "views.open", late) == "expired_trigger_id"


async def test_a_view_that_changed_meanwhile_is_not_overwritten(client: AsyncWebClient) -> None:
    home = {"type": "home", "blocks": []}
    first = (await client.views_publish(user_id="U_ANN", view=home))["view"]
    second = (await client.views_publish(user_id="U_ANN", view=home, hash=first["hash"]))["view"]

    assert second["id"] == first["id"]
    stale = {"user_id": "U_ANN", "view": home, "hash": first["hash"]}
    assert await refusal(client, "views.publish", stale) == "hash_conflict"
    large = {"type": "home", "blocks": [{"type": "divider", "note": "x" * 250_000}]}
    assert await refusal(client, "views.publish", {"user_id": "U_ANN", "view": large}) == "view_too_large"


async def test_too_many_messages_a_second_have_to_wait() -> None:
    sandbox = await Sandbox.start(SEED, pace=True)
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    try:
        for _ in range(pace.BURST):
            await client.chat_postMessage(channel="C_ALL", text="Schnell")
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C_ALL", text="Zu schnell")
        assert caught.value.response.status_code == 429
        assert caught.value.response["error"] == "ratelimited"
        assert int(caught.value.response.headers["Retry-After"]) >= 1
        await client.chat_postMessage(channel="C_TEAM", text="Anderswo geht es")
    finally:
        await sandbox.stop()


async def test_a_workspace_of_another_name_and_people_can_be_seeded() -> None:
    seed = Seed("Dorf", "dorf", (Member("U_EVA", "eva", "Eva"),), (Channel("C_1", "platz"),), MANIFEST)
    sandbox = await Sandbox.start(seed)
    try:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
        assert (await client.auth_test())["team"] == "Dorf"
        assert [member.name for member in sandbox.workspace.people()] == ["eva"]
    finally:
        await sandbox.stop()
