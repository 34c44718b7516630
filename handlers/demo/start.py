"""Starts the whole demo: workspace, portal, assistant and public site, and stops them in order."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot import rounds
from bot.settings import Settings
from bot.texts import language_of, texts
from bot.words import page
from handlers.chat.manifest import manifest
from handlers.demo import seed
from handlers.demo.clock import CLOCK_FILE, DemoClock
from handlers.demo.controls import Controls, open_round
from handlers.demo.guide import guide
from handlers.demo.portal import CALENDAR, COMMENTS_PATH, FEED, Portal
from handlers.demo.progress import WELCOME, Progress, ended
from handlers.demo.workspace import ADMIN, COMMS, REVIEW
from handlers.demo.workspace import seed as workspace_seed
from handlers.opening import StartError, alone, open_store, port_taken
from handlers.run import assistant, serve, site, utc_now
from handlers.web.live import Pace
from sandbox import Sandbox
from storage.store import Store

FOLDER: Final = Path("var/demo")
LOCAL: Final = "127.0.0.1"
WORKSPACE_PORT: Final = 8090
PORTAL_PORT: Final = 8091
RADAR_FILE: Final = "radar-seen"
# One reader, who is to see at once what happens.
QUICK: Final = Pace(again_in_s=1, at_most_s=1)
# So soon a websocket has noticed that its time is over, and so long a new one may take.
NOTICED_S: Final = 0.1
RECONNECTED_S: Final = 10


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    sandbox: Sandbox
    store: Store
    portal: Portal
    site_url: str
    folder: Path
    clock: DemoClock


@asynccontextmanager
async def demo(
    base: Settings,
    *,
    folder: Path = FOLDER,
    fresh: bool = False,
    ports: tuple[int, int] = (WORKSPACE_PORT, PORTAL_PORT),
    real: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Demo]:
    """Run the demo while the block runs.

    Args:
        base: the process's settings, of which the demo takes time zone, language and the site's port.
        folder: where its data lies; a second start goes on there.
        fresh: begin anew.
        ports: of the workspace and of the portal; 0 for any.
        real: the time of day; the demo's own may be ahead of it.

    Raises:
        StartError: a port is taken, or another demo runs in this folder.
    """
    settings = base.model_copy(update={"database_url": f"sqlite:///{folder / 'stadtfunk.sqlite'}"})
    async with AsyncExitStack() as stack:
        stack.enter_context(_folder(folder, settings, fresh=fresh))
        clock = DemoClock(folder / CLOCK_FILE, real)
        store = open_store(settings, migrate=True)
        stack.callback(store.close)
        await store.run(seed.fill, settings, clock())
        portal = Portal(folder / "portal")
        served = await serve(portal.application(), LOCAL, ports[1], settings)
        stack.push_async_callback(served.cleanup)
        portal_url = f"http://{LOCAL}:{served.addresses[0][1]}"
        await store.run(
            seed.connect,
            feed_url=f"{portal_url}/{FEED}",
            calendar_url=f"{portal_url}/{CALENDAR}",
            comments_url=f"{portal_url}{COMMENTS_PATH}",
            now=clock(),
        )
        if not await store.read(rounds.listed):
            await store.run(open_round, settings, clock(), name="Demo 1")
            portal.publish(WELCOME, teaser="Dein erster Beitrag aus dem Demo-Portal.", now=clock())
        progress = Progress(store, folder / RADAR_FILE, clock)
        site_url = await stack.enter_async_context(
            site(store, settings, clock=clock, pace=QUICK, seen=progress.seen)
        )
        try:
            sandbox = await Sandbox.start(
                workspace_seed(manifest(unfurl_domains=(LOCAL,))),
                port=ports[0],
                path=folder / "workspace.sqlite",
                controls=Controls(portal, store, settings, clock),
                links=partial(_links, site_url),
                guide=partial(guide, progress, site_url),
            )
        except OSError as error:
            raise StartError(port_taken(LOCAL, ports[0], settings)) from error
        stack.push_async_callback(sandbox.stop)
        clock.follow(sandbox.advance, partial(_reconnected, sandbox))
        watching = asyncio.create_task(progress.watch(sandbox.guide_changed), name="demo-progress")
        stack.push_async_callback(ended, watching)
        ops_port = _free_port()
        settings = settings.model_copy(
            update={
                "slack_api_url": sandbox.api_url,
                "slack_bot_token": SecretStr(sandbox.bot_token),
                "slack_app_token": SecretStr(sandbox.app_token),
                "comms_channel": COMMS,
                "review_channel": REVIEW,
                "admin_channel": ADMIN,
                "fetch_allow": (ip_network("127.0.0.0/8"),),
                "public_url": site_url,
                "ops_port": ops_port,
                "ops_url": f"http://{LOCAL}:{ops_port}",
            }
        )
        await stack.enter_async_context(assistant(store, settings, clock=clock))
        yield Demo(sandbox, store, portal, site_url, folder, clock)


def _free_port() -> int:
    with socket.create_server((LOCAL, 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def _folder(folder: Path, settings: Settings, *, fresh: bool) -> Iterator[None]:
    """Keep the demo's folder for this demo, without the data of earlier starts if it is to be fresh.

    Raises:
        StartError: it can't be written, or another demo runs in it.
    """
    _ = texts(settings.locale)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sentence = _("{file} can't be written ({reason}).", file=folder, reason=error.strerror)
        raise StartError(sentence) from error
    store = Store(settings.database_url)
    try:
        with alone(store, settings):
            if fresh:
                _clear(folder)
            yield
    finally:
        store.close()


def _clear(folder: Path) -> None:
    """Remove what the demo keeps in its folder, and nothing else."""
    for file in (*folder.glob("stadtfunk.sqlite*"), *folder.glob("workspace.sqlite*")):
        file.unlink()
    for name in (CLOCK_FILE, RADAR_FILE):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "portal", ignore_errors=True)


async def _reconnected(sandbox: Sandbox) -> None:
    """Wait until the assistant listens again: no websocket to the workspace lives for a day."""
    await asyncio.sleep(NOTICED_S)
    with suppress(TimeoutError):
        await asyncio.wait_for(sandbox.sockets.connected(), RECONNECTED_S)


def _links(site_url: str, locale: str) -> tuple[tuple[str, str], ...]:
    """Return where to go on from the chat, in the language of someone's chat."""
    _ = texts(language_of(locale))
    root = site_url.rstrip("/")
    return (_("Public site"), page(root, "/", _)), (_("Digital radar"), page(root, "/radar", _))
