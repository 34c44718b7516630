"""Forms: each kind of field by mouse and by keyboard, mistakes at the field, forms upon forms."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Page, Route, expect

from sandbox import Sandbox
from sandbox.protocol.blocks import filled
from tests.browser import NARROW, Visits
from tests.sandbox.gallery import FIELDS, FORM, TOLD
from tests.sandbox.gallery_bot import Heard
from tests.sandbox.gallery_fixtures import browser, client, heard, sandbox, visits
from tests.sandbox.page_bot import field, plain

__all__ = ["browser", "client", "heard", "sandbox", "visits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANNEL = "?person=U_ANN&channel=C_ALL"
PNG = b"\x89PNG\r\n\x1a\n"
# A label, how it is filled in, and what is sent.
TYPED: list[tuple[str, str, dict[str, Any]]] = [
    ("Titel", "Ein Satz", {"value": "Ein Satz"}),
    ("Worum geht es?", "Um vieles", {"value": "Um vieles"}),
    ("Anteil", "2,5", {"value": "2.5"}),
    ("E-Mail", "ann@stadt.example", {"value": "ann@stadt.example"}),
    ("Adresse im Netz", "https://stadt.example", {"value": "https://stadt.example"}),
]
TIMES: list[tuple[str, str, dict[str, Any]]] = [
    ("Tag", "2027-01-31", {"selected_date": "2027-01-31"}),
    ("Uhrzeit", "17:45", {"selected_time": "17:45"}),
    ("Zeitpunkt", "2027-01-31T17:45", {"selected_date_time": 1_801_413_900}),
]
PICKED: list[tuple[str, str, dict[str, Any]]] = [
    ("Thema", "Parks", {"selected_option": "park"}),
    ("Gruppe", "Bibliotheken", {"selected_option": "library"}),
    ("Quelle", "Stadtradio", {"selected_option": "radio"}),
    ("Ansprechperson", "Leitung Baureferat", {"selected_user": "U_CEM"}),
    ("Kanal", "#mittagspause", {"selected_channel": "C_LUNCH"}),
    ("Themen", "Schulen", {"selected_options": ["school"]}),
    ("Quellen", "IT-Blog", {"selected_options": ["blog"]}),
    ("Leute", "Redaktion", {"selected_users": ["U_ANN"]}),
]


def opened(sandbox: Sandbox, *blocks: dict[str, Any], **more: Any) -> str:
    view = sandbox.workspace.views.open(
        "U_ANN", FORM | {"blocks": filled([*(blocks or FORM["blocks"])])} | more
    )
    return view.id


def brief(state: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a field with the values of options, without its type."""

    def value(chosen: Any) -> Any:
        if isinstance(chosen, list):
            return [value(one) for one in chosen]
        return chosen["value"] if isinstance(chosen, dict) and "value" in chosen else chosen

    return {key: value(chosen) for key, chosen in state.items() if key != "type"}


def form_of(page: Page, title: str = "Alle Felder") -> Locator:
    return page.get_by_role("dialog", name=title, exact=True)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
