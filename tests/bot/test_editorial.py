"""The editorial calendar: what appears when, who may see it, and where there is a gap; on both engines."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot import editorial, editorial_feed, people, pitch_life
from bot.editorial import Entry, Month, Outlet, Wanted
from bot.people import NotAllowedError, Role
from bot.pitches import Pitch, PitchRole, PitchState
from storage.planning import PitchOutlet
from storage.posts import Post
from storage.store import Store
from tests.bot.test_digest import department
from tests.bot.test_pitches import known
from tests.made import NOW, person

TODAY = NOW.date()
ZONE = ZoneInfo("Europe/Berlin")
DECEMBER = date(2026, 12, 1)


def fill(session: Session) -> None:
    for name in ("ANN", "OLE"):
        person(session, name)
    person(session, "RED", Role.COMMS)
    for name in ("Baureferat", "Kulturreferat"):
        people.import_department(session, name=name, short=name[0], kind="referat", source="test")


@pytest.fixture
def town(store: Store) -> Store:
    store.do(fill)
    return store


def planned(session: Session, /, title: str, on: date | None = None, **values: Any) -> int:
    """An idea of Ann's in the plan, with days for its outlets."""
    outlets = values.pop("outlets", {})
    if "pitcher_id" not in values:
        values["pitcher_id"] = known(session, "ANN").id
    pitch = Pitch(title=title, planned_on=on, created_at=NOW, **{"state": PitchState.PLANNED} | values)
    session.add(pitch)
    session.flush()
    for outlet, day in outlets.items():
        session.add(PitchOutlet(pitch_id=pitch.id or 0, outlet=outlet, planned_on=day))
    return pitch.id or 0


def appeared(session: Session, /, title: str, at: datetime, **values: Any) -> int:
    post = Post(title=title, published_at=at, first_seen_at=NOW, changed_at=NOW, origin="test", **values)
    session.add(post)
    session.flush()
    return post.id or 0


def month(store: Store, first_day: date = DECEMBER, **wanted: Any) -> Month:
    return store.ask(editorial.month, first_day, today=TODAY, zone=ZONE, wanted=Wanted(**wanted))


def shown(store: Store, first_day: date = DECEMBER, **wanted: Any) -> list[tuple[int, str]]:
    return [(one.day.day, one.title) for one in month(store, first_day, **wanted).entries]


def test_a_month_shows_planned_days_outlets_and_what_has_appeared_in_order(town: Store):
    town.do(planned, "Später", date(2026, 12, 20), outlets={Outlet.SOCIAL: date(2026, 12, 21)})
    town.do(planned, "Früher", date(2026, 12, 2))
    town.do(planned, "Im Januar", date(2027, 1, 1))
    town.do(planned, "Ohne Tag")
    town.do(appeared, "Erschienen", datetime(2026, 12, 5, 9, tzinfo=UTC))

    assert shown(town) == [(2, "Früher"), (5, "Erschienen"), (20, "Später"), (21, "Später")]
    assert month(town).entries[-1].outlets == (Outlet.SOCIAL,)


def test_outlets_on_the_same_day_are_one_entry(town: Store):
    day = date(2026, 12, 3)
    town.do(
        planned, "Überall", day, outlets={Outlet.BLOG: day, Outlet.INTRANET: day, Outlet.NEWSLETTER: None}
    )

    (entry,) = month(town).entries
    assert set(entry.outlets) == {Outlet.BLOG, Outlet.INTRANET}


