import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import Entry, Feed, FetchError, Reason
from bot.sources.feeds import parse_feed
from bot.sources.plain import cut, one_line, plain

FILES = Path(__file__).parent / "files"
URL = "https://digital.example/feed/"


def feed(name: str) -> Feed:
    return parse_feed((FILES / name).read_bytes(), url=URL, content_type="application/xml")


def rss(items: str, *, head: str = '<?xml version="1.0"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def only_entry(body: bytes, content_type: str | None = None) -> Entry:
    (entry,) = parse_feed(body, url=URL, content_type=content_type).entries
    return entry


def test_an_rss_entry_is_read_in_full() -> None:
    found = feed("beitraege.rss")
    entry = found.entries[0]

    assert found.title == "Digitales aus der Stadt"
    assert len(found.entries) == 3
    assert entry.title == "Bürger*innen & Verwaltung: das neue Portal"
    assert entry.url == "https://digital.example/beitraege/portal?utm_source=rss&id=7"
    assert entry.published_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert entry.updated_at is None
    assert entry.author == "Referat für IT"
    assert entry.tags == ("Portal", "#ExplainIT")


def test_the_name_that_a_source_gives_an_entry_is_left_as_it_is() -> None:
    assert [entry.guid for entry in feed("beitraege.rss").entries] == [
        "4711",
        "https://digital.example/beitraege/open-source",
        "4713",
    ]
    permalink_that_is_none = only_entry(rss("<item><title>A</title><guid>4711</guid></item>"))
    assert permalink_that_is_none.guid == "4711"


def test_a_teaser_is_what_a_reader_would_read() -> None:
    assert feed("beitraege.rss").entries[0].teaser == "Erster Absatz. Zweiter Absatz mit Link."


def test_the_picture_is_the_first_one_that_is_no_counter() -> None:
    entry = feed("beitraege.rss").entries[0]

    assert entry.image_url == "https://digital.example/feed/bilder/portal.jpg"
    assert entry.image_alt == "Das Portal auf einem Tablet"


def test_a_guid_that_is_an_address_stands_in_for_a_missing_link() -> None:
    entry = feed("beitraege.rss").entries[1]

    assert entry.url == "https://digital.example/beitraege/open-source"
    assert entry.title == "Was ist Open Source?"
    assert entry.image_url == "https://digital.example/open-source.png"


def test_a_date_in_german_is_understood() -> None:
    assert feed("beitraege.rss").entries[1].published_at == datetime(2026, 3, 4, 7, 0, tzinfo=UTC)


def test_an_author_who_is_only_a_mail_address_is_left_out() -> None:
    assert feed("beitraege.rss").entries[1].author is None


@pytest.mark.parametrize(
    "author",
    [
        "Rita Rat",
        "rita@stadt.bayern (Rita Rat)",
        "Rita Rat &lt;rita@stadt.muenchen&gt;",
        "Rita Rat (rita@stadt.example)",
    ],
)
def test_an_author_is_a_name_without_a_mail_address(author: str) -> None:
    assert only_entry(rss(f"<item><title>T</title><author>{author}</author></item>")).author == "Rita Rat"


def test_a_script_is_no_link_and_an_unknown_date_is_no_date() -> None:
    entry = feed("beitraege.rss").entries[2]

    assert (entry.url, entry.published_at) == (None, None)
    assert entry.title == "Sprechstunde: vector<int> und 5 < 7"


def test_an_atom_entry_is_read_in_full() -> None:
    found = feed("beitraege.atom")
    entry = found.entries[0]

    assert found.title == "Der Blog"
    assert entry.guid == "tag:digital.example,2026:1"
    assert entry.title == "Das Element <b> erklärt"
    assert entry.url == "https://digital.example/blog/das-element-b"
    assert entry.published_at == datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert entry.author == "Amira"
    assert entry.tags == ("Webseiten",)
    assert entry.teaser == "Kurz gesagt."


def test_an_empty_link_is_not_the_address_of_the_feed() -> None:
    entry = feed("beitraege.atom").entries[1]

    assert entry.url is None
    assert entry.teaser == "Der ganze Text."
    assert entry.published_at == entry.updated_at == datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


def test_an_rss_1_entry_is_read() -> None:
    (entry,) = feed("beitraege.rdf").entries

    assert (entry.guid, entry.url) == ("https://digital.example/alt/1",) * 2
    assert entry.published_at == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def test_an_rss_091_feed_is_read() -> None:
    body = b'<rss version="0.91"><channel><title>T</title><item><title>Alt</title></item></channel></rss>'

    assert only_entry(body).title == "Alt"


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(rss(""), url=URL).entries == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing of the kind",
        b"{}",
        b"<!doctype html><html><head><title>Wartung</title></head><body><p>Wir sind gleich da.</p></body></html>",
        b"<html><body><item><title>x</title></item></body></html>",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b'<?xml version="1.0"?><sitemap/>',
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        parse_feed(body, url=URL)

    assert caught.value.reason is Reason.NOT_A_FEED


def test_a_body_that_names_a_file_opens_none(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(rss("<item><title>geheim</title></item>"))

    with pytest.raises(FetchError):
        parse_feed(str(file).encode(), url=URL)


def test_the_last_entry_of_a_feed_that_breaks_off_is_left_for_the_next_time() -> None:
    whole = "<item><title>Ganz</title></item>"
    half = "<item><title>Halb</title><description>Ein langer Text, dessen Ende fehlt</description></item>"
    body = rss(whole + half)
    cut_off = body[: body.index(b", dessen Ende")]

    assert [entry.title for entry in parse_feed(body, url=URL).entries] == ["Ganz", "Halb"]
    assert [entry.title for entry in parse_feed(cut_off, url=URL).entries] == ["Ganz"]


def test_a_mistake_in_one_entry_leaves_the_others() -> None:
    body = rss("<item><title>A & B</title></item><item><title>C</title></item>")

    assert [entry.title for entry in parse_feed(body, url=URL).entries] == ["A & B", "C"]


@pytest.mark.parametrize(
    ("head", "encoding", "content_type"),
    [
        ('<?xml version="1.0"?>', "utf-8", None),
        ("", "utf-8", None),
        ("", "utf-8", "text/xml"),
        ("", "utf-8", "text/html; charset=iso-8859-1"),
        ('<?xml version="1.0" encoding="utf-8"?>', "utf-8", "application/rss+xml; charset=ISO-8859-1"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "iso-8859-1", "text/xml; charset=utf-8"),
        ("", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("", "iso-8859-1", None),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-16", None),
    ],
)
def test_umlauts_survive_whatever_the_server_says(head: str, encoding: str, content_type: str | None) -> None:
    body = rss("<item><title>Bürger*innen grüßen</title></item>", head=head).decode().encode(encoding)

    assert only_entry(body, content_type).title == "Bürger*innen grüßen"


def test_what_turns_words_around_or_hides_in_them_is_taken_out_of_a_title() -> None:
    body = rss("<item><title>Rech\u202enung\u200b\u00ad\u2066 \n\t 2026&#x0B;</title></item>")

    assert only_entry(body).title == "Rechnung 2026"


@pytest.mark.parametrize(
    "title",
    [
        "&lt;img src=x onerror=alert(1)&gt; Neu",
        "<![CDATA[<script>alert(1)</script> Neu]]>",
        "<![CDATA[<a href='java&#10;script:alert(1)'>Neu</a>]]>",
        "&amp;#78;eu",
    ],
)
def test_markup_in_a_title_does_not_reach_its_readers(title: str) -> None:
    assert only_entry(rss(f"<item><title>{title}</title></item>")).title == "Neu"


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#x110000;", "&#99999999999999999999;", "&#0;", "&#x202E;"]
)
def test_a_reference_to_no_character_does_not_cost_the_feed(reference: str) -> None:
    broken = rss(f"<item><title>A {reference} & B</title></item>")

    assert only_entry(broken).title == "A & B"


def test_a_long_text_ends_at_a_word() -> None:
    entry = only_entry(rss(f"<item><title>T</title><description>{'Wort ' * 300}</description></item>"))

    assert len(entry.teaser) <= 500
    assert entry.teaser.endswith("Wort…")


def test_entities_that_swell_do_not() -> None:
    swelling = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(12))
    head = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{swelling}]>'

    assert len(only_entry(rss("<item><title>&e12; T</title></item>", head=head)).title) < 300


def test_a_feed_has_at_most_five_hundred_entries() -> None:
    body = rss("".join(f"<item><title>{number}</title></item>" for number in range(600)))

    entries = parse_feed(body, url=URL).entries

    assert [entry.title for entry in entries] == [str(number) for number in range(500)]


@given(st.text())
def test_plain_text_is_one_line_without_controls(text: str) -> None:
    for words in (one_line(text), plain(text)):
        assert words == " ".join(words.split())
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", words)


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_cut_text_is_never_too_long(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


def test_a_date_far_from_today_is_no_date() -> None:
    item = "<item><title>T{0}</title><pubDate>Fri, 31 Dec {0} 23:59:59 GMT</pubDate></item>"
    items = "".join(item.format(year) for year in ("9999", "1900", "2026"))
    body = f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()

    dates = [
        entry.published_at
        for entry in parse_feed(body, url="https://stadt.example/", content_type=None).entries
    ]

    assert [date.year if date else None for date in dates] == [None, None, 2026]
