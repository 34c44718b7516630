from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import curation, posts, subscriptions
from bot.sources import Entry
from bot.subscriptions import EVENTS, POSTS
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
        subscriptions.subscribe(session, POSTS, target, now=NOW)


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
        subscriptions.subscribe(session, POSTS, "C3", now=NOW, source_id=source(session, "portal").id)
        subscriptions.subscribe(session, EVENTS, "C4", now=NOW)

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


def titles(session: Session) -> list[str]:
    return sorted(found.title for found in kept(session))


@pytest.mark.parametrize(
    "twins",
    [
        pytest.param((entry(2, guid="x"), entry(1, guid="x")), id="two addresses"),
        pytest.param((entry(2, guid="x", url=None), entry(1, guid="x", url=None)), id="two titles"),
        pytest.param(
            (
                entry(2, guid="x", url=None, published_at=None),
                entry(1, guid="x", url=None, published_at=None),
            ),
            id="two titles without a date",
        ),
    ],
)
def test_a_guid_that_two_posts_of_one_document_have_identifies_neither(
    reading: Store, twins: tuple[Entry, Entry]
):
    assert reading.do(read, *twins) == 2
    assert reading.do(read, *twins) == 0
    # Nor does it when one of them stands alone, or a third one has it.
    assert reading.do(read, twins[0]) == 0
    assert reading.do(read, replace(twins[0], url="https://stadt.example/3", title="Beitrag 3")) == 1
    assert reading.do(read, replace(twins[0], url="https://stadt.example/4", title="Beitrag 4")) == 1

    assert reading.ask(titles) == ["Beitrag 1", "Beitrag 2", "Beitrag 3", "Beitrag 4"]


def test_two_entries_with_one_guid_and_one_address_are_one_post(reading: Store):
    again = entry(url="http://www.stadt.example/1/?utm_source=x", title="Beitrag 1 (neu)")

    assert reading.do(read, again, entry()) == 1


def test_posts_that_all_link_to_one_page_are_told_apart_by_their_guids(reading: Store):
    home = {"url": "https://stadt.example/"}
    assert reading.do(read, entry(1, **home)) == 1
    assert reading.do(read, entry(2, **home), entry(1, **home)) == 1
    assert reading.do(read, entry(3, **home), entry(2, **home)) == 1
    assert reading.do(read, entry(4, **home)) == 1

    assert reading.ask(titles) == [f"Beitrag {number}" for number in range(1, 5)]


@pytest.mark.parametrize("signs", [("guid", "{}"), ("url", "https://stadt.example/news/{}")])
def test_a_sign_that_only_counts_the_entries_through_does_not_turn_one_post_into_another(
    reading: Store, signs: tuple[str, str]
):
    name, form = signs
    for newest in range(2, 6):
        numbers = range(newest, newest - 3, -1)
        document = [entry(n, **{name: form.format(at)}) for at, n in enumerate(numbers, start=1)]
        reading.do(read, *document)

    assert reading.ask(titles) == [f"Beitrag {number}" for number in range(6)]


def part(number: int, fragment: str, **values: Any) -> Entry:
    return entry(number, url=f"https://stadt.example/aktuelles#{fragment}", **values)


def test_posts_that_differ_only_in_the_fragment_of_their_address_are_different(reading: Store):
    both = (part(2, "b", guid=None), part(1, "a", guid=None))

    assert reading.do(read, *both) == 2
    assert reading.do(read, *both) == 0
    assert reading.do(read, replace(both[0], title="Neu b"), replace(both[1], title="Neu a")) == 0
    assert reading.ask(titles) == ["Neu a", "Neu b"]


def test_a_second_part_of_a_page_is_a_new_post_beside_the_first(reading: Store):
    assert reading.do(read, part(1, "a")) == 1
    assert reading.do(read, part(2, "b"), part(1, "a")) == 1
    assert reading.do(read, part(2, "b")) == 0

    assert reading.ask(titles) == ["Beitrag 1", "Beitrag 2"]


def test_a_second_part_of_a_page_is_a_new_post_also_when_the_first_is_gone(reading: Store):
    reading.do(read, part(1, "a"))

    assert reading.do(read, part(2, "b")) == 1
    assert reading.do(read, part(1, "a", guid="other", title="Neu")) == 0
    assert reading.ask(titles) == ["Beitrag 2", "Neu"]


@pytest.mark.parametrize("sign", [{"guid": "guid-1", "title": "Neu"}, {"guid": "other"}])
def test_a_post_whose_fragment_changes_is_known_by_its_guid_or_its_title(
    reading: Store, sign: dict[str, Any]
):
    reading.do(read, part(1, "a"))

    assert reading.do(read, part(1, "b", **sign)) == 0


def test_a_page_and_a_part_of_it_are_two_posts_where_titles_tell_them_apart(reading: Store):
    overview = entry(3, url="https://stadt.example/aktuelles")
    reading.do(read, part(1, "a"))

    assert reading.do(read, overview, part(1, "a")) == 1
    assert reading.do(read, overview, part(1, "a")) == 0
    assert reading.ask(titles) == ["Beitrag 1", "Beitrag 3"]


OLD, NEW = "http://www.stadt.example/blog/", "https://digital.example/"


def blog(address: str, guid: str = "guid-{}", **values: Any) -> list[Entry]:
    """Three posts, two of them with one title on one day."""
    found = []
    for number in (3, 2, 1):
        title = "Aufruf" if number > 1 else "Beitrag 1"
        url, name = f"{address}beitrag-{number}", guid.format(number, address=address)
        found.append(entry(number, guid=name, url=url, title=title, **values))
    return found


