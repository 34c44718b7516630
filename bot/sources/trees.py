"""Trees of XML and HTML documents, made without trust in them."""

import codecs
import re
import sys

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml has no other name for what it returns
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HTTP = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# Browsers look for it in the first kilobyte; pages have it behind a long head often enough.
_META_WITHIN = 8192
_LATIN = ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii")
_REFERENCE = re.compile(rb"&#(x[0-9a-f]{1,99}|[0-9]{1,99});", re.IGNORECASE)
_SURROGATES = range(0xD800, 0xE000)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decoded(body: bytes, content_type: str | None = None) -> str:
    """Return the document's text: by its byte order mark, the server's word, its own, or the look of it."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    try:
        # What is UTF-8 by the look of its bytes is nothing else, whatever servers say of all their files.
        return body.decode()
    except UnicodeDecodeError:
        pass
    said = _HTTP.search(content_type or "")
    meta = _META.search(body[:_META_WITHIN])
    names = (said[1] if said else "", meta[1].decode("ascii", "ignore") if meta else "")
    for name in names:
        text = _decoded_as(body, name)
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


def _decoded_as(body: bytes, name: str) -> str | None:
    """Return the text, None if there is no such alphabet or it has no letter for one of the bytes."""
    if name.lower().replace("_", "-") in ("", "utf-8", "utf8", *_LATIN):
        # That it is no UTF-8 is known; and Latin 1 is what Windows' alphabet is called.
        return None
    try:
        return body.decode(name)
    except (LookupError, ValueError):
        return None


def trimmed(body: bytes) -> bytes:
    """Return an XML document from its first character on, without what programs put before it."""
    return body.lstrip().removeprefix(codecs.BOM_UTF8).lstrip()


def as_utf8(text: str) -> bytes:
    """Return the text without what no document may hold."""
    return _NO_XML.sub(" ", text).encode()


def with_possible_references(body: bytes) -> bytes:
    """Return the document with a blank for each reference to a character that there is not.

    feedparser gives up at such a one, and libxml2 makes bytes of it that are no text.
    """
    return _REFERENCE.sub(_possible, body)


def _possible(reference: re.Match[bytes]) -> bytes:
    digits = reference[1].lower()
    number = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    return b" " if number == 0 or number in _SURROGATES or number > sys.maxunicode else reference[0]


def xml_parser(*, encoding: str | None = None, recover: bool = False) -> etree.XMLParser:
    """Return a parser that fetches nothing, defines nothing and does not let a document swell.

    Raises:
        LookupError: there is no such encoding.
    """
    return etree.XMLParser(
        encoding=encoding,
        recover=recover,
        no_network=True,
        load_dtd=False,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def tree_of(text: str) -> Element:
    """Return the root of the document; of nothing at all an empty one."""
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(as_utf8(text), parser)
    except etree.XMLSyntaxError:
        root = None
    return etree.Element("html") if root is None else root


def text_of(element: Element) -> str:
    """Return the text inside the element."""
    return "".join(map(str, element.itertext()))
