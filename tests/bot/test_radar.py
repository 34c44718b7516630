from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import people, radar, rounds
from bot.people import NotAllowedError, Role
from bot.radar import (
    MAX_HIGHLIGHT,
    MAX_WORDS,
    AnswerError,
    AnswerKind,
    AnswerState,
    DecidedError,
    State,
    Status,
)
from bot.settings import Settings
from bot.workdays import Workdays
from storage import public
from storage.people import Person
from storage.radar import Answer
from storage.store import Store
from tests.made import NOW, delivered, measure, person, places, send_all, state

LATER = NOW + timedelta(hours=1)
LATEST = NOW + timedelta(hours=2)
WORKDAYS = Workdays(Settings().holidays, Settings().zone)


def fill(session: Session) -> None:
    """Two measures of Ole's; Olga answers for the first one too. All are asked, and the messages stand."""
    places(session)
    ole, olga = person(session, "OLE", Role.OWNER), person(session, "OLGA", Role.OWNER)
    person(session, "EDI", Role.EDITOR)
    person(session, "EVA", Role.EDITOR)
    person(session, "RED", Role.COMMS)
    measure(session, "E-Akte", ole, olga)
    measure(session, "Zwilling", ole)
    open_round(session, NOW)


def open_round(session: Session, now: datetime) -> int:
    opened, _ = rounds.open_now(session, name="Test", days=14, workdays=WORKDAYS, now=now)
    send_all(session, now)
    return opened.id or 0


@pytest.fixture
def asked(store: Store) -> Store:
    store.do(fill)
    return store


def known(session: Session, name: str) -> Person:
    found = people.by_chat_id(session, name)
    assert found is not None
    return found


def open_ones(session: Session, name: str) -> dict[str, int]:
    """The requests someone has not answered yet, by title."""
    return {
        one.measure.title: one.request.id or 0 for one in radar.open_requests(session, known(session, name))
    }


def confirm(session: Session, title: str = "E-Akte", by: str = "OLE", now: datetime = LATER) -> None:
    radar.confirm(session, open_ones(session, by)[title], by=known(session, by), now=now)


def update(
    session: Session,
    /,
    title: str = "E-Akte",
    by: str = "OLE",
    now: datetime = LATER,
    request_id: int | None = None,
    note: str = "",
    **values: Any,
) -> int:
    request_id = request_id or open_ones(session, by)[title]
    answer = radar.update(
        session, request_id, by=known(session, by), state=state(**values), internal_note=note, now=now
    )
    return answer.id or 0


def release(session: Session, answer_id: int, by: str = "EDI", now: datetime = LATEST) -> None:
    radar.release(session, answer_id, by=known(session, by), now=now)


def send_back(session: Session, answer_id: int, by: str = "EDI", words: str = "Wirklich?") -> None:
    radar.send_back(session, answer_id, by=known(session, by), words=words, now=LATEST)


def shown(session: Session, title: str = "E-Akte") -> tuple[public.PublicMeasure, list[public.PublicEntry]]:
    """What the public sees."""
    slug = next(one.slug for one in public.measures(session) if one.title == title)
    found = public.measure(session, slug)
    assert found is not None
    return found


def answer(store: Store, answer_id: int) -> Answer:
    found = store.ask(lambda session: session.get(Answer, answer_id))
    assert found is not None
    return found


def edited(session: Session) -> set[tuple[str, str]]:
    return {(row.kind, row.target) for row in delivered(session).values() if row.edit_due_at}


# Unchanged


def test_unchanged_is_public_at_once_and_changes_no_public_word(asked: Store):
    before, _ = asked.ask(shown)
    revision = asked.ask(public.revision)

    asked.do(confirm)

    after, history = asked.ask(shown)
    assert after.confirmed_at == LATER
    assert {**vars(after), "confirmed_at": None} == {**vars(before), "confirmed_at": None}
    assert [(entry.kind, entry.at, entry.progress_percent) for entry in history] == [
        (AnswerKind.UNCHANGED, LATER, 20)
    ]
    assert asked.ask(public.revision) == revision + 1