async def test_all_that_is_filled_in_is_sent(visits: Visits, heard: Heard, sandbox: Sandbox, by: str) -> None:
    opened(sandbox)
    page = await visits.open(CHANNEL)
    form, keys = form_of(page), page.keyboard

    for label, given, _ in TYPED:
        text = form.get_by_label(label, exact=True)
        if by == "mouse":
            await text.click()
        else:
            await text.focus()
        await keys.type(given)
    for label, given, _ in TIMES:
        await form.get_by_label(label, exact=True).fill(given)
    for label, name, state in PICKED:
        combobox = form.get_by_role("combobox", name=label, exact=True)
        if by == "mouse":
            await combobox.click()
            if label == "Quelle":
                await keys.type("radio")
            await page.get_by_role("option", name=name).click()
        else:
            await combobox.focus()
            await keys.type(name.removeprefix("#"))
            await keys.press("Enter")  # sooner than the list is there
            await keys.press("Tab")
        if any(isinstance(chosen, list) for chosen in state.values()):
            await expect(form.get_by_role("button", name=f"{name} entfernen")).to_be_visible()
        else:
            await expect(combobox).to_have_value(name)
            await expect(combobox).to_have_attribute("aria-expanded", "false")
    await form.get_by_label("Formatiert").fill("Mit *Nachdruck*\n- eins\n- zwei")
    await form.get_by_role("radio", name="Wöchentlich").press(" ")
    await form.get_by_role("checkbox", name="Gar nicht").press(" ")
    await form.get_by_role("button", name="Senden").press("Enter")

    await expect(form).to_be_hidden()
    sent = (await heard.next("view_submission"))["view"]["state"]["values"]
    ids = {block["label"]["text"]: block["block_id"] for block in FIELDS if block["type"] == "input"}
    for label, _, state in (*TYPED, *TIMES, *PICKED):
        assert brief(sent[ids[label]][ids[label]]) == state, label
    assert sent["where"]["where"]["selected_conversation"] == "C_ALL"  # where they are
    assert brief(sent["rhythm"]["rhythm"]) == {"selected_option": "week"}
    assert brief(sent["ways"]["ways"]) == {"selected_options": ["now", "never"]}
    rich = sent["rich"]["rich"]["rich_text_value"]["elements"]
    assert [part["type"] for part in rich] == ["rich_text_section", "rich_text_list"]
    assert rich[0]["elements"][1] == {"type": "text", "text": "Nachdruck", "style": {"bold": True}}


async def test_files_are_uploaded_when_they_are_chosen(
    visits: Visits, heard: Heard, sandbox: Sandbox
) -> None:
    opened(sandbox)
    page = await visits.open(CHANNEL)
    form = form_of(page)
    await form.get_by_label("Titel").fill("Mit Dateien")

    await form.get_by_label("Dateien", exact=True).set_input_files(
        [
            FilePayload(name="bild.png", mimeType="image/png", buffer=PNG),
            FilePayload(name="notiz.txt", mimeType="text/plain", buffer=b"Hallo"),
        ]
    )
    await form.get_by_role("button", name="bild.png entfernen").click()
    await expect(form.get_by_role("listitem").filter(has_text="notiz.txt")).to_be_visible()
    await form.get_by_role("button", name="Senden").click()

    files = (await heard.next("view_submission"))["view"]["state"]["values"]["files"]["files"]["files"]
    assert [file["name"] for file in files] == ["notiz.txt"]


async def test_the_buttons_for_formatted_text_put_the_marks(visits: Visits, sandbox: Sandbox) -> None:
    opened(sandbox)
    page = await visits.open(CHANNEL)
    text = form_of(page).get_by_label("Formatiert", exact=True)
    await expect(text).to_have_value("Hallo *Welt*")
    await text.fill("so")
    await text.press("ControlOrMeta+a")

    await form_of(page).get_by_role("button", name="Kursiv").click()
    await form_of(page).get_by_role("button", name="Liste", exact=True).click()

    await expect(text).to_have_value("- _so_")
    await form_of(page).get_by_role("button", name="Fett").focus()
    await page.keyboard.press("ArrowRight")
    await expect(form_of(page).get_by_role("button", name="Kursiv")).to_be_focused()


async def test_the_field_that_the_app_names_has_the_focus(visits: Visits, sandbox: Sandbox) -> None:
    opened(sandbox)
    page = await visits.open(CHANNEL)

    await expect(form_of(page).get_by_role("combobox", name="Thema", exact=True)).to_be_focused()


async def test_a_mistake_is_told_at_its_field_and_what_is_chosen_stays(
    visits: Visits, heard: Heard, sandbox: Sandbox
) -> None:
    needed = field("Pflichtwahl", "needed", "users_select", optional=False)
    opened(sandbox, FIELDS[2], needed)
    page = await visits.open(CHANNEL)
    form, combobox = form_of(page), page.get_by_role("combobox", name="Pflichtwahl")

    await form.get_by_role("button", name="Senden").click()
    await expect(combobox).to_be_focused()
    await expect(combobox).to_have_attribute("aria-invalid", "true")
    await expect(combobox).to_have_accessible_description("Bitte fülle dieses Pflichtfeld aus.")
    await combobox.press_sequentially("leitung")
    await page.get_by_role("option", name="Leitung").click()
    await form.get_by_label("Titel").fill("Nein")
    await form.get_by_role("button", name="Senden").click()

    await expect(form.get_by_label("Titel")).to_have_accessible_description(
        "(optional) In einem Satz Bitte etwas anderes."
    )
    await expect(combobox).to_have_value("Leitung Baureferat")


