"""Reads the sources that are due and hands what they show to the posts, events and comments."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

import structlog
from sqlmodel import Session

from bot import comments, events, pages, polling, posts
from bot.polling import Calm, Due, Round, Source, SourceKind
from bot.settings import Settings
from bot.sources import (
    Calendar,
    Feed,
    Fetched,
    Fetcher,
    FetchError,
    Page,
    Parser,
    Reason,
    Sitemap,
    Validators,
)
from storage.store import Store

log = structlog.get_logger(__name__)

# Hosts that are asked at the same time.
HOSTS: Final = 16
# A document may take so long, with its parsing; nothing is begun with less time left.
DOCUMENT_TAKES: Final = timedelta(seconds=35)
# Hosts that are finished within that time are noted together.
TOGETHER_S: Final = 0.05
PAGES_AT_ONCE: Final = 10
MOST_SITEMAPS: Final = 50
NOT_THERE: Final = frozenset({"404", "410"})

Document = Feed | Calendar | Sitemap


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
        self._zone = settings.zone
        self._under_way: set[asyncio.Task[int]] = set()
        self._finished: list[Round] = []
        self._noting = asyncio.Lock()

    async def begin_due(self) -> None:
        """Begin to read what is due, and wait for nobody: a slow host keeps no other waiting."""
        now = self._clock()
        free = HOSTS - len(self._under_way)
        due = await self._store.claim(polling.take, now=now, hosts=free) if free > 0 else []
        by_host = attrgetter("host")
        for host, found in groupby(sorted(due, key=by_host), key=by_host):
            sources = list(found)
            turn = Round(host, now + polling.LEASE, left={source.id for source in sources})
            task = asyncio.create_task(self._read_host(turn, sources))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def poll_due(self) -> int:
        """Read every source that is due and return how many they were. One that fails stops no other."""
        await self.begin_due()
        return sum(await asyncio.gather(*self._under_way))

    async def close(self) -> None:
        """Stop reading; what was begun is read again by whoever comes next."""
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _read_host(self, turn: Round, sources: Sequence[Due]) -> int:
        """Read the sources of one host one after the other, and return how many were read."""
        latest, today = turn.held_until - DOCUMENT_TAKES, self._today(self._clock())
        try:
            for source in sources:
                if self._clock() > latest:
                    break
                if calm := await self._read(source, today, latest=latest):
                    turn.calm.append(calm)
                if source.kind is SourceKind.SITEMAP or source.has_pages_waiting:
                    await self._visit(source.id, held_until=turn.held_until)
                turn.left.discard(source.id)
        except Exception:
            log.exception("host_not_read", sources=sorted(turn.left))
        finally:
            await self._finish(turn)
        return len(sources) - len(turn.left)

    async def _finish(self, turn: Round) -> None:
        """Note what came of a host, in one transaction with those that are finished at the same time."""
        self._finished.append(turn)
        async with self._noting:
            if turn in self._finished:
                await asyncio.sleep(TOGETHER_S)
                rounds, self._finished = self._finished, []
                await self._store.run(polling.finish, rounds, now=self._clock())

    async def _read(self, source: Due, today: date, *, latest: datetime) -> Calm | None:
        """Read a source; return what is to be noted of it when it showed nothing new, else note it here."""
        try:
            fetched, document, mark = await self._document(source, today, latest=latest)
            if document is None and not source.failures:
                return Calm(source, fetched.validators, fetched.fresh_for_s)
            await self._store.run(_keep, source, fetched, document, mark, now=self._clock())
        except FetchError as error:
            first = await self._store.run(polling.failed, source.id, error, now=self._clock())
            if first:
                log.warning("source_down", source=source.id, reason=error.reason.value, detail=error.detail)
            return None
        except Exception:
            log.exception("source_not_read", source=source.id)
            bug = FetchError(Reason.UNREADABLE)
            await self._store.run(polling.failed, source.id, bug, now=self._clock())
            return None
        if source.failures:
            log.warning("source_back", source=source.id)
        return None

    async def _document(
        self, source: Due, today: date, *, latest: datetime
    ) -> tuple[Fetched, Document | None, str | None]:
        """Return what came, what it says (None: nothing new) and its fingerprint."""
        fetched = await self._fetcher.get(source.url, polling.known_version(source, today=today))
        if fetched.status == "unchanged":
            return fetched, None, source.fingerprint
        sitemap: Sitemap | None = None
        if source.kind is SourceKind.SITEMAP:
            fetched, sitemap = await self._sitemap(fetched, latest=latest)
        mark = polling.fingerprint(source, fetched, today=today)
        if mark == source.fingerprint:
            return fetched, None, mark
        return fetched, sitemap or await self._parse(source, fetched, today), mark

    async def _parse(self, source: Due, fetched: Fetched, today: date) -> Document:
        body, url, type_ = fetched.body, fetched.url, fetched.content_type
        zone = self._settings.timezone
        match source.kind:
            case SourceKind.CALENDAR:
                return await self._parser.calendar(body, today=today, timezone=zone)
            case SourceKind.EVENT_PAGE:
                page = await self._parser.page(body, url=url, content_type=type_, today=today, timezone=zone)
                return Calendar(name=page.entry.title, occurrences=page.occurrences)
            case SourceKind.CKAN:
                return await self._parser.ckan(body, url=url)
            case _:
                return await self._parser.feed(body, url=url, content_type=type_)

    async def _sitemap(self, fetched: Fetched, *, latest: datetime) -> tuple[Fetched, Sitemap]:
        """Return a sitemap with the pages of all sitemaps that it names, if it is an index of them.

        An index may stay the same while a sitemap in it does not: it has no version of its own. One whose
        sitemaps do not come while the host is held can't be read: half of it would say that the rest is gone.
        """
        top = await self._parser.sitemap(fetched.body, url=fetched.url)
        if not top.sitemaps:
            return fetched, top
        found, bodies = list(top.pages), [fetched.body]
        for named in top.sitemaps[:MOST_SITEMAPS]:
            if self._clock() > latest:
                raise FetchError(Reason.TIMEOUT)
            part = await self._fetcher.get(named.url)
            found += (await self._parser.sitemap(part.body, url=part.url)).pages
            bodies.append(part.body)
        whole = fetched._replace(body=b"\n".join(bodies), validators=Validators())
        return whole, Sitemap(pages=tuple(found))

    async def _visit(self, source_id: int, *, held_until: datetime) -> None:
        """Visit pages that wait for it, as many as there is time for."""
        wanted = await self._store.read(pages.wanted, source_id, now=self._clock(), limit=PAGES_AT_ONCE)
        for page in wanted:
            assert page.id is not None
            if self._clock() + DOCUMENT_TAKES > held_until:
                break
            try:
                found = await self._page(page.url)
                await self._store.run(pages.visited, page.id, found, now=self._clock())
            except FetchError as error:
                is_gone = error.reason is Reason.HTTP_STATUS and error.detail in NOT_THERE
                deed = pages.gone if is_gone else pages.unreachable
                await self._store.run(deed, page.id, now=self._clock())
            except Exception:
                # One page keeps no other waiting; it is tried again later, and not for ever.
                log.exception("page_not_read", page=page.id)
                await self._store.run(pages.unreachable, page.id, now=self._clock())
        if wanted:
            await self._store.run(polling.visit_again, source_id, now=self._clock())

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    async def _page(self, url: str) -> Page:
        fetched = await self._fetcher.get(url)
        return await self._parser.page(
            fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            today=self._today(self._clock()),
            timezone=self._settings.timezone,
        )


def _keep(
    session: Session,
    taken: Due,
    fetched: Fetched,
    document: Document | None,
    mark: str | None,
    *,
    now: datetime,
) -> None:
    """Keep what a source shows and that it was read."""
    source = session.get(Source, taken.id)
    if source is None or source.url != taken.url:
        # It was removed meanwhile, and perhaps another one has its number.
        return
    ttl, new = None, 0
    if isinstance(document, Feed):
        ttl = document.ttl
        if source.kind is SourceKind.COMMENTS:
            new = comments.take_in(session, source, document.entries, now=now)
        else:
            new = posts.take_in(session, source, document.entries, now=now, is_complete=document.is_complete)
    elif isinstance(document, Calendar):
        new = events.take_in(session, source, document.occurrences, now=now)
    elif isinstance(document, Sitemap):
        new = pages.wish(session, source, document, now=now)
    polling.succeeded(session, taken.id, fetched, mark=mark, ttl=ttl, has_news=new > 0, now=now)