def test_unchanged_pressed_again_changes_nothing(asked: Store):
    request_id = asked.ask(open_ones, "OLE")["E-Akte"]
    asked.do(confirm)
    asked.do(lambda session: radar.confirm(session, request_id, by=known(session, "OLE"), now=LATEST))

    after, history = asked.ask(shown)
    assert (after.confirmed_at, len(history)) == (LATER, 1)


def test_unchanged_pressed_by_both_owners_at_once_is_one_answer(asked: Store):
    requests = {name: asked.ask(open_ones, name)["E-Akte"] for name in ("OLE", "OLGA")}
    together = Barrier(2, timeout=20)

    def press(name: str) -> None:
        together.wait()
        asked.do(lambda session: radar.confirm(session, requests[name], by=known(session, name), now=LATER))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(press, requests))

    assert len(asked.ask(shown)[1]) == 1


def test_one_of_several_owners_answers_for_all(asked: Store):
    asked.do(confirm)

    assert asked.ask(open_ones, "OLGA") == {}
    assert set(asked.ask(open_ones, "OLE")) == {"Zwilling"}
    assert asked.ask(edited) == {("status_request", "OLE"), ("status_request", "OLGA")}


@pytest.mark.parametrize("by", ["OLGA", "EDI", "RED"])
def test_nobody_answers_for_someone_elses_measure(asked: Store, by: str):
    request_id = asked.ask(open_ones, "OLE")["Zwilling"]

    for deed in (
        lambda session: radar.confirm(session, request_id, by=known(session, by), now=LATER),
        lambda session: update(session, request_id=request_id, by=by),
        lambda session: radar.draft(session, request_id, by=known(session, by)),
    ):
        with pytest.raises(NotAllowedError):
            asked.do(deed)
    assert asked.ask(lambda session: session.exec(select(Answer)).all()) == []


# New words


def test_new_words_are_not_public_before_an_editor_releases_them(asked: Store):
    before, revision = asked.ask(shown), asked.ask(public.revision)

    answer_id = asked.do(
        update, status=Status.COMPLETED, progress_percent=100, achievements="Fertig", note="Psst"
    )

    assert (asked.ask(shown), asked.ask(public.revision)) == (before, revision)
    assert asked.ask(delivered)[f"review_card:{answer_id}:review"].target == "C0REVIEW"
    assert asked.ask(open_ones, "OLE").keys() == {"Zwilling"}

    asked.do(release, answer_id)

    after, history = asked.ask(shown)
    assert (after.status, after.progress_percent, after.achievements) == (Status.COMPLETED, 100, "Fertig")
    assert (after.confirmed_at, asked.ask(public.revision)) == (LATEST, revision + 1)
    assert [(entry.at, entry.kind, entry.achievements) for entry in history] == [
        (LATEST, AnswerKind.UPDATE, "Fertig")
    ]
    assert asked.ask(delivered)[f"answer_released:{answer_id}:OLE"].target == "OLE"


def test_history_keeps_what_was_said_before(asked: Store):
    for day, words in enumerate(("erst", "dann", "zuletzt")):
        now = NOW + timedelta(days=40 * day)
        asked.do(open_round, now)
        answer_id = asked.do(update, now=now, achievements=words)
        asked.do(release, answer_id, now=now + timedelta(minutes=1))

    _, history = asked.ask(shown)
    assert [entry.achievements for entry in history] == ["zuletzt", "dann", "erst"]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"status": None}, {"status": "blank"}),
        ({"progress_percent": -1}, {"progress_percent": "range"}),
        ({"progress_percent": 101}, {"progress_percent": "range"}),
        ({"achievements": "x" * (MAX_WORDS + 1)}, {"achievements": "long"}),
        ({"outlook": "x" * (MAX_WORDS + 1)}, {"outlook": "long"}),
        ({"note": "x" * (MAX_WORDS + 1)}, {"internal_note": "long"}),
        ({"highlight": "x" * (MAX_HIGHLIGHT + 1), "status": None}, {"highlight": "long", "status": "blank"}),
    ],
)
def test_each_wrong_field_of_an_answer_is_named(asked: Store, values: dict[str, Any], wrong: dict[str, str]):
    with pytest.raises(AnswerError) as refused:
        asked.do(update, **values)

    assert refused.value.fields == wrong
    assert set(asked.ask(open_ones, "OLE")) == {"E-Akte", "Zwilling"}


