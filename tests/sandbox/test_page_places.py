"""Finding one's way: people, channels, languages, light and dark, many tabs, and the developer's view."""

import asyncio

import pytest
from playwright.async_api import Browser, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Member, Sandbox
from sandbox.protocol.blocks import filled
from tests.browser import NARROW, WIDE, Visits, assert_accessible
from tests.sandbox.page_bot import PITCH
from tests.sandbox.page_fixtures import bot, browser, client, sandbox, visits

__all__ = ["bot", "browser", "client", "sandbox", "visits"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = "?person=U_ANN&channel=C_ALL"
TABS = 100


async def test_switching_to_the_english_colleague_shows_the_page_in_english(
    visits: Visits, sandbox: Sandbox
) -> None:
    sandbox.workspace.add(Member("U_SUE", "sue", "Sue Example", "Speaks English", locale="en-GB"))
    sandbox.workspace.join("C_ALL", "U_SUE")
    page = await visits.open(HERE)

    await page.get_by_role("button", name="Person wechseln").click()
    await page.get_by_role("link", name="Sue Example Speaks English · English").click()

    await expect(page.get_by_label("Message to #digitales")).to_be_visible()
    await expect(page.get_by_text("has joined #digitales.")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "en"
    await assert_accessible(page)


async def test_everyone_is_one_click_away_and_what_waits_for_them_too(
    visits: Visits, sandbox: Sandbox
) -> None:
    sandbox.workspace.post("U_ANN", "C_LUNCH", "Hunger @dima-rit?")
    page = await visits.open(HERE)
    desks = page.get_by_role("list", name="Ansehen als")
    waiting = desks.get_by_role("link", name=", 1 neu")

    await expect(waiting.locator(".tip")).to_contain_text("Deutsch")
    await waiting.click()

    await expect(page.get_by_role("heading", name="#mittagspause")).to_be_visible()
    await expect(
        page.get_by_role("button", name="Person wechseln: Digitalisierungsmanager*in")
    ).to_be_visible()
    await expect(desks.get_by_role("link")).to_have_count(await desks.get_by_role("listitem").count())


async def test_who_is_new_sees_where_to_begin(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.add(Member("U_NEW", "neu", "Neue Kollegin"))
    page = await visits.open("?person=U_NEW")

    await expect(page.get_by_text("Du bist noch in keinem Channel.")).to_be_visible()
    await expect(page.get_by_text("Noch keine. Mit dem Pluszeichen beginnst du eine.")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Einem Channel beitreten").click()
    await page.get_by_role("menuitem", name="mittagspause").click()

    await expect(page.get_by_role("heading", name="#mittagspause")).to_be_visible()
    await expect(page.get_by_text("ist #mittagspause beigetreten.")).to_be_visible()


async def test_an_archived_channel_is_read_and_not_written_in(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.post("U_BEN", "C_LUNCH", "Das letzte Mal")
    sandbox.workspace.archive("C_LUNCH")
    page = await visits.open("?person=U_ANN&channel=C_LUNCH")

    await expect(page.get_by_text("Das letzte Mal")).to_be_visible()
    await expect(page.get_by_text("Dieser Channel ist archiviert")).to_be_visible()
    await expect(page.get_by_role("textbox")).to_have_count(0)
    await assert_accessible(page)


async def test_dark_is_chosen_once_and_stays(visits: Visits) -> None:
    page = await visits.open(HERE)
    paper = "getComputedStyle(document.getElementById('main')).backgroundColor"
    light = await page.evaluate(paper)

    await page.get_by_role("button", name="Hell oder dunkel").press("Enter")
    await page.get_by_role("menuitemradio", name="Dunkel").press("Enter")
    dark = await page.evaluate(paper)
    await page.reload()

    assert light != dark
    assert await page.evaluate(paper) == dark
    await page.get_by_role("button", name="Hell oder dunkel").click()
    chosen = page.get_by_role("menuitemradio", name="Dunkel")
    await expect(chosen).to_have_attribute("aria-checked", "true")
    await assert_accessible(page)
    await page.get_by_role("menuitemradio", name="Wie auf diesem Gerät").click()
    assert await page.evaluate(paper) == light


async def test_long_names_and_many_places_break_nothing(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.add(Member("U_LNG", "lang", "Oberbürgermeisterstellvertretungs" * 4, "Amt" * 40))
    for number in range(60):
        name = f"{'verwaltungsmodernisierung' * 3}-{number}"
        channel = sandbox.workspace.create_channel("U_LNG", name[:80])
        sandbox.workspace.join(channel.id, "U_ANN")
    for size in (NARROW, WIDE):
        page = await visits.open("?person=U_LNG", size=size)
        if size is NARROW:
            await page.get_by_role("button", name="Kanäle und Nachrichten").click()
        await expect(page.get_by_role("link", name="Stadtfunk")).to_be_attached()
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        await assert_accessible(page)


async def test_a_hundred_tabs_of_one_browser_all_hear_of_a_message(
    browser: Browser, sandbox: Sandbox
) -> None:
    context = await browser.new_context(locale="de-DE")
    pages = [await context.new_page() for _ in range(TABS)]
    for page in pages:
        await page.goto(f"{sandbox.page_url}{HERE}", wait_until="domcontentloaded")

    sandbox.workspace.post("U_BEN", "C_ALL", "An alle Tabs")
    arrived = [expect(page.get_by_text("An alle Tabs")).to_be_attached(timeout=60_000) for page in pages]
    await asyncio.gather(*arrived)
    # The first one listened for all; when it is gone, another one does.
    await pages[0].close()
    sandbox.workspace.post("U_BEN", "C_ALL", "Danach")

    await expect(pages[-1].get_by_text("Danach")).to_be_attached(timeout=60_000)
    await context.close()


@pytest.mark.usefixtures("bot")
async def test_of_two_who_send_one_form_the_first_one_counts_and_nothing_breaks(
    visits: Visits, sandbox: Sandbox
) -> None:
    first, second = [await visits.open(HERE) for _ in range(2)]
    sandbox.workspace.views.open("U_ANN", PITCH | {"blocks": filled(PITCH["blocks"][:2])})
    for number, page in enumerate((first, second)):
        await page.get_by_label("Titel").fill(f"Idee {number}")

    await first.get_by_role("button", name="Abschicken").click()

    for page in (first, second):
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await second.get_by_role("link", name="Stadtfunk").click()
    await expect(second.get_by_text("Danke für „Idee 0“.")).to_be_visible()
    await expect(second.get_by_text("Danke für „Idee 1“.")).to_have_count(0)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
async def test_the_developers_view_goes_on_by_itself_and_needs_no_mouse(
    visits: Visits, sandbox: Sandbox, client: AsyncWebClient, *, is_dark: bool
) -> None:
    page = await visits.open("developer?person=U_ANN", size=NARROW, is_dark=is_dark)
    await client.chat_postMessage(channel="C_ALL", text="Hallo aus dem Bot")
    entry = page.get_by_role("listitem").filter(has_text="chat.postMessage")
    await expect(entry).to_have_count(1)

    await entry.locator("summary").first.press("Enter")
    await expect(entry.get_by_text('"text": "Hallo aus dem Bot"').first).to_be_visible()
    await assert_accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    await client.auth_test()
    await expect(page.get_by_role("listitem").filter(has_text="auth.test")).to_have_count(1)
    await expect(entry.get_by_text('"text": "Hallo aus dem Bot"').first).to_be_visible()
    await page.get_by_label("Methode oder Typ").fill("auth")
    await expect(entry).to_have_count(0)
    await page.get_by_role("button", name="Anhalten").press("Enter")
    await client.api_test()
    await page.get_by_label("Methode oder Typ").fill("")
    await page.get_by_role("button", name="Leeren").press("Enter")
    await expect(page.get_by_text("Noch nichts. Sobald die App")).to_be_visible()
    assert sandbox.bot_token not in await page.content()
