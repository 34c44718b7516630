from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import Session, select

from bot import authors, decisions, delivery, pitches, remarks
from bot.pitches import Idea, Pitch, PitchRole, PitchState
from bot.remarks import PitchRemark
from bot.settings import Settings
from handlers.chat.messages import Moment, render
from storage.delivery import Delivery
from storage.planning import PitchTask, TaskKind
from storage.store import Store
from tests.bot.test_pitches import LATER, decide, fill, known, pitch_id, submit
from tests.made import NOW, delivered, send_all

__all__ = ["pitch_id"]


def thread_of(session: Session, kind: str) -> tuple[str, str]:
    rows = [row for row in delivered(session).values() if row.kind == kind and row.ts]
    assert rows[-1].channel_id is not None
    assert rows[-1].ts is not None
    return rows[-1].channel_id, rows[-1].ts


def say(session: Session, kind: str, by: str, words: str = "Wie schön", ts: str = "99.1") -> None:
    """Someone writes below a message of this kind."""
    channel_id, thread_ts = thread_of(session, kind)
    remarks.say(
        session,
        channel_id=channel_id,
        thread_ts=thread_ts,
        ts=ts,
        words=words,
        by=known(session, by),
        now=LATER,
    )


def passed_on(session: Session) -> list[Delivery]:
    return [row for row in delivered(session).values() if row.kind == remarks.KIND]


def test_what_the_newsroom_writes_below_the_card_reaches_the_pitcher(sqlite_store: Store, pitch_id: int):
    _channel, thanks_ts = sqlite_store.ask(thread_of, "pitch_received")

    sqlite_store.do(say, "pitch_card", "RED")

    rows = sqlite_store.ask(passed_on)
    assert [(row.target, row.thread_ts) for row in rows] == [("ANN", thanks_ts)]
    said = sqlite_store.ask(remarks.remark, 1, is_told=False)
    assert said is not None
    assert (said.remark.words, said.remark.role, said.by.chat_id) == ("Wie schön", PitchRole.COMMS, "RED")


@pytest.mark.parametrize("below", ["pitch_received", "pitch_news", "pitch_remark"])
def test_what_the_pitcher_writes_below_any_message_reaches_the_thread_of_the_card(
    sqlite_store: Store, pitch_id: int, below: str
):
    card = sqlite_store.ask(thread_of, "pitch_card")
    if below == "pitch_news":
        sqlite_store.do(decide, "accept", pitch_id)
    if below == "pitch_remark":
        sqlite_store.do(say, "pitch_card", "RED", "Hallo", "98.0")
    sqlite_store.do(send_all, LATER)

    sqlite_store.do(say, below, "ANN")

    last = sqlite_store.ask(passed_on)[-1]
    assert (last.target, last.thread_ts) == card


