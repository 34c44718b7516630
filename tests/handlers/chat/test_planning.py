"""Planning in the chat: who writes an idea, when and where it appears, and what is to be done until then."""

from datetime import date, timedelta
from secrets import token_hex

from bot import pitches
from bot.pitches import PitchCard
from sandbox.client import Form, visible_text
from tests.handlers.chat.conftest import ANN, COMMS, JOE, OLE, RED, RON, Office
from tests.handlers.chat.test_outbound import settled
from tests.handlers.chat.test_pitches import pitch
from tests.made import delivered

SOON = date(2026, 12, 10)


async def accepted(office: Office, title: str) -> None:
    """An idea of Ann's that the newsroom takes up."""
    await pitch(office, title)
    red = office.person(RED)
    await red.click("Annehmen", message=await red.sees(title, channel=COMMS))


async def the_form(office: Office, member_id: str = RED) -> Form:
    someone = office.person(member_id)
    await someone.click("Planen", message=await someone.sees("Angenommen von", channel=COMMS))
    return await someone.form("Planen")


def card(office: Office) -> PitchCard:
    found = office.store.ask(pitches.card, 1)
    assert found is not None
    return found


async def asked(office: Office, title: str, **more: object) -> None:
    """Ole is asked to write it."""
    await accepted(office, title)
    form = await the_form(office)
    assert await form.submit({"Autor*in": "ole", **more}) == {}
    await office.person(OLE).sees("Die Redaktion möchte")


async def test_an_author_who_is_asked_confirms_finishes_and_the_idea_is_planned(office: Office):
    title = f"Roboter {token_hex(4)}"
    await asked(office, title, **{"Geplanter Termin": SOON})
    ole, red = office.person(OLE), office.person(RED)
    await red.sees("(angefragt)", channel=COMMS)

    await ole.click("Ich schreibe es")
    await ole.sees(f"Du schreibst „{title}“")
    await red.sees_no_more("(angefragt)", channel=COMMS)
    await ole.click("Text ist fertig")

    await ole.sees("Dein Text für")
    assert card(office).pitch.state == "planned"
    await red.sees("Geplant für 10. Dezember 2026", channel=COMMS)


async def test_without_a_date_a_finished_text_is_ready_until_one_is_given_and_taken_back(office: Office):
    await asked(office, "Ohne Termin")
    ole = office.person(OLE)
    await ole.click("Ich schreibe es")
    await ole.click("Text ist fertig")
    await ole.sees("Dein Text für")
    assert card(office).pitch.state == "ready"

    form = await the_form(office)
    assert await form.submit({"Geplanter Termin": SOON}) == {}
    assert card(office).pitch.state == "planned"

    form = await the_form(office)
    assert form.values["Geplanter Termin"] == SOON.isoformat()
    assert await form.submit({"Noch offen?": "Vorerst ohne Termin"}) == {}
    assert card(office).pitch.state == "ready"


async def test_an_author_hands_back_with_a_reason_that_the_newsroom_reads_in_the_cards_thread(office: Office):
    await asked(office, "Zu viel zu tun")
    ole, red = office.person(OLE), office.person(RED)
    await ole.click("Zurückgeben")
    form = await ole.form("Zurückgeben")
    assert "höchstens" in (await form.submit({"Warum?": "   "}))["Warum?"]
    assert await form.submit({"Warum?": "Bin im <Urlaub> & weg"}) == {}

    told = await red.sees("Bin im <Urlaub> & weg", channel=COMMS)
    assert told.thread_ts == (await red.sees("Angenommen von", channel=COMMS)).ts
    await ole.sees("Du hast „Zu viel zu tun“ zurückgegeben")
    assert (card(office).pitch.state, card(office).author) == ("accepted", None)
    # It stands there once.
    await settled(office, "author_returned")
    steps = [row.subject_id for row in office.store.ask(delivered).values() if row.kind == "pitch_step"]
    assert card(office).steps[-1].id not in steps


