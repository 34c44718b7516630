"""Announce: what the portal publishes is in the channel and on the public site, once."""

import asyncio
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from handlers.demo.portal import FEED
from handlers.demo.start import Demo
from handlers.demo.workspace import NEWS
from tests.browser import assert_accessible
from tests.demo.conftest import SOON_MS, Desks, invented, messages, shows

pytestmark = pytest.mark.asyncio(loop_scope="module")
COLLEAGUE = "U0KOLLEGIN"
BOT = Path(__file__).parents[2] / "bot.py"


async def publish(title: str, teaser: str, folder: Path) -> None:
    command = ("demo", "publish", "--title", title, "--teaser", teaser, "--folder", str(folder))
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(BOT), *command, stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0


async def test_the_button_publishes_a_post_for_the_channel_and_the_public(desks: Desks) -> None:
    page = await desks.channel(COLLEAGUE, NEWS)
    await page.get_by_role("button", name="Beitrag veröffentlichen").click()
    await expect(page.get_by_role("status")).to_contain_text("Veröffentlicht.")

    card = await shows(page, "Neues aus der Demo, ")
    title = re.search(r"Neues aus der Demo, [\d:]+ Uhr", await card.inner_text())
    assert title
    await assert_accessible(page)

    public = await desks.site("beitraege")
    await expect(public.get_by_role("heading", name=title[0])).to_be_visible()


async def test_the_command_publishes_a_post_once_and_an_edit_at_its_source_edits_the_card(
    desks: Desks, running: Demo
) -> None:
    title, later = invented("Der Wochenmarkt wird digital"), invented("Der Markt wird digital")
    page = await desks.channel(COLLEAGUE, NEWS)
    await publish(title, "Mit Karte bezahlen & <b>nicht</b> anstehen", running.folder)

    card = await shows(page, title)
    await expect(card).to_contain_text("Mit Karte bezahlen")
    public = await desks.site("beitraege")
    await expect(public.get_by_role("heading", name=title)).to_be_visible()

    feed = running.portal.folder / FEED
    feed.write_text(feed.read_text(encoding="utf-8").replace(title, later), encoding="utf-8")
    await expect(card).to_contain_text(later, timeout=SOON_MS)
    await expect(messages(page, title)).to_have_count(0)
    await expect(messages(page, later)).to_have_count(1)
    await public.reload()
    await expect(public.get_by_role("heading", name=later)).to_be_visible()
    await expect(public.get_by_text(title)).to_have_count(0)


async def test_a_new_event_is_announced_and_a_moved_one_is_edited_where_it_stands(
    desks: Desks, running: Demo
) -> None:
    title, now = invented("Offene Werkstatt"), datetime.now(UTC)
    starts_at = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=30)
    page = await desks.channel(COLLEAGUE, NEWS)
    uid = running.portal.announce(title, starts_at=starts_at, place="Stadtbibliothek", now=now)

    card = await shows(page, title)
    await expect(card).to_contain_text("Stadtbibliothek")
    public = await desks.site("termine")
    event = public.get_by_role("listitem").filter(has_text=title)
    await expect(event).to_contain_text("Stadtbibliothek")

    running.portal.move(uid, starts_at=starts_at + timedelta(days=1))
    await expect(card).to_contain_text("→", timeout=SOON_MS)
    await expect(messages(page, title)).to_have_count(1)
    await public.reload()
    await expect(event).to_contain_text("Verschoben")
    await expect(event).to_contain_text("Ursprünglicher Termin")
    await assert_accessible(page)
