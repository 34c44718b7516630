"""Each element of a message is used by mouse and by keyboard, and the app gets what Slack would send."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.browser import Visits
from tests.sandbox.gallery import FEEDBACK, PICKED, PRESSED
from tests.sandbox.gallery_bot import Heard
from tests.sandbox.gallery_fixtures import browser, client, heard, sandbox, visits

__all__ = ["browser", "client", "heard", "sandbox", "visits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANNEL = "?person=U_ANN&channel=C_ALL"
# What a picker is called, what is typed, what is chosen, and where and how the app finds it.
PICKS = [
    ("Thema", "schu", "Schulen", "selected_option", "school"),
    ("Quelle", "radio", "Stadtradio", "selected_option", "radio"),
    ("Person", "leitung", "Leitung Baureferat", "selected_user", "U_CEM"),
    ("Unterhaltung", "red", "#redaktion", "selected_conversation", "C_NEWS"),
    ("Kanal", "mitt", "#mittagspause", "selected_channel", "C_LUNCH"),
    ("Themen", "schu", "Schulen", "selected_options", ["school"]),
    ("Quellen", "radio", "Stadtradio", "selected_options", ["radio"]),
    ("Personen", "leitung", "Leitung Baureferat", "selected_users", ["U_BEN", "U_CEM"]),
    ("Unterhaltungen", "red", "#redaktion", "selected_conversations", ["C_NEWS"]),
    ("Kanäle", "mitt", "#mittagspause", "selected_channels", ["C_LUNCH"]),
]


def values(chosen: Any) -> Any:
    """Return the values of options, other choices as they are."""
    if isinstance(chosen, list):
        return [values(one) for one in chosen]
    return chosen["value"] if isinstance(chosen, dict) else chosen


async def shown(visits: Visits, client: AsyncWebClient, *blocks: dict[str, Any]) -> Page:
    await client.chat_postMessage(channel="C_ALL", text="Galerie", blocks=blocks)
    return await visits.open(CHANNEL)


def picker(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


@pytest.mark.parametrize(("name", "typed", "chosen", "key", "value"), PICKS, ids=[pick[0] for pick in PICKS])
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
async def test_what_is_found_and_chosen_in_a_picker_reaches_the_app(
    visits: Visits,
    client: AsyncWebClient,
    heard: Heard,
    by: str,
    name: str,
    typed: str,
    chosen: str,
    key: str,
    value: Any,
) -> None:
    page = await shown(visits, client, PICKED[0])
    field = picker(page, name)

    if by == "mouse":
        await field.click()
        await field.fill(typed)
        await page.get_by_role("option", name=chosen).click()
    else:
        await field.focus()
        await page.keyboard.type(typed)
        await expect(page.get_by_role("option")).to_have_count(1)
        await page.keyboard.press("Enter")

    action = await heard.action()
    assert values(action[key]) == value
    if isinstance(value, list):
        await expect(page.get_by_role("button", name=f"{chosen} entfernen")).to_be_visible()
    else:
        await expect(field).to_have_value(chosen)
        await expect(field).to_have_attribute("aria-expanded", "false")


async def test_a_picker_is_walked_with_the_arrows_and_left_with_escape(
    visits: Visits, client: AsyncWebClient, heard: Heard
) -> None:
    page = await shown(visits, client, PICKED[0])
    field = picker(page, "Thema")
    await field.focus()

    await page.keyboard.press("ArrowDown")
    active = page.locator(".offer.is-active")
    await expect(active).to_have_text("Radwege")
    await expect(page.get_by_role("option", selected=True)).to_have_text("Radwege")
    await page.keyboard.press("ArrowDown")
    await expect(active).to_have_text("Schulen")
    await expect(field).to_have_attribute("aria-activedescendant", str(await active.get_attribute("id")))
    await page.keyboard.press("Escape")
    await expect(field).to_have_attribute("aria-expanded", "false")
    await expect(field).to_have_value("Radwege")

    await page.keyboard.type("gibt es nicht")
    await expect(page.get_by_text("Nichts gefunden.")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(field).to_have_value("Radwege")


async def test_an_external_picker_asks_only_when_enough_is_typed(
    visits: Visits, client: AsyncWebClient, heard: Heard
) -> None:
    page = await shown(visits, client, PICKED[0])
    await picker(page, "Quelle").click()
    await expect(page.get_by_text("Tippe mindestens 2 Zeichen.")).to_be_visible()

    await page.keyboard.type("bl")

    await expect(page.get_by_role("option")).to_have_text(["IT-Blog", "Feed der Bibliothek"])
    assert (await heard.next("block_suggestion"))["value"] == "bl"


async def test_a_picker_says_when_the_app_does_not_answer(visits: Visits, client: AsyncWebClient) -> None:
    page = await shown(visits, client, PICKED[0])

    await picker(page, "Quellen").click()

    await expect(page.get_by_text("Stadtfunk hat nicht reagiert")).to_be_visible()


async def test_no_more_can_be_chosen_than_the_app_allows_and_chips_take_it_back(
    visits: Visits, client: AsyncWebClient, heard: Heard
) -> None:
    page = await shown(visits, client, PICKED[0])
    field = picker(page, "Themen")
    await field.click()
    for name in ("Radwege", "Schulen"):
        await page.get_by_role("option", name=name).click()
        await heard.action()

    await expect(page.get_by_role("option", name="Parks")).to_be_disabled()
    await expect(page.get_by_text("Du kannst höchstens 2 auswählen.")).to_be_visible()
    await page.get_by_role("option", name="Parks").click(force=True)
    await page.get_by_role("button", name="Radwege entfernen").click()
    assert values((await heard.action())["selected_options"]) == ["school"]
    await field.press("Backspace")
    assert (await heard.action())["selected_options"] == []


async def test_groups_are_named_and_a_question_comes_before_the_choice(
    visits: Visits, client: AsyncWebClient, heard: Heard
) -> None:
    page = await shown(visits, client, PICKED[0])
    field = picker(page, "Thema in Gruppen")
    for answer in ("Doch nicht", "Ja, sicher"):
        await field.click()
        await page.get_by_role("group", name="Drinnen").get_by_role("option", name="Schulen").click()
        await page.get_by_role("dialog", name="Ganz sicher?").get_by_role("button", name=answer).click()
        await expect(field).to_have_value("" if answer == "Doch nicht" else "Schulen")

    assert (await heard.action())["selected_option"]["value"] == "school"


async def test_a_list_one_looks_through_is_not_taken_away_by_news(
    visits: Visits, client: AsyncWebClient, heard: Heard, sandbox: Sandbox
) -> None:
    page = await shown(visits, client, PICKED[0])
    await picker(page, "Person").click()
    await page.keyboard.type("l")
    await expect(page.get_by_role("option", name="Leitung Baureferat")).to_be_visible()

    sandbox.workspace.post("U_BEN", "C_ALL", "Etwas Neues")

    await expect(page.get_by_text("Etwas Neues")).to_be_attached()
    await page.get_by_role("option", name="Leitung Baureferat").click()
    assert (await heard.action())["selected_user"] == "U_CEM"


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
async def test_each_button_is_pressed_and_some_ask_first(
    visits: Visits, client: AsyncWebClient, heard: Heard, by: str
) -> None:
    page = await shown(visits, client, *PRESSED)

    async def press(target: Locator) -> None:
        await (target.click() if by == "mouse" else target.press("Enter"))

    for name, action_id in (
        ("Einfach", "simple"),
        ("Wichtig", "primary"),
        ("Ablauf", "flow"),
        ("Löschen", "trash"),
    ):
        await press(page.get_by_role("button", name=name))
        assert (await heard.action())["action_id"] == action_id
    await press(page.get_by_role("button", name="Nicht hilfreich"))
    assert (await heard.action())["value"] == FEEDBACK["negative_button"]["value"]
    await press(page.get_by_role("button", name="Gefährlich"))
    await press(page.get_by_role("button", name="Doch nicht"))
    await press(page.get_by_role("button", name="Gefährlich"))
    await press(page.get_by_role("button", name="Ja, sicher"))
    assert (await heard.action())["action_id"] == "danger"
    await press(page.get_by_role("button", name="Weitere Optionen"))
    await press(page.get_by_role("menuitem", name="Nie wieder"))
    assert (await heard.action())["selected_option"]["value"] == "never"
    await expect(page.get_by_role("link", name="Öffnen")).to_have_attribute("target", "_blank")
    await expect(page.get_by_role("button", name="Unsichtbar")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "given", "key", "value"),
    [
        ("Datum", "2027-01-31", "selected_date", "2027-01-31"),
        ("Uhrzeit", "17:45", "selected_time", "17:45"),
        ("Datum und Uhrzeit", "2027-01-31T17:45", "selected_date_time", 1_801_413_900),
    ],
)
async def test_a_date_or_time_is_told_as_slack_writes_it(
    visits: Visits, client: AsyncWebClient, heard: Heard, name: str, given: str, key: str, value: Any
) -> None:
    page = await shown(visits, client, PICKED[1])

    await page.get_by_label(name, exact=True).fill(given)

    assert (await heard.action())[key] == value


async def test_a_date_that_is_typed_is_told_once_when_it_is_done(
    visits: Visits, client: AsyncWebClient, heard: Heard
) -> None:
    page = await shown(visits, client, PICKED[1])
    await page.get_by_label("Datum", exact=True).focus()

    await page.keyboard.type("01312027")
    await page.keyboard.press("Enter")

    assert (await heard.action())["selected_date"] == "2027-01-31"


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
async def test_radio_buttons_and_check_boxes_have_descriptions_and_are_told(
    visits: Visits, client: AsyncWebClient, heard: Heard, by: str
) -> None:
    page = await shown(visits, client, *PICKED[2:])
    once = page.get_by_role("radio", name="Sofort")
    await expect(once).to_have_accessible_description("Jeder Beitrag, sobald er erscheint")
    await expect(page.get_by_role("group", name="Wie oft möchtest du davon hören?")).to_be_visible()

    await (once.check() if by == "mouse" else page.get_by_role("radio", name="Wöchentlich").press("ArrowUp"))
    assert (await heard.action())["selected_option"]["value"] == "now"
    for name in ("Wöchentlich", "Gar nicht"):
        box = page.get_by_role("checkbox", name=name)
        await (box.check() if by == "mouse" else box.press(" "))
    chosen: list[str] = []
    while len(chosen) < 2:
        chosen = values((await heard.action())["selected_options"])
    assert chosen == ["week", "never"]


async def test_a_reaction_is_counted_and_taken_back_with_a_click(visits: Visits, sandbox: Sandbox) -> None:
    message = sandbox.workspace.post("U_BEN", "C_ALL", "Geschafft!")
    sandbox.workspace.react("U_BEN", "C_ALL", message.ts, "tada")
    page = await visits.open(CHANNEL)
    reaction = page.get_by_role("button", name="tada: ")

    await reaction.click()
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await expect(reaction).to_contain_text("2")
    await reaction.press("Enter")

    await expect(reaction).to_have_attribute("aria-pressed", "false")
    await expect(reaction).to_contain_text("1")
