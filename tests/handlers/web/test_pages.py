from datetime import UTC, date, datetime, timedelta
from secrets import token_hex

import pytest

from bot.texts import texts
from storage.people import Department
from storage.radar import AnswerKind, FieldOfAction, Status
from storage.store import Store
from tests.handlers.web.conftest import FIELDS, NOW, Clock, Site, add, answer, event, measure, post, text_of

_ = texts("de")


async def test_the_start_page_shows_figures_the_newest_post_and_the_next_event(
    store: Store, site: Site
) -> None:
    title, meeting = token_hex(8), token_hex(8)
    measures = [measure(f"m-{number}", status=Status.IN_PROGRESS) for number in range(13)]
    store.do(add, *measures, post(title), event("treff", title=meeting))

    page = await text_of(site, "/")

    assert title in page
    assert meeting in page
    assert page.count('<span class="number">13</span>') == 2
    assert 'href="/radar"' in page


async def test_a_measure_shows_what_it_is_how_far_it_is_and_its_dated_history(
    store: Store, site: Site
) -> None:
    words = {name: token_hex(6) for name in ("title", "description", "goal", "achievements", "outlook")}
    store.do(add, Department(id=1, name="IT-Referat", short="RIT", kind="referat", source="test"))
    store.do(
        add,
        measure(
            "e-akte",
            id=1,
            **words,
            highlight="Papier ist Geschichte",
            field_of_action_id=1,
            lead_department_id=1,
            status=Status.IN_PROGRESS,
            progress_percent=37,
            confirmed_at=NOW,
            url="https://stadt.example/e-akte",
            starts_in=2019,
            ends_in=2027,
        ),
        answer(1, achievements="Acht Referate", decided_at=datetime(2026, 8, 1, 9, tzinfo=UTC)),
        answer(1, kind=AnswerKind.UNCHANGED, decided_at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC)),
    )

    page = await text_of(site, "/massnahmen/e-akte")

    for word in (*words.values(), "Papier ist Geschichte", "Acht Referate", FIELDS[0], "IT-Referat"):
        assert word in page
    assert '<progress max="100" value="37"' in page
    assert _("Status confirmed on {day}", day=_.day(NOW)) in page
    assert 'href="https://stadt.example/e-akte"' in page
    # Half past eleven in the evening in UTC is the next day in the city.
    assert page.index("2026-11-01") < page.index("2026-08-01")


async def test_a_measure_nobody_reported_on_says_so(store: Store, site: Site) -> None:
    store.do(add, measure("neu"))

    page = await text_of(site, "/massnahmen/neu")

    for sentence in ("not confirmed yet", "Status unknown", "not yet assigned", "no figure given"):
        assert _(sentence) in page


@pytest.mark.parametrize(("origin", "marks"), [("demo", 1), ("chat", 0)])
async def test_only_a_status_made_up_for_the_demo_is_marked(
    store: Store, site: Site, origin: str, marks: int
) -> None:
    store.do(add, measure("m", status=Status.PLANNED, state_origin=origin))

    for path in ("/radar", "/massnahmen/m"):
        assert (await text_of(site, path)).count(_("Demo entry")) == marks


async def test_posts_are_shown_newest_first_page_by_page(store: Store, site: Site) -> None:
    store.do(add, *(post(f"Beitrag-{day:02}", published_at=NOW - timedelta(days=day)) for day in range(25)))

    first = await text_of(site, "/beitraege")
    second = await text_of(site, "/beitraege?seite=2")

    assert first.index("Beitrag-00") < first.index("Beitrag-19")
    assert "Beitrag-20" not in first
    assert "/beitraege?seite=2" in first
    assert "Beitrag-24" in second
    for number in ("3", "0", "-1", "x", "²", "99999999999"):
        await text_of(site, f"/beitraege?seite={number}", 404)


async def test_events_to_come_stand_before_past_ones_and_moved_or_cancelled_ones_are_marked(
    store: Store, site: Site
) -> None:
    store.do(
        add,
        event("gestern", days=-1, title="Vergangenes"),
        event("morgen", days=1, title="Kommendes", place="Rathaus"),
        event("verlegt", days=2, moved_from_at=NOW),
        event("abgesagt", days=3, cancelled_at=NOW),
    )

    page = await text_of(site, "/termine")

    assert page.index("Kommendes") < page.index("Vergangenes")
    assert "Rathaus" in page
    assert page.count(f">{_('Moved')}<") == 1
    assert page.count(f">{_('Cancelled')}<") == 1
    # 17:30 in UTC is 18:30 in the city in November.
    assert _("{day}, {time}", day=_.day(date(2026, 11, 23)), time="18:30") in page


