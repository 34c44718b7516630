"""Moments as web documents write them: the forms of ISO 8601 that are in use. Runs in the worker process."""

import re
from datetime import UTC, date, datetime, tzinfo

from bot.sources.limits import EARLIEST, LATEST

_ZONE_WITHOUT_COLON = re.compile(r"([+-]\d\d)(\d\d)?$")
_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?$")


def day_or_moment(words: object) -> date | None:
    """Return the day or the moment (with its zone if it has one) that the words mean, None if they mean none.

    A year or a month alone is its first day.
    """
    text = str(words).strip() if isinstance(words, str) else ""
    if short := _YEAR_OR_MONTH.match(text):
        text = f"{short[1]}-{short[2] or '01'}-01"
    try:
        found: date = date.fromisoformat(text)
    except ValueError:
        try:
            found = datetime.fromisoformat(_with_colon(text)).replace(microsecond=0)
        except ValueError:
            return None
    return found if EARLIEST <= found.year <= LATEST else None


def moment(words: object, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment in UTC that the words mean; without a zone of its own it is at home in `zone`."""
    found = day_or_moment(words)
    if found is None:
        return None
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day)  # noqa: DTZ001 - its zone comes next
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _with_colon(text: str) -> str:
    """Return the time with its zone as Python reads it: `+0100` is `+01:00`, `+01` is too."""
    day, mark, clock = text.replace(" ", "T", 1).partition("T")
    if not mark:
        return text
    clock = clock.strip().replace(" ", "")
    return f"{day}T{_ZONE_WITHOUT_COLON.sub(_zone, clock)}"


def _zone(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2] or '00'}"
