from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import decisions, people, pitches
from bot.ideas import MAX_GUEST, MAX_SERIES, MAX_TOPICS, Contact
from bot.people import Role
from bot.pitches import MAX_STORY, MAX_TITLE, Idea, IdeaError, PitchState
from storage.people import Person
from storage.pitches import Pitch
from storage.store import Store
from tests.made import NOW, delivered, person, places, send_all

LATER = NOW + timedelta(hours=1)
DECISIONS = {
    "accept": lambda session, pitch_id, by: decisions.accept(session, pitch_id, by=by, now=LATER),
    "decline": lambda session, pitch_id, by: decisions.decline(
        session, pitch_id, words="Leider", by=by, now=LATER
    ),
    "ask": lambda session, pitch_id, by: decisions.ask(session, pitch_id, words="Wann?", by=by, now=LATER),
    "open": lambda session, pitch_id, by: decisions.open_card(session, pitch_id, by=by),
}


def fill(session: Session) -> None:
    places(session)
    person(session, "ANN")
    person(session, "BEN")
    person(session, "RED", Role.COMMS)
    person(session, "RON", Role.COMMS)
    person(session, "EDI", Role.EDITOR)
    person(session, "ADA", Role.ADMIN)


def known(session: Session, name: str) -> Person:
    found = people.by_chat_id(session, name)
    assert found is not None
    return found


def submit(session: Session, /, title: str = "Die neue App", now: datetime = NOW, **values: Any) -> int:
    idea = Idea(title=title, **values)
    pitch = pitches.submit(session, idea, pitcher=known(session, "ANN"), now=now)
    assert pitch.id is not None
    return pitch.id


def decide(session: Session, how: str, pitch_id: int, by: str = "RED") -> None:
    DECISIONS[how](session, pitch_id, known(session, by))


@pytest.fixture
def pitch_id(sqlite_store: Store) -> int:
    """A pitch whose card stands in the comms channel."""
    sqlite_store.do(fill)
    found = sqlite_store.do(submit)
    sqlite_store.do(send_all, NOW)
    return found


def test_a_pitch_is_kept_its_author_thanked_and_the_newsroom_told(sqlite_store: Store):
    sqlite_store.do(fill)
    pitch_id = sqlite_store.do(
        submit, "  Die   neue\nApp ", story=" Weil sie hilft. ", permalink="https://chat.example/1"
    )

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert (card.pitch.title, card.pitch.story, card.pitch.permalink) == (
        "Die neue App",
        "Weil sie hilft.",
        "https://chat.example/1",
    )
    assert (card.pitch.state, card.pitcher.chat_id, card.decided_by, card.questions) == (
        PitchState.NEW,
        "ANN",
        None,
        (),
    )
    targets = {(row.kind, row.target) for row in sqlite_store.ask(delivered).values()}
    assert targets == {("pitch_received", "ANN"), ("pitch_card", "C0COMMS")}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"title": " \n "}, {"title": "blank"}),
        ({"title": "\u200b\u202e\u2067"}, {"title": "blank"}),
        ({"title": "x" * (MAX_TITLE + 1)}, {"title": "long"}),
        ({"story": "x" * (MAX_STORY + 1)}, {"story": "long"}),
        ({"title": "", "guest": "x" * (MAX_GUEST + 1)}, {"title": "blank", "guest": "long"}),
        ({"series": "x" * MAX_SERIES}, {"series": "long"}),
        ({"topics": "x" * (MAX_TOPICS + 1)}, {"topics": "long"}),
        ({"department_id": 99}, {"department": "gone"}),
        ({"measure_id": 99}, {"subject": "gone"}),
        ({"event_id": 99, "title": " "}, {"subject": "gone", "title": "blank"}),
        ({"timely_on": NOW.date() - timedelta(days=1)}, {"timely": "past"}),
        ({"contact": Contact("GONE", "Gone", is_there=False)}, {"contact": "gone"}),
    ],
)
def test_a_pitch_is_not_kept_while_something_is_wrong_and_each_field_says_what(
    sqlite_store: Store, values: dict[str, Any], fields: dict[str, str]
):
    sqlite_store.do(fill)

    with pytest.raises(IdeaError) as refused:
        sqlite_store.do(submit, **values)

    assert refused.value.fields == fields

    assert sqlite_store.ask(lambda session: session.exec(select(Pitch)).all()) == []
    assert sqlite_store.ask(delivered) == {}


def test_a_title_may_be_as_long_as_it_may_be(sqlite_store: Store):
    sqlite_store.do(fill)
    sqlite_store.do(submit, "x" * MAX_TITLE, story="x" * MAX_STORY)


def test_an_author_finds_their_own_pitches_newest_first(sqlite_store: Store, pitch_id: int):
    newer = sqlite_store.do(submit, "Noch eine", LATER)
    sqlite_store.do(
        lambda session: pitches.submit(
            session, pitches.Idea(title="Fremd"), pitcher=known(session, "BEN"), now=NOW
        )
    )

    found = sqlite_store.ask(
        lambda session: pitches.by_pitcher(session, known(session, "ANN").id or 0, limit=5)
    )

    assert [pitch.id for pitch in found] == [newer, pitch_id]