async def test_what_is_typed_is_there_again_after_the_page_was_left(visits: Visits, sandbox: Sandbox) -> None:
    opened(sandbox)
    page = await visits.open(CHANNEL)
    await form_of(page).get_by_label("Titel").fill("Nicht verloren")
    async with page.expect_response("**/act/fill"):
        await page.keyboard.press("Tab")
    await page.get_by_role("combobox", name="Kanal").click()
    async with page.expect_response("**/act/click"):
        await page.get_by_role("option", name="#mittagspause").click()

    await page.reload()

    await expect(form_of(page).get_by_label("Titel")).to_have_value("Nicht verloren")
    await expect(page.get_by_role("combobox", name="Kanal")).to_have_value("#mittagspause")


async def test_fields_that_ask_for_it_tell_the_app_while_one_fills_them_in(
    visits: Visits, heard: Heard, sandbox: Sandbox
) -> None:
    opened(sandbox, *TOLD)
    page = await visits.open(CHANNEL)
    form = form_of(page)

    await form.get_by_label("Suche").press_sequentially("ab")
    while (await heard.action())["value"] != "ab":
        pass
    await form.get_by_label("Ort").fill("Giesing")
    await expect(form.get_by_label("Ort")).to_have_accessible_description(
        "(optional) Mit der Eingabetaste senden."
    )
    await form.get_by_label("Ort").press("Enter")
    assert (await heard.action())["value"] == "Giesing"
    await form.get_by_role("combobox", name="Farbe").click()
    await page.get_by_role("option", name="Blau").click()
    assert (await heard.action())["selected_option"]["value"] == "blue"
    await expect(form).to_be_visible()


async def test_a_form_is_busy_while_the_app_thinks_and_is_sent_once(
    visits: Visits, heard: Heard, sandbox: Sandbox
) -> None:
    opened(sandbox, FIELDS[2])
    page = await visits.open(CHANNEL)
    await form_of(page).get_by_label("Titel").fill("Einmal")
    send, held = form_of(page).get_by_role("button", name="Senden"), asyncio.Queue[Route]()
    await page.route("**/act/submit", held.put)

    await send.click()
    first = await held.get()
    await expect(send).to_have_attribute("aria-busy", "true")
    await send.click()
    await first.continue_()

    await expect(form_of(page)).to_be_hidden()
    assert held.empty()


@pytest.mark.parametrize(
    ("name", "is_left"), [("Zurück", True), ("Fenster schließen", False)], ids=["back", "close all"]
)
async def test_from_a_form_upon_another_one_goes_back_or_leaves_both(
    visits: Visits, heard: Heard, sandbox: Sandbox, name: str, *, is_left: bool
) -> None:
    opened(sandbox)
    page = await visits.open(CHANNEL)
    await form_of(page).get_by_label("Titel").fill("Unten")
    await form_of(page).get_by_role("button", name="Weiter").click()
    above = form_of(page, "Darüber")
    await expect(above).to_be_visible()
    await expect(form_of(page)).to_be_hidden()

    await above.get_by_role("button", name=name).click()

    await expect(above).to_be_hidden()
    if is_left:
        await expect(form_of(page).get_by_label("Titel")).to_have_value("Unten")
    else:
        closed = await heard.next("view_closed")
        assert closed["is_cleared"] is True
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_long_form_scrolls_between_its_head_and_its_foot(visits: Visits, sandbox: Sandbox) -> None:
    opened(sandbox, *({"type": "section", "text": plain(f"Absatz {n}")} for n in range(60)))
    page = await visits.open(CHANNEL, size=NARROW)
    form = form_of(page)

    await form.get_by_text("Absatz 59").scroll_into_view_if_needed()

    await expect(form.get_by_role("heading", name="Alle Felder")).to_be_in_viewport()
    await expect(form.get_by_role("button", name="Senden")).to_be_in_viewport()
    await expect(form.get_by_text("Absatz 59")).to_be_in_viewport()
