"""What one does with messages in the page: by mouse, by keyboard and on a phone."""

import re

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.browser import NARROW, Visits, assert_accessible
from tests.sandbox.page_fixtures import bot, browser, client, sandbox, visits

__all__ = ["bot", "browser", "client", "sandbox", "visits"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = "?person=U_ANN&channel=C_ALL"


def message(page: Page, words: str) -> Locator:
    return page.get_by_role("main").get_by_role("article").filter(has_text=words)


async def more(page: Page, words: str) -> None:
    await message(page, words).hover()
    await message(page, words).get_by_role("button", name="Weitere Aktionen").click()


async def test_ones_own_message_is_edited_in_its_place(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.post("U_ANN", "C_ALL", "Hallo @dima-rit, *wichtig* & https://stadt.example")
    page = await visits.open(HERE)

    await more(page, "Hallo")
    await page.get_by_role("menuitem", name="Nachricht bearbeiten").click()
    field = page.get_by_label("Nachricht bearbeiten")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("Hallo @dima-rit, *wichtig* & https://stadt.example")
    await field.fill("Hallo alle")
    await field.press("Enter")

    await expect(message(page, "Hallo alle")).to_contain_text("(bearbeitet)")
    await expect(message(page, "Hallo alle")).to_be_focused()


async def test_the_arrow_up_edits_the_last_message_and_escape_leaves_it_as_it_was(
    visits: Visits, sandbox: Sandbox
) -> None:
    sandbox.workspace.post("U_ANN", "C_ALL", "Meine letzte")
    sandbox.workspace.post("U_BEN", "C_ALL", "Danach")
    page = await visits.open(HERE)

    await page.get_by_label("Nachricht an #digitales").press("ArrowUp")
    field = page.get_by_label("Nachricht bearbeiten")
    await expect(field).to_be_focused()
    await field.fill("Doch nicht")
    await field.press("Escape")

    await expect(field).to_have_count(0)
    await expect(message(page, "Meine letzte")).to_be_visible()


async def test_deleting_asks_first_and_only_ones_own_can_be_deleted(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.post("U_ANN", "C_ALL", "Von mir")
    sandbox.workspace.post("U_BEN", "C_ALL", "Von Ben")
    page = await visits.open(HERE)

    await more(page, "Von Ben")
    await expect(page.get_by_role("menuitem", name="Link kopieren")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Nachricht löschen …")).to_be_hidden()
    await page.keyboard.press("Escape")
    await more(page, "Von mir")
    await page.get_by_role("menuitem", name="Nachricht löschen …").click()
    question = page.get_by_role("dialog", name="Diese Nachricht löschen?")
    await question.get_by_role("button", name="Abbrechen").click()
    await expect(message(page, "Von mir")).to_be_visible()
    await more(page, "Von mir")
    await page.get_by_role("menuitem", name="Nachricht löschen …").click()
    await question.get_by_role("button", name="Löschen").click()

    await expect(message(page, "Von mir")).to_have_count(0)


async def test_an_emoji_is_put_below_a_message_and_taken_away_again(visits: Visits, sandbox: Sandbox) -> None:
    said = sandbox.workspace.post("U_BEN", "C_ALL", "Fertig!")
    page = await visits.open(HERE)

    await message(page, "Fertig!").hover()
    await message(page, "Fertig!").get_by_role("button", name="Reaktion hinzufügen").press("Enter")
    await page.get_by_role("menuitem", name="tada").press("Enter")
    own = message(page, "Fertig!").get_by_role("button", name="tada: Redaktion")
    await expect(own).to_have_attribute("aria-pressed", "true")
    sandbox.workspace.react("U_BEN", "C_ALL", said.ts, "tada")
    both = message(page, "Fertig!").get_by_role("button", name=re.compile("tada: Redaktion, Digi"))
    await expect(both).to_contain_text("2")
    await both.click()

    await expect(both).to_have_count(0)
    assert sandbox.workspace.said("C_ALL", said.ts).reactions == [
        {"name": "tada", "users": ["U_BEN"], "count": 1}
    ]


async def test_a_copied_link_leads_to_an_old_message_and_back_to_the_newest(
    visits: Visits, sandbox: Sandbox
) -> None:
    for number in range(120):
        sandbox.workspace.post("U_BEN", "C_ALL", f"Zeile {number}.")
    page = await visits.open(HERE)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    while await message(page, "Zeile 30.").count() == 0:
        shown = await page.get_by_role("main").get_by_role("article").count()
        await page.get_by_role("link", name="Ältere Nachrichten zeigen").click()
        await expect(page.get_by_role("main").get_by_role("article")).not_to_have_count(shown)
    await more(page, "Zeile 30.")
    await page.get_by_role("menuitem", name="Link kopieren").click()
    await expect(page.get_by_role("status").filter(has_text="Der Link ist kopiert.")).to_be_visible()
    link = await page.evaluate("navigator.clipboard.readText()")

    other = await visits.open(link)

    await expect(message(other, "Zeile 30.")).to_be_focused()
    await expect(message(other, "Zeile 30.")).to_be_in_viewport()
    await expect(message(other, "Zeile 119.")).to_have_count(0)
    await other.get_by_role("link", name="Zu den neuesten Nachrichten").click()
    await expect(message(other, "Zeile 119.")).to_be_in_viewport()


async def test_what_is_new_begins_below_a_line_and_the_newest_are_one_press_away(
    visits: Visits, sandbox: Sandbox
) -> None:
    sandbox.workspace.post("U_ANN", "C_ALL", "Gelesen")
    for number in range(40):
        sandbox.workspace.post("U_BEN", "C_ALL", f"Neu {number}.")
    page = await visits.open(HERE)
    line = page.get_by_text("Neue Nachrichten", exact=True)
    await expect(line).to_be_in_viewport()
    await expect(message(page, "Neu 39.")).not_to_be_in_viewport()

    sandbox.workspace.post("U_BEN", "C_ALL", "Ganz neu")
    jump = page.get_by_role("button", name="1 neue Nachricht")
    await expect(jump).to_be_visible()
    await expect(line).to_be_in_viewport()
    await jump.click()

    await expect(message(page, "Ganz neu")).to_be_in_viewport()
    await expect(jump).to_be_hidden()


async def test_a_thread_reply_can_go_to_the_channel_too_and_counts_for_those_in_it(
    visits: Visits, sandbox: Sandbox
) -> None:
    root = sandbox.workspace.post("U_BEN", "C_ALL", "Wer kommt?")
    ben = await visits.open("?person=U_BEN&channel=C_LUNCH")
    page = await visits.open(f"{HERE}&thread={root.ts}")
    reply = page.get_by_label("Im Thread antworten")

    await reply.fill("Nur hier")
    await reply.press("Enter")
    await expect(ben.get_by_role("link", name="digitales")).to_contain_text("1 für dich")
    await page.get_by_label("Auch an #digitales senden").check()
    await reply.fill("Für alle")
    await reply.press("Enter")

    await expect(message(page, "Für alle")).to_be_visible()
    await expect(message(page, "Nur hier")).to_have_count(0)
    await expect(message(page, "Wer kommt?")).to_contain_text("2 Antworten")


async def test_a_file_can_be_saved_by_those_who_see_its_message(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.share_file("U_BEN", "C_ALL", "plan.txt", b"Der Plan", "Bitte sehr")
    page = await visits.open(HERE)

    async with page.expect_download() as coming:
        await page.get_by_role("link", name="plan.txt").click()

    saved = await (await coming.value).path()
    assert saved.read_text() == "Der Plan"
    file = sandbox.workspace.files.all()[0]
    assert (await page.request.get(f"{sandbox.page_url}file/{file.id}?person=U_NOBODY")).status == 404


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
async def test_every_menu_fits_a_phone_and_has_no_barrier(
    visits: Visits, sandbox: Sandbox, client: AsyncWebClient, *, is_dark: bool
) -> None:
    said = sandbox.workspace.post("U_ANN", "C_ALL", "Wort" * 400)
    sandbox.workspace.react("U_BEN", "C_ALL", said.ts, "tada")
    sandbox.workspace.share_file("U_BEN", "C_ALL", f"{'lang' * 60}.pdf", b"x")
    page = await visits.open(HERE, size=NARROW, is_dark=is_dark)

    async def look() -> None:
        await assert_accessible(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    await look()
    await more(page, "Wort")
    await look()
    await page.get_by_role("menuitem", name="Nachricht bearbeiten").click()
    await expect(page.get_by_label("Nachricht bearbeiten")).to_be_focused()
    await look()
    await page.keyboard.press("Escape")
    await message(page, "Wort").get_by_role("button", name="Reaktion hinzufügen").click()
    await look()
    await page.keyboard.press("Escape")
    await page.get_by_label("Nachricht an #digitales").press_sequentially("@")
    await expect(page.get_by_role("option").first).to_be_visible()
    await look()
    await page.keyboard.press("Escape")
    for name in ("Hell oder dunkel", "4 Mitglieder"):
        await page.get_by_role("button", name=name).click()
        await look()
        await page.keyboard.press("Escape")
