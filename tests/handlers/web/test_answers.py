"""Status codes, ETags, freshness, and what happens when something is wrong."""

import asyncio
import re
from datetime import timedelta
from secrets import token_hex

import pytest
from sqlalchemy import text
from sqlmodel import Session
from structlog.testing import capture_logs

from bot.texts import texts
from handlers.web.documents import Document
from handlers.web.kept import Kept
from storage.store import Store
from tests.handlers.web.conftest import (
    NOW,
    OWN_SCRIPT,
    Clock,
    Site,
    add,
    event,
    eventually,
    measure,
    post,
    text_of,
)

_ = texts("de")
HOSTILE = '"><script>alert(1)</script>{{7*7}}\u202e'
PAGES = ["/", "/radar", "/massnahmen/m", "/beitraege", "/termine", "/daten", "/en/", "/api/v1/measures"]


@pytest.mark.parametrize("path", PAGES)
async def test_who_has_a_page_gets_a_304_until_something_public_changes(
    store: Store, site: Site, clock: Clock, path: str
) -> None:
    store.do(add, measure("m"))
    seen = {"If-None-Match": f'"other", W/{(await site.get(path)).headers["ETag"]}'}

    again = await site.get(path, headers=seen)
    assert (again.status, await again.read()) == (304, b"")

    await store.run(add, post("Neues"))
    assert (await site.get(path, headers=seen)).status == 200

    seen = {"If-None-Match": (await site.get(path)).headers["ETag"]}
    clock.now = NOW + timedelta(days=1)
    assert (await site.get(path, headers=seen)).status == 200


async def test_a_change_made_here_shows_at_once(store: Store, site: Site) -> None:
    await text_of(site, "/beitraege")

    for _number in range(20):
        title = token_hex(8)
        await store.run(add, post(title))
        assert title in await text_of(site, "/beitraege")


async def test_a_change_made_by_another_process_shows_soon(address: str, store: Store, site: Site) -> None:
    title = token_hex(8)
    assert title not in await text_of(site, "/radar")
    other = Store(address)
    try:
        await asyncio.to_thread(other.do, add, measure("neu", title=title))

        async def is_shown() -> bool:
            return title in await text_of(site, "/radar")

        await eventually(is_shown, within_s=10)
    finally:
        other.close()


@pytest.mark.parametrize(
    "path",
    [
        "/nix",
        "/en/nix",
        "/radarr",
        "/massnahmen/nix",
        "/massnahmen/",
        "/massnahmen/..%2F..%2Fetc%2Fpasswd",
        "/massnahmen/%00",
        "/termine/nix.ics",
        "/static/x/nix.css",
        "/static/x/..%2Fapp.py",
        "/api/v1/measures/nix",
        "//evil.example/x",
    ],
)
async def test_what_is_not_there_is_a_404_with_a_way_on(site: Site, path: str) -> None:
    response = await site.session.get(f"http://{site.host}:{site.port}{path}", allow_redirects=False)

    assert response.status == 404
    assert 'href="//' not in await response.text()
    if path.startswith("/api/"):
        assert (await response.json())["error"]
    elif not path.startswith("/en/"):
        assert _("There is no such page") in await response.text()
        assert 'href="/"' in await response.text()


async def test_pages_can_only_be_read(site: Site) -> None:
    response = await site.post("/radar")

    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD"


