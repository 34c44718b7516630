from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.sources import Entry, FetchError, Offer, Page, Reason
from bot.sources.pages import parse_page

FILES = Path(__file__).parent / "files"
URL = "https://digital.example/beitraege/portal/?utm_campaign=herbst"
TODAY = date(2026, 11, 22)


def read(body: bytes | str, *, url: str = URL, content_type: str | None = "text/html") -> Page:
    data = body if isinstance(body, bytes) else body.encode()
    return parse_page(data, url=url, content_type=content_type, today=TODAY, timezone="Europe/Berlin")


def head(markup: str, **options: str) -> Entry:
    return read(f"<!doctype html><html><head>{markup}</head><body></body></html>", **options).entry


def linked(json: str, more: str = "") -> Entry:
    return head(f'<script type="application/ld+json">{json}</script>{more}')


@pytest.fixture
def page() -> Page:
    return read((FILES / "beitrag.html").read_bytes())


def test_a_page_is_read_in_full(page: Page) -> None:
    assert page.site == "Digitale Stadt"
    assert page.entry == Entry(
        guid=None,
        url="https://www.digital.example/beitraege/portal",
        title="Bürger*innen & Verwaltung: das neue Portal",
        teaser="Kurz gesagt.",
        published_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
        updated_at=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
        author="Rita Rat",
        tags=("Portal", "#ExplainIT"),
        image_url="https://digital.example/bilder/portal.jpg",
        image_alt="Das Portal auf einem Tablet",
    )


def test_the_feeds_and_calendars_of_a_page_are_offered_each_once(page: Page) -> None:
    assert page.offers == (
        Offer("feed", "https://digital.example/feed/", "Digitale Stadt » Feed"),
        Offer("comments", "https://digital.example/comments/feed/", "Digitale Stadt » Kommentar-Feed"),
        Offer("comments", "https://digital.example/beitraege/portal/feed/", "Kommentare zu Das neue Portal"),
        Offer("feed", "https://digital.example/feed.json", "JSON Feed"),
        Offer("calendar", "https://digital.example/termine/?ical=1", "Termine"),
        Offer("calendar", "https://digital.example/barcamp.ics", "BarCamp abonnieren"),
        Offer("feed", "https://digital.example/reihe/rss.xml", "Reihe als RSS"),
        Offer("feed", "https://podcast.example/folgen.atom", "Podcast"),
    )


def test_a_page_that_says_nothing_of_itself_is_known_by_its_head() -> None:
    entry = head('<title>Ein\n Titel</title><meta name="Description" content="Ein  Satz.">')

    assert (entry.title, entry.teaser) == ("Ein Titel", "Ein Satz.")
    assert entry.url == "https://digital.example/beitraege/portal/"
    assert (entry.published_at, entry.author, entry.tags, entry.image_url) == (None, None, (), None)


def test_an_article_may_be_described_by_linked_data() -> None:
    entry = linked(
        """{"@context": "https://schema.org", "@graph": [
        {"@type": "WebPage", "@id": "https://d.example/#page", "name": "Die Seite", "datePublished": "2026-01-01"},
        {"@type": ["Article", "BlogPosting"], "headline": "Der Beitrag &amp; mehr", "description": "Ein Satz.",
         "datePublished": "2026-11-20T09:30:00", "dateModified": "2026-11-21",
         "author": {"@id": "#rita"}, "keywords": "Portal, Wahl", "image": {"@id": "#bild"}},
        {"@type": "Person", "@id": "#rita", "name": "Rita Rat"},
        {"@type": "ImageObject", "@id": "#bild", "url": "/bild.png", "caption": "Ein Bild"}]}"""
    )

    assert (entry.title, entry.teaser) == ("Der Beitrag & mehr", "Ein Satz.")
    assert entry.published_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert (entry.author, entry.tags) == ("Rita Rat", ("Portal", "Wahl"))
    assert (entry.image_url, entry.image_alt) == ("https://digital.example/bild.png", "Ein Bild")


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "Article", "headline": "Neu",}',
        '[{"@type": "Article", "headline": "Neu"},]',
        '//<![CDATA[\n{"@type": "Article", "headline": "Neu"}\n//]]>',
        '/* <![CDATA[ */ {"@type": "Article", "headline": "Neu"} /* ]]> */',
        '<!-- {"@type": "Article", "headline": "Neu"} -->',
        '{"@type": "Article", "description": "Zeile\neins\t", "headline": "Neu"};',
        '{"@type": "http://schema.org/Article", "headline": "Neu"} {"@type": "Thing"}',
        '{"@type": "WebSite", "mainEntity": [[{"@type": "NewsArticle", "headline": "Neu"}]]}',
    ],
)
def test_linked_data_with_usual_mistakes_is_understood(script: str) -> None:
    assert linked(script).title == "Neu"


