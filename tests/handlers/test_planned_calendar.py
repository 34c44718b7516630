"""`/kalender/…`: the plan for those who know its address, nothing for everyone else."""

import logging
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar
from slack_bolt.async_app import AsyncApp
from sqlmodel import Session

from bot import editorial_feed
from bot.editorial import Outlet
from bot.settings import Settings
from handlers.ops import make_ops
from handlers.planned_calendar import PlannedCalendar
from handlers.web.app import make_app
from storage.planning import PitchOutlet
from storage.store import Store
from tests.bot.test_editorial import appeared, fill, planned
from tests.bot.test_pitches import known
from tests.made import NOW

DAY = date(2026, 12, 3)
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def town(store: Store) -> Store:
    store.do(fill)
    return store


@pytest.fixture
async def reader(town: Store) -> AsyncIterator[Client]:
    """Whoever asks the operators' port."""
    app = AsyncApp(signing_secret="s3cret", token="xoxb-1")
    calendar = PlannedCalendar(town, Settings(), lambda: NOW)
    async with TestClient(TestServer(make_ops(town, app, calendar=calendar.serve))) as client:
        yield client


def path(store: Store) -> str:
    return editorial_feed.address("", store.do(editorial_feed.renew, by=None, now=NOW))


async def events(client: Client, where: str) -> dict[str, dict[str, object]]:
    """What a calendar program reads, by UID."""
    answer = await client.get(where)
    assert answer.status == 200
    found: Any = Calendar.from_ical(await answer.read())
    assert not found.errors
    assert (found["VERSION"], bool(found["PRODID"])) == ("2.0", True)
    return {
        str(one["UID"]): {
            "day": one["DTSTART"].dt,
            "until": one["DTEND"].dt,
            "summary": str(one["SUMMARY"]),
            "status": str(one["STATUS"]),
            "stamp": one["DTSTAMP"].dt,
            "description": str(one["DESCRIPTION"]),
        }
        for one in found.walk("VEVENT")
    }


async def test_all_that_is_planned_is_a_whole_day_in_the_calendar(town: Store, reader: Client):
    ole = town.ask(known, "OLE").id
    hostile = "Titel, mit; Zeichen\\n & <b> 🎈 " + "lang " * 30
    first = town.do(planned, hostile, DAY, outlets={Outlet.BLOG: DAY}, author_id=ole)
    town.do(appeared, "Erschienen", datetime.combine(DAY, NOW.timetz()))

    found = await events(reader, path(town))

    assert set(found) == {f"pitch-{first}@stadtfunk", "post-1@stadtfunk"}
    event = found[f"pitch-{first}@stadtfunk"]
    assert (event["day"], event["until"]) == (DAY, DAY + timedelta(days=1))
    assert event["summary"] == f"{hostile} (Blog)"
    assert event["status"] == "CONFIRMED"
    assert "OLE" in str(event["description"])


async def test_what_moves_keeps_its_uid(town: Store, reader: Client):
    pitch_id = town.do(planned, "Zieht um", DAY, outlets={Outlet.NEWSLETTER: DAY + timedelta(days=1)})
    where = path(town)
    before = await events(reader, where)

    def move(session: Session) -> None:
        row = session.get_one(PitchOutlet, (pitch_id, Outlet.NEWSLETTER))
        row.planned_on = DAY + timedelta(days=9)

    town.do(move)

    after = await events(reader, where)
    assert (
        set(before) == set(after) == {f"pitch-{pitch_id}@stadtfunk", f"pitch-{pitch_id}-newsletter@stadtfunk"}
    )
    assert before != after


@pytest.mark.parametrize(
    "wrong",
    [
        "/kalender/.ics",
        "/kalender/x.ics",
        "/kalender/",
        "/kalender/{token}",
        "/kalender/{token}x.ics",
        "/kalender",
    ],
)
async def test_any_other_address_is_not_found(town: Store, reader: Client, wrong: str):
    secret = path(town).removeprefix("/kalender/").removesuffix(".ics")

    answer = await reader.get(f"/kalender{wrong}".replace("{token}", secret))

    assert answer.status == 404


async def test_without_an_address_nothing_is_served(reader: Client):
    assert (await reader.get("/kalender/x.ics")).status == 404


async def test_an_ended_address_is_not_found_at_once(town: Store, reader: Client):
    first = path(town)
    assert (await reader.get(first)).status == 200
    second = path(town)

    assert [(await reader.get(one)).status for one in (first, second)] == [404, 200]


async def test_what_has_not_changed_is_not_sent_again_and_nobody_between_keeps_it(
    town: Store, reader: Client
):
    town.do(planned, "Einzig", DAY)
    where = path(town)
    answer = await reader.get(where)
    assert answer.content_type == "text/calendar"
    assert answer.headers["Cache-Control"].startswith("private")
    tag = answer.headers["ETag"]

    again = await reader.get(where, headers={"If-None-Match": tag})
    assert (again.status, await again.read()) == (304, b"")

    town.do(planned, "Noch eine", DAY)
    changed = await reader.get(where, headers={"If-None-Match": tag})
    assert changed.status == 200
    assert changed.headers["ETag"] != tag


async def test_the_address_stands_in_no_log(town: Store, reader: Client, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    where = path(town)
    await reader.get(where)
    await reader.get(where.replace(".ics", "x.ics"))

    secret = where.removeprefix("/kalender/").removesuffix(".ics")
    ours = [
        one.getMessage() for one in caplog.records if not one.name.startswith(("aiohttp.access", "asyncio"))
    ]
    assert not any(secret in line for line in ours)


async def test_the_public_site_never_serves_it(town: Store):
    where = path(town)
    async with TestClient(TestServer(make_app(town, Settings(), clock=lambda: NOW))) as public:
        for one in (where, f"/en{where}"):
            assert (await public.get(one)).status == 404
