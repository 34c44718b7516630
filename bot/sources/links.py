"""Web addresses: which may be shown, and which mean the same page."""

import re
from urllib.parse import urljoin

from yarl import URL

MAX_LINK = 2000
SCHEMES = ("http", "https")
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_")
TRACKING = ("fbclid", "gclid")
# Browsers drop these inside an address, so that `java\nscript:` is a script to them.
_FOR_PROGRAMS = re.compile(r"(?:webcals?|feed):(?://)?(?=(https?://)?)", re.IGNORECASE)
_DROPPED_BY_BROWSERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def web_link(link: str | None, *, base: str = "") -> str | None:
    """Return `link` as an absolute http or https address, or None when it is no such thing.

    An address with a name before an @ is refused: to readers `https://city.example@evil.example` is the city.
    """
    wanted = _DROPPED_BY_BROWSERS.sub("", link or "").strip()
    if not wanted:
        return None
    try:
        url = URL(urljoin(base, wanted))
        usable = url.scheme in SCHEMES and bool(url.host) and url.port and url.user is None
    except ValueError:
        return None
    address = str(url)
    return address if usable and len(address) <= MAX_LINK else None


def joined(base: str, link: str) -> str:
    """Return the link as it is meant in a document at `base`; as it is where one of them is no address."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def canonical_url(url: str) -> str:
    """Return the address without tracking parameters, fragment and default port; scheme and host lower-case.

    What is no web address comes back as it is.
    """
    try:
        parsed = URL(url.strip())
        if parsed.scheme not in SCHEMES or not parsed.host:
            return url
        query = _without_tracking(parsed.raw_query_string)
        host = parsed.host_port_subcomponent
    except ValueError:
        return url
    return f"{parsed.scheme}://{host}{parsed.raw_path}{query and '?'}{query}"


def host_of(url: str) -> str:
    """Return the name of the server at this address, lower-case; empty when it is no address."""
    try:
        return URL(url).host or ""
    except ValueError:
        return ""


def secure_link(link: str) -> str:
    """Return the address with https where it begins with the name of a program: `webcal:`, `feed:`."""
    return _FOR_PROGRAMS.sub(_as_https, link.strip())


def _as_https(match: re.Match[str]) -> str:
    # `feed:https://…` has the address behind it as a whole.
    return "" if match[1] else "https://"


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses are on one host; `www.` makes no difference."""
    host = host_of(one).removeprefix("www.")
    return bool(host) and host == host_of(other).removeprefix("www.")


def identity_of(url: str) -> str:
    """Return what stays the same when a page moves to https, gains or loses `www.` or a slash at its end."""
    rest = canonical_url(url).partition("://")[2] or url
    path, mark, query = rest.removeprefix("www.").partition("?")
    return f"{path.rstrip('/')}{mark}{query}"


def _without_tracking(query: str) -> str:
    return "&".join(part for part in query.split("&") if not _is_tracking(part.partition("=")[0].lower()))


def _is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)
