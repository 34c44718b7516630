"""How soon a new post is in the chat once its feed has been fetched.

The assistant's own reader and sender work on SQLite; the workspace is the sandbox, without Slack's limits. In
each round the feed has one entry more, and measured is from the moment at which its last byte was read to the
moment at which the message is in the channel. The round begins with the reader's tick, not with the wait for
the next one.

The floor is the shortest way there is in Python: fetch the same feed, parse it right there with feedparser,
keep one row in SQLite, post one message to the same sandbox; measured from the same moment.
"""

import asyncio
import json
import sqlite3
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Final

import aiohttp
import feedparser
from pydantic import SecretStr
from sqlmodel import Session

from benchmarks import waiting
from benchmarks.deliveries_cost import ENDLESS
from benchmarks.figures import Figure
from benchmarks.processes import program
from benchmarks.sources_polls import LOCAL, add, make_due
from benchmarks.workspace import COMMS, seed
from bot import subscriptions
from bot.settings import Settings
from bot.sources import Fetched, Fetcher, Parser, Validators
from bot.sources.fetching import NO_VALIDATORS
from bot.subscriptions import POSTS
from handlers.chat.app import make_client
from handlers.chat.outbound import Outbound
from handlers.run import utc_now
from handlers.sources import Reading
from sandbox import Sandbox
from storage.store import Store

WARM_UP: Final = 3
ARRIVES_WITHIN_S: Final = 10
MOST: Final = 4


class Timed(Fetcher):
    """A fetcher of which is known when it had read the last answer."""

    read_at = 0.0

    async def get(self, url: str, validators: Validators = NO_VALIDATORS) -> Fetched:
        """Get it and keep the moment."""
        fetched = await super().get(url, validators)
        self.read_at = time.perf_counter()
        return fetched


async def measure(folder: Path, *, posts: int) -> list[Figure]:
    """Publish so many posts, one after the other, for the assistant and for the floor in turns."""
    sandbox = await Sandbox.start(seed(), pace=False)
    arrivals = asyncio.Queue[float]()
    sandbox.workspace.listen(lambda _change: arrivals.put_nowait(time.perf_counter()))
    try:
        async with program("publishing", folder=folder) as (_, line), aiohttp.ClientSession() as session:
            control = f"http://127.0.0.1:{json.loads(line)['port']}"
            ours, floor = await _in_turns(folder, sandbox, session, control, arrivals, posts + WARM_UP)
    finally:
        await sandbox.stop()
    own, least = median(ours[WARM_UP:]), median(floor[WARM_UP:])
    return [
        Figure(
            "sources: news_ratio",
            own / least,
            MOST,
            "lower",
            f"fetch, parse, one row and post, p50: {least * 1000:.1f} ms",
        ),
        Figure(
            "sources: news_p50",
            own * 1000,
            None,
            "lower",
            f"{posts} new posts, from the end of the feed to the message",
            unit="ms",
        ),
    ]


async def _in_turns(
    folder: Path,
    sandbox: Sandbox,
    session: aiohttp.ClientSession,
    control: str,
    arrivals: asyncio.Queue[float],
    rounds: int,
) -> tuple[list[float], list[float]]:
    settings = Settings(slack_api_url=sandbox.api_url, slack_bot_token=SecretStr(sandbox.bot_token))
    ours: list[float] = []
    floor: list[float] = []
    rows = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    rows.execute("CREATE TABLE post (guid TEXT PRIMARY KEY, title TEXT)")
    with waiting.opened(f"sqlite:///{folder / 'news.sqlite'}") as store:
        await store.run(_begin, f"{control}/feeds/0")
        async with Timed(allow=LOCAL) as fetcher, Parser() as parser:
            reader = Reading(store, settings, fetcher, parser, utc_now)
            outbound = Outbound(
                store, make_client(settings, session), settings, clock=utc_now, gap=timedelta(), paces=ENDLESS
            )
            sending = asyncio.create_task(outbound.run())
            await reader.poll_due()
            for _ in range(rounds):
                async with session.post(f"{control}/change?feeds=1&step=1"):
                    pass
                ours.append(await _ours(store, reader, fetcher, arrivals))
                floor.append(await _floor(rows, session, f"{control}/feeds/0", sandbox, arrivals))
            outbound.stop()
            await sending
            await reader.close()
    rows.close()
    return ours, floor


def _begin(session: Session, url: str) -> None:
    add(session, [url])
    subscriptions.subscribe(session, POSTS, COMMS, now=utc_now())


async def _ours(store: Store, reader: Reading, fetcher: Timed, arrivals: asyncio.Queue[float]) -> float:
    await store.run(make_due)
    await reader.begin_due()
    async with asyncio.timeout(ARRIVES_WITHIN_S):
        arrived = await arrivals.get()
    await reader.poll_due()
    return arrived - fetcher.read_at


async def _floor(
    rows: sqlite3.Connection,
    session: aiohttp.ClientSession,
    url: str,
    sandbox: Sandbox,
    arrivals: asyncio.Queue[float],
) -> float:
    async with session.get(url) as answer:
        body = await answer.read()
    began = time.perf_counter()
    newest = feedparser.parse(BytesIO(body)).entries[0]
    rows.execute("INSERT INTO post VALUES (?, ?)", (newest.id, newest.title))
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    message = {"channel": COMMS, "text": newest.title}
    async with session.post(f"{sandbox.api_url}chat.postMessage", json=message, headers=headers) as answer:
        assert (await answer.json())["ok"]
    return await arrivals.get() - began
