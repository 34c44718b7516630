"""Publish: nothing before an editor released it, everything a second after."""

import asyncio

import aiohttp
import pytest
from playwright.async_api import expect

from handlers.demo.start import Demo
from handlers.demo.workspace import GENERAL, REVIEW
from tests.browser import assert_accessible
from tests.demo.conftest import SOON_MS, Desks, answer, invented, shows

pytestmark = pytest.mark.asyncio(loop_scope="module")
OWNER, EDITOR, COLLEAGUE = "U0EAKTE", "U0RADAR", "U0KOLLEGIN"
PLACES = ("massnahmen/{slug}", "api/v1/measures/{slug}", "radar", "")


async def public_words(running: Demo, slug: str) -> str:
    """Return everything that the public can read of a measure."""
    async with aiohttp.ClientSession() as session:
        said = []
        for place in PLACES:
            async with session.get(running.site_url + place.format(slug=slug)) as response:
                assert response.status == 200
                said.append(await response.text())
    return "\n".join(said)


async def test_a_released_answer_is_public_at_once_and_not_before(desks: Desks, running: Demo) -> None:
    highlight, note = invented("Alle Bauakten sind digital"), invented("Unter uns")
    fields = {"Highlight": highlight, "Interne Notiz (nie öffentlich)": note, "Fortschritt in Prozent": "57"}
    await answer(running, OWNER, "E-Akte", **fields)
    editor = await desks.channel(EDITOR, REVIEW)
    card = await shows(editor, highlight)
    before = await public_words(running, "e-akte")
    assert highlight not in before
    assert note not in before

    async with editor.expect_response("**/act/click"):
        await card.get_by_role("button", name="Freigeben").click()
    async with asyncio.timeout(SOON_MS / 1000):
        while highlight not in await public_words(running, "e-akte"):
            await asyncio.sleep(0.02)

    public = await desks.site("massnahmen/e-akte")
    await expect(public.get_by_text("Stand bestätigt am")).to_be_visible()
    await expect(public.get_by_text("57 %").first).to_be_visible()
    await expect(public.locator("ol.history")).to_contain_text(highlight)
    assert note not in await public_words(running, "e-akte")
    await assert_accessible(public)
    await expect(card).to_contain_text("Freigegeben von @Radar-Redaktion", timeout=SOON_MS)
    owner = await desks.assistant(OWNER)
    await shows(owner, "Deine Rückmeldung zu „E-Akte“ ist jetzt öffentlich.")


async def test_an_editors_question_reaches_the_owner_and_nothing_becomes_public(
    desks: Desks, running: Demo
) -> None:
    outlook, question = invented("Bald mehr"), invented("Wann genau?")
    await answer(running, OWNER, "OZG-Umsetzung", Ausblick=outlook)
    editor = await desks.channel(EDITOR, REVIEW)
    card = await shows(editor, outlook)

    await card.get_by_role("button", name="Zurück an Projektleitung E-Akte").click()
    form = editor.get_by_role("dialog", name="Zurückgeben")
    await form.get_by_label("Deine Frage").fill(question)
    await assert_accessible(editor)
    await form.get_by_role("button", name="Senden").click()

    await expect(card).to_contain_text("Zurückgegeben von @Radar-Redaktion", timeout=SOON_MS)
    owner = await desks.assistant(OWNER)
    returned = await shows(
        owner, "Die Radar-Redaktion hat eine Rückfrage zu deiner Rückmeldung zu „OZG-Umsetzung“:"
    )
    await expect(returned).to_contain_text(question)
    await returned.get_by_role("button", name="Aktualisieren").click()
    form = owner.get_by_role("dialog", name="Stand aktualisieren")
    await expect(form.get_by_label("Ausblick")).to_have_value(outlook)
    assert outlook not in await public_words(running, "ozg-umsetzung")


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        ("stand OZG-Umsetzung", "OZG-Umsetzung"),
        ("status gibt es nicht", "Ich kenne keine Maßnahme mit „gibt es nicht“."),
        ("stand digital", "Mehrere Maßnahmen passen:"),
        ("radar", "Der Radar zeigt 98 Maßnahmen."),
        ("hilfe", "Ich bin Stadtfunk. Das kann ich für dich tun:"),
    ],
)
async def test_funk_answers_the_one_who_asks(desks: Desks, words: str, answered: str) -> None:
    page = await desks.channel(COLLEAGUE, GENERAL)
    text = page.get_by_label("Nachricht an #allgemein")
    await text.fill(f"/funk {words}")
    await text.press("Enter")

    reply = await shows(page, answered)
    await expect(reply).to_contain_text("Nur für dich sichtbar")
