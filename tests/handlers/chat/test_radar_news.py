"""Changes on the radar reach who subscribed to them: with their release, and not a moment before."""

from sqlmodel import Session, select

from bot import people, radar, rounds, subscriptions
from bot.radar import Measure
from bot.subscriptions import Choice, Facet, Layout, NewsKind, Part, Term
from bot.workdays import Workdays
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, EDI, NEWS, OLE, REVIEW, Office
from tests.made import delivered

RADAR = frozenset({NewsKind.RADAR})


async def subscribe(office: Office, *terms: tuple[Part, Term], layout: Layout = Layout.CARD) -> None:
    def kept(session: Session) -> None:
        ann = people.greet(session, chat_id=ANN, name="Ann", locale="de-DE", now=office.clock.now)
        workdays = Workdays(office.settings.holidays, office.settings.zone)
        choice = Choice(RADAR, frozenset(terms), layout=layout)
        subscriptions.save(session, choice, target=NEWS, by=ann, workdays=workdays, now=office.clock.now)

    await office.store.run(kept)


async def answer(office: Office, title: str, **answers: str) -> None:
    def opened(session: Session) -> None:
        workdays = Workdays(office.settings.holidays, office.settings.zone)
        rounds.open_now(session, name="Probe", days=14, workdays=workdays, now=office.clock())

    await office.store.run(opened)
    ole = office.person(OLE)
    request = await ole.sees("Stimmt das noch?")
    await ole.click("Aktualisieren", message=request, beside=title)
    assert await (await ole.form()).submit(**answers) == {}


async def release(office: Office, words: str) -> None:
    edi = office.person(EDI)
    await edi.click("Freigeben", message=await edi.sees(words, channel=REVIEW))
    await office.person(OLE).sees("ist jetzt öffentlich")


async def test_news_of_a_measure_is_told_with_its_release_and_never_before(office: Office):
    await subscribe(office)
    office.clock.forward(days=1)
    await answer(office, "E-Akte", Stand="Abgeschlossen", Highlight="Alle Akten sind digital.")
    await office.person(EDI).sees("Alle Akten", channel=REVIEW)

    assert office.texts(NEWS) == []
    assert not [row for row in office.store.ask(delivered).values() if row.kind == radar.NEWS]
    await release(office, "Alle Akten")

    card = await office.person(ANN).sees("E-Akte", channel=NEWS)
    shown = visible_text(card)
    assert card.text == "Neues vom Radar: E-Akte, In Umsetzung → Abgeschlossen · 23 %"
    assert "Alle Akten sind digital." in shown
    assert "https://digital.teststadt.example/massnahmen/e-akte" in str(card.blocks)


async def test_an_answer_that_an_editor_sends_back_is_never_told(office: Office):
    await subscribe(office)
    await answer(office, "E-Akte", Stand="Abgeschlossen")
    edi = office.person(EDI)
    await edi.click("Zurück an Projektleitung", message=await edi.sees("Rückmeldung zu", channel=REVIEW))
    await (await edi.form()).submit(**{"Deine Frage": "Wirklich?"})
    await office.person(OLE).sees("Rückfrage")

    assert office.texts(NEWS) == []


async def test_no_change_is_no_news_nor_is_an_answer_that_changes_no_public_word(office: Office):
    await subscribe(office)
    await answer(office, "E-Akte", Stand="In Umsetzung", **{"Interne Notiz (nie öffentlich)": "Nur für euch"})
    await release(office, "Nur für euch")
    ole = office.person(OLE)
    await ole.click("Unverändert", beside="Digitaler Zwilling")
    await ole.sees("unverändert bestätigt")

    assert office.texts(NEWS) == []


async def test_only_who_subscribed_to_its_field_or_department_hears_of_a_measure(office: Office):
    await subscribe(office, (Part.ANY, Term(Facet.TOPIC, "mobilität")), layout=Layout.LINE)

    def assign(session: Session) -> None:
        field = radar.FieldOfAction(name="Mobilität", edition=2022, source="test")
        session.add(field)
        session.flush()
        session.exec(select(Measure).where(Measure.slug == "e-akte")).one().field_of_action_id = field.id

    await office.store.run(assign)
    await answer(office, "Digitaler Zwilling", Stand="Geplant")
    await release(office, "Geplant")
    await answer(office, "E-Akte", Stand="Eingestellt")
    await release(office, "Eingestellt")

    await office.person(ANN).sees("In Umsetzung → Eingestellt", channel=NEWS)
    assert len(office.texts(NEWS)) == 1
