from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot import asking, people
from bot.asking import LEAST_APART, MOST_A_DAY, AskAnswer, Contact, DepartmentAsk, Later, Occasion
from bot.events import CalendarEvent
from bot.occasions import MOST, MUCH_COMMENTED
from bot.people import NotAllowedError, Role
from bot.pitches import Pitch, PitchState
from bot.posts import Post
from bot.radar import Answer, AnswerKind, AnswerState, Status
from bot.settings import Settings
from bot.workdays import Workdays
from storage.comments import Comment
from storage.store import Store
from tests.bot.test_digest import department, led, stand
from tests.bot.test_pitches import fill, known
from tests.made import NOW, delivered, measure, send_all

MUNICH = Workdays(Settings().holidays, ZoneInfo("Europe/Berlin"))
LONG_AGO = NOW - timedelta(weeks=60)
MOMENTS = st.integers(0, 1000).map(lambda hours: NOW - timedelta(weeks=60) + timedelta(hours=10 * hours))
CONTACTS = st.builds(
    Contact,
    known_since=MOMENTS,
    pitched_at=st.none() | MOMENTS,
    asked_at=st.none() | MOMENTS,
    unanswered=st.integers(0, 9),
)
WEEKS = st.integers(1, 52)


@pytest.fixture
def city(store: Store) -> Store:
    """A store with colleagues; no department has a lead yet."""
    store.do(fill)
    return store


def look(store: Store, now: datetime = NOW, *, weeks: int = 8) -> list[str]:
    """Ask who is to be asked now; return everyone who was ever asked, in order."""
    store.do(asking.ask_due, weeks=weeks, silent_weeks=8, workdays=MUNICH, now=now)
    return asked(store)


def asked(store: Store) -> list[str]:
    def names(session: Session) -> list[str]:
        query = select(people.Person.name).join(
            DepartmentAsk, col(DepartmentAsk.person_id) == col(people.Person.id)
        )
        return list(session.exec(query.order_by(col(DepartmentAsk.asked_at), col(DepartmentAsk.id))))

    return store.ask(names)


def asks(store: Store) -> Sequence[DepartmentAsk]:
    return store.ask(lambda session: session.exec(select(DepartmentAsk)).all())


def said(store: Store) -> int:
    return sum(row.kind == asking.KIND for row in store.ask(delivered).values())


# The rules


@given(CONTACTS, WEEKS, WEEKS, MOMENTS)
def test_nobody_is_asked_within_four_weeks_after_a_question_or_a_pitch(
    contact: Contact, weeks: int, silent_weeks: int, now: datetime
):
    is_due = asking.is_due(contact, weeks=weeks, silent_weeks=silent_weeks, now=now)
    earlier = [one for one in (contact.asked_at, contact.pitched_at, contact.known_since) if one]

    if any(now - one < timedelta(weeks=4) for one in earlier):
        assert not is_due
        assert not asking.is_free(contact, now=now)


@given(CONTACTS, WEEKS, WEEKS, MOMENTS)
def test_the_silent_are_asked_a_little_more_often_and_those_who_do_not_answer_half_as_often(
    contact: Contact, weeks: int, silent_weeks: int, now: datetime
):
    def rhythm(**changes: Any) -> timedelta:
        values = vars(contact) | {"unanswered": 0} | changes
        return asking.rhythm(Contact(**values), weeks=weeks, silent_weeks=silent_weeks, now=now)

    silent, lively = rhythm(pitched_at=now - timedelta(weeks=silent_weeks)), rhythm(pitched_at=now)

    assert lively == max(timedelta(weeks=weeks), LEAST_APART)
    assert silent == max(timedelta(weeks=weeks) * 3 / 4, LEAST_APART)
    assert rhythm(unanswered=2) == rhythm()
    assert rhythm(unanswered=3) == 2 * rhythm()


