"""Reading the outside world: fetch a document safely, and make posts or events of it.

A `Fetcher` gets the bytes, a `Parser` reads them in a process of its own; `discover` finds out what there is
to read. Nothing here knows the store or the chat. What the worker process runs (`bot.sources.feeds`,
`calendars`, `sitemaps`, `pages`, `catalogues`) is not imported from here, nor is `bot.sources.opml`: their
libraries stay out of the assistant's own memory.
"""

from bot.sources.discovery import discover
from bot.sources.errors import FetchError, Reason
from bot.sources.fetching import Fetched, Fetcher, Validators
from bot.sources.links import canonical_url, host_of, identity_of, is_same_site
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
    "discover",
    "host_of",
    "identity_of",
    "is_same_site",
]
