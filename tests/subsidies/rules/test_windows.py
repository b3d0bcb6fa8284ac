from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidies.rules.windows import add_months, add_months_expr, month_of, window_ends_on, window_ends_on_expr
from tests.subsidies.rules.brute_force import same_day_later

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [
        (date(2025, 9, 25), date(2028, 9, 24)),
        (date(2024, 2, 29), date(2027, 2, 27)),
        (date(2025, 2, 28), date(2028, 2, 27)),
        (date(2025, 10, 1), date(2028, 9, 30)),
        (date(2025, 12, 31), date(2028, 12, 30)),
    ],
)
def test_a_window_of_36_months_ends_the_day_before_the_same_day(first_day, last_day):
    assert window_ends_on(first_day, 36) == last_day


def test_the_last_day_of_a_short_month_counts_as_the_same_day():
    assert add_months(date(2025, 8, 31), 1) == date(2025, 9, 30)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)


def test_a_month_is_half_open():
    assert month_of(date(2024, 12, 31)) == (date(2024, 12, 1), date(2025, 1, 1))


@settings(max_examples=200, deadline=None)
@given(st.lists(DAYS | st.none(), min_size=1, max_size=20), st.integers(1, 240))
def test_expressions_and_python_count_months_alike(days, months):
    frame = pl.DataFrame({"day": days}, schema={"day": pl.Date()})
    later, ends = frame.select(
        add_months_expr(pl.col("day"), months).alias("later"), window_ends_on_expr(pl.col("day"), months).alias("ends")
    )
    assert later.to_list() == [day and add_months(day, months) for day in days]
    assert ends.to_list() == [day and window_ends_on(day, months) for day in days]


@given(DAYS, st.integers(1, 60))
def test_months_equal_a_plain_count(day, months):
    assert add_months(day, months) == same_day_later(day, months)
