"""`deliveries`: what went out, what waits, what failed and why."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import delivery
from bot.delivery import DeliveryState
from handlers.commands.context import AsJson, opened, settings, show, words

app = typer.Typer(no_args_is_help=True, help="Versand: Nachrichten und ihr Stand.")


@app.command("list")
def list_deliveries(
    *,
    state: Annotated[DeliveryState | None, typer.Option(help="Nur diesen Stand zeigen.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Höchstens so viele.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Die neuesten Nachrichten mit Ziel, Stand und Grund zeigen."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        rows = [
            {
                "id": row.id,
                "key": row.key,
                "target": row.target,
                "state": row.state.value,
                "due_at": row.due_at,
                "tries": row.tries,
                "reason": row.reason,
            }
            for row in store.ask(delivery.listed, state=state, limit=limit)
        ]
    show(rows, as_json=as_json, empty=_("No message yet."))


@app.command("retry")
def retry() -> None:
    """Alle aufgegebenen Nachrichten noch einmal versuchen."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        again = store.do(delivery.retry, now=datetime.now(UTC))
    typer.echo(_.plural("{n} message is tried again.", "{n} messages are tried again.", again))
