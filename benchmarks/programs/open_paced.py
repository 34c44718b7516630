"""A program: a sandbox with many people and channels, whose clock may run faster; it stays open."""

import asyncio
import json
import sys
import time

from benchmarks.workspace import COMMS, EDITOR
from handlers.chat.manifest import manifest
from sandbox import BOT_USER_ID, Channel, Member, Sandbox, Seed


def seed(count: int) -> Seed:
    """Return a workspace with the newsroom, and as many people (U01 …) and channels (C01 …) as told."""
    both = (EDITOR.id, BOT_USER_ID)
    return Seed(
        team="Stadt",
        domain="stadt",
        members=(EDITOR, *(Member(f"U0{n}", f"u{n}", f"Person {n}") for n in range(count))),
        channels=(
            Channel(COMMS, "redaktion", members=both),
            *(Channel(f"C0{n}", f"c{n}", members=both) for n in range(min(count, 100))),
        ),
        manifest=manifest(),
    )


async def main(count: int, *, speed: float, is_paced: bool) -> None:
    """Open it, print where it is and what time it is there, and stay."""
    sandbox = await Sandbox.start(seed(count), pace=is_paced)
    sandbox.clock.speed = speed
    facts = {
        "api_url": sandbox.api_url,
        "bot_token": sandbox.bot_token,
        "here": time.time(),
        "there": sandbox.clock.time(),
    }
    print(json.dumps(facts), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), speed=float(sys.argv[2]), is_paced=sys.argv[3] == "paced"))
