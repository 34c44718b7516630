"""Sends what is due: one message after the other in each channel, many channels at once, none twice."""

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import departures, events, lookups, pace, posts, radar, sending, trouble
from bot.delivery import DeliveryState, Taken
from bot.people import is_person
from bot.sending import Result
from bot.settings import Settings
from handlers.chat import lookup
from handlers.chat.access import Access
from handlers.chat.lookup import metadata
from handlers.chat.messages import Moment, PersonLeftError, render
from handlers.chat.posting import Letter, Posting, as_letter, letters
from handlers.chat.refusals import (
    ACCOUNT,
    BAD_BLOCKS,
    BLIND,
    CHANNEL_GONE,
    EDIT_LATE,
    PERSON_GONE,
    RATE_LIMITED,
    SERVER_ERROR,
    THREAD_GONE,
    UNCLEAR,
    patience_of,
    reason_of,
)
from storage.store import Store

log = structlog.get_logger(__name__)
T = TypeVar("T")

POLL_S: Final = 1.0
# How many calls are made at the same time, and how many messages are in hand for that.
AT_ONCE: Final = 50
IN_HAND: Final = 4 * AT_ONCE
# Fewer free places are not worth a transaction: soon there will be more, or it is a while ago.
WORTH_TAKING: Final = IN_HAND // 2
# What becomes due, or arrives, within so short a time is taken, or noted, together: a transaction costs the
# same for one message as for thirty.
TOGETHER_S: Final = 0.03
# How long a message may wait in hand, and how long sending it may take. Together that is shorter than
# sending.LEASE, so that nobody else takes a lane in which something is still being sent.
FRESH_S: Final = 15
DEADLINE_S: Final = 40
# News that are told in one overview when many of them wait for one channel.
FOLDED: Final = (posts.CARD, events.CARD, radar.NEWS)
RECORD_AGAIN_S: Final = 0.5


class RenderError(Exception):
    """A message can't be rendered: the fault is its own, or that of what it tells of."""


