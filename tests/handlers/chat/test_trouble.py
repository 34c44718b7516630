"""Messages that can't be said fail alone, and the administrators hear of it now and then."""

import asyncio

import pytest
import structlog
from sqlmodel import Session

from bot import delivery, trouble
from bot.delivery import DeliveryState
from storage.store import announce
from tests.handlers.chat.conftest import COMMS, EDI, OLE, REVIEW, Office
from tests.handlers.chat.test_departures import all_rows
from tests.handlers.chat.test_outbound import pitch, settled, states

ITS_OWN = ["invalid_blocks", "missing_scope", "msg_blocks_too_long", "msg_too_long", "restricted_action"]


def troubles(office: Office) -> list[str]:
    return [row.target for row in office.store.ask(all_rows) if row.kind == trouble.KIND]


@pytest.mark.parametrize("reason", ITS_OWN)
async def test_a_message_slack_does_not_take_fails_alone_with_the_reason(office: Office, reason: str):
    office.sandbox.faults.refuse("chat.postMessage", reason)
    await pitch(office, "Die erste")
    await pitch(office, "Die zweite")
    await settled(office, "pitch_")

    found = [state for state, _in_doubt, _reason in states(office, "pitch_")]
    assert sorted(found) == [DeliveryState.FAILED, *[DeliveryState.SENT] * 3]
    assert reason in [why for _state, _in_doubt, why in states(office, "pitch_")]


async def test_a_message_that_can_not_be_rendered_keeps_nobody_waiting(office: Office):
    def unknown(session: Session) -> None:
        delivery.note(session, "unheard_of", 1, to=COMMS, now=office.clock.now)

    await office.store.run(unknown)
    await pitch(office, "Dahinter")
    await settled(office, "pitch_card")

    # What is logged has a long traceback; writing it takes longer than the rest.
    with structlog.testing.capture_logs():
        await given_up(office, "unheard_of")
    assert states(office, "unheard_of") == [(DeliveryState.FAILED, True, "bug")]


async def given_up(office: Office, key: str) -> None:
    """Move the clock on after each try until a message is given up."""
    for _ in range(400):
        ((state, _in_doubt, _reason),) = states(office, key)
        if state is DeliveryState.FAILED:
            return
        if state is DeliveryState.DUE:
            office.clock.forward(minutes=15)
            await office.store.run(announce, "deliveries")
        await asyncio.sleep(0.02)


async def test_administrators_hear_once_an_hour_of_one_reason(office: Office):
    for _ in range(3):
        office.sandbox.faults.refuse("chat.postMessage", "restricted_action", times=2)
        await pitch(office, "Nicht erlaubt")
        await settled(office, "")
    assert troubles(office) == [REVIEW]
    notice = await office.person(EDI).sees("bot.py deliveries retry", channel=REVIEW)
    assert "× restricted_action" in str(notice.blocks)

    office.clock.forward(hours=1)
    office.sandbox.faults.refuse("chat.postMessage", "restricted_action", times=2)
    await pitch(office, "Nicht erlaubt")
    await settled(office, "")
    assert troubles(office) == [REVIEW, REVIEW]


async def test_administrators_hear_of_each_reason(office: Office):
    for reason in ("restricted_action", "invalid_blocks"):
        office.sandbox.faults.refuse("chat.postMessage", reason, times=2)
        await pitch(office, "Nicht erlaubt")
        await settled(office, "")

    assert troubles(office) == [REVIEW, REVIEW]


async def test_a_notice_of_trouble_that_fails_causes_no_other(office: Office):
    office.sandbox.faults.refuse("chat.postMessage", "restricted_action", times=10)
    await pitch(office, "Nicht erlaubt")
    await settled(office, "")

    assert troubles(office) == [REVIEW]
    assert {row.state for row in office.store.ask(all_rows)} == {DeliveryState.FAILED}


async def test_a_notice_says_nothing_when_all_was_tried_again_meanwhile(office: Office):
    def failed_and_tried_again(session: Session) -> None:
        row = delivery.note(session, "pitch_received", 99, to=OLE, now=office.clock.now)
        delivery.given_up(row, "restricted_action")
        session.flush()
        trouble.tell(session, row.id or 0, now=office.clock.now)
        delivery.cancelled(row, "test")

    await office.store.run(failed_and_tried_again)
    await settled(office, trouble.KIND)

    assert states(office, trouble.KIND) == [(DeliveryState.CANCELLED, False, "no_longer_true")]
    assert office.texts(REVIEW) == []
