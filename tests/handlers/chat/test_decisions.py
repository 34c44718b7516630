"""Deciding on pitches, up to what their pitchers hear of it."""

from datetime import date

from sqlmodel import Session, select

from bot import people, pitches
from bot.people import Person
from bot.pitches import Idea, Pitch, PitchKind
from bot.radar import Measure
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, JOE, OLE, RED, RON, Office
from tests.handlers.chat.test_outbound import settled
from tests.handlers.chat.test_pitches import pitch

LABEL = "Nachricht an die Person mit der Idee"


def known(session: Session, member: str) -> Person:
    found = people.by_chat_id(session, member)
    assert found is not None
    return found


def the_pitch(office: Office) -> Pitch:
    card = office.store.ask(pitches.card, 1)
    assert card is not None
    return card.pitch


async def test_only_the_newsroom_may_decide_and_others_are_told_so(office: Office):
    await pitch(office, "Nur für die Redaktion")
    card = await office.person(RED).sees("Nur für die Redaktion", channel=COMMS)
    ann = office.person(ANN)

    for label in ("Annehmen", "In den Vorrat", "Ablehnen", "Rückfrage", "Zusammenführen", "Sitzung beginnen"):
        await ann.click(label, message=card)
        await ann.sees("Das geht nur für die Redaktion", channel=COMMS)

    assert the_pitch(office).decided_at is None


async def test_an_accepted_pitch_is_told_to_its_author_and_its_card_shows_who_and_when(office: Office):
    await pitch(office, "Wird genommen")
    red = office.person(RED)
    card = await red.sees("Wird genommen", channel=COMMS)

    await red.click("Annehmen", message=card)

    await office.person(ANN).sees("Gute Nachricht")
    shown = await red.sees("Angenommen von", channel=COMMS)
    assert shown.ts == card.ts
    assert "Rückfrage" not in visible_text(shown)


async def test_the_second_of_two_editors_sees_who_was_quicker(office: Office):
    await pitch(office, "Zwei auf einmal")
    card = await office.person(RED).sees("Zwei auf einmal", channel=COMMS)
    await office.person(RED).click("Ablehnen", message=card)
    form = await office.person(RED).form()

    await office.person(RON).click("Annehmen", message=card)
    errors = await form.submit()

    assert "schon entschieden" in errors["Nachricht an die Person mit der Idee"]
    assert the_pitch(office).state == "accepted"


async def test_declining_sends_the_words_that_the_newsroom_chose(office: Office):
    await pitch(office, "Diesmal nicht")
    red = office.person(RED)
    await red.click("Ablehnen", message=await red.sees("Diesmal nicht", channel=COMMS))
    form = await red.form()
    label = "Nachricht an die Person mit der Idee"
    assert "Diesmal nicht" in form.values[label]

    assert await form.submit(**{label: "Leider kein Platz & viele Grüße"}) == {}

    told = await office.person(ANN).sees("diesmal nicht auf")
    assert "Leider kein Platz & viele Grüße" in visible_text(told)


async def test_a_question_reaches_the_author_and_the_reply_comes_back(office: Office):
    await pitch(office, "Mit Rückfrage")
    red, ann = office.person(RED), office.person(ANN)
    card = await red.sees("Mit Rückfrage", channel=COMMS)
    await red.click("Rückfrage", message=card)
    assert await (await red.form()).submit(**{"Deine Frage": "Gibt es Bilder?"}) == {}

    await ann.sees("Gibt es Bilder?")
    await ann.click("Antworten")
    assert await (await ann.form()).submit(**{"Deine Antwort": "Ja, drei."}) == {}

    await red.sees("geantwortet", channel=COMMS)
    assert (await red.sees("Frage:", channel=COMMS)).ts == card.ts
    answered = await ann.sees("Deine Antwort")
    assert "Ja, drei." in visible_text(answered)


async def test_an_idea_goes_on_the_shelf_with_words_and_can_be_accepted_from_there(office: Office):
    await pitch(office, "Für später")
    red, ann = office.person(RED), office.person(ANN)
    card = await red.sees("Für später", channel=COMMS)
    await red.click("In den Vorrat", message=card)
    form = await red.form("In den Vorrat")
    assert await form.submit(**{LABEL: "Im Sommer passt es & wir melden uns"}) == {}

    told = await ann.sees("in den Vorrat")
    assert "Im Sommer passt es & wir melden uns" in visible_text(told)
    shown = await red.sees("In den Vorrat gelegt von", channel=COMMS)
    assert shown.ts == card.ts

    office.clock.forward(hours=2)
    await red.click("Annehmen", message=shown)
    await ann.sees("Gute Nachricht")


