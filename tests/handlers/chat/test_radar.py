"""The radar in the chat: asked, answered in a tap or a form, released by an editor."""

import asyncio
from datetime import datetime
from secrets import token_hex

from sqlmodel import Session

from bot import rounds
from bot.workdays import Workdays
from sandbox.client import visible_text
from storage import public
from tests.handlers.chat.conftest import ANN, EDI, EVA, OLE, REVIEW, Office, made


async def ask(office: Office) -> None:
    def opened(session: Session, now: datetime) -> None:
        workdays = Workdays(office.settings.holidays, office.settings.zone)
        rounds.open_now(session, name="Probe", days=14, workdays=workdays, now=now)

    await office.store.run(opened, office.clock.now)


async def update(office: Office, **answers: str) -> dict[str, str]:
    ole = office.person(OLE)
    request = await ole.sees("Stimmt das noch?")
    await ole.click("Aktualisieren", message=request, beside="Digitaler Zwilling")
    return await (await ole.form()).submit(**answers)


def shown(office: Office, slug: str) -> public.PublicMeasure:
    found = office.store.ask(public.measure, slug)
    assert found is not None
    return found[0]


async def test_an_owner_gets_one_message_for_all_measures_with_their_public_state(office: Office):
    await ask(office)

    request = await office.person(OLE).sees("Stimmt das noch?")

    text = visible_text(request)
    assert "2 Maßnahmen" in text
    assert "E-Akte" in text
    assert "In Umsetzung · 23 %" in text
    assert "Digitaler Zwilling" in text
    assert "Stand unbekannt" in text
    assert len(office.texts(office.person(OLE).dm)) == 1


async def test_no_change_is_one_tap_and_renews_the_public_date(office: Office):
    await ask(office)
    ole = office.person(OLE)
    request = await ole.sees("Stimmt das noch?")

    await ole.click("Unverändert", message=request, beside="Digitaler Zwilling")

    folded = await ole.sees("unverändert bestätigt")
    assert folded.ts == request.ts
    confirmed = [slug for slug in ("e-akte", "digitaler-zwilling") if shown(office, slug).confirmed_at]
    assert len(confirmed) == 1
    assert office.texts(REVIEW) == []


async def test_an_answer_is_public_only_after_an_editor_released_it(office: Office):
    await ask(office)
    secret = f"Erfolg {token_hex(4)}"

    assert await update(office, Stand="Geplant", Erfolge=secret, **{"Fortschritt in Prozent": "7 %"}) == {}
    editor = office.person(EDI)
    card = await editor.sees(secret, channel=REVIEW)
    before = shown(office, "digitaler-zwilling")
    await editor.click("Freigeben", message=card)
    await office.person(OLE).sees("ist jetzt öffentlich")

    assert secret not in before.achievements
    after = shown(office, "digitaler-zwilling")
    assert (after.status, after.progress_percent, after.achievements) == ("planned", 7, secret)
    assert (await editor.sees("Freigegeben von", channel=REVIEW)).ts == card.ts


async def test_the_editors_card_shows_before_and_after_and_marks_the_internal_note(office: Office):
    await ask(office)
    note = "Nur für euch"

    await update(office, Stand="Geplant", **{"Interne Notiz (nie öffentlich)": note})

    text = visible_text(await office.person(EDI).sees("Rückmeldung zu", channel=REVIEW))
    assert "Stand unbekannt" in text
    assert "Geplant" in text
    assert note in text


async def test_wrong_percent_is_said_at_the_field_and_nothing_typed_is_lost(office: Office):
    await ask(office)

    for wrong in ("101", "-3", "viel"):
        errors = await update(office, Stand="Geplant", **{"Fortschritt in Prozent": wrong})
        assert list(errors) == ["Fortschritt in Prozent"]
        assert "0 bis 100" in errors["Fortschritt in Prozent"]