async def test_an_idea_that_was_handed_back_is_no_second_good_news_and_why_is_for_the_newsroom_alone(
    office: Office,
):
    await asked(office, "Doch nicht")
    ole, ann = office.person(OLE), office.person(ANN)
    await ann.sees("Gute Nachricht")
    await ole.click("Zurückgeben")
    assert await (await ole.form("Zurückgeben")).submit({"Warum?": "Streit mit Ann"}) == {}

    office.clock.forward(hours=2)
    await ann.sees("Neues zu deiner Idee")
    assert sum("Gute Nachricht" in text for text in office.texts(ann.dm)) == 1

    await ann.open_home()
    await ann.sees_at_home("Doch nicht")
    await ann.click("Ansehen", on="home")
    life = await ann.form()
    assert "Angenommen" in life.text
    assert "Streit mit Ann" not in life.text


async def test_the_card_names_author_and_day_once(office: Office):
    await asked(office, "Nur einmal", **{"Geplanter Termin": SOON})
    shown = visible_text(await office.person(RED).sees("(angefragt)", channel=COMMS))

    assert shown.count("Autor*in:") == 1
    assert shown.count("Geplant für") == 1


async def test_whoever_was_asked_before_reads_that_someone_else_writes_it_now(office: Office):
    await asked(office, "Zweite Wahl")
    ole = office.person(OLE)
    await ole.sees("Die Redaktion möchte")

    form = await the_form(office)
    assert await form.submit({"Autor*in": "joe"}) == {}

    # The request says so where it stands, and a message of its own does.
    await ole.sees_no_more("Die Redaktion möchte")
    await ole.sees("Inzwischen schreibt jemand anders")
    await office.person(JOE).sees("The newsroom would like you to write")


async def test_only_whoever_is_asked_may_press(office: Office):
    await asked(office, "Nur Ole")
    request = await office.person(OLE).sees("Die Redaktion möchte")
    form = await the_form(office)
    assert await form.submit({"Autor*in": "joe"}) == {}
    await office.person(JOE).sees("The newsroom would like")

    # Pressed where the change has not arrived yet.
    await office.person(OLE).click("Ich schreibe es", message=request)

    await office.person(OLE).sees("Inzwischen schreibt das jemand anders")
    assert card(office).pitch.state == "asked"


async def test_the_pitcher_may_be_the_author(office: Office):
    await accepted(office, "Schreibt selbst")
    form = await the_form(office)
    assert await form.submit({"Autor*in": "ann"}) == {}
    ann = office.person(ANN)

    await ann.click("Ich schreibe es")

    await ann.sees("Du schreibst „Schreibt selbst“")
    assert card(office).pitch.state == "in_work"


async def test_several_mistakes_are_told_at_once_each_at_its_field_and_nothing_is_lost(office: Office):
    await accepted(office, "Viele Fehler")
    form = await the_form(office)

    errors = await form.submit(
        {
            "Autor*in": "Stadtfunk",
            "Geplanter Termin": date(2026, 11, 17),
            "Termin: Newsletter": SOON,
            "Aufgabe 1: was genau?": "Foto vom Rathaus",
        }
    )

    assert set(errors) == {"Autor*in", "Geplanter Termin", "Termin: Newsletter", "Aufgabe 1"}
    assert "nicht mehr da" in errors["Autor*in"]
    assert "schon vorbei" in errors["Geplanter Termin"]
    assert form.values["Aufgabe 1: was genau?"] == "Foto vom Rathaus"
    assert card(office).pitch.state == "accepted"


async def test_outlets_have_days_of_their_own_and_the_card_shows_them(office: Office):
    await accepted(office, "Überall")
    form = await the_form(office)
    assert await form.submit({"Wo es erscheint": ["Blog", "Newsletter"], "Termin: Newsletter": SOON}) == {}

    shown = await office.person(RED).sees("Newsletter (10. Dezember 2026)", channel=COMMS)
    assert "Blog" in visible_text(shown)

    # The day stays in the form, for there it can't be taken back; the outlet is gone all the same.
    form = await the_form(office)
    assert await form.submit({"Wo es erscheint": ["Blog"]}) == {}
    assert [one.outlet for one in card(office).outlets] == ["blog"]


