"""Why do I see this, and why was that not posted: asked in the chat, answered in words."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot import announcing, curation, delivery, matching, people, posts, subscriptions
from bot.curation import SourceKind
from bot.sources import Entry
from bot.subscriptions import Choice, Facet, Layout, NewsKind, Part, Rhythm, Term
from bot.workdays import Workdays
from handlers.chat.blocks.why_words import BY_SUBSCRIPTION, REASONS
from handlers.chat.messages import KINDS
from storage.posts import Unsaid
from tests.handlers.chat.conftest import ANN, COMMS, JOE, NEWS, OLE, REVIEW, START, Office
from tests.handlers.chat.test_outbound import settled, states
from tests.handlers.chat.test_overviews import made_event, made_posts
from tests.handlers.chat.test_radar import ask

KI = Term(Facet.TOPIC, "ki")
POST = "https://stadt.example/ki"


def workdays(office: Office) -> Workdays:
    return Workdays(office.settings.holidays, office.settings.zone)


async def subscribe(office: Office, target: str, *terms: tuple[Part, Term], **values: Any) -> int:
    def kept(session: Session) -> int:
        person = people.greet(session, chat_id=ANN, name="Ann Beispiel", locale="de-DE", now=START)
        by = (
            person
            if not target.startswith("U")
            else people.greet(session, chat_id=target, name="Jemand", locale="de-DE", now=START)
        )
        kinds = values.pop("kinds", frozenset({NewsKind.POST}))
        choice = Choice(kinds, frozenset(terms), **values)
        found = subscriptions.save(
            session, choice, target=target, by=by, workdays=workdays(office), now=office.clock.now
        )
        return found.id or 0

    return await office.store.run(kept)


async def publish(office: Office, *, tags: tuple[str, ...] = ("KI",), url: str = POST) -> None:
    """A source that was read before shows a new post."""

    def taken(session: Session) -> None:
        found = curation.by_url(session, "https://stadt.example/feed") or curation.add(
            session,
            kind=SourceKind.FEED,
            name="Portal",
            url="https://stadt.example/feed",
            now=START,
            origin="test",
        )
        found.succeeded_at = found.succeeded_at or START
        found.next_poll_at = START + timedelta(days=999)
        entry = Entry(
            guid=None,
            url=url,
            title="KI im Amt",
            teaser="",
            published_at=office.clock.now,
            updated_at=None,
            author=None,
            tags=tags,
            image_url=None,
            image_alt=None,
        )
        posts.take_in(session, found, [entry], now=office.clock.now)

    await office.store.run(taken)


async def why(office: Office, link: str = POST, *, who: str = ANN, channel: str | None = NEWS) -> str:
    person = office.person(who)
    await person.slash("/funk", f"warum {link}", channel=channel)
    return person.last_reply or ""


async def test_what_was_posted_says_when_by_which_subscription_and_where_else(office: Office):
    await subscribe(office, NEWS, (Part.ANY, KI))
    await subscribe(office, COMMS)
    await subscribe(office, JOE)
    await publish(office)
    await office.person(ANN).sees("KI im Amt", channel=NEWS)
    await office.person(ANN).sees("KI im Amt", channel=COMMS)
    await office.person(JOE).sees("KI im Amt")
    await settled(office, "post_card")

    said = await why(office, "http://stadt.example/ki?utm_source=mail&fbclid=1")

    assert "Gesehen am 18. November 2026, 11:00 Uhr in der Quelle „Portal“." in said
    assert "Gepostet: <http" in said
    assert "ki · sofort: *passt*" in said
    assert f"Auch gepostet in <#{COMMS}>." in said
    assert "Du hast kein Abo." in said
    assert JOE not in said


@pytest.mark.parametrize(
    ("terms", "values", "words"),
    [
        ([(Part.ALL, Term(Facet.TOPIC, "verkehr"))], {}, "Thema verkehr fehlt"),
        ([(Part.EXCEPT, KI)], {}, "Thema ki ist ausgenommen"),
        ([(Part.EXCEPT, Term(Facet.SOURCE, "1"))], {}, "Quelle Portal ist ausgenommen"),
        (
            [(Part.ANY, Term(Facet.TOPIC, "rad")), (Part.ANY, Term(Facet.SERIES, "explainit"))],
            {},
            "nichts davon kommt vor: Reihe #explainit, Thema rad",
        ),
        ([], {"kinds": frozenset({NewsKind.EVENT})}, "hört nur von: "),
    ],
)
async def test_what_does_not_fit_names_the_first_rule_that_fails(
    office: Office, terms: list[tuple[Part, Term]], values: dict[str, Any], words: str
):
    await publish(office, url="https://stadt.example/zuvor")
    await subscribe(office, NEWS, *terms, **values)
    await publish(office)

    assert words in await why(office)


async def test_subscriptions_made_changed_or_paused_only_afterwards_say_so(office: Office):
    late = await subscribe(office, NEWS, (Part.ANY, Term(Facet.TOPIC, "rad")))
    paused = await subscribe(office, NEWS, (Part.ANY, Term(Facet.TOPIC, "bus")))
    await publish(office)
    office.clock.forward(hours=1)

    def afterwards(session: Session) -> None:
        ann = people.by_chat_id(session, ANN)
        assert ann
        now, days = office.clock.now, workdays(office)
        changed = Choice(frozenset({NewsKind.POST}), frozenset({(Part.ANY, KI)}))
        subscriptions.save(
            session, changed, target=NEWS, by=ann, workdays=days, now=now, subscription_id=late
        )
        subscriptions.pause(session, paused, by=ann, now=now)
        subscriptions.save(session, Choice(changed.kinds), target=NEWS, by=ann, workdays=days, now=now)

    await office.store.run(afterwards)
    said = await why(office)

    assert "*passt, wurde aber erst danach geändert, am 18. November 2026, 12:00 Uhr*" in said
    assert "*passt, ist aber erst danach entstanden, am 18. November 2026, 12:00 Uhr*" in said
    assert "*pausiert seit 18. November 2026, 12:00 Uhr*" in said


async def test_what_waits_says_for_what(office: Office):
    await subscribe(office, NEWS, rhythm=Rhythm.DAILY, at=time(9))
    await subscribe(office, ANN, quiet=(time(10), time(13, 30)))
    await publish(office)

    said = await why(office)

    assert "Es wartet auf den Überblick vom 19. November 2026, 9:00 Uhr." in said.replace("09:00", "9:00")
    assert "Es wartet auf das Ende der Ruhezeit: 13:30 Uhr." in said


async def test_what_failed_gives_its_reason_and_what_stands_in_an_overview_names_it(office: Office):
    await subscribe(office, NEWS, rhythm=Rhythm.DAILY, at=time(9))
    await publish(office)

    def rows(session: Session) -> None:
        row = delivery.note(session, posts.CARD, 1, to="C0FREMD", now=START)
        delivery.given_up(row, "is_archived")

    await office.store.run(rows)
    office.clock.forward(days=1)
    await office.store.run(announcing.tell_due, workdays=workdays(office), now=office.clock.now)
    await office.person(ANN).sees("Tagesüberblick", channel=NEWS)
    await settled(office, "news_overview")

    said = await why(office)

    assert "Es steht im Überblick vom <http" in said
    assert "C0FREMD" not in said


@pytest.mark.parametrize(
    ("unsaid", "words"),
    [
        (Unsaid.BACKLOG, "als ich diese Quelle zum ersten Mal gelesen habe"),
        (Unsaid.OLD, "älter als 14 Tage"),
        (Unsaid.IMPORTED, "aus einer Liste"),
    ],
)
async def test_what_was_never_announced_says_why(office: Office, unsaid: Unsaid, words: str):
    await subscribe(office, NEWS)

    def kept(session: Session) -> None:
        (post_id,) = made_posts(session, 1, START)
        post = posts.get(session, post_id)
        assert post
        post.unsaid = unsaid

    await office.store.run(kept)
    said = await why(office, "https://stadt.example/1")

    assert words in said
    assert "Gepostet" not in said


async def test_events_and_measures_are_known_by_their_pages(office: Office):
    await office.store.run(made_event, "Marktplatz", START)

    event = await why(office, f"{office.settings.site_url}/termine/marktplatz-2026-12-09.ics")
    measure = await why(office, f"{office.settings.site_url}/massnahmen/e-akte", channel=None)

    assert "Marktplatz" in event
    assert "aus einer Liste, die importiert wurde" in event
    assert "Zu dieser Maßnahme ist noch keine Rückmeldung freigegeben." in measure
    assert "In diesem Kanal" not in measure


async def test_a_withdrawn_post_says_so(office: Office):
    await publish(office)

    def withdrawn(session: Session) -> None:
        post = posts.get(session, 1)
        assert post
        posts.withdraw(session, post, now=office.clock.now)

    await office.store.run(withdrawn)

    assert "Der Beitrag wurde am 18. November 2026, 11:00 Uhr zurückgezogen" in await why(office)


async def test_an_unknown_link_names_the_sources_of_its_server_and_how_they_are(office: Office):
    await publish(office)

    def failing(session: Session) -> None:
        source = curation.by_url(session, "https://stadt.example/feed")
        assert source
        source.failures, source.error_reason, source.error_detail = 1, "http_status", "404"

    await office.store.run(failing)
    there = await why(office, "https://www.stadt.example/nichts")
    nowhere = await why(office, "https://fremd.example/x")

    assert "Das habe ich nicht gesehen." in there
    assert "Portal" in there
    assert "zuletzt gelesen am 18. November 2026" in there
    assert "(404)" in there
    assert "Von fremd.example wird keine Quelle gelesen." in nowhere


@pytest.mark.parametrize("garbage", ["", "E-Akte", "<@U0ANN|ann>", "javascript:alert(1)", "https://"])
async def test_without_a_link_the_answer_says_what_to_write(office: Office, garbage: str):
    assert "zum Beispiel `/funk warum" in await why(office, garbage)


async def test_a_list_is_not_one_thing(office: Office):
    assert "Diese Seite zeigt vieles" in await why(office, f"{office.settings.site_url}/radar")


async def opened(office: Office, who: str, text: str, channel: str | None = None) -> str:
    person = office.person(who)
    message = await person.sees(text, channel=channel)
    if states(office, ""):
        await settled(office, "")
    await person.message_shortcut("why_from_message", message)
    form = await person.form("Warum sehe ich das?")
    return str(form.view.blocks)


async def test_the_shortcut_says_who_subscribed_and_offers_to_change_that(office: Office):
    await subscribe(office, NEWS, (Part.ANY, KI))
    await publish(office)

    said = await opened(office, ANN, "KI im Amt", NEWS)

    assert f"Weil <#{NEWS}> Beiträge" in said
    assert "abonniert hat (Abo von Kollegin)." in said
    for action_id in ("subscription_change", "subscription_pause", "subscription_stop"):
        assert action_id in said


async def test_in_a_direct_message_it_is_you(office: Office):
    await subscribe(office, ANN, layout=Layout.LINE)
    await publish(office)

    assert "Weil du Beiträge abonniert hast." in await opened(office, ANN, "KI im Amt")


async def test_the_button_of_an_overview_leads_to_its_subscription(office: Office):
    await subscribe(office, NEWS, rhythm=Rhythm.DAILY, at=time(9))
    await publish(office)
    office.clock.forward(days=1)
    await office.store.run(announcing.tell_due, workdays=workdays(office), now=office.clock.now)
    ann = office.person(ANN)

    overview = await ann.sees("Tagesüberblick", channel=NEWS)
    await settled(office, "news_overview")
    await ann.click("Warum sehe ich das?", message=overview)

    assert f"Weil <#{NEWS}> Beiträge abonniert hat" in str((await ann.form()).view.blocks)


async def test_a_folded_burst_names_all_subscriptions_that_brought_it(office: Office):
    await subscribe(office, NEWS)
    await subscribe(office, NEWS, (Part.ANY, KI), layout=Layout.LINE)

    def burst(session: Session) -> None:
        ids = made_posts(session, 8, START)
        found = [posts.get(session, post_id) for post_id in ids]
        for post in found:
            assert post
            post.tags = "KI"
        news = [(post.id or 0, matching.of_post(post)) for post in found if post]
        announcing.tell(session, posts.CARD, news, now=START)

    await office.store.run(burst)

    assert f"Weil <#{NEWS}> 2 Abos dazu hat:" in await opened(office, ANN, "8 neue Beiträge", NEWS)


async def test_a_subscription_that_was_stopped_meanwhile_is_no_more(office: Office):
    kept = await subscribe(office, NEWS)
    await publish(office)
    await office.person(ANN).sees("KI im Amt", channel=NEWS)

    def stopped(session: Session) -> None:
        ann = people.by_chat_id(session, ANN)
        assert ann
        subscriptions.stop(session, kept, by=ann, now=office.clock.now)

    await office.store.run(stopped)

    assert "Das Abo dazu gibt es nicht mehr" in await opened(office, ANN, "KI im Amt", NEWS)


async def test_messages_that_are_no_news_say_in_a_sentence_why_they_came(office: Office):
    await ask(office)

    assert "Weil du für diese Maßnahmen zuständig bist." in await opened(office, OLE, "Stimmt das noch?")


async def test_a_message_of_someone_else_gets_a_friendly_sentence(office: Office):
    await office.person(ANN).say("Hallo zusammen", channel=REVIEW)

    assert "Diese Nachricht ist nicht von mir." in await opened(office, ANN, "Hallo zusammen", REVIEW)


def test_every_kind_of_message_has_its_reason():
    assert KINDS.keys() == BY_SUBSCRIPTION | REASONS.keys()
