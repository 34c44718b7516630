"""Charts; docs.slack.dev/reference/block-kit/blocks/data-visualization-block."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sandbox.protocol.kit.base import MESSAGES, ByType, Part, Text, fault, unique
from sandbox.protocol.kit.blocks import BlockBase

Name = Annotated[Text, Field(max_length=20)]
AxisTitle = Annotated[Text, Field(max_length=50)]
Value = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Segment(Part):
    """A slice of a pie."""

    label: Name
    value: Annotated[Value, Field(gt=0)]


class DataPoint(Part):
    """The value a series has in one of the categories."""

    label: Name
    value: Value


class DataSeries(Part):
    """The values that are drawn as one line, area or colour of bars."""

    name: Name
    data: Annotated[list[DataPoint], Field(min_length=1, max_length=20)]


class AxisConfig(Part):
    """The categories along the one axis, and the titles of both."""

    categories: list[Name]
    x_label: AxisTitle | None = None
    y_label: AxisTitle | None = None


class PieChart(Part):
    """A pie."""

    type: Literal["pie"]
    segments: Annotated[list[Segment], Field(min_length=1, max_length=6)]


class SeriesChart(Part):
    """What the charts with axes have: a value for each category in each series.

    The page has at most 6 series; 12 are what the client slack-morphism 2.30 knows.
    """

    series: Annotated[list[DataSeries], Field(min_length=1, max_length=12), unique("name")]
    axis_config: AxisConfig

    @model_validator(mode="after")
    def _fills_the_categories(self) -> Self:
        for at, series in enumerate(self.series):
            if {point.label for point in series.data} != set(self.axis_config.categories):
                raise fault("labels must match the categories of the axis", "series", at, "data")
        return self


class BarChart(SeriesChart):
    """Bars."""

    type: Literal["bar"]


class AreaChart(SeriesChart):
    """Areas."""

    type: Literal["area"]


class LineChart(SeriesChart):
    """Lines."""

    type: Literal["line"]


class DataVisualizationBlock(BlockBase):
    """A chart with its heading."""

    surfaces = MESSAGES
    type: Literal["data_visualization"]
    title: Annotated[Text, Field(max_length=50)]
    chart: Annotated[PieChart | BarChart | AreaChart | LineChart, ByType()]
