"""The demo as a process of its own: a second start goes on where the first one stopped."""

import asyncio
import re
from pathlib import Path

import aiohttp

from bot import rounds
from handlers.demo.workspace import NEWS
from storage.store import Store
from tests.demo.conftest import invented
from tests.demo.programs import PATIENCE_S, Program, eventually

COLLEAGUE = "U0KOLLEGIN"
WELCOME = "Willkommen bei Stadtfunk"
PORTS = ("--port", "0", "--portal-port", "0")
ARTICLE = re.compile(r'<article [^>]*data-ts="([\d.]+)">(.*?)</article>', re.DOTALL)


async def start(folder: Path, *arguments: str) -> Program:
    """Start the demo and return it when it says that it runs."""
    command = ("demo", "--folder", "demo", *PORTS, *arguments)
    program = await Program.start(*command, folder=folder, settings={"WEB_PORT": "0"})
    await eventually(lambda: "Beenden mit Strg-C." in program.said, while_running=program)
    return program


async def publish(folder: Path, title: str) -> None:
    command = ("demo", "publish", "--title", title, "--folder", "demo")
    program = await Program.start(*command, folder=folder, settings={})
    assert await program.end() == 0, program.said


async def news(program: Program, title: str) -> dict[str, str]:
    """Wait for a title in #digital-neues, and return what stands there by its timestamp."""
    chat = re.search(r"Chat: +(\S+)", program.said)
    assert chat
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE_S):
        while True:
            async with session.get(chat[1], params={"person": COLLEAGUE, "channel": NEWS}) as response:
                page = await response.text()
            if title in page:
                return dict(ARTICLE.findall(page))
            await asyncio.sleep(0.05)


def said(channel: dict[str, str], title: str) -> list[str]:
    """Return the timestamps of the messages with a title."""
    return [ts for ts, words in channel.items() if title in words]


async def test_a_second_start_goes_on_and_a_fresh_one_begins_anew(tmp_path: Path) -> None:
    async with await start(tmp_path) as first:
        before = await news(first, WELCOME)
        assert await first.interrupt() == 0
        assert "Traceback" not in first.said
    title = invented("In der Pause erschienen")
    await publish(tmp_path, title)

    async with await start(tmp_path) as second:
        after = await news(second, title)
        assert await second.interrupt() == 0
    assert [ts for ts in after if ts not in before] == said(after, title)
    assert said(after, WELCOME) == said(before, WELCOME) == list(before)
    store = Store(f"sqlite:///{tmp_path / 'demo' / 'stadtfunk.sqlite'}")
    assert sum(found.opened_at is not None for found in store.ask(rounds.listed)) == 1
    store.close()

    async with await start(tmp_path, "--fresh") as third:
        anew = await news(third, WELCOME)
    assert len(said(anew, WELCOME)) == len(anew) == 1