async def test_a_declined_idea_can_be_thought_over(office: Office):
    await pitch(office, "Doch noch")
    red = office.person(RED)
    card = await red.sees("Doch noch", channel=COMMS)
    await red.click("Ablehnen", message=card)
    assert await (await red.form()).submit() == {}

    await red.click("Noch einmal überlegen", message=await red.sees("Abgelehnt von", channel=COMMS))

    await red.click("Annehmen", message=card)
    assert the_pitch(office).state == "accepted"


async def test_each_step_stands_in_the_thread_of_the_card(office: Office):
    await pitch(office, "Mit Verlauf")
    red = office.person(RED)
    card = await red.sees("Mit Verlauf", channel=COMMS)
    await settled(office, "pitch_card")
    await red.click("Annehmen", message=card)

    said = await red.sees(f"Angenommen · <@{RED}>", channel=COMMS)

    assert said.thread_ts == card.ts


async def test_two_ideas_become_one_and_their_pitchers_meet(office: Office):
    await pitch(office, "Roboter im Lesesaal")
    joe, red, ann = office.person(JOE), office.person(RED), office.person(ANN)
    await joe.shortcut("pitch_new")
    assert await (await joe.form()).submit(Title="Der Roboter liest vor") == {}
    card = await red.sees("Der Roboter liest vor", channel=COMMS)

    await red.click("Zusammenführen", message=card)
    form = await red.form("Zusammenführen")
    assert await red.suggestions("Die andere Idee", "lesesaal", on="modal") == ["Roboter im Lesesaal"]
    assert await form.submit(**{"Die andere Idee": "Roboter im Lesesaal"}) == {}

    await red.sees("zusammengeführt von", channel=COMMS)
    goal = await red.sees("auch vorgeschlagen von", channel=COMMS)
    assert f"<@{JOE}>" in visible_text(goal)
    assert f"<@{JOE}>" in visible_text(await ann.sees("eine ähnliche Idee"))
    assert f"<@{ANN}>" in visible_text(await joe.sees("goes on together"))


async def test_what_may_be_the_same_story_is_merged_from_beside_it(office: Office):
    await pitch(office, "Der Roboter im Lesesaal")
    await pitch(office, "Roboter im Lesesaal")
    red = office.person(RED)
    await settled(office, "pitch_")
    card = await red.sees("Vielleicht dieselbe Geschichte", channel=COMMS)

    await red.click("Zusammenführen", message=card, beside="Der Roboter im Lesesaal")
    form = await red.form("Zusammenführen")
    assert form.values["Die andere Idee"] == "Der Roboter im Lesesaal"
    assert await form.submit() == {}

    await red.sees("zusammengeführt von", channel=COMMS)


async def test_the_card_shows_all_that_is_known_of_an_idea(office: Office):
    def fill(session: Session) -> None:
        ann, ole = known(session, ANN), known(session, OLE)
        made = pitches.submit(session, Idea("Ganz ausführlich"), pitcher=ann, now=office.clock.now)
        made.kind, made.guest, made.topics = PitchKind.GUEST_POST, "Dr. <Gast>", "ki bibliothek"
        made.timely_on, made.has_picture, made.contact_id = date(2026, 12, 24), True, ole.id
        made.measure_id = session.exec(select(Measure.id)).first()

    await office.person(ANN).open_home()
    await office.person(ANN).sees_at_home("Hallo")
    await office.store.run(fill)

    card = visible_text(await office.person(RED).sees("Ganz ausführlich", channel=COMMS))

    for words in (
        "Gastbeitrag",
        "ki bibliothek",
        "24.",
        "Dr. &lt;Gast&gt;",
        "Bild vorhanden",
        "Gehört zu: ",
        OLE,
    ):
        assert words in card


async def test_an_accepted_idea_is_put_on_the_shelf_or_declined_behind_the_dots_of_its_card(office: Office):
    await pitch(office, "Fällt doch aus")
    red, ann = office.person(RED), office.person(ANN)
    card = await red.sees("Fällt doch aus", channel=COMMS)
    await red.click("Annehmen", message=card)
    accepted = await red.sees("✅ Angenommen von", channel=COMMS)

    await red.click("Ablehnen", message=accepted)
    form = await red.form("Ablehnen")
    assert "nun klappt es doch nicht" in form.values[LABEL]
    await red.click("In den Vorrat", message=accepted)
    assert await (await red.form("In den Vorrat")).submit() == {}

    shown = await red.sees("In den Vorrat gelegt von", channel=COMMS)
    assert "Planen" not in visible_text(shown)
    office.clock.forward(hours=2)
    await ann.sees("in den Vorrat")


async def test_a_question_has_a_friendly_beginning(office: Office):
    await pitch(office, "Freundlich gefragt")
    red = office.person(RED)
    await red.click("Rückfrage", message=await red.sees("Freundlich gefragt", channel=COMMS))

    form = await red.form()

    assert form.values["Deine Frage"].startswith("Danke für „Freundlich gefragt“!")
