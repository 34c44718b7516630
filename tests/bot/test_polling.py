from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from bot import curation, people, polling
from bot.people import Role
from bot.polling import BACK, DOWN, JITTER, LEASE, LONGEST_WAIT, Calm, Due, Round
from bot.sources import Fetched, FetchError, Reason, Validators
from storage.sources import Source, SourceKind
from storage.store import Store
from tests.made import NOW, delivered, person, places

TODAY = date(2026, 11, 18)
INTERVAL = timedelta(seconds=900)
VERSION = Validators('"1"', "Wed, 18 Nov 2026 10:00:00 GMT")
FETCHED = Fetched("new", b"", VERSION, "https://stadt.example/feed", None, None)


def add(
    session: Session,
    name: str = "Blog",
    url: str = "https://stadt.example/feed",
    *,
    every_s: int | None = 900,
    kind: SourceKind = SourceKind.FEED,
) -> int:
    found = curation.add(session, kind=kind, name=name, url=url, every_s=every_s, now=NOW, origin="test")
    return found.id or 0


def fail(
    session: Session, now: datetime = NOW, retry_after_s: float | None = None, *, status: str = "503"
) -> bool:
    return polling.failed(session, 1, FetchError(Reason.HTTP_STATUS, status, retry_after_s), now=now)


def source(session: Session, source_id: int = 1) -> Source:
    found = session.get(Source, source_id)
    assert found is not None
    return found


def due(session: Session) -> Due:
    found = source(session)
    return Due(*(getattr(found, name) for name in Due._fields))


def wait(store: Store, now: datetime = NOW) -> timedelta:
    return store.ask(source).next_poll_at - now


def taken(store: Store, now: datetime = NOW, hosts: int = 16) -> list[int | None]:
    return [found.id for found in store.do(polling.take, now=now, hosts=hosts)]


def test_a_source_is_known_by_its_address_and_read_at_once(store: Store):
    first = store.do(add)

    assert store.do(add, "Neuer Name") == first
    assert [found.name for found in store.ask(curation.listed)] == ["Neuer Name"]
    assert taken(store) == [first]
    assert taken(store, NOW + LEASE - timedelta(seconds=1)) == []
    assert taken(store, NOW + LEASE) == [first]


def test_one_host_is_read_by_one_at_a_time_and_others_meanwhile(store: Store):
    first = store.do(add)
    assert taken(store) == [first]
    store.do(add, "Zweiter Feed", "https://stadt.example/feed/2")
    elsewhere = store.do(add, "Anderswo", "https://anderswo.example/feed")

    assert taken(store) == [elsewhere]
    store.do(polling.finish, [Round("stadt.example", NOW + LEASE, {first})], now=NOW)

    assert taken(store) == [first, first + 1]


def test_the_host_that_waits_longest_comes_first(store: Store):
    store.do(add)
    second = store.do(add, "Anderswo", "https://anderswo.example/feed")
    store.do(lambda session: curation.poll_now(session, source(session, second), now=NOW - INTERVAL))

    assert taken(store, hosts=1) == [second]


def test_who_holds_a_host_no_longer_does_not_let_others_go_to_it(store: Store):
    first = store.do(add)
    taken(store)
    later = NOW + LEASE
    assert taken(store, later) == [first]

    store.do(polling.finish, [Round("stadt.example", later, {first})], now=later)
    store.do(polling.inherit)

    assert taken(store, later) == [first]


def test_a_process_that_is_alone_takes_over_what_one_before_it_held(sqlite_store: Store):
    sqlite_store.do(add)
    taken(sqlite_store)
    sqlite_store.do(polling.inherit)
    sqlite_store.do(curation.poll_all, now=NOW)

    assert taken(sqlite_store) == [1]


def test_a_source_that_was_read_comes_again_after_its_interval_with_what_the_server_said(sqlite_store: Store):
    sqlite_store.do(add)
    sqlite_store.do(polling.succeeded, 1, FETCHED, mark="1", now=NOW)

    found = sqlite_store.ask(source)
    assert (found.etag, found.last_modified, found.succeeded_at) == (*VERSION, NOW)
    assert INTERVAL * (1 - JITTER) <= wait(sqlite_store) <= INTERVAL


def test_sources_that_were_added_together_do_not_come_together_for_ever(sqlite_store: Store):
    waits = set()
    sqlite_store.do(add)
    for _ in range(20):
        sqlite_store.do(polling.succeeded, 1, FETCHED, now=NOW)
        waits.add(wait(sqlite_store))

    assert len(waits) > 10


