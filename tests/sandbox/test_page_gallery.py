"""The whole gallery: no barrier anywhere, nothing breaks the layout, and nothing that is written can do harm."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.protocol.blocks import filled
from tests.browser import NARROW, WIDE, Visits, assert_accessible
from tests.sandbox.gallery import ATTACHMENTS, FORM, MESSAGES
from tests.sandbox.gallery_fixtures import browser, client, heard, sandbox, visits
from tests.sandbox.page_bot import button, field, mrkdwn, options, plain

__all__ = ["browser", "client", "heard", "sandbox", "visits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANNEL = "?person=U_ANN&channel=C_ALL"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0f0"
    "1f0005000201a2d5d5830000000049454e44ae426082"
)
LOOKS = [
    pytest.param(size, is_dark, id=f"{name}-{'dark' if is_dark else 'light'}")
    for name, size in (("wide", WIDE), ("narrow", NARROW))
    for is_dark in (False, True)
]
WORD = "Donaudampfschifffahrt" * 7
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'`*_~<javascript:alert(3)|Klick>"


async def is_within_bounds(page: Page) -> bool:
    """Return whether the page is as wide as its window, and every message as wide as its list."""
    found: bool = await page.evaluate(
        """document.documentElement.scrollWidth <= innerWidth &&
           [...document.querySelectorAll(".scroll, .modal-body")].every(box => box.scrollWidth <= box.clientWidth)"""
    )
    return found


@pytest.mark.parametrize(("size", "is_dark"), LOOKS)
@pytest.mark.parametrize("part", [*MESSAGES, "Anhänge"])
async def test_no_barrier_is_found_in_any_message(
    visits: Visits, sandbox: Sandbox, client: AsyncWebClient, part: str, *, size: Any, is_dark: bool
) -> None:
    if part == "Anhänge":
        await client.chat_postMessage(channel="C_ALL", text=part, attachments=ATTACHMENTS)
        message = sandbox.workspace.share_file("U_BEN", "C_ALL", "bild.png", PNG, "Ein Bild")
        sandbox.workspace.share_file("U_BEN", "C_ALL", "notiz.txt", b"Hallo")
        sandbox.workspace.react("U_ANN", "C_ALL", message.ts, "tada")
    else:
        await client.chat_postMessage(channel="C_ALL", text=part, blocks=MESSAGES[part])
    page = await visits.open(CHANNEL, size=size, is_dark=is_dark)

    await expect(page.get_by_role("article").first).to_be_visible()
    await assert_accessible(page)
    assert await is_within_bounds(page)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(("size", "is_dark"), LOOKS)
async def test_no_barrier_is_found_at_home_and_in_forms(
    visits: Visits, sandbox: Sandbox, *, size: Any, is_dark: bool
) -> None:
    page = await visits.open("?person=U_ANN&tab=home", size=size, is_dark=is_dark)
    await expect(page.get_by_role("heading", name="Alles, was es gibt")).to_be_visible()
    await assert_accessible(page)
    assert await is_within_bounds(page)

    sandbox.workspace.views.open("U_ANN", FORM | {"blocks": filled(FORM["blocks"])})
    form = page.get_by_role("dialog", name="Alle Felder")
    await expect(form).to_be_visible()
    await assert_accessible(page)
    assert await is_within_bounds(page)
    await form.get_by_role("combobox", name="Themen").click()
    await expect(page.get_by_role("option", name="Parks")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("option", name="Parks").click()
    await page.get_by_role("option", name="Schulen").click()
    await expect(page.get_by_text("Du kannst höchstens 2 auswählen.")).to_be_visible()
    await assert_accessible(page)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_words_without_end_stay_in_their_place(
    visits: Visits, sandbox: Sandbox, client: AsyncWebClient, size: Any
) -> None:
    long = WORD[:150]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain(long)},
        {"type": "section", "text": mrkdwn(f"*{WORD * 20}*"[:3000]), "accessory": button(WORD[:75], "a")},
        {"type": "section", "fields": [mrkdwn(WORD * 5), mrkdwn(f"`{WORD * 5}`")]},
        {"type": "context", "elements": [mrkdwn(WORD * 5)]},
        {"type": "image", "image_url": "https://stadt.example/b.png", "alt_text": WORD * 3, "title": plain(WORD * 3)},
        {"type": "markdown", "text": f"# {WORD}\n\n|a|b|\n|-|-|\n|{WORD}|{WORD}|\n\n```\n{WORD * 3}\n```"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": WORD * 5}, {"type": "raw_text", "text": "kurz"}]]},
        {"type": "card", "title": plain(long), "body": mrkdwn(WORD), "actions": [button(WORD[:75], "b")]},
        {"type": "task_card", "task_id": "t", "title": long},
        {
            "type": "actions",
            "elements": [
                {"type": "static_select", "action_id": "s", "placeholder": plain(long), "options": options(x=WORD[:75])},
                {"type": "checkboxes", "action_id": "c", "options": options(x=WORD[:75])},
                {"type": "multi_static_select", "action_id": "m", "options": options(x=WORD[:75]), "initial_options": options(x=WORD[:75])},
            ],
        },
    ]  # fmt: skip
    await client.chat_postMessage(channel="C_ALL", text=WORD, blocks=blocks)
    sandbox.workspace.post("U_BEN", "C_ALL", WORD * 70)
    sandbox.workspace.post("U_BEN", "C_ALL", "x" * 10_000)
    sandbox.workspace.share_file("U_BEN", "C_ALL", f"{WORD}.txt", b"x")
    await client.chat_postMessage(
        channel="C_ALL",
        text="a",
        attachments=[{"title": WORD, "text": WORD * 3, "fields": [{"title": WORD, "value": WORD}]}],
    )
    page = await visits.open(CHANNEL, size=size)

    await expect(page.get_by_role("article").last).to_be_visible()
    assert await is_within_bounds(page)
    await assert_accessible(page)

    sandbox.workspace.views.open(
        "U_ANN",
        FORM
        | {
            "blocks": filled(
                [
                    field(WORD, "t", "plain_text_input", hint=WORD, max_length=9),
                    field(WORD, "r", "radio_buttons", options=options(x=WORD[:75])),
                    field(
                        WORD,
                        "s",
                        "static_select",
                        options=options(x=WORD[:75]),
                        initial_option=options(x=WORD[:75])[0],
                    ),
                ]
            )
        },
    )
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await is_within_bounds(page)


async def test_nothing_pasted_becomes_markup_or_a_forged_link(
    visits: Visits, sandbox: Sandbox, client: AsyncWebClient
) -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": mrkdwn(HOSTILE), "accessory": button(HOSTILE[:75], HOSTILE, url="javascript:alert(1)")},
        {"type": "markdown", "text": f"{HOSTILE}\n\n[Klick](javascript:alert(1)) ![x](javascript:alert(2)) [y](//evil.example)"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": HOSTILE}]]},
        {"type": "data_visualization", "title": HOSTILE[:50], "chart": {"type": "pie", "segments": [{"label": "<b>x</b>", "value": 1}]}},
        {"type": "card", "title": plain(HOSTILE), "actions": [button("Los", "los", url="data:text/html,x")]},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "link", "url": "javascript:alert(1)", "text": "Klick"},
                        {"type": "color", "value": '"/><script>alert(1)</script>'},
                        {"type": "emoji", "name": "x", "unicode": "3c-73-63-72-69-70-74-3e"},
                        {"type": "date", "timestamp": 10**14, "format": "{date}", "url": "javascript:alert(1)", "fallback": HOSTILE},
                    ],
                }
            ],
        },
    ]  # fmt: skip
    await client.chat_postMessage(channel="C_ALL", text=HOSTILE, blocks=blocks)
    await client.chat_postMessage(
        channel="C_ALL",
        text="a",
        attachments=[
            {"color": '#"/><script>', "title": HOSTILE, "title_link": "javascript:alert(1)", "text": HOSTILE}
        ],
    )
    sandbox.workspace.post("U_BEN", "C_ALL", HOSTILE)
    sandbox.workspace.share_file("U_BEN", "C_ALL", f"{HOSTILE[:60]}.svg", b"<svg onload='alert(1)'/>")
    page = await visits.open(CHANNEL)
    await expect(page.get_by_role("article")).to_have_count(4)

    found = await page.evaluate(
        """[...document.querySelectorAll("main *")].flatMap(one => [
            ...(one.matches("script, iframe, object, [style]:not([popover])") ? [one.outerHTML] : []),
            ...[...one.attributes].filter(({name}) => name.startsWith("on")).map(({name}) => name),
            ...(one.href && !/^(https?|mailto):/.test(one.href) && !one.href.animVal ? [one.href] : []),
        ])"""
    )
    assert found == []


async def test_a_table_is_sorted_filtered_and_paged_through(visits: Visits, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C_ALL", text="Daten", blocks=[MESSAGES["Daten"][1]])
    page = await visits.open(CHANNEL)
    heads = page.get_by_role("rowheader")
    await expect(heads).to_have_count(5)

    await page.get_by_role("button", name="Beiträge", exact=True).press("Enter")
    await expect(heads.first).to_have_text("Sozialreferat")
    await expect(page.get_by_role("columnheader", name="Beiträge")).to_have_attribute(
        "aria-sort", "ascending"
    )
    await page.get_by_role("button", name="Weiter", exact=True).click()
    await expect(heads).to_have_text(["Kreisverwaltungsreferat", "IT-Referat"])
    await page.get_by_label("Zeilen filtern").fill("kultur")
    await expect(heads).to_have_text(["Kulturreferat"])
    await expect(page.get_by_text("1–1 von 1")).to_be_visible()


async def test_a_chart_has_its_numbers_as_a_table(visits: Visits, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C_ALL", text="Daten", blocks=[MESSAGES["Daten"][3]])
    page = await visits.open(CHANNEL)

    await page.get_by_text("Als Tabelle").click()

    await expect(page.get_by_role("row", name="Februar")).to_have_text("Februar5,52")
