"""What it costs to look at many sources of which most have not changed.

A thousand feeds on fifty hosts are due at once. They are read once (all of it is new), then a fifth of them
changes and all are read again, then nothing changes and they are read as often as there are rounds. Measured
is the processor time of this process: the one who reads, with the store on SQLite. What is parsed is parsed
in another process and is no part of it, nor of the rounds that are compared.

The baseline is a bare aiohttp client that asks for the same feeds with the same ETags, as many hosts at a
time, and reads the same answers, in the same process and in turns with the rounds.

Memory is that of a process of its own, with the processes it parses in, at its highest.
"""

import asyncio
import gc
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Final

import aiohttp
from sqlalchemy import update
from sqlmodel import Session, select

from benchmarks import waiting
from benchmarks.figures import Figure
from benchmarks.processes import program
from bot import curation
from bot.curation import Source, SourceKind
from bot.settings import Settings
from bot.sources import Fetcher, Parser
from handlers.run import stay_prompt, utc_now
from handlers.sources import HOSTS, Reading
from storage.store import Store

STEP: Final = 5
EVERY_S: Final = 3600
LOCAL: Final = (ip_network("127.0.0.0/8"),)


async def measure(folder: Path, *, sources: int, rounds: int) -> list[Figure]:
    """Read so many sources so many times."""
    async with program("publishing", folder=folder) as (_, line), aiohttp.ClientSession() as session:
        server = json.loads(line)
        urls = addresses(server, sources)
        control = f"http://127.0.0.1:{server['port']}"
        with waiting.opened(f"sqlite:///{folder / 'polls.sqlite'}") as store:
            async with reading(store) as reader:
                await store.run(add, urls)
                await read_all(store, reader)
                async with session.post(f"{control}/change?feeds={sources}&step={STEP}"):
                    await store.run(make_due)
                await read_all(store, reader)
                async with session.get(f"{control}/counted") as answer:
                    answered = await answer.json()
                etags = store.ask(_etags)
                stay_prompt()
                ours, bare = [], []
                for _ in range(rounds):
                    bare.append(await _bare(etags) / sources)
                    await store.run(make_due)
                    ours.append(await _ours(store, reader) / sources)
        few = await _peak(folder, server, sources // 10)
        many = await _peak(folder, server, sources)
    could = sources - len(range(0, sources, STEP))
    return [
        Figure.of_rounds(
            "sources: cpu_ratio",
            [one / other for one, other in zip(ours, bare, strict=True)],
            goal=1.6,
            baseline=f"a bare conditional GET: {min(bare) * 1000:.2f} ms of processor time",
        ),
        Figure.of_rounds(
            "sources: cpu_per_poll",
            [one * 1000 for one in ours],
            goal=None,
            baseline=f"{sources} sources that have not changed, their states written",
            unit="ms",
        ),
        Figure(
            "sources: unchanged_share",
            answered.get("unchanged", 0) / could,
            0.98,
            "higher",
            f"{could} of {sources} feeds that have not changed",
        ),
        Figure(
            "sources: memory_ratio",
            many / few,
            1.5,
            "lower",
            f"{sources // 10} sources, at the highest: {few:.0f} MB",
        ),
    ]


def addresses(server: dict[str, int], sources: int) -> list[str]:
    """Return the addresses of so many feeds, in turns on each of the server's hosts."""
    hosts, port = server["hosts"], server["port"]
    return [f"http://127.0.0.{number % hosts + 1}:{port}/feeds/{number}" for number in range(sources)]


@asynccontextmanager
async def reading(store: Store) -> AsyncIterator[Reading]:
    """Have the assistant's own reader while the block runs."""
    settings = Settings(database_url=str(store.url), fetch_allow=LOCAL)
    async with Fetcher(allow=LOCAL) as fetcher, Parser() as parser:
        reader = Reading(store, settings, fetcher, parser, utc_now)
        yield reader
        await reader.close()


def add(session: Session, urls: list[str]) -> None:
    """Keep these feeds as sources."""
    now = utc_now()
    for number, url in enumerate(urls):
        curation.add(
            session,
            kind=SourceKind.FEED,
            name=f"Feed {number}",
            url=url,
            every_s=EVERY_S,
            now=now,
            origin="test",
        )


def make_due(session: Session) -> None:
    """Let all sources be due now."""
    session.execute(update(Source).values(next_poll_at=utc_now()))


async def read_all(store: Store, reader: Reading) -> None:
    """Read until nothing is due."""
    while await reader.poll_due():
        pass
    failing = store.ask(_failing)
    assert not failing, failing


async def _ours(store: Store, reader: Reading) -> float:
    gc.collect()
    began = time.process_time()
    await read_all(store, reader)
    return time.process_time() - began


async def _bare(etags: list[tuple[str, str]]) -> float:
    """Ask for each address with its ETag; return the seconds of processor time that took."""
    left = iter(etags)

    async def ask_some(session: aiohttp.ClientSession) -> None:
        for url, etag in left:
            async with session.get(url, headers={"If-None-Match": etag}) as answer:
                await answer.read()
                assert answer.status == 304

    gc.collect()
    began = time.process_time()
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(ask_some(session) for _ in range(HOSTS)))
    return time.process_time() - began


async def _peak(folder: Path, server: dict[str, int], sources: int) -> float:
    """Return the most memory (MB) of a process that reads so many new sources."""
    async with program("reading", json.dumps(server), str(sources), folder=folder) as (_, line):
        return float(line)


def _etags(session: Session) -> list[tuple[str, str]]:
    return [(url, etag or "") for url, etag in session.exec(select(Source.url, Source.etag))]


def _failing(session: Session) -> list[str]:
    return list(session.exec(select(Source.url).where(Source.failures > 0)))
