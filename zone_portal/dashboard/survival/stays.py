"""How long each company has stayed: from the first day of its first lease or desk to the day on which it was gone.

What came after a gap is the same stay (docs/adr/0034): who came back had not left.
"""

import datetime as dt

import polars as pl

TICKS = 31
"""So many ticks make a month: a time is a number of whole calendar months and the days after them, and two of the same
are equal, whatever the months' lengths. A lease of a year lasts twelve months, in a leap year too."""


def stays(held: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """One row for each company that came up to the day `on`. `held` is the frame of `tenancies`.

    company, came_on, left_on (the first day without a lease or desk; null for who was in the zone on the day, or came
    back after it), time in ticks from came_on to left_on or to the day, and left.
    """
    until = pl.col("until")
    by_company = held.group_by("company").agg(
        pl.col("first_day").min().alias("came_on"),
        pl.when(until.is_null().any()).then(None).otherwise(until.max()).alias("until"),
    )
    left = until.is_not_null() & (until <= on)
    return (
        by_company.filter(pl.col("came_on") <= on)
        .with_columns(pl.when(left).then(until).alias("left_on"))
        .select(
            "company",
            "came_on",
            "left_on",
            ticks(pl.col("came_on"), pl.col("left_on").fill_null(on)).alias("time"),
            pl.col("left_on").is_not_null().alias("left"),
        )
        .sort("company")
    )


def ticks(first: pl.Expr, end: pl.Expr) -> pl.Expr:
    """The time from one day to another that is not before it, in ticks."""
    span = (end.dt.year() - first.dt.year()).cast(pl.Int64) * 12 + end.dt.month() - first.dt.month()
    months = span - (_months_after(first, span) > end).cast(pl.Int64)
    return months * TICKS + (end - _months_after(first, months)).dt.total_days()


def _months_after(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """The same day of the month so many months later, or the last of that month where it is too short."""
    return day.dt.offset_by(pl.format("{}mo", months))
