"""The guide of the demo: five steps, each ticked off when it was really done, and kept over a restart."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.settings import Settings
from handlers.demo.start import Demo, demo
from handlers.demo.workspace import GENERAL, NEWS, REVIEW
from tests.browser import NARROW, assert_accessible
from tests.demo.conftest import SOON_MS, Desks, DesksOf, answer, invented, shows, tab_to

pytestmark = pytest.mark.asyncio(loop_scope="module")
COLLEAGUE, ENGLISH, OWNER, EDITOR = "U0KOLLEGIN", "U0NEWCOLL", "U0EAKTE", "U0RADAR"
TITLE, ENGLISH_TITLE = "Was du hier ausprobieren kannst", "What you can try here"
PUBLISH, PITCH, ANSWER, RELEASE, LOOK = range(1, 6)


def the_guide(page: Page) -> Locator:
    return page.get_by_role("complementary", name=TITLE)


def step(page: Page, number: int) -> Locator:
    return page.locator(f"#guide-{number}")


async def is_ticked(page: Page, *numbers: int) -> None:
    """Wait until exactly these steps are ticked off."""
    for number in range(1, 6):
        state = "Erledigt" if number in numbers else "Noch offen"
        await expect(step(page, number).get_by_role("heading")).to_contain_text(state, timeout=SOON_MS)
    await expect(the_guide(page)).to_contain_text(f"{len(numbers)} von 5 erledigt")


async def test_the_five_steps_by_mouse(desks: Desks, running: Demo) -> None:
    """One after the other; a second page that stays open sees each of them ticked off."""
    onlooker = await desks.channel(COLLEAGUE, GENERAL)
    page = await desks.channel(EDITOR, REVIEW)
    await is_ticked(onlooker)

    await step(page, PUBLISH).get_by_role("link").click()
    await expect(page).to_have_url(f"{running.sandbox.page_url}?person={COLLEAGUE}&channel={NEWS}")
    await page.get_by_role("button", name="Beitrag veröffentlichen").click()
    await is_ticked(onlooker, PUBLISH)

    await step(page, PITCH).get_by_role("link").click()
    text = page.get_by_label("Nachricht an #allgemein")
    await text.fill("/funk idee")
    await text.press("Enter")
    form = page.get_by_role("dialog", name="Idee vorschlagen")
    await form.get_by_label("Titel").fill(invented("Lesen im Park"))
    await form.get_by_role("button", name="Senden").click()
    await is_ticked(onlooker, PUBLISH, PITCH)

    await step(page, ANSWER).get_by_role("link").click()
    request = await shows(page, "Stimmt das noch?")
    await request.get_by_role("button", name="Aktualisieren: E-Akte").click()
    form = page.get_by_role("dialog", name="Stand aktualisieren")
    await form.get_by_label("Fortschritt in Prozent").fill("42")
    await form.get_by_role("button", name="Senden").click()
    await is_ticked(onlooker, PUBLISH, PITCH, ANSWER)

    # Beside the chat, before anything is released: that is not it yet.
    async with page.expect_popup() as opened:
        await step(page, LOOK).get_by_role("link").click()
    public = await opened.value
    await expect(public.get_by_role("heading", name="E-Akte")).to_be_visible()
    await asyncio.sleep(1.5)
    await is_ticked(onlooker, PUBLISH, PITCH, ANSWER)

    await step(page, RELEASE).get_by_role("link").click()
    card = await shows(page, "nachher: 42 %")
    await card.get_by_role("button", name="Freigeben").click()
    await expect(step(onlooker, RELEASE).get_by_role("heading")).to_contain_text("Erledigt", timeout=SOON_MS)

    # The page that is open shows it by itself, and so it was looked at.
    await expect(public.get_by_role("complementary").get_by_text("42 %")).to_be_visible(timeout=3000)
    await is_ticked(onlooker, PUBLISH, PITCH, ANSWER, RELEASE, LOOK)
    await expect(the_guide(onlooker)).to_contain_text("Das waren alle fünf.")
    await assert_accessible(onlooker)
    await public.close()


async def test_a_restart_forgets_nothing_and_a_fresh_start_everything(tmp_path: Path) -> None:
    settings = Settings(web_port=0, ops_port=0)
    async with demo(settings, folder=tmp_path, ports=(0, 0)) as first:
        assert done(first) == []
        colleague = first.sandbox.person(COLLEAGUE)
        await colleague.slash("/funk", "idee Unser Lastenrad", channel=GENERAL)
        assert await (await colleague.form()).submit() == {}
        await until_done(first, [PITCH])
        first.sandbox.workspace.hide_guide(is_hidden=True)

    async with demo(settings, folder=tmp_path, ports=(0, 0)) as second:
        await until_done(second, [PITCH])
        assert second.sandbox.workspace.is_guide_hidden

    async with demo(settings, folder=tmp_path, ports=(0, 0), fresh=True) as third:
        await asyncio.sleep(1)
        assert done(third) == []
        assert not third.sandbox.workspace.is_guide_hidden


async def test_the_steps_without_a_mouse_on_a_phone_in_the_dark(tmp_path: Path, desks_of: DesksOf) -> None:
    settings = Settings(web_port=0, ops_port=0)
    async with demo(settings, folder=tmp_path, ports=(0, 0)) as running, desks_of(running) as desks:
        page = await desks.open(f"?person={OWNER}&channel={GENERAL}", size=NARROW, is_dark=True)
        await assert_accessible(page)

        await follow(page, PUBLISH)
        await tab_to(page, page.get_by_role("button", name="Kanäle und Nachrichten"))
        await page.keyboard.press("Enter")
        await tab_to(page, page.get_by_role("button", name="Beitrag veröffentlichen"))
        await assert_accessible(page)
        await page.keyboard.press("Enter")
        await expect(step(page, PITCH)).to_be_visible(timeout=SOON_MS)
        await page.keyboard.press("Escape")

        await follow(page, PITCH)
        await tab_to(page, page.get_by_label("Nachricht an #allgemein"))
        await page.keyboard.type("/funk idee Ohne Maus")
        await page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="Idee vorschlagen")
        await expect(form.get_by_label("Titel")).to_have_value("Ohne Maus")
        await tab_to(page, form.get_by_role("button", name="Senden"))
        await page.keyboard.press("Enter")
        await expect(step(page, ANSWER)).to_be_visible(timeout=SOON_MS)

        await follow(page, ANSWER)
        request = await shows(page, "Stimmt das noch?")
        await tab_to(page, request.get_by_role("button", name="Aktualisieren: E-Akte"))
        await page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="Stand aktualisieren")
        percent = form.get_by_label("Fortschritt in Prozent")
        await expect(percent).to_be_visible()
        await tab_to(page, percent)
        await page.keyboard.press("Control+a")
        await page.keyboard.type("42")
        await page.keyboard.press("Enter")
        await expect(step(page, RELEASE)).to_be_visible(timeout=SOON_MS)
        await assert_accessible(page)

        await follow(page, RELEASE)
        card = await shows(page, "nachher: 42 %")
        await tab_to(page, card.get_by_role("button", name="Freigeben"))
        await page.keyboard.press("Enter")
        await expect(step(page, LOOK)).to_be_visible(timeout=SOON_MS)

        async with page.expect_popup() as opened:
            await follow(page, LOOK)
        public = await opened.value
        await expect(public.get_by_text("42 %").first).to_be_visible()
        await public.close()
        await expect(the_guide(page)).to_contain_text("5 von 5 erledigt", timeout=SOON_MS)
        await assert_accessible(page)


async def follow(page: Page, number: int) -> None:
    """Go where a step leads, by keyboard."""
    link = step(page, number).get_by_role("link")
    await tab_to(page, link)
    await page.keyboard.press("Enter")
    if number != LOOK:
        await page.wait_for_load_state()


async def test_whoever_reads_english_has_it_in_english_and_stays_who_they_are(
    tmp_path: Path, desks_of: DesksOf
) -> None:
    settings = Settings(web_port=0, ops_port=0)
    async with demo(settings, folder=tmp_path, ports=(0, 0)) as running, desks_of(running) as desks:
        page = await desks.channel(ENGLISH, NEWS)
        guide = page.get_by_role("complementary", name=ENGLISH_TITLE)
        await expect(guide).to_contain_text("0 of 5 done")
        await expect(step(page, PITCH)).to_contain_text("Write /funk pitch into the message field")
        await step(page, PITCH).get_by_role("link", name="As New Colleague").click()
        await expect(page).to_have_url(f"{running.sandbox.page_url}?person={ENGLISH}&channel={GENERAL}")
        public = f"{running.site_url}en/massnahmen/e-akte"
        await expect(step(page, LOOK).get_by_role("link")).to_have_attribute("href", public)
        await assert_accessible(page)


async def test_an_answer_that_changes_nothing_says_what_is_missing_for_the_next_step(
    tmp_path: Path, desks_of: DesksOf
) -> None:
    settings = Settings(web_port=0, ops_port=0)
    async with demo(settings, folder=tmp_path, ports=(0, 0)) as running, desks_of(running) as desks:
        page = await desks.assistant(OWNER)
        request = await shows(page, "Stimmt das noch?")
        await request.get_by_role("button", name="Unverändert: OZG-Umsetzung").click()

        await is_ticked(page, ANSWER)
        await expect(step(page, RELEASE)).to_contain_text("Gib eine mit „Aktualisieren“.")
        await answer(running, OWNER, "E-Akte", **{"Fortschritt in Prozent": "40"})
        await expect(step(page, RELEASE)).to_contain_text("Vorher und Nachher", timeout=SOON_MS)


def done(running: Demo) -> list[int]:
    """Return the numbers of the steps that are done."""
    guide = running.sandbox.guide
    assert callable(guide)
    shown = guide("de-DE")
    assert shown
    return [number for number, one in enumerate(shown.steps, 1) if one.is_done]


async def until_done(running: Demo, numbers: list[int]) -> None:
    async with asyncio.timeout(SOON_MS / 1000):
        while done(running) != numbers:
            await asyncio.sleep(0.05)
