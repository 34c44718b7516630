"""News on its way to those who subscribed to it: at once, or when their overview or thread is due."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlmodel import Session

from bot import appointments, delivery, people
from bot.delivery import Delivery, DeliveryState, Taken
from bot.matching import News, Rule
from bot.people import Person
from bot.workdays import Workdays
from storage import subscriptions as stored
from storage.subscriptions import Layout, Match, Rhythm, Subscription

__all__ = ["OVERVIEW", "THREAD", "day_of", "forget", "is_office_time", "tell", "tell_due"]

OVERVIEW: Final = "news_overview"
THREAD: Final = "news_thread"
# What waits is told in portions of so many.
BATCH: Final = 200
# An overview tells of all that waits, as far as anybody could want that.
MOST_TOLD: Final = 5_000
MOMENT: Final = timedelta(minutes=5)
# An overview that is so late waits for the next working day rather than coming in the night.
LATE: Final = timedelta(hours=1)
OFFICE_HOURS: Final = (time(7), time(19))
# So long it is known why something was told.
KEPT: Final = timedelta(days=365)


@dataclass(frozen=True)
class Reader:
    """Who reads at a target, and by which clocks and working days."""

    to: Person | str
    workdays: Workdays


def tell(
    session: Session,
    kind: str,
    items: Sequence[tuple[int, News]],
    *,
    now: datetime,
    told: Collection[str] = (),
) -> int:
    """Let each subscription hear of what fits it: now, or later together with other news.

    Args:
        session: the transaction in which it became true.
        kind: the message that tells of such a thing.
        items: id of each thing and what subscriptions look at in it, in the order they are told.
        now: this moment.
        told: targets where all of it is said already, by another message.

    Returns:
        how many matches there were.
    """
    if not items:
        return 0
    rules = [(one, Rule.of(one, terms)) for one, terms in stored.all_active(session)]
    # A card says more than a line: where both are wanted in one place it is told once, as a card.
    rules.sort(key=lambda pair: pair[0].layout is not Layout.CARD)
    matches = [
        (subscription, subject_id)
        for subject_id, news in items
        for subscription, rule in rules
        if subscription.target not in told and rule.fits(news)
    ]
    new = stored.keep_matches(
        session,
        [
            Match(
                subscription_id=subscription.id,
                target=subscription.target,
                kind=kind,
                subject_id=subject_id,
                matched_at=now,
                waits_since=None if _is_told_at_once(subscription) else now,
            )
            for subscription, subject_id in matches
        ],
    )
    layouts = {one.id: one.layout for one, _rule in rules}
    at_once = [match for match in new if match.waits_since is None]
    readers = people.by_chat_ids(session, {one.target for one in at_once if people.is_person(one.target)})
    for match in at_once:
        to = readers.get(match.target, match.target)
        _say(session, match, to, layout=layouts[match.subscription_id], now=now)
    return len(new)


def tell_due(session: Session, *, workdays: Workdays, now: datetime) -> None:
    """Tell what waited for quiet hours to end, for its thread, or for its overview to be due."""
    for subscription in stored.with_waiting(session, Rhythm.AT_ONCE):
        reader = _reader(session, subscription, workdays)
        if not is_quiet(subscription, reader.workdays, now):
            _tell_waiting(session, subscription, reader, now=now)
    for subscription in stored.overviews_due(session, now=now):
        _tell_overview(session, subscription, _reader(session, subscription, workdays), now=now)


def day_of(delivery: Delivery | Taken) -> date:
    """Return the day whose news stand in the thread of a message, by its readers' clocks."""
    return date.fromisoformat(delivery.key.rpartition(":")[2])


def is_quiet(subscription: Subscription, workdays: Workdays, now: datetime) -> bool:
    """Say whether nothing is to be said at this moment, by the reader's clocks."""
    start, end = subscription.quiet_from, subscription.quiet_to
    if start is None or end is None:
        return False
    clock = now.astimezone(workdays.zone).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def is_office_time(workdays: Workdays, now: datetime) -> bool:
    """Say whether people are at work at this moment."""
    local = now.astimezone(workdays.zone)
    return workdays.is_workday(local.date()) and OFFICE_HOURS[0] <= local.time() < OFFICE_HOURS[1]


