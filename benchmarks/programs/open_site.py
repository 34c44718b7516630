"""A program: a bare aiohttp site with one route, which has answered once and stays open."""

import asyncio
import socket
import time

from aiohttp import web

from benchmarks.programs.asking import ask_and_stay


async def answer(_: web.Request) -> web.Response:
    """Answer `auth.test`."""
    return web.json_response({"ok": True})


async def main() -> None:
    """Open it, say how long that took, and stay."""
    began = time.perf_counter()
    port = socket.create_server(("127.0.0.1", 0))
    app = web.Application()
    app.router.add_post("/api/auth.test", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, port).start()
    await ask_and_stay(began, f"http://127.0.0.1:{port.getsockname()[1]}/api/", "")


if __name__ == "__main__":
    asyncio.run(main())
