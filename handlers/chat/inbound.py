"""What comes in acts once: Slack sends some things twice, and people press twice."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from bot import delivery
from bot.delivery import AlreadyDoneError
from bot.texts import Texts
from storage.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class OtherWordsError(Exception):
    """A form was sent again with other words after what it held before had been kept."""


@dataclass(frozen=True)
class Inbound:
    """What tells a thing that came in from every other.

    Attributes:
        id: the same however often it comes.
        words: a mark of what someone wrote, which may differ when a form is sent again; empty elsewhere.
    """

    id: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.id}:{self.words}" if self.words else self.id


class InboundStore:
    """The store as a listener gets it: its one deed is kept together with the id of what came in."""

    def __init__(self, store: Store, inbound: Inbound | None, now: datetime) -> None:
        self._store, self._inbound, self._now = store, inbound, now

    async def run(self, deed: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a deed, once for each thing that came in.

        Raises:
            AlreadyDoneError: it came before.
            OtherWordsError: a form that came before with other words.
        """
        if self._inbound is None:
            return await self._store.run(deed, *args, **kwargs)
        return await self._store.run(_once, self._inbound, self._now, deed, *args, **kwargs)

    async def read(
        self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Answer a question."""
        return await self._store.read(question, *args, **kwargs)


def inbound(body: dict[str, Any]) -> Inbound | None:
    """Return what tells a thing that came in from every other, or None where nothing does.

    A form is told by its view and that view's hash, not by the press of its button: someone who was asked to
    send it again means the same. The hash changes when the assistant shows another view in its place, so that
    the next step of a form is another thing. One that was refused leaves no id: its transaction is undone.
    """
    if event_id := body.get("event_id"):
        return Inbound(f"event:{event_id}")
    view = body.get("view") or {}
    if body.get("type") == "view_submission" and view.get("id") and view.get("hash"):
        return Inbound(f"view:{view['id']}:{view['hash']}", words=_mark(view["state"]["values"]))
    trigger_id = body.get("trigger_id")
    return Inbound(f"trigger:{trigger_id}") if trigger_id else None


def other_words(_error: OtherWordsError, _: Texts) -> str:
    """Say which of someone's words are kept."""
    return _(
        "What you sent first has arrived and is kept; what you have changed since is not. "
        "Copy it if you still need it, then close this form."
    )


def _once(
    session: Session,
    inbound: Inbound,
    now: datetime,
    deed: Callable[Concatenate[Session, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a deed and keep the id of what asked for it, beside it the mark of its words."""

    def with_id(session: Session) -> T:
        return delivery.once(session, inbound.id, now, deed, *args, **kwargs)

    if not inbound.words:
        return with_id(session)
    try:
        return delivery.once(session, str(inbound), now, with_id)
    except AlreadyDoneError as error:
        if error.args == (inbound.id,):
            raise OtherWordsError from None
        raise


def _mark(values: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
