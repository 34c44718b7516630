"""Links lead to the post, event, measure or page that is meant, however they are spelled."""

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot import curation, events, links, posts
from bot.curation import SourceKind
from bot.links import Page, link_in
from storage.store import Store
from tests.made import NOW, measure

SITE = "https://digital.stadt.example"
URL = "https://www.muenchen.digital/blog/ki-im-amt/?a=1"


def fill(session: Session) -> None:
    measure(session, "E-Akte")
    posts.import_post(session, title="KI im Amt", url=URL, published_at=NOW, tags=(), origin="test", now=NOW)
    for day in (1, 25, 30):
        events.import_event(
            session,
            title="Marktplatz",
            starts_on=date(2026, 11, day),
            ends_on=None,
            starts=time(18),
            ends=None,
            place=None,
            organiser=None,
            url="https://stadt.example/marktplatz_100%25",
            origin="test",
            zone=ZoneInfo("Europe/Berlin"),
            now=NOW,
        )


def found(store: Store, url: str) -> object:
    subject = store.ask(links.find, url, site_url=SITE, now=NOW)
    if isinstance(subject, Page | None):
        return subject
    return getattr(subject, "slug", None) or getattr(subject, "title", None)


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://muenchen.digital/blog/ki-im-amt?a=1",
        "https://www.muenchen.digital/blog/ki-im-amt/?a=1&utm_source=mail&fbclid=x",
        "https://WWW.Muenchen.digital:443/blog/ki-im-amt/?a=1#kommentare",
    ],
)
def test_a_post_is_found_by_any_spelling_of_its_address(store: Store, url: str):
    store.do(fill)

    assert found(store, url) == "KI im Amt"


@pytest.mark.parametrize(
    ("url", "what"),
    [
        (f"{SITE}/massnahmen/e-akte", "e-akte"),
        ("http://digital.stadt.example/en/massnahmen/e-akte/?x=1", "e-akte"),
        (f"{SITE}/termine/marktplatz-2026-11-25.ics", "marktplatz-2026-11-25"),
        (f"{SITE}/termine#marktplatz-2026-11-25", "marktplatz-2026-11-25"),
        (f"{SITE}/en/termine#marktplatz-2026-11-25", "marktplatz-2026-11-25"),
        (f"{SITE}/radar?status=planned", Page.RADAR),
        (f"{SITE}/en/beitraege", Page.POSTS),
        (f"{SITE}/termine/", Page.EVENTS),
        (SITE, Page.START),
        (f"{SITE}/en/", Page.START),
        (f"{SITE}/massnahmen/nichts", None),
        (f"{SITE}/daten", None),
        ("https://digital.stadt.example.evil.example/massnahmen/e-akte", None),
        ("https://nirgends.example/", None),
    ],
)
def test_pages_of_our_site_are_known_and_others_are_not(store: Store, url: str, what: object):
    store.do(fill)

    assert found(store, url) == what


def test_of_several_events_with_one_address_the_next_one_is_meant(store: Store):
    store.do(fill)

    assert found(store, "http://stadt.example/marktplatz_100%25?utm_medium=x") == "marktplatz-2026-11-25"
    assert found(store, "http://stadt.example/marktplatz") is None


def test_previews_are_for_our_domain_and_those_of_most_sources_five_at_most(store: Store):
    def add(session: Session) -> None:
        for name in ("www.a.example/1", "a.example/2", "127.0.0.1/x", "localhost/x", *"bcdefg"):
            url = f"https://{name}" if "/" in name else f"https://{name}.example/feed"
            curation.add(session, kind=SourceKind.FEED, name=name, url=url, now=NOW, origin="test")

    store.do(add)

    asked = store.ask(links.domains, "https://www.digital.stadt.example:8443")
    assert asked == ["digital.stadt.example", "a.example", "b.example", "c.example", "d.example"]
    assert links.own_domains("http://127.0.0.1:8080") == links.own_domains("") == []


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("<https://x.example/a?b=1&amp;c=2|x.example/a>", "https://x.example/a?b=1&c=2"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("bitte <http://x.example/|x.example>!", "http://x.example/"),
        ("https://x.example/a.", "https://x.example/a"),
        ("(www.x.example/a)", "https://www.x.example/a"),
        ("x.example/a", "https://x.example/a"),
        ("", None),
        ("E-Akte", None),
        ("<@U0ANN> <#C0NEWS|neues> <mailto:a@x.example|a@x.example>", None),
        ("javascript:alert(1)", None),
        ("<https://stadt.example@evil.example/>", None),
        ("<https://[|x>", None),
    ],
)
def test_a_link_is_taken_out_of_what_someone_typed(said: str, address: str | None):
    assert link_in(said) == address


@given(st.text())
def test_whatever_someone_types_is_an_address_or_none(said: str):
    for words in (said, f"<{said}>", f"<https://{said}|x>", f"https://{said}"):
        address = link_in(words)
        assert address is None or address.startswith(("http://", "https://"))


@given(st.text(max_size=50))
def test_no_address_is_too_strange_to_be_looked_up(sqlite_store_once: Store, said: str):
    if address := link_in(f"https://stadt.example/{said}"):
        sqlite_store_once.ask(links.find, address, site_url=SITE, now=NOW)


@pytest.fixture(scope="module")
def sqlite_store_once(migrated_file: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{migrated_file}")
    yield store
    store.close()
