"""The newsroom's meeting: decisions are collected and announced together."""

from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, RED, RON, Office
from tests.handlers.chat.test_pitches import pitch


async def meet(office: Office) -> None:
    red = office.person(RED)
    await red.slash("/funk", "sitzung")
    await red.sees("Sitzung seit", channel=COMMS)


async def test_what_is_decided_in_a_meeting_is_announced_together(office: Office):
    await pitch(office, "Erste Idee")
    await pitch(office, "Zweite Idee")
    red, ron, ann = office.person(RED), office.person(RON), office.person(ANN)
    first = await red.sees("Erste Idee", channel=COMMS)
    second = await red.sees("Zweite Idee", channel=COMMS)
    await meet(office)

    await red.click("Annehmen", message=first)
    await ron.click("Annehmen", message=second)
    shown = await red.sees(
        "In der Sitzung entschieden: Angenommen (noch nicht bekannt gegeben)", channel=COMMS
    )
    assert "Ablehnen" not in visible_text(shown)
    await red.sees("Bisher sind 2 Ideen entschieden.", channel=COMMS)
    assert not any("Gute Nachricht" in text for text in office.texts(ann.dm))

    await red.click("Gemeinsam bekannt geben")

    await ann.sees("„Erste Idee“ auf.")
    await ann.sees("„Zweite Idee“ auf.")
    over = await red.sees("2 Entscheidungen wurden bekannt gegeben", channel=COMMS)
    assert "Gemeinsam" not in visible_text(over)


async def test_a_decision_is_taken_back_in_the_message_of_the_meeting(office: Office):
    await pitch(office, "Doch nicht")
    red, ron = office.person(RED), office.person(RON)
    card = await red.sees("Doch nicht", channel=COMMS)
    await meet(office)
    await red.click("Annehmen", message=card)
    running = await red.sees("Bisher ist 1 Idee entschieden.", channel=COMMS)

    await ron.click("Zurücknehmen", message=running)

    await red.sees("Bisher sind 0 Ideen entschieden.", channel=COMMS)
    await red.click("Ablehnen", message=card)
    await red.form("Ablehnen")


async def test_a_second_meeting_is_the_one_that_is_held(office: Office):
    await meet(office)
    ron = office.person(RON)

    await ron.slash("/funk", "meeting")

    assert "Es läuft schon eine Sitzung" in (ron.last_reply or "")


async def test_the_second_of_two_who_announce_learns_who_was_quicker(office: Office):
    await meet(office)
    red, ron = office.person(RED), office.person(RON)
    running = await ron.sees("Sitzung seit", channel=COMMS)
    await red.click("Sitzung beenden", message=running)

    await ron.click("Sitzung beenden", message=running, within=0.5)

    await ron.sees("Jemand war schneller. Sitzung beendet von", channel=COMMS)


async def test_a_meeting_is_not_for_everyone(office: Office):
    ann = office.person(ANN)

    await ann.slash("/funk", "sitzung")

    assert "Das geht nur für die Redaktion" in (ann.last_reply or "")


async def test_the_overview_offers_to_begin_a_meeting(office: Office):
    await pitch(office, "Steht im Überblick")
    red = office.person(RED)
    await red.sees("Steht im Überblick", channel=COMMS)
    await red.slash("/funk", "überblick")
    overview = await red.sees("1 Idee ist unentschieden", channel=COMMS)

    await red.click("Sitzung beginnen", message=overview)

    await red.sees("Sitzung seit", channel=COMMS)
