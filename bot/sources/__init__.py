"""Reading the outside world: fetch a document safely, and make posts or events of it.

A `Fetcher` gets the bytes, a `Parser` reads them in a process of its own. Nothing here knows the store or the
chat. What the worker process runs (`bot.sources.feeds`, `bot.sources.calendars`) is not imported from here:
its libraries stay out of the assistant's own memory.
"""

from bot.sources.errors import FetchError, Reason
from bot.sources.fetching import Fetched, Fetcher, Validators
from bot.sources.links import canonical_url, host_of, identity_of
from bot.sources.parsing import Parser
from bot.sources.records import Calendar, Entry, Feed, Occurrence, Offer, Page, Sitemap, SitemapPage

__all__ = [
    "Calendar",
    "Entry",
    "Feed",
    "FetchError",
    "Fetched",
    "Fetcher",
    "Occurrence",
    "Offer",
    "Page",
    "Parser",
    "Reason",
    "Sitemap",
    "SitemapPage",
    "Validators",
    "canonical_url",
    "host_of",
    "identity_of",
]
