"""`calendar`: what appears when, and where the newsroom subscribes to it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

import typer

from bot import editorial, editorial_feed, people
from bot.editorial import Entry, Open, Wanted, Week
from bot.pitches import PitchState
from bot.texts import Texts
from handlers.chat.blocks.pitch_words import state_name
from handlers.commands.context import AsJson, fail, opened, settings, show, words
from storage.store import Store

# More than anyone reads.
MOST: Final = 200

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
    month: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m"], help="Dieser Monat, Woche für Woche.")
    ] = None,
    department: Annotated[str | None, typer.Option(help="Nur dieses Referat: Name oder Kürzel.")] = None,
    series: Annotated[str | None, typer.Option(help="Nur diese Reihe, zum Beispiel #ExplainIT.")] = None,
    status: Annotated[PitchState | None, typer.Option(help="Nur in diesem Stand.")] = None,
    person: Annotated[
        str | None, typer.Option(help="Nur was diese Person schreibt: Kennung im Chat.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Zeigen, was wann und wo erscheint oder erschienen ist."""
    found = settings()
    _ = words(found)
    today = datetime.now(found.zone).date()
    start, end = _days(first, last, month, today)
    if end < start:
        fail(_("The last day is before the first one."))
    with opened(found) as store:
        wanted = _wanted(store, department, series, status, person, _)
        entries = store.ask(editorial.between, start, end, zone=found.zone, wanted=wanted)
        undated = store.ask(editorial.undated, wanted=wanted, limit=MOST)
        is_empty_ahead = store.ask(editorial.is_empty_ahead, today=today)
    open_rows = [_open_row(one) for one in undated.ideas]
    if as_json:
        show([*map(_row, entries), *open_rows], as_json=True, empty="")
        return
    if is_empty_ahead:
        typer.echo(_("Nothing is planned for the next 14 days."))
    weeks = editorial.weeks(start, end, entries)
    if month:
        for week in weeks:
            typer.echo(_week(week, _))
            show(_named(map(_row, week.entries), _), as_json=False, empty=_("Nothing in this week."))
        if open_rows:
            typer.echo(_("Without a date"))
            show(_named(open_rows, _), as_json=False, empty="")
        return
    empty = _("Nothing appears from {first} to {last}.", first=start, last=end)
    show(_named([*map(_row, entries), *open_rows], _), as_json=False, empty=empty)
    if wanted == editorial.EVERYTHING and entries:
        gap = _("Nothing in this week.")
        for week in weeks:
            if not week.entries:
                typer.echo(f"{_week(week, _)}: {gap}")


def _days(
    first: datetime | None, last: datetime | None, month: datetime | None, today: date
) -> tuple[date, date]:
    """Return the first and the last day that are asked for."""
    if month:
        return month.date(), editorial.next_month(month.date()) - timedelta(days=1)
    start = first.date() if first else today
    return start, last.date() if last else start + timedelta(days=30)


def _wanted(
    store: Store,
    department: str | None,
    series: str | None,
    status: PitchState | None,
    person: str | None,
    _: Texts,
) -> Wanted:
    """Return what of the plan is asked for, or end saying what is not known."""
    known = {name: one.id for one in store.ask(people.departments) for name in (one.name, one.short)}
    if department and department not in known:
        fail(_("There is no department “{name}”.", name=department))
    author = store.ask(people.by_chat_id, person) if person else None
    if person and author is None:
        fail(_("Nobody with the id “{name}” is known.", name=person))
    return Wanted(known[department] if department else None, series, status, author.id if author else None)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "day": entry.day,
        "title": entry.title,
        "outlets": list(entry.outlets),
        "status": entry.state,
        "department": entry.department.name if entry.department else None,
        "series": entry.series,
        "author": entry.author.name if entry.author else None,
    }


def _open_row(idea: Open) -> dict[str, Any]:
    """Return what has no day yet as one of the rows of those that have one."""
    return {
        "day": None,
        "title": idea.pitch.title,
        "outlets": [],
        "status": idea.pitch.state,
        "department": idea.department.name if idea.department else None,
        "series": idea.pitch.series,
        "author": idea.author.name if idea.author else None,
    }


def _named(rows: Iterable[dict[str, Any]], _: Texts) -> list[dict[str, Any]]:
    """Return rows for people: states by their names."""
    return [row | {"status": state_name(row["status"], _)} for row in rows]


def _week(week: Week, _: Texts) -> str:
    name = _("Week {n}", n=week.first_day.isocalendar().week)
    return f"{name} · {_.short(week.first_day)} – {_.short(week.last_day)}"


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
