from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from bot import digest
from bot.digest import MAX_DIGEST
from bot.people import NotAllowedError
from storage.store import Store
from tests.bot.test_pitches import LATER, decide, fill, known, submit
from tests.made import NOW, delivered


def test_the_digest_holds_what_is_undecided_longest_waiting_first(sqlite_store: Store):
    sqlite_store.do(fill)
    ids = [
        sqlite_store.do(submit, f"Idee {number}", NOW - timedelta(days=number))
        for number in range(MAX_DIGEST + 5)
    ]
    sqlite_store.do(decide, "accept", ids[-1])
    sqlite_store.do(decide, "ask", ids[-2])

    found = sqlite_store.ask(digest.current, LATER)

    assert [card.pitch.id for card in found.cards] == ids[-2 : -2 - MAX_DIGEST : -1]
    assert (found.more, found.now) == (4, LATER)


def test_a_digest_is_noted_once_for_an_appointment_and_not_long_after_it(sqlite_store: Store):
    sqlite_store.do(fill)
    appointment = NOW

    for late in (timedelta(), timedelta(minutes=5), timedelta(hours=11)):
        sqlite_store.do(digest.note_due, appointment=appointment, now=appointment + late)
    sqlite_store.do(digest.note_due, appointment=appointment - timedelta(days=7), now=appointment)

    assert [(key, row.target) for key, row in sqlite_store.ask(delivered).items()] == [
        ("pitch_digest:2026-11-18", "C0COMMS")
    ]


def test_who_is_of_the_comms_team_gets_a_digest_whenever_they_ask(sqlite_store: Store):
    sqlite_store.do(fill)

    def ask(session: Session, by: str, now: datetime) -> None:
        digest.note_now(session, by=known(session, by), now=now)

    sqlite_store.do(ask, "RED", NOW)
    sqlite_store.do(ask, "RED", LATER)
    with pytest.raises(NotAllowedError):
        sqlite_store.do(ask, "ANN", NOW)

    assert len(sqlite_store.ask(delivered)) == 2
