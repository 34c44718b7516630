"""Channels and people that are gone: what waits for them is given up at once, and someone is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import authors, delivery, people, sending, trouble
from bot.delivery import Delivery
from bot.people import Person
from bot.subscriptions import Choice, Term, choice_of, labels
from storage import departures as stored
from storage import lanes
from storage.lanes import Work
from storage.subscriptions import Subscription

PERSON_GONE: Final = "person_gone"
MOST_NAMED: Final = 20


@dataclass(frozen=True)
class Paused:
    """What is not said any more in a channel, and why."""

    target: str
    reason: str
    choices: Sequence[Choice]
    labels: dict[Term, str]


@dataclass(frozen=True)
class Left:
    """Who has left, and what they did not hear of any more: kind and id of each."""

    person: Person
    lost: Sequence[tuple[str, int]]
    has_more: bool


def channel_gone(session: Session, delivery_id: int, *, reason: str, now: datetime) -> None:
    """Give up all that waits for a channel, pause its subscriptions and tell who made them."""
    target = _target(session, delivery_id)
    lost = stored.give_up_waiting(session, target, reason)
    sending.failed(session, delivery_id, reason=reason, now=now)
    session.flush()
    is_told = _pause(session, target, reason, now=now)
    for row in lost:
        if row.kind in trouble.NOTICES:
            trouble.tell(session, row.id or 0, now=now)
    row_ = session.get(Delivery, delivery_id)
    if not is_told or (row_ and row_.kind in trouble.NOTICES):
        trouble.tell(session, delivery_id, now=now)


def person_gone(session: Session, delivery_id: int, *, now: datetime) -> None:
    """Give up all that waits for someone who has left, and tell the administrators."""
    target = _target(session, delivery_id)
    sending.failed(session, delivery_id, reason=PERSON_GONE, now=now)
    session.flush()
    if not _leave(session, target, is_lost=True, now=now):
        trouble.tell(session, delivery_id, now=now)


def left(session: Session, chat_id: str, *, now: datetime) -> None:
    """Someone's account was closed: keep that, give up what waits for them and tell the administrators."""
    _leave(session, chat_id, is_lost=False, now=now)
    rows = lanes.of_targets(session, {chat_id})
    lanes.settle(session, [lane for lane in rows if lane.work is Work.POST and not lane.is_held], now=now)


def returned(session: Session, chat_id: str) -> None:
    """Someone's account is open again: messages go to them as before."""
    person = people.by_chat_id(session, chat_id)
    if person is not None:
        person.inactive_at = None


def is_news(session: Session, chat_id: str, *, has_left: bool) -> bool:
    """Say whether it is someone we know of whom we thought otherwise."""
    person = people.by_chat_id(session, chat_id)
    return person is not None and (person.inactive_at is not None) is not has_left


def paused(session: Session, subscription_id: int) -> Paused | None:
    """Return what was paused together with a subscription, or None when it goes on again."""
    found = session.get(Subscription, subscription_id)
    if found is None or found.paused_at is None:
        return None
    choices = [choice_of(session, one) for one in stored.paused_together(session, found)]
    terms = {term for choice in choices for _, term in choice.terms}
    return Paused(found.target, found.paused_reason or "", choices, labels(session, terms))


def lost(session: Session, person_id: int) -> Left | None:
    """Return what someone who left did not hear of any more, or None when they are back or all was said."""
    person = session.get(Person, person_id)
    if person is None or person.inactive_at is None:
        return None
    rows = stored.given_up(session, person.chat_id, PERSON_GONE, limit=MOST_NAMED + 1)
    found = [(row.kind, row.subject_id) for row in rows[:MOST_NAMED]]
    return Left(person, found, len(rows) > MOST_NAMED) if rows else None


def _leave(session: Session, chat_id: str, *, is_lost: bool, now: datetime) -> bool:
    """Keep that someone has left; say whether the administrators are told of it by this."""
    waiting = stored.give_up_waiting(session, chat_id, PERSON_GONE)
    stored.pause(session, chat_id, PERSON_GONE, now=now)
    person = people.by_chat_id(session, chat_id)
    if person is None:
        return False
    person.inactive_at = person.inactive_at or now
    authors.person_left(session, person, now=now)
    if not waiting and not is_lost:
        return False
    key = f"{trouble.LEFT}:{person.id}:{person.inactive_at.isoformat()}"
    return trouble.to_admins(session, trouble.LEFT, person.id or 0, key=key, now=now)


def _pause(session: Session, target: str, reason: str, *, now: datetime) -> bool:
    """Pause a channel's subscriptions and tell each who made some of them; say whether there were any."""
    first_of = {one.person_id: one for one in reversed(stored.pause(session, target, reason, now=now))}
    for person_id, first in first_of.items():
        assert first.id is not None
        maker = session.get(Person, person_id) if person_id else None
        key = f"{trouble.PAUSED}:{first.id}:{now.isoformat()}"
        if maker is not None and maker.inactive_at is None:
            delivery.note(session, trouble.PAUSED, first.id, to=maker, key=key, now=now)
        else:
            trouble.to_admins(session, trouble.PAUSED, first.id, key=key, now=now, instead_of=target)
    return bool(first_of)


def _target(session: Session, delivery_id: int) -> str:
    row = session.get(Delivery, delivery_id)
    assert row is not None
    return row.target