def test_a_lively_source_is_read_more_often_and_a_quiet_one_more_seldom_within_bounds(store: Store):
    store.do(add, every_s=None)
    intervals = []
    for number in range(8):
        store.do(polling.succeeded, 1, FETCHED, mark=str(number), has_news=True, now=NOW)
        intervals.append(store.ask(source).interval_s)
    assert intervals[0] == 900
    assert intervals[-1] == 300

    for _ in range(40):
        calm = [Round("stadt.example", NOW, set(), [Calm(store.ask(due), VERSION, None)])]
        store.do(polling.finish, calm, now=NOW)
        intervals.append(store.ask(source).interval_s)

    assert intervals[8:] == sorted(intervals[8:])
    assert intervals[-1] == 3600
    assert store.ask(source).succeeded_at == NOW


def test_an_interval_that_someone_chose_stays(sqlite_store: Store):
    sqlite_store.do(add)
    for number in range(5):
        sqlite_store.do(polling.succeeded, 1, FETCHED, mark=str(number), has_news=True, now=NOW)
    calm = [Round("stadt.example", NOW, set(), [Calm(sqlite_store.ask(due), VERSION, None)])]
    sqlite_store.do(polling.finish, calm, now=NOW)

    assert sqlite_store.ask(source).interval_s == 900


@pytest.mark.parametrize("is_calm", [False, True])
def test_a_server_that_says_how_long_its_answer_lasts_is_not_asked_before(store: Store, *, is_calm: bool):
    store.do(add)
    if is_calm:
        calm = [Round("stadt.example", NOW, set(), [Calm(store.ask(due), VERSION, 7200)])]
        store.do(polling.finish, calm, now=NOW)
    else:
        store.do(polling.succeeded, 1, FETCHED._replace(fresh_for_s=7200), now=NOW)

    assert wait(store) == timedelta(hours=2)


def test_a_document_that_says_how_long_it_lasts_is_believed_unless_someone_chose(sqlite_store: Store):
    sqlite_store.do(add, every_s=None)
    sqlite_store.do(polling.succeeded, 1, FETCHED, mark="1", ttl=timedelta(hours=3), now=NOW)
    assert wait(sqlite_store) == timedelta(hours=3)
    calm = [Round("stadt.example", NOW, set(), [Calm(sqlite_store.ask(due), VERSION, None)])]
    sqlite_store.do(polling.finish, calm, now=NOW)
    assert wait(sqlite_store) == timedelta(hours=3)

    sqlite_store.do(polling.succeeded, 1, FETCHED, mark="2", ttl=timedelta(days=900), now=NOW)
    assert wait(sqlite_store) == timedelta(days=1)

    sqlite_store.do(add)
    sqlite_store.do(polling.succeeded, 1, FETCHED, mark="3", ttl=timedelta(hours=3), now=NOW)
    assert wait(sqlite_store) <= INTERVAL


def test_a_source_that_stays_down_is_left_alone_longer_each_time_but_never_for_more_than_half_a_day(
    sqlite_store: Store,
):
    sqlite_store.do(add)
    waits = []
    for _ in range(9):
        sqlite_store.do(fail)
        waits.append(wait(sqlite_store) / INTERVAL)

    for waited, expected in zip(waits, [1, 2, 4, 8, 16], strict=False):
        assert expected * (1 - JITTER) <= waited <= expected
    assert waits[-1] <= LONGEST_WAIT / INTERVAL


def test_only_the_first_failure_is_news_and_its_reason_is_kept(sqlite_store: Store):
    sqlite_store.do(add)

    assert sqlite_store.do(fail)
    assert not sqlite_store.do(fail, NOW + INTERVAL)

    found = sqlite_store.ask(source)
    assert (found.error_reason, found.error_detail, found.failures) == ("http_status", "503", 2)
    assert (found.failing_since, found.succeeded_at) == (NOW, None)


def test_a_server_that_asks_for_patience_gets_it(sqlite_store: Store):
    sqlite_store.do(add)
    sqlite_store.do(fail, retry_after_s=80_000)

    assert wait(sqlite_store) == timedelta(seconds=80_000)


def test_a_source_that_is_back_has_no_error_any_more(sqlite_store: Store):
    sqlite_store.do(add)
    sqlite_store.do(fail)
    sqlite_store.do(polling.succeeded, 1, FETCHED, now=NOW)

    found = sqlite_store.ask(source)
    assert (found.error_reason, found.error_detail, found.failures, found.failing_since) == (
        None,
        None,
        0,
        None,
    )
    assert sqlite_store.do(fail)


