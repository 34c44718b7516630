"""Documents kept in memory until something public changes or the day does."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from handlers.web.documents import Document

MAX_BYTES: Final = 12_000_000


class Kept:
    """Documents of one stamp (revision and day); those unused longest leave first when it gets too much."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._stamp: Hashable = None
        self._documents: OrderedDict[Hashable, Document] = OrderedDict()

    def get(self, stamp: Hashable, key: Hashable) -> Document | None:
        """Return a document if it was kept for this stamp."""
        if stamp != self._stamp or key not in self._documents:
            return None
        self._documents.move_to_end(key)
        return self._documents[key]

    def put(self, stamp: Hashable, key: Hashable, document: Document) -> None:
        """Keep a document; documents of another stamp are dropped."""
        if stamp != self._stamp:
            self._documents.clear()
            self._bytes, self._stamp = 0, stamp
        before = self._documents.pop(key, None)
        self._bytes += len(document.body) - (len(before.body) if before else 0)
        self._documents[key] = document
        while self._bytes > self._max_bytes:
            _, oldest = self._documents.popitem(last=False)
            self._bytes -= len(oldest.body)
