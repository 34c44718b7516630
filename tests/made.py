"""Rows for tests, made through the assistant's own deeds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import delivery, measures, people, sending
from bot.delivery import Place, Taken
from bot.people import Person, Role
from bot.radar import State, Status
from storage.delivery import Delivery
from storage.radar import Measure

# A Wednesday, eleven o'clock in the city.
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
CHANNELS = {Place.COMMS: "C0COMMS", Place.REVIEW: "C0REVIEW", Place.ADMIN: "C0ADMIN"}


def person(session: Session, chat_id: str, *roles: Role, name: str | None = None) -> Person:
    """A colleague who was greeted and has these roles."""
    found = people.greet(session, chat_id=chat_id, name=name or chat_id, locale="de-DE", now=NOW)
    for role in roles:
        people.set_role(session, found, role)
    return found


def places(session: Session) -> None:
    """All channels are named in the settings."""
    delivery.name_places(session, CHANNELS)


def measure(session: Session, /, title: str, *owners: Person, **values: Any) -> Measure:
    """A measure in progress that these people answer for."""
    given: dict[str, Any] = {
        "description": "",
        "goal": "",
        "field_name": None,
        "edition": 2022,
        "department_id": None,
        "status": Status.IN_PROGRESS,
        "progress_percent": 20,
        "starts_in": 2022,
        "ends_in": None,
        "url": None,
        "source": "test",
        "origin": "test",
        "now": NOW,
    }
    found, _ = measures.import_measure(session, title=title, **given | values)
    for owner in owners:
        measures.set_owner(session, found, owner, origin="test")
    return found


def state(**values: Any) -> State:
    """What a form about a measure says."""
    given: dict[str, Any] = {
        "status": Status.IN_PROGRESS,
        "progress_percent": 40,
        "achievements": "",
        "outlook": "",
        "highlight": "",
    }
    return State(**given | values)


def delivered(session: Session) -> dict[str, Delivery]:
    """All deliveries by their key, oldest first."""
    rows = delivery.listed(session, state=None, limit=1000)
    return {row.key: row for row in reversed(rows)}


def send_all(session: Session, now: datetime) -> list[Taken]:
    """Everything due is taken and stands in its channel; what is to be edited is edited."""
    done = []
    while taken := sending.take(session, now=now):
        for row in taken:
            if row.state is delivery.DeliveryState.SENT:
                sending.edited(session, row.id, asked_at=row.edit_due_at, reason=None, now=now)
            else:
                sending.sent(
                    session, row.id, channel_id=row.target, ts=f"{row.id}.0", now=now, gap=timedelta()
                )
            session.flush()
            done.append(row)
    return done
