"""An app at its barest, over either line: it notes all it gets and answers as told."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.fixtures import sandboxes
from tests.sandbox.conftest import SEED

JSON = dict[str, Any]
PATH = "/slack/events"


class Wire:
    """Over a websocket."""

    def __init__(self, link: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = link
        self.frames: list[JSON] = []
        self.is_deaf = False
        self.answer: JSON | None = None
        self.ended = asyncio.Event()
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

    async def of_type(self, kind: str) -> JSON:
        """Wait for a frame of this type."""
        return await self.frame(lambda frame: frame["type"] == kind)

    async def farewell(self, reason: str) -> JSON:
        """Wait to be told to leave for this reason."""
        return await self.frame(lambda frame: frame.get("reason") == reason)

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

    async def acknowledge(self, frame: JSON) -> None:
        """Acknowledge an envelope that was not while deaf."""
        await self.socket.send_json({"envelope_id": frame["envelope_id"]})

    async def read(self) -> None:
        """Note frames and acknowledge them until the websocket closes."""
        async for frame in self.socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                break
            said = json.loads(frame.data)
            self.frames.append(said)
            if "envelope_id" in said and not self.is_deaf:
                ack = {"envelope_id": said["envelope_id"]}
                if self.answer and said["accepts_response_payload"]:
                    ack["payload"] = self.answer
                await self.socket.send_json(ack)
            self._arrival.set()
        self.ended.set()


async def address(sandbox: Sandbox) -> str:
    """Return the address of a fresh websocket, as `apps.connections.open` gives it."""
    client = AsyncWebClient(base_url=sandbox.api_url)
    return str((await client.apps_connections_open(app_token=sandbox.app_token))["url"])


@asynccontextmanager
async def wired(sandbox: Sandbox, query: str = "") -> AsyncIterator[Wire]:
    """Connect to a sandbox and wait for its hello; `query` goes to the end of the address."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(await address(sandbox) + query) as link,
    ):
        wire = Wire(link)
        reading = asyncio.create_task(wire.read())
        await wire.of_type("hello")
        yield wire
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Heard:
    """A request, and when it came by the workspace's clock."""

    headers: JSON
    body: str
    at: float

    @property
    def event(self) -> JSON:
        event: JSON = json.loads(self.body)["event"]
        return event


class Ear:
    """At a request URL."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answer: Answer = accept
        self.sandbox: Sandbox
        self._arrival = asyncio.Event()

    async def times(self, count: int) -> list[Heard]:
        """Wait for so many requests and return all there are."""
        async with asyncio.timeout(15):
            while len(self.heard) < count:
                self._arrival.clear()
                await self._arrival.wait()
        return self.heard

    async def repetition(self) -> Heard:
        """Wait for an event that comes again."""
        count = 1
        while True:
            heard = (await self.times(count))[count - 1]
            if "X-Slack-Retry-Num" in heard.headers:
                return heard
            count += 1

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.path == PATH:
            body = await request.text()
            self.heard.append(Heard(dict(request.headers), body, self.sandbox.clock.time()))
            self._arrival.set()
        return await self.answer(request)


async def accept(_: web.Request) -> web.StreamResponse:
    return web.Response()


def always(**response: Any) -> Answer:
    """Return an answer that is the same for all."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(**response)

    return answer


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    """Start an app at a request URL and a sandbox that sends to it."""
    ear = Ear()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", ear.serve)
    port = socket.create_server(("127.0.0.1", 0))
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    await web.SockSite(runner, port).start()
    url = f"http://127.0.0.1:{port.getsockname()[1]}{PATH}"
    try:
        async with sandboxes(SEED) as start:
            ear.sandbox = await start(request_url=url)
            yield ear
    finally:
        await runner.cleanup()