def told(store: Store) -> list[str]:
    return [row.kind for row in store.ask(delivered).values()]


def test_the_administrators_are_told_once_that_a_source_is_down_and_once_that_it_is_back(store: Store):
    store.do(places)
    store.do(add)
    for minutes in (0, 15, 45, 105, 225):
        store.do(fail, NOW + timedelta(minutes=minutes))
        assert told(store) == ([DOWN] if minutes >= 60 else [])

    for _ in range(2):
        store.do(polling.succeeded, 1, FETCHED, now=NOW + timedelta(hours=5))

    assert told(store) == [DOWN, BACK]

    for minutes in (0, 15, 75):
        store.do(fail, NOW + timedelta(days=1, minutes=minutes))
    assert told(store) == [DOWN, BACK, DOWN]


def test_a_source_that_fails_for_a_moment_is_told_to_nobody(sqlite_store: Store):
    sqlite_store.do(places)
    sqlite_store.do(add)
    sqlite_store.do(fail)
    sqlite_store.do(fail, NOW + timedelta(minutes=15))
    sqlite_store.do(polling.succeeded, 1, FETCHED, now=NOW + timedelta(minutes=45))

    assert told(sqlite_store) == []


def test_without_a_channel_each_administrator_is_told(sqlite_store: Store):
    sqlite_store.do(person, "UADMIN1", Role.ADMIN)
    sqlite_store.do(person, "UADMIN2", Role.ADMIN)
    sqlite_store.do(person, "UKOLLEG")
    sqlite_store.do(add)
    sqlite_store.do(polling.failed, 1, FetchError(Reason.FORBIDDEN_ADDRESS), now=NOW)

    assert sorted(row.target for row in sqlite_store.ask(delivered).values()) == ["UADMIN1", "UADMIN2"]
    assert len(sqlite_store.ask(people.with_roles)) == 3


def test_a_source_that_is_gone_for_good_is_read_no_more_until_someone_wants_it(store: Store):
    store.do(places)
    store.do(add)
    store.do(fail, status="410")

    assert store.ask(source).paused_reason == polling.GONE
    assert taken(store, NOW + timedelta(days=30)) == []
    assert told(store) == [DOWN]

    store.do(lambda session: curation.poll_now(session, source(session), now=NOW + INTERVAL))
    assert taken(store, NOW + INTERVAL) == [1]


def test_a_source_that_moved_for_good_is_asked_at_its_new_address(store: Store):
    store.do(add)
    moved = FETCHED._replace(permanent_url="https://neu.example/feed")
    store.do(polling.succeeded, 1, moved, now=NOW)

    found = store.ask(source)
    assert (found.url, found.host) == ("https://neu.example/feed", "neu.example")
    assert taken(store, NOW + INTERVAL) == [1]


def test_a_source_that_moved_to_where_another_one_is_stays_where_it_was(sqlite_store: Store):
    sqlite_store.do(add)
    sqlite_store.do(add, "Der neue", "https://neu.example/feed")
    moved = FETCHED._replace(permanent_url="https://neu.example/feed")
    sqlite_store.do(polling.succeeded, 1, moved, now=NOW)

    assert sqlite_store.ask(source).url == "https://stadt.example/feed"


def test_a_calendar_is_asked_for_anew_when_the_day_has_changed(sqlite_store: Store):
    sqlite_store.do(add, kind=SourceKind.CALENDAR)
    found = sqlite_store.ask(source)
    mark = polling.fingerprint(found, FETCHED, today=TODAY)
    sqlite_store.do(polling.succeeded, 1, FETCHED, mark=mark, now=NOW)
    found = sqlite_store.ask(source)

    assert polling.known_version(found, today=TODAY) == VERSION
    assert polling.known_version(found, today=TODAY + timedelta(days=1)) == Validators()


def test_a_source_that_waits_after_an_error_can_be_read_at_once(sqlite_store: Store):
    sqlite_store.do(add)
    sqlite_store.do(fail)
    assert taken(sqlite_store) == []

    sqlite_store.do(lambda session: curation.poll_now(session, source(session), now=NOW))

    assert taken(sqlite_store) == [1]


def test_a_source_is_found_by_its_number_name_or_address(sqlite_store: Store):
    sqlite_store.do(add)
    sqlite_store.do(add, "Portal", "https://portal.example/")

    for words in ("1", "Blog", "https://stadt.example/feed"):
        assert [found.id for found in sqlite_store.ask(curation.named, words)] == [1]
    assert sqlite_store.ask(curation.named, "Gibt es nicht") == []
