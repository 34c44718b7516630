"""The whole demo at work in this process, and its people in a browser."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot.settings import Settings
from handlers import clock
from handlers.demo import seed
from handlers.demo.start import Demo, demo
from tests.browser import WIDE, Visits, chromium

# How long a person waits at most: Slack takes one message a second in each channel.
SOON_MS = 20_000
MOST_TABS = 120


class Desks(Visits):
    """Opens the workspace as one of its people sees it, and the public site."""

    def __init__(self, browser: Browser, running: Demo) -> None:
        super().__init__(browser, running.sandbox.page_url, running.site_url)
        self._running = running

    async def channel(
        self, person_id: str, channel_id: str, *, size: ViewportSize = WIDE, is_dark: bool = False
    ) -> Page:
        """Open a channel as this person."""
        return await self.open(f"?person={person_id}&channel={channel_id}", size=size, is_dark=is_dark)

    async def assistant(self, person_id: str) -> Page:
        """Open this person's direct message with the assistant."""
        return await self.open(f"?person={person_id}&tab=messages")

    async def site(self, path: str) -> Page:
        """Open a page of the public site."""
        return await self.open(f"{self._running.site_url}{path}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """One demo for all tests of a file; they invent their own titles. It reads its portal more often."""
    settings, folder = Settings(web_port=0, ops_port=0), tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as quicker:
        quicker.setattr(seed, "POLL_S", 1)
        quicker.setattr(clock, "SOURCES_EVERY_S", 0.5)
        async with demo(settings, folder=folder, ports=(0, 0)) as started:
            yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


DesksOf = Callable[[Demo], AbstractAsyncContextManager[Desks]]


@pytest.fixture
def desks_of(browser: Browser) -> DesksOf:
    """Open desks in a demo that a test has for itself."""

    @asynccontextmanager
    async def opened(running: Demo) -> AsyncIterator[Desks]:
        found = Desks(browser, running)
        yield found
        await found.end()

    return opened


@pytest_asyncio.fixture(loop_scope="module")
async def desks(running: Demo, browser: Browser) -> AsyncIterator[Desks]:
    opened = Desks(browser, running)
    yield opened
    await opened.end()


def invented(words: str) -> str:
    """Return words that nobody has said before."""
    return f"{words} {secrets.token_hex(4)}"


def messages(page: Page, words: str) -> Locator:
    """Return the messages of the open place with these words."""
    return page.get_by_role("main").get_by_role("article").filter(has_text=words)


async def shows(page: Page, words: str) -> Locator:
    """Wait until exactly one message with these words is there, and return it, whatever it will say later."""
    found = messages(page, words)
    await expect(found).to_have_count(1, timeout=SOON_MS)
    return page.locator(f"id={await found.get_attribute('id')}")


async def tab_to(page: Page, target: Locator) -> None:
    """Press the tabulator until the target has the focus."""
    for _ in range(MOST_TABS):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{target} can't be reached with the keyboard")


async def answer(running: Demo, person_id: str, title: str, **fields: str) -> None:
    """Let an owner fill in and send the form about a measure, without a browser."""
    owner = running.sandbox.person(person_id)
    request = await owner.sees(title, within=SOON_MS / 1000)
    block, button = next(
        (block, element)
        for block in request.blocks
        for element in block.get("elements", ())
        if element.get("accessibility_label") == f"Aktualisieren: {title}"
    )
    await running.sandbox.interactions.click(person_id, request, block["block_id"], button["action_id"])
    assert await (await owner.form()).submit(**fields) == {}
