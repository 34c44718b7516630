"""What someone sees of their own ideas, and how they take one back."""

from bot import people, pitches
from bot.pitches import Idea, Pitch, PitchState
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, JOE, RED, Office


async def pitch(office: Office, title: str, by: str = ANN) -> int:
    """Someone's idea, which they and the newsroom have seen."""

    def submit(title: str) -> Pitch:
        return office.store.do(
            lambda session: pitches.submit(
                session,
                Idea(title=title),
                pitcher=people.greet(
                    session, chat_id=by, name="Kollegin", locale="de-DE", now=office.clock.now
                ),
                now=office.clock(),
            )
        )

    return submit(title).id or 0


async def at_home(office: Office, words: str) -> str:
    ann = office.person(ANN)
    await ann.open_home()
    view = await ann.sees_at_home(words)
    return str(view.blocks)


def state(office: Office, pitch_id: int) -> PitchState:
    card = office.store.ask(pitches.card, pitch_id)
    assert card is not None
    return card.pitch.state


async def test_the_home_tab_says_of_each_idea_how_it_stands_and_what_comes_next(office: Office):
    await pitch(office, "Roboter zum Ausleihen")

    shown = await at_home(office, "Roboter zum Ausleihen")

    assert "Neu" in shown
    assert "Die Redaktion entscheidet" in shown
    assert "Alle meine Ideen" not in shown


async def test_an_idea_is_taken_back_from_the_home_tab_and_its_card_shows_it(office: Office):
    pitch_id = await pitch(office, "Doch nicht")
    red, ann = office.person(RED), office.person(ANN)
    card = await red.sees("Doch nicht", channel=COMMS)
    await at_home(office, "Doch nicht")

    await ann.click("Zurückziehen", on="home")

    assert state(office, pitch_id) is PitchState.WITHDRAWN
    shown = await red.sees("Zurückgezogen seit", channel=COMMS)
    assert shown.ts == card.ts
    assert "Annehmen" not in visible_text(shown)
    await ann.sees_at_home("Du hast sie zurückgezogen")


async def test_an_idea_is_taken_back_in_the_message_that_thanked_for_it(office: Office):
    pitch_id = await pitch(office, "Vom Dank aus")
    ann = office.person(ANN)
    thanks = await ann.sees("Vom Dank aus")

    await ann.click("Zurückziehen", message=thanks)

    assert state(office, pitch_id) is PitchState.WITHDRAWN
    again = await ann.sees("Du hast sie zurückgezogen")
    assert again.ts == thanks.ts
    assert "Zurückziehen" not in visible_text(again)


async def test_what_has_ended_meanwhile_cannot_be_taken_back_and_says_how_it_stands(office: Office):
    pitch_id = await pitch(office, "Zu spät")
    ann, red = office.person(ANN), office.person(RED)
    await at_home(office, "Zu spät")
    await red.click("Ablehnen", message=await red.sees("Zu spät", channel=COMMS))
    assert await (await red.form()).submit() == {}

    await ann.click("Zurückziehen", on="home")

    assert "nichts mehr zurückzuziehen" in (await ann.form()).text
    assert state(office, pitch_id) is PitchState.DECLINED


async def test_the_life_of_an_idea_is_told_by_role_with_the_reasons(office: Office):
    await pitch(office, "Mit Geschichte")
    red, ann = office.person(RED), office.person(ANN)
    await red.click("Ablehnen", message=await red.sees("Mit Geschichte", channel=COMMS))
    words = "Nachricht an die Person mit der Idee"
    assert await (await red.form()).submit(**{words: "Gerade kein Platz <!here>"}) == {}
    await at_home(office, "Mit Geschichte")

    await ann.click("Ansehen", on="home")

    told = (await ann.form()).text
    assert "*Neu* – von dir" in told
    assert "*Abgelehnt* – von der Redaktion" in told
    assert "Gerade kein Platz <!here>" in told
    assert RED not in told
    assert "18. November 2026" in told


async def test_the_life_of_an_idea_holds_what_was_asked_and_replied(office: Office):
    await pitch(office, "Mit Rückfrage")
    red, ann = office.person(RED), office.person(ANN)
    await red.click("Rückfrage", message=await red.sees("Mit Rückfrage", channel=COMMS))
    assert await (await red.form()).submit(**{"Deine Frage": "Gibt es Bilder?"}) == {}
    await ann.sees("Gibt es Bilder?")
    await ann.click("Antworten")
    assert await (await ann.form()).submit(**{"Deine Antwort": "Ja, drei."}) == {}
    await at_home(office, "Mit Rückfrage")

    await ann.click("Ansehen", on="home")

    told = (await ann.form()).text
    assert told.index("Gibt es Bilder?") < told.index("Ja, drei.")


async def test_more_than_five_ideas_have_a_page_of_their_own(office: Office):
    for number in range(16):
        await pitch(office, f"Idee Nummer {number:02}")
    ann = office.person(ANN)
    shown = await at_home(office, "Idee Nummer 15")
    assert "Idee Nummer 10" not in shown

    await ann.click("Alle meine Ideen", on="home")
    listed = await ann.form()
    assert "Idee Nummer 01" in listed.text
    assert "Idee Nummer 00" not in listed.text
    await ann.click("Ältere", on="modal")
    assert "Idee Nummer 01" not in listed.text

    await ann.click("Zurückziehen", on="modal")
    assert "Du hast sie zurückgezogen" in listed.text
    await ann.click("Ansehen", on="modal")
    assert "*Zurückgezogen* – von dir" in (await ann.form("Der Weg einer Idee")).text


async def test_a_draft_stands_on_the_home_tab_until_it_is_sent(office: Office):
    ann = office.person(ANN)
    await ann.shortcut("pitch_new")
    form = await ann.form()
    await form.fill(Titel="Angefangen")
    await form.close()
    assert "Entwurf" in await at_home(office, "Angefangen")

    await ann.click("Weiterschreiben", on="home")
    form = await ann.form()
    assert form.values["Titel"] == "Angefangen"
    assert await form.submit() == {}

    await ann.sees_at_home("Die Redaktion entscheidet")
    assert "Weiterschreiben" not in await at_home(office, "Angefangen")


async def test_nobody_sees_or_takes_back_what_is_not_theirs(office: Office):
    pitch_id = await pitch(office, "Von Joe", by=JOE)

    await office.person(ANN).open_home()
    view = await office.person(ANN).sees_at_home("Hallo, ich bin Stadtfunk")

    assert "Von Joe" not in str(view.blocks)
    assert state(office, pitch_id) is PitchState.NEW
