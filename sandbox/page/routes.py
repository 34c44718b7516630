"""The page's addresses."""

from aiohttp import web

from sandbox.page.acts import Acts
from sandbox.page.assets import give
from sandbox.page.developer import add_developer
from sandbox.page.file_desk import FileDesk
from sandbox.page.lines import address_of_message
from sandbox.page.live import Live
from sandbox.page.render import render, theme_of
from sandbox.page.screen import Screen, Shown
from sandbox.page.suggestions import suggestions

# What an open page fetches again when something changed: the id of the part is the name of its template.
PARTS = ("top", "guide", "sidebar", "main", "thread", "modals")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; "
        "img-src 'self' http://127.0.0.1:* http://localhost:*; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def add_page(app: web.Application, sandbox: Shown) -> Live:
    """Add what people see of a sandbox to its web application, and return what tells open pages of changes.

    Args:
        app: not started yet.
        sandbox: read each time someone looks, so it may still be starting.
    """
    live, acts, file_desk = Live(sandbox), Acts(sandbox), FileDesk(sandbox)

    async def page(request: web.Request) -> web.Response:
        screen = Screen(sandbox, request.query)
        return _html(render("page.html", screen.texts, screen=screen, theme=theme_of(request)))

    async def parts(request: web.Request) -> web.Response:
        screen = Screen(sandbox, request.query)
        wanted = request.query.get("only", "").split(",")
        shown = (render(f"{part}.html", screen.texts, screen=screen) for part in PARTS if part in wanted)
        return _html("".join(shown))

    async def suggest(request: web.Request) -> web.Response:
        screen = Screen(sandbox, request.query)
        options = suggestions(screen, request.query.get("typed", ""))
        return _html(render("suggestions.html", screen.texts, options=options))

    async def see_message(request: web.Request) -> web.Response:
        raise web.HTTPFound(
            address_of_message(
                sandbox.workspace,
                request.query.get("person", ""),
                request.match_info["channel"],
                request.match_info["ts"],
                request.query.get("thread_ts"),
            )
        )

    async def static(request: web.Request) -> web.Response:
        return give(request.match_info["name"], request.match_info["version"], HEADERS)

    app.router.add_get("/", page)
    app.router.add_get("/parts", parts)
    app.router.add_get("/suggest", suggest)
    app.router.add_get("/file/{id}", file_desk.give)
    app.router.add_post("/file", file_desk.take)
    app.router.add_get("/archives/{channel}/{ts}", see_message)
    app.router.add_get("/live", live.serve)
    app.router.add_get("/static/{version}/{name}", static)
    add_developer(app, sandbox, HEADERS)
    app.router.add_post("/act/{act}", acts.serve)
    app.on_shutdown.append(live.close)
    return live


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers=HEADERS)