def test_what_is_typed_below_a_question_is_its_reply(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(decide, "ask", pitch_id)
    sqlite_store.do(send_all, LATER)

    sqlite_store.do(say, "pitch_question", "ANN", "Am Montag")

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert (card.pitch.state, card.questions[0].reply) == (PitchState.NEW, "Am Montag")
    assert sqlite_store.ask(passed_on) == []


@pytest.mark.parametrize("words", ["x" * 3000, "Zu spät"])
def test_what_can_be_no_reply_any_more_is_passed_on_all_the_same(
    sqlite_store: Store, pitch_id: int, words: str
):
    sqlite_store.do(decide, "ask", pitch_id)
    sqlite_store.do(send_all, LATER)
    if words == "Zu spät":
        sqlite_store.do(decide, "accept", pitch_id)

    sqlite_store.do(say, "pitch_question", "ANN", words)

    assert [row.target for row in sqlite_store.ask(passed_on)] == ["C0COMMS"]


def test_other_threads_blank_words_and_the_pitcher_in_the_newsrooms_channel_are_left_alone(
    sqlite_store: Store, pitch_id: int
):
    def elsewhere(session: Session) -> None:
        row = delivery.note(session, "post_card", 1, to="C0NEWS", now=NOW)
        row.channel_id, row.ts = "C0NEWS", "5.0"
        assert remarks.spot(session, "C0NEWS", "5.0") is None
        assert remarks.spot(session, "C0NEWS", "6.0") is None

    sqlite_store.do(elsewhere)
    sqlite_store.do(say, "pitch_card", "RED", "")
    sqlite_store.do(say, "pitch_card", "ANN")
    sqlite_store.do(say, "pitch_received", "BEN")

    assert sqlite_store.ask(passed_on) == []


def test_a_corrected_message_corrects_what_was_passed_on_and_a_deleted_one_takes_it_back(
    sqlite_store: Store, pitch_id: int
):
    def edit(session: Session, words: str) -> None:
        channel_id, thread_ts = thread_of(session, "pitch_card")
        remarks.edit(session, channel_id=channel_id, thread_ts=thread_ts, ts="99.1", words=words, now=LATER)

    sqlite_store.do(say, "pitch_card", "RED")
    sqlite_store.do(send_all, LATER)

    sqlite_store.do(edit, "Wie schön")
    assert not sqlite_store.ask(passed_on)[0].edit_due_at
    sqlite_store.do(edit, "Wie wunderschön")
    assert sqlite_store.ask(passed_on)[0].edit_due_at

    sqlite_store.do(remarks.take_back, channel_id="C0COMMS", ts="99.1", now=LATER)
    assert sqlite_store.ask(remarks.remark, 1, is_told=False) is None
    assert sqlite_store.ask(remarks.remark, 1, is_told=True) is not None


def test_a_corrected_reply_is_corrected_on_the_card(sqlite_store: Store, pitch_id: int):
    def edit(session: Session) -> None:
        channel_id, thread_ts = thread_of(session, "pitch_question")
        remarks.edit(
            session, channel_id=channel_id, thread_ts=thread_ts, ts="99.1", words="Am Dienstag", now=LATER
        )

    sqlite_store.do(decide, "ask", pitch_id)
    sqlite_store.do(send_all, LATER)
    sqlite_store.do(say, "pitch_question", "ANN", "Am Montag")

    sqlite_store.do(edit)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.questions[0].reply == "Am Dienstag"


def test_only_the_reply_that_is_corrected_changes_however_short_it_is(sqlite_store: Store, pitch_id: int):
    def edit(session: Session) -> None:
        channel_id, thread_ts = thread_of(session, "pitch_question")
        remarks.edit(session, channel_id=channel_id, thread_ts=thread_ts, ts="99.2", words="Eva", now=LATER)

    sqlite_store.do(decide, "ask", pitch_id)
    sqlite_store.do(send_all, LATER)
    sqlite_store.do(say, "pitch_question", "ANN", "Maria Meier", ts="99.1")
    sqlite_store.do(say, "pitch_question", "ANN", "Maria", ts="99.2")

    sqlite_store.do(edit)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.questions[0].reply == "Maria Meier\n\nEva"


@pytest.mark.parametrize(("by", "named"), [("RED", 1), ("ADA", 1), ("EDI", 0), ("BEN", 0)])
def test_only_the_comms_team_speaks_for_the_newsroom(sqlite_store: Store, pitch_id: int, by: str, named: int):
    sqlite_store.do(say, "pitch_card", by, "Abgelehnt!")

    (row,) = sqlite_store.ask(passed_on)
    message = sqlite_store.ask(render, row, Moment(Settings(), NOW))
    assert message is not None
    assert message.text.count("aus der Redaktion") == named
    assert by in message.text


def test_a_message_that_comes_twice_at_once_is_passed_on_once(store: Store):
    store.do(fill)
    store.do(submit)
    store.do(send_all, NOW)
    together = Barrier(2, timeout=20)

    def say_together(_number: int) -> None:
        together.wait()
        store.do(say, "pitch_card", "RED")

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(say_together, range(2)))

    assert len(store.ask(passed_on)) == 1
    assert len(store.ask(lambda session: session.exec(select(PitchRemark)).all())) == 1


@pytest.mark.parametrize("below", ["author_asked", "text_due", "task_due"])
def test_what_an_author_writes_below_a_request_or_a_reminder_reaches_the_thread_of_the_card(
    sqlite_store: Store, pitch_id: int, below: str
):
    def go_on(session: Session) -> None:
        pitch, ben = session.get(Pitch, pitch_id), known(session, "BEN")
        assert pitch is not None
        authors.ask(session, pitch, ben, by=known(session, "RED"), now=LATER)
        task = PitchTask(pitch_id=pitch_id, kind=TaskKind.TEXT, created_at=LATER)
        session.add(task)
        session.flush()
        delivery.note(session, "text_due", pitch_id, to=ben, now=LATER)
        delivery.note(session, "task_due", task.id, to=ben, now=LATER)

    sqlite_store.do(decide, "accept", pitch_id)
    sqlite_store.do(go_on)
    sqlite_store.do(send_all, LATER)

    sqlite_store.do(say, below, "BEN", "Geht es auch später?")

    last = sqlite_store.ask(passed_on)[-1]
    assert (last.target, last.thread_ts) == sqlite_store.ask(thread_of, "pitch_card")
    said = sqlite_store.ask(remarks.remark, 1, is_told=False)
    assert said is not None
    assert (said.remark.role, said.by.chat_id) == (PitchRole.AUTHOR, "BEN")


def test_what_is_typed_below_an_introduction_is_about_the_idea_that_goes_on(
    sqlite_store: Store, pitch_id: int
):
    def merge(session: Session) -> int:
        goal = pitches.submit(session, Idea("Auch eine App"), pitcher=known(session, "BEN"), now=NOW)
        decisions.merge(session, pitch_id, goal.id or 0, by=known(session, "RED"), now=LATER)
        return goal.id or 0

    goal_id = sqlite_store.do(merge)
    sqlite_store.do(send_all, LATER)

    sqlite_store.do(say, "pitch_introduced", "BEN")

    said = sqlite_store.ask(remarks.remark, 1, is_told=False)
    assert said is not None
    assert (said.remark.pitch_id, said.remark.role) == (goal_id, PitchRole.PITCHER)
