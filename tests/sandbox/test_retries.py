"""An event that was not acknowledged comes again, three times in all; what people do comes once."""

import asyncio
import json
from itertools import pairwise

import pytest
from aiohttp import web

from sandbox import Sandbox
from tests.sandbox.wire import JSON, PATH, Answer, Ear, Wire, always, listening, wired


async def never(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


async def break_off(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def lead_around(request: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect(request.path)


async def talk_nonsense(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"SLACK/0 ?\r\n\r\n")
    return web.Response()


REASONS: dict[str, Answer] = {
    "connection_failed": break_off,
    "too_many_redirects": lead_around,
    "http_error": always(status=404),
    "unknown_error": talk_nonsense,
}


async def repeated_three_times(ear: Ear) -> None:
    """Let an event fail four times, within a moment of the machine's time."""
    ear.answer = always(status=500)
    ear.sandbox.clock.speed = 3600
    await ear.sandbox.person("U_ANN").say("Hallo")
    await ear.times(4)


async def test_an_event_is_repeated_at_once_after_one_and_after_five_minutes() -> None:
    async with listening() as ear:
        # Nearly no time passes but what the test lets pass.
        ear.sandbox.clock.speed = 1e-6
        ear.answer = always(status=500)
        await ear.sandbox.person("U_ANN").say("Hallo")
        await ear.times(2)
        ear.sandbox.clock.advance(60)
        await ear.times(3)
        ear.sandbox.clock.advance(300)
        await ear.times(4)

    moments = [heard.at for heard in ear.heard]
    assert [round(later - sooner) for sooner, later in pairwise(moments)] == [0, 60, 300]


async def test_a_repeated_event_says_which_repetition_it_is_and_why() -> None:
    async with listening() as ear:
        await repeated_three_times(ear)

    numbers = [heard.headers.get("X-Slack-Retry-Num") for heard in ear.heard]
    reasons = {heard.headers.get("X-Slack-Retry-Reason") for heard in ear.heard[1:]}
    assert numbers == [None, "1", "2", "3"]
    assert reasons == {"http_error"}


async def test_a_repeated_event_is_the_same_to_the_letter() -> None:
    async with listening() as ear:
        await repeated_three_times(ear)

    assert len({heard.body for heard in ear.heard}) == 1


async def test_after_the_third_repetition_an_event_is_given_up() -> None:
    async with listening() as ear:
        await repeated_three_times(ear)
        ear.sandbox.clock.advance(3600)
        await ear.sandbox.person("U_ANN").say("Noch etwas")

        assert (await ear.times(5))[4].event["text"] == "Noch etwas"


async def test_an_event_that_was_taken_at_last_is_not_repeated() -> None:
    async with listening() as ear:
        ear.answer = always(status=500)
        await ear.sandbox.person("U_ANN").say("Hallo")
        await ear.times(2)
        ear.answer = always()
        ear.sandbox.clock.speed = 3600
        await ear.times(3)
        ear.sandbox.clock.advance(3600)
        await ear.sandbox.person("U_ANN").say("Noch etwas")

        assert (await ear.times(4))[3].event["text"] == "Noch etwas"


@pytest.mark.parametrize("reason", REASONS)
async def test_a_repeated_event_says_what_went_wrong(reason: str) -> None:
    async with listening() as ear:
        ear.answer = REASONS[reason]
        await ear.sandbox.person("U_ANN").say("Hallo")
        again = await ear.repetition()

    assert again.headers["X-Slack-Retry-Reason"] == reason


async def test_an_event_that_is_not_answered_in_three_seconds_is_repeated() -> None:
    async with listening() as ear:
        ear.answer = never
        await ear.sandbox.person("U_ANN").say("Hallo")
        await ear.times(1)
        ear.sandbox.clock.advance(3)

        assert (await ear.repetition()).headers["X-Slack-Retry-Reason"] == "http_timeout"


async def test_an_app_that_wants_no_repetition_gets_none() -> None:
    async with listening() as ear:
        ear.answer = always(status=500, headers={"X-Slack-No-Retry": "1"})
        ann = ear.sandbox.person("U_ANN")
        await ann.say("Hallo")
        await ear.times(1)
        ear.sandbox.clock.speed = 3600
        await ann.say("Noch etwas")

        assert (await ear.times(2))[1].event["text"] == "Noch etwas"


async def test_two_redirects_are_followed() -> None:
    ways = {PATH: "/one", "/one": "/two"}
    arrived = asyncio.Event()

    async def lead(request: web.Request) -> web.StreamResponse:
        if request.path in ways:
            raise web.HTTPTemporaryRedirect(ways[request.path])
        assert json.loads(await request.text())["type"] == "event_callback"
        arrived.set()
        return web.Response()

    async with listening() as ear:
        ear.answer = lead
        await ear.sandbox.person("U_ANN").say("Hallo")
        await asyncio.wait_for(arrived.wait(), 15)


async def test_a_command_is_never_repeated() -> None:
    async with listening() as ear:
        ear.answer = always(status=500)
        ann = ear.sandbox.person("U_ANN")
        assert not (await ann.slash("/funk")).ok
        assert not (await ann.shortcut("pitch_new")).ok
        ear.sandbox.clock.advance(3600)
        await ann.say("Hallo")

        assert (await ear.times(3))[2].event["text"] == "Hallo"


async def attempted(wire: Wire, attempt: int) -> JSON:
    """Wait for an event that comes as this repetition."""
    return await wire.frame(lambda frame: frame.get("retry_attempt") == attempt)


async def test_an_event_over_a_deaf_websocket_is_repeated_three_times(sandbox: Sandbox) -> None:
    async with wired(sandbox) as wire:
        wire.is_deaf = True
        await sandbox.person("U_ANN").say("Hallo")
        for attempt, pause in enumerate((3, 60, 300)):
            await attempted(wire, attempt)
            sandbox.clock.advance(pause)
        last = await attempted(wire, 3)

    events = [frame for frame in wire.frames if frame["type"] == "events_api"]
    assert [frame["retry_reason"] for frame in events] == ["", "timeout", "timeout", "timeout"]
    assert {frame["payload"]["event_id"] for frame in events} == {last["payload"]["event_id"]}
