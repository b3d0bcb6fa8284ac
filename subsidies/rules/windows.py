"""Calendar months, counted the way the policy counts them: once in Python and once as Polars expressions, with equal
results.

"The same day n months later" is the month's last day where that month is too short. A window of n months ends on the
day *before* that day: 36 months from 2025-09-25 end on 2028-09-24, from 2024-02-29 on 2027-02-27.
"""

from calendar import monthrange
from datetime import date, timedelta

import polars as pl


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later, or the last day of that month where it is too short."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def window_ends_on(first_day: date, months: int) -> date:
    """The last day (included) of the window of `months` calendar months that opens on `first_day`."""
    return add_months(first_day, months) - timedelta(days=1)


def month_of(day: date) -> tuple[date, date]:
    """The calendar month around `day`, half-open."""
    first = day.replace(day=1)
    return first, add_months(first, 1)


def first_whole_month(day: date) -> date:
    """The first day of the first calendar month that lies wholly in what begins on `day`."""
    first, following = month_of(day)
    return day if day == first else following


def add_months_expr(day: pl.Expr, months: int) -> pl.Expr:
    """`add_months` for a Date column; null stays null."""
    return day.dt.offset_by(f"{months}mo")


def window_ends_on_expr(first_day: pl.Expr, months: int) -> pl.Expr:
    """`window_ends_on` for a Date column; null stays null."""
    return add_months_expr(first_day, months).dt.offset_by("-1d")
