"""The form of a pitch: what can be said in it, what is wrong in it, and what is left in it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot import drafts, events, people, pitches
from bot.people import Department, import_department
from bot.pitches import Pitch, PitchCard
from handlers.chat.blocks.pitch_form import MOST_OPTIONS
from sandbox import BOT_USER_ID, Channel
from sandbox.client import Form, visible_text
from tests.handlers.chat import conftest
from tests.handlers.chat.conftest import ANN, COMMS, NEWS, OLE, RED, START, Office, an_office, made

TODAY = START.date()
STORY = "Was ist die Geschichte?"
CONTACT = "Wer kann sie erzählen oder schreiben?"
DEPARTMENT = "Referat oder Eigenbetrieb"
SERIES = "Name der Reihe"
TIMELY = "Bis wann ist sie aktuell?"
SUBJECT = "Maßnahme oder Veranstaltung dazu"


def furnish(session: Session, now: datetime) -> None:
    """Two departments, of which one is no more, and an event to come."""
    for name, short in (("Referat für Bildung", "RBS"), ("Referat von gestern", "ALT")):
        import_department(session, name=name, short=short, kind="Referat", source="test")
    ann = people.greet(session, chat_id=ANN, name="Kollegin", locale="de-DE", now=now)
    ann.department_id = department(session, "RBS").id
    department(session, "ALT").valid_to = TODAY - timedelta(days=1)
    events.import_event(
        session,
        title="BarCamp 2027",
        starts_on=date(2027, 3, 1),
        ends_on=None,
        starts=None,
        ends=None,
        place=None,
        organiser=None,
        url=None,
        origin="test",
        zone=ZoneInfo("Europe/Berlin"),
        now=now,
    )
    made(session, "Lesegeräte für alle", now)


def department(session: Session, short: str) -> Department:
    return next(one for one in people.departments(session) if one.short == short)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, furnish) as opened:
        yield opened


async def the_form(office: Office) -> Form:
    ann = office.person(ANN)
    await ann.shortcut("pitch_new")
    return await ann.form("Idee vorschlagen")


def card(office: Office, pitch_id: int = 1) -> PitchCard:
    found = office.store.ask(pitches.card, pitch_id)
    assert found is not None
    return found


def kept(office: Office) -> list[Pitch]:
    def question(session: Session) -> list[Pitch]:
        ann = people.by_chat_id(session, ANN)
        assert ann is not None
        return drafts.of_pitcher(session, ann)

    return office.store.ask(question)


async def test_all_that_is_filled_in_is_kept_and_the_newsroom_sees_it(office: Office):
    form = await the_form(office)

    errors = await form.submit(
        {
            "Titel": "Lesegeräte für alle",
            STORY: "Man kann sie ausleihen.",
            DEPARTMENT: "Referat für Bildung",
            CONTACT: "Projektleitung",
            "Was soll daraus werden?": "Teil einer Reihe",
            "Gastautor*in von außen": "Dr. Grün, Hochschule",
            "Themen": "Open Data, KI",
            TIMELY: TODAY + timedelta(days=9),
            "Bild": ["Es gibt ein Bild, das wir verwenden dürfen"],
        }
    )

    assert errors == {}
    found = card(office)
    assert found.contact is not None
    assert found.department is not None
    assert (found.contact.chat_id, found.department.short) == (OLE, "RBS")
    pitch = found.pitch
    assert (pitch.kind, pitch.guest, pitch.topics) == ("series", "Dr. Grün, Hochschule", "Open-Data KI")
    assert (pitch.timely_on, pitch.has_picture) == (TODAY + timedelta(days=9), True)
    shown = visible_text(await office.person(RED).sees("Man kann sie ausleihen.", channel=COMMS))
    for said in ("Dr. Grün, Hochschule", "Open-Data KI", "bis 27. November 2026", f"<@{OLE}>", "Bildung"):
        assert said in shown


async def test_series_measures_and_events_are_suggested_while_someone_types(office: Office):
    form = await the_form(office)
    ann = office.person(ANN)

    assert await ann.suggestions(SERIES, "Explain IT", on="modal") == ["#ExplainIT"]
    assert await ann.suggestions(SUBJECT, "lese", on="modal") == ["Lesegeräte für alle"]
    assert await ann.suggestions(SUBJECT, "camp", on="modal") == ["BarCamp 2027 (1. März 2027)"]
    said = {"Titel": "Vom BarCamp", SERIES: "#ExplainIT", SUBJECT: "BarCamp 2027 (1. März 2027)"}
    assert await form.submit(said) == {}

    found = card(office)
    assert found.subject is not None
    assert (found.pitch.series, found.subject.title) == ("#ExplainIT", "BarCamp 2027")


async def test_the_form_knows_the_department_and_offers_none_that_is_no_more(office: Office):
    form = await the_form(office)

    assert form.values[DEPARTMENT] == "Referat für Bildung"
    with pytest.raises(AssertionError, match="Referat von gestern"):
        await form.fill({DEPARTMENT: "Referat von gestern"})


async def test_of_more_departments_than_a_field_can_offer_ones_own_is_always_there(office: Office):
    def many(session: Session) -> None:
        for number in range(MOST_OPTIONS):
            import_department(session, name=f"Amt {number}", short=None, kind="Amt", source="test")

    office.store.do(many)

    assert (await the_form(office)).values[DEPARTMENT] == "Referat für Bildung"


async def test_a_department_that_ends_while_the_form_is_open_is_told_at_its_field(office: Office):
    form = await the_form(office)

    def dissolve(session: Session) -> None:
        department(session, "RBS").valid_to = TODAY - timedelta(days=1)

    office.store.do(dissolve)

    errors = await form.submit(Titel="Zu spät", **{STORY: "Viel geschrieben"})
    assert "gibt es nicht mehr" in errors[DEPARTMENT]
    assert form.values[STORY] == "Viel geschrieben"
    assert await form.submit({DEPARTMENT: None}) == {}


async def test_several_mistakes_are_told_at_once_each_at_its_field(office: Office):
    form = await the_form(office)
    await form.fill({CONTACT: "Projektleitung"})
    office.sandbox.workspace.deactivate(OLE)

    errors = await form.submit({"Titel": " ", TIMELY: TODAY - timedelta(days=1)})

    assert errors.keys() == {"Titel", CONTACT, TIMELY}
    assert "schon vorbei" in errors[TIMELY]
    assert "niemand erreichbar" in errors[CONTACT]
    assert form.is_open


async def test_a_bot_can_tell_no_story(office: Office):
    form = await the_form(office)

    name = office.sandbox.workspace.member(BOT_USER_ID).real_name
    errors = await form.submit({"Titel": "Vom Bot", CONTACT: name})

    assert errors.keys() == {CONTACT}


@pytest.mark.parametrize(
    "story",
    ["🚲🎈👩‍🚒", "مرحبا بالعالم", "Spalte A\tSpalte B\n1\t2\n3\t4"],
)
async def test_emojis_other_scripts_and_pasted_tables_survive(office: Office, story: str):
    form = await the_form(office)

    assert await form.submit({"Titel": f"Über {story.split(maxsplit=1)[0]}", STORY: story}) == {}

    assert card(office).pitch.story == story
    await office.person(RED).sees(story.splitlines()[-1], channel=COMMS)


async def test_what_turns_the_direction_of_reading_around_is_not_shown(office: Office):
    form = await the_form(office)

    assert await form.submit({"Titel": "Echt\u202egpj.exe", "Gastautor*in von außen": "A\u2066B"}) == {}

    shown = visible_text(await office.person(RED).sees("Echtgpj.exe", channel=COMMS))
    assert "\u202e" not in shown
    assert "\u2066" not in shown


async def test_a_closed_form_is_offered_again_and_sent_from_there(office: Office):
    form = await the_form(office)
    await form.fill({"Titel": "Halb fertig", TIMELY: date(2026, 12, 24), CONTACT: "Projektleitung"})
    assert (await form.close()).failure is None

    again = await the_form(office)

    assert "Das ist dein Entwurf vom 18. November 2026" in again.text
    assert (again.values["Titel"], again.values[TIMELY]) == ("Halb fertig", "2026-12-24")
    assert again.values[CONTACT] == "Projektleitung"
    assert await again.submit({STORY: "Jetzt ganz"}) == {}
    assert kept(office) == []
    assert [(step.state, step.role) for step in card(office).steps] == [("new", "pitcher")]
    assert (await the_form(office)).values["Titel"] in (None, "")


async def test_an_empty_form_leaves_no_draft_and_an_emptied_one_takes_its_draft_with_it(office: Office):
    await (await the_form(office)).close()
    assert kept(office) == []
    form = await the_form(office)
    await form.fill(Titel="Doch etwas")
    await form.close()
    assert [draft.title for draft in kept(office)] == ["Doch etwas"]

    form = await the_form(office)
    await form.fill(Titel="")
    await form.close()

    assert kept(office) == []


async def test_a_draft_can_be_thrown_away_in_the_form(office: Office):
    form = await the_form(office)
    await form.fill(Titel="Lieber nicht")
    await form.close()
    form = await the_form(office)

    await office.person(ANN).click("Entwurf verwerfen", on="modal")

    assert form.values["Titel"] in (None, "")
    assert "Entwurf" not in form.text
    assert kept(office) == []


async def test_a_form_made_of_a_message_keeps_its_link_when_it_is_closed(office: Office):
    ann = office.person(ANN)
    message = await ann.say("Wir haben Roboter", channel=NEWS)
    await ann.message_shortcut("pitch_from_message", message)
    await (await ann.form()).close()

    assert await (await the_form(office)).submit() == {}

    found = await office.person(RED).sees("Wir haben Roboter", channel=COMMS)
    assert "ursprüngliche Nachricht" in visible_text(found)


async def test_words_from_where_the_assistant_is_not_open_the_form_without_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    seed = conftest.seed()
    hidden = Channel("C0PRIVATE", "vertraulich", members=(ANN,), is_private=True)
    monkeypatch.setattr(conftest, "seed", lambda: replace(seed, channels=(*seed.channels, hidden)))
    async with an_office(tmp_path) as office:
        ann = office.person(ANN)
        message = await ann.say("Wir haben Roboter", channel=hidden.id)
        await ann.message_shortcut("pitch_from_message", message)
        assert await (await ann.form()).submit() == {}

        await office.person(RED).sees("Wir haben Roboter", channel=COMMS)
        assert card(office).pitch.permalink is None


async def test_nobody_elses_draft_is_offered(office: Office):
    form = await the_form(office)
    await form.fill(Titel="Nur für Ann")
    await form.close()
    red = office.person(RED)

    await red.shortcut("pitch_new")

    assert (await red.form()).values["Titel"] in (None, "")


async def test_a_message_that_sounds_like_an_idea_gets_the_form_offered_with_its_words(office: Office):
    ann = office.person(ANN)
    await ann.say("Ich hätte da was: Roboter <3 in der Bibliothek")

    offer = await ann.sees("Das klingt nach einer Geschichte!")
    await ann.click("Formular öffnen", message=offer)
    form = await ann.form()
    assert form.values["Titel"] == "Roboter <3 in der Bibliothek"
    assert await form.submit() == {}

    assert (await ann.sees("liegt jetzt bei der Redaktion")).ts == offer.ts


async def test_other_messages_get_no_answer(office: Office):
    ann = office.person(ANN)
    await ann.say("Guten Morgen!")
    await ann.say("Ich habe leider keine Idee.")
    await ann.say("Themenvorschlag: Radwege")

    await ann.sees("Das klingt nach einer Geschichte!")

    assert [draft.title for draft in kept(office)] == ["Radwege"]


async def test_whoever_waits_for_the_form_sees_at_once_that_it_comes(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    ann = office.person(ANN)
    await ann.slash("/funk", "hilfe")
    read, opened = office.store.read, asyncio.Event()

    async def slow(question: Any, *args: Any, **kwargs: Any) -> Any:
        await opened.wait()
        return await read(question, *args, **kwargs)

    monkeypatch.setattr(office.store, "read", slow)
    pressed = asyncio.create_task(ann.shortcut("pitch_new"))
    form = await ann.form()
    assert "das Formular kommt gleich" in form.text
    assert form.fields == []

    opened.set()
    await pressed

    assert "Titel" in form.fields


async def test_a_form_that_is_closed_before_it_comes_disturbs_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    ann = office.person(ANN)
    await ann.slash("/funk", "hilfe")
    read, opened = office.store.read, asyncio.Event()

    async def slow(question: Any, *args: Any, **kwargs: Any) -> Any:
        await opened.wait()
        return await read(question, *args, **kwargs)

    monkeypatch.setattr(office.store, "read", slow)
    pressed = asyncio.create_task(ann.shortcut("pitch_new"))
    await (await ann.form()).close()
    opened.set()

    assert (await pressed).failure is None
    assert kept(office) == []
