"""Whatever a document holds, reading it gives a record or a refusal."""

import gzip
import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sources import Calendar, Entry, Feed, FetchError, Page, Sitemap
from bot.sources.calendars import parse_calendar
from bot.sources.catalogues import parse_catalogue
from bot.sources.feeds import parse_feed
from bot.sources.opml import subscriptions
from bot.sources.pages import parse_page
from bot.sources.sitemaps import parse_sitemap

FILES = Path(__file__).parent / "files"
URL = "https://digital.example/a/b"
TODAY = date(2026, 11, 22)
SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://digital.example/a</loc>
 <lastmod>2026-11-20</lastmod><n:news><n:title>T</n:title></n:news></url></urlset>"""
EVENT = b"""<html><head><script type="application/ld+json">{"@graph": [{"@type": "EventSeries", "@id": "#r",
 "name": "Reihe", "subEvent": [{"@type": "Event", "startDate": "2026-12-04T18:00", "location": {"@type": "Place",
 "name": "Rathaus", "address": {"streetAddress": "Platz 1"}}}, {"@id": "#x"}]}, {"@id": "#x", "@type": "MusicEvent",
 "startDate": "2026-12-05", "superEvent": {"@id": "#r"}, "previousStartDate": "2026-12-03", "identifier": 7}]}
 </script></head></html>"""


def read_page(body: bytes) -> Page:
    return parse_page(
        body, url=URL, content_type="text/html; charset=x", today=TODAY, timezone="Europe/Berlin"
    )


def read_feed(body: bytes) -> Feed:
    return parse_feed(body, url=URL, content_type="text/xml; charset=x")


def read_calendar(body: bytes) -> Calendar:
    return parse_calendar(body, today=TODAY, timezone="Europe/Berlin")


def read_sitemap(body: bytes) -> Sitemap:
    return parse_sitemap(body, url=URL)


def read_catalogue(body: bytes) -> Feed:
    return parse_catalogue(body, url=URL)


Reader = Callable[[bytes], Any]
READERS: list[tuple[Reader, list[bytes]]] = [
    (read_feed, [(FILES / f"beitraege.{kind}").read_bytes() for kind in ("rss", "atom", "rdf", "json")]),
    (read_feed, [(FILES / "foerderung.rss").read_bytes()]),
    (read_calendar, [(FILES / f"{name}.ics").read_bytes() for name in ("termine", "reihe", "gemeinde")]),
    (
        read_sitemap,
        [SITEMAP, gzip.compress(SITEMAP, mtime=0), b"https://digital.example/a\nhttps://digital.example/b"],
    ),
    (read_page, [(FILES / "beitrag.html").read_bytes(), EVENT]),
    (read_catalogue, [(FILES / "datensaetze.json").read_bytes()]),
    (subscriptions, [(FILES / "abos.opml").read_bytes()]),
]
# What hurts: ends and beginnings of markup, numbers out of range, text in no alphabet, nesting.
SPLINTERS = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [
            *(
                b"<",
                b">",
                b"&",
                b"&#0;",
                b"&#xD800;",
                b"\x00",
                b"\xff\xfe",
                b"\xed\xa0\x80",
                b"\\ud800",
                b"\\u0000",
            ),
            *(
                b"]]>",
                b"<!--",
                b"<![CDATA[",
                b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
                b"</item>",
                b"<item>",
                b"{",
                b"}",
                b"[",
            ),
            *(
                b"null",
                b"1e999",
                b"-1",
                b"9" * 400,
                b"true",
                b'"',
                b"NaN",
                b"0001-01-01",
                b"9999-12-31T23:59:59-14:00",
            ),
            *(
                b"END:VEVENT\n",
                b"BEGIN:VEVENT\n",
                b"RRULE:FREQ=YEARLY;COUNT=9\n",
                b"TZID=",
                b"http://[",
                b"https://a@b/",
            ),
            *(b"javascript:alert(1)", "\u202e".encode(), b"99991231T235959Z", b"00010101T000000"),
        ]
    ),
)


@st.composite
def mutated(draw: st.DrawFn, documents: list[bytes]) -> bytes:
    body = draw(st.sampled_from(documents))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 30)))
        body = body[:start] + draw(SPLINTERS) + body[end:]
    return body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body


def links(record: Any) -> list[str | None]:
    if isinstance(record, Entry):
        return [record.url, record.image_url]
    if isinstance(record, Page):
        offers = [offer.url for offer in record.offers]
        return [*links(record.entry), *offers, *(one.url for one in record.occurrences)]
    if isinstance(record, Feed):
        return [link for entry in record.entries for link in links(entry)]
    if isinstance(record, Calendar):
        return [one.url for one in record.occurrences]
    if isinstance(record, Sitemap):
        return [one.url for one in (*record.pages, *record.sitemaps)]
    return [offer.url for offer in record]


def check(read: Reader, body: bytes) -> None:
    try:
        record = read(body)
    except FetchError:
        return
    assert all(link is None or link.startswith(("http://", "https://")) for link in links(record))
    # It travels between processes and is stored as text.
    pickle.loads(pickle.dumps(record))
    str(record).encode()
    assert "\x00" not in str(record)


@pytest.mark.parametrize("read", [read for read, _ in READERS[1:]])
@settings(deadline=None)
@given(st.one_of(st.binary(), st.binary().map(lambda inside: b"<html>" + inside), st.text().map(str.encode)))
def test_bytes_of_any_kind_are_read_or_refused(read: Reader, body: bytes) -> None:
    check(read, body)


@pytest.mark.parametrize(("read", "documents"), READERS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_document_with_mistakes_is_read_or_refused(
    read: Reader, documents: list[bytes], data: st.DataObject
) -> None:
    check(read, data.draw(mutated(documents)))
