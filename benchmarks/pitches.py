"""Pitches: what ten thousand of them cost, and how soon a form opens when the store is slow.

Two parts, told exactly in the files they are in: `pitches_growth` (the overview, a month of the calendar and
the search for duplicates among few and many pitches), `pitches_form` (from the press to the form).
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import pitches_form, pitches_growth
from benchmarks.figures import Figure


async def measure(*, few: int = 100, many: int = 10_000, rounds: int = 15, presses: int = 60) -> list[Figure]:
    """Measure both, one after the other.

    Args:
        few: how many pitches are in the small store.
        many: how many are in the large one.
        rounds: how often each is asked.
        presses: how often the form is opened.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            *pitches_growth.measure(folder, few=few, many=many, rounds=rounds),
            *await pitches_form.measure(folder, presses=presses),
        ]
