"""Python processes that are measured from outside."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

STOPS_WITHIN_S = 15


@asynccontextmanager
async def python(*arguments: str, folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run a fresh Python while the block runs, then ask it to end.

    Args:
        arguments: what follows `python`.
        folder: where it works; what it writes to standard error is kept there.
        settings: the only variables of Stadtfunk's that it sees.
    """
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("STADTFUNK_", "SLACK_"))
    }
    with (folder / "output.txt").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=folder,
            env={**inherited, **settings},
            stdin=PIPE,
            stdout=PIPE,
            stderr=output,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(STOPS_WITHIN_S):
                await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()


def resident_mb(pid: int) -> float:
    """Return the memory a process and its children hold now, in MB of 1,000,000 bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(own.split()[1]) * 1024 / 1e6 + sum(resident_mb(int(child)) for child in children)
