"""`python bot.py …` as a process of its own, as people start it and machines end it."""

import asyncio
import itertools
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

BOT = Path(__file__).parents[2] / "bot.py"
PATIENCE_S = 30
COUNTER = itertools.count(1)


class Program:
    """A running command; what it says goes into a file of its folder."""

    def __init__(self, process: Process, said: Path) -> None:
        self._process = process
        self._said = said

    @classmethod
    async def start(cls, *arguments: str, folder: Path, settings: Mapping[str, str]) -> Self:
        """Start a command with these settings and no others, in a folder without settings files."""
        said = folder / f"{arguments[0]}-{next(COUNTER)}.txt"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("STADTFUNK_")}
        given = {f"STADTFUNK_{name}": value for name, value in settings.items()}
        with said.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, str(BOT), *arguments),
                cwd=folder,
                env=clean | given,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
            )
        return cls(process, said)

    @property
    def said(self) -> str:
        """Everything it has printed so far."""
        return self._said.read_text(encoding="utf-8")

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    async def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def interrupt(self) -> int:
        """Press Ctrl-C and return its exit status."""
        self._process.send_signal(signal.SIGINT)
        return await self.end()

    async def end(self) -> int:
        """Wait until it ends by itself and return its exit status."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._process.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing running, and say what it said when the test fails."""
        if self.is_running:
            await self.kill()
        if error is not None:
            error.add_note(self.said)


async def eventually(is_so: Callable[[], bool], *, while_running: Program | None = None) -> None:
    """Wait until something is so that is seen from outside only."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            assert while_running is None or while_running.is_running, while_running.said
            await asyncio.sleep(0.02)
