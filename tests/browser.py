"""Chromium for the tests, and what every page has to keep to."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urljoin

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 640}
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run one headless browser; it takes longer to start than most tests take, so tests share it."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield running
        await running.close()


class Visits:
    """Opens pages and watches that none has errors or asks anyone else for anything."""

    def __init__(self, browser: Browser, home: str, *others: str) -> None:
        """Open pages below `home`, or below the `others`."""
        self._browser = browser
        self._home = home
        self._known = (home, *others)
        self.wrong: list[str] = []
        self.pages: list[Page] = []

    async def open(
        self,
        address: str = "",
        *,
        size: ViewportSize = WIDE,
        is_dark: bool = False,
        patience_ms: float = PATIENCE_MS,
    ) -> Page:
        """Open a page of its own, as on a machine of its own."""
        page = await self._browser.new_page(
            viewport=size, color_scheme="dark" if is_dark else "light", locale="de-DE"
        )
        self.pages.append(page)
        page.set_default_timeout(patience_ms)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: self._check(request.url))
        await page.goto(urljoin(self._home, address))
        return page

    async def end(self) -> None:
        """Close all pages and make sure that they behaved."""
        for page in self.pages:
            await page.close()
        assert self.wrong == [], self.wrong

    def _check(self, url: str) -> None:
        if not url.startswith(self._known):
            self.wrong.append(f"asked for {url}")


async def assert_accessible(page: Page) -> None:
    """Let axe-core look at the page as it is now."""
    found = await Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
