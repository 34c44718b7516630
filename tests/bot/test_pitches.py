from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import people, pitches
from bot.ideas import MAX_GUEST, MAX_SERIES, MAX_TOPICS, Contact
from bot.people import NotAllowedError, Role
from bot.pitches import MAX_STORY, MAX_TITLE, MAX_WORDS, DecidedError, Idea, IdeaError, PitchState
from storage.people import Person
from storage.pitches import Pitch
from storage.store import Store
from tests.made import NOW, delivered, person, places, send_all

LATER = NOW + timedelta(hours=1)
DECISIONS = {
    "accept": lambda session, pitch_id, by: pitches.accept(session, pitch_id, by=by, now=LATER),
    "decline": lambda session, pitch_id, by: pitches.decline(
        session, pitch_id, words="Leider", by=by, now=LATER
    ),
    "ask": lambda session, pitch_id, by: pitches.ask(session, pitch_id, words="Wann?", by=by, now=LATER),
    "open": lambda session, pitch_id, by: pitches.open_card(session, pitch_id, by=by),
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


def edited(session: Session) -> set[str]:
    return {row.kind for row in delivered(session).values() if row.edit_due_at}


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


@pytest.mark.parametrize("how", DECISIONS)
@pytest.mark.parametrize("by", ["ANN", "BEN", "EDI"])
def test_only_the_comms_team_decides(sqlite_store: Store, pitch_id: int, how: str, by: str):
    with pytest.raises(NotAllowedError) as refused:
        sqlite_store.do(decide, how, pitch_id, by)

    assert refused.value.roles == (Role.COMMS,)


@pytest.mark.parametrize("how", DECISIONS)
def test_an_administrator_may_do_what_the_comms_team_may(sqlite_store: Store, pitch_id: int, how: str):
    sqlite_store.do(decide, how, pitch_id, "ADA")


@pytest.mark.parametrize(
    ("how", "state"), [("accept", PitchState.ACCEPTED), ("decline", PitchState.DECLINED)]
)
def test_a_decision_is_kept_shown_on_the_card_and_told_to_the_pitcher(
    sqlite_store: Store, pitch_id: int, how: str, state: PitchState
):
    sqlite_store.do(decide, how, pitch_id)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.decided_by is not None
    assert (card.pitch.state, card.pitch.decided_at, card.decided_by.chat_id) == (state, LATER, "RED")
    assert card.pitch.decision_words == ("Leider" if how == "decline" else "")
    assert sqlite_store.ask(edited) == {"pitch_card", "pitch_received"}
    assert sqlite_store.ask(delivered)[f"pitch_news:{pitch_id}:{LATER.isoformat()}"].target == "ANN"


@pytest.mark.parametrize("first", ["accept", "decline"])
@pytest.mark.parametrize("second", DECISIONS)
def test_who_comes_second_learns_who_decided_when_and_how(
    sqlite_store: Store, pitch_id: int, first: str, second: str
):
    sqlite_store.do(decide, first, pitch_id, "RED")

    with pytest.raises(DecidedError) as refused:
        sqlite_store.do(decide, second, pitch_id, "RON")

    card = refused.value.card
    assert card.decided_by is not None
    assert (card.decided_by.chat_id, card.pitch.decided_at) == ("RED", LATER)
    assert card.pitch.state is (PitchState.ACCEPTED if first == "accept" else PitchState.DECLINED)


def test_of_two_who_decide_at_once_exactly_one_wins(store: Store):
    store.do(fill)
    pitch_id = store.do(submit)
    together = Barrier(2, timeout=20)

    def decide_together(by: str) -> str:
        together.wait()
        try:
            store.do(decide, {"RED": "accept", "RON": "decline"}[by], pitch_id, by)
        except DecidedError as error:
            return getattr(error.card.decided_by, "chat_id", "")
        return by

    with ThreadPoolExecutor(2) as threads:
        winners = set(threads.map(decide_together, ("RED", "RON")))

    card = store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.decided_by is not None
    assert winners == {card.decided_by.chat_id}
    assert sum(row.kind == "pitch_news" for row in store.ask(delivered).values()) == 1


@pytest.mark.parametrize("words", ["", "  \n", "x" * (MAX_WORDS + 1)])
def test_a_refusal_a_question_and_a_reply_have_words(sqlite_store: Store, pitch_id: int, words: str):
    def decline(session: Session) -> None:
        pitches.decline(session, pitch_id, words=words, by=known(session, "RED"), now=LATER)

    def ask(session: Session) -> None:
        pitches.ask(session, pitch_id, words=words, by=known(session, "RED"), now=LATER)

    def reply(session: Session) -> None:
        pitches.reply(session, 1, words=words, pitcher=known(session, "ANN"), now=LATER)

    for deed in (decline, ask):
        with pytest.raises(pitches.WordsError):
            sqlite_store.do(deed)
    sqlite_store.do(decide, "ask", pitch_id)
    with pytest.raises(pitches.WordsError):
        sqlite_store.do(reply)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.pitch.state is PitchState.QUESTION


def reply(session: Session, question_id: int = 1, by: str = "ANN", words: str = "Morgen") -> None:
    pitches.reply(session, question_id, words=words, pitcher=known(session, by), now=LATER)


def test_a_question_reaches_the_author_and_the_reply_the_newsroom(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(decide, "ask", pitch_id)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert (card.pitch.state, card.pitch.decided_at) == (PitchState.QUESTION, None)
    assert sqlite_store.ask(delivered)["pitch_question:1:ANN"].target == "ANN"
    assert sqlite_store.ask(edited) == {"pitch_card", "pitch_received"}
    sqlite_store.do(send_all, LATER)

    sqlite_store.do(reply)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.pitch.state is PitchState.NEW
    assert [(one.question, one.reply, one.replied_at) for one in card.questions] == [
        ("Wann?", "Morgen", LATER)
    ]
    assert sqlite_store.ask(delivered)["pitch_replied:1:comms"].target == "C0COMMS"
    assert sqlite_store.ask(edited) == {"pitch_card", "pitch_question", "pitch_received"}
    asked = sqlite_store.ask(pitches.question, 1)
    assert asked is not None
    assert asked[0].reply == "Morgen"
    assert asked[1].pitch.id == pitch_id


def asked(session: Session, by: str) -> str:
    return pitches.open_question(session, 1, pitcher=known(session, by)).question


def test_a_second_reply_to_a_question_is_kept_beside_the_first(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(decide, "ask", pitch_id)
    sqlite_store.do(reply)
    sqlite_store.do(send_all, LATER)

    sqlite_store.do(reply, words="Oder übermorgen")

    asked = sqlite_store.ask(pitches.question, 1)
    assert asked is not None
    assert asked[0].reply == "Morgen\n\nOder übermorgen"
    assert "pitch_replied" in sqlite_store.ask(edited)


def test_only_the_author_replies(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(decide, "ask", pitch_id)

    for by in ("BEN", "RED", "ADA"):
        with pytest.raises(NotAllowedError):
            sqlite_store.do(reply, by=by)
        with pytest.raises(NotAllowedError):
            sqlite_store.ask(asked, by)
    assert sqlite_store.ask(asked, "ANN") == "Wann?"


def test_a_reply_after_the_decision_is_not_lost_in_silence(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(decide, "ask", pitch_id)
    sqlite_store.do(decide, "accept", pitch_id)

    with pytest.raises(DecidedError):
        sqlite_store.do(reply)


def test_a_pitch_with_an_open_question_can_be_decided(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(decide, "ask", pitch_id)
    sqlite_store.do(decide, "decline", pitch_id)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.pitch.state is PitchState.DECLINED


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
