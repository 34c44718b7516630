"""What app and workspace have said to each other, for the developer who looks on."""

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from sandbox.protocol.line import FIRST, Kind, Line, NoAnswerError, Retry
from sandbox.state.clock import Clock
from sandbox.state.records import JSON

# The newest so many exchanges are kept, in memory alone.
MOST = 500
HIDDEN = "••••••"
SECRET_NAMES = frozenset({"token", "authorization", "client_secret", "signing_secret"})
# Whoever knows one of these addresses may do something: answer, upload, connect.
SECRET_ADDRESS = re.compile(r"(/hooks/|/upload/v1/|[?&]ticket=)[\w-]+")

Source = Literal["call", "response_url", "events_api", "interactive", "slash_commands"]


@dataclass(frozen=True)
class Exchange:
    """One call of the app, or one payload to it, and what came back.

    Attributes:
        number: counts up from 1.
        source: who began: the app (`call`, `response_url`) or the workspace, with what kind of payload.
        name: the method, or the type of the event or interaction.
        at: seconds since 1970, by the workspace's clock.
        took_ms: None while it is under way.
        error: Slack's word for what went wrong, or why there was no answer.
        sent, answer: what was said, with nothing hidden.
    """

    number: int
    source: Source
    name: str
    at: float
    sent: Any
    answer: Any = None
    took_ms: float | None = None
    error: str = ""
    note: str = ""

    @property
    def is_of_app(self) -> bool:
        """Whether the app began it."""
        return self.source in {"call", "response_url"}


@dataclass
class Noted:
    """What becomes of an exchange that is under way."""

    answer: Any = None
    error: str = ""


class Traffic:
    """The newest exchanges; whoever listens is told the number of each that is new or over."""

    def __init__(self, clock: Clock, *secrets: str) -> None:
        """Keep none yet; `secrets` are never shown."""
        self._clock = clock
        self._secrets = tuple(filter(None, secrets))
        self._kept: deque[Exchange] = deque(maxlen=MOST)
        self._count = 0
        self._listeners: list[Callable[[int], None]] = []

    def newest(self) -> list[Exchange]:
        """Return all that are kept, the newest first."""
        return list(reversed(self._kept))

    def find(self, number: int) -> Exchange | None:
        """Return an exchange, while it is kept."""
        return next((one for one in reversed(self._kept) if one.number == number), None)

    def forget(self) -> None:
        """Forget all of them."""
        self._kept.clear()
        self._tell(0)

    def listen(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Call back with the number of each exchange that changes; return how to end that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    @contextmanager
    def noted(self, source: Source, name: str, sent: Any, note: str = "") -> Iterator[Noted]:
        """Keep an exchange: it begins with the block and is over at its end."""
        self._count += 1
        began, outcome = time.perf_counter(), Noted()
        exchange = Exchange(self._count, source, name, self._clock.time(), sent, note=note)
        self._kept.append(exchange)
        self._tell(exchange.number)
        try:
            yield outcome
        finally:
            took_ms = (time.perf_counter() - began) * 1000
            over = replace(exchange, answer=outcome.answer, error=outcome.error, took_ms=took_ms)
            for at in range(len(self._kept) - 1, -1, -1):
                if self._kept[at].number == exchange.number:
                    self._kept[at] = over
                    break
            self._tell(exchange.number)

    def shown(self, said: Any, name: str = "") -> Any:
        """Return what was said with all that is secret hidden."""
        if name in SECRET_NAMES and said:
            return HIDDEN
        if isinstance(said, dict):
            return {key: self.shown(value, str(key).lower()) for key, value in said.items()}
        if isinstance(said, list):
            return [self.shown(value) for value in said]
        if not isinstance(said, str):
            return said
        for secret in self._secrets:
            said = said.replace(secret, HIDDEN)
        return SECRET_ADDRESS.sub(rf"\g<1>{HIDDEN}", said)

    def _tell(self, number: int) -> None:
        for listener in list(self._listeners):
            listener(number)


class NotedLine:
    """The line to the app, with all that goes over it noted."""

    def __init__(self, line: Line, traffic: Traffic) -> None:
        self._line = line
        self._traffic = traffic

    async def ask(self, kind: Kind, payload: JSON, retry: Retry = FIRST) -> Any:
        """Send a payload and return the answer.

        Raises:
            NoAnswerError: as the other line.
        """
        note = f"{retry.attempt}: {retry.reason}" if retry.attempt else ""
        with self._traffic.noted(kind, _name(kind, payload), payload, note) as outcome:
            try:
                outcome.answer = await self._line.ask(kind, payload, retry)
            except NoAnswerError as error:
                outcome.error = error.reason
                raise
            return outcome.answer

    async def connected(self) -> None:
        """Wait until the app is there."""
        await self._line.connected()


def _name(kind: Kind, payload: JSON) -> str:
    match kind:
        case "events_api":
            return str(payload.get("event", payload).get("type", ""))
        case "slash_commands":
            return str(payload.get("command", ""))
    return str(payload.get("type", ""))
