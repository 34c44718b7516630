"""What the crash tests share: processes that workers come from, one for each engine's store."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql
from tests.crash.processes import Nursery
from tests.crash.town import copied


@pytest.fixture(scope="module")
def on_sqlite(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Workers on a migrated SQLite store; what they say is in a file of pytest's folder."""
    folder = tmp_path_factory.mktemp("sqlite")
    with Nursery(copied(migrated_file, folder), folder / "said.txt") as started:
        yield started


@pytest.fixture(scope="module")
def on_postgresql(server: postgresql.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Workers on a migrated PostgreSQL store; what they say is in a file of pytest's folder."""
    # The server is shared with the other processes of this test run.
    database = f"crash_{os.getpid()}"
    address = server.create(database, template=postgresql.TEMPLATE)
    with Nursery(address, tmp_path_factory.mktemp("postgresql") / "said.txt") as started:
        yield started
    server.drop(database)
