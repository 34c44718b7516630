from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import curation, posts, subscriptions
from bot.sources import Entry
from bot.subscriptions import Topic
from storage import public
from storage.posts import Post
from storage.sources import Source, SourceKind
from storage.store import Store
from tests.made import NOW, delivered, send_all

LATER = NOW + timedelta(minutes=15)
YESTERDAY = NOW - timedelta(days=1)


def entry(number: int = 1, **values: Any) -> Entry:
    given: dict[str, Any] = {
        "guid": f"guid-{number}",
        "url": f"https://stadt.example/{number}",
        "title": f"Beitrag {number}",
        "teaser": "",
        "published_at": YESTERDAY,
        "updated_at": None,
        "author": None,
        "tags": (),
        "image_url": None,
        "image_alt": None,
    }
    return Entry(**given | values)


def source(session: Session, name: str = "blog", *, is_read: bool = True) -> Source:
    found = curation.add(
        session,
        kind=SourceKind.FEED,
        name=name,
        url=f"https://{name}.example/feed",
        every_s=900,
        now=NOW,
        origin="test",
    )
    if is_read and not found.succeeded_at:
        found.succeeded_at = NOW
    return found


def fill(session: Session) -> None:
    source(session)
    for target in ("C1", "C2"):
        subscriptions.subscribe(session, Topic.POSTS, target, now=NOW)


def read(session: Session, *entries: Entry, of: str = "blog", now: datetime = NOW) -> int:
    return posts.take_in(session, source(session, of), entries, now=now)


def kept(session: Session) -> list[Post]:
    return list(session.exec(select(Post).order_by("id")))


def told(session: Session) -> list[tuple[int, str]]:
    return [(row.subject_id, row.target) for row in delivered(session).values()]


@pytest.fixture
def reading(store: Store) -> Store:
    store.do(fill)
    return store


def test_a_new_post_is_kept_and_told_once_to_each_channel(reading: Store):
    assert reading.do(read, entry(tags=("Open Data", "KI"), teaser="Kurz")) == 1
    assert reading.do(read, entry(tags=("Open Data", "KI"), teaser="Kurz"), now=LATER) == 0

    (found,) = reading.ask(kept)
    assert (found.title, found.teaser, found.url, found.tags) == (
        "Beitrag 1",
        "Kurz",
        "https://stadt.example/1",
        "Open-Data KI",
    )
    assert (found.published_at, found.first_seen_at, found.changed_at) == (YESTERDAY, NOW, NOW)
    assert reading.ask(told) == [(1, "C1"), (1, "C2")]


def test_what_a_source_shows_at_its_first_reading_is_its_backlog_and_stays_quiet(reading: Store):
    def first_reading(session: Session) -> int:
        return posts.take_in(session, source(session, "new", is_read=False), [entry(1), entry(2)], now=NOW)

    assert reading.do(first_reading) == 2
    assert reading.ask(told) == []
    assert len(reading.ask(public.posts, limit=9)) == 2

    reading.do(read, entry(3), entry(2), entry(1), of="new")
    assert reading.ask(told) == [(3, "C1"), (3, "C2")]


def test_several_new_posts_are_told_in_the_order_they_were_written(reading: Store):
    reading.do(read, entry(3), entry(2), entry(1))

    assert [found.title for found in reading.ask(kept)] == ["Beitrag 1", "Beitrag 2", "Beitrag 3"]
    assert [subject for subject, target in reading.ask(told) if target == "C1"] == [1, 2, 3]


def test_old_posts_that_a_source_shows_for_the_first_time_are_no_news(reading: Store):
    reading.do(read, entry(1, published_at=NOW - timedelta(days=15)))
    assert reading.ask(told) == []

    reading.do(read, entry(2, published_at=NOW - timedelta(days=13)), entry(3, published_at=None))
    assert {subject for subject, _ in reading.ask(told)} == {2, 3}


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(
            entry(guid="new", title="Neu", url="https://stadt.example/1?utm_source=x&fbclid=y"), id="tracking"
        ),
        pytest.param(entry(guid="new", title="Neu", url="http://www.stadt.example/1/#top"), id="address"),
        pytest.param(entry(url="https://elsewhere.example/x", title="Neu"), id="guid"),
        pytest.param(
            entry(guid="new", url="https://elsewhere.example/x", title=" beitrag – 1!"), id="title and day"
        ),
        pytest.param(entry(guid=None), id="no guid"),
        pytest.param(entry(guid=None, title="Neu"), id="only its address"),
    ],
)
def test_a_post_is_known_again_by_its_guid_its_address_or_its_title_and_day(reading: Store, again: Entry):
    reading.do(read, entry())

    assert reading.do(read, again, now=LATER) == 0
    assert len(reading.ask(kept)) == 1
    assert len(reading.ask(told)) == 2


def test_a_post_whose_signs_change_one_after_the_other_stays_one_post(reading: Store):
    reading.do(read, entry())
    reading.do(read, entry(url="https://new.example/1"))
    reading.do(read, entry(guid="g2", url="https://new.example/1", title="Neuer Titel"))
    reading.do(read, entry(guid="g2", url="https://third.example/1", title="Noch einer"))

    (found,) = reading.ask(kept)
    assert (found.title, found.url) == ("Noch einer", "https://third.example/1")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(entry(2), id="all different"),
        pytest.param(
            entry(2, title="Beitrag 1", published_at=YESTERDAY - timedelta(days=7)), id="another day"
        ),
        pytest.param(entry(2, url="https://stadt.example/1?seite=2"), id="another page"),
    ],
)
def test_another_post_is_another_post(reading: Store, other: Entry):
    reading.do(read, entry())

    assert reading.do(read, other) == 1


