"""Reading the sources: what it costs, how it keeps out of the way, and how soon news is told.

Four parts, told exactly in the files they are in: `sources_polls` (processor time and memory of a thousand
sources), `sources_presses` (acknowledgements meanwhile), `sources_news` (from a feed to its message),
`sources_parsing` (documents a second, and whether all of them is there).
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import sources_news, sources_parsing, sources_polls, sources_presses
from benchmarks.figures import Figure
from benchmarks.processes import ROOT

FEEDS: Final = ROOT.parent / "shared" / "feeds"


async def measure(
    *,
    feeds: Path = FEEDS,
    sources: int = 1000,
    rounds: int = 3,
    press_for_s: float = 3,
    posts: int = 20,
    readings: int = 2,
) -> list[Figure]:
    """Measure all four, one after the other.

    Args:
        feeds: a folder with real ones.
        sources: how many are looked at.
        rounds: how often.
        press_for_s: how long people press, at either assistant.
        posts: how many are published, one after the other.
        readings: how often all real feeds are read.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            *await sources_polls.measure(folder, sources=sources, rounds=rounds),
            *await sources_presses.measure(folder, feeds, seconds=press_for_s),
            *await sources_news.measure(folder, posts=posts),
            *await sources_parsing.measure(feeds, rounds=readings),
        ]
