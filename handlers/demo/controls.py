"""The buttons of the demo: each lets something happen and says in a sentence what, or why it can't now."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from typing import Final

from sqlmodel import Session

from bot import delivery, rounds
from bot.delivery import DeliveryState
from bot.settings import Settings
from bot.texts import Texts, language_of, texts
from bot.workdays import Workdays
from handlers.clock import ask_departments, note_due
from handlers.demo import seed
from handlers.demo.clock import DemoClock
from handlers.demo.portal import Portal
from sandbox import Control
from storage.store import Store

DAYS: Final = 7
# When the assistant has usually done what a morning brings.
MORNING: Final = time(9, 30)
# How long a day waits for its messages, so that they carry its date.
PATIENCE_S: Final = 3.0
# Readers of the demo, made up; what they say is the portal's and stays in its language.
COMMENTS: Final = (
    ("Eine Leserin aus Giesing", "Danke, das habe ich gesucht! Gibt es das auch für die Bürgerbüros?"),
    ("Nachbar aus Laim", "Klingt gut. Wann geht es denn los?"),
    ("Elternbeirat", "Wird das auch in den Schulen angeboten? Wir würden gern mitmachen."),
)


class Controls:
    """What the buttons of the workspace's demo panel do; called with a locale it returns them."""

    def __init__(self, portal: Portal, store: Store, settings: Settings, clock: DemoClock) -> None:
        self._portal, self._store, self._settings, self._clock = portal, store, settings, clock
        self._comments = cycle(COMMENTS)
        self._passing = asyncio.Lock()

    def __call__(self, locale: str) -> tuple[Control, ...]:
        """Return the buttons for someone whose chat is set to `locale`."""
        _ = texts(language_of(locale), self._settings.timezone)
        return (
            Control(
                "publish",
                _("Publish a post"),
                _("Adds a post to the feed of the demo's portal."),
                lambda: self._publish(_),
            ),
            Control(
                "announce",
                _("Announce an event"),
                _("Adds an event to the demo's calendar."),
                lambda: self._announce(_),
            ),
            Control(
                "comment",
                _("Write a comment"),
                _("Lets a reader comment on the newest post."),
                lambda: self._comment(_),
            ),
            Control(
                "round",
                _("Open a round"),
                _("Asks everyone responsible how far their measures are."),
                lambda: self._ask(_),
            ),
            Control(
                "week",
                _("Let a week pass"),
                _("Moves the demo's clock on; what becomes due happens."),
                lambda: self._week(_),
            ),
        )

    async def _publish(self, _: Texts) -> str:
        now = self._clock()
        title = f"Neues aus der Demo, {now.astimezone(self._settings.zone):%H:%M:%S} Uhr"
        self._portal.publish(title, teaser="Dieser Beitrag kommt aus dem Feed des Demo-Portals.", now=now)
        return _("Published. In a few seconds the post is in #digital-neues and on the public site.")

    async def _announce(self, _: Texts) -> str:
        now = self._clock()
        starts_at = (now + timedelta(days=10)).replace(minute=0, second=0, microsecond=0)
        title = f"Demo-Veranstaltung, {now.astimezone(self._settings.zone):%H:%M:%S} Uhr"
        self._portal.announce(title, starts_at=starts_at, place="Altes Rathaus", now=now)
        return _("Announced. In a few seconds the event is in #digital-neues and on the public site.")

    async def _comment(self, _: Texts) -> str:
        author, words = next(self._comments)
        title = self._portal.comment(words, author=author, now=self._clock())
        if title is None:
            return _("There is no post to comment on yet. Publish one first.")
        return _("Commented on “{title}”. In a few seconds it is in that post's thread.", title=title)

    async def _ask(self, _: Texts) -> str:
        if not await self._store.read(rounds.preview, now=self._clock()):
            return _("There is nobody to ask: all measures were confirmed in the last three weeks.")
        known = await self._store.read(rounds.listed)
        asked = await self._store.run(
            open_round, self._settings, self._clock(), name=f"Demo {len(known) + 1}"
        )
        return _.plural("Round opened: {n} person is asked.", "Round opened: {n} people are asked.", asked)

    async def _week(self, _: Texts) -> str:
        if self._passing.locked():
            return _("A week is passing already.")
        async with self._passing:
            end = self._clock() + timedelta(days=DAYS)
            while (stop := self._next_stop(end)) <= end:
                await self._clock.advance(stop - self._clock(), self._store)
                # The assistant looks every few seconds; here a whole day passes in between.
                await self._store.run(note_due, self._settings, self._clock())
                await self._store.run(ask_departments, self._settings, self._clock())
                await self._sent()
                if stop == end:
                    break
        return _("A week has passed. Now it is {day}.", day=_.day(self._clock()))

    def _next_stop(self, end: datetime) -> datetime:
        """Return the next morning, or the end of the week when that comes before."""
        local = self._clock().astimezone(self._settings.zone)
        day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
        return min(end, datetime.combine(day, MORNING, self._settings.zone).astimezone(UTC))

    async def _sent(self) -> None:
        """Wait until what is due has been said, but not for ever."""
        for _ in range(int(PATIENCE_S / 0.1)):
            counts = await self._store.read(delivery.counted)
            if not counts.keys() & {DeliveryState.DUE, DeliveryState.SENDING}:
                return
            await asyncio.sleep(0.1)


def open_round(session: Session, settings: Settings, now: datetime, *, name: str) -> int:
    """Open a round of the demo's now and return how many people it asks."""
    workdays = Workdays(settings.holidays, settings.zone)
    return rounds.open_now(
        session, name=name, days=settings.round_days, workdays=workdays, now=now, origin=seed.DEMO
    )[1]
