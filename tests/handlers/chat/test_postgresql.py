"""The whole way on PostgreSQL: asked, pitched, answered, released, each message once."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot import rounds
from bot.workdays import Workdays
from storage import public
from tests.handlers.chat.conftest import ANN, COMMS, EDI, OLE, RED, REVIEW, Office, an_office


def ask(office: Office) -> None:
    def opened(session: Session, now: datetime) -> None:
        workdays = Workdays(office.settings.holidays, office.settings.zone)
        rounds.open_now(session, name="Probe", days=14, workdays=workdays, now=now)

    office.store.do(opened, office.clock.now)


async def test_the_assistant_works_the_same_on_postgresql(tmp_path: Path, postgresql_address: str):
    async with an_office(tmp_path, database_url=postgresql_address) as office:
        ann, red, ole, editor = (office.person(id_) for id_ in (ANN, RED, OLE, EDI))
        ask(office)
        await ann.shortcut("pitch_new")
        assert await (await ann.form()).submit(Titel="Auf PostgreSQL") == {}
        await red.click("Annehmen", message=await red.sees("Auf PostgreSQL", channel=COMMS))
        await ann.sees("Gute Nachricht")

        request = await ole.sees("Stimmt das noch?")
        await ole.click("Aktualisieren", message=request, beside="Digitaler Zwilling")
        assert await (await ole.form()).submit(Stand="Geplant", Erfolge="Steht auf PostgreSQL") == {}
        card = await editor.sees("Steht auf PostgreSQL", channel=REVIEW)
        await editor.click("Freigeben", message=card)
        await ole.sees("ist jetzt öffentlich")

        found = office.store.ask(public.measure, "digitaler-zwilling")
        assert found is not None
        assert found[0].achievements == "Steht auf PostgreSQL"
        # Below the card its thread may say, too, that it was accepted.
        cards = [text for text in office.texts(COMMS) if text.startswith("Auf PostgreSQL")]
        assert (len(cards), len(office.texts(REVIEW))) == (1, 1)
        assert len(set(office.texts(COMMS))) == len(office.texts(COMMS)) <= 2
        await ann.slash("/funk", "stand ZWILLING")
        assert "Geplant" in (ann.last_reply or "")
