"""Half a year after a story appeared its author says whether it is still true."""

from datetime import datetime

from sqlmodel import Session

from bot import decisions, people, pitches, posts, publishing
from bot.people import Person
from bot.pitches import Idea
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, RED, Office

TITLE = "Die neuen Lesegeräte"


def published(session: Session, now: datetime) -> None:
    """An idea of Ann's that has appeared."""
    ann = people.greet(session, chat_id=ANN, name="Kollegin", locale="de-DE", now=now)
    red: Person | None = people.by_chat_id(session, RED)
    assert red is not None
    found = pitches.submit(session, Idea("Lesegeräte"), pitcher=ann, now=now)
    decisions.accept(session, found.id or 0, by=red, now=now)
    post = posts.import_post(
        session, title=TITLE, url="https://x.example/1", published_at=now, tags=(), origin="test", now=now
    )
    publishing.publish(session, found.id or 0, post.id or 0, by=red, now=now)


async def half_a_year_later(office: Office) -> None:
    await office.store.run(published, office.clock())
    # To a Thursday.
    office.clock.forward(days=183)


async def test_one_tap_says_that_it_is_still_true(office: Office):
    await half_a_year_later(office)
    ann = office.person(ANN)
    question = await ann.sees(f"Stimmt „{TITLE}“ noch? Der Beitrag ist vor 6 Monaten erschienen.", within=20)

    await ann.click("Stimmt noch", message=question)

    shown = await ann.sees("✅ Stimmt noch, Stand 20. Mai 2027. Danke!")
    assert shown.ts == question.ts
    assert "Etwas hat sich geändert" not in visible_text(shown)


async def test_what_has_changed_reaches_the_newsroom(office: Office):
    await half_a_year_later(office)
    ann = office.person(ANN)
    question = await ann.sees(f"Stimmt „{TITLE}“ noch?", within=20)

    await ann.click("Etwas hat sich geändert", message=question)
    form = await ann.form()
    assert await form.submit({"Was hat sich geändert?": "Es sind jetzt <zehn> Geräte."}) == {}

    told = await office.person(RED).sees("Es sind jetzt <zehn> Geräte.", channel=COMMS)
    assert f"<@{ANN}> sagt: Seit „{TITLE}“ erschienen ist, hat sich etwas geändert." in visible_text(told)
    await ann.sees("Die Redaktion weiß Bescheid")


async def test_whoever_answers_twice_is_told_what_stands(office: Office):
    await half_a_year_later(office)
    ann = office.person(ANN)
    question = await ann.sees(f"Stimmt „{TITLE}“ noch?", within=20)
    await ann.click("Etwas hat sich geändert", message=question)
    form = await ann.form()

    await ann.click("Stimmt noch", message=question)
    errors = await form.submit({"Was hat sich geändert?": "Doch etwas."})

    assert "✅ Stimmt noch" in errors["Was hat sich geändert?"]
