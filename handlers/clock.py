"""Wakes the jobs that look what is due: it stands in the store, so a missed tick costs nothing."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot import pitches, rounds
from bot.settings import Settings, weekday_and_time
from bot.workdays import Workdays
from handlers.sources import Reading
from storage.store import Store

log = logging.getLogger(__name__)

SOURCES_EVERY_S: Final = 2
DUE_EVERY_S: Final = 5


def make_clock(
    store: Store, settings: Settings, reading: Reading, clock: Callable[[], datetime]
) -> AsyncIOScheduler:
    """Make the scheduler that looks for due sources, digests and rounds; the caller starts it."""

    async def look() -> None:
        await store.run(note_due, settings, clock())

    scheduler = AsyncIOScheduler(timezone=settings.zone)
    jobs: dict[Callable[[], Awaitable[object]], int] = {
        reading.poll_due: SOURCES_EVERY_S,
        look: DUE_EVERY_S,
    }
    for job, seconds in jobs.items():
        scheduler.add_job(
            job, "interval", seconds=seconds, max_instances=1, coalesce=True, misfire_grace_time=None
        )
    return scheduler


def note_due(session: Session, settings: Settings, now: datetime) -> None:
    """Note everything that is due at this moment; at the next moment it is noted already."""
    workdays = Workdays(settings.holidays, settings.zone)
    weekday, time = weekday_and_time(settings.digest_at)
    pitches.digest_due(session, appointment=workdays.last_weekly(now, weekday, time), now=now)
    rounds.plan(session, rhythm=settings.round_rhythm, workdays=workdays, now=now)
    rounds.open_due(session, days=settings.round_days, workdays=workdays, now=now)
