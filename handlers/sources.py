"""Reads the sources that are due and hands what they show to the posts, events and comments."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

import structlog
from sqlmodel import Session

from bot import comments, events, polling, posts
from bot.curation import Source, SourceKind
from bot.settings import Settings
from bot.sources import Calendar, Feed, Fetched, Fetcher, FetchError, Parser, Reason, Validators
from storage.store import Store

log = structlog.get_logger(__name__)

AT_ONCE: Final = 4


class Reading:
    """The one who reads sources: fetches, has the document parsed apart, and keeps what is new."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        fetcher: Fetcher,
        parser: Parser,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._settings = store, settings
        self._fetcher, self._parser, self._clock = fetcher, parser, clock
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def poll_due(self) -> int:
        """Read every source that is due and return how many they were. One that fails stops no other."""
        now = self._clock()
        due = await self._store.claim(polling.take, now=now)
        await asyncio.gather(*(self._poll(source) for source in due))
        hosts = {source.host for source in due}
        await self._store.run(polling.release, hosts, held_until=now + polling.LEASE)
        return len(due)

    async def _poll(self, source: Source) -> None:
        assert source.id is not None
        try:
            async with self._slots:
                fetched = await self._fetcher.get(source.url, Validators(source.etag, source.last_modified))
                today = self._clock().astimezone(self._settings.zone).date()
                is_new = fetched.status == "new"
                mark = polling.fingerprint(source, fetched, today=today) if is_new else source.fingerprint
                is_known = mark == source.fingerprint
                document = None if is_known else await self._parse(source, fetched, today)
            await self._store.run(_keep, source.id, fetched, document, mark, now=self._clock())
        except FetchError as error:
            first = await self._store.run(polling.failed, source.id, error, now=self._clock())
            if first:
                log.warning("source_down", source=source.id, reason=error.reason.value, detail=error.detail)
            return
        except Exception:
            log.exception("source_not_read", source=source.id)
            bug = FetchError(Reason.UNREADABLE)
            await self._store.run(polling.failed, source.id, bug, now=self._clock())
            return
        if source.failures:
            log.warning("source_back", source=source.id)

    async def _parse(self, source: Source, fetched: Fetched, today: date) -> Feed | Calendar:
        if source.kind is SourceKind.CALENDAR:
            return await self._parser.calendar(fetched.body, today=today, timezone=self._settings.timezone)
        return await self._parser.feed(fetched.body, url=fetched.url, content_type=fetched.content_type)


def _keep(
    session: Session,
    source_id: int,
    fetched: Fetched,
    document: Feed | Calendar | None,
    mark: str | None,
    *,
    now: datetime,
) -> None:
    source = session.get(Source, source_id)
    if source is None:
        return
    if isinstance(document, Feed) and source.kind is SourceKind.COMMENTS:
        comments.take_in(session, source, document.entries, now=now)
    elif isinstance(document, Feed):
        posts.take_in(session, source, document.entries, now=now)
    elif isinstance(document, Calendar):
        events.take_in(session, source, document.occurrences, now=now)
    polling.succeeded(session, source_id, fetched, mark=mark, now=now)
