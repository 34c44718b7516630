"""How long a sandbox takes to its first answer."""

import json
import time
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from benchmarks.processes import program

SANDBOX = "open_sandbox"
SITE = "open_site"


async def measure(folder: Path, *, rounds: int) -> list[Figure]:
    """Start a sandbox and a bare site in turns, each in a fresh process, and ask each for `auth.test`."""
    alone: dict[str, list[float]] = {SANDBOX: [], SITE: []}
    whole: dict[str, list[float]] = {SANDBOX: [], SITE: []}
    # The first round finds nothing in the machine's caches and does not count.
    for number in range(rounds + 1):
        for name in (SANDBOX, SITE) if number % 2 else (SITE, SANDBOX):
            began = time.perf_counter()
            async with program(name, folder=folder) as (_, line):
                took_ms = (time.perf_counter() - began) * 1000
            if number:
                alone[name].append(json.loads(line)["took_ms"])
                whole[name].append(took_ms)
    return [
        *_figures("start", "until the first answer", alone, goal_ms=500),
        *_figures(
            "start_with_imports", "from the start of Python until the first answer", whole, goal_ms=None
        ),
    ]


def _figures(
    name: str, what: str, took_ms: dict[str, list[float]], *, goal_ms: float | None
) -> tuple[Figure, Figure]:
    """Return how long the sandbox took, and how many times as long as the bare site."""
    baseline = f"a bare aiohttp site with one route, {what}: {median(took_ms[SITE]):.0f} ms"
    ratios = [ours / bare for ours, bare in zip(took_ms[SANDBOX], took_ms[SITE], strict=True)]
    return (
        Figure.of_rounds(f"sandbox: {name}_ms", took_ms[SANDBOX], goal=goal_ms, baseline=baseline, unit="ms"),
        Figure.of_rounds(f"sandbox: {name}_ratio", ratios, goal=None, baseline=baseline),
    )
