"""The newsroom's overview, as it comes to its channel."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot import digest, people
from bot.people import Person
from bot.pitches import Pitch, PitchState
from sandbox.client import visible_text
from tests.handlers.chat.conftest import COMMS, RED, START, Office, an_office


def stand(session: Session, title: str, state: PitchState, **values: Any) -> None:
    pitcher: Person = people.greet(session, chat_id="U0ANN", name="Kollegin", locale="de-DE", now=START)
    given: dict[str, Any] = {"created_at": START} | values
    session.add(Pitch(title=title, state=state, pitcher_id=pitcher.id or 0, **given))


async def come(office: Office) -> None:
    """The hour of the overview has come."""
    await office.store.run(digest.note_due, appointment=office.clock.now, now=office.clock.now)


async def test_the_overview_says_what_waits_what_comes_and_where_the_plan_has_a_gap(office: Office):
    today = START.date()

    def some(session: Session) -> None:
        stand(session, "Liegt lange", PitchState.NEW, created_at=START - timedelta(days=9))
        stand(session, "Ganz neu <!channel>", PitchState.QUESTION)
        stand(session, "Sucht jemanden", PitchState.ACCEPTED)
        stand(session, "Kommt morgen", PitchState.PLANNED, planned_on=today + timedelta(days=1))

    await office.store.run(some)
    await come(office)

    overview = await office.person(RED).sees("2 Ideen sind unentschieden", channel=COMMS)

    said = " ".join(visible_text(overview).split())
    assert "Ganz neu <!channel> – seit heute · Rückfrage läuft" in said
    assert "⏰ Liegt lange – seit 9 Tagen" in said
    assert "⏰ 1 Idee wartet seit mehr als 7 Tagen auf eine Entscheidung." in said
    assert "Sucht jemanden – noch niemand gefragt" in said
    assert "Donnerstag: Kommt morgen" in said
    assert "Nichts ist geplant: 20. November 2026 bis 15. Dezember 2026." in said


async def test_with_nothing_to_say_the_overview_is_one_line(office: Office):
    await come(office)

    overview = await office.person(RED).sees("Nichts wartet auf euch", channel=COMMS)

    assert "In den nächsten 14 Tagen ist nichts geplant." in visible_text(overview)


async def test_a_newsroom_that_wants_no_empty_overview_gets_none_unless_someone_asks(tmp_path: Path):
    async with an_office(tmp_path, digest_when_empty="nothing") as office:
        await come(office)
        red = office.person(RED)
        office.clock.forward(minutes=1)
        await red.slash("/funk", "überblick")

        await red.sees("Nichts wartet auf euch", channel=COMMS)

        assert len(office.texts(COMMS)) == 1
