"""When the next overview of a subscription is due, by the clocks and working days of who reads it."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import people
from bot.workdays import Workdays
from storage.subscriptions import Rhythm, Subscription

DAYS_A_WEEK: Final = 7


def next_overview(
    session: Session, subscription: Subscription, *, workdays: Workdays, now: datetime
) -> datetime | None:
    """Return when the next overview is due, after `now`: by the reader's clocks, on a working day."""
    if subscription.rhythm is Rhythm.AT_ONCE or subscription.at is None:
        return None
    local = workdays_of(session, subscription.target, workdays)
    today = local.today(now)
    # From last week on: its holidays may have moved an overview to a day that is still to come.
    for days in range(-DAYS_A_WEEK, 1 + 2 * DAYS_A_WEEK):
        day = today + timedelta(days=days)
        if subscription.rhythm is Rhythm.WEEKLY and day.weekday() != subscription.weekday:
            continue
        # A holiday moves an overview on; two of one day are one.
        moment = local.at(local.from_day(day), subscription.at)
        if moment > now:
            return moment
    raise AssertionError("within two weeks there is a working day of each name")


def workdays_of(session: Session, target: str, workdays: Workdays) -> Workdays:
    """Return the working days of a person by the clocks where they are, of a channel by the city's."""
    person = people.by_chat_id(session, target)
    return workdays.elsewhere(person.timezone) if person and person.timezone else workdays