async def test_up_to_five_tasks_have_room_and_their_author_ticks_them_off(office: Office):
    await accepted(office, "Mit Aufgaben")
    form = await the_form(office)
    red = office.person(RED)
    await form.fill({"Aufgabe 1": "Bild", "Aufgabe 1: was genau?": "Foto", "Autor*in": "ole"})
    for number in range(2, 6):
        await red.click("Noch eine Aufgabe", on="modal")
        await form.fill({f"Aufgabe {number}": "Text"})
    assert form.values["Aufgabe 1: was genau?"] == "Foto"
    assert await form.submit({"Aufgabe 1: bis wann?": SOON}) == {}
    assert len(card(office).tasks) == 5

    ole = office.person(OLE)
    await ole.click("Ich schreibe es")
    await ole.click("Erledigt", beside="Bild: Foto")

    await red.sees("☑ Bild: Foto", channel=COMMS)
    assert [bool(task.done_at) for task in card(office).tasks] == [True, False, False, False, False]


async def test_a_task_is_taken_out_of_the_plan(office: Office):
    await accepted(office, "Doch nicht")
    form = await the_form(office)
    assert (
        await form.submit({"Aufgabe 1": "Übersetzung", "Aufgabe 1: wer? (sonst die Autor*in)": "joe"}) == {}
    )

    form = await the_form(office)
    assert form.values["Aufgabe 1: wer? (sonst die Autor*in)"] == "Colleague"
    assert await form.submit({"Aufgabe 1": "Keine Aufgabe"}) == {}

    assert card(office).tasks == ()


async def test_the_second_of_two_who_plan_at_once_is_told_so_and_keeps_what_was_typed(office: Office):
    await accepted(office, "Zwei Pläne")
    first, second = await the_form(office, RED), await the_form(office, RON)
    assert await first.submit({"Autor*in": "ole"}) == {}

    errors = await second.submit({"Autor*in": "joe"})

    assert "jemand anders diesen Plan geändert" in errors["Autor*in"]
    author = card(office).author
    assert author is not None
    assert author.chat_id == OLE


async def test_only_the_newsroom_plans(office: Office):
    await accepted(office, "Nicht für alle")
    ann = office.person(ANN)

    await ann.click("Planen", message=await ann.sees("Angenommen von", channel=COMMS))

    await ann.sees("Das geht nur für die Redaktion", channel=COMMS)


async def test_a_task_is_brought_up_before_it_is_due_and_done_from_the_reminder(office: Office):
    await accepted(office, "Erinnert")
    form = await the_form(office)
    due = office.clock.now.date() + timedelta(days=1)
    answers = {
        "Aufgabe 1": "Bild",
        "Aufgabe 1: bis wann?": due,
        "Aufgabe 1: wer? (sonst die Autor*in)": "joe",
    }
    assert await form.submit(answers) == {}
    joe = office.person(JOE)

    await joe.sees("Soon to be done for “Erinnert”", within=15)
    await joe.click("Done")

    await joe.sees("Done, thank you!")
    await office.person(RED).sees("☑ Bild", channel=COMMS)


async def test_the_pitcher_hears_when_a_planned_date_moves(office: Office):
    await asked(office, "Wird verschoben", **{"Geplanter Termin": SOON})
    ole = office.person(OLE)
    await ole.click("Ich schreibe es")
    await ole.click("Text ist fertig")
    await office.person(RED).sees("Geplant für 10. Dezember", channel=COMMS)
    office.clock.forward(hours=1, minutes=1)
    form = await the_form(office)

    assert await form.submit({"Geplanter Termin": SOON + timedelta(days=1)}) == {}

    office.clock.forward(hours=1, minutes=1)
    await office.person(ANN).sees("11. Dezember 2026")


async def test_a_text_marked_ready_by_mistake_goes_back_to_work(office: Office):
    await asked(office, "Doch nicht fertig")
    ole = office.person(OLE)
    await ole.click("Ich schreibe es")
    await ole.click("Text ist fertig")
    await ole.sees("Dein Text für")

    await ole.click("Doch noch in Arbeit")

    await ole.sees("Du schreibst „Doch nicht fertig“")
    assert card(office).pitch.state == "in_work"


async def test_the_newsroom_says_that_a_text_from_outside_is_ready_and_with_a_day_it_is_planned(
    office: Office,
):
    await accepted(office, "Gastbeitrag")
    form = await the_form(office)

    assert await form.submit({"Wie weit ist es?": "Text ist fertig"}) == {}
    assert card(office).pitch.state == "ready"

    form = await the_form(office)
    assert await form.submit({"Geplanter Termin": SOON}) == {}
    assert card(office).pitch.state == "planned"
