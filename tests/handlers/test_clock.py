"""The clock: what is due is noted once, however often it looks, also after a pause."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot import asking, delivery, rounds
from bot.delivery import AlreadyDoneError, Place
from bot.settings import Settings
from bot.sources import Fetcher, Parser
from handlers.clock import ASK_EVERY_S, DUE_EVERY_S, ask_departments, note_due, ticking
from handlers.opening import open_store
from handlers.sources import Reading
from storage.store import Store
from tests.bot.test_digest import led
from tests.templates import copied

# A Monday; nine o'clock in Munich is eight in UTC in winter.
MONDAY_NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(database_url=copied(tmp_path / "store.sqlite")))
    opened.do(delivery.name_places, {Place.COMMS: "C1"})
    yield opened
    opened.close()


def digests(store: Store) -> list[str]:
    rows = store.ask(delivery.listed, state=None, limit=100)
    return [row.key for row in rows if row.kind == "pitch_digest"]


def questions(store: Store) -> int:
    return sum(row.kind == asking.KIND for row in store.ask(delivery.listed, state=None, limit=100))


def test_the_digest_is_noted_at_its_hour_and_only_once(store: Store):
    settings = Settings()
    store.do(note_due, settings, MONDAY_NINE - timedelta(seconds=1))
    assert digests(store) == []

    for seconds in (0, 5, 3600):
        store.do(note_due, settings, MONDAY_NINE + timedelta(seconds=seconds))

    assert digests(store) == ["pitch_digest:2026-11-23"]


def test_a_digest_missed_while_the_assistant_slept_comes_the_same_day_but_not_later(store: Store):
    store.do(note_due, Settings(), MONDAY_NINE + timedelta(hours=30))
    assert digests(store) == []

    store.do(note_due, Settings(), MONDAY_NINE + timedelta(days=7, hours=3))
    assert digests(store) == ["pitch_digest:2026-11-30"]


def test_the_next_round_is_planned_and_opens_when_its_time_has_come(store: Store):
    settings = Settings(round_rhythm="monthly")
    store.do(note_due, settings, MONDAY_NINE)
    planned = store.ask(rounds.listed)
    assert [(one.name, one.opened_at) for one in planned] == [("12/2026", None)]
    # 1 December 2026 is a Tuesday.
    assert planned[0].due_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)

    store.do(note_due, settings, planned[0].due_at)
    store.do(note_due, settings, planned[0].due_at + timedelta(seconds=5))

    assert [(one.name, one.opened_at is not None) for one in store.ask(rounds.listed)] == [
        ("01/2027", False),
        ("12/2026", True),
    ]


def test_departments_are_asked_by_a_job_of_its_own_once_a_minute(store: Store):
    store.do(led, "Bau", "LEA", since=MONDAY_NINE - timedelta(weeks=60))

    store.do(note_due, Settings(), MONDAY_NINE)
    assert questions(store) == 0
    for seconds in (0, ASK_EVERY_S):
        store.do(ask_departments, Settings(), MONDAY_NINE + timedelta(seconds=seconds))

    assert questions(store) == 1
    assert ASK_EVERY_S == 12 * DUE_EVERY_S


async def test_the_clock_asks_departments(store: Store):
    store.do(led, "Bau", "LEA", since=MONDAY_NINE - timedelta(weeks=60))

    async with Fetcher() as fetcher, Parser() as parser:
        reading = Reading(store, Settings(), fetcher, parser, lambda: MONDAY_NINE)
        async with ticking(store, Settings(), reading, lambda: MONDAY_NINE), asyncio.timeout(15):
            while not questions(store):
                await asyncio.sleep(0.02)


def came_in(session: Session, inbound_id: str, at: datetime) -> None:
    def nothing(_session: Session) -> None:
        pass

    delivery.once(session, inbound_id, at, nothing)


async def test_the_ids_of_what_came_in_are_kept_for_a_week_and_then_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    forgotten, run = asyncio.Event(), store.run

    async def noticed(deed: Callable[..., Any], *args: Any, **values: Any) -> Any:
        value = await run(deed, *args, **values)
        if deed is delivery.forget_inbound:
            forgotten.set()
        return value

    monkeypatch.setattr(store, "run", noticed)
    store.do(came_in, "event:old", MONDAY_NINE - timedelta(days=8))
    store.do(came_in, "event:young", MONDAY_NINE - timedelta(days=6))

    async with Fetcher() as fetcher, Parser() as parser:
        reading = Reading(store, Settings(), fetcher, parser, lambda: MONDAY_NINE)
        async with ticking(store, Settings(), reading, lambda: MONDAY_NINE), asyncio.timeout(15):
            await forgotten.wait()

    store.do(came_in, "event:old", MONDAY_NINE)
    with pytest.raises(AlreadyDoneError):
        store.do(came_in, "event:young", MONDAY_NINE)