@given(CONTACTS, WEEKS, MOMENTS)
def test_a_rhythm_of_zero_weeks_asks_never(contact: Contact, silent_weeks: int, now: datetime):
    assert not asking.is_due(contact, weeks=0, silent_weeks=silent_weeks, now=now)


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans()), max_size=12), st.integers(1, 30))
def test_however_a_year_goes_a_department_is_asked_at_most_once_in_four_weeks(
    pitched: list[tuple[int, bool]], weeks: int
):
    now, questions = LONG_AGO, []
    contact = Contact(known_since=LONG_AGO)
    answers = {day for day, is_answer in pitched if is_answer}
    for day in range(400):
        now = LONG_AGO + timedelta(days=day)
        if day in {on for on, _ in pitched}:
            contact = Contact(LONG_AGO, now, contact.asked_at, 0 if day in answers else contact.unanswered)
        if asking.is_due(contact, weeks=weeks, silent_weeks=8, now=now):
            questions.append(now)
            contact = Contact(LONG_AGO, contact.pitched_at, now, contact.unanswered + 1)

    assert all(later - one >= timedelta(weeks=4) for one, later in pairwise(questions))


# Whom, and when


def test_the_lead_of_a_department_is_asked_once_when_it_is_time(city: Store):
    city.do(led, "Bau", "LEA", since=LONG_AGO)

    for seconds in (0, 5, 3600):
        assert look(city, NOW + timedelta(seconds=seconds)) == ["LEA"]

    assert said(city) == 1
    assert look(city, NOW + timedelta(weeks=6) - timedelta(hours=1)) == ["LEA"]
    # Silent: three quarters of eight weeks.
    assert look(city, NOW + timedelta(weeks=6)) == ["LEA", "LEA"]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 21, 10, tzinfo=UTC),
        datetime(2027, 1, 6, 10, tzinfo=UTC),
        datetime(2026, 11, 18, 5, 59, tzinfo=UTC),
        datetime(2026, 11, 18, 18, 1, tzinfo=UTC),
    ],
    ids=["Saturday", "Epiphany", "early", "late"],
)
def test_nobody_is_asked_outside_office_hours(city: Store, now: datetime):
    city.do(led, "Bau", "LEA", since=LONG_AGO)

    assert look(city, now) == []


def test_who_is_elsewhere_is_asked_in_their_own_office_hours(city: Store):
    def far_away(session: Session) -> None:
        led(session, "Bau", "LEA", since=LONG_AGO)
        known(session, "LEA").timezone = "America/New_York"

    city.do(far_away)

    assert look(city, NOW) == []
    assert look(city, NOW + timedelta(hours=3)) == ["LEA"]


def test_questions_are_spread_over_days_whoever_waited_longest_first(city: Store):
    def several(session: Session) -> None:
        for number in range(MOST_A_DAY + 1):
            led(session, f"Referat {number}", f"L{number}", since=LONG_AGO - timedelta(days=number))

    city.do(several)

    assert look(city) == look(city, NOW + timedelta(hours=2)) == ["L3", "L2", "L1"]
    assert look(city, NOW + timedelta(days=1)) == ["L3", "L2", "L1", "L0"]


def test_departments_without_lead_gone_ones_and_people_who_left_are_not_asked(city: Store):
    def nobody(session: Session) -> None:
        department(session, "Ohne Leitung")
        gone = led(session, "Aufgelöst", "LEO", since=LONG_AGO)
        found = people.department(session, gone)
        assert found is not None
        found.valid_to = date(2026, 11, 17)
        led(session, "Verlassen", "LIA", since=LONG_AGO)
        known(session, "LIA").inactive_at = NOW

    city.do(nobody)

    assert look(city) == []


def test_several_leads_take_turns(city: Store):
    def two(session: Session) -> None:
        led(session, "Bau", "LEA", since=LONG_AGO)
        led(session, "Bau", "LEO", since=LONG_AGO)

    city.do(two)
    look(city)
    look(city, NOW + timedelta(weeks=6))

    assert look(city, NOW + timedelta(weeks=12)) == ["LEA", "LEO", "LEA"]


def test_who_moved_to_another_department_has_a_week_of_peace(city: Store):
    city.do(led, "Bau", "LEA", since=LONG_AGO)
    look(city)
    city.do(led, "Kultur", "LEA", since=LONG_AGO)

    assert look(city, NOW + timedelta(days=6)) == ["LEA"]
    assert look(city, NOW + timedelta(days=7)) == ["LEA", "LEA"]