async def test_an_event_is_past_from_the_next_day_on(store: Store, site: Site, clock: Clock) -> None:
    store.do(add, event("heute", days=0))
    assert f'id="past">{_("Past")}' not in await text_of(site, "/termine")

    clock.now = NOW + timedelta(days=1)

    assert f'id="past">{_("Past")}' in await text_of(site, "/termine")


async def test_an_event_can_be_put_into_ones_own_calendar(store: Store, site: Site) -> None:
    day = date(2026, 12, 1)
    store.do(
        add,
        event("abend", title="Abend; mit\nUmbruch", url="javascript:alert(1)", cancelled_at=NOW),
        event("tage", all_day=True, starts_on=day, ends_on=day + timedelta(days=1)),
    )

    response = await site.get("/termine/abend.ics")
    evening, days = await response.text(), await text_of(site, "/termine/tage.ics")

    assert response.content_type == "text/calendar"
    assert "SUMMARY:Abend\\; mit\\nUmbruch" in evening
    assert "STATUS:CANCELLED" in evening
    assert "javascript" not in evening
    assert "DTSTART;VALUE=DATE:20261201" in days
    assert "DTEND;VALUE=DATE:20261203" in days


async def test_the_radar_shows_every_measure_as_a_mark_and_in_the_list(store: Store, site: Site) -> None:
    titles = [token_hex(6) for _number in range(12)]
    store.do(
        add,
        FieldOfAction(id=20, name="Portale und Kanäle", edition=2019, source="test"),
        *(
            measure(f"m-{number}", title=title, field_of_action_id=number or 20)
            for number, title in enumerate(titles[:10])
        ),
        *(
            measure(f"n-{number}", title=title, status=Status.PLANNED)
            for number, title in enumerate(titles[10:])
        ),
    )

    page = await text_of(site, "/radar")
    chart, _middle, listed = page.partition('id="list"')

    for title in titles:
        assert f'aria-label="{title}: ' in chart
        assert title in listed
    # A field of an older edition has no sector of its own.
    assert "Portale und Kanäle" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("feld=Bildung", {"lernen"}),
        ("feld=ohne", {"akte"}),
        ("stand=planned", {"lernen"}),
        ("stand=ohne", {"akte"}),
        ("suche=schule+TABLET", {"lernen"}),
        ("feld=Bildung&stand=ohne", set()),
        ("feld=erfunden", set()),
        ("stand=%27%20OR%201=1", set()),
        ("unbekannt=1", {"lernen", "akte"}),
        ("feld=&stand=&suche=", {"lernen", "akte"}),
    ],
)
async def test_the_radar_can_be_filtered_without_moving_a_mark(
    store: Store, site: Site, query: str, found: set[str]
) -> None:
    store.do(
        add,
        measure("lernen", title="Tablets", goal="Jede Schule", field_of_action_id=4, status=Status.PLANNED),
        measure("akte"),
    )
    whole = await text_of(site, "/radar")

    page = await text_of(site, f"/radar?{query}")

    assert {slug for slug in ("lernen", "akte") if f"/massnahmen/{slug}" in page} == found
    for slug in found:
        _before, start, rest = whole.partition(f'<a href="/massnahmen/{slug}" class="mark')
        assert start + rest.partition("</a>")[0] in page


async def test_english_pages_say_the_same_in_english(store: Store, site: Site) -> None:
    store.do(add, measure("m", status=Status.DISCONTINUED, confirmed_at=NOW))

    page = await text_of(site, "/en/massnahmen/m")

    assert '<html lang="en">' in page
    assert "Discontinued" in page
    assert "Status confirmed on 22 November 2026" in page
    assert 'href="/massnahmen/m" lang="de"' in page
    assert '<link rel="alternate" hreflang="de" href="https://stadt.example/massnahmen/m">' in page
    assert (await site.get("/en")).url.path == "/en/"


async def test_the_data_page_names_what_there_is(store: Store, site: Site) -> None:
    store.do(add, measure("beispiel"))

    assert "/api/v1/measures/beispiel" in await text_of(site, "/daten")


async def test_programs_read_measures_and_their_history(store: Store, site: Site) -> None:
    title = token_hex(8)
    store.do(
        add,
        measure("m", id=1, title=title, progress_percent=61, confirmed_at=NOW, url="javascript:alert(1)"),
        answer(1, outlook="Bald mehr"),
    )

    response = await site.get("/api/v1/measures")
    every, one = await response.json(), await (await site.get("/api/v1/measures/m")).json()

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert every["revision"] == one["revision"] > 0
    (found,) = every["measures"]
    assert (found["title"], found["progress_percent"], found["url"]) == (title, 61, None)
    assert found["page"] == "https://stadt.example/massnahmen/m"
    assert found["confirmed_at"] == NOW.isoformat()
    assert one["measure"] == found
    assert [entry["outlook"] for entry in one["history"]] == ["Bald mehr"]
