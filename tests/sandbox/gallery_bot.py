"""A Bolt app for the gallery: it posts all of it and keeps each payload that it gets."""

import asyncio
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.gallery import ATTACHMENTS, FORM, HOME, MESSAGES
from tests.sandbox.page_bot import options, plain

JSON = dict[str, Any]
SOURCES = {"blog": "IT-Blog", "feed": "Feed der Bibliothek", "radio": "Stadtradio"}
WITHIN_SECONDS = 10


class Heard:
    """What the app was told, in order."""

    def __init__(self) -> None:
        self._payloads: list[JSON] = []
        self._news = asyncio.Event()

    def take(self, payload: JSON) -> None:
        self._payloads.append(payload)
        self._news.set()

    async def next(self, kind: str) -> JSON:
        """Wait for the next payload of a kind, and return it; those before it are forgotten."""
        async with asyncio.timeout(WITHIN_SECONDS):
            while True:
                while self._payloads:
                    payload = self._payloads.pop(0)
                    if payload["type"] == kind:
                        return payload
                self._news.clear()
                await self._news.wait()

    async def action(self) -> JSON:
        """Wait for the next press or choice, and return what is told of it."""
        action: JSON = (await self.next("block_actions"))["actions"][0]
        return action


def listen(app: AsyncApp, heard: Heard) -> None:
    """Let an app hear everything, answer selects, and open and push forms."""

    @app.options({"action_id": "quelle"})
    @app.options({"action_id": "quellen"})
    @app.options({"action_id": "source"})
    @app.options({"action_id": "sources"})
    async def suggest(ack: AsyncAck, payload: JSON) -> None:
        heard.take(payload)
        found = {key: name for key, name in SOURCES.items() if payload["value"].lower() in name.lower()}
        await ack(options=options(**found))

    @app.action("push")
    async def push(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
        above = {
            "type": "modal",
            "title": plain("Darüber"),
            "callback_id": "above",
            "blocks": FORM["blocks"][:2],
        }
        await client.views_push(trigger_id=body["trigger_id"], view=above)
        await ack()

    @app.action(re.compile(""))
    async def press(ack: AsyncAck, body: JSON) -> None:
        heard.take(body)
        await ack()

    @app.view("gallery")
    async def submit(ack: AsyncAck, body: JSON) -> None:
        heard.take(body)
        if body["view"]["state"]["values"]["title"]["title"]["value"] == "Nein":
            await ack(response_action="errors", errors={"title": "Bitte etwas anderes."})
        else:
            await ack()

    @app.view_closed("gallery")
    async def close(ack: AsyncAck, body: JSON) -> None:
        heard.take(body)
        await ack()

    @app.event("app_home_opened")
    async def home(event: JSON, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    @app.event("message")
    async def nothing() -> None:
        """Say nothing."""


async def post_all(client: AsyncWebClient, channel: str = "C_ALL") -> None:
    """Post the whole gallery, a message for each of its parts."""
    for text, blocks in MESSAGES.items():
        await client.chat_postMessage(channel=channel, text=text, blocks=blocks)
    await client.chat_postMessage(channel=channel, text="Anhänge", attachments=ATTACHMENTS)
