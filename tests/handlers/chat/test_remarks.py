"""What is written in the threads of a pitch reaches the other side, and nothing else is listened to."""

from sqlmodel import Session, select

from bot.people import Person
from bot.remarks import PitchRemark
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, JOE, NEWS, RED, RON, Office
from tests.handlers.chat.test_outbound import settled
from tests.handlers.chat.test_pitches import pitch


def remarks(office: Office) -> list[str]:
    return [row.words for row in office.store.ask(lambda session: session.exec(select(PitchRemark)).all())]


async def test_newsroom_and_pitcher_talk_in_their_threads(office: Office):
    await pitch(office, "Im Gespräch")
    red, ann = office.person(RED), office.person(ANN)
    card = await red.sees("Im Gespräch", channel=COMMS)
    await settled(office, "pitch_")

    await red.reply(card, "Gibt es <Bilder> & Töne?")

    told = await ann.sees("Gibt es <Bilder> & Töne?")
    assert f"<@{RED}> aus der Redaktion" in visible_text(told)
    assert "Antworte einfach hier im Thread" in visible_text(told)

    await ann.reply(told, "Ja, <!channel> drei")

    answer = await red.sees("drei", channel=COMMS)
    assert answer.thread_ts == card.ts
    assert "<!channel>" not in answer.text
    assert remarks(office) == ["Gibt es <Bilder> & Töne?", "Ja, <!channel> drei"]


async def test_what_is_said_below_a_card_that_was_deleted_unnoticed_is_read_all_the_same(office: Office):
    await pitch(office, "Gelöscht")
    red, ann = office.person(RED), office.person(ANN)
    card = await red.sees("Gelöscht", channel=COMMS)
    thanks = await ann.sees("Danke für deine Idee")
    await settled(office, "pitch_")
    office.sandbox.workspace.delete(COMMS, card.ts)

    await ann.reply(thanks, "Es gibt Bilder dazu")

    told = await red.sees("Es gibt Bilder dazu", channel=COMMS)
    assert told.thread_ts is None


async def test_what_the_pitcher_types_below_a_question_stands_on_the_card(office: Office):
    await pitch(office, "Getippt beantwortet")
    red, ann = office.person(RED), office.person(ANN)
    card = await red.sees("Getippt beantwortet", channel=COMMS)
    await red.click("Rückfrage", message=card)
    assert await (await red.form()).submit(**{"Deine Frage": "Wann denn?"}) == {}
    asked = await ann.sees("Wann denn?")
    await settled(office, "pitch_question")

    await ann.reply(asked, "Am 3. Mai")

    shown = await red.sees("Antwort: ", channel=COMMS)
    assert shown.ts == card.ts
    assert "Am 3. Mai" in visible_text(shown)


async def test_a_corrected_message_is_corrected_on_the_other_side_and_a_deleted_one_goes(office: Office):
    await pitch(office, "Mit Tippfehler")
    ron, ann = office.person(RON), office.person(ANN)
    card = await ron.sees("Mit Tippfehler", channel=COMMS)
    await settled(office, "pitch_")
    said = await ron.reply(card, "Das wird guht")
    told = await ann.sees("Das wird guht")
    await settled(office, "pitch_remark")

    await ron.edit(said, "Das wird gut")
    assert (await ann.sees("Das wird gut")).ts == told.ts
    await ron.delete(said)

    await ann.sees("zurückgenommen")
    await ann.sees_no_more("Das wird gut")


async def test_what_the_pitcher_corrects_or_deletes_is_so_in_the_thread_of_the_card(office: Office):
    await pitch(office, "Mit Nachtrag")
    red, ann = office.person(RED), office.person(ANN)
    thanks = await ann.sees("Danke für deine Idee")
    await red.sees("Mit Nachtrag", channel=COMMS)
    await settled(office, "pitch_")
    said = await ann.reply(thanks, "Es sind dei Bilder")
    passed_on = await red.sees("Es sind dei Bilder", channel=COMMS)
    await settled(office, "pitch_remark")

    await ann.edit(said, "Es sind drei Bilder")
    assert (await red.sees("Es sind drei Bilder", channel=COMMS)).ts == passed_on.ts
    await ann.delete(said)

    await red.sees("zurückgenommen", channel=COMMS)


async def test_of_what_is_said_elsewhere_nothing_is_kept_and_nobody_becomes_known(office: Office):
    joe, red = office.person(JOE), office.person(RED)
    said = await joe.say("Mahlzeit", channel=NEWS)
    await joe.reply(said, "Was gibt es?", channel=NEWS)
    await joe.edit(said, "Guten Appetit", channel=NEWS)
    await joe.delete(said, channel=NEWS)

    # What comes after it has been dealt with when this is.
    await pitch(office, "Danach")
    await red.sees("Danach", channel=COMMS)

    def strangers(session: Session) -> list[str]:
        return list(session.exec(select(Person.chat_id).where(Person.chat_id == JOE)))

    assert office.store.ask(strangers) == []
    assert remarks(office) == []
