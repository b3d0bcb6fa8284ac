"""The geometry of the charts: bars stand on the axis, none is cut off, labels stay few."""

import itertools
import re
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


# --- Steps ---------------------------------------------------------------------------------------------------------

BOTTOM = charts.HEIGHT - charts.BOTTOM


def places(path: str) -> list[float]:
    return [float(x) for x in re.findall(r"[MH]([\d.]+)", path)]


def test_a_curve_of_steps_begins_with_all_and_falls_where_somebody_leaves() -> None:
    chart = charts.step_chart([[(12, 0.5, 0.25, 0.75), (24, 0, 0, 0)]], every=12)
    (stairs,) = chart.stairs
    assert chart.labels == ((0, 58.0), (12, 347.0), (24, 636.0))
    assert stairs.line == f"M58 10H347V103H636V{BOTTOM}"
    assert stairs.band == f"M58 10H347V56.5H636V{BOTTOM}V{BOTTOM}H636V149.5H347V10Z"


def test_the_axis_of_steps_ends_at_a_whole_year_with_few_labels() -> None:
    assert charts.step_chart([[(24.1, 1, 1, 1)]], every=12).labels[-1][0] == 36
    assert charts.step_chart([], every=12).labels[-1][0] == 12
    years = [label for label, _x in charts.step_chart([[(240, 1, 1, 1)]], every=12).labels]
    assert years == list(range(0, 241, 36))


def test_of_steps_that_lie_close_the_last_one_is_drawn_and_the_end_is_kept() -> None:
    many = [(n / 100, 1 - n / 10_000, 1 - n / 10_000, 1 - n / 10_000) for n in range(1, 10_000)]
    (stairs,) = charts.step_chart([many], every=12).stairs
    xs = places(stairs.line)
    assert len(xs) < (charts.WIDTH - charts.LEFT) / charts.STEP + 3
    assert xs == sorted(xs)
    assert xs[-1] == pytest.approx(charts.LEFT + 99.99 / 108 * (charts.WIDTH - charts.LEFT - charts.RIGHT), abs=0.1)
    assert stairs.line.endswith(f"V{BOTTOM}")


def test_curves_are_numbered_for_their_patterns_and_one_without_steps_is_all_there() -> None:
    chart = charts.step_chart([[(6, 1, 1, 1)], []], every=12)
    assert [stairs.series for stairs in chart.stairs] == [1, 2]
    assert chart.stairs[1].line == "M58 10"


def test_steps_that_go_back_are_refused() -> None:
    with pytest.raises(ValueError, match="never back"):
        charts.step_chart([[(6, 1, 1, 1), (5, 1, 1, 1)]], every=12)
