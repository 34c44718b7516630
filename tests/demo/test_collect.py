"""Collect: four ways to pitch a story, and what the newsroom makes of it."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from handlers.demo.start import Demo
from handlers.demo.workspace import COMMS, GENERAL
from tests.browser import assert_accessible
from tests.demo.conftest import SOON_MS, Desks, invented, shows, tab_to

pytestmark = pytest.mark.asyncio(loop_scope="module")
COLLEAGUE, MANAGER, NEWSROOM = "U0KOLLEGIN", "U0DIGIKULT", "U0REDAKTION"


def the_form(page: Page, name: str = "Idee vorschlagen") -> Locator:
    return page.get_by_role("dialog", name=name)


async def with_the_shortcut(page: Page, title: str) -> None:
    await page.get_by_role("button", name="Befehle und Kurzbefehle").click()
    await page.get_by_role("menuitem", name="Idee vorschlagen").click()
    await the_form(page).get_by_label("Titel").fill(title)


async def with_the_command(page: Page, title: str) -> None:
    text = page.get_by_label("Nachricht an #allgemein")
    await text.fill(f"/funk idee {title}")
    await text.press("Enter")
    await expect(the_form(page).get_by_label("Titel")).to_have_value(title)


async def from_a_message(page: Page, title: str) -> None:
    text = page.get_by_label("Nachricht an #allgemein")
    await text.fill(f"{title}\nDas sollten alle wissen!")
    await text.press("Enter")
    message = await shows(page, title)
    await message.hover()
    await message.get_by_role("button", name="Weitere Aktionen").click()
    await page.get_by_role("menuitem", name="Daraus Geschichte machen").click()
    await expect(the_form(page).get_by_label("Titel")).to_have_value(title)


async def from_the_home_tab(page: Page, title: str) -> None:
    await page.get_by_role("link", name="Stadtfunk").click()
    await page.get_by_role("link", name="Start", exact=True).click()
    await page.get_by_role("button", name="Idee vorschlagen").click()
    await the_form(page).get_by_label("Titel").fill(title)
    await assert_accessible(page)


async def pitch(running: Demo, title: str) -> None:
    """Let the colleague send the form, without a browser."""
    author = running.sandbox.person(COLLEAGUE)
    await author.slash("/funk", f"idee {title}", channel=GENERAL)
    assert await (await author.form()).submit() == {}


@pytest.mark.parametrize("begin", [with_the_shortcut, with_the_command, from_a_message, from_the_home_tab])
async def test_an_idea_is_thanked_for_and_reaches_the_newsroom(
    desks: Desks, running: Demo, begin: Callable[[Page, str], Awaitable[None]]
) -> None:
    title = invented("Unser Lastenrad")
    page = await desks.channel(COLLEAGUE, GENERAL)
    await begin(page, title)
    await the_form(page).get_by_role("button", name="Senden").click()
    await expect(the_form(page)).to_be_hidden()

    await running.sandbox.person(NEWSROOM).sees(title, channel=COMMS)
    await running.sandbox.person(COLLEAGUE).sees(f"Danke für deine Idee „{title}“.")


async def test_only_the_newsroom_decides_and_the_author_hears_of_it(desks: Desks, running: Demo) -> None:
    title = invented("Ein Roboter im Lesesaal")
    running.sandbox.workspace.join(COMMS, MANAGER)
    await pitch(running, title)

    manager = await desks.channel(MANAGER, COMMS)
    card = await shows(manager, title)
    await card.get_by_role("button", name="Annehmen").click()
    refusal = await shows(manager, "Das geht nur für die Redaktion.")
    await expect(refusal).to_contain_text("Nur für dich sichtbar")
    await expect(card.get_by_role("button", name="Annehmen")).to_be_visible()
    await assert_accessible(manager)

    newsroom = await desks.channel(NEWSROOM, COMMS)
    card = await shows(newsroom, title)
    await card.get_by_role("button", name="Annehmen").click()
    await expect(card).to_contain_text("Angenommen von @Redaktion", timeout=SOON_MS)
    await expect(card.get_by_role("button", name="Annehmen")).to_have_count(0)
    author = await desks.assistant(COLLEAGUE)
    await shows(author, f"Gute Nachricht: Die Redaktion greift deine Idee „{title}“ auf.")


async def test_an_idea_is_declined_with_the_newsrooms_own_words(desks: Desks, running: Demo) -> None:
    title, words = invented("Faxgeräte"), invented("Dafür ist es leider zu spät.")
    await pitch(running, title)
    newsroom = await desks.channel(NEWSROOM, COMMS)
    card = await shows(newsroom, title)

    await card.get_by_role("button", name="Ablehnen").click()
    form = the_form(newsroom, "Ablehnen")
    friendly = form.get_by_label("Nachricht an die Person mit der Idee")
    assert title in await friendly.input_value()
    await friendly.fill(words)
    await form.get_by_role("button", name="Ablehnen").click()

    await expect(card).to_contain_text("Abgelehnt von @Redaktion", timeout=SOON_MS)
    author = await desks.assistant(COLLEAGUE)
    await shows(author, words)


async def test_a_question_goes_to_the_author_and_the_reply_comes_back(desks: Desks, running: Demo) -> None:
    title, question, reply = invented("Die Stadt am Telefon"), invented("Wer macht mit?"), invented("Drei.")
    await pitch(running, title)
    newsroom, author = await desks.channel(NEWSROOM, COMMS), await desks.assistant(COLLEAGUE)

    card = await shows(newsroom, title)
    await card.get_by_role("button", name="Rückfrage").click()
    await the_form(newsroom, "Rückfrage").get_by_label("Deine Frage").fill(question)
    await the_form(newsroom, "Rückfrage").get_by_role("button", name="Senden").click()

    asked = await shows(author, question)
    await asked.get_by_role("button", name="Antworten").click()
    form = the_form(author, "Antworten")
    await expect(form).to_contain_text(question)
    await form.get_by_label("Deine Antwort").fill(reply)
    await form.get_by_role("button", name="Senden").click()

    await expect(card).to_contain_text(reply, timeout=SOON_MS)
    await shows(newsroom, f"hat zu „{title}“ geantwortet:")
    await expect(asked).to_contain_text(reply, timeout=SOON_MS)


async def test_the_newsroom_gets_its_overview_when_it_asks(desks: Desks, running: Demo) -> None:
    title = invented("Noch niemand hat das gelesen")
    await pitch(running, title)
    newsroom = await desks.channel(NEWSROOM, COMMS)
    await shows(newsroom, title)

    text = newsroom.get_by_label("Nachricht an #redaktion")
    await text.fill("/funk überblick")
    await text.press("Enter")

    await shows(newsroom, "Der Überblick kommt gleich in den Kanal der Redaktion.")
    overview = await shows(newsroom, "Ihr entscheidet mit den Knöpfen")
    await expect(overview).to_contain_text(title)


async def test_an_idea_is_pitched_and_accepted_without_a_mouse(desks: Desks) -> None:
    title = invented("Barrierefrei von Anfang an")
    page = await desks.channel(COLLEAGUE, GENERAL)
    await tab_to(page, page.get_by_label("Nachricht an #allgemein"))
    await page.keyboard.type("/funk idee")
    await page.keyboard.press("Enter")
    await expect(the_form(page).get_by_label("Titel")).to_be_focused()
    await page.keyboard.type(title)
    await tab_to(page, the_form(page).get_by_role("button", name="Senden"))
    await page.keyboard.press("Space")
    await expect(the_form(page)).to_be_hidden()

    newsroom = await desks.channel(NEWSROOM, COMMS)
    card = await shows(newsroom, title)
    await expect(card).to_contain_text("Idee von @Kollegin Stadtbibliothek")
    await tab_to(newsroom, card.get_by_role("button", name="Annehmen"))
    await newsroom.keyboard.press("Enter")
    await expect(card).to_contain_text("Angenommen von @Redaktion", timeout=SOON_MS)
    await expect(card).to_be_focused()

    await tab_to(page, page.get_by_role("link", name="Stadtfunk"))
    await page.keyboard.press("Enter")
    await shows(page, f"Danke für deine Idee „{title}“.")
    await shows(page, f"greift deine Idee „{title}“ auf.")
