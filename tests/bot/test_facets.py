"""What a post or event is besides its words: whose, of what kind, how long to read."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot import curation, events, people, posts, subscriptions
from bot.curation import Source, SourceKind
from bot.facets import reading_minutes
from bot.posts import Listed, Post
from bot.sources import Entry, Occurrence
from bot.subscriptions import EVENTS, POSTS, Choice, Facet, NewsKind, Part, Term
from bot.workdays import Workdays
from storage.events import CalendarEvent
from storage.store import Store
from tests.made import NOW, delivered, person, send_all

LATER = NOW + timedelta(minutes=15)
MUNICH = Workdays("DE-BY:public,catholic", ZoneInfo("Europe/Berlin"))


def departments(session: Session) -> None:
    for name, short in (("Referat für Bildung und Sport", "RBS"), ("IT-Referat", "RIT"), ("Betrieb", None)):
        people.import_department(session, name=name, short=short, kind="x", source="test")


def department(session: Session, called: str) -> people.Department:
    return next(one for one in people.departments(session) if called in {one.short, one.name})


def source(session: Session, kind: SourceKind = SourceKind.FEED, **values: Any) -> Source:
    url = f"https://stadt.example/{kind}"
    found = curation.add(session, kind=kind, name="Quelle", url=url, now=NOW, origin="test", **values)
    found.succeeded_at = NOW
    return found


def entry(**values: Any) -> Entry:
    given: dict[str, Any] = {
        "guid": "1",
        "url": "https://stadt.example/1",
        "title": "Beitrag",
        "teaser": "",
        "published_at": NOW,
        "updated_at": None,
        "author": None,
        "tags": (),
        "image_url": None,
        "image_alt": None,
    }
    return Entry(**given | values)


def occurrence(**values: Any) -> Occurrence:
    start, day = NOW + timedelta(days=3), (NOW + timedelta(days=3)).date()
    given = Occurrence("1", None, "Termin", "", None, None, start, None, False, day, day, False, 0, False)
    return Occurrence(**vars(given) | values)


def short(session: Session, department_id: int | None) -> str | None:
    found = people.department(session, department_id)
    return (found.short or found.name) if found else None


def taken_in(session: Session, /, said: Entry, **values: Any) -> tuple[NewsKind, str | None, int | None]:
    departments(session)
    posts.take_in(session, source(session, **values), [said], now=NOW)
    (post,) = session.exec(select(Post))
    return post.kind, short(session, post.department_id), post.reading_minutes


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.youtube.com/watch?v=1", NewsKind.VIDEO),
        ("https://youtu.be/1", NewsKind.VIDEO),
        ("https://www.youtube-nocookie.com/embed/1", NewsKind.VIDEO),
        ("https://player.vimeo.com/video/1", NewsKind.VIDEO),
        ("https://VIMEO.com/1", NewsKind.VIDEO),
        ("https://notyoutube.com/1", NewsKind.POST),
        ("https://youtube.com.evil.example/1", NewsKind.POST),
        ("https://stadt.example/youtube.com", NewsKind.POST),
        (None, NewsKind.POST),
    ],
)
def test_what_lies_where_there_are_only_films_is_one(sqlite_store: Store, url: str | None, kind: NewsKind):
    assert sqlite_store.do(taken_in, entry(url=url))[0] is kind


def test_an_entry_that_a_film_hangs_on_is_one(sqlite_store: Store):
    assert sqlite_store.do(taken_in, entry(is_video=True))[0] is NewsKind.VIDEO


def test_what_someone_says_of_a_source_counts_more_than_its_words(sqlite_store: Store):
    def say(session: Session) -> tuple[NewsKind, str | None, int | None]:
        departments(session)
        rit = department(session, "RIT")
        return taken_in(session, entry(tags=("RBS",), is_video=True), brings=NewsKind.JOB, department=rit)

    assert sqlite_store.do(say)[:2] == (NewsKind.JOB, "RIT")


@pytest.mark.parametrize(
    ("tags", "called"),
    [
        (("KI", "RBS"), "RBS"),
        (("rbs",), "RBS"),
        (("Referat für Bildung und Sport",), "RBS"),
        (("#referat-für-bildung-und-sport",), "RBS"),
        (("Betrieb",), "Betrieb"),
        (("it-referat", "RBS"), "RIT"),
        (("Sport", "RBS-Nord", "#", ""), None),
    ],
)
def test_a_topic_that_is_a_department_says_whose_a_post_is(
    store: Store, tags: tuple[str, ...], called: str | None
):
    assert store.do(taken_in, entry(tags=tags))[1] == called


@pytest.mark.parametrize(
    ("words", "minutes"), [(None, None), (0, None), (1, 1), (180, 1), (181, 2), (540, 3), (541, 4)]
)
def test_a_hundred_and_eighty_words_take_a_minute(words: int | None, minutes: int | None):
    assert reading_minutes(words) == minutes


def test_of_two_departments_of_one_name_the_one_that_still_exists_counts(sqlite_store: Store):
    def two(session: Session) -> str | None:
        for name, valid_to in (("Amt für Daten", None), ("AMT FÜR DATEN", NOW.date())):
            made = people.import_department(session, name=name, short=None, kind="x", source="test")
            made.valid_to = valid_to
        return taken_in(session, entry(tags=("Amt für Daten",)))[1]

    assert sqlite_store.do(two) == "Amt für Daten"


def test_a_card_is_brought_up_to_date_when_only_its_facets_change_and_no_public_page_is(store: Store):
    def begin(session: Session) -> None:
        subscriptions.subscribe(session, POSTS, "C1", now=NOW)
        posts.take_in(session, source(session), [entry()], now=NOW)
        send_all(session, NOW)

    def again(session: Session) -> tuple[bool, bool]:
        posts.take_in(session, source(session), [entry(word_count=400)], now=LATER)
        (row,) = delivered(session).values()
        (post,) = session.exec(select(Post))
        return row.edit_due_at is not None, post.changed_at == NOW

    store.do(begin)
    assert store.do(again) == (True, True)


def test_an_imported_post_or_event_has_its_facets_too(sqlite_store: Store):
    def keep(session: Session) -> tuple[NewsKind, str | None, str | None]:
        departments(session)
        listed = Listed("Film", "https://youtu.be/1", NOW, ("RBS",))
        posts.import_all(session, [listed], origin="test", now=NOW)
        day = NOW.date()
        one = events.Listed("Tag", True, NOW, None, day, day, organiser="IT-Referat")
        events.import_all(session, [one], origin="test", now=NOW)
        (post,), (event,) = session.exec(select(Post)), session.exec(select(CalendarEvent))
        return post.kind, short(session, post.department_id), short(session, event.department_id)

    assert sqlite_store.do(keep) == (NewsKind.VIDEO, "RBS", "RIT")


def test_the_topics_of_an_event_are_kept_and_changed_with_it_and_name_its_department(store: Store):
    def show(session: Session, *tags: str) -> tuple[str, str | None]:
        events.take_in(session, source(session, SourceKind.CALENDAR), [occurrence(tags=tags)], now=NOW)
        (found,) = session.exec(select(CalendarEvent))
        return found.tags, short(session, found.department_id)

    store.do(departments)
    assert store.do(show, "Open Data", "RIT") == ("Open-Data RIT", "RIT")
    assert store.do(show, "KI") == ("KI", None)


def test_whoever_organises_an_event_says_whose_it_is_and_is_not_shown(sqlite_store: Store):
    def show(session: Session) -> tuple[str | None, str | None]:
        departments(session)
        shown = occurrence(organiser="Referat für Bildung und Sport")
        events.take_in(session, source(session, SourceKind.CALENDAR), [shown], now=NOW)
        (found,) = session.exec(select(CalendarEvent))
        return short(session, found.department_id), found.organiser

    assert sqlite_store.do(show) == ("RBS", None)


def test_news_of_a_department_reaches_those_who_chose_it(store: Store):
    def begin(session: Session) -> list[str]:
        departments(session)
        rit = department(session, "RIT")
        choice = Choice(POSTS | EVENTS, frozenset({(Part.ANY, Term(Facet.DEPARTMENT, str(rit.id)))}))
        subscriptions.save(session, choice, target="C1", by=person(session, "U1"), workdays=MUNICH, now=NOW)
        posts.take_in(session, source(session, department=rit), [entry()], now=NOW)
        shown = [occurrence(tags=("RIT",)), occurrence(uid="2", title="Anderes", tags=("RBS",))]
        events.take_in(session, source(session, SourceKind.CALENDAR), shown, now=NOW)
        return list(delivered(session))

    assert store.do(begin) == ["post_card:1:C1", "event_card:1:C1"]
