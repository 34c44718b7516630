"""The public site: every address it has."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from bot.settings import Settings
from handlers.web import assets, data, events, guard, live, measures, posts, radar, start
from handlers.web.site import Handler, Site
from handlers.web.visit import ENGLISH
from storage import public
from storage.store import Store

# Slugs as the house makes them; anything else names nothing.
SLUG = "{slug:[a-z0-9-]{1,90}}"
# A page that was sent, or that the visitor has already.
SHOWN = (200, 304)


def make_app(
    store: Store,
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    pace: live.Pace = live.Pace(),  # noqa: B008 - a frozen value
    seen: Callable[[str], None] = lambda _path: None,
) -> web.Application:
    """Return the public site over a store that is at the newest migration.

    Args:
        store: what is shown; only `storage.public` is asked.
        settings: time zone and the site's own address.
        clock: returns the moment, with a time zone.
        pace: how often open pages ask whether something has changed.
        seen: is told the path of each page that was sent.
    """
    site = Site(store, settings, clock)
    slashes = web.normalize_path_middleware(append_slash=False, remove_slash=True, merge_slashes=False)
    app = web.Application(middlewares=[guard.errors(site), slashes])
    app.on_response_prepare.append(guard.harden)
    app.on_response_prepare.append(_told(seen))
    app.cleanup_ctx.append(site.freshness.watch)
    pages: dict[str, Handler] = {
        "/": site.page(start.start),
        "/radar": site.page(radar.radar, takes=radar.TAKES),
        f"/massnahmen/{SLUG}": site.page(measures.measure),
        "/beitraege": site.page(posts.posts, takes=posts.TAKES),
        "/termine": site.page(events.events),
        f"/termine/{SLUG}.ics": site.page(events.calendar_file),
        "/daten": site.page(data.overview),
    }
    for path, page in pages.items():
        app.router.add_get(path, page)
        app.router.add_get(f"{ENGLISH}{path}", page)
    app.router.add_get(ENGLISH, _english_start)
    app.router.add_get("/api/v1/measures", site.page(data.measures))
    app.router.add_get(f"/api/v1/measures/{SLUG}", site.page(data.measure))
    app.router.add_get("/api/v1/revision", live.serve(site, pace))
    app.router.add_get("/static/{version}/{name}", assets.send)
    app.router.add_get("/healthz", _health(site))
    return app


async def _english_start(request: web.Request) -> web.StreamResponse:
    """Add the slash that the English start page has."""
    del request
    raise web.HTTPPermanentRedirect(f"{ENGLISH}/")


def _told(seen: Callable[[str], None]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    async def tell(request: web.Request, response: web.StreamResponse) -> None:
        if response.status in SHOWN:
            seen(request.path)

    return tell


def _health(site: Site) -> Handler:
    async def health(request: web.Request) -> web.StreamResponse:
        """Say that the site can read its store; else the error door says that it can't."""
        del request
        await site.store.read(public.revision)
        return web.json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})

    return health
