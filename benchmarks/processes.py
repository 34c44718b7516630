"""Python processes that are measured from outside."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import mkdtemp

STARTS_WITHIN_S = 30
STOPS_WITHIN_S = 15
ROOT = Path(__file__).parent.parent


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


@asynccontextmanager
async def program(name: str, *arguments: str, folder: Path) -> AsyncIterator[tuple[Process, str]]:
    """Run one of `benchmarks.programs` while the block runs; yield it and its first line when that is there.

    Args:
        name: the module's.
        arguments: what it is started with.
        folder: where each gets a folder of its own. All that get the same one share the bytecode they have
            compiled, whether or not Python may keep it elsewhere: only the first start has to compile.

    Raises:
        RuntimeError: it ended, or printed nothing for too long.
    """
    settings = {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    yard = Path(mkdtemp(prefix=name, dir=folder))
    async with python(
        "-m", f"benchmarks.programs.{name}", *arguments, folder=yard, settings=settings
    ) as process:
        assert process.stdout is not None
        try:
            async with asyncio.timeout(STARTS_WITHIN_S):
                line = await process.stdout.readline()
        except TimeoutError:
            line = b""
        if not line:
            raise RuntimeError(f"{name} did not start:\n{(yard / 'output.txt').read_text()}")
        yield process, line.decode()
