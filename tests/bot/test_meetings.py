from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import Session

from bot import decisions, meetings, pitch_life, pitches
from bot.decisions import DecidedError
from bot.meetings import EndedError, MeetingCard
from bot.people import NotAllowedError
from bot.pitches import PitchCard, PitchRole, PitchState
from storage.store import Store
from tests.bot.test_pitches import LATER, decide, fill, known, pitch_id, submit
from tests.made import delivered, send_all

__all__ = ["pitch_id"]


def begin(session: Session, by: str = "RED") -> tuple[int, bool]:
    meeting, is_new = meetings.begin(session, by=known(session, by), now=LATER)
    return meeting.id or 0, is_new


def release(session: Session, meeting_id: int = 1, by: str = "RED") -> None:
    meetings.release(session, meeting_id, by=known(session, by), now=LATER)


def take_back(session: Session, pitch_id: int) -> None:
    meetings.take_back(session, pitch_id, by=known(session, "RON"), now=LATER)


def withdraw(session: Session, pitch_id: int) -> None:
    pitch = session.get(pitches.Pitch, pitch_id)
    assert pitch is not None
    by = known(session, "ANN")
    pitch_life.step(session, pitch, PitchState.WITHDRAWN, role=PitchRole.PITCHER, by=by, now=LATER)


def card_of(store: Store, pitch_id: int) -> PitchCard:
    card = store.ask(pitches.card, pitch_id)
    assert card is not None
    return card


def meeting(store: Store, meeting_id: int = 1) -> MeetingCard:
    card = store.ask(meetings.card, meeting_id)
    assert card is not None
    return card


def told(store: Store) -> list[str]:
    """What pitchers were told since they were thanked."""
    rows = store.ask(delivered).values()
    return [row.kind for row in rows if row.target in {"ANN", "BEN"} and row.kind != "pitch_received"]


