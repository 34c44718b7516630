"""How soon a press is acknowledged while the assistant is busy with everything else.

One process runs the whole assistant with the public site on SQLite. Meanwhile it sends what waits, so fast
that the messages last as long as the presses (faster than Slack allows); reads ten feeds every two seconds;
shows the public pages twenty times a second; and accepts a pitch with each press, which brings more
messages. Presses are signed HTTP requests, fifty a second, begun on time whether or not those before are
answered, and timed from here, in another process: from sending to the whole answer.

The baseline is a bare aiohttp server, in a process of its own with nothing else to do, that reads the same
requests, as often a second, and answers with nothing. It is measured in the same run, before the load
begins. What happens only once, such as starting the process that parses feeds, is over when the presses
begin.
"""

import asyncio
import contextlib
import gc
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from typing import Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from benchmarks import waiting
from benchmarks.figures import Figure
from benchmarks.pressing import Request, fill, payload, signed
from benchmarks.processes import program
from benchmarks.workspace import seed
from bot import curation, delivery, pace
from bot.curation import SourceKind
from bot.delivery import DeliveryState
from handlers.run import utc_now
from sandbox import Sandbox

PRESSES_A_SECOND: Final = 50
PAGES_A_SECOND: Final = 20
PAGES: Final = ("", "beitraege", "termine", "radar")
FEEDS: Final = 10
FEEDS_EVERY_S: Final = 2
WARM_UP: Final = 50
WARM_WITHIN_S: Final = 20


async def measure(folder: Path, *, seconds: float, messages: int) -> list[Figure]:
    """Press for so many seconds, at a bare server and then at the assistant with `messages` to send."""
    presses = int(seconds * PRESSES_A_SECOND)
    file = folder / "load.sqlite"
    requests, secret = await prepared(f"sqlite:///{file}", presses=presses + WARM_UP, messages=messages)
    async with (
        program("answering", folder=folder) as (_, line),
        program("open_paced", str(messages), "1", "unpaced", folder=folder) as (_, workspace),
        aiohttp.ClientSession() as session,
    ):
        bare = line.strip()
        await press_all(session, f"{bare}slack/events", requests[:WARM_UP])
        idle = await press_all(session, f"{bare}slack/events", requests[WARM_UP:])
        with waiting.opened(f"sqlite:///{file}") as store:
            await store.run(_add_feeds, bare)
        per_minute = 60 * messages / seconds
        facts = {
            **json.loads(workspace),
            "database_url": f"sqlite:///{file}",
            "signing_secret": secret,
            "ops_port": (port := free_port()),
            "paces": {pace.POST: per_minute, pace.EDIT: pace.START[pace.EDIT]},
        }
        async with (
            program("working", json.dumps(facts), folder=folder) as (_, site),
            _reading(session, site.strip()),
        ):
            address = f"http://127.0.0.1:{port}/slack/events"
            await press_all(session, address, requests[:WARM_UP])
            await _feeds_are_read(file)
            busy = await press_all(session, address, requests[WARM_UP:])
    with waiting.opened(f"sqlite:///{file}") as store:
        left = store.ask(delivery.counted)
    p99, idle_p99 = p99_of(busy), p99_of(idle)
    sent = left.get(DeliveryState.SENT, 0) - (presses + WARM_UP) * 2
    return [
        Figure(
            "deliveries: ack_p99_ratio",
            p99 / idle_p99,
            3,
            "lower",
            f"an idle bare aiohttp handler, p99: {idle_p99 * 1000:.1f} ms",
        ),
        Figure(
            "deliveries: ack_p99",
            p99 * 1000,
            None,
            "lower",
            f"{PRESSES_A_SECOND} presses a second, {sent} messages sent meanwhile, {FEEDS} feeds, "
            f"{PAGES_A_SECOND} pages a second",
            unit="ms",
        ),
        Figure(
            "deliveries: ack_p50",
            sorted(busy)[len(busy) // 2] * 1000,
            None,
            "lower",
            f"the bare handler: {sorted(idle)[len(idle) // 2] * 1000:.1f} ms",
            unit="ms",
        ),
        Figure("deliveries: ack_slowest", max(busy) * 1000, 250, "lower", "of all presses", unit="ms"),
    ]


async def prepared(address: str, *, presses: int, messages: int) -> tuple[list[Request], str]:
    """Fill a store with pitches to accept and messages to send; return signed presses and their secret."""
    sandbox = await Sandbox.start(seed())
    try:
        with waiting.opened(address) as store:
            await store.run(fill, count=presses)
            client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
            press = await payload(sandbox, store, client)
            await store.run(waiting.fill, count=messages, targets=messages, now=utc_now())
            waiting.ready(store)
        return list(signed(press, sandbox.signing_secret, count=presses)), sandbox.signing_secret
    finally:
        await sandbox.stop()


def _add_feeds(session: Session, address: str) -> None:
    for number in range(FEEDS):
        source = curation.add(
            session,
            kind=SourceKind.FEED,
            name=f"Feed {number}",
            url=f"{address}feeds/{number}",
            now=utc_now(),
            origin="test",
        )
        # More often than anyone may choose.
        source.every_s = source.interval_s = FEEDS_EVERY_S


async def _feeds_are_read(file: Path) -> None:
    """Wait until each feed was read once: what starts only for the first of them is no load that stays."""
    async with asyncio.timeout(WARM_WITHIN_S):
        with waiting.opened(f"sqlite:///{file}") as store:

            async def are_read() -> bool:
                return all(source.succeeded_at for source in await store.read(curation.listed))

            await waiting.until(are_read, every_s=0.1)


async def press_all(session: aiohttp.ClientSession, address: str, requests: list[Request]) -> list[float]:
    """Begin a press every so often, however long the others take; return the seconds each took."""

    async def press(body: str, headers: dict[str, str]) -> float:
        began = time.perf_counter()
        async with session.post(address, data=body, headers=headers) as answer:
            await answer.read()
            assert answer.status == 200
        return time.perf_counter() - began

    gc.collect()
    began = time.perf_counter()
    pressing = []
    for number, request in enumerate(requests):
        await asyncio.sleep(began + number / PRESSES_A_SECOND - time.perf_counter())
        pressing.append(asyncio.create_task(press(*request)))
    return await asyncio.gather(*pressing)


@asynccontextmanager
async def _reading(session: aiohttp.ClientSession, site: str) -> AsyncIterator[None]:
    """Read public pages while the block runs."""

    async def read() -> None:
        number = 0
        while True:
            async with session.get(f"{site}{PAGES[number % len(PAGES)]}") as answer:
                await answer.read()
                assert answer.status == 200
            number += 1
            await asyncio.sleep(1 / PAGES_A_SECOND)

    reading = asyncio.create_task(read())
    try:
        yield
        assert not reading.done(), reading.exception()
    finally:
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading


def p99_of(seconds: list[float]) -> float:
    """Return what all but one of a hundred stay below."""
    return quantiles(seconds, n=100)[98]


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port
