"""`python -m tests.crash.worker ADDRESS`: starts workers that send, processes that may kill themselves.

It has imported everything and asked every question once, so that a worker is there in a few milliseconds. For
each line with an Order on its standard input it prints the id of a new process.
"""

import asyncio
import gc
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Concatenate, Final, ParamSpec, Self, TypeVar

import aiohttp
from pydantic import SecretStr
from sqlmodel import Session

from bot import delivery, pace, sending
from bot.delivery import DeliveryState
from bot.settings import Settings
from handlers.chat.app import make_client
from handlers.chat.messages import Moment, render_all
from handlers.chat.outbound import Outbound
from storage.store import Store

P = ParamSpec("P")
T = TypeVar("T")

ENDLESS: Final = {pace.POST: 1e9, pace.EDIT: 1e9}


@dataclass(frozen=True)
class Death:
    """When a worker dies: before, during or after its `count`-th transaction that takes or records."""

    deed: str
    when: str
    count: int


@dataclass(frozen=True)
class Order:
    """What a worker works with; its clock is `ahead` by so many seconds."""

    api_url: str
    token: str
    ahead: float = 0.0
    death: Death | None = None

    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def of(cls, line: str) -> Self:
        values = json.loads(line)
        death = values.pop("death")
        return cls(**values, death=Death(**death) if death else None)


class Mortal(Store):
    """A store whose process dies at the appointed transaction, as in a power cut."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.death: Death | None = None
        self._counts: Counter[str] = Counter()

    def disconnect(self) -> None:
        """Close all connections; the next question opens one."""
        self._writer.dispose()
        self._reader.dispose()

    async def claim(self, deed: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        name = "record" if deed is sending.record else "take"
        self._counts[name] += 1
        death = self.death
        if death is None or (death.deed, death.count) != (name, self._counts[name]):
            return await super().claim(deed, *args, **kwargs)
        if death.when == "before":
            die()
        if death.when == "during":
            await super().claim(_dying, lambda session: deed(session, *args, **kwargs))
        value = await super().claim(deed, *args, **kwargs)
        die()
        return value


def die() -> None:
    """End this process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def _dying(session: Session, deed: Callable[[Session], object]) -> None:
    deed(session)
    session.flush()
    die()


async def send(store: Mortal, settings: Settings, order: Order) -> None:
    """Send what is due until told to stop."""
    store.death = order.death
    values = {"slack_api_url": order.api_url, "slack_bot_token": SecretStr(order.token)}
    settings = settings.model_copy(update=values)
    ahead = timedelta(seconds=order.ahead)
    async with aiohttp.ClientSession() as session:
        client = make_client(settings, session)
        outbound = Outbound(
            store, client, settings, clock=lambda: datetime.now(UTC) + ahead, gap=timedelta(), paces=ENDLESS
        )
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, outbound.stop)
        await outbound.run()
    store.close()


def rehearse(session: Session, settings: Settings) -> None:
    """Do everything once that a worker does, and then undo it: afterwards each statement is known."""
    now = datetime.now(UTC)
    for number in range(4):
        delivery.note(session, "pitch_card", -1, to=f"C{number}", now=now)
    taken = sending.take(session, now=now, start=ENDLESS)
    render_all(session, taken, Moment(settings, now))
    ids = [row.id or 0 for row in taken]
    place = {"channel_id": "C0", "ts": "1.0", "now": now, "gap": timedelta()}
    wait = {"reason": "", "now": now}
    sending.record(
        session,
        [
            *((sending.sent, one, place) for one in ids[:2]),
            (sending.unclear, ids[2], {**wait, "delay": timedelta()}),
            (sending.slowed, ids[3], {**wait, "retry_after": timedelta()}),
        ],
    )
    delivery.changed(session, "pitch_card", -1, now=now)
    for row in sending.take(session, now=now, start=ENDLESS):
        if row.state is DeliveryState.SENT:
            sending.edited(session, row.id or 0, asked_at=now, reason=None, now=now)
    sending.next_at(session, now=now, start=ENDLESS)
    session.rollback()


def main() -> None:
    """Start a worker for each line of the input."""
    settings = Settings()
    store = Mortal(sys.argv[1])
    store.do(rehearse, settings)
    store.ask(
        lambda session: render_all(
            session, delivery.listed(session, state=None, limit=1), Moment(settings, datetime.now(UTC))
        )
    )
    # Nobody's connection is to be shared by two processes.
    store.disconnect()
    # Nobody waits for the dead here: the test does, by their ids.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(2, 1)
            asyncio.run(send(store, settings, Order.of(line)))
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
