"""A department's lead is asked what is new, and answers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot import asking, people
from bot.asking import AskAnswer, DepartmentAsk, Occasion
from bot.people import Role
from bot.pitches import Pitch, PitchState
from bot.radar import Measure, Status
from bot.workdays import Workdays
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, RED, START, Office, an_office, made

QUESTION = "Was gibt es Neues bei euch? (Baureferat)"


def lead(session: Session) -> None:
    """Ann leads a department for a year, and nothing was heard of it."""
    department = people.import_department(
        session, name="Baureferat", short="BAU", kind="Referat", source="test"
    )
    ann = people.greet(session, chat_id=ANN, name="Kollegin", locale="de-DE", now=START)
    ann.department_id, ann.created_at = department.id, START - timedelta(days=365)
    people.set_role(session, ann, Role.LEAD)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, lambda session, _now: lead(session), ask_departments_weeks=0) as opened:
        yield opened


async def ask(office: Office) -> None:
    """It is time to ask; the office's own clock asks nobody, so that each test says when."""
    workdays = Workdays(office.settings.holidays, office.settings.zone)
    await office.store.run(asking.ask_due, weeks=8, silent_weeks=8, workdays=workdays, now=office.clock())


def answers(office: Office) -> list[AskAnswer | None]:
    return office.store.ask(lambda session: [one.answer for one in session.exec(select(DepartmentAsk))])


def pitches(office: Office) -> list[Pitch]:
    return office.store.ask(lambda session: list(session.exec(select(Pitch))))


async def test_an_idea_is_written_from_the_question_and_the_question_says_so_then(office: Office):
    await ask(office)
    ann = office.person(ANN)
    await ann.sees(QUESTION)

    await ann.click("Idee schreiben")
    form = await ann.form()
    assert form.values["Referat oder Eigenbetrieb"] == "Baureferat"
    assert await form.submit(Titel="Die neue Brücke") == {}

    await office.person(RED).sees("Die neue Brücke", channel=COMMS)
    await ask(office)
    await ann.sees("Daraus ist deine Idee „Die neue Brücke“ geworden")
    assert answers(office) == [AskAnswer.IDEA]


async def test_with_nothing_to_tell_the_question_becomes_one_line(office: Office):
    await ask(office)
    ann = office.person(ANN)
    question = await ann.sees(QUESTION)

    await ann.click("Diesmal nichts")

    folded = await ann.sees("diesmal nichts Neues – danke!")
    assert folded.ts == question.ts
    assert "Idee schreiben" not in visible_text(folded)


async def test_whoever_wishes_to_be_asked_later_is_asked_again(office: Office):
    await ask(office)
    ann = office.person(ANN)
    await ann.sees(QUESTION)

    await ann.choose("Später erinnern", "nächste Woche")
    await ann.sees("Alles klar, ich frage am 25. November 2026 noch einmal.")

    office.clock.forward(days=7, hours=-1)
    await ask(office)
    await ann.sees("Ein Titel genügt")
    assert answers(office) == [None]


async def test_words_below_the_question_become_a_draft_and_the_form_is_offered_for_it(office: Office):
    await ask(office)
    ann = office.person(ANN)
    question = await ann.sees(QUESTION)

    await ann.reply(question, "Die Brücke ist fertig\nNach drei Jahren Bauzeit.")

    await ann.sees("Das klingt nach einer Geschichte!")
    assert answers(office) == [AskAnswer.IDEA]
    assert [(one.title, one.state) for one in pitches(office)] == [
        ("Die Brücke ist fertig", PitchState.DRAFT)
    ]


async def test_a_milestone_stands_in_the_form_already(office: Office):
    def reached(session: Session) -> None:
        found: Measure = made(session, "Radweg", START, status=Status.COMPLETED)
        ann = people.by_chat_id(session, ANN)
        assert ann is not None
        found.highlight = "Zehn Kilometer"
        session.add(
            DepartmentAsk(
                department_id=ann.department_id or 0,
                person_id=ann.id or 0,
                occasion=Occasion.MILESTONE,
                subject_id=found.id,
                asked_at=START,
                again_at=START,
            )
        )

    await office.store.run(reached)
    await ask(office)
    ann = office.person(ANN)
    await ann.sees("„Radweg“ hat einen Meilenstein erreicht")

    await ann.click("Idee schreiben")
    form = await ann.form()

    assert form.values["Titel"] == "Geschafft: Radweg"
    assert await form.submit() == {}
    assert [one.measure_id for one in pitches(office)] != [None]
