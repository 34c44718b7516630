"""`calendar`: what appears when, and where the newsroom subscribes to it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from bot import editorial, editorial_feed, people
from bot.editorial import Wanted
from bot.pitches import PitchState
from handlers.commands.context import AsJson, fail, opened, settings, show, words

app = typer.Typer(no_args_is_help=True, help="Redaktionsplan.")


@app.command("list")
def list_calendar(
    *,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Erster Tag; sonst heute.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Letzter Tag; sonst 30 Tage später.")
    ] = None,
    department: Annotated[str | None, typer.Option(help="Nur dieses Referat: Name oder Kürzel.")] = None,
    series: Annotated[str | None, typer.Option(help="Nur diese Reihe, zum Beispiel #ExplainIT.")] = None,
    status: Annotated[PitchState | None, typer.Option(help="Nur in diesem Stand.")] = None,
    as_json: AsJson = False,
) -> None:
    """Zeigen, was wann und wo erscheint oder erschienen ist."""
    found = settings()
    _ = words(found)
    start = first.date() if first else datetime.now(found.zone).date()
    end = last.date() if last else start + timedelta(days=30)
    if end < start:
        fail(_("The last day is before the first one."))
    with opened(found) as store:
        known = {name: one.id for one in store.ask(people.departments) for name in (one.name, one.short)}
        if department and department not in known:
            fail(_("There is no department “{name}”.", name=department))
        wanted = Wanted(known[department] if department else None, series, status)
        entries = store.ask(editorial.between, start, end, zone=found.zone, wanted=wanted)
    rows = [
        {
            "day": one.day,
            "title": one.title,
            "outlets": list(one.outlets),
            "status": one.state,
            "department": one.department.name if one.department else None,
            "series": one.series,
            "author": one.author.name if one.author else None,
        }
        for one in entries
    ]
    show(rows, as_json=as_json, empty=_("Nothing appears from {first} to {last}.", first=start, last=end))


@app.command("address")
def address(
    *,
    new: Annotated[bool, typer.Option("--new", help="Neue Adresse; die bisherige endet sofort.")] = False,
) -> None:
    """Zeigen, unter welcher geheimen Adresse der Plan abonniert wird."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        secret = (
            store.do(editorial_feed.renew, by=None, now=datetime.now(UTC))
            if new
            else store.ask(editorial_feed.known_token)
        )
    if secret is None:
        fail(_("The plan has no address yet; make one with --new."))
    typer.echo(editorial_feed.address(found.ops_address, secret))
