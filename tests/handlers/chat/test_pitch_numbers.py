"""The figures on pitches in the App Home."""

import json
from datetime import timedelta

from sqlmodel import Session

from bot import people
from bot.pitches import Pitch
from tests.handlers.chat.conftest import ANN, RED, START, Office


def fill(session: Session) -> None:
    """Two ideas of a department, one of them a year ago."""
    department = people.import_department(
        session, name="Bau <!channel>", short=None, kind="Referat", source="test"
    )
    ann = people.greet(session, chat_id=ANN, name="Kollegin", locale="de-DE", now=START)
    for days in (0, 365):
        session.add(
            Pitch(
                title="Etwas",
                pitcher_id=ann.id or 0,
                department_id=department.id,
                created_at=START - timedelta(days=days),
            )
        )


async def test_the_newsroom_sees_a_year_in_numbers_and_the_year_before(office: Office):
    await office.store.run(fill)
    red = office.person(RED)
    await red.open_home()

    await red.click("Ideen in Zahlen", on="home")
    shown = await red.form("Ideen in Zahlen")
    assert "Bau <!channel>" in shown.text
    assert "1 vorgeschlagen, 0 angenommen, 0 veröffentlicht" in shown.text
    assert "November: 1 / 0 / 0" in shown.text
    assert "*2026*" in shown.text

    await red.click("Das Jahr davor", on="modal")
    assert "*2025*" in shown.text


async def test_others_are_not_offered_the_numbers(office: Office):
    ann = office.person(ANN)
    await ann.open_home()

    home = await ann.sees_at_home("Hallo, ich bin Stadtfunk")

    assert "Ideen in Zahlen" not in json.dumps(home.blocks, ensure_ascii=False)
