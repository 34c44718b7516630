"""The guide: what whoever starts a sandbox invites people to try, ticked off while they do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from sandbox import Control, Guide, Sandbox, Step
from tests.browser import NARROW, WIDE, Visits, assert_accessible
from tests.sandbox.page_bot import SEED
from tests.sandbox.page_fixtures import browser, visits

__all__ = ["browser", "visits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Given:
    """A guide of three steps in two languages; a test does some of them."""

    def __init__(self) -> None:
        self.done: set[int] = set()

    def __call__(self, locale: str) -> Guide:
        is_english = locale.startswith("en")
        steps = (
            Step("Write" if is_english else "Schreiben", "Say <b>hello</b>.", False, "Go", "U_BEN", "C_ALL"),
            Step("Start", "Look at the app.", False, "Open", "U_ANN", tab="home"),
            Step("Read", "On another page.", False, "Beside", url="http://127.0.0.1:1/"),
        )
        return Guide(
            "What to try" if is_english else "Was zu tun ist",
            tuple(replace(step, is_done=number in self.done) for number, step in enumerate(steps)),
            "All done!",
        )


@pytest.fixture
def given() -> Given:
    return Given()


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox(given: Given, tmp_path: Path) -> AsyncIterator[Sandbox]:
    running = await Sandbox.start(
        SEED, pace=False, path=tmp_path / "workspace.sqlite", controls=buttons, guide=given
    )
    yield running
    await running.stop()


def buttons(locale: str) -> list[Control]:
    async def run() -> str:
        return f"Done for {locale}"

    return [Control("go", f"Button for {locale}", "", run)]


def the_guide(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Was zu tun ist")


def step(page: Page, number: int) -> Locator:
    return the_guide(page).get_by_role("listitem").nth(number - 1)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("is_dark", [False, True])
async def test_steps_are_ticked_off_while_the_page_is_open(
    visits: Visits, sandbox: Sandbox, given: Given, size: ViewportSize, *, is_dark: bool
) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL", size=size, is_dark=is_dark)
    await expect(the_guide(page)).to_contain_text("0 von 3 erledigt")
    await expect(step(page, 1).get_by_role("heading")).to_have_text("Schreiben: Noch offen")
    await expect(step(page, 1)).to_contain_text("Say <b>hello</b>.")
    await assert_accessible(page)

    given.done = {0}
    sandbox.guide_changed()
    await expect(the_guide(page)).to_contain_text("1 von 3 erledigt")
    await expect(page.locator("#guide-1")).to_contain_text("Erledigt")
    await expect(page.locator("#guide-2")).to_be_visible()

    given.done = {0, 1, 2}
    sandbox.guide_changed()
    await expect(the_guide(page)).to_contain_text("3 von 3 erledigt. All done!")
    await assert_accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]


async def test_where_there_is_little_room_the_next_step_stands_alone_until_all_are_wanted(
    visits: Visits, given: Given
) -> None:
    given.done = {0}
    page = await visits.open("?person=U_ANN&channel=C_ALL", size=NARROW)
    await expect(page.locator("#guide-2")).to_be_visible()
    await expect(page.locator("#guide-1")).to_be_hidden()
    await expect(page.locator("#guide-3")).to_be_hidden()

    await page.get_by_label("Alle zeigen").check()

    for number in (1, 2, 3):
        await step(page, number).scroll_into_view_if_needed()
        await expect(step(page, number)).to_be_visible()
    await assert_accessible(page)


async def test_one_click_leads_to_the_right_person_at_the_right_place(visits: Visits) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    beside = step(page, 3).get_by_role("link")
    await expect(beside).to_have_attribute("target", "_blank")
    await expect(beside).to_have_attribute("rel", "noopener noreferrer")
    await expect(beside).to_have_attribute("href", "http://127.0.0.1:1/")

    await step(page, 2).get_by_role("link").click()
    await page.wait_for_url("**/?person=U_ANN&tab=home")
    await step(page, 1).get_by_role("link").click()
    await page.wait_for_url("**/?person=U_BEN&channel=C_ALL")


async def test_it_is_put_away_and_brought_back_without_a_mouse_and_stays_so(
    visits: Visits, sandbox: Sandbox
) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    other = await visits.open("?person=U_BEN&channel=C_ALL")
    await page.get_by_role("button", name="„Was zu tun ist“ ausblenden").press("Enter")
    await expect(the_guide(page)).to_be_hidden()
    await expect(the_guide(other)).to_be_hidden()
    await expect(page.get_by_role("main")).to_be_focused()
    await page.reload()
    await expect(the_guide(page)).to_be_hidden()
    await assert_accessible(page)
    assert sandbox.workspace.is_guide_hidden

    await page.get_by_role("button", name="Was zu tun ist").press("Space")
    await expect(the_guide(page)).to_be_visible()
    await expect(the_guide(page).get_by_role("heading", name="Was zu tun ist")).to_be_focused()
    await expect(page.get_by_role("button", name="Was zu tun ist", exact=True)).to_have_count(0)


async def test_on_a_phone_it_comes_back_from_the_menu(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.hide_guide(is_hidden=True)
    page = await visits.open("?person=U_ANN&channel=C_ALL", size=NARROW)
    await page.get_by_role("button", name="Kanäle und Nachrichten").click()
    await page.get_by_role("button", name="Was zu tun ist").click()

    await expect(the_guide(page)).to_be_visible()
    await expect(page.get_by_role("navigation", name="Workspace")).to_be_hidden()


async def test_each_reader_has_it_in_their_language_and_the_buttons_too(
    visits: Visits, sandbox: Sandbox
) -> None:
    sandbox.workspace.change_member(replace(sandbox.workspace.member("U_BEN"), locale="en-GB"))
    page = await visits.open("?person=U_BEN&channel=C_ALL")
    await expect(page.get_by_role("complementary", name="What to try")).to_contain_text("0 of 3 done")
    await expect(step_of(page, "Write")).to_contain_text("Still open")

    await page.get_by_role("button", name="Button for en-GB").click()
    await expect(page.get_by_role("status")).to_contain_text("Done for en-GB")


def step_of(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=title)


async def test_a_sandbox_without_a_guide_shows_none(browser: Browser) -> None:
    running = await Sandbox.start(SEED, pace=False)
    visits = Visits(browser, running.page_url)
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    await expect(page.locator("#guide")).to_be_hidden()
    await assert_accessible(page)
    await visits.end()
    await running.stop()
