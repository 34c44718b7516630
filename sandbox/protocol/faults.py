"""What goes wrong on request: calls that fail as calls do, envelopes that come twice or late."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from aiohttp import web

from sandbox.state.clock import Clock
from sandbox.state.records import JSON

Work = Callable[[], Awaitable[web.StreamResponse]]
Ending = Literal["answer", "replace", "drop", "never"]
FOREVER = 10**9


@dataclass
class Gate:
    """A place where calls wait while someone looks.

    Attributes:
        reached: set when a call waits there.
    """

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    def open(self) -> None:
        """Let all calls go on."""
        self.opened.set()


@dataclass(eq=False)
class Fault:
    """What happens to the next calls of some methods.

    Attributes:
        methods: a name or a pattern such as `chat.*`.
        times: how many calls are still to meet it.
        is_done: whether the method does its work all the same.
        ending: what the app then gets: the method's own `answer`, another in its place (`replace`), the
            connection broken (`drop`), or nothing for ever (`never`).
        status: HTTP status of the other answer; `body` and `headers` are the rest of it.
        seconds: how long the call takes before anything happens.
        gate: where the call waits, after its work when `is_done`, else before it.
    """

    methods: str
    times: int
    is_done: bool = False
    ending: Ending = "replace"
    status: int = 200
    body: JSON | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    gate: Gate | None = None

    async def happen(self, request: web.Request, work: Work, clock: Clock) -> web.StreamResponse:
        """Treat a call as planned; `work` does what was asked for."""
        await clock.sleep(self.seconds)
        if self.gate is not None and not self.is_done:
            await self._wait(self.gate)
        response = await work() if self.is_done or self.ending == "answer" else None
        if self.gate is not None and self.is_done:
            await self._wait(self.gate)
        if self.ending == "answer" and response is not None:
            return response
        if self.ending == "never":
            await asyncio.Event().wait()
        if self.ending == "drop" and request.transport is not None:
            request.transport.abort()
        if self.body is None:
            return web.Response(status=self.status, text="", headers=self.headers)
        return web.json_response(self.body, status=self.status, headers=self.headers)

    async def _wait(self, gate: Gate) -> None:
        gate.reached.set()
        await gate.opened.wait()


class Faults:
    """The faults that were asked for; each call meets the first that is meant for it.

    `methods` is always the name of a method or a pattern such as `chat.*` or `*`, `times` the number of calls
    (or envelopes) that meet the fault.

    Attributes:
        largest_page: lists come in pages of at most so many items, whatever the app asks for.
    """

    def __init__(self) -> None:
        self.largest_page: int | None = None
        self._planned: list[Fault] = []
        self._twice = 0
        self._late: list[float] = []

    @property
    def is_over(self) -> bool:
        """Whether all that was to go wrong has done so."""
        return not (self._planned or self._twice or self._late)

    def clear(self) -> None:
        """Let everything go well from now on; calls that wait at a gate go on."""
        for fault in self._planned:
            if fault.gate is not None:
                fault.gate.open()
        self._planned, self._twice, self._late, self.largest_page = [], 0, [], None

    def refuse(self, methods: str, error: str, *, times: int = 1) -> None:
        """Answer with one of Slack's errors, such as `internal_error`."""
        self._planned.append(Fault(methods, times, body={"ok": False, "error": error}))

    def fail(self, methods: str, status: int = 503, *, is_done: bool = False, times: int = 1) -> None:
        """Answer with an HTTP status and no words, before the work or after it."""
        self._planned.append(Fault(methods, times, is_done=is_done, status=status))

    def limit(self, methods: str = "*", *, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 and ask the app to wait so many seconds."""
        body = {"ok": False, "error": "ratelimited"}
        headers = {"Retry-After": str(retry_after)}
        self._planned.append(Fault(methods, times, status=429, body=body, headers=headers))

    def slow(self, methods: str, seconds: float, *, times: int = 1) -> None:
        """Begin to work only after so many seconds of the workspace's clock."""
        self._planned.append(Fault(methods, times, ending="answer", seconds=seconds))

    def drop(self, methods: str, *, is_done: bool = False, times: int = 1) -> None:
        """Break the connection, before the work or after it."""
        self._planned.append(Fault(methods, times, is_done=is_done, ending="drop"))

    def lose_reply(self, methods: str, *, times: int = 1) -> None:
        """Do the work and never answer; the connection stays open."""
        self._planned.append(Fault(methods, times, is_done=True, ending="never"))

    @contextmanager
    def held(self, methods: str, *, is_done: bool = False) -> Iterator[Gate]:
        """Let calls wait at a gate, before the work or after it, until it is opened or the block ends."""
        gate = Gate()
        fault = Fault(methods, FOREVER, is_done=is_done, ending="answer", gate=gate)
        self._planned.append(fault)
        try:
            yield gate
        finally:
            if fault in self._planned:
                self._planned.remove(fault)
            gate.open()

    def duplicate(self, *, times: int = 1) -> None:
        """Send the next envelopes (or HTTP requests) twice."""
        self._twice += times

    def delay(self, seconds: float, *, times: int = 1) -> None:
        """Send the next envelopes (or HTTP requests) so much later than what comes after them."""
        self._late += [seconds] * times

    def meant_for(self, method: str) -> Fault | None:
        """Take the fault that the next call of a method meets, if there is one."""
        for fault in self._planned:
            if fnmatchcase(method, fault.methods):
                fault.times -= 1
                if not fault.times:
                    self._planned.remove(fault)
                return fault
        return None

    def lateness(self) -> float:
        """Take the seconds that the next envelope is to come late."""
        return self._late.pop(0) if self._late else 0.0

    def is_double(self) -> bool:
        """Take whether the next envelope is to come twice."""
        is_double = self._twice > 0
        self._twice -= is_double
        return is_double
