"""Reading the sources: what it costs, how it keeps out of the way, and how soon news is told.

Five parts, told exactly in the files they are in: `sources_polls` (processor time and memory of a thousand
sources), `sources_presses` (acknowledgements meanwhile), `sources_news` (from a feed to its message),
`sources_matching` (who is to hear of new posts), `sources_parsing` (documents a second, and whether all of
them is there).
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import sources_matching, sources_news, sources_parsing, sources_polls, sources_presses
from benchmarks.figures import Figure
from benchmarks.processes import ROOT

FEEDS: Final = ROOT.parent / "shared" / "feeds"
MATCHINGS: Final = 7


async def measure(
    *,
    feeds: Path = FEEDS,
    sources: int = 1000,
    rounds: int = 9,
    press_for_s: float = 3,
    posts: int = 20,
    matched: tuple[int, int] = (500, 200),
    readings: int = 2,
) -> list[Figure]:
    """Measure all five, one after the other.

    Args:
        feeds: a folder with real ones.
        sources: how many are looked at.
        rounds: how often.
        press_for_s: how long people press, at either assistant.
        posts: how many are published, one after the other.
        matched: how many posts are compared with how many subscriptions.
        readings: how often all real feeds are read.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            *await sources_polls.measure(folder, sources=sources, rounds=rounds),
            *await sources_presses.measure(folder, feeds, seconds=press_for_s),
            *await sources_news.measure(folder, posts=posts),
            *sources_matching.measure(posts=matched[0], subscriptions=matched[1], rounds=MATCHINGS),
            *await sources_parsing.measure(feeds, rounds=readings),
        ]
