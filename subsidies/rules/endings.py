"""Whose monthly relief ends soon: the ends of the windows of rent waiver and interest support, for any number of
companies at once.

People are told so many months before. The day for it is the same day of the month, so many months before the last day
of the window, or that month's last day where it is too short: every window has exactly one day for each step.
"""

from datetime import date

import polars as pl

from subsidies.rules.borrowing import first_loan
from subsidies.rules.parameters import Timeline
from subsidies.rules.settling import first_settled
from subsidies.rules.windows import add_months, add_months_expr

STEPS = (6, 3, 1)  # months before the last day


def rent_windows(companies: pl.DataFrame, premises: pl.DataFrame, timeline: Timeline, on: date) -> pl.DataFrame:
    """company, ends_on (Date: the last day of the waiver window that is open on `on`), in the order of `companies`;
    only those that have one.

    Takes frames of `records.Records`: all that these companies ever occupied. A published later version may
    move the end: the window is over on the first day on which the version in force then says so.
    """
    opened = first_settled(premises, companies, timeline.starts_on).select("company", opened_on="first_settled_on")
    return _open(opened, "rent_waiver.months", timeline, on)


def interest_windows(companies: pl.DataFrame, loans: pl.DataFrame, timeline: Timeline, on: date) -> pl.DataFrame:
    """The same of the window of interest support. `loans`: every one that these companies ever drew."""
    opened = first_loan(loans, companies, timeline.starts_on).select("company", opened_on="first_loan_on")
    return _open(opened, "loan_interest.months", timeline, on)


def _open(opened: pl.DataFrame, months: str, timeline: Timeline, on: date) -> pl.DataFrame:
    """Of the windows that open on `opened_on` those that are open on `on`."""
    over = pl.min_horizontal(_over_within(months, timeline, on))
    return (
        opened.lazy()
        .filter(pl.col("opened_on") <= on)
        .select("company", over.alias("over"))
        .filter(pl.col("over") > on)
        .select("company", pl.col("over").dt.offset_by("-1d").alias("ends_on"))
        .collect()
    )


def _over_within(months: str, timeline: Timeline, on: date) -> list[pl.Expr]:
    """For each version from `on` on: the first of its days on which a window is over that lasts as long as its
    parameter `months` says; null where none is."""
    pieces = [piece for piece in timeline.pieces(on, date.max) if piece.parameters]
    found: list[pl.Expr] = []
    for piece in pieces:
        length = piece.parameters[months] if piece.parameters else 0
        day = pl.max_horizontal(add_months_expr(pl.col("opened_on"), length), pl.lit(piece.first))
        found.append(pl.when(day < piece.until).then(day))
    return found or [pl.lit(None, dtype=pl.Date())]


def told_on(ends_on: date, months: int) -> date:
    """The day on which people are told that a window ends in so many months."""
    return add_months(ends_on, -months)


def due(found: pl.DataFrame, since: date, on: date) -> pl.DataFrame:
    """Of `rent_windows` or `interest_windows` those of which people are told on a day from `since` to `on`, both
    included: company, ends_on, months (Int64: of STEPS), told_on (Date)."""
    steps = [
        found.with_columns(
            pl.lit(months, dtype=pl.Int64).alias("months"),
            add_months_expr(pl.col("ends_on"), -months).alias("told_on"),
        )
        for months in STEPS
    ]
    return pl.concat(steps).filter(pl.col("told_on").is_between(since, on)).sort("told_on", "ends_on", "company")
