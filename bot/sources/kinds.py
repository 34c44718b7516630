"""What an address or its title gives away of what is behind it."""

import re
from urllib.parse import urlsplit

# WordPress has a feed of comments for the site (`/comments/feed/`) and one for each page (`/beitrag/feed/`),
# and calls them so.
_COMMENTS_TITLE = re.compile(
    r"^(?:kommentare?\s+(?:zu|für|auf)\b|comments\s+(?:on|for)\b)|(?:kommentar-feed|comments feed)$",
    re.IGNORECASE,
)
_COMMENTS_PATH = re.compile(r"/comments/(?:feed|default)/?$|/feeds/(?:\d+/)?comments/", re.IGNORECASE)
_CALENDAR_PATH = re.compile(r"\.ics$", re.IGNORECASE)
_CALENDAR_QUERY = re.compile(
    r"(?:^|&)(?:outlook-)?ical=|(?:^|&)(?:format|type)=(?:ics|ical)\b", re.IGNORECASE
)
_FEED_PATH = re.compile(
    r"/(?:feed|rss|atom)/?$|\.(?:rss|atom)$|/(?:rss|atom|feed|index\.rdf)(?:2|20)?(?:\.xml|\.json)?$",
    re.IGNORECASE,
)


def kind_of_feed(url: str, title: str) -> str:
    """Return `comments` for a feed of readers' comments by its address or title, `feed` for any other."""
    named = _COMMENTS_TITLE.search(title.strip().strip("»«›‹ ")) is not None
    return "comments" if named or _COMMENTS_PATH.search(urlsplit(url).path) else "feed"


def is_calendar_address(url: str) -> bool:
    """Whether this looks like the address of a calendar."""
    parts = urlsplit(url)
    return _CALENDAR_PATH.search(parts.path) is not None or _CALENDAR_QUERY.search(parts.query) is not None


def is_feed_address(url: str) -> bool:
    """Whether this looks like the address of a feed."""
    return _FEED_PATH.search(urlsplit(url).path) is not None
