"""The command line: every command of `python bot.py`, each in the file of its subject."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Annotated, Any

import typer

from bot import links
from handlers import logs
from handlers.commands import calendar, deliveries, demo, imports, people, pitches, rounds, sources, store
from handlers.commands.context import fail, settings
from handlers.opening import StartError, alone, open_store

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Stadtfunk, der Assistent des städtischen Digitalteams im Chat.",
)
app.add_typer(demo.app, name="demo")
app.add_typer(sources.app, name="sources")
app.add_typer(imports.app, name="import")
app.add_typer(people.app, name="people")
app.add_typer(rounds.app, name="rounds")
app.add_typer(pitches.app, name="pitches")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(calendar.app, name="calendar")
app.command("migrate")(store.migrate)
app.command("doctor")(store.doctor)
app.command("backup")(store.backup)


@app.command("run")
def run(
    *,
    no_site: Annotated[bool, typer.Option("--no-site", help="Ohne die öffentliche Website.")] = False,
) -> None:
    """Den Assistenten starten: Chat, Uhr und öffentliche Website."""
    from handlers.run import assistant, site, until_stopped  # noqa: PLC0415 - the chat's libraries, only when needed

    found = settings()

    async def work() -> None:
        opened = open_store(found)
        try:
            with alone(opened, found):
                async with assistant(opened, found):
                    if no_site:
                        await until_stopped()
                        return
                    async with site(opened, found) as url:
                        typer.echo(f"Website: {url}")
                        await until_stopped()
        finally:
            opened.close()

    _until_done(work())


@app.command("site")
def public_site() -> None:
    """Nur die öffentliche Website starten, auch neben einer laufenden Instanz."""
    from handlers.run import site, until_stopped  # noqa: PLC0415 - the web's libraries, only when needed

    found = settings()

    async def work() -> None:
        opened = open_store(found)
        try:
            async with site(opened, found) as url:
                typer.echo(f"Website: {url}")
                await until_stopped()
        finally:
            opened.close()

    _until_done(work())


@app.command("manifest")
def print_manifest(
    *,
    request_url: Annotated[
        str, typer.Option(help="Adresse für signierte HTTP-Anfragen; ohne sie Socket Mode.")
    ] = "",
) -> None:
    """Das App-Manifest ausgeben, mit dem die App in Slack angelegt wird."""
    from handlers.chat.manifest import manifest  # noqa: PLC0415 - the chat's libraries, only when asked for

    shown = manifest(request_url=request_url, unfurl_domains=_domains())
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))


def main() -> None:
    """Run the command line."""
    logs.start()
    app()


def _domains() -> list[str]:
    """Return whose links are to be previewed; without a store only our own site's."""
    found = settings()
    try:
        store = open_store(found)
    except StartError:
        return links.own_domains(found.public_url)
    try:
        return store.ask(links.domains, found.public_url)
    finally:
        store.close()


def _until_done(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except StartError as error:
        fail(str(error))
