"""The workspace's clock: it can be moved on and made faster, and never goes back."""

import asyncio
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.state.clock import Clock

SECONDS = st.floats(min_value=0, max_value=1e8)
SPEEDS = st.floats(min_value=1e-3, max_value=1e4)
MOVES = st.lists(st.tuples(st.just("advance"), SECONDS) | st.tuples(st.just("speed"), SPEEDS), max_size=20)
Move = tuple[Literal["advance", "speed"], float]
# More than passes while a test runs.
LONG = 1000.0


@given(moves=MOVES)
def test_the_time_never_goes_back(moves: list[Move]) -> None:
    clock = Clock()
    seen = [clock.time()]
    for kind, amount in moves:
        if kind == "advance":
            clock.advance(amount)
        else:
            clock.speed = amount
        seen += [clock.time(), clock.time()]

    assert all(earlier <= later for earlier, later in pairwise(seen))


@given(seconds=SECONDS)
def test_a_clock_moved_on_is_ahead_by_so_much(seconds: float) -> None:
    clock = Clock()
    before = clock.time()
    clock.advance(seconds)

    assert seconds <= clock.time() - before + 1e-6 < seconds + LONG


@settings(max_examples=30)
@given(steps=st.lists(st.floats(min_value=0, max_value=5 * LONG), max_size=8))
async def test_who_sleeps_wakes_when_the_moment_has_come(steps: list[float]) -> None:
    clock = Clock()
    sleeping = asyncio.create_task(clock.sleep(10 * LONG))
    await asyncio.sleep(0)
    for step in steps:
        clock.advance(step)
    for _ in range(5):
        await asyncio.sleep(0)
    left = 10 * LONG - sum(steps)

    if left > LONG:
        assert not sleeping.done()
    clock.advance(max(left, 0))
    await asyncio.wait_for(sleeping, LONG)


async def test_who_sleeps_until_a_moment_that_is_over_is_awake() -> None:
    clock = Clock()

    await clock.sleep_until(clock.time() - 1)


async def test_a_faster_clock_wakes_those_who_sleep_already() -> None:
    clock = Clock()
    sleeping = asyncio.create_task(clock.sleep(LONG))
    await asyncio.sleep(0)
    clock.speed = 1e6

    await asyncio.wait_for(sleeping, LONG)


async def wait_in_vain(clock: Clock, seconds: float, *moves: float) -> None:
    """Wait for something that never comes, with a deadline, while the clock is moved on."""
    async with clock.timeout(seconds):
        for move in moves:
            clock.advance(move)
        await asyncio.Event().wait()


async def test_a_deadline_passes_when_the_clock_is_moved_past_it() -> None:
    with pytest.raises(TimeoutError):
        await wait_in_vain(Clock(), LONG, LONG)


async def test_a_deadline_comes_nearer_with_each_move() -> None:
    with pytest.raises(TimeoutError):
        await wait_in_vain(Clock(), 2 * LONG, LONG, LONG)


async def test_a_deadline_holds_until_the_clock_is_moved_past_it() -> None:
    clock = Clock()
    async with clock.timeout(2 * LONG):
        clock.advance(LONG)
        await asyncio.sleep(0)


async def test_a_faster_clock_leaves_as_much_real_time_until_a_deadline() -> None:
    clock = Clock()
    clock.speed = 1e6
    async with clock.timeout(LONG):
        await clock.sleep(LONG)


async def moved_at_the_last_moment(clock: Clock) -> None:
    async with clock.timeout(LONG):
        clock.advance(LONG)
        try:
            await asyncio.Event().wait()
        finally:
            clock.advance(LONG)


async def test_the_clock_can_be_moved_while_a_deadline_is_passing() -> None:
    with pytest.raises(TimeoutError):
        await moved_at_the_last_moment(Clock())


@pytest.mark.parametrize("speed", [0, -1])
def test_a_clock_neither_stands_still_nor_runs_back(speed: float) -> None:
    with pytest.raises(ValueError, match="forward"):
        Clock().speed = speed


def test_a_clock_is_not_moved_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        Clock().advance(-1)
