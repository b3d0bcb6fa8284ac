"""What each type of column takes and what it tells about the rest."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from core.interchange.columns import Choice, Column, Day, Exact, Month, Text, Whole, YesNo, first_fault

AREA = Exact(name="a", places=2, above_minimum=True, maximum=Decimal(100_000))
PRICE = Exact(name="a", places=4, maximum=Decimal(10_000))
COUNT = Whole(name="a", minimum=1, maximum=12)


def read(column: Column, text: str | None) -> tuple[object, str | None]:
    """The value and the fault of one cell."""
    cells = pl.DataFrame({"a": pl.Series([text], dtype=pl.String)})
    return cells.select(column.value()).item(), cells.select(first_fault(column)).item()


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (AREA, "0.01", Decimal("0.01")),
        (AREA, "100000.00", Decimal("100000.00")),
        (AREA, "7", Decimal("7.00")),
        (PRICE, "0", Decimal("0.0000")),
        (PRICE, "3.0417", Decimal("3.0417")),
        (COUNT, "1", 1),
        (COUNT, "12", 12),
        (Day(name="a"), "2024-02-29", dt.date(2024, 2, 29)),
        (Day(name="a"), "1800-01-01", dt.date(1800, 1, 1)),
        (Day(name="a"), "2199-12-31", dt.date(2199, 12, 31)),
        (Month(name="a"), "2026-02", dt.date(2026, 2, 1)),
        (YesNo(name="a"), "yes", True),
        (YesNo(name="a"), "no", False),
        (Choice(name="a", values=("x", "y")), "y", "y"),
        (Text(name="a", max_length=2), "灵犀", "灵犀"),
    ],
)
def test_a_good_cell_is_read_exactly(column, text, value):
    assert read(column, text) == (value, None)


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        (AREA, "0", "must be more than 0"),
        (AREA, "0.00", "must be more than 0"),
        (AREA, "-1", "must be more than 0"),
        (AREA, "100000.01", "at most 100000"),
        (AREA, "1.005", "more than 2 decimal places"),
        (AREA, "1.500", "more than 2 decimal places"),
        (AREA, "1,5", "is not a number"),
        (AREA, "1e3", "is not a number"),
        (AREA, "1.", "is not a number"),
        (AREA, ".5", "is not a number"),
        (AREA, "NaN", "is not a number"),
        (AREA, "9" * 40, "is too large"),
        (AREA, "１２", "is not a number"),
        (COUNT, "１２", "is not a whole number"),
        (Day(name="a"), "２０２５-02-03", "write it as YYYY-MM-DD"),
        (Month(name="a"), "２０２６-02", "write it as YYYY-MM"),
        (PRICE, "3.04171", "more than 4 decimal places"),
        (PRICE, "-0.0001", "must lie between 0 and 10000"),
        (PRICE, "10000.0001", "must lie between 0 and 10000"),
        (COUNT, "0", "is not between 1 and 12"),
        (COUNT, "13", "is not between 1 and 12"),
        (COUNT, "1.0", "is not a whole number"),
        (Day(name="a"), "2025-02-29", "not a day of the calendar"),
        (Day(name="a"), "2025-2-3", "write it as YYYY-MM-DD"),
        (Day(name="a"), "03.02.2025", "write it as YYYY-MM-DD"),
        (Day(name="a"), "2025-02-03 00:00", "write it as YYYY-MM-DD"),
        (Day(name="a"), "1799-12-31", "lies outside"),
        (Day(name="a"), "9999-12-31", "leave the cell empty for an open end"),
        (Month(name="a"), "2026-13", "write it as YYYY-MM"),
        (Month(name="a"), "2026-2", "write it as YYYY-MM"),
        (YesNo(name="a"), "true", "neither yes nor no"),
        (YesNo(name="a"), "Yes", "neither yes nor no"),
        (Choice(name="a", values=("x", "y")), "z", "is none of x, y"),
        (Text(name="a", max_length=2), "abc", "longer than 2 characters"),
        (Text(name="a", max_length=9), "a\nb", "line break"),
        (Text(name="a", max_length=9), "a\x00b", "control character"),
        (Text(name="a", max_length=9), "a\u202eb", "control character"),
        (Text(name="a", max_length=9, pattern=r"^\d+$", form="is no number"), "1a", "is no number"),
    ],
)
def test_a_bad_cell_is_told_in_words(column, text, told):
    assert told in str(read(column, text)[1])


def test_an_empty_cell_is_unknown_unless_it_is_required():
    assert read(Day(name="a"), None) == (None, None)
    assert read(Day(name="a", required=True), None) == (None, "is missing")
