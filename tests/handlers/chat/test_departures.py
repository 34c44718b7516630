"""Targets that are gone: nothing is tried for ever, and someone hears of it, once."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot import delivery, departures, people, pitches, subscriptions, trouble
from bot.delivery import DeliveryState
from bot.people import Person, Role
from bot.subscriptions import POSTS, Subscription
from handlers.chat.manifest import EVENTS
from sandbox import BOT_USER_ID
from storage.delivery import Delivery
from storage.posts import Post
from storage.store import announce
from tests.handlers.chat.conftest import ANN, EDI, NEWS, OLE, RED, REVIEW, Office, an_office
from tests.handlers.chat.test_outbound import pitch, settled, states


def posts(session: Session, office: Office, *titles: str) -> None:
    """Posts are news in the channel NEWS."""
    now = office.clock.now
    for title in titles:
        post = Post(title=title, first_seen_at=now, changed_at=now, origin="test")
        session.add(post)
        session.flush()
        delivery.note(session, "post_card", post.id, to=NEWS, now=now)


def subscribe(session: Session, office: Office, by: str | None) -> None:
    maker = people.by_chat_id(session, by) if by else None
    subscriptions.subscribe(session, POSTS, NEWS, now=office.clock.now, by=maker)


def an_admin(session: Session, chat_id: str) -> None:
    person = people.by_chat_id(session, chat_id)
    assert person is not None
    people.set_role(session, person, Role.ADMIN)


def all_rows(session: Session) -> list[Delivery]:
    return list(session.exec(select(Delivery).order_by(col(Delivery.id))))


def paused(session: Session) -> list[str | None]:
    return [one.paused_reason for one in session.exec(select(Subscription))]


GONE: dict[str, Callable[[Office], None]] = {
    "is_archived": lambda office: office.sandbox.workspace.archive(NEWS),
    "not_in_channel": lambda office: office.sandbox.workspace.leave(NEWS, BOT_USER_ID),
    "channel_not_found": lambda office: office.sandbox.faults.refuse("chat.postMessage", "channel_not_found"),
}


@pytest.mark.parametrize("reason", sorted(GONE))
async def test_all_that_waits_for_a_channel_that_is_gone_is_given_up_in_one_go(office: Office, reason: str):
    await office.store.run(subscribe, office, OLE)
    GONE[reason](office)
    await office.store.run(posts, office, "Eins", "Zwei", "Drei")
    await settled(office, "post_card")

    assert states(office, "post_card") == [(DeliveryState.FAILED, False, reason)] * 3
    rows = office.store.ask(all_rows)
    assert sum(row.first_tried_at is not None for row in rows if row.kind == "post_card") == 1
    assert office.store.ask(paused) == [reason]


async def test_whoever_subscribed_a_channel_that_is_gone_is_told_once(office: Office):
    await office.store.run(subscribe, office, OLE)
    office.sandbox.workspace.archive(NEWS)
    for title in ("Eins", "Zwei"):
        await office.store.run(posts, office, title)
        await settled(office, "post_card")
    await office.person(OLE).sees("der Kanal ist archiviert")
    await settled(office, "subscription_paused")

    told = [row.target for row in office.store.ask(all_rows) if row.kind == trouble.PAUSED]
    assert told == [OLE]


async def test_a_subscription_from_the_command_line_is_told_to_the_administrators(office: Office):
    await office.store.run(subscribe, office, None)
    office.sandbox.workspace.archive(NEWS)
    await office.store.run(posts, office, "Eins")

    await office.person(EDI).sees("der Kanal ist archiviert", channel=REVIEW)


async def test_administrators_whose_channel_is_gone_are_told_one_by_one(tmp_path: Path):
    async with an_office(tmp_path, admin_channel=NEWS) as office:
        await office.store.run(an_admin, RED)
        await office.store.run(subscribe, office, None)
        office.sandbox.workspace.archive(NEWS)
        await office.store.run(posts, office, "Eins")

        await office.person(RED).sees("der Kanal ist archiviert")


async def test_a_notice_that_finds_the_administrators_channel_gone_goes_to_each_of_them(office: Office):
    await office.store.run(an_admin, RED)
    await office.store.run(subscribe, office, None)
    office.sandbox.workspace.archive(NEWS)
    office.sandbox.workspace.archive(REVIEW)
    await office.store.run(posts, office, "Eins")

    await office.person(RED).sees("der Kanal ist archiviert")
    await settled(office, "")
    kinds = [row.kind for row in office.store.ask(all_rows)]
    assert kinds == ["post_card", trouble.PAUSED, trouble.PAUSED]


async def test_a_paused_subscription_goes_on_when_someone_subscribes_again(office: Office):
    await office.store.run(subscribe, office, OLE)
    office.sandbox.workspace.leave(NEWS, BOT_USER_ID)
    await office.store.run(posts, office, "Eins")
    await settled(office, "post_card")

    await office.store.run(subscribe, office, OLE)

    assert office.store.ask(paused) == [None]


async def test_someone_who_left_is_written_to_no_more_and_the_administrators_hear_what_about(office: Office):
    await office.person(OLE).open_home()
    with office.sandbox.faults.held("chat.postMessage") as gate:
        await pitch(office, "Auf dem Weg")
        await gate.reached()
        await pitch(office, "Wartet noch")
        office.sandbox.workspace.deactivate(OLE)
        await until(office, lambda rows: any(row.kind == trouble.LEFT for row in rows))

    notice = await office.person(EDI).sees("ist nicht mehr da", channel=REVIEW)
    assert "pitch_received 2" in str(notice.blocks)
    assert "Wartet noch" not in str(notice.blocks)
    await settled(office, "pitch_received:2")
    assert states(office, "pitch_received:2") == [(DeliveryState.FAILED, False, "person_gone")]


async def test_what_is_noted_later_for_someone_who_left_is_given_up_without_asking_slack(office: Office):
    await office.store.run(departures.left, OLE, now=office.clock.now)
    await pitch(office, "Zu spät")
    await settled(office, "pitch_received")

    assert states(office, "pitch_received") == [(DeliveryState.FAILED, False, "person_gone")]
    assert office.texts(office.person(OLE).dm) == []


async def test_a_person_slack_does_not_find_is_one_who_left_if_their_account_is_closed(office: Office):
    office.sandbox.faults.refuse("chat.postMessage", "channel_not_found")
    office.sandbox.faults.refuse("conversations.open", "user_disabled")
    await office.store.run(note_to_ole, office)
    await settled(office, "pitch_received")

    assert states(office, "pitch_received") == [(DeliveryState.FAILED, False, "person_gone")]


async def test_someone_who_comes_back_is_written_to_again(office: Office):
    await office.store.run(departures.left, OLE, now=office.clock.now)
    await office.store.run(departures.returned, OLE)
    await pitch(office, "Wieder da")

    await office.person(OLE).sees("Wieder da")


async def test_people_who_never_spoke_to_the_assistant_leave_without_a_trace(office: Office):
    assert "user_change" in EVENTS
    office.sandbox.workspace.deactivate(ANN)
    office.sandbox.workspace.deactivate(RED)
    await until(office, lambda _rows: is_gone(office, RED))

    assert office.store.ask(people.by_chat_id, ANN) is None


async def test_a_message_to_nobody_we_know_fails_alone(office: Office):
    def nonsense(session: Session) -> None:
        number = submitted(session, office, "Unsinn")
        delivery.note(session, "pitch_received", number, to="Unfug", now=office.clock.now)
        delivery.note(session, "pitch_received", number, to="kein Kanal", now=office.clock.now)

    await office.store.run(nonsense)
    await settled(office, "pitch_")

    found = {state for state, _in_doubt, _reason in states(office, "pitch_card")}
    assert found == {DeliveryState.SENT}
    failed = [row.reason for row in office.store.ask(all_rows) if row.state is DeliveryState.FAILED]
    assert failed == ["channel_not_found", "channel_not_found"]


def note_to_ole(session: Session, office: Office) -> None:
    number = submitted(session, office, "Eine Idee")
    row = session.exec(select(Delivery).where(Delivery.kind == "pitch_card")).one()
    delivery.cancel(session, row.kind, number, reason="test")


def submitted(session: Session, office: Office, title: str) -> int:
    author = session.exec(select(Person).where(Person.chat_id == OLE)).one()
    return pitches.submit(session, pitches.Idea(title=title), pitcher=author, now=office.clock.now).id or 0


def is_gone(office: Office, chat_id: str) -> bool:
    person = office.store.ask(people.by_chat_id, chat_id)
    return person is not None and person.inactive_at is not None


async def until(office: Office, is_so: Callable[[list[Delivery]], bool]) -> None:
    for _ in range(200):
        if is_so(office.store.ask(all_rows)):
            return
        await office.store.run(announce, "deliveries")
        await asyncio.sleep(0.02)
    raise AssertionError(office.store.ask(all_rows))
