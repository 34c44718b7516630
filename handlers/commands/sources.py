"""`sources`: what is read, how that goes, and mending it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot import curation, subscriptions
from bot.curation import Source, SourceKind, SourceState
from bot.settings import Settings
from bot.sources import Fetcher, FetchError, Offer, Parser
from bot.subscriptions import NewsKind
from bot.texts import Texts
from bot.words import moment
from handlers.commands import departments
from handlers.commands.context import AsJson, fail, opened, settings, show, words
from handlers.source_words import (
    ago,
    bad_address,
    bad_title,
    brings_name,
    department_name,
    every,
    items_line,
    kind_name,
    nothing_found,
    source_trouble,
    state_name,
    state_trouble,
    until,
)

app = typer.Typer(
    no_args_is_help=True, help="Quellen: Feeds, Kalender, Kommentare und Sitemaps, die gelesen werden."
)

WhichSource = Annotated[
    str, typer.Argument(metavar="QUELLE", help="Nummer, Name oder Adresse der Quelle; siehe sources list.")
]
MINUTE_S = 60
MOST_SHOWN = 10_000


class Brings(StrEnum):
    """What someone may say that the entries of a source are."""

    POST = NewsKind.POST
    VIDEO = NewsKind.VIDEO
    JOB = NewsKind.JOB


class NotOneError(Exception):
    """No source, or several, are called like this."""

    def __init__(self, found: Sequence[Source]) -> None:
        super().__init__(len(found))
        self.found = found


@app.command("list")
def list_sources(*, as_json: AsJson = False) -> None:
    """Alle Quellen zeigen, die mit Fehlern zuerst: Stand, letzter Erfolg, nächster Versuch, Neues, Fehler."""
    found = settings()
    _ = words(found)
    now = datetime.now(UTC)
    with opened(found) as store:
        states = store.ask(curation.overview, now=now, limit=MOST_SHOWN)
    rows = [_entry(state) if as_json else _line(state, now, _) for state in states]
    show(rows, as_json=as_json, empty=_("No source yet. Add one: sources add feed NAME URL"))


@app.command("show")
def show_source(source: WhichSource, *, as_json: AsJson = False) -> None:
    """Eine Quelle mit allem zeigen, was über sie bekannt ist."""
    found = settings()
    _ = words(found)
    now = datetime.now(UTC)

    def ask(session: Session) -> tuple[SourceState | None, list[str]]:
        chosen = _chosen(session, source)
        return curation.one(session, chosen.id or 0, now=now), curation.told(session, chosen)

    with opened(found) as store:
        state, channels = _asked(lambda: store.ask(ask), source, _)
    assert state is not None
    if as_json:
        show([_entry(state) | {"channels": channels}], as_json=True, empty="")
        return
    for label, said in _facts(state, channels, now, _):
        typer.echo(f"{label}: {said}")


@app.command("add")
def add(
    kind: Annotated[
        SourceKind, typer.Argument(help="feed, calendar, comments, sitemap, event_page oder ckan.")
    ],
    name: Annotated[str, typer.Argument(help="Wie die Quelle heißen soll.")],
    url: Annotated[str, typer.Argument(help="Die Adresse des Feeds, Kalenders, der Sitemap oder Seite.")],
    *,
    channel: Annotated[
        str | None, typer.Option(help="Kanal-ID, in der Neues aus dieser Quelle gemeldet wird.")
    ] = None,
    every_min: Annotated[
        int | None,
        typer.Option(
            "--every",
            min=1,
            max=1440,
            help="Abstand in Minuten; ohne Angabe folgt er dem Rhythmus der Quelle.",
        ),
    ] = None,
    path: Annotated[
        str, typer.Option(help="Nur bei sitemap: nur Adressen, deren Pfad so beginnt, zum Beispiel /blog/.")
    ] = "",
    brings: Annotated[
        Brings | None,
        typer.Option(help="Was ihre Beiträge sind; ohne Angabe zeigt es sich an jedem selbst."),
    ] = None,
    department: Annotated[
        str | None,
        typer.Option(
            metavar="REFERAT", help="Kürzel oder Name des Referats, von dem alles aus dieser Quelle ist."
        ),
    ] = None,
) -> None:
    """Eine Quelle eintragen. Was beim ersten Lesen schon darin steht, wird nicht gemeldet."""
    found = settings()
    _ = words(found)
    brought = NewsKind(brings) if brings else None
    kinds = subscriptions.brought_by(kind, brought)
    if channel and not kinds:
        fail(_("Comments need no channel: they go into the thread of their post."))
    if path and kind is not SourceKind.SITEMAP:
        fail(_("Only a sitemap has --path."))
    now = datetime.now(UTC)

    def keep(session: Session) -> None:
        source = curation.add(
            session,
            kind=kind,
            name=name,
            url=url,
            every_s=every_min * MINUTE_S if every_min else None,
            path_prefix=path,
            brings=brought,
            department=departments.named(session, department) if department else None,
            now=now,
            origin="command",
        )
        if channel:
            subscriptions.subscribe(session, kinds, channel, source_id=source.id, now=now, origin="command")

    with opened(found) as store:
        try:
            store.do(keep)
        except curation.AddressError:
            fail(bad_address(_))
        except curation.TitleError:
            fail(bad_title(curation.MAX_TITLE, _))
        except curation.BringsError:
            fail(_("Only a source of posts has --brings."))
        except departments.NoDepartmentError as error:
            known = ", ".join(error.known) or "–"
            fail(_("No department is called {name}. There are: {known}", name=department, known=known))


@app.command("discover")
def discover(
    url: Annotated[str, typer.Argument(help="Adresse einer Seite, eines Feeds oder eines Kalenders.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Nachsehen, was sich an einer Adresse lesen lässt. Eingetragen wird nichts."""
    found = settings()
    _ = words(found)
    try:
        offers = asyncio.run(_look(curation.pasted_address(url), found))
    except curation.AddressError:
        fail(bad_address(_))
    except FetchError as error:
        fail(source_trouble(error.reason.value, error.detail, _))
    if not offers:
        fail(nothing_found(_))
    show(
        [{"kind": one.kind, "title": one.title, "url": one.url} for one in offers], as_json=as_json, empty=""
    )


