"""Workers are killed at any moment: each message is in its channel once, with its last words."""

import asyncio

from hypothesis import HealthCheck, Phase, given, settings

from tests.crash.plans import Round, plans
from tests.crash.processes import Nursery
from tests.crash.town import a_town, check

# Without shrinking, which would take minutes: the plan that went wrong is printed as it was.
some = settings(
    max_examples=14,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


async def live(nursery: Nursery, plan: list[Round], *, workers: int) -> None:
    """Let a town live through some rounds of deeds, faults and deaths, and compare what it says at the end."""
    async with a_town(nursery) as town:
        for one in plan:
            await town.live_through(one, workers=workers)
        await town.finish(workers=workers)
        check(town)


@given(plan=plans)
@some
def test_a_killed_worker_on_sqlite_loses_and_doubles_nothing(on_sqlite: Nursery, plan: list[Round]):
    asyncio.run(live(on_sqlite, plan, workers=1))


@given(plan=plans)
@some
def test_a_killed_worker_on_postgresql_loses_and_doubles_nothing(on_postgresql: Nursery, plan: list[Round]):
    asyncio.run(live(on_postgresql, plan, workers=1))


@given(plan=plans)
@some
def test_three_workers_of_which_some_are_killed_lose_and_double_nothing(
    on_postgresql: Nursery, plan: list[Round]
):
    asyncio.run(live(on_postgresql, plan, workers=3))
