"""The plan as a calendar to subscribe to, under an address that only the comms team knows."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import editorial, people
from bot.editorial import Entry
from bot.people import Person, Role
from storage import planning as stored
from storage.planning import EditorialFeed

__all__ = ["Feed", "address", "known_token", "renew", "served", "token"]

# How far the calendar goes back and ahead: what has appeared lately, and all that anyone plans.
BACK: Final = timedelta(days=62)
AHEAD: Final = timedelta(days=366)
# So many random bytes nobody guesses.
TOKEN_BYTES: Final = 32


@dataclass(frozen=True)
class Feed:
    """What the calendar shows, and from when it is."""

    entries: list[Entry]
    today: date


def token(session: Session, *, by: Person) -> str | None:
    """Return the secret part of the calendar's address, if it has one.

    Raises:
        NotAllowedError: not of the comms team.
    """
    people.require(session, by, Role.COMMS)
    found = stored.feed(session)
    return found.token if found else None


def renew(session: Session, *, by: Person | None, now: datetime) -> str:
    """Give the calendar a new address; the one before ends at once. Return the secret part of it.

    Raises:
        NotAllowedError: not of the comms team.
    """
    if by:
        people.require(session, by, Role.COMMS)
    for known in stored.feeds(session):
        known.ended_at = now
    made = EditorialFeed(
        token=secrets.token_urlsafe(TOKEN_BYTES), made_by_id=by.id if by else None, made_at=now
    )
    session.add(made)
    session.flush()
    return made.token


def known_token(session: Session) -> str | None:
    """Return the secret part of the address for whoever runs the assistant."""
    found = stored.feed(session)
    return found.token if found else None


def served(session: Session, given: str, *, today: date, zone: ZoneInfo) -> Feed | None:
    """Return what the calendar shows to whoever knows its address, None to everyone else."""
    found = stored.feed(session)
    # In constant time: how long a refusal takes tells nothing of the address.
    if not hmac.compare_digest((found.token if found else "").encode(), given.encode()) or not found:
        return None
    return Feed(editorial.between(session, today - BACK, today + AHEAD, zone=zone), today)


def address(ops_url: str, secret: str) -> str:
    """Return where the calendar can be read."""
    return f"{ops_url}/kalender/{secret}.ics"
