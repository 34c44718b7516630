"""Sending: each message once, whatever Slack's answer was, and brought up to date where it stands."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import decisions, delivery, lookups, pace, pitches, retries, sending
from bot.delivery import DeliveryState
from bot.people import by_chat_id
from handlers.chat import outbound
from sandbox.protocol.faults import Faults
from storage.pace import of_methods
from storage.store import announce
from tests.handlers.chat.conftest import COMMS, EDI, ENDLESS, OLE, RED, REVIEW, Office, an_office

WRONG: dict[str, Callable[[Faults], None]] = {
    "refused": lambda faults: faults.fail("chat.postMessage", 503),
    "lost": lambda faults: faults.drop("chat.postMessage", is_done=True),
    "500": lambda faults: faults.fail("chat.postMessage", 500, is_done=True),
    "dropped": lambda faults: faults.drop("chat.postMessage"),
    "429": lambda faults: faults.limit("chat.postMessage"),
}


LOST_LOOK_UPS: dict[str, Callable[[Faults], None]] = {
    "429": lambda faults: faults.limit("conversations.history", retry_after=30),
    "503": lambda faults: faults.fail("conversations.history", 503),
    "lost": lambda faults: faults.drop("conversations.history"),
    "internal_error": lambda faults: faults.refuse("conversations.history", "internal_error"),
}


PATIENCE_S = 15


async def pitch(office: Office, title: str) -> int:
    def submit(session: Session) -> int:
        author = by_chat_id(session, OLE)
        assert author is not None
        return (
            pitches.submit(session, pitches.Idea(title=title), pitcher=author, now=office.clock.now).id or 0
        )

    return await office.store.run(submit)


def states(office: Office, key: str) -> list[tuple[DeliveryState, bool, str | None]]:
    rows = office.store.ask(delivery.listed, state=None, limit=100)
    return [(row.state, row.in_doubt, row.reason) for row in rows if row.key.startswith(key)]


async def settled(office: Office, key: str) -> None:
    """Move the clock past the waiting times until nothing is due or on its way any more."""
    for _ in range(200):
        found = {state for state, _in_doubt, _reason in states(office, key)}
        if found and not found & {DeliveryState.DUE, DeliveryState.SENDING}:
            return
        office.clock.forward(seconds=2)
        await office.store.run(announce, "deliveries")
        await asyncio.sleep(0.02)
    raise AssertionError(states(office, key))


@pytest.mark.parametrize("fault", sorted(WRONG))
async def test_a_message_is_in_its_channel_once_whatever_the_answer_was(office: Office, fault: str):
    WRONG[fault](office.sandbox.faults)

    await pitch(office, "Nur einmal")
    await settled(office, "pitch_")

    assert len(office.texts(COMMS)) == 1
    assert len(office.texts(office.person(OLE).dm)) == 1
    assert office.sandbox.faults.is_over


async def test_a_message_whose_subject_changed_meanwhile_says_what_is_true_now(office: Office):
    number = await pitch(office, "Schon entschieden")
    red = office.person(RED)
    card = await red.sees("Schon entschieden", channel=COMMS)

    def accept(session: Session) -> None:
        by = by_chat_id(session, RED)
        assert by is not None
        decisions.accept(session, number, by=by, now=office.clock.now)

    await office.store.run(accept)

    shown = await red.sees("Angenommen von", channel=COMMS)
    assert shown.ts == card.ts
    assert len(office.texts(COMMS)) == 1


async def test_a_card_that_a_person_deleted_is_not_posted_again(office: Office):
    number = await pitch(office, "Gelöscht")
    red = office.person(RED)
    card = await red.sees("Gelöscht", channel=COMMS)
    office.sandbox.workspace.delete(COMMS, card.ts)

    def accept(session: Session) -> None:
        by = by_chat_id(session, RED)
        assert by is not None
        decisions.accept(session, number, by=by, now=office.clock.now)

    await office.store.run(accept)
    await office.person(OLE).sees("Gute Nachricht")
    await settled(office, "pitch_card")

    assert office.texts(COMMS) == []


@pytest.mark.parametrize("fault", ["429", "503", "lost", "internal_error"])
async def test_a_look_up_that_fails_is_done_again_before_anything_is_sent(office: Office, fault: str):
    LOST_LOOK_UPS[fault](office.sandbox.faults)
    office.sandbox.faults.fail("chat.postMessage", 500, is_done=True)

    await pitch(office, "Nur einmal")
    await settled(office, "pitch_")

    assert len(office.texts(COMMS)) == 1
    assert len(office.texts(office.person(OLE).dm)) == 1
    assert office.sandbox.faults.is_over


async def test_a_message_that_was_in_hand_for_too_long_is_put_back_and_taken_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patient:
        patient.setattr(outbound, "FRESH_S", 0)
        await pitch(office, "Später")
        async with asyncio.timeout(PATIENCE_S):
            while not all(reason == "held_too_long" for *_, reason in states(office, "pitch_")):
                await asyncio.sleep(0.01)
        assert office.texts(COMMS) == []

    await settled(office, "pitch_")

    assert states(office, "pitch_received") == [(DeliveryState.SENT, False, None)]
    assert len(office.texts(COMMS)) == 1


async def test_a_look_up_that_slack_slows_down_slows_down_no_message(office: Office):
    office.sandbox.faults.limit("conversations.*", retry_after=30)
    office.sandbox.faults.fail("chat.postMessage", 500)
    await pitch(office, "Geduld")
    await settled(office, "pitch_")

    paces = office.store.ask(of_methods, [pace.POST, lookups.METHOD])
    assert paces[pace.POST].free_at is None
    assert paces[pace.POST].per_minute == ENDLESS[pace.POST]
    assert paces[lookups.METHOD].free_at is not None


async def test_a_message_that_may_not_be_looked_for_is_given_up_and_never_there_twice(office: Office):
    office.sandbox.faults.refuse("conversations.history", "missing_scope", times=2)
    office.sandbox.faults.fail("chat.postMessage", 500, is_done=True, times=2)

    await pitch(office, "Vielleicht schon da")
    await settled(office, "pitch_")

    assert states(office, "pitch_card") == [(DeliveryState.FAILED, True, "unknown_outcome")]
    assert len(office.texts(COMMS)) == 1
    await office.person(EDI).sees("ob sie angekommen ist, ist nicht bekannt", channel=REVIEW)


async def test_a_message_that_was_deleted_before_it_was_looked_for_is_sent_again(office: Office):
    with office.sandbox.faults.held("chat.postMessage", is_done=True) as gate:
        await pitch(office, "Gelöscht")
        await gate.reached()
        for said in office.sandbox.workspace.history(COMMS):
            office.sandbox.workspace.delete(COMMS, said.ts)
        gate.turn_away()
        await settled(office, "pitch_card")

    assert len(office.texts(COMMS)) == 1


async def test_a_channel_that_is_gone_fails_alone_with_slacks_reason(office: Office):
    office.sandbox.workspace.archive(COMMS)

    await pitch(office, "Wohin damit?")
    await office.person(OLE).sees("Wohin damit?")
    await settled(office, "pitch_card")

    assert states(office, "pitch_card") == [(DeliveryState.FAILED, False, "is_archived")]


async def test_a_place_without_a_channel_fails_and_comes_back_with_retry(tmp_path: Path):
    async with an_office(tmp_path, comms_channel="") as office:
        await pitch(office, "Ohne Kanal")
        await office.person(OLE).sees("Ohne Kanal")
        assert states(office, "pitch_card") == [(DeliveryState.FAILED, False, "no_channel_set:comms")]

        await office.store.run(delivery.name_places, {delivery.Place.COMMS: COMMS})
        assert len(await office.store.run(retries.retry, now=office.clock.now)) == 1

        await office.person(RED).sees("Ohne Kanal", channel=COMMS)


async def test_a_restarted_assistant_goes_on_at_once_with_what_the_stopped_one_was_sending(tmp_path: Path):
    def stopped_midway(session: Session, now: datetime) -> None:
        author = by_chat_id(session, OLE)
        assert author is not None
        pitches.submit(session, pitches.Idea(title="Mitten im Versand"), pitcher=author, now=now)
        assert len(sending.take(session, now=now)) == 1

    async with an_office(tmp_path, before=stopped_midway) as office:
        await office.person(OLE).sees("Mitten im Versand")

        await settled(office, "pitch_received")
        assert len(office.texts(office.person(OLE).dm)) == 1
