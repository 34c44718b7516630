"""Wakes the jobs that look what is due: it stands in the store, so a missed tick costs nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot import (
    announcing,
    asking,
    comments,
    delivery,
    digest,
    events,
    plan_reminders,
    post_checks,
    publishing,
    rounds,
)
from bot.settings import Settings, weekday_and_time
from bot.workdays import Workdays
from handlers.sources import Reading
from storage.store import Store

log = structlog.get_logger(__name__)

SOURCES_EVERY_S: Final = 2
DUE_EVERY_S: Final = 5
# Whether a department is to be asked takes a look at all of them, and is in no hurry.
ASK_EVERY_S: Final = 60
FORGET_EVERY_S: Final = 3600
# How long a stopping process waits for what has begun.
PATIENCE_S: Final = 10


@asynccontextmanager
async def ticking(
    store: Store, settings: Settings, reading: Reading, clock: Callable[[], datetime]
) -> AsyncIterator[None]:
    """Look for what is due (sources, digests, rounds) and forget what is old; what has begun is finished."""

    async def look() -> None:
        await store.run(note_due, settings, clock())

    async def ask() -> None:
        await store.run(ask_departments, settings, clock())

    async def forget() -> None:
        await store.run(delivery.forget_inbound, now=clock())
        await store.run(announcing.forget, now=clock())

    running: set[asyncio.Task[Any]] = set()
    scheduler = AsyncIOScheduler(timezone=settings.zone)
    jobs = (
        (reading.begin_due, SOURCES_EVERY_S),
        (look, DUE_EVERY_S),
        (ask, ASK_EVERY_S),
        (forget, FORGET_EVERY_S),
    )
    for job, seconds in jobs:
        scheduler.add_job(
            _guarded(job, running),
            "interval",
            seconds=seconds,
            next_run_time=datetime.now(settings.zone),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        await reading.close()
        if running:
            await asyncio.wait(running, timeout=PATIENCE_S)
        scheduler.shutdown(wait=False)


def note_due(session: Session, settings: Settings, now: datetime) -> None:
    """Note what is due at this moment; at the next moment it is noted already.

    Only the questions to departments have a look of their own.
    """
    workdays = Workdays(settings.holidays, settings.zone)
    weekday, time = weekday_and_time(settings.digest_at)
    digest.note_due(session, appointment=workdays.last_weekly(now, weekday, time), now=now)
    rounds.plan(session, rhythm=settings.round_rhythm, workdays=workdays, now=now)
    rounds.open_due(session, days=settings.round_days, workdays=workdays, now=now)
    comments.tell_waiting(session, now=now)
    comments.remind_due(session, workdays=workdays, now=now)
    plan_reminders.remind_due(session, workdays=workdays, now=now)
    announcing.tell_due(session, workdays=workdays, now=now)
    publishing.close_ended(session, now=now)
    post_checks.ask_due(session, workdays=workdays, now=now)
    events.withdraw_missing(session, now=now)


def ask_departments(session: Session, settings: Settings, now: datetime) -> None:
    """Ask the departments whose turn it is at this moment."""
    asking.ask_due(
        session,
        weeks=settings.ask_departments_weeks,
        silent_weeks=settings.digest_silent_weeks,
        workdays=Workdays(settings.holidays, settings.zone),
        now=now,
    )


def _guarded(
    job: Callable[[], Awaitable[object]], running: set[asyncio.Task[Any]]
) -> Callable[[], Awaitable[None]]:
    """Let a job that fails be logged and tried again at the next tick, and be waited for at the end."""

    async def run() -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await job()
        except Exception:
            log.exception("clock_tick_failed")
        finally:
            running.discard(task)

    return run
