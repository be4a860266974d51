"""Lines over days as SVG: classes and geometry only, because the policy for content allows no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import log10

from babel import Locale
from markupsafe import Markup, escape

from pythoughts.i18n import _

SPARK_WIDTH, SPARK_HEIGHT = 96, 28
GRID_LINES = 4
STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
"""What a line of the grid may stand for, times a power of ten."""


@dataclass(frozen=True)
class Series:
    """One line of a chart.

    Attributes:
        label: its name.
        values: one for each day.
    """

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Frame:
    """Where in the picture the lines run, in its own units.

    Attributes:
        width: of the picture.
        height: of the picture.
        days_between: days from one date below the chart to the next, for each 30 that are shown.
        has_tips: whether each day tells its values under the pointer.
    """

    width: int
    height: int
    days_between: int
    has_tips: bool
    left: int = 34
    right: int = 10
    top: int = 8
    bottom: int = 24


WIDE = Frame(720, 236, days_between=5, has_tips=True)
NARROW = Frame(340, 210, days_between=10, has_tips=False)


@dataclass(frozen=True)
class Chart:
    """Lines, the days below them, and what both are called.

    Attributes:
        key: makes the ids inside the page's only ones.
        name: stands above it.
        title: what it shows.
        description: what somebody reads who does not see it.
        days: as they are read.
        series: at most two are told apart by colour.
    """

    key: str
    name: str
    title: str
    description: str
    days: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def ceiling(self) -> float:
        """The upper end of the scale: a round number of grid lines above the largest value."""
        most = max((value for line in self.series for value in line.values), default=0)
        return GRID_LINES * _round_up(max(most, GRID_LINES) / GRID_LINES)


@lru_cache(maxsize=16)
def short_days(days: tuple[date, ...], language: str) -> tuple[str, ...]:
    """Days as charts name them: "5 Nov"; `language` is the one that is spoken now."""
    months = Locale.parse(language).months["format"]["abbreviated"]
    return tuple(str(_("%(day)s %(month)s", day=day.day, month=months[day.month])) for day in days)


@lru_cache(maxsize=64)
def sparkline(values: tuple[int, ...]) -> Markup:
    """A small line without a scale; it repeats what stands beside it."""
    low, high = min(values), max(values)
    across, up = (SPARK_WIDTH - 4) / max(1, len(values) - 1), (SPARK_HEIGHT - 7) / ((high - low) or 1)
    points = [(2 + number * across, SPARK_HEIGHT - 3 - (value - low) * up) for number, value in enumerate(values)]
    line, (x, y) = _path(points), points[-1]
    size = f'viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}"'
    area = f'<path class="spark-area" d="{line}L{x:g} {SPARK_HEIGHT}L2 {SPARK_HEIGHT}Z"/>'
    dot = f'<circle class="spark-dot" cx="{x:.1f}" cy="{y:.1f}" r="2"/>'
    drawn = f'{area}<path class="spark-line" d="{line}"/>{dot}'
    return Markup(f'<svg class="spark" {size} aria-hidden="true">{drawn}</svg>')  # noqa: S704  (numbers only)


@lru_cache(maxsize=32)
def draw(chart: Chart, frame: Frame) -> Markup:
    """The chart in one of its two shapes; the numbers change every few minutes, so the picture is kept."""
    key = f"{chart.key}-{frame.width}"
    texts = f'<title id="{key}-t">{escape(chart.title)}</title><desc id="{key}-d">{escape(chart.description)}</desc>'
    parts = [_grid(chart, frame), *_lines(chart, frame), _dates(chart, frame)]
    if frame.has_tips:
        parts.append(_tips(chart, frame))
    shape = f'viewBox="0 0 {frame.width} {frame.height}" role="img" aria-labelledby="{key}-t {key}-d"'
    body = "".join(parts)
    return Markup(f'<svg class="chart" {shape}>{texts}{body}</svg>')  # noqa: S704  (each text in it is escaped)


def _x(chart: Chart, frame: Frame, number: int) -> float:
    return frame.left + number * (frame.width - frame.left - frame.right) / max(1, len(chart.days) - 1)


def _y(chart: Chart, frame: Frame, value: float) -> float:
    return frame.top + (frame.height - frame.top - frame.bottom) * (1 - value / chart.ceiling)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _grid(chart: Chart, frame: Frame) -> str:
    marks = []
    for step in range(GRID_LINES + 1):
        value = chart.ceiling * step / GRID_LINES
        y = _y(chart, frame, value)
        marks.append(f'<path class="grid" d="M{frame.left} {y:.1f}H{frame.width - frame.right}"/>')
        marks.append(f'<text class="tick" x="{frame.left - 6}" y="{y + 3.5:.1f}" text-anchor="end">{value:g}</text>')
    return "".join(marks)


def _lines(chart: Chart, frame: Frame) -> list[str]:
    drawn = []
    for number, line in enumerate(chart.series, 1):
        points = [(_x(chart, frame, day), _y(chart, frame, value)) for day, value in enumerate(line.values)]
        path, (x, y), floor = _path(points), points[-1], _y(chart, frame, 0)
        if number == 1:
            drawn.append(f'<path class="area" d="{path}L{x:.1f} {floor:.1f}L{frame.left} {floor:.1f}Z"/>')
        drawn.append(f'<path class="line-{number}" d="{path}"/>')
        drawn.append(f'<circle class="end-{number}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
    return drawn


def _dates(chart: Chart, frame: Frame) -> str:
    last = len(chart.days) - 1
    every = max(1, frame.days_between * len(chart.days) // 30)
    return "".join(
        f'<text class="tick" x="{_x(chart, frame, number):.1f}" y="{frame.height - 6}" '
        f'text-anchor="{"end" if number == last else "middle"}">{escape(chart.days[number])}</text>'
        for number in range(last, 0, -every)
    )


def _tips(chart: Chart, frame: Frame) -> str:
    """A strip for each day that shows its values in the browser's own tip."""
    wide = (frame.width - frame.left - frame.right) / max(1, len(chart.days) - 1)
    low = frame.height - frame.bottom
    tips = []
    for number, day in enumerate(chart.days):
        x = _x(chart, frame, number)
        values = " · ".join(f"{line.values[number]} {line.label}" for line in chart.series)
        strip = f'<path class="hit" d="M{x - wide / 2:.1f} {frame.top}h{wide:.1f}V{low}h-{wide:.1f}Z"/>'
        cross = f'<path class="cross" d="M{x:.1f} {frame.top}V{low}"/>'
        tips.append(f"<g><title>{escape(f'{day}: {values}')}</title>{strip}{cross}</g>")
    return "".join(tips)


def _round_up(number: float) -> float:
    """The next number that is easy to read; never a fraction, because people and posts are whole."""
    power = 10.0 ** int(log10(number))
    steps = [step * power for step in STEPS]
    return min(step for step in steps if step >= number and step.is_integer())
