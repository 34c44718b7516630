"""Keeping the newest of too many."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.sources.limits import MAX_ENTRIES

T = TypeVar("T")


def newest(entries: Sequence[T], published_at: Callable[[T], datetime | None]) -> tuple[T, ...]:
    """Return at most 500 of the entries in their order: those without a date come first, then the newest."""
    if len(entries) <= MAX_ENTRIES:
        return tuple(entries)
    moments = [published_at(entry) for entry in entries]
    ages = [float("-inf") if moment is None else -moment.timestamp() for moment in moments]
    kept = sorted(range(len(entries)), key=ages.__getitem__)[:MAX_ENTRIES]
    return tuple(entries[number] for number in sorted(kept))
