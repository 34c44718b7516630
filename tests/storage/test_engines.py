"""The tests' own PostgreSQL: what a machine without one falls back on, and what it says when there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import schema
from storage.store import Store
from tests import postgresql
from tests.conftest import FOLDER


def test_the_server_that_comes_as_a_package_is_as_good_as_the_systems():
    server = postgresql.Server(FOLDER / "packaged", next(postgresql.packaged()))
    server.start()
    try:
        store = Store(server.create("empty"))
        schema.migrate(store)
        assert schema.drift(store) == []
        store.close()
    finally:
        server.stop()


def test_without_any_postgresql_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    def nowhere() -> Iterator[Path]:
        yield Path("/nowhere")

    for place in ("packaged", "_of_the_system"):
        monkeypatch.setattr(postgresql, place, nowhere)

    with pytest.raises(
        postgresql.MissingError, match="install Debian's package postgresql, or run `make setup`"
    ):
        postgresql.installed()