def test_an_answer_may_be_as_long_as_it_may_be(asked: Store):
    long = "x" * MAX_WORDS
    asked.do(
        update, progress_percent=0, achievements=long, outlook=long, highlight="x" * MAX_HIGHLIGHT, note=long
    )
    asked.do(update, title="Zwilling", progress_percent=None)


def test_a_newer_answer_takes_the_place_of_one_nobody_released(asked: Store):
    request_id = asked.ask(open_ones, "OLE")["E-Akte"]
    other_request_id = asked.ask(open_ones, "OLGA")["E-Akte"]
    first = asked.do(update, achievements="erst")
    asked.do(send_all, LATER)
    second = asked.do(update, request_id=request_id, achievements="dann")
    third = asked.do(update, request_id=other_request_id, by="OLGA", achievements="zuletzt")

    states = [answer(asked, one).state for one in (first, second, third)]
    assert states == [AnswerState.SUPERSEDED, AnswerState.SUPERSEDED, AnswerState.PENDING]
    assert ("review_card", "C0REVIEW") in asked.ask(edited)
    with pytest.raises(DecidedError):
        asked.do(release, first)
    asked.do(release, third)

    assert asked.ask(shown)[0].achievements == "zuletzt"


# Decisions


@pytest.mark.parametrize("by", ["OLE", "RED"])
def test_only_an_editor_decides_about_an_answer(asked: Store, by: str):
    answer_id = asked.do(update)

    for deed in (release, send_back):
        with pytest.raises(NotAllowedError) as refused:
            asked.do(deed, answer_id, by)
        assert refused.value.roles == (Role.EDITOR,)
    with pytest.raises(NotAllowedError):
        asked.ask(lambda session: radar.open_review(session, answer_id, by=known(session, by)))
    assert answer(asked, answer_id).state is AnswerState.PENDING


def test_an_editor_sees_the_answer_beside_what_is_public(asked: Store):
    answer_id = asked.do(update, progress_percent=40, note="Psst")

    found = asked.ask(lambda session: radar.open_review(session, answer_id, by=known(session, "EDI")))

    assert found.owner is not None
    assert (found.measure.progress_percent, found.answer.progress_percent, found.answer.internal_note) == (
        20,
        40,
        "Psst",
    )
    assert (found.owner.chat_id, found.decided_by) == ("OLE", None)


@pytest.mark.parametrize("first", [release, send_back])
@pytest.mark.parametrize("second", [release, send_back])
def test_the_second_editor_learns_who_was_quicker(asked: Store, first: Any, second: Any):
    answer_id = asked.do(update)
    asked.do(first, answer_id, "EDI")

    with pytest.raises(DecidedError) as refused:
        asked.do(second, answer_id, "EVA")

    found = refused.value.review
    assert found.decided_by is not None
    assert (found.decided_by.chat_id, found.answer.decided_at) == ("EDI", LATEST)


def test_of_two_editors_at_once_exactly_one_decides(asked: Store):
    answer_id = asked.do(update, achievements="Neu")
    together = Barrier(2, timeout=20)

    def decide(by: str) -> str:
        together.wait()
        try:
            (asked.do(release, answer_id, by) if by == "EDI" else asked.do(send_back, answer_id, by))
        except DecidedError as error:
            return getattr(error.review.decided_by, "chat_id", "")
        return by

    with ThreadPoolExecutor(2) as threads:
        (winner,) = set(threads.map(decide, ("EDI", "EVA")))

    is_public = asked.ask(shown)[0].achievements == "Neu"
    assert is_public == (winner == "EDI")
    told = [row.kind for row in asked.ask(delivered).values() if row.kind.startswith("answer_")]
    assert told == ["answer_released" if is_public else "answer_returned"]


