"""A program: reads so many feeds that have just been added, twice, and says the most memory that took.

Counted are this process and the one in which it has documents parsed.
"""

import asyncio
import json
import resource
import sys

import aiohttp

from benchmarks import waiting
from benchmarks.sources_polls import STEP, add, addresses, make_due, read_all, reading


async def main(server: dict[str, int], sources: int) -> None:
    """Read the feeds of a server, then again after a fifth of them has changed."""
    with waiting.opened("sqlite:///store.sqlite") as store:
        async with reading(store) as reader, aiohttp.ClientSession() as session:
            await store.run(add, addresses(server, sources))
            await read_all(store, reader)
            url = f"http://127.0.0.1:{server['port']}/change?feeds={sources}&step={STEP}"
            async with session.post(url):
                await store.run(make_due)
            await read_all(store, reader)
    # The largest of the children is the parser: it reads what the server only sends.
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(sum(peaks) * 1024 / 1e6, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1]), int(sys.argv[2])))
