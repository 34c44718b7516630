"""How many envelopes a second go through the sandbox's Socket Mode, and through a bare websocket."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

import aiohttp

from benchmarks.bare_socket import BareSocket, recorded
from benchmarks.cards import BUTTONS, CHANNEL, PRESS, READER, card, seed
from benchmarks.figures import Figure
from benchmarks.processes import program
from sandbox import Sandbox

# So many wait for their acknowledgement at a time, on either side.
IN_FLIGHT: Final = 10
# A round without end is a lost envelope; nothing else in it takes so long.
ROUND_WITHIN_S: Final = 60
Send = Callable[[], Coroutine[Any, Any, None]]


async def measure(folder: Path, *, rounds: int, envelopes: int) -> list[Figure]:
    """Let the empty app answer `envelopes` presses a round, from either side in turns."""
    ours: list[float] = []
    bare: list[float] = []
    async with _contest(folder) as (sandbox, socket):
        sides = ((sandbox, ours), (socket, bare))
        for send, _ in sides:
            await _per_second(send, envelopes)
        for number in range(rounds):
            # What comes first changes, so that neither profits from what the machine does meanwhile.
            for send, rates in sides if number % 2 else reversed(sides):
                rates.append(await _per_second(send, envelopes))
    return [
        Figure.of_rounds(
            "sandbox: envelopes_ratio",
            [one / other for one, other in zip(ours, bare, strict=True)],
            goal=0.5,
            better="higher",
            baseline=f"the same app behind a bare websocket: {median(bare):.0f} a second",
        ),
        Figure.of_rounds(
            "sandbox: envelopes_per_second",
            ours,
            goal=None,
            better="higher",
            baseline=f"presses of a card's button, {IN_FLIGHT} in flight, to an empty Bolt app",
            unit="/s",
        ),
        Figure.of_rounds(
            "sandbox: envelopes_per_second_bare",
            bare,
            goal=None,
            better="higher",
            baseline="the same envelope from a bare websocket, to the same app",
            unit="/s",
        ),
    ]


async def _per_second(send: Send, count: int) -> float:
    """Send envelopes, `IN_FLIGHT` at a time, until `count` are acknowledged; return how many a second."""
    left = iter(range(count))

    async def send_share() -> None:
        for _ in left:
            await send()

    gc.collect()
    async with asyncio.timeout(ROUND_WITHIN_S):
        began = time.perf_counter()
        await asyncio.gather(*(send_share() for _ in range(IN_FLIGHT)))
        return count / (time.perf_counter() - began)


@asynccontextmanager
async def _contest(folder: Path) -> AsyncIterator[tuple[Send, Send]]:
    """Connect an app in a process of its own to either side; yield what makes each send one envelope."""
    async with AsyncExitStack() as open_now:
        sandbox = await Sandbox.start(seed())
        open_now.push_async_callback(sandbox.stop)
        press = await _press(sandbox)
        bare = BareSocket(await recorded(sandbox, press()))
        api_url = await open_now.enter_async_context(bare.opened())
        tokens = (sandbox.bot_token, sandbox.app_token)
        for address in (sandbox.api_url, api_url):
            await open_now.enter_async_context(program("empty_app", address, *tokens, folder=folder))
        await sandbox.sockets.connected()
        await bare.connected.wait()
        yield press, bare.send


async def _press(sandbox: Sandbox) -> Send:
    """Post a card as the app, and return what presses its first button and sees to the acknowledgement."""
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{sandbox.api_url}chat.postMessage", json=card(1)) as answer,
    ):
        said = await answer.json()
    message = sandbox.workspace.find(CHANNEL, said["ts"])
    assert message is not None

    async def press() -> None:
        outcome = await sandbox.interactions.click(READER.id, message, BUTTONS, PRESS)
        assert outcome.ok, outcome.failure

    return press
