"""Whoever has their chat in English is spoken to in English, and shown English pages."""

import re

import pytest
from playwright.async_api import expect

from handlers.demo.start import Demo
from handlers.demo.workspace import COMMS, GENERAL
from tests.browser import assert_accessible
from tests.demo.conftest import SOON_MS, Desks, invented, shows

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENGLISH, NEWSROOM = "U0NEWCOLL", "U0REDAKTION"
# Words that stand in nearly every German sentence and in no English one.
GERMAN = re.compile(
    r"\b(und|der|die|das|nicht|ist|sind|wird|bitte|noch|keine|zum|zur|auf|mit)\b", re.IGNORECASE
)


async def test_the_home_tab_is_in_english_and_leads_to_english_pages(desks: Desks, running: Demo) -> None:
    page = await desks.open(f"?person={ENGLISH}&tab=home")
    home = page.get_by_role("main")
    await expect(home.get_by_role("heading", name="Hello, I am Stadtfunk")).to_be_visible()
    await expect(home).to_contain_text("Write /funk help anywhere to see what else I can do.")
    await expect(home.get_by_role("link", name="Open the public site")).to_have_attribute(
        "href", f"{running.site_url}en/"
    )
    await assert_accessible(page)


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        ("help", "I am Stadtfunk. This is what I can do for you:"),
        ("status OZG-Umsetzung", "56%"),
        ("status", "Which measure? Write for example /funk status E-Akte."),
        ("status nothing like it", "I know no measure with “nothing like it”."),
        ("overview", "Only the comms team can do this."),
    ],
)
async def test_the_command_answers_in_english(desks: Desks, words: str, answered: str) -> None:
    page = await desks.channel(ENGLISH, GENERAL)
    text = page.get_by_label("Message to #allgemein")
    await text.fill(f"/funk {words}")
    await text.press("Enter")

    reply = await shows(page, answered)
    assert not GERMAN.findall(await reply.inner_text())


async def test_an_idea_is_pitched_thanked_for_and_decided_in_english(desks: Desks) -> None:
    title = invented("Reading in the park")
    page = await desks.channel(ENGLISH, GENERAL)
    text = page.get_by_label("Message to #allgemein")
    await text.fill("/funk pitch")
    await text.press("Enter")
    form = page.get_by_role("dialog", name="Pitch a story")
    await form.get_by_label("Title").fill(title)
    await assert_accessible(page)
    await form.get_by_role("button", name="Send").click()

    newsroom = await desks.channel(NEWSROOM, COMMS)
    card = await shows(newsroom, title)
    await card.get_by_role("button", name="Annehmen").click()
    own = await desks.assistant(ENGLISH)
    await shows(own, f"Thank you for your idea “{title}”.")
    await shows(own, f"Good news: the newsroom takes up your idea “{title}”.")


@pytest.mark.parametrize("path", ["", "radar", "beitraege", "termine", "daten", "massnahmen/ozg-umsetzung"])
async def test_the_public_pages_are_in_english_around_what_the_city_wrote(desks: Desks, path: str) -> None:
    page = await desks.site(f"en/{path}")
    headings = await page.get_by_role("heading", level=2).all_inner_texts()
    frame = await page.get_by_role("banner").inner_text() + await page.get_by_role("contentinfo").inner_text()

    assert headings
    assert not GERMAN.findall(" ".join([*headings, frame]).replace("Stadtfunk", ""))
    await expect(page.locator("html")).to_have_attribute("lang", "en", timeout=SOON_MS)
    await assert_accessible(page)
