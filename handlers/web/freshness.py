"""Knows the newest public change, so that a page made before it is never sent after it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import web
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from storage import public
from storage.store import Store, StoreError

log = structlog.get_logger()

POLL_S: Final = 0.25
# What a store that is down says, in its several ways.
OUT_OF_REACH: Final = (DBAPIError, NoConnectionError, StoreError, OSError)


class Freshness:
    """The store's public revision: asked again every quarter second and after each change made here."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._number: int | None = None
        self._changes = 0
        self._is_down = False
        store.wake("public", self._forget)

    async def number(self) -> int:
        """Return the newest revision; the store is asked when it is not known.

        Raises:
            DBAPIError: or another of `OUT_OF_REACH`, the store is down.
        """
        return await self._ask() if self._number is None else self._number

    async def watch(self, app: web.Application) -> AsyncIterator[None]:
        """Look for changes that other processes make, for as long as the site runs."""
        del app
        watching = asyncio.create_task(self._poll(), name="web-freshness")
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def _poll(self) -> None:
        while True:
            try:
                await self._ask()
            except OUT_OF_REACH:
                self._forget()
                if not self._is_down:
                    log.warning("web_store_down")
                self._is_down = True
            else:
                if self._is_down:
                    log.info("web_store_back")
                self._is_down = False
            await asyncio.sleep(POLL_S)

    async def _ask(self) -> int:
        changes = self._changes
        number = await self._store.read(public.revision)
        # A number read before the latest change must not stand for it.
        if changes == self._changes:
            self._number = number
        return number

    def _forget(self) -> None:
        self._changes += 1
        self._number = None
