"""Charts of data_visualization blocks, drawn as SVG. Beside each the page has an equal table (`table`)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, cos, floor, log10, pi, sin

from babel.numbers import format_decimal
from markupsafe import Markup

from sandbox.page.names import Names
from sandbox.state.records import JSON

WIDTH, HEIGHT = 480, 260
LEFT, RIGHT, TOP = 56, 8, 10
# Below the axis: categories lie level while they are few and short, else askew.
LEVEL, ASKEW = 44, 78
MOST_LEVEL_LETTERS = 60
STEPS = 4
# What is drawn: beyond these the arithmetic of a drawing ends.
SMALLEST, LARGEST = 1e-290, 1e290
# Numbers longer than this are written with an exponent.
MOST_DIGITS = 15
RADIUS = 100

LINE = Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>')
RECT = Markup('<rect class="c{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
TEXT = Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>')
TURNED = Markup('<text class="at-end" transform="translate({:.1f} {:.1f}) rotate({})">{}</text>')
PATH = Markup('<path class="{}" d="{}"/>')
DOT = Markup('<circle class="c{}" cx="{:.1f}" cy="{:.1f}" r="3"/>')
SVG = Markup('<svg class="drawing is-{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>')


def drawing(chart: JSON, names: Names) -> Markup:
    """Return a chart as a picture, for those who see it."""
    if chart["type"] == "pie":
        size = 2 * RADIUS
        return SVG.format("pie", size, size, Markup("").join(_slices(chart["segments"])))
    return SVG.format("plot", WIDTH, HEIGHT, Markup("").join(_plot(chart, names)))


def legend(chart: JSON) -> list[str]:
    """Return what the colours of a chart stand for, in their order."""
    if chart["type"] == "pie":
        return [segment["label"] for segment in chart["segments"]]
    return [series["name"] for series in chart["series"]]


def table(chart: JSON, names: Names) -> list[list[str]]:
    """Return the numbers of a chart as rows of cells, the headings first."""
    _ = names.texts
    if chart["type"] == "pie":
        whole = sum(_drawn(segment["value"]) for segment in chart["segments"])
        heads = ["", _("Value"), _("Share")]
        rows = [
            [one["label"], _number(one["value"], names), f"{_drawn(one['value']) / whole:.0%}"]
            for one in chart["segments"]
        ]
        return [heads, *rows]
    axis = chart["axis_config"]
    found = [_values(chart, series) for series in chart["series"]]
    heads = [axis.get("x_label") or "", *(series["name"] for series in chart["series"])]
    rows = [
        [name, *(_number(values[at], names) for values in found)]
        for at, name in enumerate(axis["categories"])
    ]
    return [heads, *rows]


def _number(value: float, names: Names) -> str:
    if value and not 10.0**-MOST_DIGITS < abs(value) < 10.0**MOST_DIGITS:
        return f"{value:.3g}"
    return str(format_decimal(value, locale=names.texts.locale))


def _drawn(value: float) -> float:
    return max(-LARGEST, min(value, LARGEST))


def _values(chart: JSON, series: JSON) -> list[float]:
    """Return a series' values in the order of the categories."""
    by_label = {point["label"]: _drawn(point["value"]) for point in series["data"]}
    return [by_label[label] for label in chart["axis_config"]["categories"]]


def _slices(segments: Sequence[JSON]) -> Iterator[Markup]:
    whole = sum(_drawn(segment["value"]) for segment in segments)
    angle = -pi / 2
    for at, segment in enumerate(segments):
        share = _drawn(segment["value"]) / whole
        end = angle + 2 * pi * min(share, 0.99999)
        (x1, y1), (x2, y2) = ((RADIUS * (1 + cos(one)), RADIUS * (1 + sin(one))) for one in (angle, end))
        is_large = int(share > 1 / 2)
        arc = f"A{RADIUS} {RADIUS} 0 {is_large} 1 {x2:.2f} {y2:.2f}Z"
        yield PATH.format(f"slice c{at}", f"M{RADIUS} {RADIUS}L{x1:.2f} {y1:.2f}{arc}")
        angle = end