def forget(session: Session, *, now: datetime) -> int:
    """Forget why news of long ago was told."""
    return stored.forget_matches(session, before=now - KEPT)


def _is_told_at_once(subscription: Subscription) -> bool:
    return (
        subscription.rhythm is Rhythm.AT_ONCE
        and subscription.layout is not Layout.THREAD
        and subscription.quiet_from is None
    )


def _reader(session: Session, subscription: Subscription, workdays: Workdays) -> Reader:
    person = people.by_chat_id(session, subscription.target)
    return Reader(
        person or subscription.target, appointments.workdays_of(session, subscription.target, workdays)
    )


def _say(
    session: Session,
    match: Match,
    to: Person | str,
    *,
    layout: Layout,
    now: datetime,
    thread_ts: str | None = None,
) -> None:
    delivery.note(
        session,
        match.kind,
        match.subject_id,
        to=to,
        now=now,
        rank=delivery.Rank.BULK,
        layout=None if layout is Layout.CARD else layout.value,
        thread_ts=thread_ts,
    )


def _tell_waiting(session: Session, subscription: Subscription, reader: Reader, *, now: datetime) -> None:
    waiting = stored.waiting(session, subscription.id or 0, limit=BATCH)
    news = _untold(session, waiting, subscription.target)
    thread_ts = None
    if news and subscription.layout is Layout.THREAD:
        # What came a moment before midnight belongs to the day on which its thread was begun.
        came_at = news[0].waits_since or now
        day = reader.workdays.today(came_at if now - came_at < MOMENT else now)
        parent = _thread(session, subscription, reader, day, now=now)
        if parent.state is not DeliveryState.SENT or parent.ts is None:
            # Its first message is still on its way, or there is trouble with the channel.
            return
        thread_ts = parent.ts
    for match in news:
        _say(session, match, reader.to, layout=subscription.layout, now=now, thread_ts=thread_ts)
    stored.settle(session, [match.id or 0 for match in waiting])


def _thread(
    session: Session, subscription: Subscription, reader: Reader, day: date, *, now: datetime
) -> Delivery:
    """Return the message in whose thread the news of a day stands, noted if it is not yet."""
    return delivery.note(
        session,
        THREAD,
        subscription.id,
        to=reader.to,
        now=now,
        key=f"{THREAD}:{subscription.target}:{day.isoformat()}",
        rank=delivery.Rank.BULK,
    )


def _tell_overview(session: Session, subscription: Subscription, reader: Reader, *, now: datetime) -> None:
    due_at = subscription.next_at
    assert due_at is not None
    subscription.next_at = appointments.next_overview(
        session, subscription, workdays=reader.workdays, now=now
    )
    if now - due_at > LATE and not is_office_time(reader.workdays, now):
        subscription.next_at = _next_morning(subscription, reader.workdays, now)
        return
    waiting = stored.waiting(session, subscription.id or 0, limit=MOST_TOLD)
    stored.settle(session, [match.id or 0 for match in waiting])
    news = _untold(session, waiting, subscription.target)
    if news:
        delivery.note_overview(
            session,
            OVERVIEW,
            subscription.id,
            [(match.kind, match.subject_id) for match in news],
            to=reader.to,
            key=f"{OVERVIEW}:{subscription.id}:{due_at.isoformat()}",
            now=now,
        )


def _untold(session: Session, waiting: Collection[Match], target: str) -> list[Match]:
    """Return what was not said in this place already, by another subscription."""
    keys = {delivery.key_of(match.kind, match.subject_id, target): match for match in waiting}
    told = delivery.of_keys(session, keys)
    return [match for key, match in keys.items() if key not in told]


def _next_morning(subscription: Subscription, workdays: Workdays, now: datetime) -> datetime:
    assert subscription.at is not None
    today = workdays.today(now)
    moment = workdays.at(workdays.from_day(today), subscription.at)
    return (
        moment if moment > now else workdays.at(workdays.from_day(today + timedelta(days=1)), subscription.at)
    )
