"""What one click costs: the time until its acknowledgement, and the processor time of all listeners."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import aiohttp
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from benchmarks.figures import Figure
from benchmarks.pressing import Cost, Request, bare_app, fill, payload, press, signed
from benchmarks.workspace import COMMS, seed
from bot.settings import Settings
from handlers.chat.app import make_app, make_client
from handlers.opening import open_store
from handlers.run import utc_now
from sandbox import Sandbox
from storage import pitches

ROUNDS = 12
PRESSES = 50
WARM_UP = 20


@dataclass(frozen=True)
class Contest:
    """The assistant and the two bare apps it is compared with, on one store, and the presses for them."""

    ours: AsyncApp
    bare: AsyncApp
    waiting: AsyncApp
    requests: list[Request]


@dataclass(frozen=True)
class Round:
    """What each press of a round took, by app."""

    ours: list[Cost] = field(default_factory=list)
    bare: list[Cost] = field(default_factory=list)
    waiting: list[Cost] = field(default_factory=list)


async def measure(*, rounds: int = ROUNDS, presses: int = PRESSES) -> list[Figure]:
    """Press `Annehmen` on pitches in an SQLite store: in the assistant and in bare Bolt apps, in turns."""
    with TemporaryDirectory() as folder:
        async with _contest(Path(folder), count=WARM_UP * 3 + rounds * presses * 3) as contest:
            requests = iter(contest.requests)
            await _round(contest, list(islice(requests, WARM_UP * 3)))
            found = [await _round(contest, list(islice(requests, presses * 3))) for _ in range(rounds)]
    p50s = [median(cost.latency_ms for cost in one.ours) for one in found]
    waiting_ms = median(cost.latency_ms for one in found for cost in one.waiting)
    bare_ms = median(cost.cpu_ms for one in found for cost in one.bare)
    return [
        Figure(
            "clicks: one click alone until its acknowledgement, p50",
            median(p50s),
            3,
            "lower",
            f"a bare Bolt app that looks for its acknowledgement every 10 ms: {waiting_ms:.1f} ms",
            unit="ms",
            spread=(min(p50s), max(p50s)),
        ),
        Figure.of_rounds(
            "clicks: processor time of a signed click, all listeners",
            [sum(cost.cpu_ms for cost in one.ours) / sum(cost.cpu_ms for cost in one.bare) for one in found],
            goal=1.5,
            baseline=f"a Bolt app with one listener and the same transaction: {bare_ms:.2f} ms",
        ),
    ]


async def _round(contest: Contest, requests: list[Request]) -> Round:
    """Give every app a third of the presses: the waiting one first, the two others in turns.

    It does not take its turns among them, because after each of its pauses the next press is a slow one.
    """
    gc.collect()
    result = Round()
    share = len(requests) // 3
    for request in requests[:share]:
        result.waiting.append(await press(contest.waiting, request))
    ours, bare = (contest.ours, result.ours), (contest.bare, result.bare)
    for (app, costs), request in zip(cycle((ours, bare, bare, ours)), requests[share:], strict=False):
        costs.append(await press(app, request))
    return result


@asynccontextmanager
async def _contest(folder: Path, *, count: int) -> AsyncIterator[Contest]:
    """Prepare apps and presses, and see at the end that each press accepted its pitch."""
    sandbox = await Sandbox.start(seed())
    secret = sandbox.signing_secret
    settings = Settings(
        database_url=f"sqlite:///{folder / 'store.sqlite'}",
        slack_api_url=sandbox.api_url,
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_signing_secret=SecretStr(secret),
        comms_channel=COMMS,
    )
    store = open_store(settings, migrate=True)
    try:
        async with aiohttp.ClientSession() as session:
            client = make_client(settings, session)
            editor = await store.run(fill, count=count)
            yield Contest(
                make_app(store, settings, client, clock=utc_now),
                bare_app(store, client, secret, editor, process_before_response=True),
                bare_app(store, client, secret, editor, process_before_response=False),
                list(signed(await payload(sandbox, store, client), secret, count=count)),
            )
        left = await store.read(pitches.undecided, limit=1)
        assert not left, "a press was acknowledged and accepted nothing"
    finally:
        store.close()
        await sandbox.stop()
