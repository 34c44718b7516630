"""Response URLs: five answers in half an hour, where a person did something."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox import Sandbox
from sandbox.state.records import Message
from tests.sandbox.wire import Wire, wired

Make = Callable[[Sandbox, AsyncWebClient], Awaitable[Message]]
BUTTON = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Los"}}
BLOCKS = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]


@pytest.fixture
async def wire(sandbox: Sandbox) -> AsyncIterator[Wire]:
    async with wired(sandbox) as wire:
        yield wire


@pytest.fixture
async def command(sandbox: Sandbox, wire: Wire) -> AsyncWebhookClient:
    """Answers to a command of Ann's in the channel."""
    await sandbox.person("U_ANN").slash("/funk", channel="C_ALL")
    frame = await wire.frame(lambda frame: frame["type"] == "slash_commands")
    return AsyncWebhookClient(frame["payload"]["response_url"])


async def clicked(sandbox: Sandbox, wire: Wire, message: Message) -> AsyncWebhookClient:
    """Answers to Ann's click in a message."""
    await sandbox.interactions.click("U_ANN", message, "b", "a")
    return AsyncWebhookClient((await wire.payload("block_actions"))["response_url"])


async def card(sandbox: Sandbox, client: AsyncWebClient) -> Message:
    answer = await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=BLOCKS)
    message = sandbox.workspace.find("C_ALL", answer["ts"])
    assert message
    return message


async def secret(sandbox: Sandbox, client: AsyncWebClient) -> Message:
    answer = await client.chat_postEphemeral(channel="C_ALL", user="U_ANN", text="Nur du", blocks=BLOCKS)
    message = sandbox.workspace.find("C_ALL", answer["message_ts"])
    assert message
    return message


async def test_five_answers_are_taken_and_refused_ones_do_not_count(command: AsyncWebhookClient) -> None:
    refused = await command.send(blocks=[{"type": "hologram"}])
    answers = [await command.send(text="Für dich") for _ in range(6)]

    assert (refused.status_code, "invalid_blocks" in refused.body) == (400, True)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 404]
    assert (answers[0].body, answers[5].body) == ("ok", "used_url")


async def test_after_half_an_hour_it_is_too_late(sandbox: Sandbox, command: AsyncWebhookClient) -> None:
    sandbox.clock.advance(1795)
    in_time = await command.send(text="Eben noch")
    sandbox.clock.advance(10)
    late = await command.send(text="Zu spät")

    assert (in_time.status_code, late.status_code, late.body) == (200, 404, "expired_url")


async def test_an_address_that_was_never_given_is_unknown(command: AsyncWebhookClient) -> None:
    answer = await AsyncWebhookClient(f"{command.url}x").send(text="Hallo")

    assert (answer.status_code, answer.body) == (404, "no_service")


@pytest.mark.parametrize("body", ["", "Hallo", "[]", "7", "null", '{"text"'])
async def test_what_is_no_object_is_refused(command: AsyncWebhookClient, body: str) -> None:
    async with aiohttp.ClientSession() as session, session.post(command.url, data=body) as response:
        assert (response.status, await response.text()) == (400, "invalid_payload")


async def test_an_answer_may_come_as_a_form(sandbox: Sandbox, command: AsyncWebhookClient) -> None:
    form = {"payload": '{"text": "Als Formular"}'}
    async with aiohttp.ClientSession() as session, session.post(command.url, data=form) as response:
        assert response.status == 200

    assert sandbox.person("U_ANN").last_reply == "Als Formular"


async def test_an_answer_to_a_command_is_for_the_person_alone_unless_it_is_for_all(
    sandbox: Sandbox, command: AsyncWebhookClient
) -> None:
    ann, ben = sandbox.person("U_ANN"), sandbox.person("U_BEN")

    await command.send(text="Für dich")
    await command.send(text="Für alle", response_type="in_channel")

    assert ann.last_reply == "Für dich"
    assert ben.last_reply is None
    assert not (await ben.sees("Für alle", channel="C_ALL")).is_ephemeral


