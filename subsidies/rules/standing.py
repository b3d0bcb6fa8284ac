"""Whether a company is registered and settled, since when, and what it leases: from its periods and its leases.

All ends are half-open; an end that is null is open, a start that is null is unknown. What is unknown stays null, and
what cannot hold whatever the unknown start is, is false.
"""

from datetime import date

import polars as pl

from subsidies.rules.parameters import Timeline
from subsidies.rules.rent import relief_of_month
from subsidies.rules.settling import first_settled, within
from subsidies.rules.windows import month_of


def standing(leases: pl.DataFrame, companies: pl.DataFrame, on: date) -> pl.DataFrame:
    """What holds on the day `on`.

    `leases`: company, area (Int64, 0.01 m²), first_day, until. `companies`: company, registered_from,
    registered_until, operating_from, operating_until. Returns, in the order of `companies`: company, registered
    (Boolean), settled (Boolean), leases_in_force (Int64), leased_area (Int64, 0.01 m²).
    """
    day = pl.lit(on)
    running = leases.lazy().filter(within(day, pl.col("first_day"), pl.col("until")))
    held = running.group_by("company").agg(
        pl.len().cast(pl.Int64).alias("leases_in_force"), pl.col("area").cast(pl.Int64).sum().alias("leased_area")
    )
    operating = within(day, pl.col("operating_from"), pl.col("operating_until"))
    return (
        companies.lazy()
        .join(held, on="company", how="left", maintain_order="left")
        .with_columns(pl.col("leases_in_force", "leased_area").fill_null(0))
        .select(
            "company",
            within(day, pl.col("registered_from"), pl.col("registered_until")).alias("registered"),
            pl.all_horizontal(operating, pl.col("leases_in_force") > 0).alias("settled"),
            "leases_in_force",
            "leased_area",
        )
        .collect()
    )


def facts_of(companies: pl.DataFrame, leases: pl.DataFrame, timeline: Timeline, on: date) -> pl.DataFrame:
    """Every fact that the register and the leases give, ready for `decide`.

    `companies`: company, kind (String), registered_from, registered_until, operating_from, operating_until, founded_on
    (Date), listed, bad_credit (Boolean). `leases`: company, lease (String), area, price, first_day, until, all that
    these companies ever had; units as in `rent.rent_lines`. Returns one row for each company in the same order:
    company and every held fact.
    """
    settled = first_settled(leases, companies, timeline.starts_on)
    month, _ = month_of(on)
    relief = relief_of_month(leases, companies.join(settled, on="company", maintain_order="left"), month, timeline)
    frames = (standing(leases, companies, on), settled, relief)
    whole = companies.rename({"registered_from": "registered_on", "registered_until": "deregistered_on"})
    for frame in frames:
        whole = whole.join(frame, on="company", how="left", maintain_order="left")
    return whole
