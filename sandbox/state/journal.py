"""The workspace on disk: each record is written the moment it changes."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, key)
)
"""


class Journal:
    """Keeps JSON records by kind and key, in a file or (`is_file` is False) in memory."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, made if it is not there; without a path everything is gone at the end."""
        self.is_file = path is not None
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        # With a write-ahead log each statement is in the file's care when it returns: killing the process
        # loses nothing (only a power cut could).
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(SCHEMA)

    def put(self, kind: str, key: str, body: Any) -> None:
        """Write a record, in place of the one with its kind and key."""
        self._db.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind, key, json.dumps(body)))

    def drop(self, kind: str, key: str) -> None:
        """Remove a record, if it is there."""
        self._db.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))

    def all(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Return the records of a kind with their keys, in the order of the keys."""
        rows = self._db.execute("SELECT key, body FROM record WHERE kind = ? ORDER BY key", (kind,))
        return ((key, json.loads(body)) for key, body in rows)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
