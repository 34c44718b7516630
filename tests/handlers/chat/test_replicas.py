"""Two assistants on one PostgreSQL, each with its Socket Mode: whichever hears of something, it is done once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlmodel import Session

from bot import curation, delivery, posts, rounds, subscriptions
from bot.curation import SourceKind
from bot.sources import Fetcher, Parser
from bot.subscriptions import POSTS
from bot.workdays import Workdays
from handlers.chat.app import make_app, make_client
from handlers.chat.patience import PatientApp
from handlers.clock import note_due
from handlers.run import assistant
from handlers.sources import Reading
from storage.store import Store
from tests.handlers.chat.conftest import (
    ANN,
    COMMS,
    EDI,
    ENDLESS,
    EVA,
    NEWS,
    OLE,
    RED,
    REVIEW,
    RON,
    START,
    Office,
    an_office,
)
from tests.handlers.chat.slow import Gate
from tests.handlers.chat.test_doors import submission
from tests.handlers.chat.test_inbound import ONCE_MORE
from tests.handlers.outside import Outside, rss

PEOPLE = (ANN, RED, RON, EDI, EVA, OLE)
MONDAY_NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass
class Pair:
    """A workspace with two assistants; the second can be stopped."""

    office: Office
    second: Store
    running: AsyncExitStack

    def app(self, store: Store) -> PatientApp:
        settings = self.office.settings
        return make_app(store, settings, make_client(settings), clock=self.office.clock)

    def noted(self, kind: str) -> list[str]:
        rows = self.office.store.ask(delivery.listed, state=None, limit=1000)
        return [row.key for row in rows if row.kind == kind]


@pytest.fixture
async def pair(tmp_path: Path, postgresql_address: str) -> AsyncIterator[Pair]:
    async with an_office(tmp_path, database_url=postgresql_address) as office:
        second = Store(postgresql_address)
        try:
            async with AsyncExitStack() as running:
                await running.enter_async_context(
                    assistant(second, office.settings, clock=office.clock, gap=timedelta(), paces=ENDLESS)
                )
                assert office.sandbox.sockets.connections == 2
                yield Pair(office, second, running)
        finally:
            second.close()


async def pitch(office: Office, member: str, title: str) -> None:
    """Pitch as people do: what is not answered is sent again."""
    person = office.person(member)
    while not (await person.shortcut("pitch_new")).ok:
        await asyncio.sleep(0)
    form = await person.form()
    await form.fill(Titel=title)
    while form.is_open:
        outcome = await office.sandbox.interactions.submit(member, form.view.id, {})
        assert all(ONCE_MORE in error for error in outcome.errors.values())
        await asyncio.sleep(0)


async def told(office: Office, titles: list[str]) -> Counter[str]:
    """Wait until all titles are in the newsroom's channel and return how often each of them is."""
    for title in titles:
        await office.person(RED).sees(title, channel=COMMS)
    # Below its own title a card may name others that could be the same story.
    cards = [text.partition("\n")[0] for text in office.texts(COMMS)]
    return Counter(title for title in titles for card in cards if title in card)


async def test_ideas_and_decisions_are_done_once_whichever_assistant_hears_of_them(pair: Pair):
    office, titles = pair.office, [f"Idee Nummer {number}." for number in range(6)]
    office.sandbox.faults.duplicate(times=3 * len(titles))

    for title in titles:
        await pitch(office, ANN, title)
    assert await told(office, titles) == dict.fromkeys(titles, 1)
    red = office.person(RED)
    for title in titles:
        assert (await red.click("Annehmen", message=await red.sees(title, channel=COMMS))).ok
    for title in titles:
        await office.person(ANN).sees(f"„{title}“")

    assert len(pair.noted("pitch_news")) == len(titles)
    assert red.last_reply is None
    assert office.sandbox.faults.is_over


async def test_a_round_is_asked_answered_and_released_once(pair: Pair):
    office = pair.office
    ole, edi = office.person(OLE), office.person(EDI)

    def opened(session: Session) -> None:
        workdays = Workdays(office.settings.holidays, office.settings.zone)
        rounds.open_now(session, name="Probe", days=14, workdays=workdays, now=START)

    await office.store.run(opened)
    request = await ole.sees("Stimmt das noch?")
    office.sandbox.faults.duplicate(times=6)
    await ole.click("Unverändert", message=request, beside="E-Akte")
    await ole.click("Aktualisieren", message=request, beside="Digitaler Zwilling")
    assert await (await ole.form()).submit(Stand="Geplant", Erfolge="Er steht.") == {}
    await edi.click("Freigeben", message=await edi.sees("Er steht.", channel=REVIEW))
    await ole.sees("ist jetzt öffentlich")

    assert len(office.texts(REVIEW)) == 1
    assert len(office.texts(ole.dm)) == 2


