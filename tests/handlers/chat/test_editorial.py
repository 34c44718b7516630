"""The editorial calendar in the chat: opened at Home, turned, filtered, subscribed to."""

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot import people
from bot.editorial import Outlet
from bot.pitches import PitchState
from handlers.chat.blocks.editorial import Look, Place
from sandbox.client import Form
from tests.bot.test_editorial import appeared
from tests.bot.test_editorial import planned as made
from tests.handlers.chat.conftest import ANN, OLE, RED, START, Office, an_office

# The office's clock begins on 18 November 2026.
MONTH, NEXT_MONTH = "November 2026", "Dezember 2026"


def planned(session: Session, /, title: str, on: date, outlet: Outlet | None = None, **values: Any) -> None:
    red = people.by_chat_id(session, RED)
    assert red is not None
    outlets = {outlet: on} if outlet else {}
    made(session, title, on, pitcher_id=red.id, outlets=outlets, **values)


async def the_calendar(office: Office) -> Form:
    red = office.person(RED)
    await red.open_home()
    await red.sees_at_home("Redaktionsplan")
    await red.click("Plan öffnen", on="home")
    return await red.form("Redaktionsplan")


async def test_the_newsroom_opens_its_plan_at_home_and_turns_the_months(office: Office):
    office.store.do(planned, "Bald da", date(2026, 11, 20), Outlet.BLOG)
    office.store.do(planned, "Zum Advent", date(2026, 12, 6))
    red = office.person(RED)

    form = await the_calendar(office)
    assert MONTH in form.text
    assert "Bald da" in form.text
    assert "Fr. 20.11." in form.text
    assert "Blog, Geplant" in form.text
    assert "KW 48" in form.text
    assert "In dieser Woche ist nichts geplant" in form.text

    await red.click(f"{NEXT_MONTH} →", on="modal")
    assert "Zum Advent" in form.text
    assert "Bald da" not in form.text
    await red.click(f"← {MONTH}", on="modal")
    assert "Bald da" in form.text


async def test_a_gap_is_named_at_home_and_in_the_plan(office: Office):
    gap = "In den nächsten 14 Tagen ist nichts geplant"
    form = await the_calendar(office)
    await office.person(RED).sees_at_home(gap)
    assert gap in form.text
    await form.close()

    office.store.do(planned, "Bald da", date(2026, 11, 20))

    assert gap not in (await the_calendar(office)).text


async def test_the_plan_is_shown_as_a_list_with_whose_each_is(office: Office):
    office.store.do(planned, "Aus der Reihe", date(2026, 11, 20), series="#ExplainIT")
    red = office.person(RED)
    form = await the_calendar(office)

    await red.click("Als Liste", on="modal")

    assert "#ExplainIT" in form.text
    assert "KW" not in form.text
    await red.click("Woche für Woche", on="modal")
    assert "KW" in form.text


async def test_the_plan_is_cut_to_a_series_a_state_and_an_author_and_shown_whole_again(office: Office):
    ole = office.store.ask(people.by_chat_id, OLE)
    assert ole is not None
    office.store.do(planned, "Nur Reihe", date(2026, 11, 20), series="#ExplainIT")
    office.store.do(planned, "Nur Arbeit", date(2026, 11, 20), state=PitchState.IN_WORK)
    office.store.do(planned, "Nur Ole", date(2026, 11, 20), author_id=ole.id)
    red = office.person(RED)
    form = await the_calendar(office)

    for label, said, title in (
        ("Alle Reihen", "#ExplainIT", "Nur Reihe"),
        ("Jeder Stand", "In Arbeit", "Nur Arbeit"),
        ("Autor*in", "ole", "Nur Ole"),
    ):
        await red.choose(label, said, on="modal")
        assert [one for one in ("Nur Reihe", "Nur Arbeit", "Nur Ole") if one in form.text] == [title]
        await red.click("Alles zeigen", on="modal")
        assert all(one in form.text for one in ("Nur Reihe", "Nur Arbeit", "Nur Ole"))


@given(
    place=st.builds(
        Place,
        st.dates().map(lambda day: day.replace(day=1)),
        st.sampled_from(Look),
        st.none() | st.integers(1),
        st.none() | st.text(min_size=1, max_size=75),
        st.none() | st.sampled_from(PitchState),
        st.none() | st.just(OLE),
    )
)
def test_a_window_keeps_where_someone_is_in_the_plan(place: Place):
    assert Place.unpacked(place.packed()) == place


async def test_others_have_no_plan_at_home(office: Office):
    ann = office.person(ANN)
    await ann.open_home()
    home = await ann.sees_at_home("Hallo, ich bin Stadtfunk")

    assert "Redaktionsplan" not in str(home.blocks)


async def test_words_in_the_plan_stay_words_and_a_full_month_fits_into_its_window(office: Office):
    def many(session: Session) -> None:
        for number in range(150):
            words = f"{number} <!channel> *x* & " + "lang " * 25
            planned(session, words[:150], date(2026, 11, 1 + number % 30), Outlet.SOCIAL)
        appeared(session, "Langer Link", START, url="https://stadt.example/" + "x" * 1900)

    office.store.do(many)
    form = await the_calendar(office)

    assert "<!channel> *x* &" in form.text
    assert "weitere" in form.text
    await office.person(RED).click("Als Liste", on="modal")
    assert "weitere" in form.text


async def test_a_new_address_serves_the_plan_and_ends_the_one_before(tmp_path: Path):
    async with an_office(tmp_path, ops_url="https://intern.stadt.example") as office:
        red = office.person(RED)
        form = await the_calendar(office)
        await red.click("Adresse anlegen", on="modal")
        first = address(form)
        await red.click("Neue Adresse", on="modal")
        second = address(form)

    assert first != second
    assert second.startswith("https://intern.stadt.example/")
    assert second.endswith(".ics")


async def test_where_nobody_has_said_how_colleagues_reach_it_no_address_is_offered(office: Office):
    form = await the_calendar(office)

    assert "STADTFUNK_OPS_URL" in form.text
    assert "Adresse anlegen" not in form.text
    assert "127.0.0.1" not in form.text


def address(form: Form) -> str:
    (found,) = [line for line in form.text.splitlines() if "/kalender/" in line]
    return found.strip()


async def test_what_has_no_day_yet_stands_below_the_month_and_the_shelf_can_be_looked_at(office: Office):
    def some(session: Session) -> None:
        planned_without(session, "Liegt noch", PitchState.SHELF)
        planned_without(session, "Angenommen, mehr nicht", PitchState.ACCEPTED)
        planned_without(session, "Erledigt", PitchState.DECLINED)
        for number in range(20):
            planned_without(session, f"Idee {number}", PitchState.IN_WORK)

    office.store.do(some)
    form = await the_calendar(office)

    assert "Ohne Termin" in form.text
    assert "Liegt noch" in form.text
    assert "– Im Vorrat" in form.text
    assert "Angenommen, mehr nicht" in form.text
    assert "Erledigt" not in form.text
    assert "und 7 weitere" in form.text

    await office.person(RED).choose("Jeder Stand", "Im Vorrat", on="modal")
    assert "Liegt noch" in form.text
    assert "Idee 0" not in form.text


def planned_without(session: Session, title: str, state: PitchState) -> None:
    red = people.by_chat_id(session, RED)
    assert red is not None
    made(session, title, pitcher_id=red.id, state=state)
