"""Acknowledges in time what takes longer: the deed goes on, and what there is to say follows."""

import asyncio
import json
from collections.abc import Awaitable, Coroutine
from typing import Any, Final, TypeVar

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.texts import Texts
from handlers.clock import PATIENCE_S

T = TypeVar("T")

log = structlog.get_logger(__name__)

# Slack waits three seconds (docs.slack.dev/interactivity/handling-user-interaction); the way there and back
# takes some of them.
ANSWER_WITHIN_S: Final = 2.5


class PatientApp(AsyncApp):
    """A Bolt app that acknowledges in time what people do, whether the deed is done by then or not.

    After ANSWER_WITHIN_S a form stays open and asks to be sent once more: it acts once, so that is safe. A
    click or a command is acknowledged without a word; what was to be said to a command follows at its
    response_url.

    An event is acknowledged only when its deed is sure. If that is too late, Slack sends it again, and its id
    makes it act once; nothing of it would be left if the process stopped after an early acknowledgement.
    """

    def __init__(self, *, words: Texts, **bolt: Any) -> None:
        """Make an app.

        Args:
            words: the sentences for someone whose language is not known yet.
            bolt: what Bolt's own app takes.
        """
        super().__init__(**bolt)
        self._words = words
        self._under_way: set[asyncio.Task[Any]] = set()
        self._first: dict[str, asyncio.Task[Any]] = {}

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Do what came in and return what to answer, at the latest after ANSWER_WITHIN_S."""
        deed = self._begin(super().async_dispatch(req))
        await asyncio.wait({deed}, timeout=None if is_event(req.body) else ANSWER_WITHIN_S)
        if deed.done():
            return deed.result()
        log.warning("acknowledged_before_done", type=req.body.get("type"))
        self._begin(_say_afterwards(deed, req))
        return asked_again(req.body, req.context.get("_") or self._words)

    def join(self, inbound_id: str) -> Awaitable[BoltResponse] | None:
        """Return the answer to come where the same is being done already; None for the first of them."""
        mine = asyncio.current_task()
        assert mine is not None
        first = self._first.setdefault(inbound_id, mine)
        if first is not mine:
            return asyncio.shield(first)
        mine.add_done_callback(lambda _: self._first.pop(inbound_id, None))
        return None

    async def finish(self) -> None:
        """Wait for what is under way, at most PATIENCE_S, so that a stopping process loses nothing."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while self._under_way and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._under_way, timeout=left)

    def _begin(self, deed: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(deed)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task


def is_event(body: dict[str, Any]) -> bool:
    """Say whether this is an event, which Slack sends again until it is acknowledged."""
    return body.get("type") == "event_callback"


def asked_again(body: dict[str, Any], _: Texts) -> BoltResponse:
    """Acknowledge what is not done yet; a form keeps its text and asks to be sent once more."""
    blocks = (body.get("view") or {}).get("blocks", ())
    inputs = [block["block_id"] for block in blocks if block["type"] == "input"]
    if body.get("type") != "view_submission" or not inputs:
        return BoltResponse(status=200, body="")
    sentence = _(
        "This is taking longer than usual. Your text is still here: please send the form again in a moment."
    )
    return BoltResponse(status=200, body={"response_action": "errors", "errors": {inputs[0]: sentence}})


async def _say_afterwards(deed: asyncio.Task[BoltResponse], req: AsyncBoltRequest) -> None:
    """Say to a command what its acknowledgement would have said. A form is told when it is sent again."""
    try:
        answer = await asyncio.shield(deed)
        if req.body.get("command") and answer.body and req.context.respond:
            is_json = answer.headers.get("content-type", [""])[0].startswith("application/json")
            await req.context.respond(json.loads(answer.body) if is_json else answer.body)
    except Exception:
        log.exception("late_answer_not_said")