class Outbound:
    """The worker that takes deliveries, sends them and notes what came of them.

    Attributes:
        access: whether Slack takes our token; nothing is taken while it does not.
    """

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        gap: timedelta = sending.GAP,
        paces: Mapping[str, float] = pace.START,
        told: Callable[[str, float], None] = lambda _result, _seconds: None,
    ) -> None:
        """Prepare to send.

        Args:
            store: where deliveries stand.
            client: speaks with Slack and repeats nothing by itself.
            settings: for rendering.
            clock: the time of day.
            gap: how far two messages in one channel are apart; Slack wants a second.
            paces: calls a minute for each of Slack's methods to begin with.
            told: is told what came of each message, and of the seconds it took.
        """
        self._told = told
        self._store, self._client, self._settings = store, client, settings
        self._posting = Posting(client)
        self._clock, self._gap, self._paces = clock, gap, dict(paces)
        # Whoever sends faster or slower than usual looks faster or slower, too.
        self._look_ups_per_minute = lookups.PER_MINUTE * self._paces[pace.POST] / pace.START[pace.POST]
        self.access = Access(client, clock)
        self._wake = asyncio.Event()
        self._is_stopping = False
        self._in_hand: deque[tuple[Taken, Letter | Exception | None, float]] = deque()
        self._senders: set[asyncio.Task[None]] = set()
        self._took_at = 0.0
        self._results: list[Result] = []
        self._has_results = asyncio.Event()
        store.wake("deliveries", self._wake.set)

    async def run(self) -> None:
        """Send what is due, until told to stop and what is on its way has arrived."""
        recording = asyncio.create_task(self._record_all())
        try:
            while not self._is_stopping:
                self._wake.clear()
                try:
                    pause = await self._send_due()
                except Exception:
                    log.exception("deliveries_not_taken")
                    pause = POLL_S
                if pause and not self._is_stopping:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), pause)
                if not self._is_stopping:
                    # Whoever has just taken some waits a little for more; the first one does not wait.
                    await asyncio.sleep(self._took_at + TOGETHER_S - time.monotonic())
            if self._senders:
                await asyncio.wait(self._senders)
        finally:
            self._is_stopping = True
            self._has_results.set()
            await recording

    def stop(self) -> None:
        """Take nothing more; `run` ends when what is on its way has arrived."""
        self._is_stopping = True
        self._wake.set()

    async def _send_due(self) -> float:
        """Begin to send what may go now; return the seconds to wait for more, unless something wakes us."""
        if not await self.access.is_granted():
            return POLL_S
        slots = IN_HAND - self._under_way
        if slots < WORTH_TAKING and (not slots or time.monotonic() - self._took_at < POLL_S):
            return POLL_S
        self._took_at, now = time.monotonic(), self._clock()
        taken, next_at = await self._store.claim(_take, now=now, slots=slots, paces=self._paces)
        if not taken:
            return min(POLL_S, max(0.001, (next_at - now).total_seconds())) if next_at else POLL_S
        moment = Moment(self._settings, now)
        ready = zip(taken, await self._store.read(letters, taken, moment), strict=True)
        self._in_hand.extend((row, letter, self._took_at) for row, letter in ready)
        for _ in range(min(len(self._in_hand), AT_ONCE - len(self._senders))):
            self._senders.add(asyncio.create_task(self._send_all()))
        return 0.0

    @property
    def _under_way(self) -> int:
        """How many messages are taken and not done; each sender has one of them."""
        return len(self._in_hand) + len(self._senders)

    async def _send_all(self) -> None:
        """Send one message after the other while there are any in hand (a task for each would cost more)."""
        sender = asyncio.current_task()
        assert sender is not None
        try:
            while self._in_hand:
                row, letter, taken_at = self._in_hand.popleft()
                if time.monotonic() - taken_at < FRESH_S:
                    await self._send(row, letter)
                else:
                    # So many calls hang: before this one arrived, someone else might have sent it, too.
                    self._came_of(
                        self._result(sending.put_back, row, until=self._clock(), reason="held_too_long")
                    )
                self._wake.set()
        finally:
            # At once: whoever takes more now is to see that nobody is left to send it.
            self._senders.discard(sender)

    async def _send(self, row: Taken, letter: Letter | Exception | None) -> None:
        began = time.monotonic()
        try:
            # A look-up may take many calls; any other message takes two, each with a time-out of its own.
            async with asyncio.timeout(DEADLINE_S) if row.in_doubt else contextlib.nullcontext():
                try:
                    result = await self._attempt(row, letter)
                except SlackApiError as error:
                    result = await self._refused(row, error)
        except PersonLeftError:
            result = self._result(departures.person_gone, row)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            result = self._again(row, reason=type(error).__name__)
        except Exception as error:
            # One message holds up nobody else's; whether it left is not known.
            log.exception("delivery_went_wrong", delivery=row.id)
            result = self._again(row, reason="bug", is_ours=isinstance(error, RenderError))
        self._told(result[0].__name__, time.monotonic() - began)
        self._came_of(result)

    def _came_of(self, result: Result) -> None:
        self._results.append(result)
        self._has_results.set()

    async def _attempt(self, row: Taken, letter: Letter | Exception | None) -> Result:
        if isinstance(letter, Exception):
            letter = await self._alone(row)
        if row.state is DeliveryState.SENT:
            return await self._edit(row, letter)
        if row.in_doubt and (looked_up := await self._looked_up(row)):
            return looked_up
        if letter is None:
            return self._result(sending.drop, row, reason="no_longer_true")

        async def post(one: Letter) -> Result:
            began_at = self._clock()
            channel, ts = await self._posting.post(
                one, channel=row.target, thread_ts=row.thread_ts, metadata=metadata(row)
            )
            values = {"channel_id": channel, "ts": ts, "began_at": began_at, "gap": self._gap}
            return self._result(sending.sent, row, **values)

        return await self._with_or_without_pictures(letter, post)

    async def _alone(self, row: Taken) -> Letter | None:
        """Render a message once more: it may have been another one that spoiled their transaction."""
        try:
            return as_letter(await self._store.read(render, row, Moment(self._settings, self._clock())))
        except PersonLeftError:
            raise
        except Exception as error:
            raise RenderError from error

    async def _edit(self, row: Taken, letter: Letter | None) -> Result:
        async def update(one: Letter) -> object:
            shown = one.message.as_slack()
            return await self._client.chat_update(
                channel=row.channel_id or row.target,
                ts=row.ts or "",
                text=shown["text"],
                blocks=shown["blocks"],
                metadata=metadata(row),
            )

        if letter is not None:
            await self._with_or_without_pictures(letter, update)
        return self._result(sending.edited, row, asked_at=row.edit_due_at, reason=None)

    async def _with_or_without_pictures(self, letter: Letter, say: Callable[[Letter], Awaitable[T]]) -> T:
        """Say something; without its pictures if Slack does not take it with them.

        It fetches them when they are posted, and takes nothing of the message when one can't be had.
        """
        try:
            return await say(letter)
        except SlackApiError as error:
            bare = letter.without_pictures
            if bare is None or reason_of(error)[0] != BAD_BLOCKS:
                raise
        await asyncio.sleep(self._gap.total_seconds())
        return await say(bare)

    async def _looked_up(self, row: Taken) -> Result | None:
        """Look whether a message in doubt was kept; None when it was not and may be sent."""
        wait_until = await self._store.claim(
            lookups.begin, per_minute=self._look_ups_per_minute, now=self._clock()
        )
        if wait_until:
            return self._result(sending.put_back, row, until=wait_until, reason="look_up_waits")
        try:
            found = await lookup.find(self._client, row, now=self._clock())
        except lookup.UnknownOutcomeError:
            return self._unknown(row)
        except SlackApiError as error:
            return self._blind(row, error)
        return found and self._result(sending.sent, row, channel_id=found[0], ts=found[1], gap=self._gap)

    def _blind(self, row: Taken, error: SlackApiError) -> Result:
        """A look-up was refused: it is done again, or never if it can't be; without it nothing is sent."""
        reason, status = reason_of(error)
        if status == RATE_LIMITED:
            return self._result(lookups.slowed, row, retry_after=patience_of(error), reason=reason)
        if reason in BLIND:
            return self._unknown(row)
        if reason in ACCOUNT | CHANNEL_GONE | {PERSON_GONE}:
            return self._judged(row, reason)
        return self._again(row, reason=reason)

    def _unknown(self, row: Taken) -> Result:
        """Give a message up that may be in its channel: someone has to look, so that none is there twice."""
        log.error("delivery_outcome_unknown", delivery=row.id)
        return self._result(trouble.failed, row, reason="unknown_outcome")

    async def _refused(self, row: Taken, error: SlackApiError) -> Result:
        reason, status = reason_of(error)
        if status == RATE_LIMITED:
            return self._result(sending.slowed, row, retry_after=patience_of(error), reason=reason)
        if status >= SERVER_ERROR or reason in UNCLEAR:
            return self._again(row, reason=reason)
        if reason == THREAD_GONE and row.thread_ts and row.state is not DeliveryState.SENT:
            return self._result(sending.out_of_thread, row, reason=reason)
        if reason in CHANNEL_GONE and is_person(row.target) and row.state is not DeliveryState.SENT:
            reason = await self._why_not(row.target, reason)
        return self._judged(row, reason)

    def _judged(self, row: Taken, reason: str) -> Result:
        """Return what follows from a refusal that time alone does not mend."""
        if reason in ACCOUNT:
            self.access.lose(reason)
            return self._result(sending.put_back, row, until=self._clock(), reason=reason)
        if row.state is DeliveryState.SENT:
            if reason not in EDIT_LATE:
                log.error("delivery_not_edited", delivery=row.id, reason=reason)
            return self._result(sending.edited, row, asked_at=row.edit_due_at, reason=reason)
        log.error("delivery_refused", delivery=row.id, reason=reason)
        if reason == PERSON_GONE:
            return self._result(departures.person_gone, row)
        if reason in CHANNEL_GONE and not is_person(row.target):
            return self._result(departures.channel_gone, row, reason=reason)
        return self._result(trouble.failed, row, reason=reason)

    async def _why_not(self, person: str, reason: str) -> str:
        """Ask whether someone has left to whom nothing can be said; else the reason stays as it is."""
        try:
            await self._client.conversations_open(users=person)
        except SlackApiError as error:
            return PERSON_GONE if reason_of(error)[0] == PERSON_GONE else reason
        return reason

    def _again(self, row: Taken, *, reason: str, is_ours: bool = False) -> Result:
        """Try again when a while has passed; the outcome of this try is not known."""
        longest = sending.LONGEST_DELAY.total_seconds()
        delay = timedelta(seconds=min(2**row.tries, longest) * random.uniform(0.5, 1))  # noqa: S311 - jitter
        return self._result(trouble.unclear, row, delay=delay, reason=reason, is_ours=is_ours)

    def _result(self, deed: Callable[..., None], row: Taken, **values: Any) -> Result:
        # That it stands in its channel is true whoever says so.
        fence = {} if deed is sending.sent else {sending.TRIES: row.tries}
        return deed, row.id, {**values, **fence, "now": self._clock()}

    async def _record_all(self) -> None:
        """Note what came of messages, all that have arrived meanwhile in one transaction."""
        while not (self._is_stopping and not self._results and not self._under_way):
            await self._has_results.wait()
            if self._under_way and not self._is_stopping:
                await asyncio.sleep(TOGETHER_S)
            self._has_results.clear()
            results, self._results = self._results, []
            if not results:
                continue
            try:
                await self._store.claim(sending.record, results)
            except Exception:
                # They stand in their channels: until that is noted nobody may send them again.
                log.exception("deliveries_not_recorded", count=len(results))
                self._results = results + self._results
                await asyncio.sleep(RECORD_AGAIN_S)
                self._has_results.set()
            self._wake.set()


def _take(
    session: Session, *, now: datetime, slots: int, paces: dict[str, float]
) -> tuple[list[Taken], datetime | None]:
    """Return what may be sent now and, when there is nothing, when there will be."""
    taken = sending.take(session, now=now, slots=slots, start=paces, fold=FOLDED)
    return taken, None if taken else sending.next_at(session, now=now, start=paces)
