"""An app at its barest: a websocket that notes every frame and acknowledges it as told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox import Sandbox

JSON = dict[str, Any]


class Wire:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[JSON] = []
        self.is_deaf = False
        self.answer: JSON | None = None
        self._arrival = asyncio.Event()

    async def frame(self, is_meant: Callable[[JSON], bool]) -> JSON:
        """Wait for a frame and return it."""
        async with asyncio.timeout(15):
            while True:
                self._arrival.clear()
                for frame in self.frames:
                    if is_meant(frame):
                        return frame
                await self._arrival.wait()

    async def payload(self, kind: str) -> JSON:
        """Wait for an interaction's payload of this type."""
        frame = await self.frame(lambda frame: frame.get("payload", {}).get("type") == kind)
        payload: JSON = frame["payload"]
        return payload

    async def event(self, kind: str, **facts: str) -> JSON:
        """Wait for an event of this type (and subtype …) and return its envelope."""

        def is_meant(frame: JSON) -> bool:
            event = frame.get("payload", {}).get("event", {})
            return event.get("type") == kind and all(event.get(key) == facts[key] for key in facts)

        payload: JSON = (await self.frame(is_meant))["payload"]
        return payload

    async def read(self) -> None:
        """Note frames and acknowledge them until the websocket closes."""
        async for frame in self.socket:
            said = json.loads(frame.data)
            self.frames.append(said)
            if "envelope_id" in said and not self.is_deaf:
                ack = {"envelope_id": said["envelope_id"]}
                if self.answer and said["accepts_response_payload"]:
                    ack["payload"] = self.answer
                await self.socket.send_json(ack)
            self._arrival.set()


@asynccontextmanager
async def wired(sandbox: Sandbox) -> AsyncIterator[Wire]:
    """Connect to a sandbox and wait for its hello."""
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {sandbox.app_token}"}
        async with session.post(f"{sandbox.api_url}apps.connections.open", headers=headers) as response:
            url = (await response.json())["url"]
        async with session.ws_connect(url) as socket:
            wire = Wire(socket)
            reading = asyncio.create_task(wire.read())
            await wire.frame(lambda frame: frame["type"] == "hello")
            yield wire
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
