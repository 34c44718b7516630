"""The radar as a chart: fields of action as sectors, the status as rings, each measure a mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from textwrap import wrap
from typing import Final

from handlers.web.slots import Box, Cell, Spot, places
from storage.public import PublicMeasure, Status

# Outer edge of each status's ring, from the middle: what is done lies in the middle, what is dropped outside.
RINGS: Final[dict[Status | None, float]] = {
    Status.COMPLETED: 180,
    Status.IN_PROGRESS: 275,
    Status.PLANNED: 350,
    None: 445,
    Status.DISCONTINUED: 492,
}
HUB: Final = 62.0
RIM: Final = max(RINGS.values())
# Measures without a field are many: their sector is as wide as this many fields.
UNASSIGNED_WIDTH: Final = 2.5
# Left of the top line the rings have their names: room for `Stand unbekannt` with air around it.
NAME_WIDTH: Final = 138.0
NAME_HEIGHT: Final = 22.0
LABEL_LETTERS: Final = 22
LABEL_LINES: Final = 2
NAME_LETTERS: Final = 60


@dataclass(frozen=True)
class Ring:
    """One status: its ring's outer radius and the place of its name."""

    status: Status | None
    radius: float
    label_y: float


@dataclass(frozen=True)
class Sector:
    """One field of action, None for those without. Its name stands on arcs, the outermost line first."""

    number: int
    field: str | None
    edge: tuple[float, float]
    badge: tuple[float, float]
    arcs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Mark:
    """One measure at its place; `anchor` says to which side its name has room."""

    measure: PublicMeasure
    spot: Spot
    name: str
    anchor: str


@dataclass(frozen=True)
class Chart:
    """All that is drawn, in units of the chart around its middle."""

    hub: float
    rim: float
    rings: tuple[Ring, ...]
    sectors: tuple[Sector, ...]
    marks: tuple[Mark, ...]


def chart(measures: Sequence[PublicMeasure], fields: Sequence[str], *, unassigned: str) -> Chart:
    """Lay out the radar.

    Args:
        measures: all measures there are; each place depends on which others there are.
        fields: the fields of action in their order, clockwise from the top.
        unassigned: the name of the sector for measures without one of these fields.
    """
    angles = _angles(fields)
    sectors = tuple(
        _sector(number, field, start, end, unassigned) for number, (field, start, end) in enumerate(angles, 1)
    )
    marks = []
    for field, start, end in angles:
        inner = HUB
        for status, outer in RINGS.items():
            here = [
                found for found in measures if sector_of(found, fields) == field and found.status == status
            ]
            cell = Cell(start, end, inner, outer, label=None if field else _name_box(inner, outer))
            spots = places(cell, (found.slug for found in here))
            marks += [_mark(found, spots[found.slug]) for found in here]
            inner = outer
    return Chart(HUB, RIM, _rings(), sectors, tuple(marks))


def sector_of(measure: PublicMeasure, fields: Sequence[str]) -> str | None:
    """Return which of these fields a measure belongs to; older editions' fields count as none."""
    return measure.field if measure.field in fields else None


def _angles(fields: Sequence[str]) -> list[tuple[str | None, float, float]]:
    one = 2 * pi / (len(fields) + UNASSIGNED_WIDTH)
    found: list[tuple[str | None, float, float]] = [
        (field, place * one, (place + 1) * one) for place, field in enumerate(fields)
    ]
    return [*found, (None, len(fields) * one, 2 * pi)]


def _name_box(inner: float, outer: float) -> Box:
    middle = -(inner + outer) / 2
    return Box(-NAME_WIDTH, middle - NAME_HEIGHT / 2, 0, middle + NAME_HEIGHT / 2)


def _rings() -> tuple[Ring, ...]:
    inner, rings = HUB, []
    for status, outer in RINGS.items():
        rings.append(Ring(status, outer, -(inner + outer) / 2))
        inner = outer
    return tuple(rings)


def _sector(number: int, field: str | None, start: float, end: float, unassigned: str) -> Sector:
    lines = wrap(field or unassigned, LABEL_LETTERS, max_lines=LABEL_LINES, placeholder=" …")
    middle = (start + end) / 2
    # In the lower half names run the other way round, so that they stand upright.
    is_upright = not pi / 2 < middle < 3 * pi / 2
    radii = [RIM + 14 + 24 * row for row in range(len(lines))]
    if is_upright:
        arcs = [(line, _arc(radius, start, end)) for line, radius in zip(lines, reversed(radii), strict=True)]
    else:
        arcs = [(line, _arc(radius + 14, end, start)) for line, radius in zip(lines, radii, strict=True)]
    return Sector(number, field, _point(RIM, start), _point(RIM + 30, middle), tuple(arcs))


def _arc(radius: float, start: float, end: float) -> str:
    (x1, y1), (x2, y2) = _point(radius, start), _point(radius, end)
    return f"M{x1} {y1} A{radius} {radius} 0 {int(abs(end - start) > pi)} {int(end > start)} {x2} {y2}"


def _point(radius: float, angle: float) -> tuple[float, float]:
    return round(radius * sin(angle), 1), round(-radius * cos(angle), 1)


def _mark(measure: PublicMeasure, spot: Spot) -> Mark:
    title = measure.title
    name = title if len(title) <= NAME_LETTERS else f"{title[: NAME_LETTERS - 1].rstrip()}…"
    anchor = "start" if spot.x < -RIM / 2 else "end" if spot.x > RIM / 2 else "middle"
    return Mark(measure, spot, name, anchor)
