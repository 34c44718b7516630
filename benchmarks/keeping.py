"""How much memory the messages take that a sandbox keeps."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import aiohttp

from benchmarks.cards import card
from benchmarks.figures import Figure
from benchmarks.processes import program, resident_mb

WARM_UP: Final = 500
AT_A_TIME: Final = 8
PER: Final = 10_000


async def measure(folder: Path, *, messages: int) -> list[Figure]:
    """Post cards to a sandbox in a process of its own, over the Web API, and see how that process grows."""
    cards = [card(number) for number in range(WARM_UP + messages)]
    async with program("open_sandbox", folder=folder) as (process, line):
        place = json.loads(line)
        # What the first messages take is the libraries' and is not taken again.
        await _post(place["api_url"], place["token"], cards[:WARM_UP])
        before = resident_mb(process.pid)
        await _post(place["api_url"], place["token"], cards[WARM_UP:])
        after = resident_mb(process.pid)
    as_one = len(json.dumps(cards[WARM_UP:], ensure_ascii=False).encode()) / 1e6
    share = PER / messages
    return [
        Figure(
            "sandbox: memory_of_10000_messages",
            (after - before) * share,
            None,
            "lower",
            f"the JSON of the same messages as one string: {as_one * share:.1f} MB",
            unit="MB",
        )
    ]


async def _post(api_url: str, token: str, cards: Iterable[dict[str, Any]]) -> None:
    """Post cards, a few at a time, and see that each was taken."""
    left = iter(cards)

    async def post_share(session: aiohttp.ClientSession) -> None:
        for one in left:
            async with session.post(f"{api_url}chat.postMessage", json=one) as answer:
                said = await answer.json()
            assert said["ok"], said

    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        await asyncio.gather(*(post_share(session) for _ in range(AT_A_TIME)))
