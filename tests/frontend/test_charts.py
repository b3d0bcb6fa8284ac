"""The geometry of the charts: bars stand on the axis, none is cut off, labels stay few."""

import itertools
from decimal import Decimal

import pytest

from core import charts


@pytest.mark.parametrize(
    ("highest", "top"),
    [("0", "1"), ("1", "1"), ("1.01", "2"), ("9", "10"), ("10", "10"), ("10.01", "20"), ("78500", "100000")],
)
def test_the_axis_ends_at_a_round_value_that_is_not_below_the_highest(highest: str, top: str) -> None:
    assert charts.top_of_axis(Decimal(highest)) == Decimal(top)


def test_the_highest_possible_bar_fills_the_room_and_zero_has_no_height() -> None:
    chart = charts.bar_chart(["a", "b"], [[Decimal(100), Decimal(0)]])
    full, none = chart.bars
    assert full.y == charts.TOP
    assert full.height == charts.HEIGHT - charts.TOP - charts.BOTTOM
    assert (none.height, none.y) == (0, charts.HEIGHT - charts.BOTTOM)


def test_bars_stay_inside_of_the_chart_and_do_not_overlap() -> None:
    chart = charts.bar_chart([str(n) for n in range(36)], [list(range(36)), list(range(36))])
    bars = sorted(chart.bars, key=lambda bar: bar.x)
    assert bars[0].x >= charts.LEFT
    assert bars[-1].x + bars[-1].width <= chart.right
    assert all(left.x + left.width <= right.x + 0.11 for left, right in itertools.pairwise(bars))


def test_of_more_than_two_years_six_months_are_named() -> None:
    assert len(charts.bar_chart([str(n) for n in range(36)], [[1] * 36]).labels) == 6


def test_no_more_than_twelve_labels_are_written() -> None:
    assert len(charts.bar_chart([str(n) for n in range(12)], [[1] * 12]).labels) == 12
    assert len(charts.bar_chart([str(n) for n in range(13)], [[1] * 13]).labels) == 7


def test_a_series_with_a_value_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="one value a label"):
        charts.bar_chart(["a", "b"], [[1]])


def test_a_chart_of_nothing_is_empty() -> None:
    assert charts.bar_chart([], []).bars == ()


def test_one_value_has_no_course() -> None:
    assert charts.sparkline([1]) is None


def test_a_level_course_is_a_level_line() -> None:
    spark = charts.sparkline([5, 5, 5])
    assert spark is not None
    assert {point.split(",")[1] for point in spark.line.split()} == {"25.0"}