async def test_one_thing_that_both_get_at_the_same_moment_acts_once(pair: Pair):
    apps = [pair.app(store) for store in (pair.office.store, pair.second)]
    titles = [f"Gleichzeitig {number}." for number in range(8)]
    bodies = [submission(pair.office, title, f"1.2.{title}") for title in titles]

    answers = await asyncio.gather(
        *(
            app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
            for body in bodies
            for app in apps
        )
    )

    assert {(answer.status, answer.body) for answer in answers} == {(200, "")}
    assert await told(pair.office, titles) == dict.fromkeys(titles, 1)


async def test_what_one_has_begun_and_the_other_has_done_meanwhile_is_not_done_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    gate = Gate(pair.second, monkeypatch)
    first, second = pair.app(pair.office.store), pair.app(pair.second)
    body = submission(pair.office, "Nur einmal.", "1.2.same")
    await second.async_dispatch(AsyncBoltRequest(body=greeting(pair), mode="socket_mode"))
    gate.close()
    slow = asyncio.create_task(second.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode")))
    await gate.reached()

    await first.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    gate.open()

    assert (await slow).status == 200
    assert await told(pair.office, ["Nur einmal."]) == {"Nur einmal.": 1}


def greeting(pair: Pair) -> str:
    """A command that lets an assistant get to know someone."""
    return submission(pair.office, "", "1.2.empty")


async def test_the_digest_is_noted_by_one_of_two_clocks(pair: Pair):
    office = pair.office
    await pitch(office, ANN, "Noch unentschieden.")
    office.clock.now = MONDAY_NINE

    await asyncio.gather(
        *(store.run(note_due, office.settings, MONDAY_NINE) for store in (office.store, pair.second) * 3)
    )

    await office.person(RED).sees("1 Idee ist unentschieden", channel=COMMS)
    assert pair.noted("pitch_digest") == ["pitch_digest:2026-11-23"]
    assert len(office.texts(COMMS)) == 2


async def test_a_source_is_read_by_one_of_two_assistants_and_its_news_are_told_once(
    pair: Pair, outside: Outside
):
    office = pair.office
    outside.pages["/feed"] = rss(("1", "Alt"))

    def prepared(session: Session) -> None:
        url = f"{outside.url}/feed"
        subscriptions.subscribe(session, POSTS, NEWS, now=START)
        curation.add(
            session, kind=SourceKind.FEED, name="Stadt", url=url, every_s=60, now=START, origin="test"
        )

    await office.store.run(prepared)
    async with Fetcher(allow=office.settings.fetch_allow) as fetcher, Parser() as parser:
        readings = [
            Reading(store, office.settings, fetcher, parser, office.clock)
            for store in (office.store, pair.second)
        ]
        await asyncio.gather(*(one.poll_due() for one in readings))
        outside.pages["/feed"] = rss(("2", "Neu"), ("1", "Alt"))
        office.clock.forward(minutes=2)
        await asyncio.gather(*(one.poll_due() for one in readings))
        await office.person(ANN).sees("Neu", channel=NEWS)

    assert len(outside.asked) == 2
    assert len(office.store.ask(posts.newest, limit=10)) == 2
    assert len(office.texts(NEWS)) == 1


async def test_one_of_two_can_be_stopped_in_the_middle_and_nothing_is_lost_or_done_twice(pair: Pair):
    office, is_busy = pair.office, asyncio.Event()
    titles = {member: [f"Von {member} Nummer {number}." for number in range(3)] for member in PEOPLE}

    async def several(member: str) -> None:
        for title in titles[member]:
            await pitch(office, member, title)
            is_busy.set()

    async def stop() -> None:
        await is_busy.wait()
        await pair.running.aclose()

    await asyncio.gather(stop(), *(several(member) for member in PEOPLE))

    wanted = [title for of_one in titles.values() for title in of_one]
    assert office.sandbox.sockets.connections == 1
    assert await told(office, wanted) == dict.fromkeys(wanted, 1)
