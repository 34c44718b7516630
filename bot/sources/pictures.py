"""The picture of an entry: one it names, or the first one in its text; and whether a film hangs on it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from bot.sources.links import web_link
from bot.sources.plain import cut, one_line, plain_if_markup
from bot.sources.trees import tree_of

MAX_ALT = 300
MIN_PIXELS = 32
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)


def picture_of(entry: Mapping[str, Any], *, base: str) -> tuple[str | None, str | None]:
    """Return address and description of the entry's picture, each None when there is none."""
    for address, alt in chain(_named(entry), _in_text(entry)):
        if link := web_link(address, base=base):
            return link, None if alt is None else cut(one_line(alt), MAX_ALT)
    return None, None


def has_video(links: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether one of an entry's links is a film that comes with it."""
    return any(
        link.get("rel") == "enclosure" and (link.get("type") or "").startswith("video/") for link in links
    )


def _named(entry: Mapping[str, Any]) -> Iterator[tuple[str | None, str | None]]:
    for media in entry.get("media_content") or ():
        if media.get("medium") == "image" or (media.get("type") or "").startswith("image/"):
            yield media.get("url"), None
    for media in entry.get("media_thumbnail") or ():
        yield media.get("url"), None
    for link in entry.get("links") or ():
        if link.get("rel") == "enclosure" and (link.get("type") or "").startswith("image/"):
            yield link.get("href"), plain_if_markup(link.get("title") or "") or None
    image = entry.get("image")
    if isinstance(image, Mapping):
        yield image.get("href"), None


def _in_text(entry: Mapping[str, Any]) -> Iterator[tuple[str | None, str | None]]:
    for part in entry.get("content") or ():
        yield from _images(part.get("value") or "")
    yield from _images(entry.get("summary") or "")


def _images(markup: str) -> Iterator[tuple[str | None, str | None]]:
    if not _IMAGE.search(markup):
        return
    for image in tree_of(markup).iter("img"):
        # One that says it is tiny counts visitors or is an icon.
        if not any(_is_tiny(image.get(side)) for side in ("width", "height")):
            yield image.get("src"), image.get("alt")


def _is_tiny(pixels: str | None) -> bool:
    return pixels is not None and pixels.isdecimal() and int(pixels) < MIN_PIXELS
