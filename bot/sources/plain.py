"""Plain text out of what sources write: no markup, no control characters, one line."""

import re
import unicodedata
from html import unescape

import nh3

# Between these two words stand apart on the page, so they do in the text.
_BLOCK = (
    "address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|h[1-6]|header|hr|legend|li|main|nav|ol|option|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_INLINE = "a|abbr|acronym|b|bdi|bdo|big|center|cite|code|del|em|embed|font|i|iframe|img|input|ins|kbd|link"
_INLINE_TOO = (
    "mark|meta|object|q|s|script|small|span|strike|strong|style|sub|sup|svg|tt|u|var|video|audio|wbr"
)
_BLOCK_TAG = re.compile(rf"<(?=/?(?:{_BLOCK})\b)", re.IGNORECASE)
_MARKUP = re.compile(
    rf"</?(?:{_BLOCK}|{_INLINE}|{_INLINE_TOO})(?:[\s/][^<>]*)?>|&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]+);",
    re.IGNORECASE,
)
# What looks like a tag: to count words it need not be one.
_TAG = re.compile(r"<[^<>]*>")
# Controls that are no white space, soft hyphens and zero-width spaces, what turns the direction of reading
# around (so that one file name looks like another), halves of characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff"
    "\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def one_line(text: str) -> str:
    """Return the text on one line, composed (NFC), without anything that can't be seen."""
    return unicodedata.normalize("NFC", " ".join(_INVISIBLE.sub("", text).split()))


def plain(markup: str) -> str:
    """Return what a reader of this HTML would read, on one line."""
    return one_line(unescape(nh3.clean(_BLOCK_TAG.sub(" <", markup), tags=set())))


def beginning(markup: str, limit: int) -> str:
    """Return what a reader of this HTML would read; of a long text only more than `limit` characters."""
    # Half a tag or half an entity at the end is behind the limit, or there is nothing else to read.
    start = plain(markup[: 8 * limit])
    return start if len(markup) <= 8 * limit or len(start) > limit + len("&entity;") else plain(markup)


def word_count(markup: str) -> int | None:
    """Return about how many words there are in a text or HTML; None when there are none at all."""
    return len(_TAG.sub(" ", markup).split()) or None


def visible(text: str) -> str:
    """Return the text without what can't be seen, which no database keeps either."""
    return _INVISIBLE.sub("", text)


def plain_if_markup(text: str) -> str:
    """Return one line of text that may or may not be HTML: `vector<int>` is not, `<b>new</b>` is."""
    return plain(text) if _MARKUP.search(text) else one_line(text)


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters of the text, ending at a word and with an ellipsis when cut."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    at_word = kept.rfind(" ")
    # One endless word is cut inside rather than lost.
    kept = kept[:at_word] if at_word > limit // 2 else kept[:-1]
    return kept.rstrip(" ,;:–-")[: limit - 1] + "…"
