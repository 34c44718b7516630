"""Reading documents in a process of its own, which is ended when one takes too long."""

import asyncio
import resource
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from importlib import import_module
from multiprocessing import get_context
from threading import Lock
from typing import Any, Self, TypeVar
from weakref import WeakSet

from pebble import ProcessFuture, ProcessPool

from bot.sources.errors import FetchError, Reason
from bot.sources.records import Calendar, Feed, Page, Sitemap

MAX_MEMORY = 1024**3
T = TypeVar("T")


class Parser:
    """Reads documents away from the event loop. To be used with `async with`.

    The worker is started with the first document. A document at which it fails harms no other: the worker is
    replaced.
    """

    def __init__(self, *, deadline_s: float = 10, max_workers: int = 1) -> None:
        """Set the limits.

        Args:
            deadline_s: how long one document may take.
            max_workers: how many are read at the same time.
        """
        self._deadline_s = deadline_s
        self._max_workers = max_workers
        self._pool: ProcessPool | None = None
        self._closed = False
        self._changing = Lock()
        self._under_way: WeakSet[ProcessFuture[Any]] = WeakSet()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the worker; whoever still waits for a document, or asks for one later, is cancelled."""
        await asyncio.to_thread(self._close)

    async def feed(self, body: bytes, *, url: str, content_type: str | None = None) -> Feed:
        """Return the feed in `body`; `url` and `content_type` say where it came from and as what.

        Raises:
            FetchError: it is no feed, or reading it takes too long.
        """
        return await self._read(_read_feed, body, url, content_type)

    async def calendar(self, body: bytes, *, today: date, timezone: str) -> Calendar:
        """Return what the calendar in `body` has from yesterday on, for 400 days.

        Args:
            body: the document.
            today: the local day.
            timezone: where times without a zone, and whole days, are at home.

        Raises:
            FetchError: it is no calendar, or reading it takes too long.
        """
        return await self._read(_read_calendar, body, today, timezone)

    async def sitemap(self, body: bytes, *, url: str) -> Sitemap:
        """Return the pages on the host of `url` that the sitemap in `body` names, newest first.

        Raises:
            FetchError: it is no sitemap, or reading it takes too long.
        """
        return await self._read(_read_sitemap, body, url)

    async def page(
        self, body: bytes, *, url: str, content_type: str | None = None, today: date, timezone: str
    ) -> Page:
        """Return what the web page in `body` says of itself, its events and the feeds it points to.

        Args:
            body: the document.
            url: where it was found.
            content_type: as the server sent it.
            today: the local day.
            timezone: where times without an offset, and whole days, are at home.

        Raises:
            FetchError: it is no HTML, or reading it takes too long.
        """
        return await self._read(_read_page, body, url, content_type, today, timezone)

    async def ckan(self, body: bytes, *, url: str) -> Feed:
        """Return the datasets in a CKAN catalogue's answer to `package_search`; `url` is what was asked.

        Raises:
            FetchError: it is no such answer, or reading it takes too long.
        """
        return await self._read(_read_catalogue, body, url)

    async def _read(self, read: Callable[..., T], *args: object) -> T:
        try:
            try:
                return await self._try(read, *args)
            except BrokenProcessPool:
                # The worker was ended from outside, before this document: not its fault.
                return await self._try(read, *args)
        except FetchError:
            raise
        except TimeoutError as error:
            raise FetchError(Reason.TOO_SLOW_TO_PARSE) from error
        except Exception as error:  # whatever a document does to its parser, the other sources go on
            raise FetchError(Reason.UNREADABLE, type(error).__name__) from error

    async def _try(self, read: Callable[..., T], *args: object) -> T:
        future = await asyncio.to_thread(self._schedule, read, args)
        return await asyncio.wrap_future(future)

    def _schedule(self, read: Callable[..., T], args: tuple[object, ...]) -> ProcessFuture[T]:
        """Hand the document over. In a thread: starting the worker would hold up the event loop."""
        with self._changing:
            if self._closed:
                future = ProcessFuture[T]()
                future.cancel()  # type: ignore[no-untyped-call]
                return future
            if self._pool is not None and not self._pool.active:
                _end(self._pool)
                self._pool = None
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._max_workers, initializer=_prepare, context=get_context("spawn")
                )
            future = self._pool.schedule(read, args=args, timeout=self._deadline_s)
            self._under_way.add(future)
            return future

    def _close(self) -> None:
        with self._changing:
            self._closed = True
            # A pool that is stopped forgets its documents; nobody would ever hear of them.
            for future in tuple(self._under_way):
                future.cancel()  # type: ignore[no-untyped-call]
            if self._pool is not None:
                _end(self._pool)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _prepare() -> None:
    """Make the worker ready: its memory limited, its libraries loaded before the first deadline runs."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    for name in ("calendars", "catalogues", "feeds", "pages", "sitemaps"):
        import_module(f"bot.sources.{name}")


def _read_feed(body: bytes, url: str, content_type: str | None) -> Feed:
    from bot.sources.feeds import parse_feed  # noqa: PLC0415 - feedparser is for the worker only

    return parse_feed(body, url=url, content_type=content_type)


def _read_calendar(body: bytes, today: date, timezone: str) -> Calendar:
    from bot.sources.calendars import parse_calendar  # noqa: PLC0415 - icalendar is for the worker only

    return parse_calendar(body, today=today, timezone=timezone)


def _read_sitemap(body: bytes, url: str) -> Sitemap:
    from bot.sources.sitemaps import parse_sitemap  # noqa: PLC0415 - lxml is for the worker only

    return parse_sitemap(body, url=url)


def _read_page(body: bytes, url: str, content_type: str | None, today: date, timezone: str) -> Page:
    from bot.sources.pages import parse_page  # noqa: PLC0415 - lxml is for the worker only

    return parse_page(body, url=url, content_type=content_type, today=today, timezone=timezone)


def _read_catalogue(body: bytes, url: str) -> Feed:
    from bot.sources.catalogues import parse_catalogue  # noqa: PLC0415 - markdown-it is for the worker only

    return parse_catalogue(body, url=url)
