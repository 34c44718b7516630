"""Signed presses of `Annehmen` on real pitches, and bare Bolt apps to compare the assistant with."""

import json
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from benchmarks.bare_socket import recorded
from benchmarks.workspace import COMMS, EDITOR
from bot import decisions, delivery, people, pitches, sending
from bot.delivery import DeliveryState, Place
from bot.people import Person, Role
from bot.texts import texts
from handlers.chat.blocks.decisions import ACCEPT
from handlers.chat.blocks.pitches import pitch_card
from handlers.chat.inbound import inbound
from handlers.run import utc_now
from sandbox import Sandbox
from storage.store import Store

STORY: Final = "Seit dem Frühjahr leiht die Stadtbibliothek Geräte aus, und die Warteliste wird länger. " * 4


Request = tuple[str, dict[str, str]]


class Cost(NamedTuple):
    """What one press took: milliseconds until its acknowledgement, and those of processor time."""

    latency_ms: float
    cpu_ms: float


def fill(session: Session, *, count: int) -> Person:
    """Keep pitches, numbered from 1, whose cards wait in the chat for a decision; return who may decide."""
    now = utc_now()
    editor = people.greet(session, chat_id=EDITOR.id, name=EDITOR.real_name, locale=EDITOR.locale, now=now)
    people.set_role(session, editor, Role.COMMS)
    delivery.name_places(session, {Place.COMMS: COMMS})
    for number in range(count):
        pitches.submit(session, pitches.Idea(title=f"Idee {number}", story=STORY), pitcher=editor, now=now)
    for row in delivery.listed(session, state=DeliveryState.DUE, limit=2 * count):
        assert row.id is not None
        sending.sent(session, row.id, channel_id=COMMS, ts=f"{row.id}.000000", now=now)
    return editor


async def payload(sandbox: Sandbox, store: Store, client: AsyncWebClient) -> dict[str, Any]:
    """Return what Slack sends when someone presses `Annehmen` on the card of the first pitch."""
    card = await store.read(pitches.card, 1)
    assert card is not None
    answer = await client.chat_postMessage(channel=COMMS, **pitch_card(card, texts("de")).as_slack())
    message = sandbox.workspace.find(COMMS, answer["ts"])
    assert message is not None
    block_id = next(block["block_id"] for block in message.blocks if block["type"] == "actions")
    envelope = await recorded(sandbox, sandbox.interactions.click(EDITOR.id, message, block_id, ACCEPT))
    sent: dict[str, Any] = json.loads(envelope)["payload"]
    return sent


def signed(first: dict[str, Any], secret: str, *, count: int) -> Iterator[Request]:
    """Yield bodies and headers of presses, each on the next pitch and with its own trigger."""
    verifier = SignatureVerifier(secret)
    for number in range(1, count + 1):
        press = deepcopy(first)
        press["actions"][0]["value"] = str(number)
        press["trigger_id"] = f"{number}.{first['trigger_id']}"
        body, timestamp = urlencode({"payload": json.dumps(press)}), str(int(time.time()))
        signature = verifier.generate_signature(timestamp=timestamp, body=body)
        assert signature is not None
        yield (
            body,
            {
                "content-type": "application/x-www-form-urlencoded",
                "x-slack-request-timestamp": timestamp,
                "x-slack-signature": signature,
            },
        )


def bare_app(
    store: Store, client: AsyncWebClient, secret: str, editor: Person, *, process_before_response: bool
) -> AsyncApp:
    """Make a Bolt app with nothing but one listener, which does the assistant's own transaction."""
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=process_before_response)

    @app.action(ACCEPT)
    async def accept(ack: AsyncAck, action: dict[str, Any], body: dict[str, Any]) -> None:
        now, came_in, number = utc_now(), inbound(body), int(action["value"])
        assert came_in is not None
        await store.run(delivery.once, came_in.id, now, decisions.accept, number, by=editor, now=now)
        await ack()

    return app


async def press(app: AsyncApp, request: Request) -> Cost:
    """Press once and wait for the acknowledgement."""
    body, headers = request
    cpu_began, began = time.process_time(), time.perf_counter()
    response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=dict(headers)))
    ended, cpu_ended = time.perf_counter(), time.process_time()
    assert response.status == 200, response.body
    return Cost((ended - began) * 1000, (cpu_ended - cpu_began) * 1000)
