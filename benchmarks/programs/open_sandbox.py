"""A program: a sandbox that has answered its first `auth.test` and stays open."""

import asyncio
import time

from benchmarks.cards import seed
from benchmarks.programs.asking import ask_and_stay
from sandbox import Sandbox


async def main() -> None:
    """Open it without Slack's pace, say how long that took, and stay."""
    began = time.perf_counter()
    sandbox = await Sandbox.start(seed(), pace=False)
    await ask_and_stay(began, sandbox.api_url, sandbox.bot_token)


if __name__ == "__main__":
    asyncio.run(main())
