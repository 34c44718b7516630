"""The picture of an entry: one it names, or the first one in its text."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from bot.sources.links import web_link
from bot.sources.plain import cut, one_line, plain_if_markup

MAX_ALT = 300
# Smaller ones count visitors or are icons.
MIN_PIXELS = 32


def picture_of(entry: Mapping[str, Any], *, base: str) -> tuple[str | None, str | None]:
    """Return address and description of the entry's picture, each None when there is none."""
    for address, alt in (*_named(entry), *_in_text(entry)):
        if link := web_link(address, base=base):
            return link, None if alt is None else cut(one_line(alt), MAX_ALT)
    return None, None


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


def _images(markup: str) -> list[tuple[str | None, str | None]]:
    finder = _ImageFinder()
    finder.feed(markup)
    return finder.found


class _ImageFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str | None, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an image, unless it says that it is tiny."""
        image = dict(attrs)
        if tag == "img" and not any(_is_tiny(image.get(side)) for side in ("width", "height")):
            self.found.append((image.get("src"), image.get("alt")))


def _is_tiny(pixels: str | None) -> bool:
    return pixels is not None and pixels.isdecimal() and int(pixels) < MIN_PIXELS
