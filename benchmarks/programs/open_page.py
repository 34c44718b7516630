"""A program: a sandbox of a dozen people whose channel holds as many messages as it is told."""

import asyncio
import json
import sys
from dataclasses import replace

from benchmarks.cards import CHANNEL, card, seed
from sandbox import BOT_USER_ID, Member, Sandbox
from sandbox.protocol.composer import composed

PEOPLE = 12
# Every tenth message is a card of the app's, every twentieth a reply in a thread.
CARD, REPLY = 10, 20


async def main() -> None:
    """Open it, fill its channel, say where it is, and stay until standard input ends."""
    people = tuple(Member(f"U0{number:02}", f"p{number}", f"Person {number}") for number in range(PEOPLE))
    first = seed()
    everyone = (*first.members, *people)
    channel = replace(first.channels[0], members=(*(one.id for one in everyone), BOT_USER_ID))
    sandbox = await Sandbox.start(replace(first, members=everyone, channels=(channel,)), pace=False)
    _fill(sandbox, int(sys.argv[1]))
    facts = {"page_url": sandbox.page_url, "api_url": sandbox.api_url, "token": sandbox.bot_token}
    print(json.dumps(facts), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await sandbox.stop()


def _fill(sandbox: Sandbox, messages: int) -> None:
    """Let everybody speak in turns."""
    root = None
    for number in range(messages):
        if number % CARD == 0:
            sandbox.workspace.say(composed(card(number), CHANNEL))
        elif root is not None and number % REPLY == 1:
            sandbox.workspace.post(f"U0{number % PEOPLE:02}", CHANNEL, f"Antwort {number}", root.ts)
        else:
            words = (
                f"Beitrag {number}: Wir sehen uns um drei im *Rathaus*, siehe https://stadt.example/{number}"
            )
            root = sandbox.workspace.post(f"U0{number % PEOPLE:02}", CHANNEL, words)


if __name__ == "__main__":
    asyncio.run(main())
