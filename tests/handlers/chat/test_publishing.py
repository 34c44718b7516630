"""A post appears: the newsroom says whose it is, and everyone concerned hears of it."""

from datetime import datetime

from sqlmodel import Session

from bot import people, pitches, posts
from sandbox.client import visible_text
from sandbox.state.records import Message
from storage.pitches import Pitch
from tests.handlers.chat.conftest import ANN, COMMS, OLE, RED, RON, Office
from tests.handlers.chat.test_pitches import pitch

# As it stands on ki.muenchen.de (github.com/it-at-m/ki.muenchen.de blog/2025-03-31).
POST = "Dienstleistungsfinder der Stadt sucht künftig per KI"
URL = "https://ki.muenchen.de/blog/2025-03-31-dlf-ru-meldung"
IDEA = "KI im Dienstleistungsfinder"
WHICH = "Welcher Beitrag ist es?"


async def accepted(office: Office, title: str = IDEA) -> Message:
    """An idea of Ann's that the newsroom took on; return its card."""
    await pitch(office, title)
    red = office.person(RED)
    await red.click("Annehmen", message=await red.sees(title, channel=COMMS))
    return await red.sees("Angenommen von", channel=COMMS)


def appear(session: Session, now: datetime, title: str = POST, url: str | None = URL) -> None:
    posts.import_post(session, title=title, url=url, published_at=now, tags=(), origin="test", now=now)


def written_by(session: Session, chat_id: str) -> None:
    author, found = people.by_chat_id(session, chat_id), session.get(Pitch, 1)
    assert author is not None
    assert found is not None
    found.author_id = author.id


def state(office: Office) -> str:
    card = office.store.ask(pitches.card, 1)
    assert card is not None
    return card.pitch.state


async def test_yes_closes_the_pitch_and_tells_pitcher_and_author_with_the_link(office: Office):
    card = await accepted(office)
    await office.store.run(written_by, OLE)
    office.clock.forward(hours=2)

    await office.store.run(appear, office.clock())
    red = office.person(RED)
    question = await red.sees(f"Ist das der Beitrag zu „{IDEA}“?", channel=COMMS)
    assert question.thread_ts == card.ts
    assert POST in visible_text(question)
    await red.click("Ja", message=question)

    told = await office.person(ANN).sees(f"Aus deiner Idee „{IDEA}“ ist ein Beitrag geworden")
    assert URL in str(told.blocks)
    thanks = await office.person(OLE).sees("Danke fürs Schreiben")
    assert URL in str(thanks.blocks)
    shown = await red.sees(f"✅ Ja, sagt <@{RED}>", channel=COMMS)
    assert shown.ts == question.ts
    assert "Nein" not in visible_text(shown)
    assert state(office) == "published"


async def test_the_second_of_two_editors_is_told_what_the_first_said(office: Office):
    await accepted(office)
    await office.store.run(appear, office.clock())
    question = await office.person(RED).sees("Ist das der Beitrag", channel=COMMS)
    await office.person(RED).click("Nein", message=question)

    ron = office.person(RON)
    await ron.click("Ja", message=question)

    await ron.sees(f"Jemand war schneller. Nein, sagt <@{RED}>", channel=COMMS)
    assert state(office) == "accepted"


async def test_only_the_newsroom_may_say_so(office: Office):
    await accepted(office)
    await office.store.run(appear, office.clock())
    question = await office.person(RED).sees("Ist das der Beitrag", channel=COMMS)
    ann = office.person(ANN)

    for label in ("Ja", "Nein"):
        await ann.click(label, message=question)
        await ann.sees("Das geht nur für die Redaktion", channel=COMMS)


async def test_an_editor_chooses_the_post_by_hand(office: Office):
    card = await accepted(office, "Wer findet was?")
    for title in ("Der kita finder+", POST):
        await office.store.run(appear, office.clock(), title, f"https://x.example/{len(title)}")
    red = office.person(RED)

    await red.click("Ist erschienen", message=card)
    form = await red.form()
    assert await red.suggestions(WHICH, "", on="modal") == [
        f"{POST} (18. November 2026)",
        "Der kita finder+ (18. November 2026)",
    ]
    assert await form.submit({WHICH: "Der kita finder+ (18. November 2026)"}) == {}

    shown = await red.sees("Der kita finder+", channel=COMMS)
    assert shown.ts == card.ts
    assert state(office) == "published"


async def test_who_chooses_too_late_is_told_how_the_pitch_stands(office: Office):
    card = await accepted(office)
    await office.store.run(appear, office.clock())
    red, ron = office.person(RED), office.person(RON)
    await ron.click("Ist erschienen", message=card)
    form = await ron.form()
    await ron.suggestions(WHICH, "dienst", on="modal")

    await red.click("Ja", message=await red.sees("Ist das der Beitrag", channel=COMMS))
    errors = await form.submit({WHICH: f"{POST} (18. November 2026)"})

    assert "Veröffentlicht" in errors[WHICH]


async def test_what_may_be_the_same_story_stands_on_the_card(office: Office):
    await pitch(office, "WLAN an Tramhaltestellen")
    await office.person(RED).sees("WLAN an Tramhaltestellen", channel=COMMS)

    await pitch(office, "WLAN an den Tramhaltestellen <!here>")

    card = await office.person(RED).sees("Vielleicht dieselbe Geschichte", channel=COMMS)
    assert "WLAN an Tramhaltestellen\n – Neu, 18. November 2026\nZusammenführen" in visible_text(card)
    assert "2:1" in str(card.blocks)
    assert "Vielleicht" not in "".join(office.texts(office.person(ANN).dm))


async def test_two_ideas_that_are_one_story_are_merged_from_beside_each_other(office: Office):
    await pitch(office, "WLAN an Tramhaltestellen")
    await pitch(office, "WLAN an den Tramhaltestellen")
    red = office.person(RED)
    card = await red.sees("Vielleicht dieselbe Geschichte", channel=COMMS)

    await red.click("Zusammenführen", message=card, beside="WLAN an Tramhaltestellen")
    form = await red.form("Zusammenführen")
    assert form.values["Die andere Idee"] == "WLAN an Tramhaltestellen"
    assert await form.submit() == {}

    await red.sees("Mit „WLAN an Tramhaltestellen“ zusammengeführt", channel=COMMS)
    found = office.store.ask(pitches.card, 2)
    assert found is not None
    assert (found.pitch.state, found.pitch.merged_into_id) == ("merged", 1)
