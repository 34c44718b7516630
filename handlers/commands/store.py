"""`migrate`, `doctor` and `backup`: the store's own commands."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import Settings
from bot.texts import Texts
from handlers.commands.context import fail, opened, settings, words
from handlers.opening import StartError, open_store
from storage import schema
from storage.store import Store


def migrate() -> None:
    """Den Datenspeicher anlegen oder auf den neuesten Stand bringen."""
    found = settings()
    _ = words(found)
    try:
        store = open_store(found, migrate=True)
    except StartError as error:
        fail(str(error))
    store.close()
    typer.echo(_("The store {name} is up to date.", name=store.name))


def doctor() -> None:
    """Prüfen, ob alles da ist, was der Assistent braucht, und sagen, was fehlt."""
    found = settings()
    _ = words(found)
    checks = [*_check_store(found, _), *_check_slack(found, _), *_check_channels(found, _)]
    for is_well, sentence in checks:
        typer.echo(f"{'✓' if is_well else '✗'} {sentence}")
    if not all(is_well for is_well, _sentence in checks):
        raise typer.Exit(1)


def backup(
    file: Annotated[
        Path, typer.Argument(help="Wohin die Sicherung geschrieben wird; darf noch nicht da sein.")
    ],
) -> None:
    """Eine Sicherung des Datenspeichers schreiben, auch während der Assistent läuft."""
    found = settings()
    _ = words(found)
    if file.exists():
        fail(_("{file} exists already. Please choose another name.", file=file))
    with opened(found) as store:
        try:
            if store.file:
                _copy_sqlite(store.file, file)
            else:
                _dump_postgresql(store, file, _)
        except OSError as error:
            fail(_("{file} can't be written ({reason}).", file=file, reason=error.strerror))
    typer.echo(_("Backup written to {file}.", file=file))


def _copy_sqlite(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def _dump_postgresql(store: Store, target: Path, _: Texts) -> None:
    pg_dump = shutil.which("pg_dump")
    if pg_dump is None:
        fail(_("pg_dump is missing. Please install the package postgresql-client."))
    url = store.url.set(drivername="postgresql")
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    # In the environment the password is seen by nobody else on the machine.
    address = url._replace(password=None).render_as_string(hide_password=False)
    target.touch(mode=0o600)
    command = [pg_dump, "--format=custom", "--file", str(target), "--dbname", address]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        fail(_("pg_dump did not finish: {reason}", reason=done.stderr.strip()))


def _check_store(found: Settings, _: Texts) -> list[tuple[bool, str]]:
    try:
        store = open_store(found)
    except StartError as error:
        return [(False, str(error))]
    drift = schema.drift(store)
    store.close()
    if drift:
        return [(False, _("The store's tables differ from what this version expects."))]
    return [(True, _("The store {name} is up to date.", name=store.name))]


def _check_slack(found: Settings, _: Texts) -> list[tuple[bool, str]]:
    from handlers.chat.app import make_client  # noqa: PLC0415 - the chat's libraries, only when asked for
    from handlers.run import check_tokens  # noqa: PLC0415 - the same

    try:
        asyncio.run(check_tokens(make_client(found), found))
    except StartError as error:
        return [(False, str(error))]
    return [(True, _("Slack takes the tokens."))]


def _check_channels(found: Settings, _: Texts) -> list[tuple[bool, str]]:
    names = {
        "COMMS_CHANNEL": found.comms_channel,
        "REVIEW_CHANNEL": found.review_channel,
    }
    return [
        (True, _("{name} is {channel}.", name=f"STADTFUNK_{name}", channel=channel))
        if channel
        else (False, _("{name} is not set: messages for it wait as failed.", name=f"STADTFUNK_{name}"))
        for name, channel in names.items()
    ]
