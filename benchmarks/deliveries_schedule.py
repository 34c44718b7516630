"""How near to the best possible schedule messages leave under Slack's limits.

The sandbox, in a process of its own, holds us to its pace: a message a second in each channel, 300 a minute
in all, else 429. Its clock runs faster, and our gap and pace are scaled alike, so that minutes pass in
seconds; everything else takes the time it takes. All moments are the sandbox's: the messages' own
timestamps.

The best schedule is that of someone who knows the limits and takes no time: so many at once as the pace
allows after a quiet while (ten), then evenly 300 a minute; in each channel one a second. Its last message
leaves after `(messages - 10) / 5` seconds, or `messages a channel - 1`, whichever is later. Told as well:
how far it is to someone who knows that the sandbox takes a whole minute's 300 at once after a quiet minute;
Slack promises that to nobody.

The urgent message is noted by the newsroom's own transaction while the flood is under way; its time is real
seconds, and the flood around it is as many times faster as the clock.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import aiohttp
from pydantic import SecretStr
from sqlmodel import Session

from benchmarks import waiting
from benchmarks.figures import Figure
from benchmarks.processes import program
from benchmarks.workspace import COMMS
from bot import delivery, pace, sending
from bot.delivery import DeliveryState, Rank
from bot.settings import Settings
from handlers.chat.app import make_client
from handlers.chat.outbound import Outbound
from handlers.run import utc_now
from storage.pace import Pace
from storage.store import Store

AT_ONCE: Final = pace.BURST
A_SECOND: Final = pace.START[pace.POST] / 60
SANDBOX_AT_ONCE: Final = 300
LOOK_EVERY_S: Final = 0.05
WITHIN_S: Final = 60
RATE_LIMITED: Final = 429
URGENT: Final = "urgent"


@dataclass(frozen=True)
class Flood:
    """Messages that wait: their number, to how many channels or people, and how fast time passes."""

    name: str
    messages: int
    targets: int
    prefix: str
    speed: float

    def best(self, *, at_once: float = AT_ONCE) -> float:
        """Return after how many seconds the last message leaves in the best schedule."""
        in_a_channel = self.messages / self.targets - 1
        return max(0.0, (self.messages - at_once) / A_SECOND, in_a_channel)


@dataclass
class Outcome:
    """What became of a flood, in the sandbox's seconds; `urgent` is in real ones."""

    makespan: float = 0.0
    urgent: float = 0.0
    statuses: list[int] = field(default_factory=list)


async def measure(folder: Path, *, floods: Sequence[Flood]) -> list[Figure]:
    """Let each flood run off; something urgent comes in the middle of the last one."""
    outcomes = [
        await _run(folder, flood, is_disturbed=flood is floods[-1], number=number)
        for number, flood in enumerate(floods)
    ]
    statuses = [status for outcome in outcomes for status in outcome.statuses]
    return [
        *(_makespan(flood, outcome) for flood, outcome in zip(floods, outcomes, strict=True)),
        Figure(
            "deliveries: makespan_to_sandbox_bucket",
            outcomes[-1].makespan / max(1.0, floods[-1].best(at_once=SANDBOX_AT_ONCE)),
            None,
            "lower",
            f"{floods[-1].name}, by someone who sends {SANDBOX_AT_ONCE} at once and then 300 a minute",
        ),
        Figure(
            "deliveries: share_of_429",
            100 * statuses.count(RATE_LIMITED) / len(statuses),
            0.1,
            "lower",
            f"{len(statuses)} calls in all",
            unit="%",
        ),
        Figure(
            "deliveries: urgent_in_flood",
            outcomes[-1].urgent,
            2,
            "lower",
            f"real seconds to its channel, in a flood of {A_SECOND * floods[-1].speed:.0f} a second",
            unit="s",
        ),
    ]


def _makespan(flood: Flood, outcome: Outcome) -> Figure:
    return Figure(
        f"deliveries: makespan_{flood.name}",
        outcome.makespan / flood.best(),
        1.05,
        "lower",
        f"the best schedule at 300 a minute and one a second a channel: {flood.best():.0f} s",
    )


