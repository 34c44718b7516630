"""A store that takes its time, and the event loop's clock, to see who has patience that long."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from bot import delivery
from handlers.clock import ask_departments, note_due
from storage.store import Store

T = TypeVar("T")
# Later than the assistant's patience and earlier than Slack's.
LATE_S = 2.6
# While someone's patience is tried next to no time passes by itself: a busy machine changes nothing.
CREEP = 0.001
OF_THE_CLOCK = (note_due, ask_departments, delivery.forget_inbound)


class LoopClock:
    """The clock of the running event loop, which a test may slow down and move on."""

    def __init__(self) -> None:
        self._real = asyncio.get_running_loop().time
        self._from = self._to = self._real()
        self._speed = 1.0

    def __call__(self) -> float:
        return self._to + (self._real() - self._from) * self._speed

    def forward(self, seconds: float) -> None:
        self._set(self() + seconds, self._speed)

    @contextmanager
    def creeping(self) -> Iterator[None]:
        self._set(self(), CREEP)
        try:
            yield
        finally:
            self._set(self(), 1.0)

    def _set(self, moment: float, speed: float) -> None:
        self._from, self._to, self._speed = self._real(), moment, speed


class Gate:
    """Where deeds (and questions, on request) wait before they reach the store, but for the clock's own jobs.

    Attributes:
        waited: what has come here since the gate was closed.
    """

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waited: list[Callable[..., Any]] = []
        self.clock = LoopClock()
        self._reads = False
        self._opened, self._reached = asyncio.Event(), asyncio.Event()
        self._opened.set()
        monkeypatch.setattr(asyncio.get_running_loop(), "time", self.clock)
        monkeypatch.setattr(store, "run", self._before(store.run, is_read=False))
        monkeypatch.setattr(store, "read", self._before(store.read, is_read=True))

    @property
    def is_closed(self) -> bool:
        return not self._opened.is_set()

    def close(self, *, reads: bool = False) -> None:
        """Let everything wait from now on."""
        self._reads, self.waited = reads, []
        self._reached.clear()
        self._opened.clear()

    def open(self) -> None:
        """Let everything go on."""
        self._opened.set()

    async def reached(self) -> None:
        """Wait until something waits."""
        await self._reached.wait()

    async def outlast(self, doing: Coroutine[Any, Any, T], *, reads: bool = False) -> T:
        """Let someone do something, move on the clock when it waits, and return what they are told."""
        self.close(reads=reads)
        with self.clock.creeping():
            told = asyncio.create_task(doing)
            await self.reached()
            self.clock.forward(LATE_S)
            return await told

    def _before(self, real: Callable[..., Awaitable[Any]], *, is_read: bool) -> Callable[..., Awaitable[Any]]:
        async def run(deed: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            if self.is_closed and deed not in OF_THE_CLOCK and (self._reads or not is_read):
                self.waited.append(deed)
                self._reached.set()
                await self._opened.wait()
            return await real(deed, *args, **kwargs)

        return run
