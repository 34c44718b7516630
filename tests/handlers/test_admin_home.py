"""The App Home's section about deliveries: for administrators, without anybody's words."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot import delivery, people, pitches
from bot.delivery import DeliveryState, Place
from bot.people import Role, by_chat_id
from sandbox.client import Person
from tests.handlers.chat.conftest import ANN, COMMS, JOE, OLE, RED, Office, an_office

RETRY = "Noch einmal versuchen"


def admin(session: Session, chat_id: str, locale: str = "de-DE") -> None:
    now = datetime.fromisoformat("2026-11-18T10:00:00+00:00")
    found = people.greet(session, chat_id=chat_id, name=chat_id, locale=locale, now=now)
    people.set_role(session, found, Role.ADMIN)


def given_up(session: Session, now: datetime) -> None:
    """RED is an administrator; three messages were given up, one of them in a channel that is there."""
    admin(session, RED)
    author = by_chat_id(session, OLE)
    assert author is not None
    delivery.name_places(session, {Place.COMMS: COMMS})
    pitch = pitches.submit(session, pitches.Idea(title="Streng geheim"), pitcher=author, now=now)
    delivery.cancel(session, "pitch_card", pitch.id or 0, reason="not_asked_here")
    targets = ((COMMS, "not_in_channel"), ("C0WEG", "is_archived"), ("C0FORT", "is_archived"))
    for target, reason in targets:
        row = delivery.note(session, "pitch_card", pitch.id, to=target, now=now, key=f"test:{target}")
        delivery.given_up(row, reason)


async def home(person: Person) -> str:
    """Return all that stands on someone's App Home."""
    await person.open_home()
    view = await person.sees_at_home("`/funk ")
    return json.dumps(view.view if hasattr(view, "view") else vars(view), ensure_ascii=False, default=str)


async def test_an_administrator_sees_what_was_given_up_by_reason(tmp_path: Path):
    async with an_office(tmp_path, before=given_up) as office:
        shown = await home(office.person(RED))

        assert "*3 Nachrichten* wurden aufgegeben:" in shown
        assert "2 × der Kanal ist archiviert" in shown
        assert "1 × der Assistent ist nicht im Kanal" in shown


async def test_the_section_holds_no_words_of_messages_and_no_targets(tmp_path: Path):
    async with an_office(tmp_path, before=given_up) as office:
        shown = await home(office.person(RED))

        assert "Streng geheim" not in shown
        assert "C0WEG" not in shown


async def test_nobody_else_sees_anything_of_it(tmp_path: Path):
    async with an_office(tmp_path, before=given_up) as office:
        shown = await home(office.person(ANN))

        assert "Versand" not in shown
        assert RETRY not in shown


async def test_an_administrator_is_told_when_everything_arrives(tmp_path: Path):
    async with an_office(tmp_path, before=lambda session, _now: admin(session, RED)) as office:
        shown = await home(office.person(RED))

        assert "Alles kommt an." in shown
        assert RETRY not in shown


async def test_the_button_sends_what_can_be_sent_now(tmp_path: Path):
    async with an_office(tmp_path, before=given_up) as office:
        red = office.person(RED)
        await home(red)

        await red.click(RETRY, on="home")

        await red.sees("Streng geheim", channel=COMMS)
        await red.sees_at_home("Alles kommt an.")


async def test_whoever_is_no_administrator_any_more_can_not_press_it(tmp_path: Path):
    def dismiss(session: Session) -> None:
        found = by_chat_id(session, RED)
        assert found is not None
        people.set_role(session, found, Role.ADMIN, given=False)

    async with an_office(tmp_path, before=given_up) as office:
        red = office.person(RED)
        await home(red)
        await office.store.run(dismiss)

        await red.click(RETRY, on="home")

        assert "test:C0COMMS" in keys(office, DeliveryState.FAILED)


async def test_what_waits_for_long_and_a_refused_token_are_named(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        admin(session, RED)
        row = delivery.note(session, "pitch_card", 1, to=COMMS, now=now - timedelta(minutes=42))
        row.reason, row.wanted_at = "token_revoked", None

    async with an_office(tmp_path, before=before) as office:
        shown = await home(office.person(RED))

        assert "Die älteste wartet seit 42 Minuten." in shown
        assert "Slack hat das Token abgelehnt." in shown


async def test_it_speaks_the_administrators_language(tmp_path: Path):
    async with an_office(tmp_path, before=lambda session, _now: admin(session, JOE, "en-GB")) as office:
        assert "Everything arrives." in await home(office.person(JOE))


def keys(office: Office, state: DeliveryState) -> list[str]:
    return [row.key for row in office.store.ask(delivery.listed, state=state, limit=100)]