@pytest.mark.parametrize("guid", ["guid-{}", "{address}?p={}"], ids=["guids stay", "guids change along"])
@pytest.mark.parametrize("published_at", [YESTERDAY, None], ids=["dated", "undated"])
def test_a_blog_that_moves_all_its_addresses_tells_nothing_again(
    reading: Store, guid: str, published_at: datetime | None
):
    before, after = (blog(address, guid, published_at=published_at) for address in (OLD, NEW))
    assert reading.do(read, *before) == 3

    assert reading.do(read, *after) == 0
    assert reading.do(read, *after) == 0
    found = reading.ask(kept)
    assert [(post.title, post.url) for post in found] == [
        ("Beitrag 1", f"{NEW}beitrag-1"),
        ("Aufruf", f"{NEW}beitrag-2"),
        ("Aufruf", f"{NEW}beitrag-3"),
    ]
    assert len(reading.ask(told)) == 6


def test_who_hears_only_the_second_source_of_a_post_hears_of_it_there_once(reading: Store):
    def subscribe(session: Session) -> None:
        subscriptions.subscribe(session, POSTS, "C3", now=NOW, source_id=source(session, "portal").id)

    reading.do(read, entry())
    reading.do(subscribe)
    reading.do(read, entry(guid="other"), of="portal")
    reading.do(read, entry(guid="third"), of="portal")

    assert reading.ask(told) == [(1, "C1"), (1, "C2"), (1, "C3")]


def test_what_a_second_source_showed_before_is_no_news_to_its_new_subscribers(reading: Store):
    def subscribe(session: Session) -> None:
        subscriptions.subscribe(session, POSTS, "C3", now=NOW, source_id=source(session, "portal").id)

    reading.do(read, entry())
    reading.do(read, entry(guid="other"), of="portal")
    reading.do(subscribe)
    reading.do(read, entry(guid="third", title="Neu"), of="portal")

    assert reading.ask(told) == [(1, "C1"), (1, "C2")]


@pytest.mark.parametrize(("ahead", "counts"), [(timedelta(hours=23), True), (timedelta(hours=25), False)])
def test_a_date_more_than_a_day_ahead_is_a_slip_and_counts_as_none(
    reading: Store, ahead: timedelta, *, counts: bool
):
    reading.do(read, entry(published_at=NOW + ahead))

    assert reading.ask(kept)[0].published_at == (NOW + ahead if counts else None)
    assert len(reading.ask(told)) == 2


def withdraw(session: Session, number: int, now: datetime = NOW) -> None:
    posts.withdraw(session, kept(session)[number - 1], now=now)


def test_a_withdrawn_post_leaves_the_site_and_its_cards_are_edited(reading: Store):
    reading.do(read, entry(1), entry(2))
    reading.do(send_all, NOW)
    revision = reading.ask(public.revision)

    reading.do(withdraw, 1, LATER)
    reading.do(withdraw, 1, LATER + timedelta(hours=1))

    assert [post.title for post in reading.ask(posts.newest, limit=9)] == ["Beitrag 1"]
    assert [post.title for post in reading.ask(public.posts, limit=9)] == ["Beitrag 1"]
    assert {row.subject_id for row in reading.ask(delivered).values() if row.edit_due_at == LATER} == {1}
    assert reading.ask(public.revision) == revision + 1


def test_a_withdrawn_post_that_its_feed_shows_again_is_back_and_edited_where_it_stands(reading: Store):
    reading.do(read, entry())
    reading.do(send_all, NOW)
    reading.do(withdraw, 1)
    reading.do(send_all, NOW)

    reading.do(read, entry(guid="other"), of="portal", now=LATER)
    assert reading.ask(kept)[0].withdrawn_at == NOW

    assert reading.do(read, entry(), now=LATER) == 0
    assert reading.ask(kept)[0].withdrawn_at is None
    assert [row.edit_due_at for row in reading.ask(delivered).values()] == [LATER, LATER]


def test_an_entry_that_stands_twice_in_two_wordings_is_not_edited_at_every_reading(reading: Store):
    both = (entry(teaser="Neu"), entry(teaser="Alt"))
    reading.do(read, *both)
    reading.do(send_all, NOW)
    reading.do(read, *both, now=LATER)

    assert reading.ask(kept)[0].teaser == "Neu"
    assert not any(row.edit_due_at for row in reading.ask(delivered).values())


def test_thousands_of_posts_of_a_list_are_kept_in_their_order_and_known_again(reading: Store):
    listed = [posts.Listed(f"Beitrag {n}", f"https://stadt.example/{n}", YESTERDAY) for n in range(3000)]

    assert reading.do(posts.import_all, listed, origin="import", now=NOW) == [True] * 3000
    assert reading.do(posts.import_all, listed, origin="import", now=NOW) == [False] * 3000
    assert [found.title for found in reading.ask(kept)][:2] == ["Beitrag 0", "Beitrag 1"]
    assert reading.do(read, entry(7)) == 0
    assert reading.ask(told) == []


def test_posts_of_a_document_that_begins_with_the_oldest_are_told_in_the_order_they_were_written(
    reading: Store,
):
    reading.do(read, *(entry(n, published_at=YESTERDAY + timedelta(hours=n)) for n in range(1, 4)))

    titled = {found.id: found.title for found in reading.ask(kept)}
    assert [titled[subject] for subject, target in reading.ask(told) if target == "C1"] == [
        "Beitrag 1",
        "Beitrag 2",
        "Beitrag 3",
    ]
