"""`chat.*`: an app says, changes and takes back what it has to say."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Sandbox
from tests.sandbox.calls import JSON, refusal, running, with_manifest

TO_ALL = {"channel": "C_ALL", "text": "x"}
DIVIDER = {"type": "divider"}
REFUSED: list[tuple[str, JSON, str]] = [
    ("chat.postMessage", {"channel": "C_NOWHERE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "U_NOBODY", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C_SECRET", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C_ELSE", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "C_ALL"}, "no_text"),
    ("chat.postMessage", {"channel": "C_ALL", "text": " \n", "blocks": []}, "no_text"),
    ("chat.postMessage", {**TO_ALL, "thread_ts": "1.000000"}, "cannot_reply_to_message"),
    ("chat.postMessage", {**TO_ALL, "thread_ts": "gestern"}, "invalid_thread_ts"),
    ("chat.postMessage", {**TO_ALL, "blocks": "["}, "invalid_blocks_format"),
    ("chat.postMessage", {**TO_ALL, "blocks": '["\\ud83d"]'}, "invalid_blocks_format"),
    ("chat.postMessage", {**TO_ALL, "blocks": "[" * 100_000}, "invalid_blocks_format"),
    ("chat.postMessage", {**TO_ALL, "blocks": {"type": "divider"}}, "invalid_blocks_format"),
    ("chat.postMessage", {**TO_ALL, "blocks": [{"type": "sculpture"}]}, "invalid_blocks"),
    (
        "chat.postMessage",
        {**TO_ALL, "blocks": [{"type": "image", "slack_file": {"id": "F_GONE"}, "alt_text": "a"}]},
        "invalid_blocks",
    ),
    ("chat.postMessage", {**TO_ALL, "attachments": [{"text": 5}]}, "invalid_attachments"),
    ("chat.postMessage", {**TO_ALL, "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
    ("chat.postMessage", {**TO_ALL, "markdown_text": "*y*"}, "markdown_text_conflict"),
    ("chat.postMessage", {**TO_ALL, "metadata": {"a": 1}}, "invalid_metadata_format"),
    (
        "chat.postMessage",
        {**TO_ALL, "metadata": {"event_type": 5, "event_payload": {}}},
        "invalid_metadata_schema",
    ),
    (
        "chat.postMessage",
        {**TO_ALL, "metadata": {"event_type": "a", "event_payload": {"b": "x" * 17_000}}},
        "metadata_too_large",
    ),
    ("chat.postMessage", {**TO_ALL, "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postEphemeral", {**TO_ALL, "user": "U_ANN", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.update", {**TO_ALL, "ts": "1.000000"}, "message_not_found"),
    ("chat.delete", {"channel": "C_ALL", "ts": "1.000000"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C_ALL", "message_ts": "1.000000"}, "message_not_found"),
    ("chat.postEphemeral", {**TO_ALL, "user": "U_CEM"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "C_ELSE", "user": "U_ANN", "text": "x"}, "not_in_channel"),
]


def sections(number: int) -> list[JSON]:
    """Return sections of 3000 characters each."""
    return [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}} for _ in range(number)]


@pytest.mark.parametrize(("method", "args", "error"), REFUSED)
async def test_what_cannot_be_said_is_refused(
    client: AsyncWebClient, method: str, args: JSON, error: str
) -> None:
    assert await refusal(client, method, args) == error


async def test_wrong_blocks_are_refused_with_a_pointer_to_the_place(client: AsyncWebClient) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C_ALL", text="x", blocks=blocks)

    answer = caught.value.response
    wrong = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {wrong}"]
    assert answer["errors"] == [wrong]


async def test_blocks_hold_twelve_thousand_characters(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C_ALL", text="x", blocks=sections(4)))["ts"]

    too_long = {**TO_ALL, "blocks": sections(5)}
    assert await refusal(client, "chat.postMessage", too_long) == "msg_blocks_too_long"
    assert await refusal(client, "chat.update", {**too_long, "ts": ts}) == "msg_too_long"


async def test_an_update_holds_less_text_than_a_message(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C_ALL", text="x" * 40_000))["ts"]

    assert await refusal(client, "chat.update", {**TO_ALL, "ts": ts, "text": "x" * 4_001}) == "msg_too_long"


async def test_attachments_can_be_sent_again_as_slack_gave_them(client: AsyncWebClient) -> None:
    both: list[JSON] = [
        {"text": "eins"},
        {"text": "zwei", "actions": [{"id": "1", "type": "button", "text": "Los"}]},
    ]
    posted = await client.chat_postMessage(channel="C_ALL", text="x", attachments=both)

    left = posted["message"]["attachments"][1:]
    updated = await client.chat_update(channel="C_ALL", ts=posted["ts"], text="x", attachments=left)

    assert [(one["id"], one["text"]) for one in updated["message"]["attachments"]] == [(1, "zwei")]


async def test_text_is_kept_as_slack_keeps_it(client: AsyncWebClient) -> None:
    said = "Fisch & Chips für <@U_ANN>: https://stadt.example"
    posted = await client.chat_postMessage(channel="C_ALL", text=said)
    verbatim = await client.chat_postMessage(channel="C_ALL", text=said, parse="none")

    assert posted["message"]["text"] == "Fisch &amp; Chips für <@U_ANN>: <https://stadt.example>"
    assert verbatim["message"]["text"] == "Fisch &amp; Chips für <@U_ANN>: https://stadt.example"


async def test_another_name_for_the_bot_is_no_reason_to_refuse(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(
        channel="C_ALL", text="x", username="Herold", icon_emoji=":bell:", link_names=True, unfurl_links=False
    )

    assert answer["message"]["user"] == BOT_USER_ID


async def test_the_messages_of_others_are_not_the_bots_to_change(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    said = await sandbox.person("U_ANN").say("Meins", "C_ALL")
    place = {"channel": "C_ALL", "ts": said.ts}

    assert await refusal(client, "chat.update", {**place, "text": "Deins"}) == "cant_update_message"
    assert await refusal(client, "chat.delete", place) == "cant_delete_message"


async def test_text_alone_takes_the_place_of_blocks_and_is_marked(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=[DIVIDER])
    place = {"channel": "C_ALL", "ts": posted["ts"]}

    with_blocks = await client.api_call("chat.update", json={**place, "text": "Neu", "blocks": [DIVIDER]})
    alone = await client.api_call("chat.update", json={**place, "text": "Nur Text"})

    assert "edited" not in with_blocks["message"]
    assert alone["message"]["edited"]["user"] == BOT_USER_ID
    assert "blocks" not in alone["message"]


async def test_what_an_update_does_not_give_stays(client: AsyncWebClient) -> None:
    attachments = [{"text": "Anhang", "fallback": "Anhang"}]
    metadata = {"event_type": "a", "event_payload": {}}
    posted = await client.chat_postMessage(
        channel="C_ALL", text="Karte", attachments=attachments, metadata=metadata
    )
    place = {"channel": "C_ALL", "ts": posted["ts"]}

    changed = (await client.api_call("chat.update", json={**place, "blocks": [DIVIDER]}))["message"]

    assert (changed["text"], changed["attachments"][0]["text"]) == ("Karte", "Anhang")
    assert changed["metadata"] == metadata


async def test_an_update_leaves_something_to_be_seen(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C_ALL", text="Karte"))["ts"]

    assert await refusal(client, "chat.update", {"channel": "C_ALL", "ts": ts}) == "no_text"
    assert await refusal(client, "chat.update", {"channel": "C_ALL", "ts": ts, "text": ""}) == "no_text"


async def test_a_reply_can_be_shown_in_the_channel_afterwards(client: AsyncWebClient) -> None:
    root = (await client.chat_postMessage(channel="C_ALL", text="Frage"))["ts"]
    reply = (await client.chat_postMessage(channel="C_ALL", text="Antwort", thread_ts=root))["ts"]
    place = {"channel": "C_ALL", "ts": reply, "reply_broadcast": True}

    both = await refusal(client, "chat.update", {**place, "text": "Neue Antwort"})
    no_reply = await refusal(client, "chat.update", {**place, "ts": root})
    shown = (await client.api_call("chat.update", json=place))["message"]

    assert (both, no_reply) == ("no_dual_broadcast_content_update", "cant_broadcast_message")
    assert shown["subtype"] == "thread_broadcast"


async def test_a_message_outside_threads_cannot_be_shown_twice(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C_ALL", text="Frage", reply_broadcast=True)

    assert "subtype" not in posted["message"]


async def test_nothing_is_said_or_changed_in_an_archived_channel(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C_ALL", text="Vorher"))["ts"]
    sandbox.workspace.archive("C_ALL")

    assert await refusal(client, "chat.postMessage", TO_ALL) == "is_archived"
    assert await refusal(client, "chat.postEphemeral", {**TO_ALL, "user": "U_ANN"}) == "is_archived"
    assert await refusal(client, "chat.update", {**TO_ALL, "ts": ts}) == "is_inactive"


async def test_a_message_to_a_person_goes_into_the_direct_message(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="U_ANN", text="Hallo")
    opened = await client.conversations_open(users="U_ANN")

    assert posted["channel"].startswith("D")
    assert opened["channel"]["id"] == posted["channel"]
    assert opened["already_open"]
    assert (await sandbox.person("U_ANN").sees("Hallo")).channel_id == posted["channel"]


async def test_a_deactivated_person_can_still_be_written_to(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.workspace.deactivate("U_BEN")

    assert (await client.chat_postMessage(channel="U_BEN", text="Für die Akten"))["ok"]
    assert await refusal(client, "conversations.open", {"users": "U_BEN"}) == "user_disabled"


async def test_without_a_messages_tab_nobody_is_written_to_directly() -> None:
    seed = with_manifest({"app_home": {"messages_tab_enabled": False}})
    async with running(seed) as (_, client):
        to_ann = {"channel": "U_ANN", "text": "x"}
        assert await refusal(client, "chat.postMessage", to_ann) == "messages_tab_disabled"
        assert (await client.chat_postMessage(channel="C_ALL", text="x"))["ok"]


async def test_a_channel_may_be_named_instead_of_its_id(client: AsyncWebClient) -> None:
    assert (await client.chat_postMessage(channel="#alle", text="x"))["channel"] == "C_ALL"


async def test_metadata_come_back_only_to_those_who_ask(client: AsyncWebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"delivery": "post:1"}}
    posted = await client.chat_postMessage(channel="C_ALL", text="Karte", metadata=metadata)
    await client.chat_update(channel="C_ALL", ts=posted["ts"], text="Neue Karte")

    silent = await client.conversations_history(channel="C_ALL")
    told = await client.conversations_history(channel="C_ALL", include_all_metadata=True)

    assert "metadata" not in silent["messages"][0]
    assert told["messages"][0]["metadata"] == metadata
    assert told["messages"][0]["text"] == "Neue Karte"


async def test_the_address_of_a_reply_names_its_thread(client: AsyncWebClient) -> None:
    root = (await client.chat_postMessage(channel="C_ALL", text="Frage"))["ts"]
    reply = (await client.chat_postMessage(channel="C_ALL", text="Antwort", thread_ts=root))["ts"]

    of_root = (await client.chat_getPermalink(channel="C_ALL", message_ts=root))["permalink"]
    of_reply = (await client.chat_getPermalink(channel="C_ALL", message_ts=reply))["permalink"]

    assert of_root.endswith(f"/archives/C_ALL/p{root.replace('.', '')}")
    assert of_reply.endswith(f"?thread_ts={root}&cid=C_ALL")
