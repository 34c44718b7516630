"""What every command needs: the settings, the store, and a way to end with one sentence."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer

from bot.settings import PREFIX, Settings, UnreadableSettingsError, load
from bot.texts import Texts, texts
from handlers.opening import StartError, open_store
from storage.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="Eine JSON-Zeile je Eintrag ausgeben.")]


def fail(sentence: str) -> NoReturn:
    """End with a sentence for people and exit status 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def settings() -> Settings:
    """Return the settings of this process, or end saying what is wrong with them."""
    try:
        return load()
    except UnreadableSettingsError as error:
        _ = texts()
        hints = [f"{name}: {_hint(name, kinds[0], _)}" for name, kinds in error.kinds.items()]
        fail(_("The settings can't be used – {reason}", reason="; ".join(hints) or error))


def _hint(name: str, kind: str, _: Texts) -> str:
    """Say what a setting has to be."""
    if kind == "int_parsing":
        return _("write a whole number")
    if kind.endswith("_than_equal"):
        return _("the number is out of range")
    hints = {
        "TIMEZONE": _("write a time zone like Europe/Berlin"),
        "HOLIDAYS": _("write a place with its categories like DE-BY:public,catholic"),
        "DIGEST_AT": _("write a weekday and a time like Mon 09:00"),
        "DIGEST_WHEN_EMPTY": _("write line or nothing"),
        "FETCH_ALLOW": _("write networks like 10.1.2.0/24, separated by commas"),
        "LOCALE": _("write de or en"),
        "ROUND_RHYTHM": _("write monthly, quarterly, half-yearly or yearly"),
    }
    return hints.get(name.removeprefix(PREFIX), _("this value can't be used"))


def words(found: Settings) -> Texts:
    """Return the texts that administrators read."""
    return texts(found.locale, found.timezone)


@contextmanager
def opened(found: Settings) -> Iterator[Store]:
    """Open the store for a command, or end saying why that is not possible."""
    try:
        store = open_store(found)
    except StartError as error:
        fail(str(error))
    try:
        yield store
    finally:
        store.close()


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str) -> None:
    """Print rows as a table for people, or one JSON object a line."""
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False, default=str))
        return
    if not rows:
        typer.echo(empty)
        return
    table = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return ", ".join(value) if isinstance(value, list) else str(value)
