from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session

from bot import authors, decisions, meetings, pitch_life, pitches
from bot.decisions import MAX_WORDS, DecidedError, MergeError
from bot.people import NotAllowedError, Role
from bot.pitch_life import StateError
from bot.pitches import Idea, Pitch, PitchRole, PitchState
from bot.settings import Settings
from handlers.chat.messages import Moment, render
from storage.store import Store
from tests.bot.test_pitches import DECISIONS, LATER, decide, fill, known, pitch_id, submit
from tests.made import NOW, delivered, send_all

__all__ = ["pitch_id"]


def edited(session: Session) -> set[str]:
    return {row.kind for row in delivered(session).values() if row.edit_due_at}


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
        decisions.decline(session, pitch_id, words=words, by=known(session, "RED"), now=LATER)

    def ask(session: Session) -> None:
        decisions.ask(session, pitch_id, words=words, by=known(session, "RED"), now=LATER)

    def reply(session: Session) -> None:
        decisions.reply(session, 1, words=words, pitcher=known(session, "ANN"), now=LATER)

    for deed in (decline, ask):
        with pytest.raises(decisions.WordsError):
            sqlite_store.do(deed)
    sqlite_store.do(decide, "ask", pitch_id)
    with pytest.raises(decisions.WordsError):
        sqlite_store.do(reply)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.pitch.state is PitchState.QUESTION


def reply(session: Session, question_id: int = 1, by: str = "ANN", words: str = "Morgen") -> None:
    decisions.reply(session, question_id, words=words, pitcher=known(session, by), now=LATER)


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
    return decisions.open_question(session, 1, pitcher=known(session, by)).question


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


def test_an_idea_on_the_shelf_can_be_accepted_declined_or_asked_about(sqlite_store: Store, pitch_id: int):
    for how in ("accept", "decline", "ask"):
        number = sqlite_store.do(submit, how)
        sqlite_store.do(shelve, number)
        sqlite_store.do(decide, how, number)

    assert stand(sqlite_store, pitch_id) is PitchState.NEW
    assert [stand(sqlite_store, number) for number in (2, 3, 4)] == [
        PitchState.ACCEPTED,
        PitchState.DECLINED,
        PitchState.QUESTION,
    ]


