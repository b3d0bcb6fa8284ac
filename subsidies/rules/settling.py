"""When a company is settled: it occupies premises (a lease or a desk membership in force) and operates.

All ends are half-open; an end that is null is open, a start that is null is unknown. What is unknown stays null, and
what cannot hold whatever the unknown start is, is false.
"""

from datetime import date

import polars as pl

FAR = date(9999, 12, 31)


def within(day: pl.Expr, start: pl.Expr, until: pl.Expr) -> pl.Expr:
    """True, false or null: `day` lies in [start, until); start null = unknown, until null = open."""
    return pl.all_horizontal(start <= day, until.is_null() | (day < until))


def first_settled(premises: pl.DataFrame, companies: pl.DataFrame, policy_start: date | None) -> pl.DataFrame:
    """The first day on which each company occupies premises and operates, under the policy and at all.

    `premises`: company, first_day (Date), until (Date, null = open) of **all** that a company ever occupied.
    `companies`: company, operating_from, operating_until (Date).
    `policy_start`: the first day of the policy's first version, or None.

    Returns, in the order of `companies`: company; first_settled_on (Date: under the policy; null for never or
    unknown); ever_settled (Boolean: whether there is such a day, past or agreed; null = unknown); moved_in_on (Date:
    the first settled day at all; null for never or unknown). Registration does not matter for any of them.
    """
    runs = premises.join(companies.select("company", "operating_from", "operating_until"), on="company")
    opens = pl.lit(policy_start or FAR)
    until = pl.min_horizontal("until", "operating_until").fill_null(FAR)
    known = pl.col("operating_from").is_not_null()
    start = pl.max_horizontal("first_day", "operating_from")
    start_under_policy = pl.max_horizontal(start, opens)
    days = (
        runs.select(
            "company",
            pl.when(known & (start_under_policy < until)).then(start_under_policy).alias("first_settled_on"),
            pl.when(known & (start < until)).then(start).alias("moved_in_on"),
            (pl.max_horizontal("first_day", opens) < until).alias("could"),
        )
        .group_by("company")
        .agg(pl.col("first_settled_on").min(), pl.col("moved_in_on").min(), pl.col("could").any())
    )
    # Without any premises that could count, an unknown start of operation does not matter.
    undecided = pl.col("operating_from").is_null() & pl.col("could").fill_null(value=False)
    return (
        companies.select("company", "operating_from")
        .join(days, on="company", how="left", maintain_order="left")
        .select(
            "company",
            "first_settled_on",
            pl.when(~undecided).then(pl.col("first_settled_on").is_not_null()).alias("ever_settled"),
            "moved_in_on",
        )
    )