def test_what_a_meeting_decides_is_told_to_nobody_before_it_is_announced(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(begin)

    sqlite_store.do(decide, "decline", pitch_id)

    card = card_of(sqlite_store, pitch_id)
    assert card.verdict is not None
    assert card.verdict.by is not None
    assert (card.pitch.state, card.verdict.state, card.verdict.by.chat_id) == (
        PitchState.NEW,
        PitchState.DECLINED,
        "RED",
    )
    assert told(sqlite_store) == []
    edits = {row.kind for row in sqlite_store.ask(delivered).values() if row.edit_due_at}
    assert edits == {"pitch_card"}


def test_announcing_makes_everything_true_at_once_and_tells_it(sqlite_store: Store, pitch_id: int):
    other = sqlite_store.do(submit, "Noch eine")
    sqlite_store.do(begin)
    sqlite_store.do(decide, "accept", pitch_id)
    sqlite_store.do(decide, "decline", other, "RON")

    sqlite_store.do(release)

    accepted, declined = card_of(sqlite_store, pitch_id), card_of(sqlite_store, other)
    assert (accepted.pitch.state, accepted.verdict) == (PitchState.ACCEPTED, None)
    assert declined.decided_by is not None
    assert (declined.pitch.state, declined.pitch.decision_words) == (PitchState.DECLINED, "Leider")
    assert declined.decided_by.chat_id == "RON"
    assert told(sqlite_store) == ["pitch_news", "pitch_news"]
    assert [ruling.is_left_out for ruling in meeting(sqlite_store).rulings] == [False, False]


def test_what_was_withdrawn_or_merged_meanwhile_is_left_out_and_named(sqlite_store: Store, pitch_id: int):
    merged, stays = sqlite_store.do(submit, "Zwilling"), sqlite_store.do(submit, "Bleibt")
    sqlite_store.do(begin)
    for number in (pitch_id, merged, stays):
        sqlite_store.do(decide, "accept", number)
    sqlite_store.do(withdraw, pitch_id)
    sqlite_store.do(
        lambda session: decisions.merge(session, merged, stays, by=known(session, "RED"), now=LATER)
    )

    sqlite_store.do(release)

    states = [card_of(sqlite_store, number).pitch.state for number in (pitch_id, merged, stays)]
    assert states == [PitchState.WITHDRAWN, PitchState.MERGED, PitchState.ACCEPTED]
    left_out = [one.pitch.id for one in meeting(sqlite_store).rulings if one.is_left_out]
    assert left_out == [pitch_id, merged]


def test_a_decision_can_be_taken_back_until_it_is_announced(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(begin)
    sqlite_store.do(decide, "accept", pitch_id)
    with pytest.raises(DecidedError) as refused:
        sqlite_store.do(decide, "decline", pitch_id, "RON")
    assert refused.value.card.verdict is not None

    sqlite_store.do(take_back, pitch_id)
    sqlite_store.do(take_back, pitch_id)
    sqlite_store.do(decide, "decline", pitch_id, "RON")
    sqlite_store.do(release)

    assert card_of(sqlite_store, pitch_id).pitch.state is PitchState.DECLINED
    with pytest.raises(DecidedError):
        sqlite_store.do(take_back, pitch_id)


def test_a_second_meeting_shows_the_one_that_is_held_and_a_later_one_is_new(
    sqlite_store: Store, pitch_id: int
):
    assert sqlite_store.do(begin) == (1, True)
    assert sqlite_store.do(begin, "RON") == (1, False)
    sqlite_store.do(decide, "accept", pitch_id)
    sqlite_store.do(release)

    assert sqlite_store.do(begin) == (2, True)
    assert card_of(sqlite_store, pitch_id).verdict is None


def test_an_idea_shelved_in_one_meeting_can_be_accepted_in_the_next(sqlite_store: Store, pitch_id: int):
    def shelve(session: Session) -> None:
        decisions.shelve(session, pitch_id, by=known(session, "RED"), now=LATER)

    sqlite_store.do(begin)
    sqlite_store.do(shelve)
    sqlite_store.do(release)
    sqlite_store.do(begin)
    sqlite_store.do(decide, "accept", pitch_id)
    sqlite_store.do(release, 2)

    assert card_of(sqlite_store, pitch_id).pitch.state is PitchState.ACCEPTED


def test_only_the_comms_team_meets(sqlite_store: Store, pitch_id: int):
    deeds: list[Callable[[Session], object]] = [
        lambda session: begin(session, "ANN"),
        lambda session: release(session, 1, "ANN"),
        lambda session: meetings.take_back(session, pitch_id, by=known(session, "EDI"), now=LATER),
    ]
    sqlite_store.do(begin)
    for deed in deeds:
        with pytest.raises(NotAllowedError):
            sqlite_store.do(deed)


def test_of_two_who_announce_at_once_exactly_one_does_and_each_pitcher_hears_once(store: Store):
    store.do(fill)
    number = store.do(submit)
    store.do(send_all, LATER)
    store.do(begin)
    store.do(decide, "accept", number)
    together = Barrier(2, timeout=20)

    def release_together(by: str) -> str:
        together.wait()
        try:
            store.do(release, 1, by)
        except EndedError as error:
            return getattr(error.card.ended_by, "chat_id", "")
        return by

    with ThreadPoolExecutor(2) as threads:
        winners = set(threads.map(release_together, ("RED", "RON")))

    ended_by = meeting(store).ended_by
    assert ended_by is not None
    assert winners == {ended_by.chat_id}
    assert told(store) == ["pitch_news"]


def test_of_two_who_begin_at_once_both_are_in_the_same_meeting(store: Store):
    store.do(fill)
    together = Barrier(2, timeout=20)

    def begin_together(by: str) -> tuple[int, bool]:
        together.wait()
        return store.do(begin, by)

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(begin_together, ("RED", "RON")))

    assert len({number for number, _is_new in found}) == 1
    assert sorted(is_new for _number, is_new in found) == [False, True]