@pytest.mark.parametrize(
    "script", ["{", '{"@type": "Article", "headline": }', "[" * 100_000, "null", "", '"x"']
)
def test_a_broken_script_harms_no_other(script: str) -> None:
    good = (
        '<script type="application/ld+json; charset=utf-8">{"@type": "Article", "headline": "Neu"}</script>'
    )

    assert linked(script, more=good).title == "Neu"


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<link rel="canonical" href="/a">', "https://digital.example/a"),
        ('<link rel="canonical" href="http://www.digital.example/a">', "http://www.digital.example/a"),
        ('<link rel="canonical" href="https://boese.example/a">', URL.partition("?")[0]),
        (
            '<link rel="canonical" href=""><meta property="og:url" content="https://digital.example/b">',
            "https://digital.example/b",
        ),
        ('<meta property="og:url" content="https://boese.example/b">', URL.partition("?")[0]),
        ('<link rel="canonical" href="javascript:alert(1)">', URL.partition("?")[0]),
        ('<base href="/en/"><link rel="canonical" href="a">', "https://digital.example/en/a"),
    ],
)
def test_the_address_of_a_page_is_the_one_it_calls_its_own_on_the_same_host(markup: str, url: str) -> None:
    assert head(markup).url == url


@pytest.mark.parametrize(
    ("encoding", "meta", "content_type"),
    [
        ("utf-8", "", "text/html"),
        ("utf-8", "", "text/html; charset=iso-8859-1"),
        ("utf-8", '<meta charset="iso-8859-1">', None),
        ("utf-8-sig", "", "text/html; charset=iso-8859-1"),
        ("utf-16", "", None),
        ("iso-8859-15", '<meta charset="iso-8859-15">', "text/html"),
        ("cp1252", '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', None),
        ("cp1252", "", "text/html; charset=windows-1252"),
        ("cp1252", '<meta charset="utf-8">', "text/html; charset=utf-8"),
        ("cp1252", '<meta charset="quatsch">', None),
    ],
)
def test_umlauts_survive_whatever_the_server_and_the_page_say(
    encoding: str, meta: str, content_type: str | None
) -> None:
    body = f"<html><head>{meta}<title>Grüße - 5 €</title></head></html>".encode(encoding)

    assert read(body, content_type=content_type).entry.title == "Grüße - 5 €"


def test_markup_and_scripts_do_not_reach_the_readers() -> None:
    entry = head(
        '<meta property="og:title" content="&lt;img src=x onerror=alert(1)&gt;Neu\u202e">'
        '<meta property="og:image" content="javascript:alert(1)">'
        '<meta property="article:author" content="https://facebook.example/rita">'
    )

    assert (entry.title, entry.image_url, entry.author) == ("Neu", None, None)


def test_a_data_portal_offers_its_catalogue() -> None:
    page = read('<head><meta name="generator" content="ckan 2.10.4"><title>Offene Daten</title></head>')

    assert page.offers == (
        Offer("ckan", "https://digital.example/api/3/action/package_search", "Offene Daten"),
    )


@pytest.mark.parametrize(
    "body", [b"", b"nur Text", b"%PDF-1.7\x00\x01", b'{"a": 1}', b"\x89PNG\r\n", b"<rss/>"]
)
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        read(body)

    assert caught.value.reason is Reason.NOT_A_PAGE


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("720", 720),
        ('"720"', 720),
        ('"0"', None),
        ('"viele"', None),
        ("99999999999", None),
        ("-5", None),
        ("[]", None),
    ],
)
def test_an_article_may_say_how_long_it_is(said: str, words: int | None) -> None:
    assert linked(f'{{"@type": "Article", "headline": "X", "wordCount": {said}}}').word_count == words
