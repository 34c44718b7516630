"""The schema: brings a store to the newest migration, and says where it stands."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage import (
    asking,
    columns,
    comments,
    delivery,
    events,
    lanes,
    meetings,
    pace,
    people,
    pitches,
    planning,
    posts,
    public,
    publishing,
    radar,
    sources,
    subscriptions,
)
from storage.store import Store, StoreError

# Every module with tables, so that the metadata is whole.
TABLES = (
    asking,
    comments,
    delivery,
    events,
    lanes,
    meetings,
    pace,
    people,
    pitches,
    planning,
    posts,
    public,
    publishing,
    radar,
    sources,
    subscriptions,
)
# Two replicas that start at once migrate one after the other.
LOCK = 0x5AD7F
MIGRATIONS = Path(__file__).parent / "migrations"


class NewerStoreError(StoreError):
    """The store is at a migration that this version does not know."""


def migrate(store: Store, *, to: str = "head") -> tuple[str | None, str | None]:
    """Run the migrations a store still lacks, all in one transaction; return its revision before and after.

    Raises:
        NewerStoreError: the store was made by a newer version of this program.
        StoreError: rows would point nowhere afterwards.
    """
    if store.file:
        store.file.parent.mkdir(parents=True, exist_ok=True)
    config = _config()
    with store.connect() as connection:
        if store.is_sqlite:
            # With foreign keys on, a batch migration deletes the children of the table it copies. The pragma
            # counts only outside a transaction, so it goes past SQLAlchemy, which would begin one.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        else:
            # Whoever waited for the lock is to see what was done meanwhile, not a snapshot from before.
            connection.execution_options(isolation_level="READ COMMITTED")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        try:
            before = _revision(connection)
            if before and before not in _known(config):
                raise NewerStoreError(before)
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            if store.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise StoreError("after the migration some rows would point to rows that are not there")
            after = _revision(connection)
            connection.commit()
        finally:
            # Its foreign keys are off: it must not go back into the pool.
            connection.invalidate()
    return before, after


def is_current(store: Store) -> bool:
    """Say whether the store is at the newest migration."""
    if store.file and not store.file.exists():
        return False
    with store.connect() as connection:
        return _revision(connection) == ScriptDirectory.from_config(_config()).get_current_head()


def drift(store: Store) -> list[object]:
    """Return the differences between the tables in the code and those in the store."""
    with store.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), columns.metadata))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _known(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