def test_a_pitch_of_the_department_gives_it_four_weeks_of_peace_but_a_draft_does_not(city: Store):
    department_id = city.do(led, "Bau", "LEA", since=LONG_AGO)

    def pitch(session: Session, state: PitchState) -> None:
        stand(session, "Etwas", state, department_id=department_id)

    city.do(pitch, PitchState.NEW)
    assert look(city, NOW + timedelta(days=1)) == []

    def undo(session: Session) -> None:
        for one in session.exec(select(Pitch)):
            one.state = PitchState.DRAFT

    city.do(undo)
    assert look(city, NOW + timedelta(days=1)) == ["LEA"]


# What they say


@pytest.fixture
def ask_id(city: Store) -> int:
    """A question that stands in the lead's direct messages."""
    city.do(led, "Bau", "LEA", since=LONG_AGO)
    look(city)
    city.do(send_all, NOW)
    return asks(city)[0].id or 0


def test_whoever_wishes_to_be_asked_later_is_asked_on_a_working_day_in_the_morning(city: Store, ask_id: int):
    friday = NOW + timedelta(days=2)

    def later(session: Session) -> None:
        asking.later(session, ask_id, Later.TOMORROW, by=known(session, "LEA"), workdays=MUNICH, now=friday)

    city.do(later)
    monday_nine = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert asks(city)[0].again_at == monday_nine

    look(city, monday_nine - timedelta(seconds=1))
    assert said(city) == 1
    look(city, monday_nine)
    look(city, monday_nine + timedelta(seconds=5))

    assert said(city) == 2
    assert [(one.answer, one.asked_at) for one in asks(city)] == [(None, monday_nine)]


@pytest.fixture
def wish(city: Store, ask_id: int) -> int:
    """The department of a lead who wishes to be asked in two weeks."""

    def later(session: Session) -> None:
        by = known(session, "LEA")
        asking.later(session, ask_id, Later.IN_TWO_WEEKS, by=by, workdays=MUNICH, now=NOW)

    city.do(later)
    return asks(city)[0].department_id


def ended(session: Session, department_id: int) -> None:
    found = people.department(session, department_id)
    assert found is not None
    found.valid_to = (NOW + timedelta(days=5)).date()


def pitched(session: Session, department_id: int) -> None:
    when = NOW + timedelta(days=13)
    stand(session, "Inzwischen", PitchState.NEW, department_id=department_id, created_at=when)


def moved(session: Session, department_id: int) -> None:
    known(session, "LEA").department_id = department(session, "Kultur")


def left(session: Session, department_id: int) -> None:
    known(session, "LEA").inactive_at = NOW


def is_lead_no_more(session: Session, department_id: int) -> None:
    people.set_role(session, known(session, "LEA"), Role.LEAD, given=False)


@pytest.mark.parametrize("meanwhile", [ended, pitched, moved, left, is_lead_no_more])
def test_a_wish_to_be_asked_later_ends_when_it_makes_no_sense_any_more(
    city: Store, wish: int, meanwhile: Callable[[Session, int], None]
):
    city.do(meanwhile, wish)

    look(city, NOW + timedelta(days=15), weeks=52)

    of_it = [(one.asked_at, one.again_at) for one in asks(city) if one.department_id == wish]
    assert of_it == [(NOW, None)]


def test_who_wishes_to_be_asked_later_counts_among_the_questions_of_that_day(city: Store):
    def several(session: Session) -> None:
        for number in range(2 * MOST_A_DAY):
            led(session, f"Referat {number}", f"L{number}", since=LONG_AGO)

    def wish_all(session: Session) -> None:
        for ask in session.exec(select(DepartmentAsk)):
            by, when = session.get_one(people.Person, ask.person_id), NOW + timedelta(days=1, hours=1)
            asking.later(session, ask.id or 0, Later.TOMORROW, by=by, workdays=MUNICH, now=when)

    city.do(several)
    for days in (0, 1):
        look(city, NOW + timedelta(days=days))
    city.do(wish_all)

    friday = NOW + timedelta(days=2)
    for seconds in (0, 5):
        look(city, friday + timedelta(seconds=seconds))
    assert said(city) == 3 * MOST_A_DAY

    look(city, friday + timedelta(days=3))
    assert said(city) == 4 * MOST_A_DAY


