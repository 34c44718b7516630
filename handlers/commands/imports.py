"""`import`: posts, events and sources from files, all or nothing, and nothing of it is announced."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from sqlmodel import Session

from bot import events, imports, posts
from bot.imports import FetchError, Slip, SlipKind, SlipsError
from bot.settings import Settings
from bot.texts import Texts
from handlers.commands.context import AsJson, fail, opened, settings, show, words

app = typer.Typer(no_args_is_help=True, help="Beiträge, Termine und Quellen aus Dateien einlesen.")

# Whoever mends the first twenty has understood the rest.
MOST_SHOWN: Final = 20

DryRun = Annotated[bool, typer.Option("--dry-run", help="Nur zeigen, was neu wäre; nichts behalten.")]


@app.command("posts")
def import_posts(
    file: Annotated[Path, typer.Argument(help="Eine CSV-Tabelle: Titel, Datum, Adresse, Schlagwörter.")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Beiträge aus einer Tabelle einlesen. Gemeldet wird davon nichts."""
    found = settings()
    now = datetime.now(UTC)
    _ = words(found)
    body = _body(file, _)
    try:
        listed = imports.read_posts(body, zone=found.zone, now=now)
    except SlipsError as error:
        _refuse(error.slips, file, _)

    def keep(session: Session) -> list[bool]:
        return posts.import_all(session, listed, origin=imports.ORIGIN, now=now)

    is_new = _kept(found, keep, dry_run=dry_run)
    rows = [{"title": one.title, "date": one.published_at, "url": one.url} for one in listed]
    _report(rows, is_new, _, dry_run=dry_run, as_json=as_json)


@app.command("events")
def import_events(
    file: Annotated[
        Path,
        typer.Argument(
            help="Eine CSV-Tabelle: Titel, Beginn, Ende, Ort, Veranstalter*in, Adresse; oder eine .ics-Datei."
        ),
    ],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Termine aus einer Tabelle oder einem Kalender einlesen. Gemeldet wird davon nichts."""
    found = settings()
    now = datetime.now(UTC)
    _ = words(found)
    body = _body(file, _)
    try:
        if imports.is_calendar(body):
            today = now.astimezone(found.zone).date()
            listed = imports.read_calendar(body, timezone=found.timezone, today=today)
        else:
            listed = imports.read_events(body, zone=found.zone)
    except SlipsError as error:
        _refuse(error.slips, file, _)
    except FetchError as error:
        fail(_("{file} can't be read as a calendar ({reason}).", file=file, reason=error))

    def keep(session: Session) -> list[bool]:
        return events.import_all(session, listed, origin=imports.ORIGIN, now=now)

    is_new = _kept(found, keep, dry_run=dry_run)
    rows = [
        {"title": one.title, "start": one.starts_on if one.all_day else one.starts_at, "url": one.url}
        for one in listed
    ]
    _report(rows, is_new, _, dry_run=dry_run, as_json=as_json)


@app.command("sources")
def import_sources(
    file: Annotated[Path, typer.Argument(help="Die Abos eines Feedreaders (OPML).")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Quellen aus den Abos eines Feedreaders einlesen. Bekannte Adressen bleiben, wie sie sind."""
    found = settings()
    now = datetime.now(UTC)
    _ = words(found)
    body = _body(file, _)
    try:
        offers = imports.read_sources(body)
    except FetchError as error:
        fail(_("{file} can't be read as OPML ({reason}).", file=file, reason=error))

    def keep(session: Session) -> list[bool]:
        return imports.keep_sources(session, offers, now=now)

    is_new = _kept(found, keep, dry_run=dry_run)
    rows = [{"kind": offer.kind, "title": offer.title, "url": offer.url} for offer in offers]
    _report(rows, is_new, _, dry_run=dry_run, as_json=as_json)


def _body(file: Path, _: Texts) -> bytes:
    """Return what is in a file, or end saying why that is not possible."""
    try:
        with file.open("rb") as opened_file:
            body = opened_file.read(imports.MAX_BYTES + 1)
    except OSError as error:
        fail(_("{file} can't be read ({reason}).", file=file, reason=error.strerror))
    if len(body) > imports.MAX_BYTES:
        fail(_("{file} is larger than {limit} MB.", file=file, limit=imports.MAX_BYTES // 1_000_000))
    return body


def _kept(found: Settings, keep: Callable[[Session], list[bool]], *, dry_run: bool) -> list[bool]:
    """Keep what was read, in one transaction; a dry run takes it back."""

    def deed(session: Session) -> list[bool]:
        is_new = keep(session)
        if dry_run:
            session.rollback()
        return is_new

    with opened(found) as store:
        return store.do(deed)


def _report(
    rows: Sequence[Mapping[str, Any]], is_new: Sequence[bool], _: Texts, *, dry_run: bool, as_json: bool
) -> None:
    """Say what was new and what was known already; one by one in a dry run, and for programs."""
    if as_json:
        marked = [{"is_new": new, **row} for new, row in zip(is_new, rows, strict=True)]
        show(marked, as_json=True, empty="")
        return
    if dry_run and rows:
        names = {True: _("new"), False: _("known")}
        show(
            [{"": names[new], **row} for new, row in zip(is_new, rows, strict=True)], as_json=False, empty=""
        )
    new, known = sum(is_new), len(is_new) - sum(is_new)
    if dry_run:
        typer.echo(_("Dry run, nothing was kept. New: {new}, known already: {known}.", new=new, known=known))
    else:
        typer.echo(_("Kept. New: {new}, known already: {known}.", new=new, known=known))


def _refuse(slips: Sequence[Slip], file: Path, _: Texts) -> NoReturn:
    """End saying what is wrong where."""
    for slip in slips[:MOST_SHOWN]:
        where = _("line {line}", line=slip.line)
        if slip.column:
            where = _("line {line}, column “{column}”", line=slip.line, column=slip.column)
        typer.echo(f"{file}, {where}: {_sentence(slip, _)}", err=True)
    fail(_.plural("{n} mistake; nothing was kept.", "{n} mistakes; nothing was kept.", len(slips)))


def _sentence(slip: Slip, _: Texts) -> str:
    sentences = {
        SlipKind.NO_TEXT: _("This is no text file."),
        SlipKind.NO_COLUMN: _("This column is missing."),
        SlipKind.BROKEN: _("A quotation mark is missing or in the wrong place, or a cell is endless."),
        SlipKind.TOO_MANY_CELLS: _("There are more cells than headings."),
        SlipKind.EMPTY: _("This must not be empty."),
        SlipKind.TOO_LONG: _("This is too long."),
        SlipKind.NO_DATE: _(
            "“{value}” is no date like 24.12.2026, 24.12.2026 18:00 or 2026-12-24.", value=slip.value
        ),
        SlipKind.IN_FUTURE: _("“{value}” lies in the future.", value=slip.value),
        SlipKind.ENDS_BEFORE: _("“{value}” is before the beginning.", value=slip.value),
        SlipKind.NO_LINK: _("“{value}” is no address like https://stadt.example/.", value=slip.value),
    }
    return sentences[slip.kind]
