"""What a link leads to: a post, an event, a measure, or a page of the public site."""

import re
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Final

from sqlmodel import Session

from bot.identity import SHARED, URL, place_of
from bot.sources import host_of, identity_of
from bot.sources.links import web_link
from storage import events, links, posts
from storage.events import CalendarEvent
from storage.posts import Post
from storage.radar import Measure

__all__ = ["MOST_DOMAINS", "Page", "Subject", "domains", "find", "link_in", "own_domains"]

# Slack takes no more: docs.slack.dev/reference/app-manifest
MOST_DOMAINS: Final = 5
# As Slack sends what someone typed: the address, and behind a bar what was shown instead.
_MARKED: Final = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>", re.IGNORECASE)
_BARE: Final = re.compile(r"(?:https?://|www\.)[^\s<>|]+", re.IGNORECASE)
_PLAIN: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:/[^\s<>|]*)?", re.IGNORECASE)
_SLUG: Final = re.compile(r"/(massnahmen|termine)[/#]([a-z0-9-]{1,90})(?:\.ics)?")


class Page(StrEnum):
    """A page of the public site that shows more than one thing, by its path."""

    START = "/"
    RADAR = "/radar"
    POSTS = "/beitraege"
    EVENTS = "/termine"


Subject = Post | CalendarEvent | Measure | Page


def link_in(said: str) -> str | None:
    """Return the first address in what someone typed, as Slack sends it, or None when there is none."""
    words = said.replace("\0", "")
    marked = _MARKED.search(words)
    found = marked[1] if marked else _first(words)
    return web_link(found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) if found else None


def find(session: Session, url: str, *, site_url: str, now: datetime) -> Subject | None:
    """Return what is at an address, however that is spelled; None where nothing is known.

    Args:
        session: the transaction.
        url: with a scheme.
        site_url: of the public site.
        now: of several events with one address the next one is meant.
    """
    place, base = place_of(url), identity_of(site_url)
    if place == base or place.startswith((f"{base}/", f"{base}?", f"{base}#")):
        return _on_site(session, place[len(base) :])
    return _post(session, url) or _event(session, url, now=now)


def domains(session: Session, public_url: str) -> list[str]:
    """Return the domains whose links get a preview: our site's and those that are read, at most five."""
    hosts = [host.lower().removeprefix("www.") for host in links.hosts_read(session)]
    found = dict.fromkeys([*own_domains(public_url), *filter(_is_domain, hosts)])
    return list(found)[:MOST_DOMAINS]


def own_domains(public_url: str) -> list[str]:
    """Return the domain of our site, if others can reach it by a name."""
    name = host_of(public_url).removeprefix("www.")
    return [name] if _is_domain(name) else []


def _first(words: str) -> str | None:
    if bare := _BARE.search(words):
        found = bare[0].rstrip(".,;:!?)“”\"'")
        return found if "://" in found else f"https://{found}"
    plain = _PLAIN.fullmatch(words.strip())
    return f"https://{plain[0]}" if plain else None


def _on_site(session: Session, path: str) -> Subject | None:
    path = path.removeprefix("/en") if path == "/en" or path.startswith(("/en/", "/en#", "/en?")) else path
    # What was searched for or chosen on a page is still that page.
    bare = re.sub(r"\?[^#]*", "", path)
    if named := _SLUG.fullmatch(bare):
        find_one = links.measure if named[1] == "massnahmen" else links.event
        return find_one(session, named[2])
    path = bare.partition("#")[0].rstrip("/") or "/"
    return next((one for one in Page if one == path), None)


def _post(session: Session, url: str) -> Post | None:
    keys = [f"{URL}{place_of(url)}", f"{URL}{identity_of(url)}"]
    known = posts.known(session, [*keys, *(SHARED + key for key in keys)])
    return next((known[key] for key in keys if key in known and SHARED + key not in known), None)


def _event(session: Session, url: str, *, now: datetime) -> CalendarEvent | None:
    identity = identity_of(url)
    alike = events.at_address(session, identity.partition("?")[0])
    found = [one for one in alike if one.url and identity_of(one.url) == identity]
    return next((one for one in found if one.starts_at >= now), found[-1] if found else None)


def _is_domain(name: str) -> bool:
    """Say whether a name is one that others can reach."""
    try:
        ip_address(name)
    except ValueError:
        return "." in name
    return False
