"""The developer's view: what app and workspace say to each other, with nothing secret in it."""

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.page.render import render, theme_of
from sandbox.page.screen import Shown
from sandbox.page.texts import Texts, texts
from sandbox.protocol.traffic import Exchange
from sandbox.state.records import Member

MOST_SHOWN = 200


def kinds(_: Texts) -> dict[str, str]:
    """Return what the kinds of exchanges are called."""
    return {
        "call": _("Web API"),
        "events_api": _("Event"),
        "interactive": _("Interaction"),
        "slash_commands": _("Command"),
        "response_url": "response_url",
    }


class Developer:
    """All that the view's templates show.

    Attributes:
        kind, words, is_failed: what is looked for: one kind, names with these letters, only what failed.
    """

    def __init__(self, sandbox: Shown, query: Mapping[str, str]) -> None:
        """Look through the exchanges as the address says."""
        self._sandbox = sandbox
        self.workspace = sandbox.workspace
        people = {person.id: person for person in self.workspace.people()}
        first = next(iter(people.values()), None)
        self.person: Member | None = people.get(query.get("person", ""), first)
        self.texts = texts(self.person.locale) if self.person else texts()
        self.kinds = kinds(self.texts)
        self.kind = query.get("kind", "")
        self.words = query.get("words", "").strip()
        self.is_failed = query.get("failed") == "yes"

    @property
    def api_url(self) -> str:
        """The address that the app calls."""
        return f"{self.workspace.address}api/"

    @property
    def found(self) -> list[Exchange]:
        """The exchanges looked for, the newest first."""
        return [one for one in self._sandbox.traffic.newest() if self._is_meant(one)]

    @property
    def shown(self) -> list[Exchange]:
        """The newest of those that were found."""
        return self.found[:MOST_SHOWN]

    def at(self, exchange: Exchange) -> str:
        """Return when it began, to the second."""
        zone = ZoneInfo(self.person.tz) if self.person else None
        return datetime.fromtimestamp(exchange.at, zone).strftime("%H:%M:%S")

    def json(self, exchange: Exchange, part: str) -> str:
        """Return what was `sent` or the `answer` as JSON to be read, without secrets; "" for nothing."""
        said = getattr(exchange, part)
        if said is None:
            return ""
        shown = self._sandbox.traffic.shown(said)
        return shown if isinstance(shown, str) else json.dumps(shown, indent=2, ensure_ascii=False)

    def _is_meant(self, exchange: Exchange) -> bool:
        if self.is_failed and not exchange.error:
            return False
        return self.kind in {"", exchange.source} and self.words.casefold() in exchange.name.casefold()


def add_developer(app: web.Application, sandbox: Shown, headers: Mapping[str, str]) -> None:
    """Add the developer's view to the web application of a sandbox."""

    def html(text: str) -> web.Response:
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def page(request: web.Request) -> web.Response:
        view = Developer(sandbox, request.query)
        return html(render("developer.html", view.texts, view=view, theme=theme_of(request)))

    async def found(request: web.Request) -> web.Response:
        view = Developer(sandbox, request.query)
        return html(render("exchanges.html", view.texts, view=view))

    async def one(request: web.Request) -> web.Response:
        view = Developer(sandbox, request.query)
        exchange = sandbox.traffic.find(int(request.match_info["number"]))
        if exchange is None:
            raise web.HTTPNotFound
        return html(render("exchange.html", view.texts, view=view, exchange=exchange))

    app.router.add_get("/developer", page)
    app.router.add_get("/developer/exchanges", found)
    app.router.add_get(r"/developer/{number:\d{1,12}}", one)
