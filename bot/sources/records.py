"""What a source says, as plain values: they travel back from the process that read it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


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
        word_count: how long the whole text is; None where the source shows only its beginning.
        is_video: whether a film hangs on the entry.
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
    word_count: int | None = None
    is_video: bool = False


@dataclass(frozen=True)
class Feed:
    """A feed's name and its entries in the order of the document.

    Attributes:
        ttl: for how long the document says it stays fresh (`ttl`, `sy:updatePeriod`).
        is_complete: whether it shows all there is, so that what is missing is gone.
    """

    title: str | None
    entries: tuple[Entry, ...]
    ttl: timedelta | None = None
    is_complete: bool = False


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
        organiser: a name, never an address; perhaps a colleague's, so it is compared and never shown.
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
    tags: tuple[str, ...] = ()
    organiser: str | None = None


@dataclass(frozen=True)
class Calendar:
    """A calendar's name and its occurrences, soonest first."""

    name: str | None
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True)
class SitemapPage:
    """A page that a sitemap names, and what it says of it (`lastmod`; in a news sitemap title and date)."""

    url: str
    changed_at: datetime | None = None
    title: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True)
class Sitemap:
    """The pages that a sitemap names, newest first, and the sitemaps that an index of sitemaps names."""

    pages: tuple[SitemapPage, ...] = ()
    sitemaps: tuple[SitemapPage, ...] = ()


@dataclass(frozen=True)
class Offer:
    """Something on a page that can become a source.

    Attributes:
        kind: as sources are called: `feed`, `comments`, `calendar`, `sitemap`, `event_page`, `ckan`.
        url: its address.
        title: as the page calls it; may be empty.
    """

    kind: str
    url: str
    title: str


@dataclass(frozen=True)
class Page:
    """What a web page says of itself (Open Graph, schema.org, its head).

    Attributes:
        entry: the page as an entry; its address is the one it calls canonical.
        site: the name of the website.
        occurrences: the schema.org events on it, soonest first.
        offers: the feeds and calendars it points to, each once, in the order of the page.
    """

    entry: Entry
    site: str | None
    occurrences: tuple[Occurrence, ...]
    offers: tuple[Offer, ...]