async def test_an_answer_can_go_into_a_thread(sandbox: Sandbox, client: AsyncWebClient, wire: Wire) -> None:
    message = await card(sandbox, client)
    webhook = await clicked(sandbox, wire, message)

    answer = {
        "text": "Dazu",
        "response_type": "in_channel",
        "replace_original": False,
        "thread_ts": message.ts,
    }
    await webhook.send_dict(answer)
    lost = await webhook.send_dict({**answer, "thread_ts": "1.000000"})

    (reply,) = sandbox.workspace.replies("C_ALL", message.ts)
    assert reply.text == "Dazu"
    assert (lost.status_code, "thread_not_found" in lost.body) == (400, True)


@pytest.mark.parametrize("made", [card, secret])
async def test_a_message_is_replaced_by_text_blocks_and_attachments(
    sandbox: Sandbox, client: AsyncWebClient, wire: Wire, made: Make
) -> None:
    message = await made(sandbox, client)
    webhook = await clicked(sandbox, wire, message)

    await webhook.send(text="Text", replace_original=True)
    assert (now := sandbox.workspace.find("C_ALL", message.ts))
    assert (now.text, now.blocks, now.reader_id) == ("Text", [], message.reader_id)

    await webhook.send(blocks=[{"type": "divider"}], attachments=[{"text": "Anhang"}], replace_original=True)
    assert (now := sandbox.workspace.find("C_ALL", message.ts))
    assert (now.blocks[0]["type"], now.attachments[0]["text"]) == ("divider", "Anhang")


async def test_what_an_answer_wants_may_be_written_as_a_word(
    sandbox: Sandbox, client: AsyncWebClient, wire: Wire
) -> None:
    message = await card(sandbox, client)
    webhook = await clicked(sandbox, wire, message)

    await webhook.send_dict({"text": "Daneben", "replace_original": "false", "delete_original": "false"})
    assert sandbox.workspace.find("C_ALL", message.ts) == message

    await webhook.send_dict({"text": "Neu", "replace_original": "true"})
    assert (now := sandbox.workspace.find("C_ALL", message.ts))
    assert now.text == "Neu"

    await webhook.send_dict({"delete_original": "true"})
    assert sandbox.workspace.find("C_ALL", message.ts) is None

    gone = await webhook.send_dict({"text": "Neu", "replace_original": "true"})
    assert (gone.status_code, "message_not_found" in gone.body) == (404, True)


@pytest.mark.parametrize("made", [card, secret])
async def test_a_message_is_deleted_and_can_then_not_be_replaced(
    sandbox: Sandbox, client: AsyncWebClient, wire: Wire, made: Make
) -> None:
    message = await made(sandbox, client)
    webhook = await clicked(sandbox, wire, message)

    await webhook.send(delete_original=True)
    assert sandbox.workspace.find("C_ALL", message.ts) is None

    gone = await webhook.send(text="Neu", replace_original=True)
    assert (gone.status_code, "message_not_found" in gone.body) == (404, True)


async def test_below_a_persons_link_only_what_the_app_attached_is_replaced_and_deleted(
    sandbox: Sandbox, client: AsyncWebClient, wire: Wire
) -> None:
    said = await sandbox.person("U_BEN").say("Seht https://stadt.example/plan", "C_ALL")
    unfurl = {
        "id": 1,
        "blocks": BLOCKS,
        "is_app_unfurl": True,
        "app_unfurl_url": "https://stadt.example/plan",
    }
    message = sandbox.workspace.change(replace(said, attachments=[unfurl, {"id": 2, "text": "Anderes"}]))
    webhook = await clicked(sandbox, wire, message)

    await webhook.send(text="Neu", replace_original=True)
    assert (now := sandbox.workspace.find("C_ALL", message.ts))
    assert [one["text"] for one in now.attachments] == ["Neu", "Anderes"]
    assert now.text == said.text

    await webhook.send(delete_original=True)
    assert (now := sandbox.workspace.find("C_ALL", message.ts))
    assert [one["text"] for one in now.attachments] == ["Anderes"]


async def test_an_archived_channel_takes_no_answers(sandbox: Sandbox, command: AsyncWebhookClient) -> None:
    sandbox.workspace.archive("C_ALL")

    answer = await command.send(text="Für alle", response_type="in_channel")

    assert (answer.status_code, "is_archived" in answer.body) == (410, True)
