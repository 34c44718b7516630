"""`deliveries`: what went out, what waits, what failed and why, and trying that once more."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from bot import retries, watch
from bot.delivery import Delivery, DeliveryState
from handlers.commands.context import AsJson, fail, opened, settings, show, words

app = typer.Typer(no_args_is_help=True, help="Versand: Nachrichten und ihr Stand.")

MINUTE, HOUR, DAY = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))


@app.command("list")
def list_deliveries(
    *,
    state: Annotated[DeliveryState | None, typer.Option(help="Nur diesen Stand zeigen.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Höchstens so viele.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Die neuesten Nachrichten zeigen: Stand, Ziel, Versuche, Grund, Alter und wann es weitergeht."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        rows = store.ask(watch.listed, state=state, limit=limit)
    now = datetime.now(UTC)
    shown = [_entry(row, at) if as_json else _line(row, at, now) for row, at in rows]
    show(shown, as_json=as_json, empty=_("No message yet."))


@app.command("retry")
def retry(
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="[ID …]", help="Nur diese Nachrichten; ohne Angabe alle.")
    ] = None,
) -> None:
    """Aufgegebene Nachrichten noch einmal versuchen."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        again = store.do(retries.retry, now=datetime.now(UTC), ids=ids or ())
    typer.echo(_.plural("{n} message is tried again.", "{n} messages are tried again.", len(again)))
    if left := sorted(set(ids or ()) - set(again)):
        numbers = ", ".join(map(str, left))
        fail(_("Not given up, or without a channel: {numbers}. See: deliveries list", numbers=numbers))


def _entry(row: Delivery, next_at: datetime | None) -> dict[str, Any]:
    """Return what programs read of a message."""
    return {
        "id": row.id,
        "key": row.key,
        "kind": row.kind,
        "subject_id": row.subject_id,
        "target": row.target,
        "state": row.state.value,
        "due_at": row.due_at,
        "created_at": row.created_at,
        "next_at": next_at,
        "tries": row.tries,
        "reason": row.reason,
    }


def _line(row: Delivery, next_at: datetime | None, now: datetime) -> dict[str, Any]:
    """Return what people read of a message."""
    return {
        "id": row.id,
        "state": row.state.value,
        "kind": row.kind,
        "subject": row.subject_id,
        "target": row.target or None,
        "tries": row.tries,
        "reason": row.reason,
        "age": _span(now - row.created_at),
        "next": _span(next_at - now) if next_at else None,
    }


def _span(span: timedelta) -> str:
    """Return a length of time in its largest unit."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if span >= unit:
            return f"{span // unit} {name}"
    return f"{max(0, span // timedelta(seconds=1))} s"
