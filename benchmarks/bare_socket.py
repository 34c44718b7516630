"""A bare websocket server in the place of Slack, and the envelope it sends."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from operator import itemgetter
from typing import Any, Final

import aiohttp
from aiohttp import web

from sandbox import Sandbox

HELLO: Final = {"type": "hello", "num_connections": 1}
BOT: Final = {"ok": True, "team_id": "T0", "user_id": "U0", "bot_id": "B0", "user": "karten", "team": "Stadt"}


async def recorded(sandbox: Sandbox, deed: Coroutine[Any, Any, object]) -> str:
    """Return the envelope of what a person does, as text; it and what comes before it are acknowledged."""
    headers = {"Authorization": f"Bearer {sandbox.app_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(f"{sandbox.api_url}apps.connections.open", json={}) as answer:
            address = (await answer.json())["url"]
        async with session.ws_connect(address) as link:
            await link.receive_str()
            doing = asyncio.create_task(deed)
            while True:
                envelope = await link.receive_str()
                kind, envelope_id = itemgetter("type", "envelope_id")(json.loads(envelope))
                await link.send_json({"envelope_id": envelope_id})
                # What was said in a channel comes as an event, too.
                if kind == "interactive":
                    break
            await doing
    return envelope


class BareSocket:
    """One websocket: writes an envelope prepared before and waits for its acknowledgement."""

    def __init__(self, envelope: str) -> None:
        envelope_id = json.loads(envelope)["envelope_id"]
        self._before, self._after = envelope.split(envelope_id)
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._socket = web.WebSocketResponse()
        self._address = ""
        self.connected = asyncio.Event()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[str]:
        """Listen on a free port while the block runs; yield the address of the Web API."""
        app = web.Application()
        app.router.add_post("/api/auth.test", self._test)
        app.router.add_post("/api/apps.connections.open", self._open)
        app.router.add_get("/link", self._serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self._address = f"ws://127.0.0.1:{port}/link"
        try:
            yield f"http://127.0.0.1:{port}/api/"
        finally:
            await self._socket.close()
            await runner.cleanup()

    async def send(self) -> None:
        """Send the envelope under an id of its own and wait for the acknowledgement."""
        envelope_id = str(uuid.uuid4())
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers[envelope_id] = answer
        await self._socket.send_str(f"{self._before}{envelope_id}{self._after}")
        await answer

    async def _test(self, _: web.Request) -> web.Response:
        return web.json_response(BOT)

    async def _open(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": self._address})

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        await self._socket.prepare(request)
        await self._socket.send_json(HELLO)
        self.connected.set()
        async for frame in self._socket:
            self._answers.pop(frame.json()["envelope_id"]).set_result(None)
        return self._socket
