"""The assistant at work: a real store, a real sandbox, real Socket Mode, and people who use it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import Session

from bot import measures, pace, people
from bot.people import Role
from bot.radar import Measure, Status
from bot.settings import Settings
from handlers.chat.manifest import manifest
from handlers.opening import open_store
from handlers.run import assistant
from sandbox import BOT_USER_ID, Channel, Member, Sandbox, Seed
from sandbox.client import Person, visible_text
from storage.store import Store
from tests.templates import copied

NEWS, COMMS, REVIEW = "C0NEWS", "C0COMMS", "C0REVIEW"
ANN, RED, RON, EDI, EVA, OLE, JOE = "U0ANN", "U0RED", "U0RON", "U0EDI", "U0EVA", "U0OLE", "U0JOE"
MEMBERS = {
    ANN: ("ann", "Kollegin", ()),
    RED: ("red", "Redaktion", (Role.COMMS,)),
    RON: ("ron", "Zweite Redaktion", (Role.COMMS,)),
    EDI: ("edi", "Radar-Redaktion", (Role.EDITOR,)),
    EVA: ("eva", "Zweite Radar-Redaktion", (Role.EDITOR,)),
    OLE: ("ole", "Projektleitung", (Role.OWNER,)),
    JOE: ("joe", "Colleague", ()),
}
# A Wednesday: on a Monday the newsroom gets its digest, at the weekend nobody is asked anything.
START = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


# The clock stands still, so nothing comes anew.
ENDLESS = {pace.POST: 1e9, pace.EDIT: 1e9}


@dataclass
class Clock:
    """The time of day, which a test may move; it never tells the same moment twice."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class Office:
    """A workspace with the assistant in it."""

    sandbox: Sandbox
    store: Store
    settings: Settings
    clock: Clock

    def person(self, member_id: str) -> Person:
        return self.sandbox.person(member_id)

    def texts(self, channel: str) -> list[str]:
        """Everything that stands in a channel now, oldest first."""
        found = sorted(self.sandbox.workspace.history(channel), key=lambda message: message.ts)
        return [visible_text(message) for message in found]


def seed() -> Seed:
    members = tuple(
        Member(id_, handle, name, locale="en-GB" if id_ == JOE else "de-DE")
        for id_, (handle, name, _roles) in MEMBERS.items()
    )
    everyone = (*MEMBERS, BOT_USER_ID)
    return Seed(
        team="Teststadt",
        domain="teststadt",
        members=members,
        channels=(
            Channel(NEWS, "neues", members=everyone),
            Channel(COMMS, "redaktion", members=everyone),
            Channel(REVIEW, "radar", members=everyone),
        ),
        manifest=manifest(unfurl_domains=("digital.teststadt.example", "stadt.example")),
    )


def fill(session: Session, now: datetime) -> None:
    for id_, (_handle, name, roles) in MEMBERS.items():
        if roles:
            person = people.greet(session, chat_id=id_, name=name, locale="de-DE", now=now, source="test")
            for role in roles:
                people.set_role(session, person, role)
    owner = people.by_chat_id(session, OLE)
    assert owner is not None
    for title, status in (("E-Akte", Status.IN_PROGRESS), ("Digitaler Zwilling", None)):
        measures.set_owner(session, made(session, title, now, status=status), owner, origin="test")


def made(session: Session, title: str, now: datetime, *, status: Status | None = None) -> Measure:
    """Return a new measure; one with a status is done to 23 percent."""
    measure, _ = measures.import_measure(
        session,
        title=title,
        description="",
        goal="",
        field_name=None,
        edition=2022,
        status=status,
        progress_percent=23 if status else None,
        department_id=None,
        starts_in=2019,
        ends_in=2025,
        url=None,
        source="test",
        origin="test",
        now=now,
    )
    return measure


@asynccontextmanager
async def an_office(
    folder: Path,
    before: Callable[[Session, datetime], object] = lambda _session, _now: None,
    **changes: object,
) -> AsyncIterator[Office]:
    """Open a workspace, fill a store, do `before`, and let the assistant work between them."""
    clock = Clock()
    sandbox = await Sandbox.start(seed(), pace=False)
    settings = Settings(
        database_url=copied(folder / "store.sqlite"),
        slack_api_url=sandbox.api_url,
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token),
        comms_channel=COMMS,
        review_channel=REVIEW,
        admin_channel=REVIEW,
        public_url="https://digital.teststadt.example",
        fetch_allow=(ip_network("127.0.0.0/8"),),
        ops_port=0,
    ).model_copy(update=changes)
    store = open_store(settings, migrate="database_url" in changes)
    store.do(fill, clock.now)
    store.do(before, clock.now)
    try:
        async with assistant(store, settings, clock=clock, gap=timedelta(), paces=ENDLESS):
            yield Office(sandbox, store, settings, clock)
    finally:
        store.close()
        await sandbox.stop()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as opened:
        yield opened
