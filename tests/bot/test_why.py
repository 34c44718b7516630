"""Why something was told or not, on both stores: what borrowed posts and measures have to say, and to whom."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot import announcing, curation, delivery, posts, radar, subscriptions, why
from bot.curation import Source, SourceKind
from bot.people import Role
from bot.sources import Entry
from bot.subscriptions import Choice, Facet, Layout, NewsKind, Part, Term
from bot.why import Answer, Cause, NotOneError, Stands, Unknown
from bot.workdays import Workdays
from storage.radar import Answer as RadarAnswer
from storage.radar import AnswerKind, AnswerState
from storage.store import Store
from tests.made import NOW, measure, person, send_all, state

SITE = "https://digital.stadt.example"
POST = "https://eins.example/beitrag"
MUNICH = Workdays("DE-BY:public,catholic", ZoneInfo("Europe/Berlin"))


def ask(store: Store, url: str, *, who: str = "U0ANN", channel: str = "C1") -> Answer | Unknown:
    def asked(session: Session) -> Answer | Unknown:
        by = person(session, who)
        return why.ask(session, url, site_url=SITE, channel_id=channel, by=by, now=NOW)

    return store.do(asked)


def heard(store: Store, url: str, **where: str) -> Answer:
    found = ask(store, url, **where)
    assert isinstance(found, Answer)
    return found


def subscribe(session: Session, target: str, *terms: tuple[Part, Term], **values: object) -> None:
    by = person(session, target if target.startswith("U") else "U0ANN")
    choice = Choice(frozenset(NewsKind), frozenset(terms), **values)  # type: ignore[arg-type]
    subscriptions.save(session, choice, target=target, by=by, workdays=MUNICH, now=NOW)


def source(session: Session, name: str) -> Source:
    found = curation.add(
        session, kind=SourceKind.FEED, name=name, url=f"https://{name}.example/feed", now=NOW, origin="test"
    )
    found.succeeded_at = NOW
    return found


def show(session: Session, found: Source) -> None:
    entry = Entry(
        guid=None,
        url=POST,
        title="Beitrag",
        teaser="",
        published_at=NOW,
        updated_at=None,
        author=None,
        tags=(),
        image_url=None,
        image_alt=None,
    )
    posts.take_in(session, found, [entry], now=NOW)


def test_a_post_that_another_source_shows_too_fits_who_hears_that_one(store: Store):
    def fill(session: Session) -> None:
        first, second = source(session, "eins"), source(session, "zwei")
        show(session, first)
        show(session, second)
        subscribe(session, "C1", (Part.ANY, Term(Facet.SOURCE, str(second.id))))

    store.do(fill)
    found = heard(store, POST)

    # It was made in the same moment, so that nothing but the rule decides.
    assert found.here
    assert [one.cause for one in found.here.verdicts] == [Cause.FITS]


def test_nobody_is_watched_what_others_hear_in_direct_messages_is_not_told(store: Store):
    def fill(session: Session) -> None:
        for target in ("C1", "C2", "U0JOE"):
            subscribe(session, target)
        show(session, source(session, "eins"))
        send_all(session, NOW)

    store.do(fill)

    asked = heard(store, POST)
    assert (asked.elsewhere, asked.mine.standing, list(asked.mine.verdicts)) == (["C2"], None, [])
    assert asked.here
    assert asked.here.standing
    assert asked.here.standing.stands is Stands.POSTED
    by_joe = heard(store, POST, who="U0JOE", channel="D0JOE")
    assert by_joe.here is None
    assert by_joe.elsewhere == ["C1", "C2"]
    assert by_joe.mine.standing


def test_a_measure_tells_of_its_newest_news(store: Store):
    def fill(session: Session) -> None:
        subscribe(session, "C1")
        edi = person(session, "U0EDI", Role.EDITOR)
        found = measure(session, "E-Akte")
        answer = RadarAnswer(
            measure_id=found.id or 0,
            kind=AnswerKind.UPDATE,
            state=AnswerState.PENDING,
            created_at=NOW,
            origin="test",
            **vars(state(highlight="Neu")),
        )
        session.add(answer)
        session.flush()
        radar.release(session, answer.id or 0, by=edi, now=NOW)

    store.do(fill)
    found = heard(store, f"{SITE}/massnahmen/e-akte")

    assert (found.seen.kind, found.seen.title, found.seen.seen_at) == (radar.NEWS, "E-Akte", NOW)
    assert found.here
    assert found.here.standing
    assert found.here.standing.stands is Stands.ON_ITS_WAY


def test_a_list_is_refused_and_an_unknown_address_names_its_servers_sources(store: Store):
    def fill(session: Session) -> None:
        source(session, "eins")

    store.do(fill)

    with pytest.raises(NotOneError):
        ask(store, f"{SITE}/termine")
    found = ask(store, "https://www.eins.example/anderes")
    assert isinstance(found, Unknown)
    assert (found.host, [one.name for one in found.sources]) == ("eins.example", ["eins"])


def test_the_message_of_a_day_comes_by_all_subscriptions_whose_news_stands_in_its_thread(store: Store):
    def fill(session: Session) -> None:
        subscribe(session, "C1", layout=Layout.THREAD)
        subscribe(session, "C1", (Part.ANY, Term(Facet.TOPIC, "ki")), layout=Layout.THREAD)
        subscribe(session, "C1", (Part.ANY, Term(Facet.TOPIC, "rad")))
        show(session, source(session, "eins"))
        for _ in range(2):
            announcing.tell_due(session, workdays=MUNICH, now=NOW + timedelta(minutes=1))
            send_all(session, NOW + timedelta(minutes=1))

    store.do(fill)
    (begun,) = [
        row for row in store.ask(delivery.listed, state=None, limit=9) if row.kind == announcing.THREAD
    ]
    found = store.ask(why.of_message, "C1", begun.ts or "")

    assert found
    assert [one.subscription.id for one in found.shown] == [1, 2]
    assert not found.has_gone


def test_a_message_that_nobody_here_sent_has_no_reason(store: Store):
    assert store.ask(why.of_message, "C1", "1.0") is None
