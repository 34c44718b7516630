"""Ask: the status request in the owner's direct message, one tap or the city's form."""

import pytest
from playwright.async_api import expect

from handlers.demo.workspace import REVIEW
from tests.browser import assert_accessible
from tests.demo.conftest import SOON_MS, Desks, invented, shows

pytestmark = pytest.mark.asyncio(loop_scope="module")
OWNER, EDITOR = "U0EAKTE", "U0RADAR"


async def test_unchanged_is_one_tap_and_folds_the_measure_away(desks: Desks) -> None:
    page = await desks.assistant(OWNER)
    request = await shows(page, "Stimmt das noch?")
    await expect(request).to_contain_text("E-Akte")
    await assert_accessible(page)

    await request.get_by_role("button", name="Unverändert: OZG-Umsetzung").click()

    await expect(request).to_contain_text("✓ OZG-Umsetzung: unverändert bestätigt", timeout=SOON_MS)
    await expect(request.get_by_role("button", name="Unverändert: OZG-Umsetzung")).to_have_count(0)
    await expect(request.get_by_role("button", name="Unverändert: E-Akte")).to_be_visible()
    public = await desks.site("massnahmen/ozg-umsetzung")
    await expect(public.get_by_text("Stand bestätigt am")).to_be_visible()


async def test_a_wrong_figure_is_said_at_its_field_and_the_right_one_reaches_the_editors(
    desks: Desks,
) -> None:
    achievements, note = invented("Zwei Referate sind umgestellt."), invented("Bitte noch nicht weitersagen.")
    page = await desks.assistant(OWNER)
    request = await shows(page, "Stimmt das noch?")
    await request.get_by_role("button", name="Aktualisieren: E-Akte").click()
    form = page.get_by_role("dialog", name="Stand aktualisieren")
    percent = form.get_by_label("Fortschritt in Prozent")
    await expect(percent).to_have_value("23")

    await percent.fill("230")
    await form.get_by_label("Erfolge").fill(achievements)
    await form.get_by_label("Interne Notiz").fill(note)
    await form.get_by_role("button", name="Senden").click()
    await expect(form.get_by_text("Bitte schreib eine ganze Zahl von 0 bis 100.")).to_be_visible()
    await expect(percent).to_be_focused()
    await expect(form.get_by_label("Erfolge")).to_have_value(achievements)
    await assert_accessible(page)

    await percent.fill("31")
    await form.get_by_role("button", name="Senden").click()
    await expect(form).to_be_hidden()
    await expect(request).to_contain_text("✓ E-Akte: liegt bei der Radar-Redaktion", timeout=SOON_MS)
    await expect(request).to_contain_text("Danke! Alle deine Maßnahmen")

    editor = await desks.channel(EDITOR, REVIEW)
    card = await shows(editor, achievements)
    await expect(card).to_contain_text("vorher: 23 %")
    await expect(card).to_contain_text("nachher: 31 %")
    await expect(card).to_contain_text(note)
    await expect(card.get_by_role("button", name="Zurück an Projektleitung E-Akte")).to_be_visible()
    await assert_accessible(editor)
