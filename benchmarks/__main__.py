"""The command line: `python -m benchmarks [NAME] [--json]`."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from benchmarks import clicks, deliveries, pitches, sandbox, sources, start
from benchmarks.figures import Figure, as_line, as_table

BENCHMARKS: Final[dict[str, Callable[[], Coroutine[Any, Any, list[Figure]]]]] = {
    "start": start.measure,
    "clicks": clicks.measure,
    "sandbox": sandbox.measure,
    "deliveries": deliveries.measure,
    "sources": sources.measure,
    "pitches": pitches.measure,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one benchmark, or all of them one after the other, and print what they found.

    A missed goal is marked and is no failure; a name that does not exist ends with exit status 2.
    """
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure speed against the named baselines."
    )
    parser.add_argument("name", nargs="?", choices=BENCHMARKS, help="one of them; without it all of them")
    parser.add_argument("--json", action="store_true", help="print one line of JSON a figure")
    asked = parser.parse_args(arguments)
    figures: list[Figure] = []
    for name in [asked.name] if asked.name else BENCHMARKS:
        print(f"measuring {name} …", file=sys.stderr)
        found = asyncio.run(BENCHMARKS[name]())
        figures += found
        if asked.json:
            print(*map(as_line, found), sep="\n", flush=True)
    if not asked.json:
        print(as_table(figures))


if __name__ == "__main__":
    main()