@pytest.mark.parametrize("path", ["/", "/radar", "/nix", "/termine/t.ics", "/api/v1/measures"])
async def test_asking_for_the_head_only_gets_the_same_answer_without_a_body(
    store: Store, site: Site, path: str
) -> None:
    store.do(add, event("t"))

    head, whole = await site.head(path), await site.get(path)

    assert (head.status, await head.read()) == (whole.status, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    assert head.headers.get("ETag") == whole.headers.get("ETag")


async def test_a_slash_too_many_leads_to_the_page(site: Site) -> None:
    response = await site.get("/radar/", allow_redirects=False)

    assert (response.status, response.headers["Location"]) == (308, "/radar")


async def test_hostile_words_stay_words(store: Store, site: Site) -> None:
    store.do(
        add,
        measure("m", title=HOSTILE, description=HOSTILE, highlight=HOSTILE, url='javascript:alert("1")'),
        post(HOSTILE, teaser=HOSTILE, tags="<b>", url="data:text/html,<script>"),
        event(
            "e", title=HOSTILE, place=HOSTILE, description=HOSTILE, organiser=HOSTILE, url="//evil.example"
        ),
    )

    for path in (*PAGES[:-1], "/radar?suche=%22%3E%3Cscript%3E&feld=%3Cscript%3E&stand=%3Cscript%3E"):
        page = await text_of(site, path)
        assert "<script" not in re.sub(OWN_SCRIPT, "", page)
        assert "&gt;49" not in page
        for address in ("javascript:", "data:text", "//evil"):
            assert f'href="{address}' not in page


@pytest.mark.parametrize(
    "query", ["suche=%FF%00%ED%A0%80", "feld=%0d%0aX:1", f"suche={'x' * 5000}", "suche=%2B"]
)
async def test_no_query_breaks_the_radar(store: Store, site: Site, query: str) -> None:
    store.do(add, measure("m"))

    assert "X" not in (await site.get(f"/radar?{query}")).headers
    assert "x" * 101 not in await text_of(site, f"/radar?{query}")


async def test_a_store_that_is_down_is_said_in_a_sentence_and_forgiven_when_it_is_back(
    store: Store, site: Site
) -> None:
    await text_of(site, "/radar")

    def rename(session: Session, before: str, after: str) -> None:
        session.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))

    async def answers(status: int) -> bool:
        return (await site.get("/radar")).status == status

    store.do(rename, "revision", "away")
    await eventually(lambda: answers(503), within_s=10)

    response = await site.get("/beitraege")
    page = await response.text()
    assert _("The data is out of reach right now") in page
    assert "Traceback" not in page
    assert response.headers["Retry-After"]
    assert response.headers["Cache-Control"] == "no-store"
    assert (await (await site.get("/api/v1/measures")).json())["status"] == 503
    assert (await site.get("/healthz")).status == 503

    store.do(rename, "away", "revision")
    await eventually(lambda: answers(200), within_s=10)
    assert await (await site.get("/healthz")).json() == {"status": "ok"}


async def test_a_bug_is_told_with_a_reference_and_nothing_else(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError("inneres")

    monkeypatch.setattr("handlers.web.posts.public.posts", broken)

    with capture_logs() as logs:
        page = await text_of(site, "/beitraege", 500)

    assert _("Something went wrong here") in page
    assert "inneres" not in page
    (noted,) = [entry for entry in logs if entry["event"] == "web_page_failed"]
    assert noted["reference"] in page


async def test_the_style_sheet_is_kept_for_ever_under_its_version(site: Site) -> None:
    page = await text_of(site, "/")
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    response = await site.get(address)

    assert response.content_type == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    seen = {"If-None-Match": response.headers["ETag"]}
    assert (await site.get(address, headers=seen)).status == 304
    old = await site.get("/static/0/site.css")
    assert (old.status, old.headers["Cache-Control"]) == (200, "no-cache")


def test_documents_kept_in_memory_have_a_bound_and_leave_with_their_revision() -> None:
    kept = Kept(max_bytes=100)
    for name in "abc":
        kept.put(1, name, Document(b"x" * 40))
        kept.get(1, "a")

    assert [bool(kept.get(1, name)) for name in "abc"] == [True, False, True]
    assert kept.get(2, "a") is None

    kept.put(2, "d", Document(b"y"))
    assert kept.get(2, "a") is None
    kept.put(2, "huge", Document(b"x" * 101))
    assert kept.get(2, "huge") is None
