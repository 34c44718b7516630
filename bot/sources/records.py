"""What a source says, as plain values: they travel back from the process that read it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Entry:
    """One entry of a feed. All text is plain, on one line and not escaped for anything.

    Attributes:
        guid: the source's own name for the entry, untouched.
        url: http or https, resolved against the feed's address.
        title: may be empty.
        teaser: at most 500 characters, cut at a word.
        published_at: UTC; the moment of the last change where the source names no other.
        updated_at: UTC; the moment of the last change where the source names one.
        author: a name, never an address.
        image_alt: what the source says about the picture; an empty text means "only decoration".
    """

    guid: str | None
    url: str | None
    title: str
    teaser: str
    published_at: datetime | None
    updated_at: datetime | None
    author: str | None
    tags: tuple[str, ...]
    image_url: str | None
    image_alt: str | None


@dataclass(frozen=True)
class Feed:
    """A feed's name and its entries in the order of the document."""

    title: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Occurrence:
    """One event at one time; a series has an occurrence for each of its instances.

    Attributes:
        uid: the calendar's own name for the event or the series.
        recurrence_id: which instance of a series this is (when it was first to start, in UTC, or its day);
            stays the same when the instance is moved. None for what happens once.
        starts_at: UTC; for whole days the local midnight with which they begin.
        ends_at: UTC; None when no end is given.
        starts_on: first local day.
        ends_on: last local day, included.
        sequence: how often the organiser says it was changed.
    """

    uid: str
    recurrence_id: str | None
    title: str
    description: str
    place: str | None
    url: str | None
    starts_at: datetime
    ends_at: datetime | None
    all_day: bool
    starts_on: date
    ends_on: date
    cancelled: bool
    sequence: int
    is_series: bool


@dataclass(frozen=True)
class Calendar:
    """A calendar's name and its occurrences, soonest first."""

    name: str | None
    occurrences: tuple[Occurrence, ...]
