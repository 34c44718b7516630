"""Who works on a story hears when they need not any more, when its day moves, and when a task is theirs."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot import authors, pitch_life, pitches, plan_news
from bot.plans import Colleague, Task, TaskKind
from handlers.chat.messages import render
from storage.store import Store
from tests.bot.test_pitches import known
from tests.bot.test_planning import FRIDAY, MOMENT, card, do, fill, plan, rows
from tests.made import NOW, send_all

PICTURE = Task(TaskKind.PICTURE, "Foto", FRIDAY, Colleague("BEN", "BEN", "de-DE"))


@pytest.fixture
def pitch_id(store: Store) -> int:
    """An accepted idea of Ann's whose card stands in the comms channel."""
    found = store.do(fill)
    store.do(send_all, NOW)
    return found


def withdraw(session: Session, /, pitch_id: int) -> None:
    pitches.withdraw(session, pitch_id, by=known(session, "ANN"), now=NOW)


def told(store: Store, kind: str) -> list[tuple[str, str]]:
    """Who is told what by messages of a kind that are true now."""
    found = ((row.target, store.ask(render, row, MOMENT)) for row in rows(store, kind))
    return [(target, message.text) for target, message in found if message]


def test_who_writes_an_idea_and_who_helps_hear_that_it_was_withdrawn(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", tasks=[PICTURE])
    store.do(send_all, NOW)
    store.do(do, authors.confirm, pitch_id, "OLE")

    store.do(withdraw, pitch_id)

    heard = told(store, plan_news.OFF)
    assert [target for target, _text in heard] == ["OLE", "BEN"]
    assert all("wird nicht mehr geschrieben" in text for _target, text in heard)


def test_who_never_heard_of_an_idea_need_not_hear_that_it_was_withdrawn(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", tasks=[PICTURE])

    store.do(withdraw, pitch_id)

    assert told(store, plan_news.OFF) == []
    assert told(store, plan_news.GIVEN) == []


def test_whose_own_idea_it_is_is_not_told_what_they_did_themselves(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="ANN")
    store.do(send_all, NOW)

    store.do(withdraw, pitch_id)

    assert rows(store, plan_news.OFF) == []


@pytest.mark.parametrize(
    ("author", "words"),
    [("BEN", "Inzwischen schreibt jemand anders"), (None, "braucht die Redaktion dich nicht")],
)
def test_an_author_hears_that_someone_else_writes_or_nobody(
    store: Store, pitch_id: int, author: str | None, words: str
):
    store.do(plan, pitch_id, author="OLE")
    store.do(send_all, NOW)

    store.do(plan, pitch_id, author=author)

    ((target, text),) = told(store, plan_news.OFF)
    assert target == "OLE"
    assert words in text


def test_who_is_asked_again_before_they_read_that_they_are_not_is_told_nothing(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE")
    store.do(send_all, NOW)
    store.do(plan, pitch_id)

    store.do(plan, pitch_id, author="OLE")

    assert told(store, plan_news.OFF) == []


def test_an_author_hears_once_to_which_day_a_story_moved_and_nothing_when_it_moved_back(
    store: Store, pitch_id: int
):
    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)
    store.do(send_all, NOW)

    for days in (1, 4):
        store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY + timedelta(days=days))
    ((target, text),) = told(store, plan_news.MOVED)
    assert target == "OLE"
    assert "24. November 2026" in text

    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)
    assert told(store, plan_news.MOVED) == []


def test_who_is_asked_with_a_day_need_not_be_told_it_again(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)
    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY + timedelta(days=3))

    assert told(store, plan_news.MOVED) == []


def test_the_pitcher_hears_of_a_new_day_also_while_the_text_is_written(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)
    store.do(do, authors.confirm, pitch_id, "OLE")
    later = NOW + timedelta(hours=3)
    store.do(send_all, later)
    before = len(rows(store, pitch_life.NEWS))

    monday = FRIDAY + timedelta(days=3)
    store.do(plan, pitch_id, author="OLE", planned_on=monday, now=later)

    assert len(rows(store, pitch_life.NEWS)) == before + 1
    assert "23. November 2026" in told(store, pitch_life.NEWS)[-1][1]


def test_a_helper_hears_of_a_task_and_until_when_as_soon_as_it_is_theirs(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", tasks=[PICTURE])

    ((target, text),) = told(store, plan_news.GIVEN)
    assert target == "BEN"
    assert "Bild: Foto – bis 20. November 2026" in text


def test_an_author_with_a_task_of_their_own_is_asked_once(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="BEN", tasks=[PICTURE])

    assert told(store, plan_news.GIVEN) == []


def test_a_task_that_was_told_is_done_or_given_on_in_the_message_that_told_it(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", tasks=[PICTURE])
    store.do(send_all, NOW)
    task_id = card(store, pitch_id).tasks[0].id or 0

    on = Task(TaskKind.PICTURE, "Foto", FRIDAY, Colleague("RON", "RON"), task_id=task_id)
    store.do(plan, pitch_id, author="OLE", tasks=[on])
    assert ["nicht mehr zu kümmern" in text for _target, text in told(store, plan_news.GIVEN)] == [
        True,
        False,
    ]

    store.do(lambda session: authors.done(session, task_id, by=known(session, "RON"), now=NOW))
    assert "Erledigt" in told(store, plan_news.GIVEN)[0][1]


def test_a_task_taken_out_before_it_was_told_is_not_told(store: Store, pitch_id: int):
    store.do(plan, pitch_id, tasks=[PICTURE])
    store.do(plan, pitch_id)

    store.do(send_all, NOW)

    assert [row.state for row in rows(store, plan_news.GIVEN)] == ["cancelled"]
