"""Where the radar draws its marks."""

from datetime import UTC, datetime
from itertools import combinations, pairwise
from math import atan2, hypot, pi
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.web.chart import HUB, RINGS, Chart, chart
from handlers.web.slots import Spot
from storage.public import PublicMeasure, Status
from tests.handlers.web.conftest import FIELDS

UNASSIGNED = "noch nicht zugeordnet"
STATUSES = list(RINGS)
SECTORS: list[str | None] = [*FIELDS, None]


def measure(slug: str, field: str | None, status: Status | None) -> PublicMeasure:
    return PublicMeasure(
        slug=slug,
        title=slug,
        description="",
        goal="",
        field=field,
        field_edition=2022,
        department=None,
        department_short=None,
        starts_in=None,
        ends_in=None,
        url=None,
        status=status,
        progress_percent=None,
        achievements="",
        outlook="",
        highlight="",
        confirmed_at=datetime(2026, 1, 1, tzinfo=UTC),
        is_demo=False,
    )


def drawn(measures: list[PublicMeasure], fields: tuple[str, ...] = FIELDS) -> Chart:
    return chart(measures, fields, unassigned=UNASSIGNED)


def assert_no_overlap(found: Chart) -> None:
    for one, other in combinations(found.marks, 2):
        apart = hypot(one.spot.x - other.spot.x, one.spot.y - other.spot.y)
        assert apart > one.spot.radius + other.spot.radius


def assert_all_at_home(found: Chart) -> None:
    edges = dict(zip(RINGS, pairwise([HUB, *RINGS.values()]), strict=True))
    starts = [atan2(sector.edge[0], -sector.edge[1]) % (2 * pi) for sector in found.sectors]
    for mark in found.marks:
        inner, outer = edges[mark.measure.status]
        radius = hypot(mark.spot.x, mark.spot.y)
        assert inner + mark.spot.radius < radius < outer - mark.spot.radius
        angle = atan2(mark.spot.x, -mark.spot.y) % (2 * pi)
        place = sum(start <= angle for start in starts) - 1
        assert found.sectors[place].field == mark.measure.field


measures_of_any_kind = st.lists(
    st.builds(
        measure,
        st.text("abcdefgh-0123456789", min_size=1, max_size=12),
        st.sampled_from(SECTORS),
        st.sampled_from(STATUSES),
    ),
    max_size=90,
    unique_by=lambda found: found.slug,
)


@settings(deadline=None, max_examples=60)
@given(measures_of_any_kind)
def test_marks_never_overlap_and_lie_in_their_sector_and_ring(measures: list[PublicMeasure]) -> None:
    found = drawn(measures)

    assert len(found.marks) == len(measures)
    assert_no_overlap(found)
    assert_all_at_home(found)


@pytest.mark.parametrize("field", SECTORS)
@pytest.mark.parametrize("status", STATUSES)
def test_sixty_measures_have_room_in_one_ring_of_one_sector(field: str | None, status: Status | None) -> None:
    found = drawn([measure(f"m-{number}", field, status) for number in range(60)])

    assert len(found.marks) == 60
    assert_no_overlap(found)
    assert_all_at_home(found)
    assert min(mark.spot.radius for mark in found.marks) > 2.5


@settings(deadline=None, max_examples=60)
@given(measures_of_any_kind, st.randoms(use_true_random=False))
def test_places_do_not_depend_on_the_order_of_measures(measures: list[PublicMeasure], random: Random) -> None:
    shuffled = random.sample(measures, len(measures))

    def places(given: list[PublicMeasure]) -> dict[str, Spot]:
        return {mark.measure.slug: mark.spot for mark in drawn(given).marks}

    assert places(measures) == places(shuffled)


@settings(deadline=None, max_examples=60)
@given(measures_of_any_kind, st.sampled_from(SECTORS), st.sampled_from(STATUSES))
def test_a_new_measure_moves_nothing_outside_its_own_ring_and_sector(
    measures: list[PublicMeasure], field: str | None, status: Status | None
) -> None:
    before = {mark.measure.slug: mark.spot for mark in drawn(measures).marks}

    for mark in drawn([*measures, measure("NEW", field, status)]).marks:
        if (mark.measure.field, mark.measure.status) != (field, status):
            assert mark.spot == before[mark.measure.slug]


def test_in_its_own_ring_and_sector_a_new_measure_moves_hardly_any() -> None:
    kept = 0
    for number in range(100):
        old = [measure(f"m-{number}-{place}", "Bildung", Status.PLANNED) for place in range(4)]
        before = {mark.measure.slug: mark.spot for mark in drawn(old).marks}
        after = drawn([*old, measure(f"new-{number}", "Bildung", Status.PLANNED)]).marks
        kept += sum(mark.spot == before.get(mark.measure.slug) for mark in after)

    assert kept > 350


def test_long_names_of_fields_are_broken_and_cut() -> None:
    (sector, _unassigned) = drawn(
        [], ("Ein sehr langer Name eines Handlungsfelds der nächsten Ausgabe",)
    ).sectors

    assert len(sector.arcs) == 2
    assert sector.arcs[-1][0].endswith("…")
