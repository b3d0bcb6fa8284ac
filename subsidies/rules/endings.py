"""Whose rent relief ends soon: the end of the waiver window, for any number of companies at once.

People are told so many months before. The day for it is the same day of the month, so many months before the last day
of the window, or that month's last day where it is too short: every window has exactly one day for each step.
"""

from datetime import date

import polars as pl

from subsidies.rules.parameters import Timeline
from subsidies.rules.rent import rent_lines
from subsidies.rules.settling import first_settled
from subsidies.rules.windows import add_months, add_months_expr

STEPS = (6, 3, 1)  # months before the last day


def windows(companies: pl.DataFrame, leases: pl.DataFrame, timeline: Timeline, on: date) -> pl.DataFrame:
    """company, ends_on (Date: the last day of the window that is open on `on`), in the order of `companies`; only those
    that have one.

    Takes the frames of `records.Records`: every lease that these companies ever had. A published later version may
    move the end: the window is over on the first day on which the version in force then says so.
    """
    settled = first_settled(leases, companies, timeline.starts_on).select("company", "first_settled_on")
    over = pl.min_horizontal(_over_within(timeline, on))
    return (
        settled.lazy()
        .filter(pl.col("first_settled_on") <= on)
        .select("company", over.alias("over"))
        .filter(pl.col("over") > on)
        .select("company", pl.col("over").dt.offset_by("-1d").alias("ends_on"))
        .collect()
    )


def _over_within(timeline: Timeline, on: date) -> list[pl.Expr]:
    """For each version from `on` on: the first of its days on which the window is over; null where none is."""
    pieces = [piece for piece in timeline.pieces(on, date.max) if piece.parameters]
    found: list[pl.Expr] = []
    for piece in pieces:
        months = piece.parameters["rent_waiver.months"] if piece.parameters else 0
        day = pl.max_horizontal(add_months_expr(pl.col("first_settled_on"), months), pl.lit(piece.first))
        found.append(pl.when(day < piece.until).then(day))
    return found or [pl.lit(None, dtype=pl.Date())]


def told_on(ends_on: date, months: int) -> date:
    """The day on which people are told that a window ends in so many months."""
    return add_months(ends_on, -months)


def due(found: pl.DataFrame, since: date, on: date) -> pl.DataFrame:
    """Of `windows` those of which people are told on a day from `since` to `on`, both included: company, ends_on,
    months (Int64: of STEPS), told_on (Date)."""
    steps = [
        found.with_columns(
            pl.lit(months, dtype=pl.Int64).alias("months"),
            add_months_expr(pl.col("ends_on"), -months).alias("told_on"),
        )
        for months in STEPS
    ]
    return pl.concat(steps).filter(pl.col("told_on").is_between(since, on)).sort("told_on", "ends_on", "company")


def rent_after(companies: pl.DataFrame, leases: pl.DataFrame, ends_on: date, timeline: Timeline) -> pl.DataFrame:
    """What these companies, whose windows end on one day, pay in the first whole month after it: company, rent (fen;
    those without a lease in that month are not there)."""
    month = add_months(ends_on.replace(day=1), 1)
    lines = rent_lines(leases, companies, month, timeline)
    return lines.group_by("company", maintain_order=True).agg(pl.col("payable_fen").sum().alias("rent"))
