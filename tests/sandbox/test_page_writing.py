"""Writing in the page: what is offered, what is kept, and what happens without a connection."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from sandbox import Sandbox
from tests.browser import Visits
from tests.sandbox.page_bot import SEED
from tests.sandbox.page_fixtures import bot, browser, client, sandbox, visits

__all__ = ["bot", "browser", "client", "sandbox", "visits"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = "?person=U_ANN&channel=C_ALL"
FIELD = "Nachricht an #digitales"


async def test_names_channels_and_emoji_are_completed_with_the_keyboard(
    visits: Visits, sandbox: Sandbox
) -> None:
    page = await visits.open(HERE)
    field = page.get_by_label(FIELD)

    await field.press_sequentially("Hallo @lei")
    await expect(page.get_by_role("option", name="Leitung Baureferat")).to_have_attribute(
        "aria-selected", "true"
    )
    await field.press("Tab")
    await expect(field).to_have_value("Hallo @leitung-bau ")
    await field.press_sequentially("siehe #mit")
    await expect(page.get_by_role("option", name="#mittagspause")).to_be_visible()
    await field.press("Enter")
    await field.press_sequentially(":tad")
    await expect(page.get_by_role("option", name=":tada:")).to_be_visible()
    await field.press("Enter")
    await expect(field).to_have_value("Hallo @leitung-bau siehe #mittagspause :tada: ")
    await field.press("Enter")

    said = page.get_by_role("article").filter(has_text="Hallo")
    await expect(said).to_contain_text("Hallo @Leitung Baureferat siehe #mittagspause 🎉")
    assert (
        sandbox.workspace.history("C_ALL")[-1].text == "Hallo <@U_CEM> siehe <#C_LUNCH|mittagspause> :tada:"
    )


async def test_the_list_of_commands_narrows_while_typing_and_escape_closes_it(visits: Visits) -> None:
    page = await visits.open(HERE)
    field = page.get_by_label(FIELD)

    await field.press_sequentially("/")
    await expect(page.get_by_role("option")).to_have_count(2)
    await field.press("ArrowDown")
    chosen = page.get_by_role("option", name="Idee vorschlagen")
    await expect(chosen).to_have_attribute("aria-selected", "true")
    await expect(field).to_have_attribute("aria-activedescendant", str(await chosen.get_attribute("id")))
    await field.press_sequentially("f")
    await expect(page.get_by_role("option")).to_have_count(1)
    await field.press("Escape")

    await expect(page.get_by_role("listbox")).to_be_hidden()
    await expect(field).to_have_value("/f")
    await expect(field).not_to_have_attribute("aria-activedescendant", str(await chosen.count()))


async def test_a_draft_belongs_to_its_place_and_its_person_and_outlives_a_reload(visits: Visits) -> None:
    page = await visits.open(HERE)
    await page.get_by_label(FIELD).fill("Von Ann")

    await page.goto(page.url.replace("U_ANN", "U_BEN"))
    await expect(page.get_by_label(FIELD)).to_have_value("")
    await page.get_by_label(FIELD).fill("Von Ben")
    await page.goto(page.url.replace("U_BEN", "U_ANN"))
    await page.reload()

    await expect(page.get_by_label(FIELD)).to_have_value("Von Ann")


async def test_pasted_markup_and_ten_thousand_characters_arrive_as_they_are(
    visits: Visits, sandbox: Sandbox
) -> None:
    page = await visits.open(HERE)
    field = page.get_by_label(FIELD)
    markup = "<b onclick=alert(1)>*_~`fett</b> & <script>"
    long = "Wort & *fett* <@U_ANN> " * 435 + "Ende"

    for text in (markup, long):
        await field.fill(text)
        await field.press("Enter")
    await expect(page.get_by_role("article").filter(has_text="Ende")).to_be_visible()

    await expect(page.get_by_role("article").filter(has_text=markup)).to_be_visible()
    assert len(long) > 10_000
    assert await page.evaluate("document.querySelectorAll('main script, main b').length") == 0
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_what_is_sent_without_a_connection_waits_and_goes_out_once(
    browser: Browser, sandbox: Sandbox
) -> None:
    page = await browser.new_page(locale="de-DE")
    await page.goto(f"{sandbox.page_url}{HERE}")
    field = page.get_by_label(FIELD)
    await page.context.set_offline(True)
    await field.fill("Erste")
    await field.press("Enter")
    waiting = page.get_by_role("list", name="Noch nicht gesendet")
    await expect(waiting).to_contain_text("Erste")
    await field.fill("Zweite")
    await field.press("Enter")
    await expect(waiting.get_by_role("listitem")).to_have_count(2)
    await field.fill("Dritte")
    await field.press("Enter")
    await waiting.get_by_role("listitem").filter(has_text="Dritte").get_by_role("button").click()
    await expect(field).to_have_value("Dritte")
    assert sandbox.workspace.history("C_ALL") == []

    await page.context.set_offline(False)
    await page.reload()

    await expect(page.get_by_role("article").filter(has_text="Zweite")).to_be_visible()
    await expect(waiting.get_by_role("listitem")).to_have_count(0)
    await expect(page.get_by_label(FIELD)).to_have_value("Dritte")
    assert [message.text for message in sandbox.workspace.history("C_ALL")] == ["Erste", "Zweite"]
    await page.close()


async def test_an_answer_that_was_lost_makes_no_second_message(sandbox: Sandbox) -> None:
    once = sandbox.workspace.post("U_ANN", "C_ALL", "Hallo", client_msg_id="m1")
    again = sandbox.workspace.post("U_ANN", "C_ALL", "Hallo", client_msg_id="m1")

    assert again == once
    assert len(sandbox.workspace.history("C_ALL")) == 1


async def test_a_page_left_open_goes_on_when_the_sandbox_is_back(browser: Browser, tmp_path: Path) -> None:
    kept = tmp_path / "workspace.sqlite"
    first = await Sandbox.start(SEED, path=kept, pace=False)
    port = int(first.page_url.rstrip("/").rpartition(":")[2])
    page = await browser.new_page(locale="de-DE")
    await page.goto(f"{first.page_url}{HERE}")
    field = page.get_by_label(FIELD)
    await field.fill("Entwurf")
    await first.stop()
    await expect(page.get_by_text("Die Sandbox ist gerade nicht erreichbar. Die Seite")).to_be_visible()
    await field.press("Enter")
    waiting = page.get_by_role("list", name="Noch nicht gesendet")
    await expect(waiting).to_contain_text("Entwurf")
    await field.fill("Noch ein Entwurf")

    second = await Sandbox.start(SEED, path=kept, port=port, pace=False)
    second.workspace.post("U_BEN", "C_ALL", "Nach dem Neustart")

    await expect(page.get_by_role("article").filter(has_text="Nach dem Neustart")).to_be_visible()
    await expect(page.get_by_role("article").filter(has_text="Entwurf")).to_have_count(1)
    await expect(waiting.get_by_role("listitem")).to_have_count(0)
    await expect(field).to_have_value("Noch ein Entwurf")
    await expect(page.get_by_text("Die Sandbox ist gerade nicht erreichbar")).to_have_count(0)
    await page.close()
    await second.stop()
