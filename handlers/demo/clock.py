"""The demo's own time of day: the real one, moved on as far as people asked for."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from storage.lanes import Lane
from storage.store import Store

# Beside the store, in the demo's folder.
CLOCK_FILE: Final = "clock.txt"


class DemoClock:
    """Real time and how far the demo is ahead of it; kept in a file, so a restart does not turn it back."""

    def __init__(self, file: Path, real: Callable[[], datetime]) -> None:
        """Go on where the file says; without one it is the real time."""
        self._file, self._real = file, real
        self._followers: list[tuple[Callable[[float], None], Callable[[], Awaitable[None]]]] = []
        self.ahead = _kept(file)

    def __call__(self) -> datetime:
        """Return this moment in the demo."""
        return self._real() + self.ahead

    def follow(self, advance: Callable[[float], None], settled: Callable[[], Awaitable[None]]) -> None:
        """Move another clock on: from the machine's time to where this one is, and whenever it is moved.

        Args:
            advance: takes seconds.
            settled: waits until what goes by the other clock has coped with it.
        """
        advance(max(0.0, (self() - datetime.now(UTC)).total_seconds()))
        self._followers.append((advance, settled))

    async def advance(self, by: timedelta, store: Store) -> None:
        """Move on, and with the clock the leases of what is on its way: nobody is to send it once more."""
        ahead = self.ahead + by
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead.total_seconds()}\n", encoding="ascii")
        new.replace(self._file)
        self.ahead = ahead
        for advance, _ in self._followers:
            advance(by.total_seconds())
        # Nothing waits between moving the clock and this: whoever asked for the time before has taken its
        # lane before, and whoever asks later finds the lease as long as it was.
        await store.run(_prolong, by)
        for _, settled in self._followers:
            await settled()


def _prolong(session: Session, by: timedelta) -> None:
    for lane in session.exec(select(Lane).where(col(Lane.is_held).is_(True))):
        if lane.ready_at:
            lane.ready_at += by


def _kept(file: Path) -> timedelta:
    try:
        return timedelta(seconds=max(0.0, float(file.read_text(encoding="ascii"))))
    except (OSError, ValueError, OverflowError):
        return timedelta()
