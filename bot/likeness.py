"""How alike two titles are, whatever their spelling, punctuation and order of words."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process, utils

__all__ = ["folded", "likeness", "most_like"]

_SPELLED_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "_": " "})
# The gender star and what else stands in its place: `Bürger*innen` are `Bürgerinnen`.
_GENDERED: Final = re.compile(r"[*:_](?=in(?:nen)?\b)")
_NUMBER: Final = re.compile(r"\d+|\b[ivx]+\b")
# Folding takes longer than comparing, and the same titles are compared with each new one.
REMEMBERED: Final = 20_000
# With different numbers, such as years or parts of a series, one is hardly the other; where only one title
# has a number, nobody can be sure.
OTHER_NUMBERS: Final = 0.7
ONE_NUMBER: Final = 0.92


@lru_cache(maxsize=REMEMBERED)
def folded(title: str) -> str:
    """Return the words of a title in one spelling: no capitals, umlauts, marks or punctuation."""
    plain = _GENDERED.sub("", unicodedata.normalize("NFKC", title).casefold())
    return utils.default_process(plain.translate(_SPELLED_OUT))


def likeness(title: str, other: str) -> float:
    """Return how alike two titles are, 0 to 1; 1 when they have the same words.

    The mean of two measures of rapidfuzz: of all their words, and of those that they have in common, which
    forgives a title that says more. The second alone finds `WLAN` to be `WLAN an Tramhaltestellen`.
    """
    return _likeness(folded(title), folded(other))


def most_like(title: str, titles: Mapping[int, str], *, at_least: float) -> list[tuple[float, int]]:
    """Return score and id of those titles that are so much alike, the most alike first."""
    wanted = folded(title)
    others = {number: folded(other) for number, other in titles.items()}
    # What fails in the kinder measure fails in the mean: this looks through ten thousand in milliseconds.
    some = process.extract_iter(wanted, others, scorer=fuzz.token_set_ratio, score_cutoff=at_least * 100)
    found = [(_likeness(wanted, others[number]), number) for _other, _score, number in some]
    return sorted((one for one in found if one[0] >= at_least), key=lambda one: (-one[0], one[1]))


def _likeness(title: str, other: str) -> float:
    alike = (fuzz.token_sort_ratio(title, other) + fuzz.token_set_ratio(title, other)) / 200
    numbers, others = set(_NUMBER.findall(title)), set(_NUMBER.findall(other))
    if numbers == others:
        return alike
    return alike * OTHER_NUMBERS if numbers and others else min(alike, ONE_NUMBER)
