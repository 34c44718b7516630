"""The comms team decides on a comment that looks like advertising."""

from pathlib import Path

from sandbox.client import visible_text
from sandbox.client.person import Person
from sandbox.state.records import Message
from tests.handlers.chat.conftest import ANN, COMMS, NEWS, RED, RON, Office, an_office
from tests.handlers.chat.test_comments import announced, commented

ADVERTISING = "Super! https://billig.example/angebot"
HELD = "Ein Kommentar zu „Neu im Netz“ wartet auf euch"


async def held(office: Office) -> tuple[Person, Message]:
    """A comment that waits for the comms team."""
    red = office.person(RED)
    await red.sees("Neu im Netz", channel=NEWS)
    await office.store.run(commented, office.clock.now, ADVERTISING)
    return red, await red.sees(HELD, channel=COMMS)


async def test_a_held_comment_is_shown_with_its_reason_and_without_a_link_to_follow(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        _red, card = await held(office)

        assert "Er ist kaum mehr als ein Link." in visible_text(card)
        assert ADVERTISING in visible_text(card)
        assert "'link'" not in str(card.blocks)
        assert "https://" not in card.text
        assert len(office.texts(NEWS)) == 1


async def test_what_is_let_through_reaches_its_thread(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        red, card = await held(office)

        await red.click("Zeigen", message=card)

        assert (await red.sees(ADVERTISING, channel=NEWS)).thread_ts
        shown = await red.sees("Gezeigt von", channel=COMMS)
        assert shown.ts == card.ts
        assert "Verwerfen" not in visible_text(shown)


async def test_the_second_of_two_is_told_who_decided(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        red, card = await held(office)
        await red.click("Verwerfen", message=card)
        ron = office.person(RON)

        await ron.click("Zeigen", message=card)

        await ron.sees("Das ist schon entschieden. Verworfen von", channel=COMMS)
        assert len(office.texts(NEWS)) == 1


async def test_others_may_not_decide(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        _red, card = await held(office)
        ann = office.person(ANN)

        await ann.click("Zeigen", message=card)

        await ann.sees("Das geht nur für die Redaktion", channel=COMMS)
        assert len(office.texts(NEWS)) == 1
