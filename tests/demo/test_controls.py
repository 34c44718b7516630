"""The demo's buttons: each does what it says, in the reader's language, or says why it can't now."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from sqlmodel import Session, select, update

from bot import rounds
from bot.radar import Measure
from bot.settings import Settings
from handlers.demo.clock import CLOCK_FILE, DemoClock
from handlers.demo.portal import FEED, Portal
from handlers.demo.start import Demo, demo
from handlers.demo.workspace import COMMS, GENERAL, NEWS
from sandbox import Control
from storage.delivery import Rank
from storage.lanes import Lane, Work
from storage.store import Store
from tests.browser import NARROW, assert_accessible
from tests.demo.conftest import SOON_MS, Desks, DesksOf, invented, messages, shows
from tests.demo.programs import Program

pytestmark = pytest.mark.asyncio(loop_scope="module")
COLLEAGUE, ENGLISH, NEWSROOM, OWNER = "U0KOLLEGIN", "U0NEWCOLL", "U0REDAKTION", "U0EAKTE"
# A Friday afternoon in the city.
# Far ahead, since clocks only go forward.
FRIDAY = datetime(2037, 11, 27, 14, 0, tzinfo=UTC)
ENGLISH_BUTTONS = [
    "Publish a post",
    "Announce an event",
    "Write a comment",
    "Open a round",
    "Let a week pass",
]
GERMAN_BUTTONS = [
    "Beitrag veröffentlichen",
    "Veranstaltung eintragen",
    "Kommentar schreiben",
    "Abfragerunde eröffnen",
    "Eine Woche weiter",
]


async def press(page: Page, name: str, said: str) -> None:
    """Press a button of the demo and read what it says."""
    await page.get_by_role("button", name=name, exact=True).click()
    await expect(page.locator("#toasts")).to_contain_text(said, timeout=SOON_MS)


@pytest_asyncio.fixture(loop_scope="module")
async def friday(tmp_path: Path) -> AsyncIterator[Demo]:
    """A demo that begins on a Friday; its clock runs from there."""
    began = datetime.now(UTC)
    settings = Settings(web_port=0, ops_port=0)
    real = lambda: FRIDAY + (datetime.now(UTC) - began)  # noqa: E731 - said once
    async with demo(settings, folder=tmp_path, ports=(0, 0), real=real) as running:
        yield running


def the_week(running: Demo) -> Control:
    """Return the button that lets a week pass."""
    buttons = running.sandbox.controls
    assert callable(buttons)
    return next(control for control in buttons("de-DE") if control.id == "week")


async def test_each_reader_has_the_buttons_in_their_language(desks: Desks) -> None:
    for person, names in ((COLLEAGUE, GERMAN_BUTTONS), (ENGLISH, ENGLISH_BUTTONS)):
        page = await desks.channel(person, GENERAL)
        shown = page.get_by_role("region", name="Demo").get_by_role("button")
        assert await shown.all_inner_texts() == names


async def test_a_comment_reaches_the_thread_of_its_post_and_the_portal(desks: Desks, running: Demo) -> None:
    title = invented("Der neue Bürgerservice")
    running.portal.publish(title, teaser="Alles an einem Ort.", now=running.clock())
    page = await desks.channel(COLLEAGUE, NEWS)
    card = await shows(page, title)

    await press(page, "Kommentar schreiben", f"Kommentar zu „{title}“ geschrieben.")

    await expect(card.get_by_role("link", name="1 Antwort")).to_be_visible(timeout=SOON_MS)
    await card.get_by_role("link", name="1 Antwort").click()
    thread = page.get_by_role("complementary", name="Thread")
    reply = thread.get_by_role("article").filter(has_text="Neuer Kommentar")
    await expect(reply).to_contain_text("Eine Leserin aus Giesing")
    await assert_accessible(page)
    answer = reply.get_by_role("link", name="Auf dem Portal lesen und antworten")
    href = await answer.get_attribute("href")
    assert href
    assert href.endswith("#comment-1")
    await expect(messages(page, "Eine Leserin aus Giesing")).to_have_count(0)


async def test_an_english_reader_is_told_in_english(desks: Desks) -> None:
    page = await desks.channel(ENGLISH, NEWS, size=NARROW)
    await page.get_by_role("button", name="Channels and messages").click()
    await press(page, "Announce an event", "Announced. In a few seconds the event is in #digital-neues")


async def test_a_round_that_nobody_would_be_asked_in_is_not_opened(desks: Desks, running: Demo) -> None:
    def all_confirmed(session: Session) -> None:
        session.execute(update(Measure).values(confirmed_at=running.clock()))

    await running.store.run(all_confirmed)
    known = len(running.store.ask(rounds.listed))
    page = await desks.channel(COLLEAGUE, GENERAL)

    await press(page, "Abfragerunde eröffnen", "Es ist niemand zu fragen:")

    assert len(running.store.ask(rounds.listed)) == known


async def test_a_week_that_passes_brings_the_digest_and_stays_passed(
    friday: Demo, tmp_path: Path, desks_of: DesksOf
) -> None:
    title = invented("Lesen im Park")
    colleague = friday.sandbox.person(COLLEAGUE)
    await colleague.slash("/funk", f"idee {title}", channel=GENERAL)
    assert await (await colleague.form()).submit() == {}
    async with desks_of(friday) as desks:
        newsroom = await desks.channel(NEWSROOM, COMMS)
        await shows(newsroom, title)
        await press(
            newsroom,
            "Eine Woche weiter",
            "Eine Woche ist vergangen. Jetzt ist der 4. Dezember 2037.",
        )

        # Who pressed is still heard: the websocket of the day before is gone.
        newcomer = friday.sandbox.person(COLLEAGUE)
        await newcomer.slash("/funk", "hilfe", channel=GENERAL)
        assert "Das kann ich für dich tun" in (newcomer.last_reply or "")
        digest = await shows(newsroom, "Ihr entscheidet mit den Knöpfen")
        await expect(digest).to_contain_text(title)
        await expect(newsroom.get_by_text("Montag, 30. November")).to_be_visible()
        await assert_accessible(newsroom)
        public = await desks.site("termine")
        await expect(public.get_by_text("Demo-Angabe").first).to_be_visible()
    assert friday.clock().date() == FRIDAY.date() + timedelta(days=7)
    assert datetime.fromtimestamp(friday.sandbox.clock.time(), UTC) > datetime.now(UTC) + timedelta(days=6)
    assert DemoClock(tmp_path / CLOCK_FILE, lambda: FRIDAY)().date() == FRIDAY.date() + timedelta(days=7)


async def test_weeks_that_pass_open_the_planned_round_and_ask_the_owners_again(
    friday: Demo, desks_of: DesksOf
) -> None:
    owner = friday.sandbox.person(OWNER)
    await owner.sees("Stimmt das noch?", within=SOON_MS / 1000)
    for _ in range(6):
        await the_week(friday).run()

    opened = [found.name for found in friday.store.ask(rounds.listed) if found.opened_at]
    assert opened == ["Q1 2038", "Demo 1"]
    async with desks_of(friday) as desks:
        page = await desks.assistant(OWNER)
        await expect(messages(page, "Stimmt das noch?")).to_have_count(2, timeout=SOON_MS)
        await expect(page.get_by_text("Montag, 4. Januar", exact=False).first).to_be_visible()


async def test_two_who_let_a_week_pass_at_once_move_the_clock_once(friday: Demo) -> None:
    week = the_week(friday)
    said = await asyncio.gather(week.run(), week.run())

    assert sorted(said) == [
        "Eine Woche ist vergangen. Jetzt ist der 4. Dezember 2037.",
        "Es vergeht gerade schon eine Woche.",
    ]
    assert friday.clock.ahead < timedelta(days=8)


async def test_what_is_on_its_way_is_not_sent_again_because_the_clock_moved(
    sqlite_store: Store, tmp_path: Path
) -> None:
    def held(session: Session) -> None:
        session.add(
            Lane(target="C1", work=Work.POST, rank=Rank.NORMAL, ready_at=FRIDAY, is_held=True, head_id=1)
        )
        session.add(Lane(target="C2", work=Work.POST, rank=Rank.NORMAL, ready_at=FRIDAY))

    def ready(session: Session) -> list[datetime | None]:
        return [lane.ready_at for lane in session.exec(select(Lane).order_by(Lane.target))]

    sqlite_store.do(held)
    clock = DemoClock(tmp_path / CLOCK_FILE, lambda: FRIDAY)

    await clock.advance(timedelta(days=7), sqlite_store)

    assert sqlite_store.ask(ready) == [FRIDAY + timedelta(days=7), FRIDAY]


@pytest.mark.parametrize("words", ["", "gestern", "-5", "1e400", "ä"])
async def test_a_clock_whose_file_makes_no_sense_shows_the_real_time(tmp_path: Path, words: str) -> None:
    file = tmp_path / CLOCK_FILE
    file.write_text(words, encoding="utf-8")

    assert DemoClock(file, lambda: FRIDAY)() == FRIDAY


async def test_a_post_from_the_command_line_has_the_demos_time(tmp_path: Path) -> None:
    portal = Portal(tmp_path / "portal")
    (tmp_path / CLOCK_FILE).write_text(f"{timedelta(days=40).total_seconds()}\n", encoding="ascii")
    command = ("demo", "publish", "--title", "Später", "--folder", str(tmp_path))
    program = await Program.start(*command, folder=tmp_path, settings={})
    assert await program.end() == 0, program.said

    feed = (portal.folder / FEED).read_text(encoding="utf-8")
    published = parsedate_to_datetime(re.findall("<pubDate>(.+?)</pubDate>", feed)[0])
    assert timedelta(days=39) < published - datetime.now(UTC) < timedelta(days=41)


async def test_another_clock_follows_from_where_it_is(sqlite_store: Store, tmp_path: Path) -> None:
    moved: list[float] = []

    async def settled() -> None:
        moved.append(0)

    real = lambda: datetime.now(UTC)  # noqa: E731 - said once
    clock = DemoClock(tmp_path / CLOCK_FILE, real)
    await clock.advance(timedelta(hours=1), sqlite_store)
    again = DemoClock(tmp_path / CLOCK_FILE, real)
    again.follow(moved.append, settled)
    await again.advance(timedelta(hours=2), sqlite_store)

    assert moved == [pytest.approx(3600, abs=1), 7200, 0]
    assert again.ahead == timedelta(hours=3)
