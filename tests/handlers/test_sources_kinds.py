"""Every kind of source end to end: what it shows is read, told once, changed and taken back where it stands."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from sqlmodel import Session

from bot import curation, delivery, events, pages, polling, posts, subscriptions
from bot.curation import SourceKind
from bot.posts import Post
from bot.sources import Page
from bot.subscriptions import EVENTS, POSTS
from tests.handlers.outside import NOW, Desk, Outside, kept, rss, until

PAGE = """<!doctype html><html lang="de"><head><title>Stadt</title>
<meta property="og:title" content="{title}"><meta property="og:description" content="Worum es geht.">
<meta property="og:image" content="/bild.jpg"><meta property="og:image:alt" content="Ein Bild">
<meta property="article:published_time" content="2026-11-18T08:00:00+01:00">
{canonical}</head><body><h1>{title}</h1></body></html>"""
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
EVENT = """<!doctype html><html><head><title>Termine</title><script type="application/ld+json">
{}</script></head></html>"""


@pytest.fixture
def portal(desk: Desk, outside: Outside) -> Outside:
    """A portal, and a channel that hears of everything."""
    desk.store.do(subscriptions.subscribe, POSTS, "C1", now=NOW)
    desk.store.do(subscriptions.subscribe, EVENTS, "C1", now=NOW)
    return outside


def told(desk: Desk) -> list[str]:
    rows = desk.store.ask(delivery.listed, state=None, limit=100)
    subjects = [
        desk.store.ask(posts.get if row.kind == posts.CARD else events.get, row.subject_id) for row in rows
    ]
    return sorted(subject.title for subject in subjects if subject)


def post_titled(desk: Desk, title: str) -> Post:
    def find(session: Session) -> Post:
        known = [posts.get(session, number) for number in range(1, 50)]
        return next(post for post in known if post and post.title == title)

    return desk.store.ask(find)


def sitemap(portal: Outside, *paths: str, lastmod: str = "2026-11-18T09:00:00Z") -> str:
    entries = (f"<url><loc>{portal.url}{path}</loc><lastmod>{lastmod}</lastmod></url>" for path in paths)
    return SITEMAP.format("".join(entries))


def page(title: str, canonical: str = "") -> str:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return PAGE.format(title=title, canonical=link)


async def read(desk: Desk, times: int = 3) -> None:
    """Read what is due, and again after the time in which pages are visited."""
    desk.now += timedelta(hours=7)
    for _ in range(times):
        await desk.poll()
        desk.now += timedelta(minutes=2)


def add_sitemap(session: Session, url: str, path: str, *, now: datetime) -> None:
    curation.add(
        session, kind=SourceKind.SITEMAP, name="Portal", url=url, path_prefix=path, now=now, origin="test"
    )


async def test_a_sitemap_leads_to_the_pages_and_what_they_say_of_themselves(desk: Desk, portal: Outside):
    portal.pages |= {
        "/sitemap.xml": sitemap(portal, "/a", "/impressum"),
        "/a": page("Alt"),
        "/impressum": page("Impressum"),
    }
    desk.source(f"{portal.url}/sitemap.xml", SourceKind.SITEMAP)
    await read(desk)
    assert told(desk) == []
    assert "Alt" in kept(desk.store)

    portal.pages["/b"] = page("Neu", canonical="/b?utm_source=x")
    portal.pages["/sitemap.xml"] = sitemap(portal, "/a", "/impressum", "/b")
    await read(desk)

    assert told(desk) == ["Neu"]
    post = post_titled(desk, "Neu")
    assert (post.teaser, post.url) == ("Worum es geht.", f"{portal.url}/b")
    assert (post.image_url, post.image_alt) == (f"{portal.url}/bild.jpg", "Ein Bild")


async def test_a_page_that_a_sitemap_says_has_changed_is_changed_where_it_stands(desk: Desk, portal: Outside):
    portal.pages |= {"/sitemap.xml": sitemap(portal, "/a"), "/a": page("Alt")}
    desk.source(f"{portal.url}/sitemap.xml", SourceKind.SITEMAP)
    await read(desk)
    portal.pages |= {"/sitemap.xml": sitemap(portal, "/a", lastmod="2026-11-19"), "/a": page("Verbessert")}
    await read(desk)

    assert kept(desk.store) == ["Verbessert"]
    assert told(desk) == []


async def test_only_the_pages_below_a_path_are_posts(desk: Desk, portal: Outside):
    portal.pages |= {"/sitemap.xml": sitemap(portal, "/blog/a", "/impressum"), "/blog/a": page("Beitrag")}
    desk.store.do(add_sitemap, f"{portal.url}/sitemap.xml", "/blog/", now=NOW)
    await read(desk)

    assert kept(desk.store) == ["Beitrag"]
    assert "/impressum" not in [path for path, _ in portal.asked]


async def test_what_another_path_of_a_known_sitemap_shows_first_is_its_backlog(desk: Desk, portal: Outside):
    portal.pages |= {
        "/sitemap.xml": sitemap(portal, "/blog/a", "/news/b"),
        "/blog/a": page("A"),
        "/news/b": page("B"),
    }
    for path in ("/blog/", "/news/"):
        desk.store.do(add_sitemap, f"{portal.url}/sitemap.xml", path, now=desk.now)
        await read(desk)

    assert sorted(kept(desk.store)) == ["A", "B"]
    assert told(desk) == []


async def test_an_index_of_sitemaps_leads_to_all_of_them_and_is_never_taken_as_unchanged(
    desk: Desk, portal: Outside
):
    parts = "".join(f"<sitemap><loc>{portal.url}/{name}.xml</loc></sitemap>" for name in ("posts", "pages"))
    portal.pages |= {
        "/sitemap.xml": INDEX.format(parts),
        "/posts.xml": sitemap(portal, "/a"),
        "/a": page("Alt"),
    }
    portal.pages |= {"/pages.xml": sitemap(portal, "/c"), "/c": page("Seite")}
    desk.source(f"{portal.url}/sitemap.xml", SourceKind.SITEMAP)
    await read(desk)
    portal.pages |= {"/posts.xml": sitemap(portal, "/a", "/b"), "/b": page("Neu")}
    await read(desk)

    assert told(desk) == ["Neu"]


async def test_sitemaps_of_an_index_that_come_too_slowly_are_not_asked_for_without_the_hold(
    desk: Desk, portal: Outside
):
    async def slow(_request: web.Request) -> web.StreamResponse:
        desk.now += timedelta(seconds=19)
        return web.Response(text=sitemap(portal, "/a"))

    names = [f"/{number}.xml" for number in range(30)]
    parts = "".join(f"<sitemap><loc>{portal.url}{name}</loc></sitemap>" for name in names)
    portal.pages |= {"/sitemap.xml": INDEX.format(parts), "/a": page("Seite")}
    portal.answers |= dict.fromkeys(names, slow)
    desk.source(url := f"{portal.url}/sitemap.xml", SourceKind.SITEMAP)
    began = desk.now
    await desk.poll()

    assert desk.now - began <= polling.LEASE
    assert desk.state(url).error_reason == "timeout"


async def test_a_post_whose_page_is_gone_is_withdrawn_and_comes_back_with_it(desk: Desk, portal: Outside):
    def feed(*titles: str) -> str:
        days = {"Eins": 15, "Zwei": 16, "Drei": 17}
        items = "".join(
            f"<item><title>{title}</title><link>{portal.url}/{title}</link>"
            f"<pubDate>{days[title]} Nov 2026 08:00:00 GMT</pubDate></item>"
            for title in titles
        )
        return f'<rss version="2.0"><channel><title>Stadt</title>{items}</channel></rss>'

    portal.pages |= {f"/{title}": page(title) for title in ("Drei", "Zwei", "Eins")}
    portal.pages["/feed"] = feed("Drei", "Zwei", "Eins")
    desk.source(f"{portal.url}/feed")
    await read(desk)
    portal.pages["/feed"] = feed("Drei", "Eins")
    await read(desk)
    assert "/Zwei" in [path for path, _ in portal.asked]
    assert sorted(kept(desk.store)) == ["Drei", "Eins", "Zwei"]

    desk.now += timedelta(days=8)
    del portal.pages["/Zwei"]
    portal.pages["/feed"] = feed("Drei", "Eins") + "<!-- noch einmal -->"
    await read(desk)
    assert sorted(kept(desk.store)) == ["Drei", "Eins"]
    assert post_titled(desk, "Zwei").withdrawn_at is not None

    portal.pages["/feed"] = feed("Drei", "Zwei", "Eins")
    await read(desk)
    assert sorted(kept(desk.store)) == ["Drei", "Eins", "Zwei"]


async def test_a_catalogue_of_data_brings_new_and_changed_datasets(desk: Desk, portal: Outside):
    def answer(*titles: str) -> str:
        results = [
            {
                "id": f"id-{number}",
                "name": f"datensatz-{number}",
                "title": title,
                "notes": "Was darin ist.",
                "metadata_created": "2026-11-18T08:00:00",
                "metadata_modified": "2026-11-18T08:00:00",
                "tags": [{"display_name": "Verkehr"}],
            }
            for number, title in enumerate(titles)
        ]
        return json.dumps({"success": True, "result": {"count": len(results), "results": results}})

    portal.pages["/api/3/action/package_search"] = answer("Alt")
    desk.source(f"{portal.url}/api/3/action/package_search", SourceKind.CKAN)
    await read(desk)
    portal.pages["/api/3/action/package_search"] = answer("Alt, verbessert", "Neu")
    await read(desk)

    assert told(desk) == ["Neu"]
    assert sorted(kept(desk.store)) == ["Alt, verbessert", "Neu"]
    assert post_titled(desk, "Neu").url == f"{portal.url}/dataset/datensatz-1"


async def test_a_page_with_events_brings_them_and_calls_them_off(desk: Desk, portal: Outside):
    def shown(*names: str, status: str = "EventScheduled") -> str:
        return EVENT.format(
            json.dumps(
                [
                    {
                        "@type": "Event",
                        "@id": f"#{name}",
                        "name": name,
                        "startDate": "2026-12-01T18:00",
                        "eventStatus": f"https://schema.org/{status}",
                        "location": {"@type": "Place", "name": "Rathaus"},
                    }
                    for name in names
                ]
            )
        )

    portal.pages["/termine"] = shown("Alt")
    desk.source(f"{portal.url}/termine", SourceKind.EVENT_PAGE)
    await read(desk)
    portal.pages["/termine"] = shown("Alt", "BarCamp")
    await read(desk)
    assert told(desk) == ["BarCamp"]

    portal.pages["/termine"] = shown("Alt", "BarCamp", status="EventCancelled")
    await read(desk)
    assert desk.store.ask(events.coming, today=NOW.date(), limit=10) == []


async def test_a_feed_in_json_is_a_feed(desk: Desk, portal: Outside):
    def feed(*titles: str) -> str:
        items = [{"id": title, "title": title, "url": f"https://stadt.example/{title}"} for title in titles]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Stadt", "items": items})

    portal.pages["/feed.json"] = feed("Alt")
    desk.source(f"{portal.url}/feed.json")
    await read(desk)
    portal.pages["/feed.json"] = feed("Neu", "Alt")
    await read(desk)

    assert told(desk) == ["Neu"]


async def test_an_event_that_its_calendar_drops_is_called_off_after_an_hour(desk: Desk, portal: Outside):
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    event = "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:2026120{n}T180000Z\r\nSUMMARY:Termin {n}\r\nEND:VEVENT\r\n"
    all_three = "".join(event.format(n=n) for n in (1, 2, 3))
    portal.pages["/termine"] = f"{head}{all_three}END:VCALENDAR\r\n"
    desk.source(url := f"{portal.url}/termine", SourceKind.CALENDAR)
    await read(desk)
    portal.pages["/termine"] = f"{head}{event.format(n=1)}{event.format(n=3)}END:VCALENDAR\r\n"
    await read(desk)
    assert desk.store.do(events.withdraw_missing, now=desk.now) == 0

    await read(desk)
    assert desk.state(url).succeeded_at is not None
    assert desk.store.do(events.withdraw_missing, now=desk.now) == 1
    coming = desk.store.ask(events.coming, today=NOW.date(), limit=10)
    assert [one.title for one in coming] == ["Termin 1", "Termin 3"]


async def test_a_page_at_which_the_assistant_itself_fails_keeps_no_other_waiting(
    desk: Desk, portal: Outside, monkeypatch: pytest.MonkeyPatch
):
    visited = pages.visited

    def broken(session: Session, page_id: int, found: Page, *, now: datetime) -> None:
        assert found.entry.title != "Kaputt"
        visited(session, page_id, found, now=now)

    monkeypatch.setattr(pages, "visited", broken)
    portal.pages |= {"/sitemap.xml": sitemap(portal, "/a", "/b"), "/a": page("Kaputt"), "/b": page("Gut")}
    portal.pages["/feed"] = rss(("1", "Auch gut"))
    desk.source(f"{portal.url}/sitemap.xml", SourceKind.SITEMAP)
    desk.source(f"{portal.url}/feed")
    await read(desk)

    assert sorted(kept(desk.store)) == ["Auch gut", "Gut"]
    assert [path for path, _ in portal.asked].count("/a") == 1


async def test_what_was_fetched_for_a_removed_source_is_not_taken_for_the_next_one_with_its_number(
    desk: Desk, portal: Outside
):
    portal.pages |= {"/old": rss(("1", "Alt")), "/new": rss(("2", "Neu"))}
    portal.slow["/old"] = asyncio.Event()
    desk.source(f"{portal.url}/old")
    await desk.reading.begin_due()
    await until(lambda: portal.asked)
    number = desk.state(f"{portal.url}/old").id
    desk.store.do(lambda session: curation.remove(session, curation.listed(session)[0]))
    desk.source(f"{portal.url}/new")
    assert desk.state(f"{portal.url}/new").id == number
    portal.slow["/old"].set()
    await desk.poll()

    assert "Alt" not in kept(desk.store)