def test_two_posts_of_one_document_stay_two_although_they_have_one_title(reading: Store):
    twins = (entry(1, title="Aufruf"), entry(2, title="Aufruf"))
    reading.do(read, *twins)
    reading.do(send_all, NOW)
    for _ in range(3):
        reading.do(read, *twins, now=LATER)

    assert sorted(found.url or "" for found in reading.ask(kept)) == [
        "https://stadt.example/1",
        "https://stadt.example/2",
    ]
    # And they do not change places at every reading.
    assert not any(row.edit_due_at for row in reading.ask(delivered).values())


def test_an_entry_that_has_only_its_title_is_one_post_however_often_it_is_listed(reading: Store):
    nameless = entry(guid=None, url=None)
    reading.do(read, nameless, nameless, entry())
    assert reading.do(read, nameless, entry(), nameless) == 0

    assert len(reading.ask(kept)) == 1


def test_an_entry_listed_twice_is_one_post(reading: Store):
    assert reading.do(read, entry(), entry()) == 1
    assert reading.do(read, entry(), entry(), entry(guid=None, title="")) == 0


def test_an_entry_with_no_sign_at_all_is_left_out(reading: Store):
    assert reading.do(read, entry(guid=None, url=None, title="")) == 0


def test_an_entry_without_a_title_shows_its_address(reading: Store):
    reading.do(read, entry(title=""))

    assert reading.ask(kept)[0].title == "https://stadt.example/1"


@pytest.mark.parametrize(
    "values",
    [{"title": "Neu"}, {"teaser": "Neu"}, {"image_url": "https://stadt.example/b.png"}, {"tags": ("Neu",)}],
)
def test_a_post_edited_at_its_source_is_edited_where_it_stands(reading: Store, values: dict[str, Any]):
    reading.do(read, entry())
    reading.do(send_all, NOW)
    revision = reading.ask(public.revision)

    reading.do(read, replace(entry(), **values), now=LATER)

    assert [row.edit_due_at for row in reading.ask(delivered).values()] == [LATER, LATER]
    assert reading.ask(kept)[0].changed_at == LATER
    assert reading.ask(public.revision) == revision + 1


def test_a_post_that_is_read_again_as_it_was_changes_nothing(reading: Store):
    reading.do(read, entry())
    reading.do(send_all, NOW)
    revision = reading.ask(public.revision)

    reading.do(read, entry(), now=LATER)

    assert not any(row.edit_due_at for row in reading.ask(delivered).values())
    assert reading.ask(public.revision) == revision


def test_a_post_that_two_sources_show_is_one_and_stays_as_the_first_one_tells_it(reading: Store):
    reading.do(read, entry())
    assert reading.do(read, entry(guid="other", title="Beitrag 1 (Übernahme)"), of="portal") == 0
    reading.do(read, entry(guid="other", title="Nochmals anders"), of="portal")

    (found,) = reading.ask(kept)
    assert found.title == "Beitrag 1"
    assert reading.ask(told) == [(1, "C1"), (1, "C2")]


def test_the_same_guid_means_nothing_in_another_source(reading: Store):
    reading.do(read, entry())

    assert reading.do(read, entry(2, guid="guid-1"), of="portal") == 1


def test_only_who_wants_a_source_hears_of_it(reading: Store):
    def subscribe(session: Session) -> None:
        subscriptions.subscribe(session, Topic.POSTS, "C3", now=NOW, source_id=source(session, "portal").id)
        subscriptions.subscribe(session, Topic.EVENTS, "C4", now=NOW)

    reading.do(subscribe)
    reading.do(read, entry(1))
    reading.do(read, entry(2), of="portal")

    assert reading.ask(told) == [(1, "C1"), (1, "C2"), (2, "C1"), (2, "C2"), (2, "C3")]


def imported(
    session: Session, title: str = "Beitrag 1", url: str | None = "https://stadt.example/1/"
) -> Post:
    return posts.import_post(
        session, title=title, url=url, published_at=YESTERDAY, tags=("KI", "Daten"), origin="import", now=NOW
    )


def test_a_post_from_a_list_is_kept_quietly_and_known_again(reading: Store):
    first = reading.do(imported)
    assert reading.do(imported).id == first.id
    assert reading.do(imported, "Ohne Adresse", None).id == reading.do(imported, "Ohne Adresse", None).id

    assert reading.do(read, entry()) == 0
    assert reading.ask(told) == []
    assert [(found.title, found.tags) for found in reading.ask(kept)] == [
        ("Beitrag 1", ""),
        ("Ohne Adresse", "KI Daten"),
    ]


def test_many_posts_are_taken_in_at_once(reading: Store):
    many: Sequence[Entry] = [entry(number) for number in range(500)]

    assert reading.do(read, *many) == 500
    assert reading.do(read, *many) == 0


def test_an_entry_without_a_title_is_called_by_its_first_words_and_an_empty_one_is_left_out(reading: Store):
    untitled = entry(url=None, title="", teaser="Es gibt Neues.")
    reading.do(read, untitled, entry(2, url=None, title="", teaser=""))

    assert [post.title for post in reading.ask(kept)] == ["Es gibt Neues."]
