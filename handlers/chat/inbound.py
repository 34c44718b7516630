"""What comes in acts once: Slack sends some things twice, and people press twice."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from bot import delivery
from storage.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class InboundStore:
    """The store as a listener gets it: its one deed is kept together with the id of what came in."""

    def __init__(self, store: Store, inbound_id: str | None, now: datetime) -> None:
        self._store, self._inbound_id, self._now = store, inbound_id, now

    async def run(self, deed: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a deed, once for each thing that came in.

        Raises:
            AlreadyDoneError: Slack sent it again.
        """
        if self._inbound_id is None:
            return await self._store.run(deed, *args, **kwargs)
        return await self._store.run(delivery.once, self._inbound_id, self._now, deed, *args, **kwargs)

    async def read(
        self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Answer a question."""
        return await self._store.read(question, *args, **kwargs)


def inbound_id(body: dict[str, Any]) -> str | None:
    """Return what tells a thing that came in from every other: Slack sends some of them twice."""
    if event_id := body.get("event_id"):
        return f"event:{event_id}"
    trigger_id = body.get("trigger_id")
    return f"trigger:{trigger_id}" if trigger_id else None
