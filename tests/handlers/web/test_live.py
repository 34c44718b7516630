"""An open page keeps itself up to date, and does not disturb who reads it."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Browser, Page, expect

from bot.settings import Settings
from handlers.web.app import make_app
from handlers.web.live import Pace
from storage.radar import Status
from storage.store import Store
from tests.browser import Visits, assert_accessible, chromium
from tests.handlers.web.conftest import (
    NOW,
    Clock,
    Site,
    add,
    answer,
    eventually,
    measure,
    post,
)

SOON_MS = 5000


@pytest.fixture
async def site(store: Store, settings: Settings, clock: Clock) -> AsyncIterator[Site]:
    """A site whose readers ask ten times a second."""
    quick = Pace(again_in_s=0.1, at_most_s=0.1)
    async with TestClient(TestServer(make_app(store, settings, clock=clock, pace=quick))) as client:
        yield client


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def visits(site: Site, browser: Browser) -> AsyncIterator[Visits]:
    opened = Visits(browser, str(site.make_url("/")))
    yield opened
    await opened.end()


def counted(page: Page, part: str) -> Callable[[], int]:
    """Count what a page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if part in request.url else None)
    return lambda: len(asked)


async def test_the_revision_is_a_tiny_document_that_is_not_sent_twice(site: Site, store: Store) -> None:
    first = await site.get("/api/v1/revision")
    said: dict[str, Any] = await first.json()
    assert said == {
        "revision": said["revision"],
        "stamp": f"{said['revision']}-20261122",
        "again_in_s": 0.1,
        "at_most_s": 0.1,
    }
    etag = first.headers["ETag"]
    assert (await site.get("/api/v1/revision", headers={"If-None-Match": etag})).status == 304

    store.do(add, post("Neu"))

    async def is_known() -> bool:
        second = await site.get("/api/v1/revision", headers={"If-None-Match": etag})
        return second.status == 200 and (await second.json())["revision"] == said["revision"] + 1

    await eventually(is_known, within_s=1)


async def test_a_new_day_is_a_new_state_of_the_pages(site: Site, clock: Clock) -> None:
    first = await (await site.get("/api/v1/revision")).json()
    clock.now = NOW + timedelta(days=1)
    second = await (await site.get("/api/v1/revision")).json()

    assert first["revision"] == second["revision"]
    assert first["stamp"] != second["stamp"]


async def test_a_page_carries_the_stamp_it_was_made_with_and_an_error_page_none(site: Site) -> None:
    stamp = (await (await site.get("/api/v1/revision")).json())["stamp"]
    page, error = await (await site.get("/")).text(), await (await site.get("/nix")).text()

    assert f'data-stamp="{stamp}"' in page
    assert "<script" not in error
    assert re.search(r'<script src="/static/\w+/live\.js" defer></script>', page)


async def test_what_is_published_appears_on_an_open_page_and_is_said(store: Store, visits: Visits) -> None:
    store.do(add, *(post(f"Beitrag {number}") for number in range(3)))
    page = await visits.open("/beitraege")

    store.do(add, post("Ganz neu", published_at=NOW + timedelta(hours=1)))

    await expect(page.get_by_role("heading", name="Ganz neu")).to_be_visible(timeout=SOON_MS)
    await expect(page.get_by_role("status")).to_have_text("Diese Seite wurde gerade aktualisiert.")
    await assert_accessible(page)
    headings = await page.locator(".post h3").all_inner_texts()
    assert headings[0] == "Ganz neu"
    assert len(headings) == 4


async def test_a_released_answer_appears_on_the_open_page_of_its_measure_in_english_too(
    store: Store, visits: Visits
) -> None:
    store.do(add, measure("m", id=1, status=Status.PLANNED))
    page = await visits.open("/en/massnahmen/m")

    store.do(add, answer(1, status=Status.IN_PROGRESS, achievements="Es geht los."))

    await expect(page.locator("ol.history")).to_contain_text("Es geht los.", timeout=SOON_MS)
    await expect(page.get_by_role("status")).to_have_text("This page has just been brought up to date.")


async def test_nobody_who_reads_further_down_is_moved_and_what_has_the_focus_keeps_it(
    store: Store, visits: Visits
) -> None:
    words = "Viele Worte darüber, was alles geschah. " * 8
    store.do(
        add,
        *(post(f"Beitrag {number}", url=f"https://s.example/{number}", teaser=words) for number in range(15)),
    )
    page = await visits.open("/beitraege")
    link = page.get_by_role("link", name="Beitrag 7", exact=True)
    await link.evaluate("link => { link.scrollIntoView({ block: 'center' }); link.focus(); }")
    before = await link.bounding_box()

    for number in (100, 101):
        store.do(add, post(f"Beitrag {number}", teaser=words, published_at=NOW + timedelta(hours=number)))
        await expect(page.get_by_role("heading", name=f"Beitrag {number}")).to_have_count(1, timeout=SOON_MS)

    await page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    after = await link.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2
    await expect(link).to_be_focused()


async def test_what_is_typed_and_chosen_in_a_form_stays(store: Store, visits: Visits) -> None:
    store.do(add, measure("alt", status=Status.PLANNED))
    page = await visits.open("/radar")
    words = page.get_by_label("Suchwörter")
    await words.fill("Halb getippt")
    await page.get_by_label("Stand").select_option("completed")

    store.do(add, measure("neu", status=Status.PLANNED))

    await expect(page.get_by_role("link", name="Maßnahme neu").first).to_be_visible(timeout=SOON_MS)
    await expect(words).to_have_value("Halb getippt")
    await expect(page.get_by_label("Stand")).to_have_value("completed")
    await expect(words).to_be_focused()


async def test_a_change_elsewhere_says_nothing_and_leaves_the_page_alone(
    store: Store, visits: Visits
) -> None:
    page = await visits.open("/termine")
    await page.evaluate("document.querySelector('h1').mine = 'yes'")
    stamp = await page.evaluate("document.body.dataset.stamp")

    store.do(add, post("Anderswo"))

    await page.wait_for_function("stamp => document.body.dataset.stamp !== stamp", arg=stamp)
    await expect(page.get_by_role("status")).to_be_empty()
    assert await page.evaluate("document.querySelector('h1').mine") == "yes"


async def test_a_page_that_nobody_looks_at_does_not_ask(visits: Visits) -> None:
    page = await visits.open("/")
    asked = counted(page, "/api/v1/revision")
    await page.evaluate(
        "Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true });"
    )
    await page.wait_for_timeout(400)
    so_far = asked()
    await page.wait_for_timeout(600)
    assert asked() == so_far

    await page.evaluate(
        "delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))"
    )
    await page.wait_for_timeout(300)
    assert asked() > so_far


async def test_a_site_that_is_gone_for_a_while_is_asked_ever_less_and_found_again(
    store: Store, visits: Visits
) -> None:
    page = await visits.open("/beitraege")
    away = "**/api/v1/revision"
    await page.route(away, lambda route: route.fulfill(status=503, body=""))
    asked = counted(page, "/api/v1/revision")
    await page.wait_for_timeout(2500)
    assert 1 <= asked() <= 6
    visits.wrong = [words for words in visits.wrong if "503" not in words]
    store.do(add, post("Danach"))
    await page.unroute(away)
    await page.evaluate("dispatchEvent(new Event('online'))")

    await expect(page.get_by_role("heading", name="Danach")).to_be_visible(timeout=SOON_MS)
