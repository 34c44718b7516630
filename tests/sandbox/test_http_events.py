"""Signed HTTP requests, for an app without Socket Mode: what is sent, and which answers do."""

import socket
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from sandbox import Sandbox
from sandbox.protocol.line import NoAnswerError
from tests.sandbox.conftest import SEED
from tests.sandbox.wire import Answer, Ear, Heard, always, listening

WRONG: dict[str, Answer] = {
    "a redirect": always(status=302, headers={"Location": "/slack/events"}),
    "not found": always(status=404),
    "a server's error": always(status=503),
    "a page": always(text="<p>Hallo</p>", content_type="text/html"),
    "broken JSON": always(text="{", content_type="application/json"),
    "JSON too deep": always(text="[" * 100_000, content_type="application/json"),
    "a list": always(text="[]", content_type="application/json"),
    "no text at all": always(body=b"\xff\xfe", content_type="application/octet-stream"),
    "too much": always(text=f'"{"x" * 2**21}"', content_type="application/json"),
}


def is_signed(heard: Heard, sandbox: Sandbox) -> bool:
    """Return whether Slack's own library takes the signature, and not one over another body."""
    verifier = SignatureVerifier(sandbox.signing_secret)
    is_taken = verifier.is_valid_request(heard.body, heard.headers)
    return is_taken and not verifier.is_valid_request(heard.body + " ", heard.headers)


async def test_commands_interactions_and_events_are_signed() -> None:
    async with listening() as ear:
        ann = ear.sandbox.person("U_ANN")
        await ann.slash("/funk", "Stand & Radar")
        await ann.shortcut("pitch_new")
        await ann.say("Grüß Gott")
        heard = await ear.times(3)

        assert [is_signed(one, ear.sandbox) for one in heard] == [True] * 3


async def test_a_request_is_signed_for_now_though_the_clock_was_moved() -> None:
    async with listening() as ear:
        ear.sandbox.clock.advance(3600)
        await ear.sandbox.person("U_ANN").slash("/funk")

        assert is_signed(ear.heard[0], ear.sandbox)


async def test_each_repetition_is_signed() -> None:
    async with listening() as ear:
        ear.answer = always(status=500)
        await ear.sandbox.person("U_ANN").say("Hallo")

        assert [is_signed(one, ear.sandbox) for one in await ear.times(2)] == [True] * 2


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG)
async def test_a_person_is_told_when_a_command_was_answered_wrongly(answer: Answer) -> None:
    async with listening() as ear:
        ear.answer = answer
        outcome = await ear.sandbox.person("U_ANN").slash("/funk")

    assert outcome.failure == "Stadtfunk hat nicht reagiert."


async def test_a_person_is_told_when_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as port:
        url = f"http://127.0.0.1:{port.getsockname()[1]}/"
    sandbox = await Sandbox.start(SEED, pace=False, request_url=url)
    outcome = await sandbox.person("U_ANN").slash("/funk")
    await sandbox.stop()

    assert "nicht verbunden" in (outcome.failure or "")


async def test_words_alone_answer_a_command() -> None:
    async with listening() as ear:
        ear.answer = always(text="Da bin ich.")
        ann = ear.sandbox.person("U_ANN")
        await ann.slash("/funk")

        assert ann.last_reply == "Da bin ich."


async def test_what_is_said_where_nothing_is_read_does_no_harm() -> None:
    async with listening() as ear:
        ear.answer = always(text="<p>ok</p>", content_type="text/html")

        assert (await ear.sandbox.person("U_ANN").shortcut("pitch_new")).ok


async def test_a_request_url_without_tls_where_tls_is_asked_for_is_an_ssl_error() -> None:
    async with listening() as ear:
        port = ear.sandbox.page_url.rsplit(":", 1)[1]
        secure = await Sandbox.start(SEED, pace=False, request_url=f"https://127.0.0.1:{port}")
        assert secure.http is not None
        with pytest.raises(NoAnswerError, match="ssl_error"):
            await secure.http.ask("events_api", {})
        await secure.stop()


def echoing(kind: str) -> Answer:
    """Return an answer that says the challenge in one of the forms, or another."""

    async def answer(request: web.Request) -> web.StreamResponse:
        payload: dict[str, Any] = await request.json()
        challenge = payload["challenge"]
        match kind:
            case "words":
                return web.Response(text=challenge)
            case "JSON":
                return web.json_response({"challenge": challenge})
            case "a form":
                form = "application/x-www-form-urlencoded"
                return web.Response(text=f"challenge={challenge}", content_type=form)
            case "a page":
                return web.Response(text=challenge, content_type="text/html")
            case "JSON of another kind":
                return web.json_response([challenge])
        return web.Response(text="etwas anderes")

    return answer


async def is_verified(ear: Ear) -> bool:
    assert ear.sandbox.http is not None
    return await ear.sandbox.http.verify()


@pytest.mark.parametrize("kind", ["words", "JSON", "a form"])
async def test_a_request_url_is_verified_by_its_challenge(kind: str) -> None:
    async with listening() as ear:
        ear.answer = echoing(kind)

        assert await is_verified(ear)


@pytest.mark.parametrize("kind", ["a page", "JSON of another kind", "something else"])
async def test_a_request_url_that_says_something_else_is_not_verified(kind: str) -> None:
    async with listening() as ear:
        ear.answer = echoing(kind)

        assert not await is_verified(ear)


async def test_a_request_url_that_fails_is_not_verified() -> None:
    async with listening() as ear:
        ear.answer = always(status=500)

        assert not await is_verified(ear)
