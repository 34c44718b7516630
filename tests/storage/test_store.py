import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Enum, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, select, update

from storage import columns, people
from storage.delivery import Inbound, Place
from storage.public import Revision
from storage.store import ATTEMPTS, Store, StoreError, announce
from tests.made import NOW, person

PATIENCE_S = 20


@pytest.fixture
def second(store: Store) -> Iterator[Store]:
    """The same store, opened by another process."""
    opened = Store(store.url.render_as_string(hide_password=False))
    yield opened
    opened.close()


def number(session: Session) -> int:
    return session.exec(select(Revision.number)).one()


def add_one(session: Session) -> int:
    """Read, then write what was read and one more."""
    row = session.get(Revision, 1)
    assert row is not None
    row.number += 1
    return row.number


async def test_of_two_hundred_parallel_read_then_write_deeds_none_is_lost(store: Store, second: Store):
    values = await asyncio.gather(*(one.run(add_one) for _ in range(100) for one in (store, second)))

    assert sorted(values) == list(range(1, 201))
    assert await store.read(number) == 200


async def test_reading_can_change_nothing(store: Store):
    def rename(session: Session) -> None:
        session.execute(update(Revision).values(number=7))

    def keep(session: Session) -> None:
        session.add(Place(name="comms", channel_id="C1"))
        session.flush()

    for change in (rename, keep):
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await store.read(change)
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            store.ask(change)

    assert await store.read(number) == 0
    await store.run(keep)


async def test_a_question_sees_one_state_and_waits_for_no_deed(store: Store):
    inside, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        add_one(session)
        session.flush()
        inside.set()
        assert go_on.wait(PATIENCE_S)

    def twice(session: Session) -> tuple[int, int]:
        before = number(session)
        go_on.set()
        # The deed commits between the two looks, or after both: they see the same.
        for _ in range(50):
            assert number(session) == before
        return before, number(session)

    deed = asyncio.create_task(store.run(slow))
    assert await asyncio.to_thread(inside.wait, PATIENCE_S)

    assert await store.read(twice) == (0, 0)
    await deed
    assert await store.read(number) == 1


async def test_a_deed_that_fails_leaves_nothing_behind(store: Store):
    def half(session: Session) -> None:
        add_one(session)
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.run(half)

    assert await store.read(number) == 0


async def test_who_waits_for_a_topic_is_woken_after_the_commit_and_only_then(store: Store):
    seen: list[int] = []
    store.wake("public", lambda: seen.append(store.ask(number)))

    def tell(session: Session, *, fails: bool) -> None:
        add_one(session)
        announce(session, "public")
        if fails:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.run(tell, fails=True)
    assert seen == []
    await store.run(tell, fails=False)
    await store.run(add_one)

    assert seen == [1]


def test_a_deed_that_lost_against_another_is_done_again_and_its_value_returned_once(postgresql_store: Store):
    tries = []

    def disturbed(session: Session) -> int:
        value = add_one(session)
        tries.append(value)
        if len(tries) == 1:
            postgresql_store.do(add_one)
        session.flush()
        return value

    assert postgresql_store.do(disturbed) == 2
    assert tries == [1, 2]
    assert postgresql_store.ask(number) == 2


async def test_each_way_into_the_store_is_isolated_as_it_needs(postgresql_store: Store):
    def isolation(session: Session) -> str:
        return str(session.execute(text("SHOW transaction_isolation")).scalar())

    assert await postgresql_store.run(isolation) == "serializable"
    assert await postgresql_store.read(isolation) == "repeatable read"
    # What is claimed is locked row by row: whoever comes at the same time need not begin again.
    assert await postgresql_store.claim(isolation) == "read committed"


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_a_deed_that_always_loses_is_given_up_with_its_reason(postgresql_store: Store, code: str):
    tries = []

    def unlucky(session: Session) -> None:
        tries.append(session)
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{code}'; END $$"))

    with pytest.raises(DBAPIError, match="lost"):
        postgresql_store.do(unlucky)
    assert len(tries) == ATTEMPTS


def test_a_deed_that_breaks_a_rule_is_not_repeated(store: Store):
    tries = []

    def twins(session: Session) -> None:
        tries.append(1)
        session.execute(text("INSERT INTO place VALUES ('comms', 'C1'), ('comms', 'C2')"))

    with pytest.raises(IntegrityError):
        store.do(twins)
    assert tries == [1]


def test_rows_that_others_point_to_cannot_go_away_unnoticed(store: Store):
    store.do(lambda session: person(session, "U1", people.Role.COMMS))

    with pytest.raises(IntegrityError):
        store.do(lambda session: session.execute(text("UPDATE person_role SET person_id = 99")))
    store.do(lambda session: session.execute(text("DELETE FROM person")))

    assert store.ask(lambda session: session.exec(select(people.PersonRole)).all()) == []


def test_a_moment_without_a_time_zone_is_refused_and_others_come_back_in_utc(store: Store):
    def receive(session: Session, name: str, at: datetime) -> None:
        session.add(Inbound(id=name, received_at=at))
        session.flush()

    with pytest.raises(StatementError, match="timezone"):
        store.do(receive, "naive", NOW.replace(tzinfo=None))
    in_the_city = NOW.astimezone(timezone(timedelta(hours=1)))
    store.do(receive, "aware", in_the_city)

    found = store.ask(lambda session: session.exec(select(Inbound)).one())
    assert found.received_at == in_the_city
    assert found.received_at.tzinfo == UTC


def test_the_database_refuses_a_word_that_an_enumeration_does_not_have(store: Store):
    store.do(lambda session: person(session, "U1"))

    with pytest.raises(IntegrityError):
        store.do(lambda session: session.execute(text("INSERT INTO person_role VALUES (1, 'mayor')")))
    store.do(lambda session: session.execute(text("INSERT INTO person_role VALUES (1, 'comms')")))


def test_every_enumeration_is_checked_by_the_database(store: Store):
    with store.connect() as connection:
        checks = {
            table: " ".join(check["sqltext"] for check in inspect(connection).get_check_constraints(table))
            for table in columns.metadata.tables
        }
    enumerations = [
        (table.name, column.name, column.type.enums)
        for table in columns.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Enum)
    ]

    assert len(enumerations) >= 9
    for table, column, words in enumerations:
        assert column in checks[table]
        assert all(f"'{word}'" in checks[table] for word in words), (table, column)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kein/pfad",
        "mysql://localhost/x",
        "sqlite://",
        "postgresql://localhost",
        "postgresql+asyncpg://h/x",
        "postgresql://h:port/x",
    ],
)
def test_an_address_that_is_no_store_is_refused(address: str):
    with pytest.raises(StoreError):
        Store(address)


def test_a_refused_address_does_not_tell_its_password():
    with pytest.raises(StoreError) as refused:
        Store("postgresql:/stadtfunk:geheim@localhost/stadtfunk")

    assert "geheim" not in str(refused.value)


def test_the_name_of_a_store_hides_its_password(tmp_path: Path):
    store = Store("postgresql://stadtfunk:geheim@localhost/stadtfunk")

    assert "geheim" not in store.name
    assert store.file is None
    assert Store(f"sqlite:///{tmp_path}/x.sqlite").file == tmp_path / "x.sqlite"
