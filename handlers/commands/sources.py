"""`sources`: what is read, and how that goes."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot import curation, subscriptions
from bot.curation import Source, SourceKind
from handlers.commands.context import AsJson, fail, opened, settings, show, words

app = typer.Typer(no_args_is_help=True, help="Quellen: Feeds, Kalender und Kommentare, die gelesen werden.")


@app.command("list")
def list_sources(*, as_json: AsJson = False) -> None:
    """Alle Quellen mit letztem Erfolg, Fehler und nächstem Versuch zeigen."""
    found = settings()
    _ = words(found)

    def rows(session: Session) -> list[dict[str, Any]]:
        return [_row(source) for source in curation.listed(session)]

    with opened(found) as store:
        shown = store.ask(rows)
    show(shown, as_json=as_json, empty=_("No source yet. Add one: sources add feed NAME URL"))


@app.command("add")
def add(
    kind: Annotated[SourceKind, typer.Argument(help="feed, calendar oder comments.")],
    name: Annotated[str, typer.Argument(help="Wie die Quelle heißen soll.")],
    url: Annotated[str, typer.Argument(help="Die Adresse des Feeds, Kalenders oder Kommentar-Feeds.")],
    *,
    channel: Annotated[
        str | None, typer.Option(help="Kanal-ID, in der Neues aus dieser Quelle gemeldet wird.")
    ] = None,
    every: Annotated[int, typer.Option(min=1, max=1440, help="Abstand in Minuten.")] = 15,
) -> None:
    """Eine Quelle eintragen. Was beim ersten Lesen schon darin steht, wird nicht gemeldet."""
    found = settings()
    _ = words(found)
    if not url.startswith(("http://", "https://")):
        fail(_("The address has to begin with http:// or https://."))
    topic = subscriptions.topic_of(kind)
    if channel and topic is None:
        fail(_("Comments need no channel: they go into the thread of their post."))
    now = datetime.now(UTC)

    def keep(session: Session) -> None:
        source = curation.add(
            session, kind=kind, name=name, url=url, every_s=every * 60, now=now, origin="command"
        )
        if channel and topic:
            subscriptions.subscribe(session, topic, channel, source_id=source.id, now=now, origin="command")

    with opened(found) as store:
        store.do(keep)


@app.command("poll")
def poll(source: Annotated[str, typer.Argument(help="Nummer, Name oder Adresse der Quelle.")]) -> None:
    """Eine Quelle beim nächsten Takt lesen, auch wenn sie nach einem Fehler wartet."""
    found = settings()
    _ = words(found)

    def wake(session: Session) -> int:
        chosen = curation.named(session, source)
        for one in chosen:
            curation.poll_now(session, one, now=datetime.now(UTC))
        return len(chosen)

    with opened(found) as store:
        if not store.do(wake):
            fail(_("No source is called {name}. See: sources list", name=source))


def _row(source: Source) -> dict[str, Any]:
    error = f"{source.error_reason} {source.error_detail or ''}".strip() if source.error_reason else None
    return {
        "id": source.id,
        "kind": source.kind.value,
        "name": source.name,
        "url": source.url,
        "succeeded_at": source.succeeded_at,
        "error": error,
        "next_poll_at": source.next_poll_at,
    }
