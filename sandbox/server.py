"""The sandbox: a workspace, what a bot speaks with and what people see, behind one port of this machine."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.client import Person
from sandbox.page.routes import add_page
from sandbox.protocol.call import Desk
from sandbox.protocol.courier import Courier
from sandbox.protocol.events import Events
from sandbox.protocol.faults import Faults
from sandbox.protocol.faulty_line import FaultyLine
from sandbox.protocol.file_server import FileServer
from sandbox.protocol.http_events import HttpEvents
from sandbox.protocol.interactions import Interactions
from sandbox.protocol.pace import Pace
from sandbox.protocol.payloads import Payloads
from sandbox.protocol.response_urls import ResponseUrls
from sandbox.protocol.socket_mode import SocketMode
from sandbox.protocol.traffic import NotedLine, Traffic
from sandbox.protocol.triggers import Triggers
from sandbox.protocol.web_api import WebApi
from sandbox.state.app import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID
from sandbox.state.clock import Clock
from sandbox.state.offers import Guide, Offer
from sandbox.state.records import Change, Control, Seed
from sandbox.state.workspace import Workspace

# Live updates of the page never end by themselves.
SHUTDOWN_SECONDS = 1.0
LARGEST_REQUEST = 4 * 1024 * 1024


class Sandbox:
    """A running sandbox; made by `Sandbox.start`."""

    team_id: Final = TEAM_ID
    app_id: Final = APP_ID
    bot_id: Final = BOT_ID
    bot_user_id: Final = BOT_USER_ID

    def __init__(
        self,
        workspace: Workspace,
        port: socket.socket,
        *,
        controls: Offer[Sequence[Control]],
        links: Offer[Sequence[tuple[str, str]]],
        guide: Offer[Guide | None],
        is_paced: bool,
        request_url: str | None,
    ) -> None:
        self.workspace = workspace
        self.controls = controls
        self.links = links
        self.guide = guide
        self.bot_token = "xoxb-" + workspace.secret("bot_token")
        self.app_token = "xapp-1-" + workspace.secret("app_token")
        self.signing_secret = workspace.secret("signing_secret")
        host, number = port.getsockname()[:2]
        self.page_url = f"http://{host}:{number}/"
        self.api_url = f"{self.page_url}api/"
        workspace.address = self.page_url
        clock = workspace.clock
        self.faults = Faults(clock)
        self.sockets = SocketMode(clock)
        token = workspace.secret("verification_token")
        self.http = HttpEvents(request_url, self.signing_secret, token, clock) if request_url else None
        secrets = (self.bot_token, self.app_token, self.signing_secret, token)
        self.traffic = Traffic(clock, *secrets)
        self._line = FaultyLine(NotedLine(self.http or self.sockets, self.traffic), self.faults, clock)
        self._courier = Courier(self._line, clock)
        triggers, urls = Triggers(clock), ResponseUrls(workspace, self.page_url, self.traffic)
        payloads = Payloads(workspace, triggers, urls, token)
        self._events = Events(workspace, self._courier, token)
        self.interactions = Interactions(workspace, self._line, payloads, urls, self._events)
        pace = Pace(clock) if is_paced else None
        desk = Desk(workspace, triggers, self.faults, pace, self._socket_url, self.page_url)
        workspace.listen(self._part_with_app)
        self._is_stopped = False
        self._runner = web.AppRunner(
            self._app(WebApi(desk, self.bot_token, self.app_token, self.traffic), urls),
            shutdown_timeout=SHUTDOWN_SECONDS,
            access_log=None,
        )

    @classmethod
    async def start(
        cls,
        seed: Seed,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        path: Path | None = None,
        controls: Offer[Sequence[Control]] = (),
        links: Offer[Sequence[tuple[str, str]]] = (),
        guide: Offer[Guide | None] = None,
        pace: bool = True,
        request_url: str | None = None,
    ) -> Self:
        """Start a sandbox and return it when it can be called.

        Args:
            seed: what a new workspace starts with, and how people, channels and app are now.
            host: the address to listen on.
            port: the port to listen on; 0 for any that is free.
            path: the file the workspace is kept in; without it nothing is kept.
            controls: buttons of the demo, shown in the page.
            links: label and address of pages to go on to, shown in the page.
            guide: what there is to try out, shown in the page until it is put away.
                Each of these may be a function that makes it for a reader's locale, such as `en-GB`.
            pace: whether the app is held to Slack's pace.
            request_url: where an app without Socket Mode takes signed HTTP requests.

        Raises:
            OSError: the port is taken.
        """
        taken = socket.create_server((host, port))
        try:
            workspace = Workspace(seed, path)
        except BaseException:
            taken.close()
            raise
        sandbox = cls(
            workspace,
            taken,
            controls=controls,
            links=links,
            guide=guide,
            is_paced=pace,
            request_url=request_url,
        )
        await sandbox._runner.setup()
        await web.SockSite(sandbox._runner, taken).start()
        return sandbox

    @property
    def clock(self) -> Clock:
        """The workspace's clock; move it on with `advance`."""
        return self.workspace.clock

    def advance(self, seconds: float) -> None:
        """Move the clock on, and show open pages what day it is."""
        self.clock.advance(seconds)
        self._live.tell("clock")

    def guide_changed(self) -> None:
        """Show open pages the guide as it is now."""
        self._live.tell("guide")

    def person(self, member_id: str) -> Person:
        """Return a client that acts as this person."""
        return Person(self.workspace, self.interactions, self.workspace.member(member_id))

    async def stop(self) -> None:
        """Stop listening, end all connections and close the file; a second time does nothing."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self._events.close()
        self.faults.clear()
        await self._courier.close()
        await self._line.close()
        await self._runner.cleanup()
        if self.http is not None:
            await self.http.close()
        self.workspace.close()

    def _app(self, api: WebApi, urls: ResponseUrls) -> web.Application:
        files = FileServer(self.workspace, self.bot_token)
        app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[_turn_away_unreadable])
        app.router.add_route("GET", "/api/{method}", api.serve)
        app.router.add_route("POST", "/api/{method}", api.serve)
        app.router.add_get("/link", self.sockets.serve)
        app.router.add_post("/hooks/{key}", self.faults.around("response_url", urls.serve))
        app.router.add_post("/upload/v1/{key}", self.faults.around("upload", files.take))
        app.router.add_get("/files-pri/{slug}/{name}", files.give)
        app.router.add_get("/files-pri/{slug}/download/{name}", files.give)
        app.on_shutdown.append(self._end_sockets)
        self._live = add_page(app, self)
        return app

    def _socket_url(self) -> str:
        return f"{self.page_url.replace('http', 'ws', 1)}link?ticket={self.sockets.ticket()}"

    def _part_with_app(self, change: Change) -> None:
        if change.kind == "app_uninstalled":
            self.sockets.unlink()

    async def _end_sockets(self, _: web.Application) -> None:
        await self.sockets.close()


@web.middleware
async def _turn_away_unreadable(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 400 to a body that breaks off or is not packed as it says, and end the connection."""
    try:
        return await handler(request)
    except web.RequestPayloadError:
        response = web.Response(status=400, text="unreadable")
        # Where the next request begins nobody knows.
        response.force_close()
        return response
