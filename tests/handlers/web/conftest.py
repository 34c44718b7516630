"""A real store in a file, the public site over it, and rows made through the tables."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlmodel import Session, SQLModel

from bot.settings import Settings
from handlers.web.app import make_app
from storage import public
from storage.events import CalendarEvent
from storage.posts import Post
from storage.radar import Answer, AnswerKind, AnswerState, FieldOfAction, Measure
from storage.store import Store
from tests.templates import copied

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
# Keeps open pages up to date.
OWN_SCRIPT = r'<script src="/static/\w+/live\.js" defer></script>'
FIELDS = (
    "Digital Government",
    "Gemeinschaft und Teilhabe",
    "Kultur, Sport und Freizeit",
    "Bildung",
    "Arbeit und Wirtschaft",
    "Gesundheit und Sicherheit",
    "Klima und Umwelt",
    "Mobilität",
    "Infrastruktur",
)

Row = dict[str, Any]
Site = TestClient[web.Request, web.Application]


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/stadtfunk.sqlite"


@pytest.fixture
def store(address: str, tmp_path: Path) -> Iterator[Store]:
    assert copied(tmp_path / "stadtfunk.sqlite") == address
    opened = Store(address)
    opened.do(add, *(FieldOfAction(name=name, edition=2022, source="test") for name in FIELDS))
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings() -> Settings:
    return Settings(public_url="https://stadt.example")


@pytest.fixture
async def site(store: Store, settings: Settings, clock: Clock) -> AsyncIterator[Site]:
    async with TestClient(TestServer(make_app(store, settings, clock=clock))) as client:
        yield client


def add(session: Session, *rows: SQLModel) -> None:
    """Keep rows and say that something public changed."""
    for row in rows:
        session.add(row)
        session.flush()
    public.touch(session)


def measure(slug: str, **values: Any) -> Measure:
    given: Row = {"slug": slug, "title": f"Maßnahme {slug}", "source": "test", "created_at": NOW}
    return Measure(**given | values)


def answer(measure_id: int, **values: Any) -> Answer:
    given: Row = {"measure_id": measure_id, "kind": AnswerKind.UPDATE, "state": AnswerState.RELEASED}
    return Answer(**given | {"created_at": NOW, "decided_at": NOW, "origin": "chat"} | values)


def post(title: str, **values: Any) -> Post:
    given: Row = {"title": title, "published_at": NOW, "origin": "feed"}
    return Post(**given | {"first_seen_at": NOW, "changed_at": NOW} | values)


def event(slug: str, *, days: int = 3, **values: Any) -> CalendarEvent:
    day = TODAY + timedelta(days=days)
    starts_at = datetime.combine(day, time(17, 30), UTC)
    given: Row = {"uid": slug, "slug": slug, "title": f"Termin {slug}", "origin": "chat"}
    given |= {"starts_at": starts_at, "starts_on": day, "ends_on": day}
    return CalendarEvent(**given | {"first_seen_at": NOW, "changed_at": NOW} | values)


async def text_of(site: Site, path: str, status: int = 200) -> str:
    """Return the words at an address."""
    response = await site.get(path)
    assert response.status == status, f"{path}: {response.status}"
    return await response.text()


async def eventually(check: Callable[[], Awaitable[bool]], *, within_s: float) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(within_s):
        while not await check():
            await asyncio.sleep(0.01)
