"""What comes in acts once and is acknowledged in time, also while the store takes its time."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import decisions, people, pitches, radar, rounds
from bot.people import Person
from bot.workdays import Workdays
from handlers.chat import home
from handlers.chat.app import make_app, make_client
from handlers.chat.patience import PatientApp
from handlers.ops import make_ops
from handlers.run import serve
from sandbox.client.form import Form
from sandbox.protocol.line import FIRST, Kind, NoAnswerError, Retry
from tests.handlers.chat.conftest import ANN, COMMS, OLE, RED, RON, Office
from tests.handlers.chat.slow import LATE_S, Gate
from tests.handlers.chat.test_doors import SECRET, signed, submission

ONCE_MORE = "schick das Formular gleich noch einmal ab"


@pytest.fixture
async def gate(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gate]:
    """A gate before the office's store, open at first."""
    made = Gate(office.store, monkeypatch)
    yield made
    made.open()


class Heard:
    """What the workspace sent to the assistant, and what came of each: the reason it failed or `done`."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.results: list[str] = []
        self._ask = office.sandbox.sockets.ask
        self._more = asyncio.Condition()
        monkeypatch.setattr(office.sandbox.sockets, "ask", self.ask)

    async def ask(self, kind: Kind, payload: dict[str, Any], retry: Retry = FIRST) -> Any:
        result = "done"
        try:
            return await self._ask(kind, payload, retry)
        except NoAnswerError as error:
            result = error.reason
            raise
        finally:
            async with self._more:
                self.results.append(result)
                self._more.notify_all()

    async def until(self, count: int) -> list[str]:
        async with self._more, asyncio.timeout(15):
            await self._more.wait_for(lambda: len(self.results) >= count)
        return self.results


@pytest.fixture
def heard(office: Office, monkeypatch: pytest.MonkeyPatch) -> Heard:
    return Heard(office, monkeypatch)


async def pitch_form(office: Office, member: str = ANN) -> Form:
    person = office.person(member)
    await person.shortcut("pitch_new")
    return await person.form()


async def pitch_card(office: Office, title: str) -> Any:
    assert await (await pitch_form(office)).submit(Titel=title) == {}
    await office.person(ANN).sees(title)
    card = await office.person(RED).sees(title, channel=COMMS)
    # What is said to a person is told to the assistant, too: when it answers again, that is over.
    await office.person(ANN).slash("/funk", "hilfe")
    return card


def member(office: Office, chat_id: str) -> Person:
    found = office.store.ask(people.by_chat_id, chat_id)
    assert found is not None
    return found


def titles(office: Office) -> list[str]:
    found = office.store.ask(pitches.by_pitcher, member(office, ANN).id or 0, limit=10)
    return sorted(one.title for one in found)


# A form


async def test_a_form_is_answered_in_time_and_keeps_its_text_while_its_deed_waits(office: Office, gate: Gate):
    form = await pitch_form(office)

    errors = await gate.outlast(form.submit(Titel="Langsam"))

    assert gate.is_closed
    assert ONCE_MORE in errors["Titel"]
    assert form.values["Titel"] == "Langsam"


async def test_the_deed_of_a_late_form_goes_on_and_its_thanks_come_by_themselves(office: Office, gate: Gate):
    form = await pitch_form(office)
    await gate.outlast(form.submit(Titel="Langsam"))

    gate.open()

    await office.person(ANN).sees("Danke für deine Idee")


async def test_a_late_form_that_is_sent_again_closes_and_has_acted_once(office: Office, gate: Gate):
    form = await pitch_form(office)
    await gate.outlast(form.submit(Titel="Langsam"))
    gate.open()
    await office.person(ANN).sees("Danke für deine Idee")

    assert await form.submit() == {}

    assert not form.is_open
    assert titles(office) == ["Langsam"]


async def test_a_form_sent_again_while_its_deed_still_waits_waits_for_the_same_deed(
    office: Office, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    joined = asyncio.Event()
    join = PatientApp.join

    def noticed(app: PatientApp, inbound_id: str) -> Awaitable[BoltResponse] | None:
        if found := join(app, inbound_id):
            joined.set()
        return found

    monkeypatch.setattr(PatientApp, "join", noticed)
    form = await pitch_form(office)
    await gate.outlast(form.submit(Titel="Langsam"))
    with gate.clock.creeping():
        again = asyncio.create_task(form.submit())
        await joined.wait()
        gate.clock.forward(LATE_S)

        assert ONCE_MORE in (await again)["Titel"]

    assert len(gate.waited) == 1


async def test_a_late_form_with_a_mistake_says_so_when_it_is_sent_again(office: Office, gate: Gate):
    form = await pitch_form(office)
    await gate.outlast(form.submit(Titel="   "))
    gate.open()

    errors = await form.submit()

    assert "höchstens 150 Zeichen" in errors["Titel"]


async def test_a_late_form_sent_again_with_other_words_is_told_which_ones_are_kept(
    office: Office, gate: Gate
):
    form = await pitch_form(office)
    await gate.outlast(form.submit(Titel="Zuerst"))
    gate.open()
    await office.person(ANN).sees("Danke für deine Idee")

    errors = await form.submit(Titel="Danach")

    assert "was du zuerst abgeschickt hast" in errors["Titel"]
    assert titles(office) == ["Zuerst"]


async def test_a_refused_form_leaves_nothing_behind_and_is_taken_when_it_is_mended(office: Office):
    form = await pitch_form(office)
    before = form.view.hash
    assert await form.submit(Titel="   ") != {}

    assert form.view.hash == before
    assert await form.submit(Titel="Verbessert") == {}
    assert titles(office) == ["Verbessert"]


async def test_the_next_step_of_a_form_is_another_thing(office: Office, gate: Gate):
    form = await pitch_form(office)
    await gate.outlast(form.submit(Titel="Erster Schritt"))
    gate.open()
    await office.person(ANN).sees("Erster Schritt")
    names = ("callback_id", "title", "submit", "blocks", "private_metadata")
    step = {"type": "modal", **{name: form.view.body[name] for name in names}}
    client = AsyncWebClient(office.sandbox.bot_token, base_url=office.sandbox.api_url)
    await client.views_update(view_id=form.view.id, view=step)

    assert await form.submit(Titel="Zweiter Schritt") == {}

    assert titles(office) == ["Erster Schritt", "Zweiter Schritt"]


# A click, a command, a shortcut, an event


async def test_a_click_is_acknowledged_in_time_and_its_effect_comes_by_itself(office: Office, gate: Gate):
    card = await pitch_card(office, "Wird langsam genommen")
    red = office.person(RED)

    outcome = await gate.outlast(red.click("Annehmen", message=card))

    assert outcome.ok
    assert gate.is_closed
    gate.open()
    await red.sees("Angenommen von", channel=COMMS)


async def test_whoever_clicked_is_told_when_the_late_deed_fails(office: Office, gate: Gate):
    card = await pitch_card(office, "Jemand war schneller")
    red = office.person(RED)
    await gate.outlast(red.click("Annehmen", message=card))

    def decided(session: Session) -> None:
        decisions.accept(session, 1, by=member(office, RON), now=office.clock.now)

    office.store.do(decided)
    gate.open()

    await red.sees("Das ist schon entschieden", channel=COMMS)


async def test_a_late_failure_at_home_is_told_in_a_direct_message(
    office: Office, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    def broken(_session: Session, *_: object, **_values: object) -> None:
        raise ZeroDivisionError

    office.store.do(opened_round, office)
    ole = office.person(OLE)
    await ole.open_home()
    await ole.sees_at_home("E-Akte")
    monkeypatch.setattr(radar, "confirm", broken)
    await gate.outlast(ole.click("Unverändert", on="home", beside="E-Akte"))

    office.sandbox.clock.advance(4)
    gate.open()

    await ole.sees("Das hat nicht geklappt")


def opened_round(session: Session, office: Office) -> None:
    workdays = Workdays(office.settings.holidays, office.settings.zone)
    rounds.open_now(session, name="Probe", days=14, workdays=workdays, now=office.clock.now)


async def test_a_command_is_acknowledged_in_time_and_its_answer_follows(office: Office, gate: Gate):
    ann = office.person(ANN)

    outcome = await gate.outlast(ann.slash("/funk", "hilfe"))

    assert outcome.ok
    assert ann.last_reply is None
    gate.open()
    await ann.sees("Das kann ich für dich tun")


async def test_a_command_that_is_refused_late_says_so(office: Office, gate: Gate):
    ann = office.person(ANN)
    await ann.slash("/funk", "hilfe")
    await gate.outlast(ann.slash("/funk", "überblick"))

    gate.open()

    await ann.sees("Das geht nur für die Redaktion")


async def test_a_form_that_can_no_longer_be_opened_is_said_instead(office: Office, gate: Gate):
    ann = office.person(ANN)
    assert (await gate.outlast(ann.shortcut("pitch_new"), reads=True)).ok

    office.sandbox.clock.advance(4)
    gate.open()

    await ann.sees("Das hat zu lange gedauert")


async def test_an_event_is_acknowledged_only_when_its_deed_is_done_and_done_once(
    office: Office, gate: Gate, heard: Heard
):
    ann = office.person(ANN)
    await ann.slash("/funk", "hilfe")
    gate.close(reads=True)
    await ann.open_home()
    await gate.reached()

    office.sandbox.clock.advance(4)
    assert await heard.until(2) == ["done", "timeout"]
    gate.open()

    await ann.sees_at_home("Hallo, ich bin Stadtfunk")
    assert await heard.until(3) == ["done", "timeout", "done"]
    assert gate.waited == [home.shown]


async def test_an_event_whose_deed_fails_is_not_acknowledged_so_that_slack_sends_it_again(office: Office):
    app = make_app(office.store, office.settings, make_client(office.settings), clock=office.clock)
    event = {"type": "app_home_opened", "user": ANN, "tab": "home"}
    body = {"type": "event_callback", "event_id": "Ev1", "team_id": office.sandbox.team_id, "event": event}
    office.sandbox.faults.fail("views.publish", 503)

    answers = [
        await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode")) for _attempt in range(2)
    ]

    assert [answer.status for answer in answers] == [500, 200]


# Twice, late, out of order


async def test_a_click_that_comes_twice_acts_once_and_nobody_is_told_of_it(office: Office, heard: Heard):
    card = await pitch_card(office, "Doppelt gedrückt")
    red, count = office.person(RED), len(heard.results)
    office.sandbox.faults.duplicate()

    assert (await red.click("Annehmen", message=card)).ok

    assert await heard.until(count + 2)
    await office.person(ANN).sees("Gute Nachricht")
    assert red.last_reply is None
    assert office.sandbox.faults.is_over


async def test_a_form_that_comes_twice_acts_once(office: Office, heard: Heard):
    form = await pitch_form(office)
    count = len(heard.results)
    office.sandbox.faults.duplicate()

    assert await form.submit(Titel="Doppelt gesendet") == {}

    await heard.until(count + 2)
    assert titles(office) == ["Doppelt gesendet"]


async def test_a_shortcut_that_comes_twice_opens_one_form_and_nobody_is_told_of_it(
    office: Office, heard: Heard
):
    ann = office.person(ANN)
    office.sandbox.faults.duplicate()

    assert (await ann.shortcut("pitch_new")).ok

    assert await heard.until(2) == ["done", "done"]
    assert len(office.sandbox.workspace.modals(ANN)) == 1
    assert ann.last_reply is None


async def test_a_shortcut_that_comes_again_after_its_form_was_opened_changes_nothing(office: Office):
    app = make_app(office.store, office.settings, make_client(office.settings), clock=office.clock)
    sent: list[dict[str, Any]] = []
    ask = office.sandbox.sockets.ask

    async def kept(kind: Kind, payload: dict[str, Any], retry: Retry = FIRST) -> Any:
        sent.append(payload)
        return await ask(kind, payload, retry)

    office.sandbox.sockets.ask = kept  # type: ignore[method-assign]
    form = await pitch_form(office)
    answer = await app.async_dispatch(AsyncBoltRequest(body=sent[0], mode="socket_mode"))

    assert answer.status == 200
    assert form.is_open
    assert office.texts(office.person(ANN).dm) == []


async def test_a_click_that_comes_late_finds_what_was_decided_meanwhile(office: Office):
    card = await pitch_card(office, "Überholt")
    red, ron = office.person(RED), office.person(RON)
    office.sandbox.faults.delay(10)
    late = asyncio.create_task(red.click("Annehmen", message=card))
    await asyncio.sleep(0)
    await ron.click("Annehmen", message=card)
    await ron.sees("Angenommen von", channel=COMMS)

    office.sandbox.clock.advance(10)
    await late

    await red.sees("Das ist schon entschieden", channel=COMMS)


async def test_signed_requests_that_come_twice_at_the_same_moment_act_once(office: Office):
    settings = office.settings.model_copy(update={"slack_signing_secret": SecretStr(SECRET)})
    app = make_app(office.store, settings, make_client(settings), clock=office.clock)
    runner = await serve(make_ops(office.store, app), "127.0.0.1", 0, settings)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    body = submission(office, "Doppelt über HTTP", "1.2.same")
    try:
        async with aiohttp.ClientSession() as session:
            sent = (session.post(url, data=body, headers=signed(body)) for _ in range(5))
            answers = await asyncio.gather(*sent)
            assert [answer.status for answer in answers] == [200] * 5
    finally:
        await runner.cleanup()

    assert titles(office) == ["Doppelt über HTTP"]


# The end


async def test_a_stopping_process_waits_for_what_it_has_begun(office: Office, gate: Gate):
    app = make_app(office.store, office.settings, make_client(office.settings), clock=office.clock)
    await office.person(ANN).slash("/funk", "hilfe")
    body = json.loads(submission(office, "Kurz vor Schluss", "1.2.last"))
    await gate.outlast(app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode")))

    end = asyncio.create_task(app.finish())
    await asyncio.sleep(0)
    assert not end.done()
    gate.open()
    await end

    assert titles(office) == ["Kurz vor Schluss"]
