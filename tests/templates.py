"""Stores to copy: to bring one to the newest migration takes longer than most tests."""

import os
import shutil
from functools import cache
from pathlib import Path

from storage.schema import migrate
from storage.store import Store


def copied(file: Path) -> str:
    """Put a migrated SQLite store there and return its address."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_migrated(), file)
    return f"sqlite:///{file}"


def brought_up(address: str) -> None:
    """Bring a store to the newest migration."""
    store = Store(address)
    migrate(store)
    store.close()


@cache
def _migrated() -> Path:
    # In the run's own folder, one for each of its processes.
    file = Path(os.environ["TMPDIR"]) / f"migrated-{os.getpid()}.sqlite"
    brought_up(f"sqlite:///{file}")
    return file