async def _run(folder: Path, flood: Flood, *, is_disturbed: bool, number: int) -> Outcome:
    outcome = Outcome()
    async with _sandbox(folder, flood) as place, _session(outcome) as session:
        settings = Settings(
            slack_api_url=place["api_url"], slack_bot_token=SecretStr(place["bot_token"]), comms_channel=COMMS
        )
        with waiting.opened(f"sqlite:///{folder / f'flood{number}.sqlite'}") as store:
            await store.run(
                waiting.fill,
                count=flood.messages,
                targets=flood.targets,
                now=utc_now(),
                prefix=flood.prefix,
                about=waiting.pitch_received,
            )
            waiting.ready(store)
            began = time.time()
            await store.run(_count_from_now, flood.speed)
            await _send(store, settings, session, flood, outcome, is_disturbed=is_disturbed)
            rows = store.ask(delivery.listed, state=DeliveryState.SENT, limit=flood.messages + 1)
        there = place["there"] + (began - place["here"]) * flood.speed
        floods = [float(row.ts or 0) for row in rows if row.key != URGENT]
        assert len(floods) == flood.messages
        outcome.makespan = max(floods) - there
    return outcome


async def _send(
    store: Store,
    settings: Settings,
    session: aiohttp.ClientSession,
    flood: Flood,
    outcome: Outcome,
    *,
    is_disturbed: bool,
) -> None:
    """Send until nothing waits; note something urgent on the way."""
    paces = {method: per_minute * flood.speed for method, per_minute in pace.START.items()}
    gap = sending.GAP / flood.speed
    outbound = Outbound(store, make_client(settings, session), settings, clock=utc_now, gap=gap, paces=paces)
    running = asyncio.create_task(outbound.run())
    async with asyncio.timeout(WITHIN_S):
        if is_disturbed:
            await asyncio.sleep(flood.best() / flood.speed / 2)
            outcome.urgent = await _urgent(store)

        async def is_empty() -> bool:
            return (await store.read(delivery.counted)).keys() == {DeliveryState.SENT}

        await waiting.until(is_empty, every_s=LOOK_EVERY_S)
    outbound.stop()
    await running


async def _urgent(store: Store) -> float:
    began = utc_now()
    row = await store.run(
        delivery.note, "pitch_received", 1, to=COMMS, now=began, key=URGENT, rank=Rank.URGENT
    )
    sent_at: list[datetime] = []

    async def is_sent() -> bool:
        sent_at.extend(await store.read(_sent_at, row.id or 0))
        return bool(sent_at)

    await waiting.until(is_sent, every_s=0.01)
    return (sent_at[0] - began).total_seconds()


def _sent_at(session: Session, delivery_id: int) -> list[datetime]:
    row = session.get(delivery.Delivery, delivery_id)
    return [row.sent_at] if row and row.sent_at else []


def _count_from_now(session: Session, speed: float) -> None:
    """Begin with what the pace allows at once; scaled like the pace, that would be a flood of its own."""
    now = utc_now()
    per_minute = pace.START[pace.POST] * speed
    session.add(Pace(method=pace.POST, per_minute=per_minute, tokens=AT_ONCE, counted_at=now, changed_at=now))


@asynccontextmanager
async def _sandbox(folder: Path, flood: Flood) -> AsyncIterator[dict[str, Any]]:
    arguments = (str(flood.targets), str(flood.speed), "paced")
    async with program("open_paced", *arguments, folder=folder) as (_process, line):
        yield json.loads(line)


@asynccontextmanager
async def _session(outcome: Outcome) -> AsyncIterator[aiohttp.ClientSession]:
    async def note(
        _session: aiohttp.ClientSession, _context: object, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        outcome.statuses.append(ended.response.status)

    tracing = aiohttp.TraceConfig()
    tracing.on_request_end.append(note)
    async with aiohttp.ClientSession(trace_configs=[tracing]) as session:
        yield session
