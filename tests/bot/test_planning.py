"""Planning an accepted pitch: its author, its days, its tasks, and the reminders of them; on both engines."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot import authors, decisions, departures, pitch_life, pitches, plan_reminders, planning, plans
from bot.authors import NotAuthorError, TaskGoneError
from bot.decisions import WordsError
from bot.delivery import DeliveryState
from bot.people import NotAllowedError, Role
from bot.pitch_life import StateError
from bot.pitches import PitchCard, PitchRole, PitchState
from bot.planning import ChangedError
from bot.plans import Colleague, Outlet, Plan, PlanError, Problem, Task, TaskKind
from bot.settings import Settings
from bot.workdays import Workdays
from handlers.chat.messages import Moment, render
from storage.delivery import Delivery
from storage.store import Store
from tests.bot.test_pitches import known, submit
from tests.made import NOW, delivered, person, places, send_all

TODAY = NOW.date()
FRIDAY = TODAY + timedelta(days=2)
WORKDAYS = Workdays("DE-BY:public,catholic", ZoneInfo("Europe/Berlin"))
MOMENT = Moment(Settings(), NOW)


def fill(session: Session) -> int:
    places(session)
    for name in ("ANN", "BEN", "OLE"):
        person(session, name)
    for name in ("RED", "RON"):
        person(session, name, Role.COMMS)
    found = submit(session)
    decisions.accept(session, found, by=known(session, "RED"), now=NOW)
    return found


@pytest.fixture
def pitch_id(store: Store) -> int:
    """An accepted pitch whose card stands in the comms channel."""
    found = store.do(fill)
    store.do(send_all, NOW)
    return found


def plan(session: Session, /, pitch_id: int, by: str = "RED", seen: str | None = None, **values: Any) -> None:
    if isinstance(values.get("author"), str):
        values["author"] = Colleague(values["author"], values["author"], "de-DE")
    now = values.pop("now", NOW)
    planning.save(session, pitch_id, Plan(**values), seen=seen, by=known(session, by), today=TODAY, now=now)


def do(session: Session, /, deed: Any, pitch_id: int, author: str, **values: Any) -> None:
    deed(session, pitch_id, author=known(session, author), now=NOW, **values)


def card(store: Store, pitch_id: int) -> PitchCard:
    found = store.ask(pitches.card, pitch_id)
    assert found is not None
    return found


def state(store: Store, pitch_id: int) -> PitchState:
    return card(store, pitch_id).pitch.state


def rows(store: Store, *kinds: str) -> list[Delivery]:
    return [row for row in store.ask(delivered).values() if row.kind in kinds]


def delete_card(session: Session) -> None:
    """Someone deleted the card, and that was noticed when it was to be changed."""
    (row,) = (row for row in delivered(session).values() if row.kind == pitch_life.CARD)
    row.reason = "message_not_found"


def remind(store: Store, when: datetime) -> list[tuple[str, str]]:
    """Who is reminded of what at this moment: kind and stage with the target."""
    before = {row.key for row in rows(store, authors.TASK, plan_reminders.TEXT)}
    store.do(plan_reminders.remind_due, workdays=WORKDAYS, now=when)
    new = [row for row in rows(store, authors.TASK, plan_reminders.TEXT) if row.key not in before]
    return [(row.target, ":".join(row.key.split(":")[::2][:2])) for row in new]


def at_nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC)


def said(store: Store, key_part: str) -> str | None:
    (row,) = [row for row in store.ask(delivered).values() if key_part in row.key]
    message = store.ask(render, row, MOMENT)
    return message.text if message else None


# Author


def test_a_new_author_is_asked_once_and_the_pitcher_hears_of_it(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE")
    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)

    (asked,) = rows(store, pitch_life.ASKED)
    assert asked.target == "OLE"
    assert state(store, pitch_id) is PitchState.ASKED
    assert [step.role for step in card(store, pitch_id).steps][-1] is PitchRole.COMMS


def test_nobody_else_may_confirm_finish_or_hand_back(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE")

    for deed, values in (
        (authors.confirm, {}),
        (authors.finish, {}),
        (authors.hand_back, {"words": "Nein"}),
    ):
        with pytest.raises(NotAuthorError):
            store.do(do, deed, pitch_id, "BEN", **values)


def test_a_second_press_of_the_same_button_changes_nothing(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE")
    store.do(do, authors.confirm, pitch_id, "OLE")

    with pytest.raises(StateError):
        store.do(do, authors.confirm, pitch_id, "OLE")

    assert [step.state for step in card(store, pitch_id).steps][-2:] == [
        PitchState.ASKED,
        PitchState.IN_WORK,
    ]


@pytest.mark.parametrize("words", ["", "  \n", "x" * 2001])
def test_handing_back_needs_a_reason_that_is_not_too_long(store: Store, pitch_id: int, words: str):
    store.do(plan, pitch_id, author="OLE")

    with pytest.raises(WordsError):
        store.do(do, authors.hand_back, pitch_id, "OLE", words=words)

    assert state(store, pitch_id) is PitchState.ASKED


def test_whoever_handed_back_can_be_asked_again_with_a_message_of_its_own(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE")
    store.do(send_all, NOW)
    store.do(do, authors.hand_back, pitch_id, "OLE", words="Urlaub")
    store.do(plan, pitch_id, author="OLE")

    first, second = rows(store, pitch_life.ASKED)
    texts = [store.ask(render, row, MOMENT) for row in (first, second)]
    assert [text and text.text.split()[0] for text in texts] == ["Du", "Die"]


def test_a_request_that_is_withdrawn_before_it_left_is_never_sent(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE")
    store.do(plan, pitch_id, author="BEN")

    first, second = rows(store, pitch_life.ASKED)
    assert store.ask(render, first, MOMENT) is None
    assert store.ask(render, second, MOMENT) is not None


def test_planned_without_an_author_again_it_is_just_accepted(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE")
    store.do(plan, pitch_id)

    assert (state(store, pitch_id), card(store, pitch_id).author) == (PitchState.ACCEPTED, None)


def test_a_pitcher_who_is_the_author_is_not_told_what_they_did_themselves(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="ANN")
    told = len(rows(store, pitch_life.NEWS))
    store.do(do, authors.confirm, pitch_id, "ANN")

    assert len(rows(store, pitch_life.NEWS)) == told


def test_the_newsroom_hears_when_an_author_has_left_and_the_idea_is_open_again(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", tasks=[Task(TaskKind.PICTURE, person=Colleague("OLE", "OLE"))])
    store.do(do, authors.confirm, pitch_id, "OLE")

    store.do(departures.left, "OLE", now=NOW)

    (told,) = rows(store, authors.LEFT)
    assert told.target == "C0COMMS"
    assert told.thread_ts is not None
    assert (state(store, pitch_id), card(store, pitch_id).author) == (PitchState.ACCEPTED, None)
    assert card(store, pitch_id).tasks[0].person_id is None
    assert card(store, pitch_id).steps[-1].role is PitchRole.CLOCK


def test_what_someone_finished_before_they_left_stays_so_and_can_be_moved(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)
    store.do(do, authors.confirm, pitch_id, "OLE")
    store.do(do, authors.finish, pitch_id, "OLE")

    store.do(departures.left, "OLE", now=NOW)

    (told,) = rows(store, authors.LEFT)
    message = store.ask(render, told, MOMENT)
    assert message is not None
    assert "Der Text ist fertig" in message.text
    assert card(store, pitch_id).author is None
    store.do(plan, pitch_id, planned_on=FRIDAY + timedelta(days=7))
    assert state(store, pitch_id) is PitchState.PLANNED


def test_an_author_whose_departure_nobody_noticed_does_not_hinder_other_changes(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)
    gone = Colleague("OLE", is_there=False)

    store.do(plan, pitch_id, author=gone, planned_on=FRIDAY + timedelta(days=7))

    assert card(store, pitch_id).pitch.planned_on == FRIDAY + timedelta(days=7)
    with pytest.raises(PlanError):
        store.do(plan, pitch_id, author=Colleague("BEN", is_there=False))


# Days


def test_a_finished_text_is_planned_as_soon_as_it_has_a_day_and_ready_without(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)
    store.do(do, authors.confirm, pitch_id, "OLE")
    store.do(do, authors.finish, pitch_id, "OLE")
    assert state(store, pitch_id) is PitchState.PLANNED

    store.do(plan, pitch_id, author="OLE")
    assert state(store, pitch_id) is PitchState.READY

    store.do(plan, pitch_id, author="OLE", planned_on=FRIDAY)
    assert state(store, pitch_id) is PitchState.PLANNED


def test_what_cannot_be_is_said_for_every_field_at_once(store: Store, pitch_id: int):
    past, gone = TODAY - timedelta(days=1), Colleague("BOT", is_there=False)
    tasks = [
        Task(),
        Task(None, "Foto"),
        Task(TaskKind.TEXT, "x" * 151, past, gone),
        *([Task(TaskKind.OTHER)] * 3),
    ]
    with pytest.raises(PlanError) as refused:
        store.do(
            plan,
            pitch_id,
            author=gone,
            planned_on=past,
            outlets=frozenset({Outlet.BLOG}),
            dates={Outlet.BLOG: past, Outlet.SOCIAL: FRIDAY},
            tasks=tasks,
        )

    assert refused.value.problems == {
        "author": Problem.LEFT,
        "planned_on": Problem.PAST,
        "outlet_blog": Problem.PAST,
        "outlet_social": Problem.NO_OUTLET,
        "task_1_kind": Problem.NO_KIND,
        "task_2_label": Problem.TOO_LONG,
        "task_2_due": Problem.PAST,
        "task_2_person": Problem.LEFT,
        "task_5_kind": Problem.TOO_MANY,
    }
    assert card(store, pitch_id).tasks == ()


def test_a_day_that_has_passed_meanwhile_does_not_hinder_other_changes(store: Store, pitch_id: int):
    blog: dict[str, Any] = {"outlets": frozenset({Outlet.BLOG}), "dates": {Outlet.BLOG: TODAY}}
    store.do(plan, pitch_id, planned_on=TODAY, **blog, tasks=[Task(TaskKind.TEXT, due_on=TODAY)])
    found = card(store, pitch_id)
    tasks = [Task(TaskKind.TEXT, "Neu", TODAY, task_id=found.tasks[0].id)]

    wrong = plans.problems(
        found, Plan(planned_on=TODAY, **blog, tasks=tasks), today=TODAY + timedelta(days=9)
    )

    assert wrong == {}


@pytest.mark.parametrize("by", ["ANN", "OLE"])
def test_only_the_comms_team_plans(store: Store, pitch_id: int, by: str):
    with pytest.raises(NotAllowedError):
        store.do(plan, pitch_id, by)


def test_what_is_not_accepted_can_not_be_planned(store: Store, pitch_id: int):
    other = store.do(submit, "Noch neu")

    with pytest.raises(StateError):
        store.do(plan, other)


@pytest.mark.parametrize("deed", [authors.confirm, authors.finish])
def test_of_two_presses_at_once_one_counts(store: Store, pitch_id: int, deed: Any):
    store.do(plan, pitch_id, author="OLE")
    if deed is authors.finish:
        store.do(do, authors.confirm, pitch_id, "OLE")
    before, both = len(card(store, pitch_id).steps), Barrier(2)

    def press(_number: int) -> bool:
        both.wait()
        try:
            store.do(do, deed, pitch_id, "OLE")
        except StateError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    assert len(card(store, pitch_id).steps) == before + 1


def test_of_two_who_plan_at_once_one_wins_and_the_other_is_told(store: Store, pitch_id: int):
    seen, both = plans.mark(card(store, pitch_id)), Barrier(2)

    def try_it(author: str) -> bool:
        both.wait()
        try:
            store.do(plan, pitch_id, author=author, seen=seen)
        except ChangedError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(try_it, ("OLE", "BEN")))

    assert sorted(won) == [False, True]
    assert len(rows(store, pitch_life.ASKED)) == 1


def test_the_form_and_the_request_are_only_looked_at(store: Store, pitch_id: int):
    helper = Task(TaskKind.PICTURE, person=Colleague("BEN", "BEN"))
    store.do(plan, pitch_id, author="OLE", tasks=[helper])

    found = store.ask(lambda session: planning.open_plan(session, pitch_id, by=known(session, "RED")))
    assert list(found.helpers.values()) == ["BEN"]
    mine = store.ask(lambda session: authors.open_request(session, pitch_id, author=known(session, "OLE")))
    assert mine.id == pitch_id


# Tasks


def test_a_task_is_done_by_whose_it_is_the_author_or_the_newsroom(store: Store, pitch_id: int):
    tasks = [Task(kind, person=Colleague("BEN", "BEN")) for kind in list(TaskKind)[:3]]
    store.do(plan, pitch_id, author="OLE", tasks=tasks)

    def done(session: Session, number: int, by: str) -> None:
        found = pitches.card(session, pitch_id)
        assert found is not None
        authors.done(session, found.tasks[number].id or 0, by=known(session, by), now=NOW)

    with pytest.raises(NotAllowedError):
        store.do(done, 0, "ANN")
    for number, by in enumerate(("BEN", "OLE", "RED")):
        store.do(done, number, by)

    assert all(task.done_at for task in card(store, pitch_id).tasks)


def test_a_task_that_was_taken_out_can_not_be_done(store: Store, pitch_id: int):
    store.do(plan, pitch_id, tasks=[Task(TaskKind.TEXT)])
    task_id = card(store, pitch_id).tasks[0].id or 0
    store.do(plan, pitch_id)

    with pytest.raises(TaskGoneError):
        store.do(lambda session: authors.done(session, task_id, by=known(session, "RED"), now=NOW))


def test_whose_text_is_ready_has_done_the_task_of_writing_it(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE", tasks=[Task(TaskKind.TEXT), Task(TaskKind.PICTURE)])
    store.do(do, authors.confirm, pitch_id, "OLE")
    store.do(do, authors.finish, pitch_id, "OLE")

    assert [bool(task.done_at) for task in card(store, pitch_id).tasks] == [True, False]


# Reminders: the 18th is a Wednesday


def with_task(store: Store, pitch_id: int, due_on: date, **values: Any) -> int:
    store.do(plan, pitch_id, author="OLE", tasks=[Task(TaskKind.PICTURE, "Foto", due_on)], **values)
    return card(store, pitch_id).tasks[0].id or 0


def test_a_task_is_brought_up_two_working_days_before_on_the_day_and_once_when_late(
    store: Store, pitch_id: int
):
    monday = TODAY + timedelta(days=5)
    with_task(store, pitch_id, monday)

    assert remind(store, at_nine(TODAY)) == []
    assert remind(store, at_nine(TODAY + timedelta(days=1))) == [("OLE", "task_due:soon")]
    for days in (2, 3, 4):
        assert remind(store, at_nine(TODAY + timedelta(days=days))) == []
    assert remind(store, at_nine(monday)) == [("OLE", "task_due:today")]
    assert remind(store, at_nine(monday)) == []
    assert remind(store, at_nine(monday + timedelta(days=1))) == [("OLE", "task_due:late")]
    assert remind(store, at_nine(monday + timedelta(days=2))) == []


@pytest.mark.parametrize(
    "when",
    [
        at_nine(date(2026, 11, 21)),
        datetime(2026, 11, 20, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 20, 18, 30, tzinfo=UTC),
    ],
    ids=["Saturday", "early", "late"],
)
def test_nobody_is_reminded_outside_working_days_and_office_hours(
    store: Store, pitch_id: int, when: datetime
):
    with_task(store, pitch_id, date(2026, 11, 20))

    assert remind(store, when) == []


def test_on_a_holiday_nobody_is_reminded(store: Store, pitch_id: int):
    christmas = date(2026, 12, 25)
    with_task(store, pitch_id, christmas)

    assert remind(store, at_nine(christmas)) == []
    assert remind(store, at_nine(date(2026, 12, 28))) == [("OLE", "task_due:late")]


def test_whose_task_it_is_is_reminded_before_the_author_unless_they_have_left(store: Store, pitch_id: int):
    task = Task(TaskKind.PICTURE, due_on=FRIDAY, person=Colleague("BEN", "BEN"))
    store.do(plan, pitch_id, author="OLE", tasks=[task])
    assert remind(store, at_nine(TODAY)) == [("BEN", "task_due:soon")]

    store.do(departures.left, "BEN", now=NOW)
    assert remind(store, at_nine(FRIDAY)) == [("OLE", "task_due:today")]


def test_whoever_is_given_a_task_on_its_day_is_reminded_of_it_too(store: Store, pitch_id: int):
    task = Task(TaskKind.PICTURE, due_on=TODAY, person=Colleague("OLE", "OLE"))
    store.do(plan, pitch_id, tasks=[task])
    assert [target for target, _what in remind(store, NOW)] == ["OLE"]

    task = replace(task, person=Colleague("BEN", "BEN"), task_id=card(store, pitch_id).tasks[0].id)
    store.do(plan, pitch_id, tasks=[task])

    assert [target for target, _what in remind(store, NOW)] == ["BEN"]


def test_what_an_author_gives_back_is_read_although_the_card_was_deleted(store: Store, pitch_id: int):
    store.do(plan, pitch_id, author="OLE")
    store.do(delete_card)

    store.do(do, authors.hand_back, pitch_id, "OLE", words="keine Zeit")

    (told,) = rows(store, authors.RETURNED)
    assert (told.target, told.thread_ts) == ("C0COMMS", None)


def test_what_is_done_or_ended_is_not_brought_up_any_more(store: Store, pitch_id: int):
    task_id = with_task(store, pitch_id, FRIDAY)
    remind(store, at_nine(TODAY))
    assert said(store, "task_due") is not None

    store.do(lambda session: authors.done(session, task_id, by=known(session, "OLE"), now=NOW))

    assert said(store, "task_due") is None
    assert remind(store, at_nine(FRIDAY)) == []


def test_a_reminder_of_a_withdrawn_idea_is_not_sent(store: Store, pitch_id: int):
    with_task(store, pitch_id, FRIDAY)
    remind(store, at_nine(TODAY))

    def withdraw(session: Session) -> None:
        pitch = session.get_one(pitches.Pitch, pitch_id)
        ann = known(session, "ANN")
        pitch_life.step(session, pitch, PitchState.WITHDRAWN, role=PitchRole.PITCHER, by=ann, now=NOW)

    store.do(withdraw)

    assert said(store, "task_due") is None
    assert remind(store, at_nine(FRIDAY)) == []


def test_a_task_that_moved_is_brought_up_for_its_new_day(store: Store, pitch_id: int):
    task_id = with_task(store, pitch_id, FRIDAY)
    remind(store, at_nine(TODAY))
    monday = TODAY + timedelta(days=5)

    store.do(plan, pitch_id, author="OLE", tasks=[Task(TaskKind.PICTURE, "Foto", monday, task_id=task_id)])

    assert said(store, f"soon:{FRIDAY}") is None
    assert remind(store, at_nine(FRIDAY)) == [("OLE", "task_due:soon")]


def test_a_task_in_the_place_of_one_that_was_taken_out_is_brought_up_too(store: Store, pitch_id: int):
    with_task(store, pitch_id, FRIDAY)
    assert remind(store, at_nine(TODAY)) == [("OLE", "task_due:soon")]

    store.do(plan, pitch_id, author="OLE")
    store.do(plan, pitch_id, author="OLE", tasks=[Task(TaskKind.APPROVAL, due_on=FRIDAY)])

    assert remind(store, at_nine(TODAY)) == [("OLE", "task_due:soon")]


def test_an_author_is_reminded_of_a_text_that_is_to_appear_until_it_is_ready(store: Store, pitch_id: int):
    monday = TODAY + timedelta(days=5)
    store.do(plan, pitch_id, author="OLE", planned_on=monday)

    assert remind(store, at_nine(TODAY - timedelta(days=1))) == []
    assert remind(store, at_nine(TODAY)) == [("OLE", "text_due:soon")]
    assert remind(store, at_nine(TODAY + timedelta(days=1))) == []

    store.do(do, authors.confirm, pitch_id, "OLE")
    store.do(do, authors.finish, pitch_id, "OLE")
    assert said(store, "text_due") is None
    assert remind(store, at_nine(monday)) == []


def test_a_reminder_that_stands_says_that_its_task_is_done(store: Store, pitch_id: int):
    task_id = with_task(store, pitch_id, FRIDAY)
    remind(store, at_nine(TODAY))
    store.do(send_all, at_nine(TODAY))
    store.do(lambda session: authors.done(session, task_id, by=known(session, "OLE"), now=NOW))

    (row,) = rows(store, authors.TASK)
    assert (row.state, row.edit_due_at) == (DeliveryState.SENT, NOW)
    assert "Erledigt" in (said(store, "task_due") or "")
