"""What a benchmark found, as a table for people or as one JSON line a figure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, Self

Better = Literal["lower", "higher"]
HEAD = ("figure", "value", "goal", "", "rounds", "compared with")


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        name: what was measured, `benchmark: words`.
        value: the median of all rounds.
        goal: what it is to reach; None for a figure that is only told.
        better: in which direction it gets better.
        baseline: what it is compared with, and how that did in the same run.
        unit: of value, goal and spread; none for a ratio.
        spread: the lowest and the highest round.
    """

    name: str
    value: float
    goal: float | None
    better: Better
    baseline: str
    unit: str = ""
    spread: tuple[float, float] | None = None

    @classmethod
    def of_rounds(
        cls,
        name: str,
        rounds: Sequence[float],
        *,
        goal: float | None,
        baseline: str,
        better: Better = "lower",
        unit: str = "",
    ) -> Self:
        """Make a figure, a ratio when it has no unit, of its rounds."""
        return cls(name, median(rounds), goal, better, baseline, unit, spread=(min(rounds), max(rounds)))

    @property
    def is_reached(self) -> bool:
        """Whether the value is at its goal or better; without a goal there is nothing to miss."""
        if self.goal is None:
            return True
        return self.value <= self.goal if self.better == "lower" else self.value >= self.goal


def as_line(figure: Figure) -> str:
    """Return a figure as a line of JSON."""
    facts = {
        "figure": figure.name,
        "value": round(figure.value, 3),
        "goal": figure.goal,
        "better": figure.better,
        "baseline": figure.baseline,
    }
    return json.dumps(facts, ensure_ascii=False)


def as_table(figures: Sequence[Figure]) -> str:
    """Return figures as a table; a goal that was missed is marked."""
    table = [HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table)
    return "\n".join(line.rstrip() for line in lines)


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "≤" if figure.better == "lower" else "≥"
    unit = f" {figure.unit}" if figure.unit else ""
    goal, verdict = "", ""
    if figure.goal is not None:
        goal, verdict = f"{sign} {figure.goal:g}{unit}", "ok" if figure.is_reached else "MISSED"
    return (
        figure.name,
        f"{figure.value:.2f}{unit}",
        goal,
        verdict,
        "{:.2f} – {:.2f}".format(*figure.spread) if figure.spread else "",
        figure.baseline,
    )
