"""Which comments look like advertising: a few plain signs, each with a name. A person decides on each."""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

__all__ = ["LONG_ENOUGH", "Sign", "sign"]

MANY_LINKS: Final = 3
# A link with no more words beside it says nothing of its own.
FEW_WORDS: Final = 2
# Shorter words, such as a thank you, are said by many.
LONG_ENOUGH: Final = 60

LINK: Final = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"]+", re.IGNORECASE)
WORD: Final = re.compile(r"[^\W\d_]{2,}")
# Known from the advertising that portals get; in a comment without a link they are somebody's topic.
ADVERTISING: Final = re.compile(
    r"\b(?:viagra|cialis|levitra|online[- ]?casinos?|casino[- ]?bonus|sportwetten|jackpot"
    r"|payday loans?|kredite? ohne schufa|sofortkredite?|forex"
    r"|(?:crypto|krypto|bitcoin)[- ]?(?:invest\w*|trading|gewinne?|profits?)"
    r"|seo[- ]?(?:services?|agency|agentur|experts?|packages?)|backlinks?|guest posts?"
    r"|escort[- ]?services?|replica watch(?:es)?|schnell abnehmen|geld verdienen)\b",
    re.IGNORECASE,
)


class Sign(StrEnum):
    """Why a comment looks like advertising."""

    MANY_LINKS = "many_links"
    LINK_ONLY = "link_only"
    ADVERTISING = "advertising"
    REPEATED = "repeated"


def sign(words: str, *, url: str | None = None, is_repeated: bool = False) -> Sign | None:
    """Return the first sign that a comment is advertising, or None: most are what they look like.

    Args:
        words: the comment, as text.
        url: where it stands; links to the same portal are no advertising.
        is_repeated: whether someone else said these very words below another post.
    """
    own = _host(url or "")
    links = {link for link in LINK.findall(words) if not own or _host(link) != own}
    beside = LINK.sub(" ", words)
    if len(links) >= MANY_LINKS:
        return Sign.MANY_LINKS
    if links and ADVERTISING.search(words):
        return Sign.ADVERTISING
    if links and len(WORD.findall(beside)) <= FEW_WORDS:
        return Sign.LINK_ONLY
    if is_repeated and len(words) >= LONG_ENOUGH:
        return Sign.REPEATED
    return None


def _host(url: str) -> str:
    try:
        host = urlsplit(url if "://" in url else f"https://{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
