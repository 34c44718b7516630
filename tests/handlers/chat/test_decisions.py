"""Deciding on pitches, up to what their pitchers hear of it."""

from bot import pitches
from bot.pitches import Pitch
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, RED, RON, Office
from tests.handlers.chat.test_pitches import pitch


def the_pitch(office: Office) -> Pitch:
    card = office.store.ask(pitches.card, 1)
    assert card is not None
    return card.pitch


async def test_only_the_newsroom_may_decide_and_others_are_told_so(office: Office):
    await pitch(office, "Nur für die Redaktion")
    card = await office.person(RED).sees("Nur für die Redaktion", channel=COMMS)
    ann = office.person(ANN)

    for label in ("Annehmen", "Ablehnen", "Rückfrage"):
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
    assert "Ablehnen" not in visible_text(shown)


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
