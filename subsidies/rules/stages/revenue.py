"""Revenue over some months as quarterly and yearly reports tell it, and how it grew over the years.

A company reports by the quarter or the year, whichever it likes in which year. Exact: integer fen, and growth by
integer roots.
"""

import polars as pl

from subsidies.rules.stages.facts import MOST_GROWTH
from subsidies.rules.windows import add_months_expr

YEAR = 12
QUARTER = 3
HUNDRED_PERCENT = 10_000  # in hundredths of a percent

Sums = list[pl.DataFrame]


def revenue_of(reports: pl.DataFrame, quarters: int) -> pl.DataFrame:
    """company, month (counted from year 0), until (Date), revenue: of the 3 × `quarters` months that end in each month
    in which a report ended, as far as reports without a gap cover them. A yearly report goes before four quarters."""
    told = _by_month(reports)
    sums: Sums = []
    for count in range(1, quarters + 1):
        found = _preceded(told, sums, count - YEAR // QUARTER, YEAR, "before_year")
        found = _preceded(found, sums, count - 1, QUARTER, "before_quarter")
        by_year, by_quarter = pl.col("year") + pl.col("before_year"), pl.col("quarter") + pl.col("before_quarter")
        sums.append(found.select("company", "month", "until", revenue=pl.coalesce(by_year, by_quarter)).drop_nulls())
    return sums[-1]


def _by_month(reports: pl.DataFrame) -> pl.DataFrame:
    """company, month, until, year, quarter: what reports that ended in the month say of the year and the quarter."""
    ended = pl.col("period_end").dt.year().cast(pl.Int64) * YEAR + pl.col("period_end").dt.month()
    revenue, months = pl.col("revenue"), pl.col("months")
    return (
        reports.drop_nulls("revenue")
        .with_columns(month=ended)
        .sort("period_end")
        .group_by("company", "month")
        .agg(
            pl.col("period_end").last().alias("until"),
            revenue.filter(months == YEAR).last().alias("year"),
            revenue.filter(months == QUARTER).last().alias("quarter"),
        )
    )


def _preceded(told: pl.DataFrame, sums: Sums, count: int, months: int, name: str) -> pl.DataFrame:
    """`told` with the revenue of the `count` quarters that ended `months` before, as column `name`; 0 for no quarters,
    null for fewer than none."""
    if count <= 0:
        return told.with_columns(pl.lit(None if count else 0, dtype=pl.Int64).alias(name))
    earlier = sums[count - 1].select("company", pl.col("month") + months, pl.col("revenue").alias(name))
    return told.join(earlier, on=["company", "month"], how="left")


def latest(revenues: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """The newest row of each company, where it is not older than a year on the company's day: until the same day a year
    after the last of its months."""
    fresh = revenues.join(days, on="company").filter(add_months_expr(pl.col("until"), YEAR) >= pl.col("on"))
    return fresh.sort("month").group_by("company").last()


def growth(years: pl.DataFrame, days: pl.DataFrame, span: int) -> pl.DataFrame:
    """company, revenue_growth: by how much the revenue of twelve months grew a year over `span` years, in hundredths of
    a percent, rounded down. `years` is of `revenue_of`; the newest twelve months count of which both ends are told."""
    earlier = years.select("company", pl.col("month") + span * YEAR, pl.col("revenue").alias("earlier"))
    pairs = latest(years.join(earlier, on=["company", "month"]), days)
    grown = [rate(after, before, span) for before, after in pairs.select("earlier", "revenue").iter_rows()]
    return pairs.select("company").with_columns(pl.Series("revenue_growth", grown, dtype=pl.Int64))


def rate(after: int, before: int, years: int) -> int:
    """The yearly growth that turns `before` into no more than `after` in so many years, in hundredths of a percent,
    rounded down. From nothing to something is MOST_GROWTH."""
    if before == 0:
        return MOST_GROWTH if after else 0
    grown = root(after * HUNDRED_PERCENT**years // before, years) - HUNDRED_PERCENT
    return min(grown, MOST_GROWTH)


def root(number: int, degree: int) -> int:
    """The largest whole number whose power of the `degree` is no more than `number`, by Newton's method from above."""
    if number == 0:
        return 0
    guess = 1 << -(-number.bit_length() // degree)
    while True:
        closer = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if closer >= guess:
            return guess
        guess = closer
