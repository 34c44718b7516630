"""What someone has really tried out in the demo: read from the store and from what the site was asked for."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from sqlmodel import Session, col, or_, select

from bot.curation import Source
from bot.delivery import Delivery, DeliveryState
from bot.pitches import Pitch
from bot.posts import CARD, Post
from bot.radar import Answer, AnswerKind, AnswerState, Measure
from bot.sending import OVERVIEW
from handlers.demo.seed import FEED_NAME
from storage.store import Store

log = structlog.get_logger(__name__)

# The post that the demo itself begins with.
WELCOME: Final = "Willkommen bei Stadtfunk"
LOOK_EVERY_S: Final = 0.5
NEVER: Final = datetime.min.replace(tzinfo=UTC)
RADAR: Final = "radar"


@dataclass(frozen=True)
class Done:
    """What was done, one after the other; `released` is when each measure had its first answer released.

    Attributes:
        is_waiting: an answer waits for its release.
    """

    published: bool = False
    pitched: bool = False
    answered: bool = False
    released: tuple[tuple[str, datetime], ...] = ()
    looked: bool = False
    is_waiting: bool = False


class Progress:
    """Watches what is done in the demo and tells of each step."""

    def __init__(self, store: Store, file: Path, clock: Callable[[], datetime]) -> None:
        """Prepare to watch.

        Args:
            store: where the assistant keeps what was done.
            file: is there when the radar was looked at.
            clock: the demo's time of day.
        """
        self._store, self._file, self._clock = store, file, clock
        self._seen: dict[str, datetime] = {}
        self.done = Done(looked=file.exists())

    def seen(self, path: str) -> None:
        """Take note that the public site has shown a page."""
        match path.removeprefix("/en").split("/"):
            case ["", "radar"]:
                self._seen[RADAR] = self._clock()
            case ["", "massnahmen", slug]:
                self._seen[slug] = self._clock()

    async def watch(self, changed: Callable[[], None]) -> None:
        """Look again and again, until cancelled, and say when something has changed."""
        while True:
            try:
                if await self.look():
                    changed()
            except Exception:
                log.exception("demo_progress_unknown")
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> bool:
        """Bring `done` up to date; say whether it changed."""
        found = await self._store.read(_done)
        looked = self.done.looked or any(
            max(self._seen.get(slug, NEVER), self._seen.get(RADAR, NEVER)) >= at
            for slug, at in found.released
        )
        found = replace(found, looked=looked)
        if looked and not self.done.looked:
            self._file.touch()
        is_news = found != self.done
        self.done = found
        return is_news


async def ended(watching: asyncio.Task[None]) -> None:
    """Stop watching."""
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


def _done(session: Session) -> Done:
    updates = select(Measure.slug, Answer.decided_at).join(Measure).where(Answer.kind == AnswerKind.UPDATE)
    released = updates.where(
        Answer.state == AnswerState.RELEASED, col(Answer.decided_by_id).is_not(None)
    ).order_by(col(Answer.decided_at).desc())
    first = {slug: at for slug, at in session.exec(released) if at}
    pending = select(Answer.id).where(Answer.state == AnswerState.PENDING)
    return Done(
        published=_is_published(session),
        pitched=session.exec(select(Pitch.id).limit(1)).first() is not None,
        answered=session.exec(select(Answer.id).where(col(Answer.request_id).is_not(None)).limit(1)).first()
        is not None,
        released=tuple(first.items()),
        is_waiting=session.exec(pending.limit(1)).first() is not None,
    )


def _is_published(session: Session) -> bool:
    """Say whether a post of the portal stands in a channel, on its own or in an overview."""
    posts = select(Post.id).join(Source).where(Source.name == FEED_NAME, Post.title != WELCOME)
    overviews = select(Delivery.id).where(Delivery.kind == OVERVIEW, Delivery.state == DeliveryState.SENT)
    query = select(Delivery.id).where(
        Delivery.kind == CARD,
        col(Delivery.subject_id).in_(posts),
        or_(Delivery.state == DeliveryState.SENT, col(Delivery.overview_id).in_(overviews)),
    )
    return session.exec(query.limit(1)).first() is not None
