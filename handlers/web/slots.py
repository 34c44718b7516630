"""Places for marks in a piece of a ring: never overlapping, and a mark keeps its own when others come."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from math import asin, cos, floor, gcd, hypot, sin
from typing import Final

# From one mark's middle to the next: 34 units are about 24 pixels on a desk, a finger's width (WCAG 2.5.8).
WIDEST_PITCH: Final = 34.0
# Each step down gives room for about a quarter more marks.
CLOSER: Final = 0.9
# Of half a pitch, so that a gap stays between two marks.
FILLED: Final = 0.78
GOLDEN: Final = 0.618


@dataclass(frozen=True)
class Box:
    """A piece of the chart with words in it."""

    left: float
    top: float
    right: float
    bottom: float

    def distance(self, x: float, y: float) -> float:
        """Return how far a point is from the box."""
        return hypot(max(self.left - x, 0, x - self.right), max(self.top - y, 0, y - self.bottom))


@dataclass(frozen=True)
class Cell:
    """A piece of a ring. Angles in radians, clockwise from the top; `label` is a box that is kept free."""

    start: float
    end: float
    inner: float
    outer: float
    label: Box | None = None


@dataclass(frozen=True)
class Spot:
    """A place for one mark: its middle and the radius it may fill, in units of the chart."""

    x: float
    y: float
    radius: float


def places(cell: Cell, slugs: Iterable[str]) -> dict[str, Spot]:
    """Give each slug its own place in a cell.

    Whoever has a place keeps it when others come, unless the cell gets too full for marks of this size or two
    slugs want the same place.
    """
    wanted = sorted((int.from_bytes(sha256(slug.encode()).digest()[:8]), slug) for slug in set(slugs))
    spots = _spots(cell, at_least=len(wanted))
    # A stride that visits every spot once and far from the last one, so that neighbours are no clump.
    stride = next(step for step in count(max(1, round(len(spots) * GOLDEN))) if gcd(step, len(spots)) == 1)
    taken: dict[int, str] = {}
    for number, slug in wanted:
        place = number % len(spots)
        while place in taken:
            place = (place + stride) % len(spots)
        taken[place] = slug
    return {slug: spots[place] for place, slug in taken.items()}


def _spots(cell: Cell, *, at_least: int) -> list[Spot]:
    pitch = WIDEST_PITCH
    while len(found := _grid(cell, pitch)) < max(at_least, 1):
        pitch *= CLOSER
    return found


def _grid(cell: Cell, pitch: float) -> list[Spot]:
    """Return the middles of a grid in rows around the centre, each half a pitch from the cell's edges."""
    rows = floor((cell.outer - cell.inner) / pitch)
    width = cell.end - cell.start
    spots = []
    for row in range(rows):
        radius = cell.inner + (cell.outer - cell.inner) * (row + 0.5) / rows
        # Neighbours on a circle are a chord apart, not an arc.
        places_in_row = floor(width / (2 * asin(pitch / 2 / radius)))
        for place in range(places_in_row):
            angle = cell.start + width * (place + 0.5) / places_in_row
            spot = Spot(radius * sin(angle), -radius * cos(angle), pitch / 2 * FILLED)
            if cell.label is None or cell.label.distance(spot.x, spot.y) > spot.radius:
                spots.append(spot)
    return spots
