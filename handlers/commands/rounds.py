"""`rounds`: who is asked what, and when."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import rounds
from bot.workdays import Workdays
from handlers.commands.context import AsJson, opened, settings, show, words

app = typer.Typer(no_args_is_help=True, help="Abfragerunden des Radars.")


@app.command("list")
def list_rounds(*, as_json: AsJson = False) -> None:
    """Alle Runden zeigen, die nächste geplante zuerst."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        rows = [
            {
                "name": one.name,
                "due_at": one.due_at,
                "opened_at": one.opened_at,
                "answer_by_on": one.answer_by_on,
            }
            for one in store.ask(rounds.listed)
        ]
    show(rows, as_json=as_json, empty=_("No round yet; the assistant plans the first one when it runs."))


@app.command("preview")
def preview(*, as_json: AsJson = False) -> None:
    """Zeigen, wer nach wie vielen Maßnahmen gefragt würde, wenn jetzt eine Runde begänne."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        asked = store.ask(rounds.preview, now=datetime.now(UTC))
    rows = [{"name": person.name, "chat_id": person.chat_id, "measures": count} for person, count in asked]
    show(rows, as_json=as_json, empty=_("Nobody would be asked: no open measure has an owner."))


@app.command("open")
def open_round(name: Annotated[str, typer.Argument(help="Wie die Runde heißen soll.")]) -> None:
    """Jetzt eine Runde öffnen; die laufende Instanz verschickt die Abfragen."""
    found = settings()
    _ = words(found)
    with opened(found) as store:
        _opened, asked = store.do(
            rounds.open_now,
            name=name,
            days=found.round_days,
            workdays=Workdays(found.holidays, found.zone),
            now=datetime.now(UTC),
        )
    typer.echo(_.plural("{n} person is asked.", "{n} people are asked.", asked))