class _Scale:
    """Where a value lies between the lowest and the highest of a plot, in even steps."""

    def __init__(self, values: Sequence[float], bottom: float) -> None:
        low, high = min(0.0, *values), max(0.0, *values)
        span = max(high - low, SMALLEST) if high > low else 1.0
        rough = span / STEPS
        size = 10.0 ** floor(log10(rough))
        self.step = next((n * size for n in (1, 2, 5) if n * size >= rough), 10 * size)
        self.low = floor(low / self.step) * self.step
        self.high = ceil(high / self.step) * self.step or self.step
        self._bottom = bottom

    def y(self, value: float) -> float:
        return self._bottom - (value - self.low) / (self.high - self.low) * (self._bottom - TOP)

    def marks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + at * self.step for at in range(count + 1)]


def _plot(chart: JSON, names: Names) -> Iterator[Markup]:
    axis, found = chart["axis_config"], [_values(chart, series) for series in chart["series"]]
    categories: list[str] = axis["categories"]
    is_askew = sum(map(len, categories)) > MOST_LEVEL_LETTERS
    bottom = HEIGHT - (ASKEW if is_askew else LEVEL)
    scale = _Scale([value for values in found for value in values], bottom)
    width = (WIDTH - LEFT - RIGHT) / max(len(categories), 1)
    for mark in scale.marks():
        y = scale.y(mark)
        yield LINE.format("axis" if mark == 0 else "grid", LEFT, y, WIDTH - RIGHT, y)
        yield TEXT.format("at-end", LEFT - 6, y + 4, _number(round(mark, 9), names))
    for at, name in enumerate(categories):
        x = LEFT + width * (at + 1 / 2)
        if is_askew:
            yield TURNED.format(x + 4, bottom + 14, -40, name)
        else:
            yield TEXT.format("at-middle", x, bottom + 18, name)
    if axis.get("x_label"):
        yield TEXT.format("at-middle is-title", (LEFT + WIDTH) / 2, HEIGHT - 4, axis["x_label"])
    if axis.get("y_label"):
        yield TURNED.format(11, TOP, -90, axis["y_label"])
    draw = {"bar": _bars, "line": _lines, "area": _areas}[chart["type"]]
    yield from draw(found, scale, width)


def _bars(found: Sequence[Sequence[float]], scale: _Scale, width: float) -> Iterator[Markup]:
    inner = width * 0.8
    each = inner / len(found)
    for at, values in enumerate(found):
        for place, value in enumerate(values):
            x = LEFT + width * place + (width - inner) / 2 + each * at
            top, base = sorted((scale.y(value), scale.y(0)))
            yield RECT.format(at, x, top, max(each - 1, 1), max(base - top, 0))


def _points(values: Sequence[float], scale: _Scale, width: float) -> list[tuple[float, float]]:
    return [(LEFT + width * (place + 1 / 2), scale.y(value)) for place, value in enumerate(values)]


def _lines(found: Sequence[Sequence[float]], scale: _Scale, width: float) -> Iterator[Markup]:
    for at, values in enumerate(found):
        points = _points(values, scale, width)
        for (x1, y1), (x2, y2) in pairwise(points):
            yield LINE.format(f"line c{at}", x1, y1, x2, y2)
        for x, y in points:
            yield DOT.format(at, x, y)


def _areas(found: Sequence[Sequence[float]], scale: _Scale, width: float) -> Iterator[Markup]:
    for at, values in enumerate(found):
        points = _points(values, scale, width)
        base = scale.y(0)
        path = "".join(f"L{x:.1f} {y:.1f}" for x, y in points)
        yield PATH.format(
            f"area c{at}", f"M{points[0][0]:.1f} {base:.1f}{path}L{points[-1][0]:.1f} {base:.1f}Z"
        )
    yield from _lines(found, scale, width)
