"""The site in headless Chromium: accessibility, small screens, keyboard."""

from collections.abc import AsyncIterator
from typing import Literal

import pytest
from playwright.async_api import Browser

from storage.radar import AnswerKind, Status
from storage.store import Store
from tests.browser import assert_accessible, chromium
from tests.handlers.web.conftest import NOW, Site, add, answer, event, measure, post

Scheme = Literal["light", "dark"]
PAGES = [
    "/",
    "/radar",
    "/radar?feld=Bildung",
    "/radar?suche=nichts",
    "/massnahmen/m-1",
    "/massnahmen/m-5",
    "/beitraege",
    "/beitraege?seite=2",
    "/termine",
    "/daten",
    "/nix",
    "/en/",
    "/en/radar",
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def full_site(store: Store, site: Site) -> Site:
    statuses = [*Status, None]
    store.do(
        add,
        *(
            measure(
                f"m-{number}",
                id=number,
                title=f"Eine Maßnahme mit einem recht langen Namen, Nummer {number}",
                description="Was sie ist.",
                goal="Wohin sie will.",
                highlight="Das Schönste.",
                achievements="Was gelang.",
                outlook="Was kommt.",
                status=statuses[number % 5],
                field_of_action_id=number % 10 or None,
                progress_percent=number if number % 2 else None,
                confirmed_at=NOW if number % 3 else None,
                state_origin="demo" if number == 1 else "chat",
                url="https://stadt.example/",
            )
            for number in range(1, 61)
        ),
    )
    store.do(
        add,
        answer(1, status=Status.PLANNED, progress_percent=3, outlook="Los geht es.", origin="demo"),
        answer(1, kind=AnswerKind.UNCHANGED),
        *(post(f"Beitrag {number}", tags="#eins #zwei", teaser="Kurz.") for number in range(22)),
        event("a", moved_from_at=NOW, url="https://stadt.example/", origin="demo"),
        event("b", cancelled_at=NOW, description="Worum es geht.", place="Rathaus", organiser="RIT"),
        event("c", days=-3),
    )
    return site


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_any_page(full_site: Site, browser: Browser, scheme: Scheme) -> None:
    context = await browser.new_context(color_scheme=scheme)
    page = await context.new_page()
    for path in PAGES:
        await page.goto(str(full_site.make_url(path)))
        await assert_accessible(page)
    await context.close()


@pytest.mark.parametrize("width", [320, 700, 1280])
async def test_no_page_scrolls_sideways_or_says_anything_in_the_console(
    full_site: Site, browser: Browser, width: int
) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 800})
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        if path == "/nix":
            continue
        await page.goto(str(full_site.make_url(path)))
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
    await context.close()
    assert said == []


async def test_the_radar_works_without_scripts_and_by_keyboard(full_site: Site, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(str(full_site.make_url("/radar")))

    mark = page.locator(".mark").first
    await mark.focus()
    assert await mark.locator(".name").is_visible()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/massnahmen/*")

    await page.goto(str(full_site.make_url("/radar")))
    await page.locator("#suche").fill("Nummer 42")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**suche=Nummer+42**")
    assert await page.locator(".measures li").count() == 1
    assert await page.locator(".mark").count() == 1
    await context.close()


async def test_on_a_phone_the_list_comes_before_the_chart(full_site: Site, browser: Browser) -> None:
    for width, is_list_first in ((360, True), (1280, False)):
        context = await browser.new_context(viewport={"width": width, "height": 800})
        page = await context.new_page()
        await page.goto(str(full_site.make_url("/radar")))
        listed, drawn = (
            await page.locator("#list").bounding_box(),
            await page.locator(".chart").bounding_box(),
        )
        assert listed
        assert drawn
        assert (listed["y"] < drawn["y"]) is is_list_first
        await context.close()
