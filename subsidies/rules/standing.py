"""Whether a company is registered and settled on a day, and what it leases: from its periods and its leases.

All ends are half-open; an end that is null is open, a start that is null is unknown. What is unknown stays null, and
what cannot hold whatever the unknown start is, is false.
"""

from datetime import date

import polars as pl

from subsidies.rules.settling import within


def standing(leases: pl.DataFrame, premises: pl.DataFrame, companies: pl.DataFrame, on: date) -> pl.DataFrame:
    """What holds on the day `on`.

    `leases`: company, area (Int64, 0.01 m²), first_day, until. `premises`: company, first_day, until of the leases and
    of all else that is occupied. `companies`: company, registered_from,
    registered_until, operating_from, operating_until. Returns, in the order of `companies`: company, registered
    (Boolean), settled (Boolean), leases_in_force (Int64), leased_area (Int64, 0.01 m²).
    """
    day = pl.lit(on)
    running = leases.filter(within(day, pl.col("first_day"), pl.col("until")))
    held = running.group_by("company").agg(
        pl.len().cast(pl.Int64).alias("leases_in_force"), pl.col("area").cast(pl.Int64).sum().alias("leased_area")
    )
    there = premises.filter(within(day, pl.col("first_day"), pl.col("until"))).select("company", there=True).unique()
    operating = within(day, pl.col("operating_from"), pl.col("operating_until"))
    return (
        companies.join(held, on="company", how="left", maintain_order="left")
        .join(there, on="company", how="left", maintain_order="left")
        .with_columns(pl.col("leases_in_force", "leased_area").fill_null(0), pl.col("there").fill_null(value=False))
        .select(
            "company",
            within(day, pl.col("registered_from"), pl.col("registered_until")).alias("registered"),
            pl.all_horizontal(operating, "there").alias("settled"),
            "leases_in_force",
            "leased_area",
        )
    )
