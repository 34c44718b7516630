"""A program: a bare aiohttp server that answers at once, in the place of Slack, an assistant or a source."""

import asyncio
from itertools import count
from typing import Final

from aiohttp import web

FIRST_TS: Final = 1_700_000_000
ENTRIES: Final = 30
ENTRY: Final = (
    "<item><guid>{feed}-{n}</guid><title>Beitrag {n}</title><link>https://stadt.example/{feed}/{n}</link>"
    "<description>Seit dem Frühjahr leiht die Stadtbibliothek auch Geräte aus.</description></item>"
)


class Answering:
    """Answers with a new ts each time and keeps what came in last."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._last = b""
        self._type = ""

    async def post(self, request: web.Request) -> web.Response:
        """Answer as chat.postMessage does; the message itself is not repeated."""
        self._last, self._type = await request.read(), request.headers["Content-Type"]
        ts = f"{FIRST_TS}.{next(self._numbers):06d}"
        return web.Response(
            text=f'{{"ok": true, "channel": "D0ALLE", "ts": "{ts}", "message": {{"ts": "{ts}"}}}}',
            content_type="application/json",
        )

    async def press(self, request: web.Request) -> web.Response:
        """Acknowledge a press: read it, and say nothing."""
        await request.read()
        return web.Response()

    async def feed(self, request: web.Request) -> web.Response:
        """Show a feed that is the same each time, but says that it was made anew."""
        entries = "".join(ENTRY.format(feed=request.match_info["feed"], n=n) for n in range(ENTRIES))
        document = f"<rss version='2.0'><channel><title>Beiträge</title>{entries}</channel></rss>"
        return web.Response(text=document, content_type="application/rss+xml")

    async def last(self, request: web.Request) -> web.Response:
        """Show the body and the type of the message that came last."""
        del request
        return web.Response(body=self._last, headers={"Content-Type": self._type})


async def main() -> None:
    """Listen until the process is ended."""
    answering = Answering()
    app = web.Application()
    app.router.add_post("/api/chat.postMessage", answering.post)
    app.router.add_post("/slack/events", answering.press)
    app.router.add_get("/feeds/{feed}", answering.feed)
    app.router.add_get("/last", answering.last)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
