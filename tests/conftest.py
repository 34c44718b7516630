"""What all tests share: folders of their own, and real stores on both engines."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from aiohttp.web_app import _cached_build_middleware
from hypothesis import settings

from storage.store import Store
from tests import postgresql, templates

# One folder for all that is temporary, shared by the processes of a run and removed at its end. What tests
# write to tmp_path stays where pytest keeps it.
IS_FIRST = "PYTEST_XDIST_WORKER" not in os.environ
if IS_FIRST:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="stadtfunk-")
    os.environ["XDG_RUNTIME_DIR"] = f"{os.environ['TMPDIR']}/run"
    Path(os.environ["XDG_RUNTIME_DIR"]).mkdir(mode=0o700)
    # Whoever runs PostgreSQL passes through on the way to its own folder.
    Path(os.environ["TMPDIR"]).chmod(0o711)
    tempfile.tempdir = None
FOLDER = Path(os.environ["TMPDIR"])
POSTGRESQL = FOLDER / "postgresql"
NUMBERS = count(1)
ENDED = count(1)

# How long an example takes says nothing on a busy machine.
settings.register_profile("stadtfunk", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=300)
settings.load_profile("stadtfunk")


def pytest_runtest_teardown() -> None:
    # aiohttp keeps every application that ever served in a cache, with all that hangs on it: thousands of
    # workspaces and assistants, which Python's garbage collector then looks through for seconds.
    _cached_build_middleware.cache_clear()
    if next(ENDED) % 100 == 0:
        # SQLAlchemy keeps the statements of many engines. Looking through all that takes a second, so it is
        # done between tests, as `handlers.run.stay_prompt` does before the work begins.
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def pytest_unconfigure() -> None:
    if IS_FIRST:
        if POSTGRESQL.exists():
            postgresql.Server(POSTGRESQL, postgresql.installed()).stop()
        shutil.rmtree(FOLDER)


@pytest.fixture(scope="session")
def server() -> postgresql.Server:
    """The run's own PostgreSQL, with a migrated database to copy."""
    try:
        return postgresql.shared(POSTGRESQL, templates.brought_up)
    except postgresql.MissingError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite store to copy."""
    file = tmp_path_factory.mktemp("migrated") / "store.sqlite"
    templates.copied(file)
    return file


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    """The address of an SQLite store that is not there yet."""
    return f"sqlite:///{tmp_path / 'stadtfunk.sqlite'}"


@pytest.fixture
def postgresql_address(server: postgresql.Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = f"test_{os.getpid()}_{next(NUMBERS)}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def sqlite_store(sqlite_address: str, migrated_file: Path) -> Iterator[Store]:
    """A migrated store in a file."""
    store = Store(sqlite_address)
    assert store.file
    shutil.copy(migrated_file, store.file)
    yield store
    store.close()


@pytest.fixture
def postgresql_store(server: postgresql.Server) -> Iterator[Store]:
    """A migrated store on PostgreSQL."""
    name = f"test_{os.getpid()}_{next(NUMBERS)}"
    store = Store(server.create(name, template=postgresql.TEMPLATE))
    yield store
    store.close()
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty store, on each engine in turn."""
    return str(request.getfixturevalue(f"{request.param}_address"))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """A migrated store, on each engine in turn."""
    found = request.getfixturevalue(f"{request.param}_store")
    assert isinstance(found, Store)
    return found
