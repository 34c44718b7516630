"""The page in a real browser, with a plain Bolt app connected over Socket Mode."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Control, Sandbox
from sandbox.protocol.blocks import filled
from tests.browser import NARROW, WIDE, Visits, assert_accessible
from tests.sandbox.page_bot import CARD, HOME, PITCH, SEED, mrkdwn, plain
from tests.sandbox.page_fixtures import bot, browser, client, visits

__all__ = ["bot", "browser", "client", "visits"]

# One browser for all: it takes longer to start than most of these tests take.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    async def run() -> str:
        return "Der Beitrag steht jetzt im Feed."

    controls = [Control("go", "Beitrag veröffentlichen", "Im Feed der Demo", run)]
    running = await Sandbox.start(SEED, pace=False, controls=controls)
    yield running
    await running.stop()


async def test_what_one_writes_the_other_reads_at_once(visits: Visits) -> None:
    ann = await visits.open("?person=U_ANN&channel=C_LUNCH")
    ben = await visits.open("?person=U_BEN&channel=C_ALL")
    text = ann.get_by_label("Nachricht an #mittagspause")

    await text.fill("Hat *jemand* Hunger, @dima-rit?")
    await text.press("Enter")

    await expect(ann.get_by_role("article").filter(has_text="Hat jemand Hunger")).to_be_visible()
    await expect(text).to_have_value("")
    unread = ben.get_by_role("link", name="mittagspause")
    await expect(unread).to_contain_text("1 für dich")
    await unread.click()
    await expect(ben.get_by_text("@Digitalisierungsmanager*in RIT")).to_be_visible()
    await expect(ben.get_by_role("link", name="mittagspause")).not_to_contain_text("für dich")


@pytest.mark.usefixtures("bot")
async def test_a_slash_command_is_offered_and_answered(visits: Visits) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    text = page.get_by_label("Nachricht an #digitales")

    await text.press_sequentially("/f")
    await page.get_by_role("option", name="/funk").click()
    await expect(text).to_have_value("/funk ")
    await expect(text).to_be_focused()
    await text.press_sequentially("hilfe")
    await page.get_by_role("button", name="Senden").click()

    answer = page.get_by_role("article").filter(has_text="Du hast hilfe gefunkt.")
    await expect(answer).to_contain_text("Nur für dich sichtbar")


@pytest.mark.usefixtures("bot")
async def test_a_form_keeps_what_was_typed_through_errors_and_news(visits: Visits, sandbox: Sandbox) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    await page.get_by_role("button", name="Befehle und Kurzbefehle").click()
    await page.get_by_role("menuitem", name="Idee vorschlagen").click()
    dialog = page.get_by_role("dialog", name="Deine Idee")
    title = dialog.get_by_label("Titel")
    await expect(title).to_be_focused()

    await dialog.get_by_label("Worum geht es?").fill("Um vieles")
    await dialog.get_by_label("Fortschritt in Prozent").fill("viel")
    await dialog.get_by_label("Newsletter").check()
    await dialog.get_by_role("button", name="Abschicken").click()

    await expect(title).to_be_focused()
    await expect(title).to_have_accessible_description(re.compile("Bitte fülle dieses Pflichtfeld aus."))
    await expect(dialog.get_by_label("Fortschritt in Prozent")).to_have_accessible_description(
        re.compile("Bitte gib eine Zahl ein.")
    )
    await expect(dialog.get_by_role("group", name="Art")).to_have_accessible_description(
        re.compile("Bitte fülle dieses Pflichtfeld aus.")
    )
    await title.fill("Endlich!")
    await dialog.get_by_label("Fortschritt in Prozent").fill("40")
    await dialog.get_by_label("Gespräch").check()
    await dialog.get_by_role("button", name="Abschicken").click()
    await expect(title).to_have_accessible_description(re.compile("Bitte ohne Ausrufezeichen."))

    sandbox.workspace.post("U_BEN", "C_ALL", "Etwas Neues im Hintergrund")
    await expect(page.get_by_text("Etwas Neues im Hintergrund")).to_be_attached()
    await expect(title).to_be_focused()
    await expect(title).to_have_value("Endlich!")
    await expect(dialog.get_by_label("Worum geht es?")).to_have_value("Um vieles")
    await expect(dialog.get_by_label("Newsletter")).to_be_checked()

    await title.fill("Endlich")
    await title.press("Enter")
    await expect(dialog).to_be_hidden()
    await page.get_by_role("link", name="Stadtfunk").click()
    await expect(page.get_by_text("Danke für „Endlich“.")).to_be_visible()


@pytest.mark.usefixtures("bot")
async def test_a_button_changes_its_message_and_the_keyboard_stays_there(
    visits: Visits, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=CARD)
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    card = page.get_by_role("article").filter(has_text="Neues Bürgerportal")

    await card.get_by_role("button", name="Ablehnen").click()
    await page.get_by_role("dialog", name="Wirklich?").get_by_role("button", name="Doch nicht").click()
    await card.get_by_role("button", name="Annehmen").press("Enter")

    await expect(card).to_contain_text("Entschieden: Annehmen")
    await expect(card.get_by_role("button", name="Annehmen")).to_have_count(0)
    await expect(card).to_be_focused()


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("what", ["overflow", "select", "confirmed"])
async def test_a_choice_in_a_message_reaches_the_app(
    visits: Visits, client: AsyncWebClient, what: str
) -> None:
    await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=CARD)
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    card = page.get_by_role("article").filter(has_text="Neues Bürgerportal")

    if what == "overflow":
        await card.get_by_role("button", name="Weitere Optionen").click()
        await page.get_by_role("menuitem", name="Später").click()
        await expect(card).to_contain_text("Entschieden: Später")
    elif what == "confirmed":
        await card.get_by_role("button", name="Ablehnen").click()
        await page.get_by_role("button", name="Ja, ablehnen").click()
        await expect(card).to_contain_text("Entschieden: Ablehnen")
    else:
        await card.get_by_role("combobox", name="Status wählen").click()
        await card.get_by_role("option", name="In Umsetzung").click()
        await expect(card).to_contain_text("Entschieden: In Umsetzung")


async def test_forms_lie_on_one_another_and_keep_what_is_typed(visits: Visits, sandbox: Sandbox) -> None:
    views = sandbox.workspace.views
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    lower = views.open("U_ANN", PITCH | {"notify_on_close": False, "blocks": filled(PITCH["blocks"])})
    title = page.get_by_role("dialog", name="Deine Idee").get_by_label("Titel")
    await title.fill("Halb fert")

    more = [{"type": "section", "text": mrkdwn("Noch ein Wort vorab")}, *PITCH["blocks"]]
    views.update(lower, PITCH | {"notify_on_close": False, "blocks": filled(more)})
    await expect(page.get_by_text("Noch ein Wort vorab")).to_be_visible()
    await expect(title).to_have_value("Halb fert")
    await expect(title).to_be_focused()

    above = {"type": "modal", "title": plain("Darüber"), "blocks": filled(HOME["blocks"])}
    views.push("U_ANN", above)
    await expect(page.get_by_role("dialog", name="Darüber")).to_be_visible()
    await expect(title).to_be_hidden()
    await page.keyboard.press("Escape")

    await expect(title).to_be_visible()
    await expect(title).to_have_value("Halb fert")


async def test_a_thread_opens_beside_the_channel_and_takes_replies(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.post("U_BEN", "C_ALL", "Wer kommt mit?")
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    message = page.get_by_role("main").get_by_role("article").filter(has_text="Wer kommt mit?")

    await message.hover()
    await message.get_by_role("link", name="In Thread antworten").click()
    reply = page.get_by_label("Im Thread antworten")
    await expect(reply).to_be_focused()
    await reply.fill("Ich!")
    await reply.press("Enter")

    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article").filter(has_text="Ich!")).to_be_visible()
    await expect(message.get_by_role("link", name="1 Antwort")).to_be_visible()
    await thread.get_by_role("link", name="Thread schließen").click()
    await expect(thread).to_be_hidden()


@pytest.mark.usefixtures("bot")
async def test_everything_goes_without_a_mouse(visits: Visits) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    keys = page.keyboard
    await keys.press("Tab")
    await keys.press("Tab")
    await expect(page.get_by_role("link", name="Zum Schreibfeld springen")).to_be_focused()
    await keys.press("Enter")
    await expect(page.get_by_label("Nachricht an #digitales")).to_be_focused()
    await keys.type("/")
    await expect(page.get_by_role("option", name="/funk")).to_have_attribute("aria-selected", "true")
    await keys.press("ArrowDown")
    await expect(page.get_by_role("option", name="Idee vorschlagen")).to_have_attribute(
        "aria-selected", "true"
    )
    await keys.press("Enter")

    dialog = page.get_by_role("dialog", name="Deine Idee")
    await expect(dialog.get_by_label("Titel")).to_be_focused()
    for _ in range(40):
        await keys.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    await keys.press("Escape")

    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("link", name="Stadtfunk")).to_contain_text(
        "1 für dich"
    )  # view_closed arrived


@pytest.mark.usefixtures("bot")
async def test_a_message_can_be_made_a_story_and_the_home_tab_fills(visits: Visits, sandbox: Sandbox) -> None:
    sandbox.workspace.post("U_BEN", "C_ALL", "Unser Radweg ist fertig")
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    message = page.get_by_role("article").filter(has_text="Unser Radweg")
    await message.hover()
    await message.get_by_role("button", name="Weitere Aktionen").click()
    await page.get_by_role("menuitem", name="Daraus eine Geschichte machen").click()
    await expect(page.get_by_role("dialog").get_by_label("Titel")).to_have_value("Unser Radweg ist fertig")
    await page.get_by_role("button", name="Abbrechen").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()

    await page.get_by_role("link", name="Stadtfunk").click()
    await page.get_by_role("link", name="Start", exact=True).click()
    await expect(page.get_by_role("heading", name="Guten Morgen!")).to_be_visible()
    await page.get_by_role("button", name="Idee vorschlagen").click()
    await expect(page.get_by_role("dialog", name="Deine Idee")).to_be_visible()


async def test_an_app_that_is_away_is_said_and_nothing_typed_is_lost(visits: Visits) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    text = page.get_by_label("Nachricht an #digitales")

    await text.fill("/funk hilfe")
    await text.press("Enter")

    await expect(page.get_by_role("status")).to_contain_text("Stadtfunk hat nicht reagiert")
    await expect(text).to_have_value("/funk hilfe")


async def test_one_click_changes_the_person_and_another_runs_the_demo(visits: Visits) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL")

    await page.get_by_role("button", name="Beitrag veröffentlichen").click()
    await expect(page.get_by_role("status")).to_contain_text("Der Beitrag steht jetzt im Feed.")
    await page.get_by_role("link", name="Ansehen als Leitung Baureferat").click()

    await expect(page.get_by_role("button", name="Person wechseln: Leitung Baureferat")).to_be_visible()
    await expect(page.get_by_role("heading", name="#digitales")).to_be_visible()
    await expect(page.get_by_role("link", name="redaktion", exact=True)).to_have_count(0)


async def test_an_unfinished_message_waits_where_it_was_begun(visits: Visits) -> None:
    page = await visits.open("?person=U_ANN&channel=C_ALL")
    await page.get_by_label("Nachricht an #digitales").fill("Fast fert")

    await page.get_by_role("link", name="mittagspause").click()
    await expect(page.get_by_label("Nachricht an #mittagspause")).to_have_value("")
    await page.get_by_role("link", name="digitales").click()

    await expect(page.get_by_label("Nachricht an #digitales")).to_have_value("Fast fert")


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("is_narrow", [False, True], ids=["wide", "narrow"])
async def test_no_barrier_is_found_anywhere(
    visits: Visits, sandbox: Sandbox, client: AsyncWebClient, *, is_dark: bool, is_narrow: bool
) -> None:
    root = sandbox.workspace.post("U_BEN", "C_ALL", "Hallo @redaktion, siehe https://stadt.example und `so`")
    sandbox.workspace.post("U_CEM", "C_ALL", "Danke", root.ts)
    sandbox.workspace.post("U_BEN", "C_LUNCH", "Hunger @redaktion")
    await client.chat_postMessage(channel="C_ALL", text="Karte", blocks=CARD)
    await client.chat_postEphemeral(channel="C_ALL", user="U_ANN", text="Psst <!here> :eyes:")
    page = await visits.open(
        "?person=U_ANN&channel=C_ALL", size=NARROW if is_narrow else WIDE, is_dark=is_dark
    )
    await assert_accessible(page)

    if is_narrow:
        await page.get_by_role("button", name="Kanäle und Nachrichten").click()
        await assert_accessible(page)
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Person wechseln").click()
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Befehle und Kurzbefehle").click()
    await assert_accessible(page)
    await page.get_by_role("menuitem", name="Idee vorschlagen").click()
    await page.get_by_role("dialog").get_by_role("button", name="Abschicken").click()
    await expect(page.get_by_text("Bitte fülle dieses Pflichtfeld aus.").first).to_be_visible()
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_role("link", name="1 Antwort").click()
    await expect(page.get_by_role("complementary", name="Thread")).to_be_visible()
    await assert_accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await page.goto(f"{sandbox.page_url}?person=U_ANN&tab=home")
    await expect(page.get_by_role("heading", name="Guten Morgen!")).to_be_visible()
    await assert_accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
