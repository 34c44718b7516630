"""Dates of feeds that put their own language into a form that has English words only (RFC 822)."""

import re
from email.utils import parsedate_to_datetime
from time import struct_time

# The German months whose first three letters are others than in English.
_MONTHS = {"jän": "Jan", "mär": "Mar", "mrz": "Mar", "mai": "May", "okt": "Oct", "dez": "Dec"}
# A weekday adds nothing: `Mi, 16 Nov 2022 …` and `Mittwoch 16. November 2022 …` lose it.
_DATE = re.compile(
    r"\s*(?:[^\W\d]+[.,]*\s+)?(\d{1,2})\.?\s+([^\W\d]{3})[^\W\d]*\.?\s+(\d{4})\b(.*)", re.DOTALL
)


def local_date(words: str) -> struct_time | None:
    """Return the moment (UTC) that a date with a foreign weekday or German month means, None for other words.

    Raises:
        ValueError: there is no such day or time; feedparser asks its other readers then.
    """
    match = _DATE.match(words)
    if match is None:
        return None
    day, month, year, rest = match.groups()
    moment = parsedate_to_datetime(f"{day} {_MONTHS.get(month.lower(), month)} {year}{rest}")
    return moment.utctimetuple()
