"""What the sandbox itself costs: a press through it, the messages it keeps, and its start.

- envelopes: a person presses a card's button, again and again, in one sandbox from the first round to the
  last. Compared is all that the sandbox does from `Interactions.click` to the acknowledgement (find and keep
  the message, build the payload, send, wait) with a bare aiohttp websocket in the same process. That one
  writes the very envelope the sandbox has sent once, as text made before and under fresh ids, and only waits
  for the acknowledgement. On the other end of each is the same empty Bolt app, in a process of its own, and
  as many envelopes are in flight.
- memory: what a sandbox without a file grows by while an app posts cards over the Web API.
- start: from the call of `Sandbox.start` to the first answer, in a fresh process; once without and once with
  the start of Python and all imports, from bytecode.
- page: in headless Chromium, the first paint of a channel of 10,000 messages beside that of an empty one, and
  the time from the bot's call to its message on the open page.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import envelopes, keeping, opening, page
from benchmarks.figures import Figure


async def measure(
    *,
    rounds: int = 11,
    presses: int = 400,
    messages: int = 4_000,
    starts: int = 7,
    shown: int = 10_000,
    paints: int = 7,
    posts: int = 100,
) -> list[Figure]:
    """Measure all four, one after the other.

    Args:
        rounds: how often either side sends its envelopes.
        presses: envelopes a round and side.
        messages: how many are kept; the figure is given for 10,000.
        starts: how often each is started.
        shown: messages of the channel that the page shows the last of.
        paints: how often that page and an empty one are opened.
        posts: messages of the bot that are waited for on the page.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            *await envelopes.measure(folder, rounds=rounds, envelopes=presses),
            *await keeping.measure(folder, messages=messages),
            *await opening.measure(folder, rounds=starts),
            *await page.measure(folder, messages=shown, rounds=paints, posts=posts),
        ]
