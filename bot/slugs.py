"""Names of pages in an address, made of a title once and kept."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

__all__ = ["slug", "unused_slug"]

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
LONGEST = 60


def slug(title: str) -> str:
    """Return a title as an address part: lower case, a to z, digits and single hyphens, never empty."""
    plain = unicodedata.normalize("NFC", title).lower().translate(GERMAN)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > LONGEST:
        words = words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]
    return words or "eintrag"


def unused_slug(title: str, used: Container[str]) -> str:
    """Return a title's slug, with a number behind it where it is used already."""
    base = slug(title)
    return next(
        found for number in count(1) if (found := base if number == 1 else f"{base}-{number}") not in used
    )
