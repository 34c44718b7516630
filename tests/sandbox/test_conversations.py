"""`conversations.*`: what the bot finds, opens and reads."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Member, Sandbox
from tests.sandbox.calls import JSON, refusal, running, with_manifest

SCOPES = [
    *("chat:write", "users:read", "channels:read", "groups:read", "im:read", "mpim:read"),
    *("im:write", "mpim:write", "channels:history", "mpim:history"),
]
ALL_TYPES = "public_channel,private_channel,mpim,im"
REFUSED: list[tuple[str, JSON, str]] = [
    ("conversations.history", {"channel": "C_NOWHERE"}, "channel_not_found"),
    ("conversations.history", {"channel": "C_ELSE"}, "not_in_channel"),
    ("conversations.history", {"channel": "C_ALL", "cursor": "?"}, "invalid_cursor"),
    ("conversations.history", {"channel": "C_ALL", "oldest": "gestern"}, "invalid_ts_oldest"),
    ("conversations.history", {"channel": "C_ALL", "latest": "1.2.3"}, "invalid_ts_latest"),
    ("conversations.history", {"channel": "C_ALL", "limit": "-1"}, "invalid_arguments"),
    ("conversations.history", {"channel": "C_ALL", "limit": "viele"}, "invalid_arguments"),
    ("conversations.replies", {"channel": "C_ALL", "ts": "1.000000"}, "thread_not_found"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U_NOBODY"}, "user_not_found"),
    ("conversations.open", {"users": BOT_USER_ID}, "not_enough_users"),
    ("conversations.open", {"channel": "C_ALL"}, "method_not_supported_for_channel_type"),
    ("conversations.open", {"users": "U_ANN", "prevent_creation": True}, "channel_not_found"),
    ("conversations.list", {"types": "everything"}, "invalid_types"),
    ("conversations.list", {"limit": "0"}, "invalid_limit"),
    ("conversations.list", {"limit": "1001"}, "invalid_limit"),
    ("conversations.list", {"cursor": "dXNlcjpVMDYxTkZUVDI="}, "invalid_cursor"),
]


@pytest.mark.parametrize(("method", "args", "error"), REFUSED)
async def test_what_cannot_be_found_or_opened_is_refused(
    client: AsyncWebClient, method: str, args: JSON, error: str
) -> None:
    assert await refusal(client, method, args) == error


async def test_history_comes_in_pages_the_newest_first(client: AsyncWebClient) -> None:
    for number in range(7):
        await client.chat_postMessage(channel="C_ALL", text=f"{number}")

    texts = []
    async for page in await client.conversations_history(channel="C_ALL", limit=3):
        texts.append([message["text"] for message in page["messages"]])
        await client.chat_postMessage(channel="C_ALL", text="Kommt dazwischen")

    assert texts == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


async def test_history_lies_between_two_moments_with_or_without_them(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C_ALL", text=f"{i}"))["ts"] for i in range(5)]
    ends = {"channel": "C_ALL", "oldest": stamps[1], "latest": stamps[3]}

    between = await client.conversations_history(**ends)
    with_ends = await client.conversations_history(**ends, inclusive=True)
    of_long_ago = await client.conversations_history(channel="C_ALL", latest="99.5")

    assert [message["text"] for message in between["messages"]] == ["2"]
    assert [message["text"] for message in with_ends["messages"]] == ["3", "2", "1"]
    assert of_long_ago["messages"] == []


async def test_a_cursor_leads_on_when_its_message_is_gone(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C_ALL", text=f"{i}"))["ts"] for i in range(4)]
    first = await client.conversations_history(channel="C_ALL", limit=2)
    await client.chat_delete(channel="C_ALL", ts=stamps[1])

    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel="C_ALL", limit=2, cursor=cursor)

    assert [message["text"] for message in second["messages"]] == ["0"]


async def test_a_page_of_what_others_read_alone_is_empty_and_leads_on(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C_ALL", text="Für alle")
    for _ in range(2):
        await client.chat_postEphemeral(channel="C_ALL", user="U_ANN", text="Nur für Ann")

    first = await client.conversations_history(channel="C_ALL", limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel="C_ALL", limit=2, cursor=cursor)

    assert (first["messages"], first["has_more"]) == ([], True)
    assert [message["text"] for message in second["messages"]] == ["Für alle"]


async def test_too_high_a_limit_for_history_is_the_highest(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C_ALL", text="x")

    assert len((await client.conversations_history(channel="C_ALL", limit=5000))["messages"]) == 1
    assert len((await client.conversations_history(channel="C_ALL", limit=0))["messages"]) == 1


async def test_a_cursor_of_one_method_leads_nowhere_in_another(client: AsyncWebClient) -> None:
    listed = await client.users_list(limit=1)

    cursor = listed["response_metadata"]["next_cursor"]

    assert await refusal(client, "conversations.list", {"cursor": cursor}) == "invalid_cursor"


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


async def test_the_bot_knows_only_the_channels_it_may_know() -> None:
    async with running(with_manifest(scopes=SCOPES)) as (_, client):
        listed = await client.conversations_list(types="public_channel,private_channel")
        own = await client.users_conversations(types="public_channel,private_channel")

        assert [channel["name"] for channel in listed["channels"]] == ["alle", "anderswo", "team"]
        assert [channel["name"] for channel in own["channels"]] == ["alle", "team"]


async def test_the_bot_joins_a_public_channel(client: AsyncWebClient) -> None:
    joined = await client.conversations_join(channel="C_ELSE")
    again = await client.conversations_join(channel="C_ELSE")

    assert joined["channel"]["is_member"]
    assert again["warning"] == "already_in_channel"
    assert (await client.conversations_members(channel="C_ELSE"))["members"] == ["U_ANN", BOT_USER_ID]


async def test_a_page_is_cut_before_it_is_filtered(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.workspace.archive("C_ALL")
    sandbox.workspace.archive("C_ELSE")

    listed = await client.conversations_list(limit=1, exclude_archived=True)
    pages = [[channel["name"] for channel in page["channels"]] async for page in listed]

    assert len(pages) == 4
    assert pages[:3] == [[], [], []]


async def test_several_people_share_a_group_direct_message() -> None:
    async with running(with_manifest(scopes=SCOPES)) as (sandbox, client):
        opened = await client.conversations_open(users=["U_ANN", "U_BEN"], return_im=True)
        again = await client.conversations_open(users=["U_BEN", "U_ANN"])
        group = opened["channel"]
        await client.chat_postMessage(channel=group["id"], text="Hallo ihr zwei")

        assert group["name"] == "mpdm-ann--ben--stadtfunk-1"
        assert (group["is_mpim"], group["is_private"], group["is_member"]) == (True, True, True)
        assert (again["channel"]["id"], again["already_open"]) == (group["id"], True)
        assert (await sandbox.person("U_BEN").sees("Hallo ihr zwei", channel=group["id"])).text
        listed = await client.conversations_list(types="mpim")
        assert [channel["id"] for channel in listed["channels"]] == [group["id"]]


async def test_a_group_direct_message_has_scopes_of_its_own(client: AsyncWebClient) -> None:
    assert await refusal(client, "conversations.open", {"users": "U_ANN,U_BEN"}) == "missing_scope"
    assert await refusal(client, "conversations.list", {"types": "mpim"}) == "missing_scope"


async def test_a_group_direct_message_has_at_most_eight_people() -> None:
    async with running(with_manifest(scopes=SCOPES)) as (sandbox, client):
        for number in range(9):
            sandbox.workspace.add(Member(f"U_{number}", f"gast{number}", f"Gast {number}"))
        users = ",".join(f"U_{number}" for number in range(9))

        assert await refusal(client, "conversations.open", {"users": users}) == "too_many_users"


async def test_every_kind_of_conversation_is_listed_when_asked_for() -> None:
    async with running(with_manifest(scopes=SCOPES)) as (sandbox, client):
        await client.conversations_open(users="U_ANN")
        sandbox.workspace.deactivate("U_ANN")

        listed = await client.conversations_list(types=ALL_TYPES)

        assert [channel["id"] for channel in listed["channels"][:3]] == ["C_ALL", "C_ELSE", "C_TEAM"]
        assert (listed["channels"][3]["is_im"], listed["channels"][3]["is_user_deleted"]) == (True, True)


async def test_information_is_as_detailed_as_asked_for(client: AsyncWebClient) -> None:
    short = (await client.conversations_info(channel="C_ALL"))["channel"]
    more = await client.conversations_info(channel="C_ALL", include_num_members=True, include_locale=True)

    assert "num_members" not in short
    assert (more["channel"]["num_members"], more["channel"]["locale"]) == (3, "de-DE")