def test_whoever_answered_before_the_question_left_is_not_bothered_with_it(city: Store, ask_id: int):
    assert city.ask(asking.question, ask_id, is_told=False)

    city.do(lambda session: asking.nothing(session, ask_id, by=known(session, "LEA"), now=NOW))

    assert city.ask(asking.question, ask_id, is_told=False) is None
    assert city.ask(asking.question, ask_id, is_told=True)


def test_only_who_was_asked_can_answer(city: Store, ask_id: int):
    with pytest.raises(NotAllowedError):
        city.do(lambda session: asking.nothing(session, ask_id, by=known(session, "ANN"), now=NOW))

    city.do(lambda session: asking.nothing(session, ask_id, by=known(session, "LEA"), now=NOW))
    assert asks(city)[0].answer is AskAnswer.NOTHING


def test_the_idea_that_came_of_a_question_is_known_with_it(city: Store, ask_id: int):
    city.do(lambda session: asking.begin(session, ask_id, by=known(session, "LEA"), now=NOW))

    def pitch(session: Session) -> int:
        lead = known(session, "LEA")
        stand(session, "Früher", PitchState.NEW, pitcher_id=lead.id, created_at=NOW - timedelta(days=1))
        made = stand(
            session, "Daraus", PitchState.NEW, pitcher_id=lead.id, created_at=NOW + timedelta(hours=1)
        )
        return made.id or 0

    pitch_id = city.do(pitch)
    look(city, NOW + timedelta(hours=2))

    assert asks(city)[0].pitch_id == pitch_id


# Occasions


def milestone(session: Session, department_id: int, **values: Any) -> Answer:
    given_values: dict[str, Any] = {"status": Status.IN_PROGRESS, "highlight": ""} | values
    found = measure(session, f"Maßnahme {len(values)}", department_id=department_id)
    answer = Answer(
        measure_id=found.id or 0,
        kind=AnswerKind.UPDATE,
        state=AnswerState.RELEASED,
        created_at=NOW - timedelta(days=1),
        decided_at=NOW - timedelta(days=1),
        origin="test",
        **given_values,
    )
    session.add(answer)
    session.flush()
    return answer


def occasions(store: Store) -> list[tuple[Occasion, int | None]]:
    return [(one.occasion, one.subject_id) for one in asks(store)]


def rested(session: Session) -> int:
    """A department that was asked five weeks ago and pitched six weeks ago: by its rhythm it has three to go."""
    department_id = led(session, "Bau", "LEA", since=LONG_AGO)
    stand(
        session, "Neulich", PitchState.NEW, department_id=department_id, created_at=NOW - timedelta(weeks=6)
    )
    lead = known(session, "LEA").id or 0
    asked_at = NOW - timedelta(weeks=5)
    session.add(DepartmentAsk(department_id=department_id, person_id=lead, asked_at=asked_at))
    return department_id


@pytest.mark.parametrize(
    ("values", "is_asked"),
    [
        ({"status": Status.COMPLETED}, True),
        ({"highlight": "Erste Ampel spricht"}, True),
        ({"status": Status.IN_PROGRESS}, False),
        ({"status": Status.COMPLETED, "state": AnswerState.PENDING}, False),
        ({"status": Status.COMPLETED, "decided_at": NOW - timedelta(days=30)}, False),
    ],
)
def test_a_milestone_on_the_radar_is_an_occasion_once(
    city: Store,
    values: dict[str, Any],
    is_asked: bool,  # noqa: FBT001 - one of a table
):
    def reach(session: Session) -> int:
        answer = milestone(session, rested(session))
        for name, value in values.items():
            setattr(answer, name, value)
        return answer.measure_id

    measure_id = city.do(reach)
    look(city)
    look(city, NOW + timedelta(days=1))

    assert occasions(city)[1:] == ([(Occasion.MILESTONE, measure_id)] if is_asked else [])