def test_an_answer_sent_back_opens_its_request_again_and_starts_with_the_same_words(asked: Store):
    answer_id = asked.do(update, achievements="Fast fertig", note="Psst")
    before = asked.ask(shown)
    asked.do(send_all, LATER)

    asked.do(send_back, answer_id)

    assert asked.ask(shown) == before
    returned = answer(asked, answer_id)
    assert (returned.state, returned.return_words) == (AnswerState.RETURNED, "Wirklich?")
    assert asked.ask(delivered)[f"answer_returned:{answer_id}:OLE"].target == "OLE"
    assert asked.ask(edited) == {
        ("review_card", "C0REVIEW"),
        ("status_request", "OLE"),
        ("status_request", "OLGA"),
    }
    request_id = asked.ask(open_ones, "OLE")["E-Akte"]
    found, words, note = asked.ask(lambda session: radar.draft(session, request_id, by=known(session, "OLE")))
    assert (found.title, words.achievements, note) == ("E-Akte", "Fast fertig", "Psst")

    again = asked.do(update, achievements="Fertig")
    asked.do(release, again)
    assert asked.ask(shown)[0].achievements == "Fertig"


@pytest.mark.parametrize(("words", "why"), [(" \n", "blank"), ("x" * (MAX_WORDS + 1), "long")])
def test_an_answer_is_sent_back_with_words(asked: Store, words: str, why: str):
    answer_id = asked.do(update)

    with pytest.raises(AnswerError) as refused:
        asked.do(send_back, answer_id, words=words)

    assert refused.value.fields == {"words": why}
    assert answer(asked, answer_id).state is AnswerState.PENDING


# Forms


def test_a_form_starts_with_what_is_public(asked: Store):
    request_id = asked.ask(open_ones, "OLE")["E-Akte"]

    _, words, note = asked.ask(lambda session: radar.draft(session, request_id, by=known(session, "OLE")))

    assert (words, note) == (State(Status.IN_PROGRESS, 20, "", "", ""), "")


def test_a_form_starts_with_ones_own_words_that_wait_and_not_with_someone_elses(asked: Store):
    requests = {name: asked.ask(open_ones, name)["E-Akte"] for name in ("OLE", "OLGA")}
    answer_id = asked.do(update, achievements="Mein Text")

    def words(name: str) -> str:
        found = asked.ask(lambda session: radar.draft(session, requests[name], by=known(session, name)))
        return found[1].achievements

    assert (words("OLE"), words("OLGA")) == ("Mein Text", "")
    asked.do(release, answer_id)
    assert (words("OLE"), words("OLGA")) == ("Mein Text", "Mein Text")


def test_a_request_shows_the_answer_it_got_whoever_gave_it(asked: Store):
    asked.do(confirm, by="OLGA")

    def lines(session: Session) -> dict[str, AnswerKind | None]:
        found = radar.asked(session, round_id=1, person_id=known(session, "OLE").id or 0)
        return {one.measure.title: one.answer.kind if one.answer else None for one in found}

    assert asked.ask(lines) == {"E-Akte": AnswerKind.UNCHANGED, "Zwilling": None}


def test_a_measure_asked_about_in_two_rounds_is_open_once_and_answered_in_both(asked: Store):
    asked.do(open_round, LATER)
    assert set(asked.ask(open_ones, "OLE")) == {"E-Akte", "Zwilling"}

    asked.do(confirm, now=LATEST)

    assert set(asked.ask(open_ones, "OLE")) == {"Zwilling"}


# Looking up


def test_a_measure_is_found_by_words_of_its_title_in_any_case(asked: Store):
    for title in ("Öffentliches WLAN", "Öffentliches WLAN in Bädern", "100% digital_neu"):
        asked.do(measure, title)

    def found(words: str) -> list[str]:
        return [one.title for one in asked.ask(radar.titled, words, limit=5)]

    assert found("öffentliches wlan") == ["Öffentliches WLAN", "Öffentliches WLAN in Bädern"]
    assert found("WLAN bädern") == ["Öffentliches WLAN in Bädern"]
    assert found("100%") == ["100% digital_neu"]
    assert found("digital_") == ["100% digital_neu"]
    assert found("e_akte") == []
    assert found("e-akte") == ["E-Akte"]
    assert [one.title for one in asked.ask(radar.titled, "", limit=1)] == ["E-Akte"]


def test_measures_are_counted_by_field_and_status(asked: Store):
    asked.do(measure, "Unbekannt", status=None)

    assert sorted(asked.ask(radar.counted), key=str) == [(None, Status.IN_PROGRESS, 2), (None, None, 1)]
