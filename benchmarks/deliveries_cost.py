"""What the assistant itself does for a message, in processor time, beside a loop that only posts.

On the other end is the same bare aiohttp server in a process of its own, which answers at once; nothing is
paced. Ours is everything from a row that waits to a row that is sent: claim, render, post, record, on
SQLite, of the card of one post to as many people as there are messages. The loop posts the bytes that the
server got last from us, with the same headers, as many at a time as we do, and reads the answer. Measured
is the time of the whole process with all its threads; Python's cyclic garbage is collected before each
turn.
"""

import asyncio
import gc
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final

import aiohttp
from pydantic import SecretStr

from benchmarks import waiting
from benchmarks.figures import Figure
from benchmarks.processes import program
from bot import delivery, pace
from bot.delivery import DeliveryState
from bot.settings import Settings
from handlers.chat.app import make_client
from handlers.chat.outbound import AT_ONCE, Outbound
from handlers.run import utc_now
from storage.store import Store

ENDLESS: Final = {pace.POST: 1e9, pace.EDIT: 1e9}
TOKEN: Final = "xoxb-benchmark"
LOOK_EVERY_S: Final = 0.25
ROUND_WITHIN_S: Final = 60


async def measure(folder: Path, *, rounds: int, messages: int) -> list[Figure]:
    """Send `messages` messages a round, by either in turns."""
    ours: list[float] = []
    bare: list[float] = []
    full = folder / "full.sqlite"
    with waiting.opened(f"sqlite:///{full}") as store:
        await store.run(waiting.fill, count=messages, targets=messages, now=utc_now())
        waiting.ready(store)
    async with _server(folder) as address, aiohttp.ClientSession() as session:
        settings = Settings(slack_api_url=f"{address}api/", slack_bot_token=SecretStr(TOKEN))
        await _ours(full, settings, session, messages)
        for number in range(rounds):
            if number % 2:
                bare.append(await _bare(address, session, messages))
                ours.append(await _ours(full, settings, session, messages))
            else:
                ours.append(await _ours(full, settings, session, messages))
                bare.append(await _bare(address, session, messages))
    return [
        Figure.of_rounds(
            "deliveries: cpu_ratio",
            [one / other for one, other in zip(ours, bare, strict=True)],
            goal=2.5,
            baseline=f"a bare aiohttp loop that posts the same bytes, {AT_ONCE} in flight: "
            f"{median(bare) * 1000:.2f} ms a message",
        ),
        Figure.of_rounds(
            "deliveries: cpu_ms",
            [one * 1000 for one in ours],
            goal=None,
            baseline=f"claim, render, post and record of a message, {messages} to as many people",
            unit="ms",
        ),
    ]


async def _ours(full: Path, settings: Settings, session: aiohttp.ClientSession, messages: int) -> float:
    """Send all that waits in a copy of a store; return the seconds of processor time a message."""
    file = full.with_name("sending.sqlite")
    shutil.copy(full, file)
    with waiting.opened(f"sqlite:///{file}") as store:
        outbound = Outbound(
            store,
            make_client(settings, session),
            settings,
            clock=utc_now,
            gap=timedelta(),
            paces=ENDLESS,
        )
        gc.collect()
        began = time.process_time()
        sending = asyncio.create_task(outbound.run())
        async with asyncio.timeout(ROUND_WITHIN_S):
            await waiting.until(lambda: _is_empty(store), every_s=LOOK_EVERY_S)
        took = time.process_time() - began
        outbound.stop()
        await sending
        counted = store.ask(delivery.counted)
        assert counted == {DeliveryState.SENT: messages}, counted
    return took / messages


async def _is_empty(store: Store) -> bool:
    counted = await store.read(delivery.counted)
    return counted.keys() == {DeliveryState.SENT}


async def _bare(address: str, session: aiohttp.ClientSession, messages: int) -> float:
    """Post the message that came last again and again; return the seconds of processor time each."""
    async with session.get(f"{address}last") as answer:
        body, kind = await answer.read(), answer.headers["Content-Type"]
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
    left = iter(range(messages))

    async def post_share() -> None:
        for _ in left:
            async with session.post(f"{address}api/chat.postMessage", data=body, headers=headers) as answer:
                assert (await answer.json())["ok"]

    gc.collect()
    began = time.process_time()
    async with asyncio.timeout(ROUND_WITHIN_S):
        await asyncio.gather(*(post_share() for _ in range(AT_ONCE)))
    return (time.process_time() - began) / messages


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[str]:
    async with program("answering", folder=folder) as (_process, line):
        yield line.strip()
