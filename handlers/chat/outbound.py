"""Sends what is due, one message after the other in each channel, and never one twice."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot import delivery
from bot.delivery import Delivery, DeliveryState
from bot.settings import Settings
from handlers.chat.blocks.kit import Message
from handlers.chat.messages import Moment, render
from storage.store import Store

log = structlog.get_logger(__name__)

EVENT_TYPE: Final = "stadtfunk_delivery"
# Slack takes one message a second in each channel: https://docs.slack.dev/apis/web-api/rate-limits
PACE: Final = timedelta(seconds=1)
POLL_S: Final = 1.0
AT_ONCE: Final = 10
# Shorter than delivery.LEASE, so that nobody else takes a row that is still being sent.
DEADLINE_S: Final = 45
# Slack's clock and ours may differ by this much when a message is looked for.
CLOCK_SKEW: Final = timedelta(minutes=10)
# The outcome of these is not known: the message may stand in the channel.
UNCLEAR_ERRORS: Final = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
RATE_LIMITED: Final = 429
SERVER_ERROR: Final = 500


class Outbound:
    """The worker that takes deliveries and sends them."""

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        pace: timedelta = PACE,
    ) -> None:
        self._store, self._client, self._settings = store, client, settings
        self._clock, self._pace = clock, pace
        self._wake = asyncio.Event()
        self._is_stopping = False
        self._free_at: dict[str, datetime] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        store.wake("deliveries", self._wake.set)

    async def run(self) -> None:
        """Send what is due, until told to stop."""
        while not self._is_stopping:
            self._wake.clear()
            try:
                was_busy = await self.send_due()
            except Exception:
                log.exception("deliveries_not_taken")
                was_busy = False
            if not was_busy and not self._is_stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_S)

    def stop(self) -> None:
        """Take nothing more; `run` ends when what is on its way has arrived."""
        self._is_stopping = True
        self._wake.set()

    async def send_due(self) -> int:
        """Send one due message for each target and return how many they were."""
        taken = await self._store.claim(delivery.take, now=self._clock())
        await asyncio.gather(*(self._send_in_turn(row) for row in taken))
        return len(taken)

    async def _send_in_turn(self, row: Delivery) -> None:
        async with self._slots:
            wait = self._free_at.get(row.target, self._clock()) - self._clock()
            if wait > timedelta():
                await asyncio.sleep(wait.total_seconds())
            assert row.id is not None
            try:
                async with asyncio.timeout(DEADLINE_S):
                    await self._send(row.id, row)
            except Exception:
                # One message holds up nobody else's; whether it left is not known.
                log.exception("delivery_went_wrong", delivery=row.id)
                await self._retry_later(row.id, row, reason="bug")
            now = self._clock()
            # Slack may have asked for more patience than the pace.
            self._free_at[row.target] = max(self._free_at.get(row.target, now), now + self._pace)

    async def _send(self, delivery_id: int, row: Delivery) -> None:
        try:
            message = await self._store.read(render, row, Moment(self._settings, self._clock()))
            if row.state is DeliveryState.SENT:
                await self._edit(delivery_id, row, message)
            elif row.in_doubt and (found := await self._find(row)):
                await self._store.run(
                    delivery.sent, delivery_id, channel_id=found[0], ts=found[1], now=self._clock()
                )
            elif message is None:
                await self._store.run(delivery.drop, delivery_id, reason="no_longer_true")
            else:
                answer = await self._client.chat_postMessage(
                    channel=row.target, metadata=_metadata(row), **message.as_slack()
                )
                await self._store.run(
                    delivery.sent,
                    delivery_id,
                    channel_id=answer["channel"],
                    ts=answer["ts"],
                    now=self._clock(),
                )
        except SlackApiError as error:
            await self._refused(delivery_id, row, error)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            await self._retry_later(delivery_id, row, reason=type(error).__name__)

    async def _edit(self, delivery_id: int, row: Delivery, message: Message | None) -> None:
        if message is not None:
            shown = message.as_slack()
            await self._client.chat_update(
                channel=row.channel_id or row.target,
                ts=row.ts or "",
                text=shown["text"],
                blocks=shown["blocks"],
                metadata=_metadata(row),
            )
        await self._store.run(delivery.edited, delivery_id, asked_at=row.edit_due_at, reason=None)

    async def _find(self, row: Delivery) -> tuple[str, str] | None:
        """Look in the channel for a message that may have been kept; return its channel and ts."""
        channel = row.target
        if channel.startswith(("U", "W")):
            opened = await self._client.conversations_open(users=channel)
            channel = opened["channel"]["id"]
        since = (row.first_tried_at or row.due_at) - CLOCK_SKEW
        cursor: str | None = None
        while True:
            page = await self._client.conversations_history(
                channel=channel,
                oldest=str(since.timestamp()),
                include_all_metadata=True,
                limit=200,
                cursor=cursor,
            )
            for message in page["messages"]:
                if message.get("metadata", {}).get("event_payload", {}).get("key") == row.key:
                    return channel, message["ts"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    async def _refused(self, delivery_id: int, row: Delivery, error: SlackApiError) -> None:
        reason, status = _reason(error)
        if status == RATE_LIMITED:
            headers = getattr(error.response, "headers", {})
            delay = timedelta(seconds=float(headers.get("Retry-After", 1)))
            self._free_at[row.target] = self._clock() + delay
            await self._store.run(
                delivery.wait, delivery_id, now=self._clock(), delay=delay, reason=reason, counts=False
            )
        elif status >= SERVER_ERROR or reason in UNCLEAR_ERRORS:
            await self._retry_later(delivery_id, row, reason=reason)
        elif row.state is DeliveryState.SENT:
            if reason not in GONE:
                log.error("delivery_not_edited", delivery=delivery_id, reason=reason)
            await self._store.run(delivery.edited, delivery_id, asked_at=row.edit_due_at, reason=reason)
        else:
            log.error("delivery_refused", delivery=delivery_id, reason=reason)
            await self._store.run(delivery.failed, delivery_id, reason=reason)

    async def _retry_later(self, delivery_id: int, row: Delivery, *, reason: str) -> None:
        """Try again when a while has passed; the outcome of this try is not known."""
        delay = timedelta(seconds=min(2**row.tries, 600) * random.uniform(0.5, 1))  # noqa: S311 - jitter
        await self._store.run(delivery.unclear, delivery_id, now=self._clock(), delay=delay, reason=reason)


def _metadata(row: Delivery) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery": row.id, "key": row.key}}


def _reason(error: SlackApiError) -> tuple[str, int]:
    """Return Slack's word for an error and the status of its HTTP answer."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    try:
        return str(response["error"]), status
    except (KeyError, TypeError):
        return "no_json", status or SERVER_ERROR
