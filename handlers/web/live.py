"""Keeps open pages up to date: a tiny document says what is the newest revision, and a script asks for it.

Each reader who looks at a page asks every so often, less often the longer nothing happens; while nothing
has changed the answer is a 304 from memory. An event stream would hold a connection open for each of
thousands of readers.
"""

from dataclasses import dataclass

from aiohttp import web

from handlers.web.documents import json_document, stamp
from handlers.web.site import Handler, Site, matches


@dataclass(frozen=True)
class Pace:
    """How long a page waits before it asks again: at first, and at most when nothing changes."""

    again_in_s: float = 20
    at_most_s: float = 120


def serve(site: Site, pace: Pace) -> Handler:
    """Return what sends the newest revision, and when to ask again."""

    async def send(request: web.Request) -> web.StreamResponse:
        visit = site.visit(request)
        revision = await site.freshness.number()
        newest = stamp(revision, visit)
        headers = {
            "ETag": f'"{newest}"',
            "Cache-Control": "no-cache",
            "Access-Control-Allow-Origin": "*",
        }
        if matches(request.headers.get("If-None-Match", ""), headers["ETag"]):
            return web.Response(status=304, headers=headers)
        document = json_document(
            {
                "revision": revision,
                "stamp": newest,
                "again_in_s": pace.again_in_s,
                "at_most_s": pace.at_most_s,
            }
        )
        return web.Response(body=document.body, content_type=document.kind, charset="utf-8", headers=headers)

    return send
