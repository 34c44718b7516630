"""Workers as processes: started in a few milliseconds, watched and killed by their ids."""

import asyncio
import contextlib
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.crash.worker import Order

HOUSE = Path(__file__).parents[2]
PATIENCE_S = 20


class Worker:
    """A process that sends."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._handle: int | None = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended; one that killed itself has."""
        return self._handle is not None and not select.select([self._handle], [], [], 0)[0]

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._send(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to let arrive what is on its way, and to end."""
        self._send(signal.SIGTERM)

    async def ended(self) -> None:
        """Wait until it is gone."""
        async with asyncio.timeout(PATIENCE_S):
            while self.is_running:
                await asyncio.sleep(0.002)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _send(self, wish: signal.Signals) -> None:
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, wish)


class Nursery:
    """The process that workers of one store come from."""

    def __init__(self, address: str, said: Path) -> None:
        self.address = address
        self._said = said.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.worker", address],
            cwd=HOUSE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )

    def start(self, order: Order) -> Worker:
        """Start a worker."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(order.line())
        self._process.stdin.flush()
        return Worker(int(self._process.stdout.readline()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=PATIENCE_S)
        self._said.close()
