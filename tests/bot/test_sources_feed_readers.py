"""Two programs read feeds: a quick one where there is no mistake, feedparser for the rest."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.sources import Entry, Feed, feed_xml
from bot.sources.feeds import parse_feed
from bot.sources.plain import word_count

FILES = Path(__file__).parent / "files"
URL = "https://digital.example/feed/"
FEEDS = ["beitraege.rss", "beitraege.atom", "beitraege.rdf", "foerderung.rss"]


def rss(items: str, *, channel: str = "") -> bytes:
    names = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    return f'<rss version="2.0" {names}><channel><title>T</title>{channel}{items}</channel></rss>'.encode()


def read_by_feedparser(body: bytes) -> Feed:
    with patch.object(feed_xml, "read", return_value=None):
        return parse_feed(body, url=URL)


@pytest.fixture(params=["quick", "feedparser"])
def episodes(request: pytest.FixtureRequest) -> tuple[Entry, ...]:
    body = (FILES / "foerderung.rss").read_bytes()
    return (parse_feed(body, url=URL) if request.param == "quick" else read_by_feedparser(body)).entries


READERS = pytest.mark.parametrize("read", [lambda body: parse_feed(body, url=URL), read_by_feedparser])
WHOLE = "<p>Das ist <b>der&nbsp;ganze</b> Text,</p><p>x &lt; y</p><br/>und mehr."


@pytest.mark.parametrize("name", FEEDS)
def test_nobody_can_tell_which_of_the_two_has_read_a_feed(name: str) -> None:
    body = (FILES / name).read_bytes()

    assert feed_xml.read(body, encoding=None) is not None
    assert parse_feed(body, url=URL) == read_by_feedparser(body)


def test_the_address_of_an_entry_is_its_own_and_not_the_one_that_counts_readers(
    episodes: tuple[Entry, ...],
) -> None:
    assert episodes[0].url == "https://digital.example/folgen/1"


def test_two_entries_with_one_name_are_two_entries(episodes: tuple[Entry, ...]) -> None:
    assert [entry.guid for entry in episodes] == ["folge", "folge"]


def test_a_date_of_1970_is_a_missing_one(episodes: tuple[Entry, ...]) -> None:
    assert episodes[1].published_at is None


def test_an_episode_is_read_with_its_picture_and_topics(episodes: tuple[Entry, ...]) -> None:
    assert episodes[0].title == "Folge 1: Wie fördert die Stadt?"
    assert episodes[0].teaser == "Es geht um Geld. Viel Geld."
    assert episodes[0].tags == ("Förderung", "Podcast")
    assert episodes[0].image_url == "https://digital.example/bilder/1.jpg"


def test_a_film_is_read_with_its_description_and_picture(episodes: tuple[Entry, ...]) -> None:
    assert episodes[1].teaser == "Der Film zur Folge."
    assert (episodes[1].author, episodes[1].image_url) == ("Rita Rat", "https://digital.example/bilder/2.jpg")


def test_a_feed_may_say_that_it_shows_all_there_is() -> None:
    body = (FILES / "foerderung.rss").read_bytes()

    assert parse_feed(body, url=URL).is_complete
    assert not parse_feed(rss("<item><title>A</title></item>"), url=URL).is_complete


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl> 1440 </ttl>", timedelta(days=1)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        (
            "<sy:updatePeriod>Daily\n</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(hours=6),
        ),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", timedelta(weeks=1)),
        ("<sy:updatePeriod>monthly</sy:updatePeriod>", timedelta(days=30)),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", timedelta(days=365)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>bald</ttl>", None),
        ("<ttl>999999999999999999999</ttl>", None),
        ("<ttl>0</ttl><sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1)),
        ("<sy:updatePeriod>never</sy:updatePeriod>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>oft</sy:updateFrequency>", None),
    ],
)
@pytest.mark.parametrize("item", ["<item><title>A</title></item>", ""])
def test_a_feed_may_say_for_how_long_it_stays_fresh(channel: str, ttl: timedelta | None, item: str) -> None:
    assert parse_feed(rss(item, channel=channel), url=URL).ttl == ttl


def test_of_too_many_entries_the_newest_stay_in_their_order() -> None:
    first = datetime(2000, 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=number) for number in range(10_000)]
    items = "".join(
        f"<item><title>{day:%j}</title><pubDate>{day:%a, %d %b %Y} 00:00:00 GMT</pubDate></item>"
        for day in days
    )
    undated = "<item><title>ohne Datum</title></item>"

    entries = parse_feed(rss(items + undated), url=URL).entries

    assert [entry.published_at for entry in entries] == [*days[-499:], None]


def test_what_stands_beside_the_markup_of_a_text_counts() -> None:
    body = rss("<item><title>A <em>und</em> B</title><description>Eins<br/>Zwei</description></item>")

    (entry,) = parse_feed(body, url=URL).entries

    assert (entry.title, entry.teaser) == ("A und B", "Eins Zwei")


@pytest.mark.parametrize("base", ["https://[kaputt", "https://a:b", "javascript:", "//", "http://a@b/"])
def test_a_start_of_links_that_is_no_address_costs_nothing(base: str) -> None:
    body = (FILES / "beitraege.atom").read_bytes().replace(b"https://digital.example/blog/", base.encode(), 1)

    assert [entry.title for entry in parse_feed(body, url=URL).entries] == [
        "Das Element <b> erklärt",
        "Ohne Adresse",
    ]


def test_a_long_text_is_not_read_to_its_end_for_a_teaser() -> None:
    style = f"<style>{'a{}' * 5_000}</style>"
    body = rss(
        f"<item><title>T</title><description><![CDATA[{style}<p>Das {'Wort ' * 9_000}]]></description></item>"
    )

    (entry,) = parse_feed(body, url=URL).entries

    assert entry.teaser.startswith("Das Wort Wort")
    assert len(entry.teaser) > 450


def test_a_document_may_define_nothing_that_is_fetched_or_swells(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim")
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    body = head.encode() + rss("<item><title>A &x; B</title></item>")

    (entry,) = parse_feed(body, url=URL).entries

    assert "geheim" not in entry.title


@READERS
def test_how_long_a_post_is_is_known_where_the_whole_of_it_is_shown(read: Callable[[bytes], Feed]) -> None:
    in_rss = rss(
        "<item><title>Ganz</title><description>Nur der Anfang</description>"
        f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[{WHOLE}]]>"
        "</content:encoded></item>"
        "<item><title>Anfang</title><description>Nur der Anfang</description></item>"
    )
    in_atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>1</id>'
        f"<entry><id>2</id><title>A</title><content type='html'><![CDATA[{WHOLE}]]></content></entry>"
        "<entry><id>3</id><title>B</title><content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'><p>Eins zwei</p><p>drei</p></div></content></entry>"
        "<entry><id>4</id><title>C</title><content>Eins zwei</content></entry>"
        "<entry><id>5</id><title>D</title><summary>Nur der Anfang</summary></entry></feed>"
    ).encode()

    assert [entry.word_count for entry in read(in_rss).entries] == [9, None]
    assert [entry.word_count for entry in read(in_atom).entries] == [9, 3, 2, None]


@READERS
def test_an_entry_that_a_film_hangs_on_is_one(read: Callable[[bytes], Feed]) -> None:
    films = [("video/mp4", True), ("audio/mpeg", False), ("image/jpeg", False)]
    items = "".join(
        f"<item><title>A</title><enclosure url='https://x.example/1' type='{type_}' length='1'/></item>"
        for type_, _ in films
    )

    assert [entry.is_video for entry in read(rss(items)).entries] == [is_video for _, is_video in films]


@pytest.mark.parametrize("piece", ["<", ">", "<p", "<<>", "&lt;", "< a "])
def test_counting_words_takes_no_longer_for_nonsense(piece: str) -> None:
    started = time.monotonic()
    word_count(piece * 300_000)

    assert time.monotonic() - started < 2
