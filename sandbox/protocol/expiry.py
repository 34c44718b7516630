"""Forgetting what was given out long ago."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def forget_old(given: dict[str, T], is_old: Callable[[T], bool]) -> None:
    """Drop the old from what was given out, which is in the order of giving; the rest is not looked at."""
    while given and is_old(next(iter(given.values()))):
        del given[next(iter(given))]
