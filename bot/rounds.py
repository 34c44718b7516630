"""Rounds: planned in a rhythm, opened once, one message for each owner."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlmodel import Session

from bot import delivery
from bot.people import Person
from bot.settings import Rhythm
from bot.workdays import Workdays
from storage import radar as stored
from storage.radar import Round

__all__ = ["Round", "listed", "open_due", "open_now", "plan", "preview"]

MONTHS: Final[dict[Rhythm, int]] = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
OPENS_AT: Final = time(9)
# Whoever confirmed a measure in the last weeks is not asked about it again.
FRESH_FOR: Final = timedelta(days=21)

listed = stored.rounds


def plan(session: Session, *, rhythm: Rhythm, workdays: Workdays, now: datetime) -> Round:
    """Return the round that comes next; without one, plan it for the next period's first working day."""
    planned = stored.round_planned(session)
    if planned is None:
        starts_on = _next_period(workdays.today(now), rhythm)
        planned = Round(
            name=_name(starts_on, rhythm),
            due_at=workdays.at(workdays.from_day(starts_on), OPENS_AT),
            origin="rhythm",
        )
        session.add(planned)
        session.flush()
    return planned


def open_due(session: Session, *, days: int, workdays: Workdays, now: datetime) -> list[Round]:
    """Open the rounds whose time has come."""
    due = stored.rounds_due(session, now=now)
    for found in due:
        _open(session, found, days=days, workdays=workdays, now=now)
    return due


def open_now(
    session: Session, *, name: str, days: int, workdays: Workdays, now: datetime, origin: str = "editor"
) -> tuple[Round, int]:
    """Open a round outside the rhythm; return it and how many owners it asks."""
    opened = Round(name=name, due_at=now, origin=origin)
    session.add(opened)
    session.flush()
    return opened, _open(session, opened, days=days, workdays=workdays, now=now)


def preview(session: Session, *, now: datetime) -> list[tuple[Person, int]]:
    """Return who would be asked about how many measures if a round opened now."""
    return stored.askable(session, confirmed_before=now - FRESH_FOR)


def _open(session: Session, opened: Round, *, days: int, workdays: Workdays, now: datetime) -> int:
    assert opened.id is not None
    opened.opened_at = now
    opened.answer_by_on = workdays.from_day(workdays.today(now) + timedelta(days=days))
    session.flush()
    stored.ask(session, round_id=opened.id, confirmed_before=now - FRESH_FOR, now=now)
    asked = stored.people_asked(session, round_id=opened.id)
    for person in asked:
        delivery.note(session, "status_request", opened.id, to=person, now=now, rank=delivery.Rank.BULK)
    return len(asked)


def _next_period(today: date, rhythm: Rhythm) -> date:
    months = MONTHS[rhythm]
    first = (today.month - 1) // months * months + months
    return date(today.year + first // 12, first % 12 + 1, 1)


def _name(starts_on: date, rhythm: Rhythm) -> str:
    part = (starts_on.month - 1) // MONTHS[rhythm] + 1
    return {
        "monthly": f"{starts_on:%m}/{starts_on.year}",
        "quarterly": f"Q{part} {starts_on.year}",
        "half-yearly": f"H{part} {starts_on.year}",
        "yearly": str(starts_on.year),
    }[rhythm]
