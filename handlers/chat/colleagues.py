"""The people who speak to the assistant."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot import people
from bot.people import Person
from storage.store import Store

log = structlog.get_logger(__name__)

# Name and language of a colleague may be this old, or of their last act; roles are looked up in each deed's
# own transaction.
REMEMBER_FOR: Final = timedelta(minutes=5)


class Colleagues:
    """The people who speak to the assistant, kept in the store at first contact."""

    def __init__(self, store: Store, clock: Callable[[], datetime], admins: Collection[str]) -> None:
        self._store, self._clock, self._admins = store, clock, admins
        self._known: dict[str, tuple[Person, datetime]] = {}
        self._renewals: dict[str, asyncio.Task[Person]] = {}

    async def get(self, chat_id: str, client: AsyncWebClient) -> Person:
        """Return the colleague with this id in the chat; whoever is known is not kept waiting."""
        now = self._clock()
        person, seen_at = self._known.get(chat_id, (None, now))
        if person is None:
            return await self._greet(chat_id, client, now)
        if now - seen_at >= REMEMBER_FOR and chat_id not in self._renewals:
            self._renewals[chat_id] = renewal = asyncio.create_task(self._greet(chat_id, client, now))
            renewal.add_done_callback(lambda done: self._renewed(chat_id, done))
        return person

    def _renewed(self, chat_id: str, done: asyncio.Task[Person]) -> None:
        del self._renewals[chat_id]
        if not done.cancelled() and (error := done.exception()):
            log.warning("colleague_not_renewed", exc_info=error)

    async def _greet(self, chat_id: str, client: AsyncWebClient, now: datetime) -> Person:
        answer = await client.users_info(user=chat_id, include_locale=True)
        user: dict[str, Any] = answer["user"]
        name = (
            user.get("profile", {}).get("real_name") or user.get("real_name") or user.get("name") or chat_id
        )
        person = await self._store.run(
            people.greet,
            chat_id=chat_id,
            name=name,
            locale=user.get("locale"),
            timezone=user.get("tz"),
            now=now,
            admins=self._admins,
        )
        self._known[chat_id] = (person, now)
        return person
