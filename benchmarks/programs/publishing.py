"""A program: a bare aiohttp server with any number of feeds, some of which change when they are told to.

What it is given a folder with, it shows too, each time with another comment at the end, so that it is never
the same document again.

It counts what it could have answered with 304 and what it did. It listens under many of this machine's
addresses, so that its feeds stand on as many hosts.
"""

import asyncio
import json
import sys
from collections import Counter, defaultdict
from itertools import count
from pathlib import Path
from typing import Final

from aiohttp import web

HOSTS: Final = 50
ENTRIES: Final = 3
FEED: Final = "<rss version='2.0'><channel><title>Beiträge {feed}</title>{entries}</channel></rss>"
ENTRY: Final = (
    "<item><guid>{feed}-{n}</guid><title>Beitrag {n} aus {feed}</title>"
    "<link>https://stadt.example/{feed}/{n}</link>"
    "<description>Seit dem Frühjahr leiht die Stadtbibliothek auch Geräte aus.</description></item>"
)


class Publishing:
    """Feeds by number; each change of a feed adds an entry to it. Documents by their names in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._shown = folder, count()
        self.entries: dict[str, int] = defaultdict(lambda: ENTRIES)
        self.answered: Counter[str] = Counter()

    async def feed(self, request: web.Request) -> web.Response:
        """Show a feed, or that it has not changed."""
        feed = request.match_info["feed"]
        entries = self.entries[feed]
        headers = {"ETag": f'"{feed}-{entries}"'}
        known = request.headers.get("If-None-Match")
        if known == headers["ETag"]:
            self.answered["unchanged"] += 1
            return web.Response(status=304, headers=headers)
        self.answered["new"] += 1
        shown = "".join(ENTRY.format(feed=feed, n=n) for n in range(entries, entries - ENTRIES, -1))
        return web.Response(
            text=FEED.format(feed=feed, entries=shown), content_type="application/rss+xml", headers=headers
        )

    async def document(self, request: web.Request) -> web.Response:
        """Show a document, a little changed."""
        body = (self._folder / Path(request.match_info["name"]).name).read_bytes()
        return web.Response(body=body + f"\n<!-- {next(self._shown)} -->\n".encode(), content_type="text/xml")

    async def change(self, request: web.Request) -> web.Response:
        """Add an entry to the feeds 0, `step`, 2 × `step` … below `feeds`; forget what was counted."""
        self.answered.clear()
        for feed in range(0, int(request.query["feeds"]), int(request.query["step"])):
            self.entries[str(feed)] += 1
        return web.Response()

    async def counted(self, request: web.Request) -> web.Response:
        """Say how often it answered what."""
        del request
        return web.json_response(self.answered)


async def main(folder: Path) -> None:
    """Listen until the process is ended; say the port."""
    publishing = Publishing(folder)
    app = web.Application()
    app.router.add_get("/feeds/{feed}", publishing.feed)
    app.router.add_get("/documents/{name}", publishing.document)
    app.router.add_post("/change", publishing.change)
    app.router.add_get("/counted", publishing.counted)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = 0
    for number in range(1, HOSTS + 1):
        await web.TCPSite(runner, f"127.0.0.{number}", port).start()
        port = port or runner.addresses[0][1]
    print(json.dumps({"port": port, "hosts": HOSTS}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(*sys.argv[1:])))
