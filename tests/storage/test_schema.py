import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    Table,
    Time,
    inspect,
    select,
    text,
)

from bot import subscriptions
from bot.subscriptions import EVENTS, POSTS, Choice, Facet, Part, Term
from storage import schema
from storage.store import Store, StoreError

SCRIPT = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    {step}
"""
COPY_PARENT = """with op.batch_alter_table("post", recreate="{how}") as batch_op:
        batch_op.add_column(sa.Column("note", sa.String(), nullable=True))"""
PATIENCE_S = 20
# Columns that a migration took away on purpose: what they said stands elsewhere.
GIVEN_UP = {("delivery", "lease_until"), ("subscription", "topic"), ("subscription", "source_id")}
# What a column was called until a migration: (table, name) and the last revision with it, then its new name.
RENAMED = {("pitch", "author_id", "0007"): "pitcher_id"}


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


@pytest.fixture
def empty(address: str) -> Iterator[Store]:
    """A store before its first migration."""
    opened = Store(address)
    yield opened
    opened.close()


@pytest.fixture
def next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put one more migration after the newest, in a copy of their folder."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder)
    monkeypatch.setattr(schema, "MIGRATIONS", folder)

    def add(step: str) -> None:
        script = SCRIPT.format(revision="test", before=revisions()[-1], step=step)
        (folder / "versions" / "test_next.py").write_text(script)

    return add


def test_the_tables_in_the_store_are_those_in_the_code(store: Store):
    assert schema.drift(store) == []
    assert schema.is_current(store)


def test_a_store_says_what_is_missing(store: Store):
    with store.connect() as connection:
        connection.execute(text("ALTER TABLE place ADD COLUMN extra INTEGER"))
        connection.commit()

    assert "extra" in str(schema.drift(store))


def test_a_new_store_is_brought_to_the_newest_migration_once(empty: Store):
    newest = revisions()[-1]

    assert not schema.is_current(empty)
    assert schema.migrate(empty) == (None, newest)
    assert schema.migrate(empty) == (newest, newest)
    assert schema.is_current(empty)


@pytest.mark.parametrize("revision", revisions())
def test_an_upgrade_from_any_migration_keeps_every_row(empty: Store, revision: str):
    schema.migrate(empty, to=revision)
    with empty.connect() as connection:
        before = fill(connection)
        connection.commit()
    assert len(before) >= 18

    schema.migrate(empty)

    with empty.connect() as connection:
        for table, row in before.items():
            names = {
                old: new for (one, old, last), new in RENAMED.items() if one == table and revision <= last
            }
            expected = {
                names.get(column, column): row[column] for column in row if (table, column) not in GIVEN_UP
            }
            columns = ", ".join(expected)
            kept = (
                connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1 DESC")).mappings().first()
            )
            assert dict(kept or {}) == expected, table


def test_who_heard_of_a_source_or_of_all_hears_of_the_same_after_the_upgrade(empty: Store):
    schema.migrate(empty, to="0006")
    with empty.connect() as connection:
        fill(connection)
        connection.execute(text("DELETE FROM subscription"))
        connection.execute(
            text(
                "INSERT INTO subscription (id, topic, target, source_id, created_at, origin) VALUES"
                " (1, 'posts', 'C1', 1, '2026-01-01', 'chat'), (2, 'events', 'C2', NULL, '2026-01-01', 'chat')"
            )
        )
        connection.commit()

    schema.migrate(empty)

    (first,), (second,) = (empty.ask(subscriptions.of_target, target) for target in ("C1", "C2"))
    assert first.choice == Choice(POSTS, frozenset({(Part.ANY, Term(Facet.SOURCE, "1"))}))
    assert second.choice == Choice(EVENTS)


def test_a_table_that_is_copied_by_a_migration_keeps_its_children(sqlite_store: Store, next_step: Any):
    post_with_keys(sqlite_store)
    next_step(COPY_PARENT.format(how="always"))

    schema.migrate(sqlite_store)

    with sqlite_store.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM post_key")).scalar() == 2
        assert connection.execute(text("SELECT title, note FROM post")).one() == ("Beitrag", None)
        # And from now on the children go with their parent again.
        connection.execute(text("DELETE FROM post"))
        assert connection.execute(text("SELECT count(*) FROM post_key")).scalar() == 0


def test_a_next_migration_runs_on_both_engines(store: Store, next_step: Any):
    post_with_keys(store)
    next_step(COPY_PARENT.format(how="auto"))
    assert not schema.is_current(store)

    assert schema.migrate(store) == (revisions()[-2], "test")

    with store.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM post_key")).scalar() == 2


def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(sqlite_store: Store, next_step: Any):
    post_with_keys(sqlite_store)
    next_step('op.execute("DELETE FROM post")')

    with pytest.raises(StoreError, match="rows that are not there"):
        schema.migrate(sqlite_store)

    with sqlite_store.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM post")).scalar() == 1
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == revisions()[-2]
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_migration_that_fails_halfway_leaves_the_store_as_it_was(store: Store, next_step: Any):
    next_step('op.create_table("half", sa.Column("id", sa.Integer())); op.execute("SELECT nonsense")')

    with pytest.raises(Exception, match="nonsense"):
        schema.migrate(store)

    with store.connect() as connection:
        assert "half" not in inspect(connection).get_table_names()


def test_a_store_from_the_future_is_refused_and_left_alone(store: Store):
    with store.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()

    with pytest.raises(schema.NewerStoreError, match="9999"):
        schema.migrate(store)

    assert not schema.is_current(store)
    with store.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
        if store.is_sqlite:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_two_that_start_at_once_migrate_one_after_the_other(sqlite_address: str):
    stores = [Store(sqlite_address), Store(sqlite_address)]
    stores[0].connect().close()
    start = threading.Barrier(2, timeout=PATIENCE_S)

    def migrate(store: Store) -> tuple[str | None, str | None]:
        start.wait()
        return schema.migrate(store)

    with ThreadPoolExecutor(2) as threads:
        ways = list(threads.map(migrate, stores))
    for store in stores:
        store.close()

    newest = revisions()[-1]
    assert sorted(ways, key=str) == [(newest, newest), (None, newest)]


def test_who_waits_for_another_migration_sees_what_it_did(postgresql_address: str):
    # Nobody waits for ever should the lock not be there.
    store = Store(f"{postgresql_address}&options=-c%20lock_timeout%3D{PATIENCE_S}s")
    with psycopg.connect(postgresql_address) as other, ThreadPoolExecutor(2) as threads:
        other.execute("SELECT pg_advisory_lock(%s)", [schema.LOCK])
        ways = [threads.submit(schema.migrate, store) for _ in range(2)]
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while other.execute(waiting).fetchone() != (2,):
            assert not any(way.done() for way in ways)
        other.execute("SELECT pg_advisory_unlock(%s)", [schema.LOCK])
        found = [way.result(PATIENCE_S) for way in ways]
    store.close()

    newest = revisions()[-1]
    assert sorted(found, key=str) == [(newest, newest), (None, newest)]


def post_with_keys(store: Store) -> None:
    with store.connect() as connection:
        connection.execute(
            text(
                "INSERT INTO post (title, teaser, tags, series, kind, first_seen_at, changed_at, origin)"
                " VALUES ('Beitrag', '', '', '', 'post', '2026-01-01 00:00', '2026-01-01 00:00', 'test')"
            )
        )
        connection.execute(text("INSERT INTO post_key VALUES ('guid:1', 1), ('url:1', 1)"))
        connection.commit()


def fill(connection: Connection) -> dict[str, dict[str, Any]]:
    """Put a row into every table there is and return what can be read of it, by table."""
    found = MetaData()
    found.reflect(connection)
    rows: dict[str, dict[str, Any]] = {}
    for table in found.sorted_tables:
        if table.name == "alembic_version":
            continue
        checks = inspect(connection).get_check_constraints(table.name)
        words = {
            column.name: re.findall(r"'(\w+)'", check["sqltext"])[0]
            for check in checks
            for column in table.columns
            if re.search(rf"\b{column.name}\b", check["sqltext"])
        }
        if connection.execute(select(table)).first() is None:
            connection.execute(
                table.insert().values({c.name: words.get(c.name, value(table, c)) for c in table.columns})
            )
        columns = ", ".join(column.name for column in table.columns)
        row = connection.execute(text(f"SELECT {columns} FROM {table.name}")).mappings().one()
        rows[table.name] = dict(row)
    return rows


def value(table: Table, column: Any) -> Any:
    if isinstance(column.type, Integer | Float):
        return 1
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, DateTime):
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC if column.type.timezone else None)
    if isinstance(column.type, Date):
        return date(2026, 1, 2)
    if isinstance(column.type, Time):
        return time(9, 30)
    return f"{table.name} äöüß {column.name}"
