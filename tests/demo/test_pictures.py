"""The pictures of the README, made from the demo as it is; with PICTURES=1 they are kept."""

import os
import struct
import zlib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize, expect

from bot.settings import Settings
from handlers.demo.start import Demo, demo
from handlers.demo.workspace import GENERAL, NEWS, REVIEW
from tests.demo.conftest import SOON_MS, Desks, DesksOf, answer, shows

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEPT = Path(__file__).parents[2] / "docs" / "bilder"
WINDOW: ViewportSize = {"width": 1280, "height": 860}
TALL: ViewportSize = {"width": 1280, "height": 1290}
PHONE: ViewportSize = {"width": 390, "height": 780}
COLLEAGUE, ENGLISH, EDITOR, OWNER = "U0KOLLEGIN", "U0NEWCOLL", "U0RADAR", "U0EAKTE"
SCREENS = (
    ("", COLLEAGUE, WINDOW, False),
    ("-dunkel", COLLEAGUE, WINDOW, True),
    ("-englisch", ENGLISH, WINDOW, False),
    ("-telefon", COLLEAGUE, PHONE, False),
    ("-telefon-dunkel", COLLEAGUE, PHONE, True),
)
# Lines that differ from each other; a blank page has one, or a few when the browser draws a frame.
LEAST_LINES = 100
POSTS = (
    (
        "Die E-Akte kommt: fünf Fragen an das Projektteam",
        "Was sich im Arbeitsalltag ändert und wer dabei hilft.",
    ),
    ("Rückblick auf das BarCamp", "Zwölf Runden, viele Ideen und ein Nachmittag ohne Folien."),
)
ACHIEVEMENTS = "Zwei weitere Referate arbeiten vollständig mit der E-Akte."
OUTLOOK = "Im Frühjahr folgen die nächsten drei Referate."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return KEPT if os.environ.get("PICTURES") == "1" else tmp_path


async def take(page: Page, file: Path) -> None:
    # Nothing under the pointer, nothing focused.
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement.blur()")
    picture = await page.screenshot(path=file, animations="disabled", caret="hide")
    assert lines(picture) > LEAST_LINES


def lines(png: bytes) -> int:
    """Return how many lines of a picture (8 bit a channel) differ from each other."""
    width, height = struct.unpack(">II", png[16:24])
    packed, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        if name == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += length + 12
    pixels = zlib.decompress(packed)
    size = len(pixels) // height
    assert size > width
    return len({pixels[start : start + size] for start in range(0, len(pixels), size)})


async def test_the_steps_can_be_shown_on_every_screen(
    desks_of: DesksOf, tmp_path: Path, folder: Path
) -> None:
    """Two of five done, one tried by a reader of English, and the public page beside the last one."""
    settings = Settings(web_port=0, ops_port=0)
    async with demo(settings, folder=tmp_path / "demo", ports=(0, 0)) as running, desks_of(running) as desks:
        running.portal.publish(POSTS[0][0], teaser=POSTS[0][1], now=running.clock())
        colleague = running.sandbox.person(COLLEAGUE)
        await colleague.slash("/funk", "idee Lesen im Park", channel=GENERAL)
        assert await (await colleague.form()).submit() == {}
        running.portal.comment("Gibt es das auch bei uns?", author="Eine Leserin", now=running.clock())
        for name, person, size, is_dark in SCREENS:
            page = await desks.channel(person, NEWS, size=size, is_dark=is_dark)
            await shows(page, POSTS[0][0])
            done = "2 of 5 done" if person == ENGLISH else "2 von 5 erledigt"
            await expect(page.locator("#guide")).to_contain_text(done, timeout=SOON_MS)
            card = await shows(page, POSTS[0][0])
            replies = "1 reply" if person == ENGLISH else "1 Antwort"
            await expect(card.get_by_role("link", name=replies)).to_be_visible(timeout=SOON_MS)
            await take(page, folder / f"schritte{name}.png")

        await answer(running, OWNER, "E-Akte", **{"Fortschritt in Prozent": "31", "Ausblick": OUTLOOK})
        page = await desks.open(f"{running.site_url}massnahmen/e-akte", size=WINDOW)
        editor = running.sandbox.person(EDITOR)
        await editor.sees("31 %", channel=REVIEW, within=SOON_MS / 1000)
        await editor.click("Freigeben")
        await expect(page.get_by_role("status")).to_contain_text("aktualisiert", timeout=SOON_MS)
        await take(page, folder / "aktualisiert.png")


async def test_the_workspace_and_the_radar_can_be_shown(desks: Desks, running: Demo, folder: Path) -> None:
    # The work itself, without the invitation above it.
    running.sandbox.workspace.hide_guide(is_hidden=True)
    now = datetime.now(UTC)
    for title, teaser in POSTS:
        running.portal.publish(title, teaser=teaser, now=now)
    starts_at = datetime.combine(now + timedelta(days=21), time(13), UTC)
    event = running.portal.announce(
        "Marktplatz der digitalen Möglichkeiten", starts_at=starts_at, place="Altes Rathaus", now=now
    )

    phone = await desks.open(f"?person={OWNER}&tab=messages", size=PHONE)
    await shows(phone, "Stimmt das noch?")
    await take(phone, folder / "telefon.png")

    await answer(running, OWNER, "OZG-Umsetzung", **{"Fortschritt in Prozent": "61"})
    editor = await desks.channel(EDITOR, REVIEW, size=WINDOW)
    card = await shows(editor, "OZG-Umsetzung")
    await card.get_by_role("button", name="Freigeben").click()
    fields = {"Fortschritt in Prozent": "31", "Erfolge": ACHIEVEMENTS, "Ausblick": OUTLOOK}
    await answer(running, OWNER, "E-Akte", **fields)
    await shows(editor, OUTLOOK)
    await expect(card).to_contain_text("Freigegeben", timeout=SOON_MS)
    await take(editor, folder / "freigabe.png")

    page = await desks.channel(COLLEAGUE, NEWS, size=WINDOW)
    moved = await shows(page, "Marktplatz der digitalen Möglichkeiten")
    running.portal.move(event, starts_at=starts_at + timedelta(days=7))
    await expect(moved).to_contain_text("→", timeout=SOON_MS)
    await take(page, folder / "arbeitsplatz.png")

    radar = await desks.open(f"{running.site_url}radar", size=TALL)
    await take(radar, folder / "radar.png")