def test_a_highlight_that_was_told_before_is_none(city: Store):
    def reach(session: Session) -> None:
        answer = milestone(session, rested(session), highlight="Schon gesagt")
        session.add(
            Answer(
                measure_id=answer.measure_id,
                kind=AnswerKind.UPDATE,
                state=AnswerState.RELEASED,
                highlight="Schon gesagt",
                created_at=LONG_AGO,
                decided_at=LONG_AGO,
                origin="test",
            )
        )

    city.do(reach)
    look(city)

    assert len(asks(city)) == 1


def calendar_event(department_id: int, **values: Any) -> CalendarEvent:
    day = NOW.date() - timedelta(days=1)
    given_values: dict[str, Any] = {"starts_on": day, "ends_on": day} | values
    return CalendarEvent(
        uid="1",
        slug="fest",
        title="Fest",
        starts_at=NOW,
        department_id=department_id,
        first_seen_at=NOW,
        changed_at=NOW,
        origin="test",
        **given_values,
    )


@pytest.mark.parametrize(
    "values",
    [{"ends_on": NOW.date()}, {"cancelled_at": NOW}, {"recurrence_id": "20261117"}, {}],
    ids=["not over", "cancelled", "of a series", "over"],
)
def test_an_event_that_is_over_is_an_occasion(city: Store, values: dict[str, Any]):
    city.do(lambda session: session.add(calendar_event(rested(session), **values)))

    look(city)

    assert occasions(city)[1:] == ([] if values else [(Occasion.EVENT, 1)])


def test_a_post_that_many_comment_is_an_occasion(city: Store):
    def discuss(session: Session, count: int) -> None:
        post = session.get(Post, 1) or Post(
            title="Radweg", department_id=rested(session), first_seen_at=NOW, changed_at=NOW, origin="test"
        )
        session.add(post)
        session.flush()
        for number in range(count):
            key = f"{count}-{number}"
            session.add(Comment(key=key, post_id=post.id, page="x", words="Ja", first_seen_at=NOW))

    city.do(discuss, MUCH_COMMENTED - 1)
    look(city)
    assert len(asks(city)) == 1
    city.do(discuss, 1)
    look(city)
    look(city, NOW + timedelta(weeks=3))

    assert occasions(city)[1:] == [(Occasion.COMMENTS, 1)]


def test_an_occasion_within_four_weeks_after_a_question_waits_or_is_forgotten(city: Store):
    def lately(session: Session) -> None:
        department_id = led(session, "Bau", "LEA", since=LONG_AGO)
        lead = known(session, "LEA").id or 0
        session.add(
            DepartmentAsk(department_id=department_id, person_id=lead, asked_at=NOW - timedelta(weeks=3))
        )
        session.add(calendar_event(department_id))

    city.do(lately)
    assert len(look(city)) == 1
    look(city, NOW + timedelta(weeks=1))

    assert occasions(city)[1:] == [(Occasion.EVENT, 1)]


def test_however_many_occasions_were_told_or_must_wait_a_later_one_has_its_turn(city: Store):
    def many(session: Session) -> None:
        department_id = led(session, "Bau", "LEA", since=LONG_AGO)
        busy_id = led(session, "Kultur", "BUSY", since=LONG_AGO)
        session.add(
            DepartmentAsk(department_id=busy_id, person_id=known(session, "BUSY").id or 0, asked_at=NOW)
        )
        lead = known(session, "LEA").id or 0
        for number in range(2 * MOST + 1):
            event = calendar_event(busy_id if number < MOST else department_id)
            event.uid = event.slug = f"fest-{number}"
            session.add(event)
            session.flush()
            if MOST <= number < 2 * MOST:
                told = DepartmentAsk(
                    department_id=department_id,
                    person_id=lead,
                    occasion=Occasion.EVENT,
                    subject_id=event.id,
                    asked_at=NOW - timedelta(weeks=5),
                )
                session.add(told)

    city.do(many)
    look(city)

    assert occasions(city)[-1] == (Occasion.EVENT, 2 * MOST + 1)
