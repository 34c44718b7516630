"""What taking a batch of messages and noting that they were sent costs the store, and how that grows.

Both engines hold 1,000 waiting messages, and 100,000, once for 50 channels and once each for a person of
its own. A batch is what Outbound does for 50 messages: `take` in a transaction, `record` in another; no
rendering, nothing is paced and nothing folded. Few and many are measured in turns; the figure is the median
of the rounds' ratios. PostgreSQL is a server of the benchmark's own, without flushing to disk; both engines
know how many rows they have (ANALYZE).
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import waiting
from benchmarks.figures import Figure
from bot import pace, sending
from handlers.run import utc_now
from storage.store import Store
from tests import postgresql

ENDLESS: Final = {pace.POST: 1e9, pace.EDIT: 1e9}
BATCH: Final = 50
WARM_UP: Final = 2


async def measure(folder: Path, *, few: int, many: int, rounds: int) -> list[Figure]:
    """Take and record `rounds` batches of each store."""
    figures: list[Figure] = []
    with _server(folder) as server:
        for engine in ("sqlite", "postgresql"):
            for shape, targets in (("50_targets", BATCH), ("own_targets", 0)):
                with ExitStack() as open_now:
                    stores = [
                        open_now.enter_context(
                            waiting.opened(_address(folder, server, engine, f"{shape}_{count}"))
                        )
                        for count in (few, many)
                    ]
                    for store, count in zip(stores, (few, many), strict=True):
                        await store.run(waiting.fill, count=count, targets=targets or count, now=utc_now())
                        waiting.ready(store)
                    figures += await _measured(stores, engine, shape, few=few, many=many, rounds=rounds)
    return figures


async def _measured(
    stores: list[Store], engine: str, shape: str, *, few: int, many: int, rounds: int
) -> list[Figure]:
    took: list[list[float]] = [[], []]
    for number in range(WARM_UP + rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            seconds = await _batch(stores[which])
            if number >= WARM_UP:
                took[which].append(seconds)
    ratios = [many_s / few_s for few_s, many_s in zip(*took, strict=True)]
    return [
        Figure.of_rounds(
            f"deliveries: growth_{engine}_{shape}",
            ratios,
            goal=1.5,
            baseline=f"a batch of {BATCH} of {many} waiting messages beside one of {few}: "
            f"{median(took[0]) * 1000:.1f} ms",
        ),
        Figure.of_rounds(
            f"deliveries: claims_per_second_{engine}_{shape}",
            [BATCH / seconds for seconds in took[1]],
            goal=None,
            better="higher",
            baseline=f"taken and recorded in batches of {BATCH}, of {many}",
            unit="/s",
        ),
    ]


async def _batch(store: Store) -> float:
    """Take a batch and note that it was sent; return the seconds both took."""
    began = time.perf_counter()
    rows = await store.claim(sending.take, now=utc_now(), slots=BATCH, start=ENDLESS)
    assert len(rows) == BATCH
    now = utc_now()
    results = [
        (
            sending.sent,
            row.id or 0,
            {"channel_id": "C0ALLE", "ts": f"{row.id}.0", "now": now, "began_at": now, "gap": timedelta()},
        )
        for row in rows
    ]
    await store.claim(sending.record, results)
    return time.perf_counter() - began


def _address(folder: Path, server: postgresql.Server, engine: str, name: str) -> str:
    return server.create(name) if engine == "postgresql" else f"sqlite:///{folder / name}.sqlite"


@contextmanager
def _server(folder: Path) -> Iterator[postgresql.Server]:
    # Whoever runs PostgreSQL passes through on the way to its own folder.
    folder.chmod(0o711)
    server = postgresql.Server(folder / "postgresql", postgresql.installed())
    server.start()
    try:
        yield server
    finally:
        server.stop()
