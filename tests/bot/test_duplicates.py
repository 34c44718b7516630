from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot import decisions, duplicates, people, pitch_life, pitches
from bot.duplicates import Reason
from bot.people import Role
from bot.pitches import Idea, Pitch, PitchRole, PitchState
from storage.store import Store
from tests.made import NOW, delivered, measure, person, places, send_all

LATER = NOW + timedelta(hours=2)
# As a post of muenchen.digital is called.
TITLE = "Freies WLAN für alle städtischen Einrichtungen mit Publikumsverkehr"


def fill(session: Session) -> None:
    places(session)
    person(session, "ANN")
    person(session, "RED", Role.COMMS)


def submit(session: Session, /, title: str = TITLE, **values: Any) -> int:
    ann = people.by_chat_id(session, "ANN")
    assert ann is not None
    pitch = pitches.submit(session, Idea(title=title), pitcher=ann, now=values.pop("now", NOW))
    for name, value in values.items():
        setattr(pitch, name, value)
    session.flush()
    return pitch.id or 0


def found(session: Session, pitch_id: int, *, limit: int = 3) -> list[tuple[int, Reason, bool]]:
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    similar = duplicates.similar(session, pitch, limit=limit)
    assert all(0 <= one.score <= 1 and one.beside_id == pitch_id for one in similar)
    return [(one.pitch.id or 0, one.reason, one.was_declined) for one in similar]


def test_a_pitch_with_a_similar_title_is_found_whatever_its_spelling(store: Store):
    store.do(fill)
    first = store.do(submit, "FREIES WLAN fuer alle staedtischen Einrichtungen!")
    store.do(submit, "Der kita finder+")
    new = store.do(submit)

    assert store.ask(found, new) == [(first, Reason.TITLE, False)]


def test_the_most_alike_comes_first_and_no_more_than_asked_for(store: Store):
    store.do(fill)
    near = store.do(submit, "Freies WLAN für städtische Einrichtungen")
    same = store.do(submit)
    new = store.do(submit)

    assert [one[0] for one in store.ask(found, new)] == [same, near]
    assert [one[0] for one in store.ask(found, new, limit=1)] == [same]


def test_a_pitch_about_the_same_measure_is_found_whatever_it_is_called(store: Store):
    store.do(fill)
    measure_id = store.do(lambda session: measure(session, "M-WLAN").id)
    alike = store.do(submit)
    other = store.do(submit, "Surfen im Wartezimmer", measure_id=measure_id)
    new = store.do(submit, measure_id=measure_id)

    assert store.ask(found, new) == [(alike, Reason.TITLE, False), (other, Reason.MEASURE, False)]


@pytest.mark.parametrize(
    "state", [PitchState.DRAFT, PitchState.MERGED, PitchState.PUBLISHED, PitchState.WITHDRAWN]
)
def test_what_is_not_sent_or_over_is_no_duplicate(sqlite_store: Store, state: PitchState):
    sqlite_store.do(fill)
    sqlite_store.do(submit, state=state)

    assert sqlite_store.ask(found, sqlite_store.do(submit)) == []


@pytest.mark.parametrize(("days", "shown"), [(364, 1), (366, 0)])
def test_what_was_declined_in_the_last_year_is_shown_as_such(store: Store, days: int, shown: int):
    store.do(fill)
    declined = store.do(submit, state=PitchState.DECLINED, decided_at=NOW - timedelta(days=days))
    new = store.do(submit)

    assert store.ask(found, new) == [(declined, Reason.TITLE, True)] * shown


def test_a_pitch_that_comes_to_an_end_is_no_duplicate_any_more(sqlite_store: Store):
    sqlite_store.do(fill)
    first = sqlite_store.do(submit)
    new = sqlite_store.do(submit)

    def withdraw(session: Session) -> None:
        pitch = session.get(Pitch, first)
        assert pitch is not None
        pitch_life.step(session, pitch, PitchState.WITHDRAWN, role=PitchRole.PITCHER, by=None, now=NOW)

    sqlite_store.do(withdraw)

    assert sqlite_store.ask(found, new) == []


def test_cards_that_show_a_pitch_are_renewed_when_it_comes_and_when_it_is_decided(store: Store):
    store.do(fill)
    first = store.do(submit)
    store.do(submit, "Der kita finder+")
    store.do(send_all, NOW)
    second = store.do(submit)
    assert store.ask(renewed) == [first]
    store.do(send_all, LATER)

    def decline(session: Session) -> None:
        red = people.by_chat_id(session, "RED")
        assert red is not None
        decisions.decline(session, first, words="Leider", by=red, now=LATER)

    store.do(decline)

    assert store.ask(renewed) == [first, second]


def renewed(session: Session) -> list[int]:
    """The pitches whose cards are to be edited."""
    rows = delivered(session).values()
    return sorted(row.subject_id for row in rows if row.kind == pitch_life.CARD and row.edit_due_at)
