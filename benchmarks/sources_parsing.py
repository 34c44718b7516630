"""How many real feeds are read in a second, and that nothing of them is lost.

Ours is the way that the assistant reads: handed to two worker processes with their deadline, read, cleaned,
and handed back. The baseline is `feedparser.parse` as it comes, on the same documents in this process.

What three independent parsers agree on (`consensus.json` beside the feeds) has to come back: each title, link
and date. Links are compared as they are shown, that is resolved; where a feed names FeedBurner's redirect
beside the address it leads to, ours shows the latter.
"""

import asyncio
import json
import re
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import feedparser

from benchmarks.figures import Figure
from bot.sources import Feed, Parser
from bot.sources.limits import MAX_TITLE
from bot.sources.links import web_link
from bot.sources.plain import cut, plain_if_markup

BASE: Final = "https://stadt.example/feed"
WORKERS: Final = 2
REDIRECTS: Final = ("http://feeds.feedburner.com/~r/", "http://feedproxy.google.com/~r/")


async def measure(feeds: Path, *, rounds: int) -> list[Figure]:
    """Read all feeds so many times, by either in turns; without feeds say so and measure nothing."""
    if not (feeds / "consensus.json").is_file():
        print(
            "sources: parsing is not measured, as there is no folder ../shared/feeds here.", file=sys.stderr
        )
        return []
    agreed = {
        name: found["items"]
        for name, found in json.loads((feeds / "consensus.json").read_text()).items()
        if found["kind"] == "feed"
    }
    documents = {name: (feeds / name).read_bytes() for name in agreed}
    ours, bare = [], []
    async with Parser(max_workers=WORKERS) as parser:
        # The workers start with their first documents.
        read = await _read_all(parser, documents)
        for _ in range(rounds):
            bare.append(_timed_bare(documents))
            began = time.perf_counter()
            await _read_all(parser, documents)
            ours.append(time.perf_counter() - began)
    items = sum(len(found) for found in agreed.values())
    lost = sum(not _is_there(item, read[name]) for name, found in agreed.items() for item in found)
    return [
        Figure.of_rounds(
            "sources: parsing_ratio",
            [other / one for one, other in zip(ours, bare, strict=True)],
            goal=4,
            better="higher",
            baseline=f"feedparser in one process: {len(documents) / min(bare):.0f} documents a second",
        ),
        Figure("sources: parsing_lost", lost, 0, "lower", f"{items} items that three parsers agree on"),
    ]


async def _read_all(parser: Parser, documents: dict[str, bytes]) -> dict[str, Feed]:
    found = await asyncio.gather(*(parser.feed(body, url=BASE) for body in documents.values()))
    return dict(zip(documents, found, strict=True))


def _timed_bare(documents: dict[str, bytes]) -> float:
    began = time.perf_counter()
    for body in documents.values():
        feedparser.parse(BytesIO(body))
    return time.perf_counter() - began


def _is_there(item: dict[str, Any], feed: Feed) -> bool:
    """Say whether what was agreed on is there; an empty value says that there was nothing to agree on."""
    # What was a letter to none of the three may be one to us.
    parts = cut(plain_if_markup(item["title"]), MAX_TITLE).split("\ufffd")
    title = re.compile(".{0,2}".join(map(re.escape, parts)))
    link = web_link(item["link"], base=BASE)
    for entry in feed.entries:
        moments = [int(moment.timestamp()) for moment in (entry.published_at, entry.updated_at) if moment]
        has_title = not item["title"] or title.fullmatch(entry.title)
        has_link = link is None or entry.url == link or (entry.url and link.startswith(REDIRECTS))
        if has_title and has_link and (item["date"] is None or item["date"] in moments):
            return True
    return False
