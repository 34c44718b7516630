"""What sending costs, how near it comes to the best schedule, and whether people notice it.

Four parts, told exactly in the files they are in: `deliveries_schedule` (Slack's limits), `deliveries_load`
(acknowledgements meanwhile), `deliveries_cost` (processor time a message), `deliveries_store` (taking and
recording, and how that grows).
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import deliveries_cost, deliveries_load, deliveries_schedule, deliveries_store
from benchmarks.deliveries_schedule import Flood
from benchmarks.figures import Figure

FLOODS: Final = (
    Flood("50x1", messages=50, targets=50, prefix="C0", speed=8),
    Flood("50x10", messages=500, targets=50, prefix="C0", speed=40),
    Flood("2000", messages=2_000, targets=2_000, prefix="U0", speed=50),
)


async def measure(
    *,
    floods: Sequence[Flood] = FLOODS,
    press_for_s: float = 4,
    background: int = 500,
    rounds: int = 2,
    messages: int = 3_000,
    few: int = 1_000,
    many: int = 100_000,
    batches: int = 6,
) -> list[Figure]:
    """Measure all four, one after the other.

    Args:
        floods: what is sent under Slack's limits.
        press_for_s: how long people press.
        background: messages that are sent meanwhile.
        rounds: how often either side sends its messages.
        messages: how many those are.
        few: waiting messages of the small store.
        many: those of the large one.
        batches: how many are taken from each.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            *await deliveries_schedule.measure(folder, floods=floods),
            *await deliveries_load.measure(folder, seconds=press_for_s, messages=background),
            *await deliveries_cost.measure(folder, rounds=rounds, messages=messages),
            *await deliveries_store.measure(folder, few=few, many=many, rounds=batches),
        ]
