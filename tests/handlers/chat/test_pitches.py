"""Pitches, from four ways in to the decision that its author hears."""

from secrets import token_hex

from bot import pitches
from bot.pitches import Pitch
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, JOE, NEWS, RED, RON, Office


async def pitch(office: Office, title: str, **more: str) -> None:
    ann = office.person(ANN)
    await ann.shortcut("pitch_new")
    form = await ann.form()
    assert await form.submit(Titel=title, **more) == {}


def the_pitch(office: Office) -> Pitch:
    card = office.store.ask(pitches.card, 1)
    assert card is not None
    return card.pitch


async def test_a_pitch_by_shortcut_thanks_its_author_and_shows_the_newsroom_a_card(office: Office):
    title = f"Roboter {token_hex(4)}"

    await pitch(office, title, **{"Was ist die Geschichte?": "Man kann sie ausleihen."})

    thanks = await office.person(ANN).sees(title)
    assert "Danke für deine Idee" in visible_text(thanks)
    card = await office.person(RED).sees(title, channel=COMMS)
    assert "Man kann sie ausleihen." in visible_text(card)
    assert f"<@{ANN}>" in visible_text(card)


async def test_a_pitch_begun_with_the_slash_command_has_its_words_as_title(office: Office):
    ann = office.person(ANN)

    await ann.slash("/funk", "idee Die Bibliothek & der <Roboter>")

    form = await ann.form()
    assert form.values["Titel"] == "Die Bibliothek & der <Roboter>"


async def test_a_message_becomes_a_pitch_with_its_words_and_its_permalink(office: Office):
    ann = office.person(ANN)
    message = await ann.say("Wir haben jetzt <5 Roboter & mehr\nAb Mai für alle.", channel=NEWS)

    await ann.message_shortcut("pitch_from_message", message)
    form = await ann.form()

    assert form.values["Titel"] == "Wir haben jetzt <5 Roboter & mehr"
    assert form.values["Was ist die Geschichte?"] == "Wir haben jetzt <5 Roboter & mehr\nAb Mai für alle."
    assert await form.submit() == {}
    card = await office.person(RED).sees("5 Roboter", channel=COMMS)
    assert "ursprüngliche Nachricht" in visible_text(card)


async def test_the_home_tab_offers_the_form_and_then_shows_the_idea(office: Office):
    ann = office.person(ANN)
    await ann.open_home()
    await ann.sees_at_home("Hallo, ich bin Stadtfunk")

    await ann.click("Idee vorschlagen", on="home")
    form = await ann.form()
    assert await form.submit(Titel="Vom Start-Tab") == {}

    await ann.sees_at_home("Vom Start-Tab")


async def test_a_form_with_a_blank_or_overlong_title_says_so_at_the_field_and_keeps_everything(
    office: Office,
):
    ann = office.person(ANN)
    await ann.shortcut("pitch_new")
    form = await ann.form()

    errors = await form.submit(Titel="   ", **{"Was ist die Geschichte?": "Lange erzählt."})

    assert list(errors) == ["Titel"]
    assert "höchstens 150 Zeichen" in errors["Titel"]
    assert (await form.submit(Titel="Jetzt mit Titel")) == {}


async def test_words_that_would_mention_everyone_or_forge_a_link_stay_words(office: Office):
    await pitch(office, "<!channel> *fett* <https://böse.example|Stadt>")

    card = await office.person(RED).sees("<!channel> *fett*", channel=COMMS)

    assert "<!channel>" not in card.text
    assert "&lt;!channel&gt;" in card.text


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


async def test_the_overview_comes_at_once_when_the_newsroom_asks(office: Office):
    await pitch(office, "Wartet noch")
    red = office.person(RED)
    await red.sees("Wartet noch", channel=COMMS)

    await red.slash("/funk", "überblick")

    overview = await red.sees("1 Idee ist unentschieden", channel=COMMS)
    assert "Wartet noch" in visible_text(overview)


async def test_the_overview_is_not_for_everyone(office: Office):
    ann = office.person(ANN)

    await ann.slash("/funk", "überblick")

    assert "Das geht nur für die Redaktion" in (ann.last_reply or "")


async def test_a_colleague_with_an_english_chat_is_spoken_to_in_english(office: Office):
    joe = office.person(JOE)

    await joe.slash("/funk", "help")

    assert "This is what I can do for you" in (joe.last_reply or "")