def test_an_idea_lies_on_the_shelf_once_with_or_without_words(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(shelve, pitch_id, words="  Im Sommer passt es.  ")

    with pytest.raises(DecidedError):
        sqlite_store.do(shelve, pitch_id)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert card.pitch.decision_words == "Im Sommer passt es."
    assert f"pitch_news:{pitch_id}:{LATER.isoformat()}" in sqlite_store.ask(delivered)


def test_a_declined_idea_can_be_thought_over_once(sqlite_store: Store, pitch_id: int):
    sqlite_store.do(decide, "decline", pitch_id)

    sqlite_store.do(think_over, pitch_id)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert (card.pitch.state, card.pitch.decided_at, card.pitch.decision_words) == (PitchState.NEW, None, "")
    with pytest.raises(StateError):
        sqlite_store.do(think_over, pitch_id)


def test_each_step_is_said_in_the_thread_of_the_card(sqlite_store: Store, pitch_id: int):
    card = sqlite_store.ask(delivered)[f"pitch_card:{pitch_id}:comms"]

    sqlite_store.do(decide, "decline", pitch_id)

    said = [row for row in sqlite_store.ask(delivered).values() if row.kind == "pitch_step"]
    assert [(row.target, row.thread_ts) for row in said] == [("C0COMMS", card.ts)]


def test_a_card_that_was_deleted_comes_again_while_there_is_something_to_do(
    sqlite_store: Store, pitch_id: int
):
    def lose_cards(session: Session) -> None:
        for row in delivered(session).values():
            if row.kind == "pitch_card":
                row.reason = "message_not_found"

    sqlite_store.do(lose_cards)
    sqlite_store.do(decide, "ask", pitch_id)
    sqlite_store.do(send_all, LATER)
    cards = [row for row in sqlite_store.ask(delivered).values() if row.kind == "pitch_card"]
    assert len(cards) == 2

    sqlite_store.do(lose_cards)
    sqlite_store.do(decide, "decline", pitch_id)

    assert sum(row.kind == "pitch_card" for row in sqlite_store.ask(delivered).values()) == 2


def merge(session: Session, pitch_id: int, into_id: int, by: str = "RED") -> None:
    decisions.merge(session, pitch_id, into_id, by=known(session, by), now=LATER)


def test_merging_introduces_both_pitchers_to_each_other(sqlite_store: Store, pitch_id: int):
    goal_id = sqlite_store.do(submit_by_ben)

    sqlite_store.do(merge, pitch_id, goal_id)

    card, goal = sqlite_store.ask(pitches.card, pitch_id), sqlite_store.ask(pitches.card, goal_id)
    assert card is not None
    assert goal is not None
    assert card.goal is not None
    assert (card.pitch.state, card.goal.pitcher.chat_id) == (PitchState.MERGED, "BEN")
    assert [one.chat_id for one in goal.also_by] == ["ANN"]
    told = {(row.kind, row.target) for row in sqlite_store.ask(delivered).values() if row.person_id}
    assert {("pitch_news", "ANN"), ("pitch_introduced", "BEN")} <= told


def submit_by(session: Session, pitcher: str) -> int:
    idea = Idea(title=f"Von {pitcher}")
    return pitches.submit(session, idea, pitcher=known(session, pitcher), now=NOW).id or 0


def test_whose_idea_came_by_way_of_another_is_named_on_the_card_and_hears_when_it_is_published(
    sqlite_store: Store, pitch_id: int
):
    between, goal_id = sqlite_store.do(submit_by, "BEN"), sqlite_store.do(submit_by, "EDI")
    sqlite_store.do(merge, pitch_id, between)
    sqlite_store.do(merge, between, goal_id)
    goal = sqlite_store.ask(pitches.card, goal_id)
    assert goal is not None
    assert {one.chat_id for one in goal.also_by} == {"ANN", "BEN"}

    def publish(session: Session) -> None:
        found = session.get(Pitch, goal_id)
        assert found is not None
        pitch_life.step(session, found, PitchState.PUBLISHED, role=PitchRole.CLOCK, by=None, now=LATER)

    sqlite_store.do(publish)

    told = [row for row in sqlite_store.ask(delivered).values() if row.kind == pitch_life.MERGED_PUBLISHED]
    assert {row.target for row in told} == {"ANN", "BEN"}
    message = sqlite_store.ask(render, told[0], Moment(Settings(), LATER))
    assert message is not None
    assert "Von EDI" in message.text


@pytest.mark.parametrize("how", ["withdraw", "decline", "decline in a meeting"])
def test_an_idea_is_open_again_when_the_one_it_went_on_with_ends(
    sqlite_store: Store, pitch_id: int, how: str
):
    goal_id = sqlite_store.do(submit_by_ben)

    def end(session: Session) -> None:
        red = known(session, "RED")
        if how == "withdraw":
            merge(session, pitch_id, goal_id)
            pitches.withdraw(session, goal_id, by=known(session, "BEN"), now=LATER)
        elif how == "decline":
            merge(session, pitch_id, goal_id)
            decisions.decline(session, goal_id, words="Leider", by=red, now=LATER)
        else:
            meeting, _is_new = meetings.begin(session, by=red, now=LATER)
            decisions.decline(session, goal_id, words="Leider", by=red, now=LATER)
            merge(session, pitch_id, goal_id)
            meetings.release(session, meeting.id or 0, by=red, now=LATER)

    sqlite_store.do(end)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert (card.pitch.state, card.goal, card.decided_by) == (PitchState.NEW, None, None)
    (line,) = [
        row
        for row in sqlite_store.ask(delivered).values()
        if row.kind == "pitch_step" and row.subject_id == card.steps[-1].id
    ]
    message = sqlite_store.ask(render, line, Moment(Settings(), LATER))
    assert message is not None
    assert message.text.startswith("Wieder offen")
    sqlite_store.do(decide, "accept", pitch_id)


def test_who_had_the_same_idea_twice_is_not_introduced_to_themselves(sqlite_store: Store, pitch_id: int):
    goal_id = sqlite_store.do(submit)

    sqlite_store.do(merge, pitch_id, goal_id)

    assert "pitch_introduced" not in {row.kind for row in sqlite_store.ask(delivered).values()}
    goal = sqlite_store.ask(pitches.card, goal_id)
    assert goal is not None
    assert goal.also_by == ()


def test_an_idea_is_not_merged_into_itself_into_one_that_ended_or_in_a_ring(
    sqlite_store: Store, pitch_id: int
):
    second, declined = sqlite_store.do(submit), sqlite_store.do(submit)
    sqlite_store.do(decide, "decline", declined)

    for goal_id in (pitch_id, declined):
        with pytest.raises(MergeError):
            sqlite_store.do(merge, pitch_id, goal_id)
    sqlite_store.do(merge, pitch_id, second)
    with pytest.raises(MergeError):
        sqlite_store.do(merge, second, pitch_id)
    with pytest.raises(DecidedError):
        sqlite_store.do(merge, pitch_id, second)


def test_of_two_who_merge_both_ways_at_once_exactly_one_wins(store: Store):
    store.do(fill)
    one, other = store.do(submit), store.do(submit_by_ben)
    together = Barrier(2, timeout=20)

    def merge_together(pair: tuple[int, int]) -> bool:
        together.wait()
        try:
            store.do(merge, *pair)
        except (DecidedError, MergeError):
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        won = list(threads.map(merge_together, [(one, other), (other, one)]))

    assert sorted(won) == [False, True]
    assert sorted((stand(store, one), stand(store, other))) == [PitchState.MERGED, PitchState.NEW]


def test_ideas_to_merge_with_are_found_by_words_of_their_title_newest_first(
    sqlite_store: Store, pitch_id: int
):
    for title in ("100 % digital", "Süße Birnen und Äpfel", "Alte Äpfel"):
        sqlite_store.do(submit, title)
    ended = sqlite_store.do(submit, "Faule Äpfel")
    sqlite_store.do(decide, "decline", ended)

    def goals(session: Session, words: str) -> list[str]:
        found = decisions.goals(session, pitch_id, words, by=known(session, "RED"), limit=9)
        return [one.title for one in found]

    assert sqlite_store.ask(goals, "äpfel") == ["Alte Äpfel", "Süße Birnen und Äpfel"]
    assert sqlite_store.ask(goals, "0 %") == ["100 % digital"]
    assert sqlite_store.ask(goals, "") == ["Alte Äpfel", "Süße Birnen und Äpfel", "100 % digital"]
    assert sqlite_store.ask(goals, "_") == []


def test_ideas_that_may_be_the_same_story_are_offered_first(sqlite_store: Store, pitch_id: int):
    for title in ("Eine neue App", "Das Lastenrad", "Der Roboter"):
        sqlite_store.do(submit, title)

    def goals(session: Session) -> list[str]:
        return [
            one.title for one in decisions.goals(session, pitch_id, "", by=known(session, "RED"), limit=9)
        ]

    assert sqlite_store.ask(goals) == ["Eine neue App", "Der Roboter", "Das Lastenrad"]


def shelve(session: Session, pitch_id: int, words: str = "") -> None:
    decisions.shelve(session, pitch_id, words=words, by=known(session, "RED"), now=LATER)


def think_over(session: Session, pitch_id: int) -> None:
    decisions.think_over(session, pitch_id, by=known(session, "RED"), now=LATER)


def submit_by_ben(session: Session) -> int:
    return pitches.submit(session, Idea("Auch eine App"), pitcher=known(session, "BEN"), now=LATER).id or 0


def stand(store: Store, pitch_id: int) -> PitchState:
    card = store.ask(pitches.card, pitch_id)
    assert card is not None
    return card.pitch.state


def test_what_happens_after_a_merge_is_told_although_the_introduction_waits(
    sqlite_store: Store, pitch_id: int
):
    goal_id = sqlite_store.do(submit_by_ben)
    sqlite_store.do(decide, "accept", goal_id)
    sqlite_store.do(send_all, LATER)
    merged_at, asked_at, confirmed_at = (LATER + timedelta(minutes=minutes) for minutes in (10, 20, 30))

    def go_on(session: Session) -> None:
        red, ann = known(session, "RED"), known(session, "ANN")
        goal = session.get(Pitch, goal_id)
        assert goal is not None
        decisions.merge(session, pitch_id, goal_id, by=red, now=merged_at)
        authors.ask(session, goal, ann, by=red, now=asked_at)
        authors.confirm(session, goal_id, author=ann, now=confirmed_at)

    sqlite_store.do(go_on)

    told = [row for row in sqlite_store.ask(delivered).values() if row.target == "BEN" and not row.ts]
    assert [(row.kind, row.due_at) for row in told] == [
        ("pitch_introduced", LATER + timedelta(hours=1)),
        ("pitch_news", LATER + timedelta(hours=2)),
    ]


@pytest.mark.parametrize(
    ("drop", "state"), [(decisions.shelve, PitchState.SHELF), (decisions.decline, PitchState.DECLINED)]
)
def test_an_accepted_idea_is_dropped_by_who_knows_of_it_and_has_no_day_and_no_author_then(
    sqlite_store: Store, pitch_id: int, drop: Any, state: PitchState
):
    def try_to(session: Session, *, drops: bool) -> None:
        drop(session, pitch_id, words="Leider", drops=drops, by=known(session, "RED"), now=LATER)

    def plan(session: Session) -> None:
        pitch = session.get(Pitch, pitch_id)
        assert pitch is not None
        pitch.planned_on = LATER.date()
        authors.ask(session, pitch, known(session, "BEN"), by=known(session, "RED"), now=LATER)

    sqlite_store.do(decide, "accept", pitch_id)
    sqlite_store.do(plan)
    sqlite_store.do(send_all, LATER)

    with pytest.raises(DecidedError):
        sqlite_store.do(try_to, drops=False)
    sqlite_store.do(try_to, drops=True)

    card = sqlite_store.ask(pitches.card, pitch_id)
    assert card is not None
    assert (card.pitch.state, card.pitch.planned_on, card.author) == (state, None, None)
    request = next(row for row in sqlite_store.ask(delivered).values() if row.kind == "author_asked")
    assert request.edit_due_at
    found = sqlite_store.ask(authors.request, request)
    assert found is not None
    assert not found.is_open
    with pytest.raises(DecidedError):
        sqlite_store.do(try_to, drops=True)


def test_an_accepted_idea_is_dropped_in_a_meeting_when_that_ends(sqlite_store: Store, pitch_id: int):
    def drop(session: Session) -> int:
        red = known(session, "RED")
        meeting, _is_new = meetings.begin(session, by=red, now=LATER)
        decisions.shelve(session, pitch_id, drops=True, by=red, now=LATER)
        return meeting.id or 0

    sqlite_store.do(decide, "accept", pitch_id)
    meeting_id = sqlite_store.do(drop)
    assert stand(sqlite_store, pitch_id) is PitchState.ACCEPTED

    sqlite_store.do(
        lambda session: meetings.release(session, meeting_id, by=known(session, "RED"), now=LATER)
    )

    assert stand(sqlite_store, pitch_id) is PitchState.SHELF
