import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import FetchError, Reason, Sitemap, SitemapPage
from bot.sources.sitemaps import MAX_BYTES, parse_sitemap

URL = "https://digital.example/sitemap.xml"
NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def page(path: str, *, lastmod: str = "", inside: str = "") -> str:
    when = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://digital.example/{path}</loc>{when}{inside}</url>"


def urlset(*pages: str, names: str = NAMES) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {names}>{"".join(pages)}</urlset>'.encode()


def read(body: bytes) -> Sitemap:
    return parse_sitemap(body, url=URL)


def paths(found: Sitemap) -> list[str]:
    return [one.url.removeprefix("https://digital.example/") for one in found.pages]


def test_the_newest_page_comes_first_and_those_without_a_date_last() -> None:
    body = urlset(page("a"), page("b", lastmod="2026-11-01"), page("c", lastmod="2026-11-20"), page("d"))

    assert paths(read(body)) == ["c", "b", "a", "d"]


@pytest.mark.parametrize(
    ("lastmod", "moment"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T09:30+01:00", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T09:30:15+01:00", datetime(2026, 11, 20, 8, 30, 15, tzinfo=UTC)),
        ("2026-11-20T09:30:15.45Z", datetime(2026, 11, 20, 9, 30, 15, tzinfo=UTC)),
        ("2026-11-20T09:30:15+0100", datetime(2026, 11, 20, 8, 30, 15, tzinfo=UTC)),
        (" 2026-11-20 09:30:15 ", datetime(2026, 11, 20, 9, 30, 15, tzinfo=UTC)),
        ("0000-00-00", None),
        ("1970-01-01T00:00:00Z", None),
        ("gestern", None),
    ],
)
def test_every_form_of_a_date_is_understood(lastmod: str, moment: datetime | None) -> None:
    assert read(urlset(page("a", lastmod=lastmod))).pages[0].changed_at == moment


def test_a_sitemap_of_news_has_titles_and_dates() -> None:
    news = (
        "<n:news><n:publication><n:name>Stadt</n:name><n:language>de</n:language></n:publication>"
        "<n:publication_date>2026-11-20T09:30:00+01:00</n:publication_date>"
        "<n:title>B&#252;rger*innen &amp;amp; &lt;b&gt;Portal&lt;/b&gt;</n:title></n:news>"
    )
    picture = "<image:image><image:loc>https://digital.example/bild.png</image:loc></image:image>"

    assert read(urlset(page("a", inside=picture + news))).pages == (
        SitemapPage(
            url="https://digital.example/a",
            title="Bürger*innen & Portal",
            published_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
        ),
    )


def test_an_index_names_sitemaps() -> None:
    body = (
        f"<sitemapindex {NAMES}><sitemap><loc>https://digital.example/a.xml</loc></sitemap>"
        "<sitemap><loc>https://digital.example/b.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap></sitemapindex>"
    ).encode()
    found = read(body)

    assert [one.url for one in found.sitemaps] == [
        "https://digital.example/b.xml.gz",
        "https://digital.example/a.xml",
    ]
    assert found.pages == ()


def test_only_pages_of_the_same_host_are_named() -> None:
    others = "".join(
        f"<url><loc>{link}</loc></url>"
        for link in (
            "https://andere.example/x",
            "http://digital.example.boese.example/",
            "https://www.digital.example/y",
            "javascript:alert(1)",
            "https://digital.example@boese.example/",
        )
    )

    assert [one.url for one in read(urlset(others)).pages] == ["https://www.digital.example/y"]


def test_a_page_is_named_once() -> None:
    assert paths(read(urlset(page("a"), page("b"), page("a")))) == ["a", "b"]


def test_of_very_many_pages_the_newest_stay() -> None:
    first = datetime(2000, 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=number % 9_000) for number in range(12_000)]
    found = read(urlset(*(page(str(number), lastmod=f"{day:%Y-%m-%d}") for number, day in enumerate(days))))

    assert len(found.pages) == 5_000
    assert found.pages[0].changed_at == max(days)
    assert found.pages[-1].changed_at == sorted(days, reverse=True)[4_999]


@pytest.mark.parametrize("names", ["", 'xmlns="http://www.google.com/schemas/sitemap/0.84"'])
def test_a_sitemap_without_its_usual_name_is_one_too(names: str) -> None:
    assert paths(read(b"\xef\xbb\xbf\n" + urlset(page("a"), names=names))) == ["a"]


def test_a_packed_sitemap_is_unpacked() -> None:
    assert paths(read(gzip.compress(urlset(page("a"))))) == ["a"]


def test_a_packed_sitemap_that_grows_without_measure_is_left() -> None:
    with pytest.raises(FetchError) as caught:
        read(gzip.compress(bytes(MAX_BYTES + 1)))

    assert caught.value.reason is Reason.TOO_LARGE


def test_a_sitemap_may_be_a_list_of_addresses() -> None:
    body = "\ufeffhttps://digital.example/a\r\n\r\n  https://digital.example/b\nhttps://andere.example/\n".encode()

    assert paths(read(body)) == ["a", "b"]


def test_what_comes_before_a_mistake_is_kept() -> None:
    body = urlset(page("a"), page("b"))

    assert paths(read(body[: body.index(b"/b")])) == ["a"]
    assert paths(read(urlset(page("a"), "<url><loc>&nichts;</loc></url>", page("c")))) == ["a"]


def test_a_sitemap_without_pages_is_a_sitemap() -> None:
    assert read(urlset()) == Sitemap()


def test_a_sitemap_fetches_nothing(tmp_path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("https://digital.example/geheim")
    body = (
        f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}">]><urlset><url><loc>&x;</loc></url></urlset>'
    )

    assert read(body.encode()) == Sitemap()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>https://digital.example/a</body></html>",
        b"<rss><channel/></rss>",
        b"nur Text",
        b"https://digital.example/a\nnur Text",
        b"\x1f\x8bkaputt",
        b"{}",
        b"<",
        b"BEGIN:VCALENDAR",
    ],
)
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        read(body)

    assert caught.value.reason is Reason.NOT_A_SITEMAP


moment = st.integers(700_000_000, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
title = st.text("abcdefghijklmnopqrstuvwxyzäöüß", max_size=20)


@given(st.lists(st.tuples(title, moment), max_size=20))
def test_a_written_sitemap_comes_back_as_it_was(items: list[tuple[str, datetime]]) -> None:
    written = [
        page(
            str(number),
            inside=f"<n:news><n:title>{words}</n:title><n:publication_date>{when.isoformat()}</n:publication_date></n:news>",
        )
        for number, (words, when) in enumerate(items)
    ]

    found = sorted(read(urlset(*written)).pages, key=lambda one: int(one.url.rpartition("/")[2]))

    assert [(one.title, one.published_at) for one in found] == items