def test_a_post_appears_on_the_day_it_was_published_by_the_citys_clocks(town: Store):
    town.do(appeared, "Silvester", datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    town.do(appeared, "Neujahr", datetime(2026, 12, 31, 23, 1, tzinfo=UTC))
    town.do(appeared, "Zurückgezogen", datetime(2026, 12, 30, tzinfo=UTC), withdrawn_at=NOW)

    assert shown(town) == [(31, "Silvester")]
    assert shown(town, date(2027, 1, 15)) == [(1, "Neujahr")]


def test_an_idea_that_has_appeared_stands_where_it_appeared_and_not_where_it_was_planned(town: Store):
    post_id = town.do(appeared, "Da ist er", datetime(2026, 12, 8, 9, tzinfo=UTC))
    town.do(planned, "Geplant", date(2026, 12, 1), state=PitchState.PUBLISHED, post_id=post_id)

    (entry,) = month(town).entries
    assert (entry.day.day, entry.state, entry.pitch and entry.pitch.title) == (
        8,
        PitchState.PUBLISHED,
        "Geplant",
    )


@pytest.mark.parametrize(
    "state",
    [PitchState.DRAFT, PitchState.NEW, PitchState.DECLINED, PitchState.WITHDRAWN, PitchState.MERGED],
)
def test_what_is_not_accepted_or_has_ended_is_not_in_the_plan(town: Store, state: PitchState):
    day = date(2026, 12, 3)
    town.do(planned, "Nicht dabei", day, state=state, outlets={Outlet.BLOG: day})

    assert shown(town) == []


def test_a_month_is_cut_to_a_department_a_series_a_state_or_an_author(town: Store):
    culture = {one.name: one.id for one in town.ask(people.departments)}["Kulturreferat"]
    ole = town.ask(known, "OLE").id
    day = date(2026, 12, 3)
    town.do(planned, "Kultur", day, department_id=culture)
    town.do(planned, "Reihe", day, series="#ExplainIT")
    town.do(planned, "In Arbeit", day, state=PitchState.IN_WORK)
    town.do(planned, "Von Ole", day, author_id=ole)
    town.do(appeared, "Beitrag", datetime(2026, 12, 3, tzinfo=UTC), department_id=culture)

    assert shown(town, department_id=culture) == [(3, "Beitrag"), (3, "Kultur")]
    assert shown(town, series="#ExplainIT") == [(3, "Reihe")]
    assert shown(town, state=PitchState.IN_WORK) == [(3, "In Arbeit")]
    assert shown(town, state=PitchState.PUBLISHED) == [(3, "Beitrag")]
    assert shown(town, author_id=ole) == [(3, "Von Ole")]
    (entry,) = month(town, author_id=ole).entries
    assert entry.author is not None
    assert entry.author.chat_id == "OLE"


def test_what_an_idea_became_is_found_by_the_department_and_series_of_the_idea(town: Store):
    building, culture = (town.do(department, name) for name in ("Baureferat", "Kulturreferat"))
    at = datetime(2026, 12, 3, tzinfo=UTC)
    post_id = town.do(appeared, "Erschienen", at, department_id=building)
    values: dict[str, Any] = {"state": PitchState.PUBLISHED, "post_id": post_id}
    town.do(planned, "Idee", None, department_id=culture, series="#ExplainIT", **values)
    post_id = town.do(appeared, "Nur am Beitrag", at, department_id=building, series="#KI")
    town.do(planned, "Ohne Angaben", None, **values | {"post_id": post_id})

    assert shown(town, department_id=culture) == shown(town, series="#ExplainIT") == [(3, "Erschienen")]
    assert shown(town, department_id=building) == shown(town, series="#KI") == [(3, "Nur am Beitrag")]


def test_weeks_begin_on_monday_and_those_without_anything_are_there_too(town: Store):
    town.do(planned, "Einzig", date(2026, 12, 9))

    weeks = month(town).weeks

    assert [(week.first_day.day, week.last_day.day) for week in weeks] == [
        (1, 6),
        (7, 13),
        (14, 20),
        (21, 27),
        (28, 31),
    ]
    assert [len(week.entries) for week in weeks] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(("days", "is_empty"), [(-1, True), (0, False), (13, False), (14, True)])
def test_a_fortnight_without_anything_is_a_gap(town: Store, days: int, is_empty: object):
    assert month(town).is_empty_ahead is True
    day = TODAY + timedelta(days=days)

    town.do(planned, "Etwas", outlets={Outlet.NEWSLETTER: day})

    assert month(town).is_empty_ahead is is_empty


def test_a_gap_is_not_hidden_by_what_is_asked_for(town: Store):
    town.do(planned, "Etwas", TODAY)

    assert month(town, series="#Anderes").is_empty_ahead is False


def test_months_follow_each_other_over_the_year():
    assert editorial.next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert editorial.previous_month(date(2027, 1, 31)) == DECEMBER


def test_only_the_newsroom_sees_the_plan_and_its_address(town: Store):
    for name in ("ANN", "OLE"):
        someone = town.ask(known, name)
        with pytest.raises(NotAllowedError):
            town.ask(editorial.open_month, DECEMBER, by=someone, wanted=Wanted(), today=TODAY, zone=ZONE)
        with pytest.raises(NotAllowedError):
            town.ask(editorial_feed.token, by=someone)
        with pytest.raises(NotAllowedError):
            town.do(editorial_feed.renew, by=someone, now=NOW)


def test_only_series_that_are_in_the_plan_are_offered(town: Store):
    for series, state in (("#B", PitchState.PLANNED), ("#A", PitchState.NEW), ("#C", PitchState.DECLINED)):
        town.do(planned, "x", series=series, state=state)

    assert town.ask(editorial.series) == ["#A", "#B"]


def served(store: Store, given: str) -> list[Entry] | None:
    feed = store.ask(editorial_feed.served, given, today=TODAY, zone=ZONE)
    return feed.entries if feed else None


def test_the_plan_is_served_under_its_newest_address_and_under_no_other(town: Store):
    red = town.ask(known, "RED")
    assert town.ask(editorial_feed.token, by=red) is None
    assert served(town, "") is None

    first = town.do(editorial_feed.renew, by=red, now=NOW)
    assert served(town, first) == []
    second = town.do(editorial_feed.renew, by=red, now=NOW)

    assert town.ask(editorial_feed.token, by=red) == second
    assert (served(town, first), served(town, second)) == (None, [])
    for wrong in ("", second[:-1], second + "x", "ü", second.swapcase()):
        assert served(town, wrong) is None


def test_an_address_can_not_be_guessed(town: Store):
    red = town.ask(known, "RED")
    made = {town.do(editorial_feed.renew, by=red, now=NOW) for _ in range(20)}

    assert len(made) == 20
    assert min(len(one) for one in made) >= 43


def test_a_month_asks_the_store_as_often_however_much_is_planned(town: Store):
    def asked() -> int:
        seen: list[str] = []

        def count(session: Session) -> None:
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", note)
            editorial.month(session, DECEMBER, today=TODAY, zone=ZONE)
            event.remove(engine, "before_cursor_execute", note)

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        town.ask(count)
        return len(seen)

    town.do(planned, "Einzig", DECEMBER)
    few = asked()
    for number in range(30):
        day = DECEMBER + timedelta(days=number)
        town.do(planned, f"Idee {number}", day, outlets={Outlet.BLOG: day})

    assert asked() == few


def test_a_pitch_that_is_published_leaves_the_plan(town: Store):
    pitch_id = town.do(planned, "Gleich da", date(2026, 12, 3))

    def publish(session: Session) -> None:
        pitch = session.get_one(Pitch, pitch_id)
        pitch_life.step(session, pitch, PitchState.PUBLISHED, role=PitchRole.CLOCK, by=None, now=NOW)

    town.do(publish)

    assert shown(town) == []
