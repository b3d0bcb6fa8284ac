"""What was granted before: whether the settlement support was, and how much of each yearly maximum is used up.

A grant counts from its own day on, so that a decision as of an earlier day comes out as it did then.
"""

from datetime import date

import polars as pl

from subsidies.rules.counting import for_all
from subsidies.rules.facts import MOST_FEN

YEARLY = {
    "talent_granted_this_year": ("talent", None),
    "model_granted_this_year": ("ai_vouchers", "model"),
    "compute_granted_this_year": ("ai_vouchers", "compute"),
    "activities_granted_this_year": ("activities", None),
}


def grant_facts(grants: pl.DataFrame, companies: pl.DataFrame, on: date) -> pl.DataFrame:
    """In the order of `companies`: company; setup_costs_granted (Boolean); and what was granted in the calendar year
    of `on`, up to that day (fen), by the names of YEARLY."""
    known = grants.filter(pl.col("granted_on") <= on)
    this_year = pl.col("granted_on") >= on.replace(month=1, day=1)
    found = known.group_by("company").agg(
        (pl.col("point") == "settlement").any().alias("setup_costs_granted"),
        *(
            pl.col("amount")
            .filter(this_year & (pl.col("point") == point) & _is_part(part))
            .sum()
            .clip(upper_bound=MOST_FEN)
            .alias(name)
            for name, (point, part) in YEARLY.items()
        ),
    )
    return for_all(companies, found, YEARLY).with_columns(pl.col("setup_costs_granted").fill_null(value=False))


def _is_part(part: str | None) -> pl.Expr:
    return pl.col("part") == part if part else pl.lit(value=True)
