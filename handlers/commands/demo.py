"""`demo`: the whole of Stadtfunk on this machine, and `demo publish`, which lets something happen in it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from handlers.commands.context import fail, settings, words
from handlers.opening import StartError

app = typer.Typer(
    invoke_without_command=True, help="Die Demo: Chat, Assistent und Website auf diesem Rechner."
)

FOLDER = Path("var/demo")
Folder = Annotated[Path, typer.Option(help="Wo die Daten der Demo liegen.")]


@app.callback()
def start(
    context: typer.Context,
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Von vorn beginnen.")] = False,
    folder: Folder = FOLDER,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port des Chats.")] = 8090,
    portal_port: Annotated[int, typer.Option(min=0, max=65535, help="Port des Demo-Portals.")] = 8091,
) -> None:
    """Die Demo starten. Beenden mit Strg-C; der nächste Start macht dort weiter."""
    if context.invoked_subcommand:
        return
    found = settings()
    _ = words(found)

    async def work() -> None:
        try:
            from handlers.demo.start import demo  # noqa: PLC0415 - the sandbox's libraries, only for the demo
            from handlers.run import until_stopped  # noqa: PLC0415 - the chat's libraries, the same
        except ModuleNotFoundError as error:
            raise StartError(_("The demo is not part of this installation.")) from error

        async with demo(found, folder=folder, fresh=fresh, ports=(port, portal_port)) as running:
            typer.echo(_("Stadtfunk is running. Open in your browser:"))
            typer.echo("  " + _("Chat:        {url}", url=running.sandbox.page_url))
            typer.echo("  " + _("Public site: {url}", url=running.site_url))
            typer.echo("  " + _("Data:        {folder}", folder=folder.resolve()))
            typer.echo(_("Stop with Ctrl-C."))
            await until_stopped()

    try:
        asyncio.run(work())
    except StartError as error:
        fail(str(error))


@app.command("publish")
def publish(
    *,
    title: Annotated[str, typer.Option(help="Titel des Beitrags.")],
    teaser: Annotated[str, typer.Option(help="Ein, zwei Sätze dazu.")] = "",
    folder: Folder = FOLDER,
) -> None:
    """Einen Beitrag an den Feed des Demo-Portals hängen; der Assistent meldet ihn im Chat."""
    from handlers.demo.clock import CLOCK_FILE, DemoClock  # noqa: PLC0415 - only for the demo
    from handlers.demo.portal import Portal  # noqa: PLC0415 - icalendar, only for the demo

    _ = words(settings())
    if not (folder / "portal").is_dir():
        fail(_("There is no demo in {folder}. Start it first: python bot.py demo", folder=folder))
    if not title.strip():
        fail(_("Please give the post a title."))
    now = DemoClock(folder / CLOCK_FILE, lambda: datetime.now(UTC))()
    Portal(folder / "portal").publish(title.strip(), teaser=teaser, now=now)
    typer.echo(_("Published. The post will be in #digital-neues in a few seconds."))
