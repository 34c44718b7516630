from datetime import datetime, timedelta

from sqlmodel import Session

from bot import curation, polling
from bot.polling import LEASE, LONGEST_WAIT
from bot.sources import Fetched, FetchError, Reason, Validators
from storage.sources import Source, SourceKind
from storage.store import Store
from tests.made import NOW

INTERVAL = timedelta(seconds=900)
FETCHED = Fetched(
    "new", b"", Validators('"1"', "Wed, 18 Nov 2026 10:00:00 GMT"), "https://stadt.example/feed", None, None
)


def add(session: Session, name: str = "Blog", url: str = "https://stadt.example/feed") -> int:
    found = curation.add(
        session, kind=SourceKind.FEED, name=name, url=url, every_s=900, now=NOW, origin="test"
    )
    return found.id or 0


def fail(session: Session, now: datetime = NOW, retry_after_s: float | None = None) -> bool:
    return polling.failed(session, 1, FetchError(Reason.HTTP_STATUS, "503", retry_after_s), now=now)


def source(session: Session) -> Source:
    found = session.get(Source, 1)
    assert found is not None
    return found


def taken(store: Store, now: datetime = NOW) -> list[int | None]:
    return [found.id for found in store.do(polling.take, now=now)]


def test_a_source_is_known_by_its_address_and_read_at_once(sqlite_store: Store):
    first = sqlite_store.do(add)

    assert sqlite_store.do(add, "Neuer Name") == first
    assert [found.name for found in sqlite_store.ask(curation.listed)] == ["Neuer Name"]
    assert taken(sqlite_store) == [first]
    assert taken(sqlite_store, NOW + LEASE - timedelta(seconds=1)) == []


def test_a_source_that_was_read_comes_again_after_its_interval_with_what_the_server_said(sqlite_store: Store):
    sqlite_store.do(add)
    sqlite_store.do(polling.succeeded, 1, FETCHED, now=NOW)

    found = sqlite_store.ask(source)
    assert (found.etag, found.last_modified, found.succeeded_at) == (
        '"1"',
        "Wed, 18 Nov 2026 10:00:00 GMT",
        NOW,
    )
    assert found.next_poll_at == NOW + INTERVAL


def test_a_source_that_stays_down_is_left_alone_longer_each_time_but_never_for_more_than_half_a_day(
    sqlite_store: Store,
):
    sqlite_store.do(add)
    waits = []
    for _ in range(9):
        sqlite_store.do(fail)
        waits.append((sqlite_store.ask(source).next_poll_at - NOW) / INTERVAL)

    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[-1] == LONGEST_WAIT / INTERVAL


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

    assert sqlite_store.ask(source).next_poll_at == NOW + timedelta(seconds=80_000)


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
