"""Slack takes the token back: nothing is sent, nothing is given up, and it goes on by itself."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from sqlmodel import Session

from bot import decisions, delivery
from bot.delivery import DeliveryState
from bot.people import by_chat_id
from tests.handlers.chat.conftest import COMMS, OLE, RED, Office, an_office
from tests.handlers.chat.test_departures import all_rows, until
from tests.handlers.chat.test_outbound import pitch

ACCOUNT = ["account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"]


@dataclass
class Watched:
    """An office whose readiness can be asked for."""

    office: Office
    port: int

    async def ready(self) -> tuple[int, dict[str, Any]]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}/readyz") as answer,
        ):
            return answer.status, await answer.json()

    async def lose(self, reason: str) -> None:
        """Slack refuses everything from now on, and the assistant has noticed."""
        for methods in ("chat.*", "conversations.*", "auth.test"):
            self.office.sandbox.faults.refuse(methods, reason, times=10_000)
        await pitch(self.office, "Mit Geduld")
        await self.noticed()

    async def noticed(self) -> None:
        for _ in range(200):
            if (await self.ready())[0] == 503:
                return
        raise AssertionError("nobody noticed")

    async def find_again(self) -> None:
        """Slack takes the token again, and a minute later the assistant has asked."""
        self.office.sandbox.faults.clear()
        self.office.clock.forward(seconds=61)
        await until(self.office, lambda rows: all(row.state is DeliveryState.SENT for row in rows))


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with an_office(tmp_path, ops_port=port) as office:
        yield Watched(office, port)


@pytest.mark.parametrize("reason", ACCOUNT)
async def test_nothing_is_given_up_while_slack_refuses_the_token(watched: Watched, reason: str):
    await watched.lose(reason)

    assert await watched.ready() == (503, {"ready": False, "slack": reason})
    assert {row.state for row in watched.office.store.ask(all_rows)} <= {
        DeliveryState.DUE,
        DeliveryState.SENDING,
    }


async def test_messages_go_out_once_the_token_is_taken_again(watched: Watched):
    await watched.lose("token_revoked")
    await watched.find_again()

    assert await watched.ready() == (200, {"ready": True})
    assert len(watched.office.texts(COMMS)) == 1
    assert len(watched.office.texts(watched.office.person(OLE).dm)) == 1


async def test_losing_the_token_is_no_try_and_leaves_no_doubt(watched: Watched):
    await watched.lose("token_revoked")
    await watched.find_again()

    assert {row.tries for row in watched.office.store.ask(all_rows)} == {0}
    assert watched.office.store.ask(delivery.counted) == {DeliveryState.SENT: 2}


async def test_an_edit_that_was_refused_with_the_token_is_made_later(watched: Watched):
    office = watched.office
    number = await pitch(office, "Entschieden")
    red = office.person(RED)
    await red.sees("Entschieden", channel=COMMS)
    await until(office, lambda rows: all(row.state is DeliveryState.SENT for row in rows))
    office.sandbox.faults.refuse("chat.update", "token_revoked")
    office.sandbox.faults.refuse("auth.test", "token_revoked", times=10_000)

    def accept(session: Session) -> None:
        by = by_chat_id(session, RED)
        assert by is not None
        decisions.accept(session, number, by=by, now=office.clock.now)

    await office.store.run(accept)
    await watched.noticed()
    await watched.find_again()

    await red.sees("Angenommen von", channel=COMMS)


async def test_the_log_says_once_that_the_token_is_refused_and_once_that_it_is_taken(watched: Watched):
    with structlog.testing.capture_logs() as lines:
        await watched.lose("token_revoked")
        for _ in range(3):
            watched.office.clock.forward(seconds=61)
            await pitch(watched.office, "Noch eine")
        await watched.find_again()

    said = [line["event"] for line in lines if line["event"].startswith("slack_")]
    assert said == ["slack_access_lost", "slack_access_back"]
