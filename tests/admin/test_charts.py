"""Charts: true to their numbers, readable, and free of inline style."""

import re

import pytest

from pythoughts.admin.charts import NARROW, WIDE, Chart, Series, draw, sparkline


def chart(*values, days=None):
    labels = tuple(f"day {number}" for number in range(len(values[0])))
    series = tuple(Series(f"line {number}", line) for number, line in enumerate(values))
    return Chart("key", "Name", "A <title>", "A description", days or labels, series)


@pytest.mark.parametrize(
    ("most", "ceiling"),
    [(0, 4), (3, 4), (4, 4), (5, 8), (39, 40), (41, 60), (400, 400), (999, 1000), (1_000_001, 1_200_000)],
)
def test_the_scale_ends_at_a_round_number_above_everything(most, ceiling):
    assert chart((0, most)).ceiling == ceiling


def test_larger_values_stand_higher():
    path = re.search(r'class="line-1" d="M([^"]+)"', draw(chart((0, 10, 5)), WIDE))[1]
    heights = [float(point.split()[1]) for point in path.split("L")]
    assert heights[1] < heights[2] < heights[0]


def test_names_are_escaped_and_tied_to_the_picture():
    drawn = draw(chart((1, 2)), NARROW)
    assert '<title id="key-340-t">A &lt;title&gt;</title>' in drawn
    assert 'aria-labelledby="key-340-t key-340-d"' in drawn


def test_every_day_tells_its_values_under_the_pointer():
    assert "<title>day 1: 2 line 0 · 7 line 1</title>" in draw(chart((1, 2), (6, 7)), WIDE)


def test_a_day_under_the_chart_is_never_the_same_as_its_neighbour():
    days = re.findall(r'y="230"[^>]*>(day \d+)<', draw(chart(tuple(range(90))), WIDE))
    assert len(days) == len(set(days)) == 6


@pytest.mark.parametrize("values", [(0,), (5,), (0, 0, 0), tuple(range(90))])
def test_a_small_line_is_drawn_of_anything(values):
    drawn = sparkline(values)
    assert "nan" not in drawn
    assert "style" not in drawn
