"""What goes wrong on request: calls that fail as calls do, envelopes that come twice or late."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from aiohttp import web

from sandbox.state.clock import Clock

Work = Callable[[], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Struck(NamedTuple):
    """A request that meets a fault; `work` does what was asked for and returns the answer."""

    request: web.Request
    work: Work


Course = Callable[[Struck], Awaitable[web.StreamResponse]]


@dataclass(eq=False)
class Fault:
    """What happens to the next calls of some methods.

    Attributes:
        methods: a name or a pattern such as `chat.*`.
        times: how many calls are still to meet it; None for all.
        course: how such a call goes.
    """

    methods: str
    times: int | None
    course: Course


class Gate:
    """A place where calls wait while someone looks; `is_refused` when they are turned away."""

    def __init__(self) -> None:
        self._reached = asyncio.Event()
        self.is_refused = False
        self._opened = asyncio.Event()

    async def reached(self) -> None:
        """Wait until a call waits here."""
        await self._reached.wait()

    def open(self) -> None:
        """Let all calls go on."""
        self._opened.set()

    def turn_away(self) -> None:
        """Answer 503 to the calls that wait, as if a machine before Slack had given up on them."""
        self.is_refused = True
        self._opened.set()

    async def wait(self) -> None:
        """Wait until the gate is opened or the call turned away."""
        self._reached.set()
        await self._opened.wait()


class Faults:
    """The faults that were asked for; each call meets the first that is meant for it.

    `methods` is the name of a method of the Web API, `response_url` or `upload` for what is sent to such an
    address, or a pattern such as `chat.*` or `*`; `times` is the number of calls (or envelopes) that meet the
    fault.

    Attributes:
        largest_page: lists come in pages of at most so many items, whatever the app asks for.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.largest_page: int | None = None
        self._planned: list[Fault] = []
        self._twice = 0
        self._late: list[float] = []
        self._cleared = asyncio.Event()

    @property
    def is_over(self) -> bool:
        """Whether all that was to go wrong has begun to."""
        return not (self._planned or self._twice or self._late)

    def clear(self) -> None:
        """Let everything go well from now on, and let no call wait any longer."""
        self._planned, self._twice, self._late, self.largest_page = [], 0, [], None
        self._cleared.set()
        self._cleared = asyncio.Event()

    def refuse(self, methods: str, error: str, *, times: int = 1) -> None:
        """Answer with one of Slack's errors, such as `internal_error`."""

        async def refused(_: Struck) -> web.StreamResponse:
            return web.json_response({"ok": False, "error": error})

        self._plan(methods, times, refused)

    def fail(self, methods: str, status: int = 503, *, is_done: bool = False, times: int = 1) -> None:
        """Answer with an HTTP status and no words, before the work or after it."""

        async def failed(call: Struck) -> web.StreamResponse:
            if is_done:
                await call.work()
            return web.Response(status=status)

        self._plan(methods, times, failed)

    def limit(self, methods: str = "*", *, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 and ask the app to wait so many seconds."""

        async def limited(_: Struck) -> web.StreamResponse:
            headers = {"Retry-After": str(retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

        self._plan(methods, times, limited)

    def slow(self, methods: str, seconds: float, *, times: int = 1) -> None:
        """Begin to work only after so many seconds of the workspace's clock."""

        async def slowed(call: Struck) -> web.StreamResponse:
            await self._wait(self._clock.sleep(seconds))
            return await call.work()

        self._plan(methods, times, slowed)

    def drop(self, methods: str, *, is_done: bool = False, times: int = 1) -> None:
        """Break the connection, before the work or after it."""

        async def dropped(call: Struck) -> web.StreamResponse:
            if is_done:
                await call.work()
            return _broken(call)

        self._plan(methods, times, dropped)

    def lose_reply(self, methods: str, *, times: int = 1) -> None:
        """Do the work and never answer; the connection stays open until all is cleared."""

        async def lost(call: Struck) -> web.StreamResponse:
            cleared = self._cleared
            await call.work()
            await cleared.wait()
            return _broken(call)

        self._plan(methods, times, lost)

    @contextmanager
    def held(self, methods: str, *, is_done: bool = False) -> Iterator[Gate]:
        """Let calls wait at a gate, before the work or after it, until it is opened or the block ends."""
        gate = Gate()

        async def waiting(call: Struck) -> web.StreamResponse:
            response = await call.work() if is_done else None
            await self._wait(gate.wait())
            if gate.is_refused:
                return web.Response(status=503)
            # An answer has no items and is false by itself.
            return await call.work() if response is None else response

        fault = self._plan(methods, None, waiting)
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

    async def meet(self, name: str, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Handle a request, or let go wrong what is to go wrong with calls of this name."""
        fault = self._meant_for(name)
        if fault is None:
            return await handler(request)
        return await fault.course(Struck(request, lambda: handler(request)))

    def around(self, name: str, handler: Handler) -> Handler:
        """Return a handler that does as the given one does, but for the faults meant for `name`."""

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self.meet(name, request, handler)

        return serve

    def lateness(self) -> float:
        """Take the seconds that the next envelope is to come late."""
        return self._late.pop(0) if self._late else 0.0

    def is_double(self) -> bool:
        """Take whether the next envelope is to come twice."""
        is_double = self._twice > 0
        self._twice -= is_double
        return is_double

    def _meant_for(self, name: str) -> Fault | None:
        """Take the fault that the next call of this name meets, if there is one."""
        fault = next((fault for fault in self._planned if fnmatchcase(name, fault.methods)), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self._planned.remove(fault)
        return fault

    def _plan(self, methods: str, times: int | None, course: Course) -> Fault:
        fault = Fault(methods, times, course)
        self._planned.append(fault)
        return fault

    async def _wait(self, end: Coroutine[Any, Any, None]) -> None:
        """Wait for an end, at most until all is cleared."""
        ends = [asyncio.ensure_future(end), asyncio.ensure_future(self._cleared.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in ends:
                waiting.cancel()


def _broken(call: Struck) -> web.StreamResponse:
    """Break the connection of a call; the answer reaches nobody."""
    if call.request.transport is not None:
        call.request.transport.abort()
    return web.Response()