@app.command("pause")
def pause(source: WhichSource) -> None:
    """Eine Quelle nicht mehr lesen, bis es mit resume weitergeht."""
    _change(source, curation.pause)


@app.command("resume")
def resume(source: WhichSource) -> None:
    """Eine angehaltene Quelle weiter lesen, gleich beim nächsten Takt."""
    _change(source, curation.resume)


@app.command("poll")
def poll(source: WhichSource) -> None:
    """Eine Quelle beim nächsten Takt lesen, auch wenn sie nach einem Fehler wartet."""
    _change(source, curation.poll_now)


@app.command("remove")
def remove(
    source: WhichSource,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Nicht nachfragen.")] = False,
) -> None:
    """Eine Quelle entfernen. Ihre Beiträge, Termine und Kommentare bleiben, ihre Meldungen enden."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        chosen = _asked(lambda: store.ask(_chosen, source), source, _)
        if not yes and not _is_sure(chosen, _):
            fail(_("Nothing was removed."))

        def forget(session: Session) -> None:
            curation.remove(session, _chosen(session, str(chosen.id)))

        _asked(lambda: store.do(forget), source, _)
    typer.echo(_("“{name}” is removed. What was read there stays.", name=chosen.name))


async def _look(url: str, found: Settings) -> tuple[Offer, ...]:
    from bot.sources.discovery import discover  # noqa: PLC0415 - only for this command

    today = datetime.now(found.zone).date()
    async with Fetcher(allow=found.fetch_allow, user_agent=found.user_agent) as fetcher, Parser() as parser:
        return await discover(fetcher, parser, url, today=today, timezone=found.timezone)


def _change(source: str, deed: Callable[..., None]) -> None:
    """Do something with one source."""
    found = settings()
    _ = words(found)

    def change(session: Session) -> None:
        deed(session, _chosen(session, source), now=datetime.now(UTC))

    with opened(found) as store:
        _asked(lambda: store.do(change), source, _)


def _chosen(session: Session, source: str) -> Source:
    """Return the source with this number, name or address; a number comes before a name.

    Raises:
        NotOneError: there is none, or several have this name.
    """
    found = curation.named(session, source)
    exact = [one for one in found if str(one.id) == source] or found
    if len(exact) != 1:
        raise NotOneError(exact)
    return exact[0]


def _asked(answer: Callable[[], Any], source: str, _: Texts) -> Any:
    """Return an answer about one source, or end saying that no source, or several, are meant."""
    try:
        return answer()
    except NotOneError as error:
        if not error.found:
            fail(_("No source is called {name}. See: sources list", name=source))
        numbers = ", ".join(str(one.id) for one in error.found)
        fail(
            _(
                "Several sources are called {name}: {numbers}. Please give the number.",
                name=source,
                numbers=numbers,
            )
        )


def _is_sure(source: Source, _: Texts) -> bool:
    """Ask whether a source is really to be removed."""
    question = _(
        "Remove “{name}” ({url})? What was read there stays. Write yes to remove it",
        name=source.name,
        url=source.url,
    )
    try:
        said = typer.prompt(question, default="", show_default=False)
    except typer.Abort:
        return False
    return str(said).strip().casefold() in {"j", "ja", "y", "yes"}


def _entry(state: SourceState) -> dict[str, Any]:
    """Return what programs read of a source."""
    error = f"{state.error_reason} {state.error_detail or ''}".strip() if state.error_reason else None
    return {
        "id": state.id,
        "kind": state.kind.value,
        "name": state.name,
        "url": state.url,
        "state": state.state.value,
        "succeeded_at": state.succeeded_at,
        "error": error,
        "failing_since": state.failing_since,
        "next_poll_at": state.next_poll_at,
        "interval_s": int(state.interval.total_seconds()),
        "path": state.path_prefix,
        "brings": state.brings.value if state.brings else None,
        "department": department_name(state.department) or None,
        "items": dict(state.items),
    }


def _line(state: SourceState, now: datetime, _: Texts) -> dict[str, Any]:
    """Return what people read of a source in a list."""
    return {
        "id": state.id,
        "state": state_name(state.state, _),
        "kind": state.kind.value,
        "name": state.name,
        "department": department_name(state.department) or None,
        "read": ago(state.succeeded_at, now, _) if state.succeeded_at else None,
        "next": until(state.next_poll_at, now, _) if state.is_read else None,
        "new": items_line(state.items, _),
        "error": state_trouble(state, _),
    }


def _facts(state: SourceState, channels: Sequence[str], now: datetime, _: Texts) -> list[tuple[str, str]]:
    """Return what people read of one source, each with its label."""
    facts = [
        (_("Number"), str(state.id)),
        (_("Name"), state.name),
        (_("Kind"), kind_name(state.kind, _)),
        (_("Address"), state.url),
        (_("Only paths that begin with"), state.path_prefix),
        (_("What it brings"), brings_name(state.brings, _)),
        (_("Department"), department_name(state.department)),
        (_("State"), state_name(state.state, _)),
        (_("What is wrong"), state_trouble(state, _) or ""),
        (_("Since"), moment(state.failing_since, _) if state.failing_since else ""),
        (_("Last read"), ago(state.succeeded_at, now, _) if state.succeeded_at else _("never yet")),
        (_("Read next"), until(state.next_poll_at, now, _) if state.is_read else ""),
        (_("How often"), every(state.interval, _)),
        (_("New in the last 30 days"), items_line(state.items, _)),
        (_("Announced in"), ", ".join(channels)),
    ]
    return [(label, said) for label, said in facts if said]