async def test_sending_back_reopens_the_request_with_the_owners_own_words(office: Office):
    await ask(office)
    await update(office, Stand="Geplant", Ausblick="Bald mehr")
    editor = office.person(EDI)
    await editor.click("Zurück an Projektleitung", message=await editor.sees("Bald mehr", channel=REVIEW))

    assert await (await editor.form()).submit(**{"Deine Frage": "Wann genau?"}) == {}

    ole = office.person(OLE)
    await ole.sees("Die Radar-Redaktion hat eine Rückfrage")
    await ole.click("Aktualisieren", beside="Digitaler Zwilling")
    form = await ole.form()
    assert form.values["Ausblick"] == "Bald mehr"
    assert "Wann genau?" in visible_text(await ole.sees("Stimmt das noch?"))


async def test_only_editors_release(office: Office):
    await ask(office)
    await update(office, Stand="Abgeschlossen", Erfolge="Fertig")
    ann = office.person(ANN)
    card = await ann.sees("Fertig", channel=REVIEW)

    await ann.click("Freigeben", message=card)

    await ann.sees("Das geht nur für die Radar-Redaktion", channel=REVIEW)
    assert shown(office, "digitaler-zwilling").status is None


async def test_of_two_editors_one_releases_and_the_other_sees_who(office: Office):
    await ask(office)
    await update(office, Stand="Abgeschlossen", Erfolge="Fertig")
    card = await office.person(EDI).sees("Fertig", channel=REVIEW)
    await office.person(EVA).click("Zurück an Projektleitung", message=card)
    form = await office.person(EVA).form()

    await office.person(EDI).click("Freigeben", message=card)
    errors = await form.submit(**{"Deine Frage": "Wirklich?"})

    assert "schon entschieden" in errors["Deine Frage"]


async def test_a_newer_answer_takes_the_place_of_the_one_that_waits(office: Office):
    await ask(office)
    await update(office, Stand="Geplant", Erfolge="Erster Wurf")
    editor = office.person(EDI)
    first = await editor.sees("Erster Wurf", channel=REVIEW)
    await ask(office)
    await office.person(OLE).sees("2 Maßnahmen")

    await update(office, Stand="Geplant", Erfolge="Zweiter Wurf")

    await editor.sees("Zweiter Wurf", channel=REVIEW)
    replaced = await editor.sees("Durch eine neuere Rückmeldung ersetzt", channel=REVIEW)
    assert replaced.ts == first.ts


async def test_questions_about_states_are_answered_with_what_is_released(office: Office):
    ann = office.person(ANN)

    await ann.slash("/funk", "stand e-akte")
    one = ann.last_reply or ""
    await ann.slash("/funk", "stand zzz")
    none = ann.last_reply or ""
    await ann.slash("/funk", "radar")
    overview = ann.last_reply or ""
    await ann.slash("/funk", "stand")
    hint = ann.last_reply or ""
    await ann.slash("/funk", "stand " + "a " * 3000 + "% _ \\")
    endless = ann.last_reply or ""

    assert "In Umsetzung · 23 %" in one
    assert "https://digital.teststadt.example/massnahmen/e-akte" in one
    assert "Ich kenne keine Maßnahme" in none
    assert "2 Maßnahmen" in overview
    assert "Welche Maßnahme?" in hint
    assert "E-Akte" in endless


async def test_an_unknown_word_gets_the_help(office: Office):
    ann = office.person(ANN)

    await ann.slash("/funk", "blubb")

    assert "Das kann ich für dich tun" in (ann.last_reply or "")


async def test_the_home_tab_shows_what_waits_and_forgets_what_was_answered_there(office: Office):
    await ask(office)
    ole = office.person(OLE)
    await ole.open_home()
    await ole.sees_at_home("In Umsetzung · 23 %")

    await ole.click("Unverändert", on="home", beside="Digitaler Zwilling")

    async with asyncio.timeout(15):
        while "Digitaler Zwilling" in str((await ole.sees_at_home("Wartet auf deine Rückmeldung")).blocks):
            await asyncio.sleep(0.01)
    await ole.sees("Digitaler Zwilling: unverändert bestätigt")


async def test_more_measures_than_fit_are_said_to_be_more(office: Office):
    def many(session: Session, now: datetime) -> None:
        for number in range(8):
            made(session, f"Digitale Sache {number}", now)

    await office.store.run(many, office.clock.now)
    ann = office.person(ANN)

    await ann.slash("/funk", "stand digitale")

    assert "Es gibt noch mehr." in (ann.last_reply or "")
