"""Starts the whole demo: workspace, portal, assistant and public site, and stops them in order."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from sqlmodel import Session

from bot import rounds
from bot.settings import Settings
from bot.texts import texts
from bot.workdays import Workdays
from handlers.chat.manifest import manifest
from handlers.demo import seed
from handlers.demo.portal import CALENDAR, COMMENTS_PATH, FEED, Portal
from handlers.demo.workspace import ADMIN, COMMS, REVIEW
from handlers.demo.workspace import seed as workspace_seed
from handlers.opening import StartError, alone, open_store, port_taken
from handlers.run import assistant, serve, site, utc_now
from sandbox import Control, Sandbox
from storage.store import Store

FOLDER: Final = Path("var/demo")
LOCAL: Final = "127.0.0.1"
WORKSPACE_PORT: Final = 8090
PORTAL_PORT: Final = 8091


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    sandbox: Sandbox
    store: Store
    portal: Portal
    site_url: str
    folder: Path


@asynccontextmanager
async def demo(
    base: Settings,
    *,
    folder: Path = FOLDER,
    fresh: bool = False,
    ports: tuple[int, int] = (WORKSPACE_PORT, PORTAL_PORT),
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Demo]:
    """Run the demo while the block runs.

    Args:
        base: the process's settings, of which the demo takes time zone, language and the site's port.
        folder: where its data lies; a second start goes on there.
        fresh: begin anew.
        ports: of the workspace and of the portal; 0 for any.
        clock: the time of day.

    Raises:
        StartError: a port is taken, or another demo runs in this folder.
    """
    settings = base.model_copy(update={"database_url": f"sqlite:///{folder / 'stadtfunk.sqlite'}"})
    async with AsyncExitStack() as stack:
        stack.enter_context(_folder(folder, settings, fresh=fresh))
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
            await store.run(_open_round, settings, clock(), name="Demo 1")
            portal.publish(
                "Willkommen bei Stadtfunk", teaser="Dein erster Beitrag aus dem Demo-Portal.", now=clock()
            )
        site_url = await stack.enter_async_context(site(store, settings, clock=clock))
        links = (("Öffentliche Website", site_url), ("Digitalisierungsradar", f"{site_url}radar"))
        try:
            sandbox = await Sandbox.start(
                workspace_seed(manifest()),
                port=ports[0],
                path=folder / "workspace.sqlite",
                controls=_controls(portal, store, settings, clock),
                links=links,
            )
        except OSError as error:
            raise StartError(port_taken(LOCAL, ports[0], settings)) from error
        stack.push_async_callback(sandbox.stop)
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
                "ops_port": 0,
            }
        )
        await stack.enter_async_context(assistant(store, settings, clock=clock))
        yield Demo(sandbox, store, portal, site_url, folder)


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
    shutil.rmtree(folder / "portal", ignore_errors=True)


def _open_round(session: Session, settings: Settings, now: datetime, *, name: str) -> int:
    workdays = Workdays(settings.holidays, settings.zone)
    return rounds.open_now(
        session, name=name, days=settings.round_days, workdays=workdays, now=now, origin=seed.DEMO
    )[1]


def _controls(
    portal: Portal, store: Store, settings: Settings, clock: Callable[[], datetime]
) -> Sequence[Control]:
    """Return the buttons of the workspace's demo panel."""

    async def publish() -> str:
        now = clock()
        title = f"Neues aus der Demo, {now.astimezone(settings.zone):%H:%M:%S} Uhr"
        portal.publish(title, teaser="Dieser Beitrag kommt aus dem Feed des Demo-Portals.", now=now)
        return "Veröffentlicht. In wenigen Sekunden steht der Beitrag in #digital-neues."

    async def announce() -> str:
        now = clock()
        starts_at = (now + timedelta(days=10)).replace(minute=0, second=0, microsecond=0)
        title = f"Demo-Veranstaltung, {now.astimezone(settings.zone):%H:%M:%S} Uhr"
        portal.announce(title, starts_at=starts_at, place="Altes Rathaus", now=now)
        return "Eingetragen. In wenigen Sekunden steht die Veranstaltung in #digital-neues."

    async def ask() -> str:
        known = await store.read(rounds.listed)
        asked = await store.run(_open_round, settings, clock(), name=f"Demo {len(known) + 1}")
        if not asked:
            return "Es ist niemand zu fragen: Alle Maßnahmen sind frisch bestätigt."
        return f"Runde eröffnet: {asked} Personen werden gefragt."

    return (
        Control(
            "publish", "Beitrag veröffentlichen", "Hängt einen Beitrag an den Feed des Demo-Portals.", publish
        ),
        Control(
            "announce", "Veranstaltung eintragen", "Trägt einen Termin in den Demo-Kalender ein.", announce
        ),
        Control("round", "Abfragerunde eröffnen", "Fragt alle zuständigen Personen nach ihrem Stand.", ask),
    )
