"""`pitches`: how many there are, per department and month."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot import pitch_numbers
from bot.pitch_numbers import Count, Numbers
from bot.texts import Texts
from handlers.commands.context import AsJson, opened, settings, show, words

app = typer.Typer(no_args_is_help=True, help="Themenvorschläge der Referate.")


@app.command("numbers")
def numbers(
    *,
    year: Annotated[
        int | None, typer.Option(min=2000, max=2999, help="Das Jahr; ohne Angabe das laufende.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Je Referat und Monat zeigen, wie viel vorgeschlagen, angenommen und veröffentlicht wurde.

    Dazu die Tage bis zur Entscheidung (Median), wo mindestens fünf Menschen etwas vorgeschlagen haben;
    je Person wird nichts gezählt.
    """
    found = settings()
    _ = words(found)
    year = year or datetime.now(UTC).astimezone(found.zone).year
    with opened(found) as store:
        counted = store.ask(pitch_numbers.of_year, year=year, zone=found.zone)
    show(list(_rows(counted, _)), as_json=as_json, empty=_("No idea in this year."))


def _rows(numbers: Numbers, _: Texts) -> Iterator[dict[str, Any]]:
    for row in numbers.rows:
        name = row.department.name if row.department else None
        for month, count in row.months:
            yield _line(name, f"{month:%Y-%m}", count)
        yield _line(name, str(numbers.year), row.year)
    if numbers.rows:
        yield _line(_("All together"), str(numbers.year), numbers.total.year)


def _line(department: str | None, when: str, count: Count) -> dict[str, Any]:
    return {
        "department": department,
        "when": when,
        "pitched": count.pitched,
        "accepted": count.accepted,
        "published": count.published,
        "days_to_decision": count.days,
    }
