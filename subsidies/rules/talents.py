"""Which of a company's talents count for the talent award.

`talents`: company, talent, grade (a to e, null = not graded yet), employed_from, employed_until (half-open), awarded
(Boolean: anywhere). A talent counts who is employed on the day, was never awarded, has a class, and has been employed
for the months that the policy asks for; those who do not yet hold nobody else up.
"""

from datetime import date

import polars as pl

from subsidies.rules.catalogue import TALENT_CLASSES
from subsidies.rules.counting import count_of, for_all, levels
from subsidies.rules.settling import within
from subsidies.rules.windows import add_months_expr

LEVELS = ("talents", "talents_unawarded", "talents_recognised")


def talent_items(talents: pl.DataFrame, months: int, on: date) -> pl.DataFrame:
    """The talents whose employment may include `on`, each with the cascade talents, talents_unawarded,
    talents_recognised (Boolean, null while the start of employment or the class is not known), and counts: all of it
    certainly holds, and the employment has lasted for `months`."""
    employed = within(pl.lit(on), pl.col("employed_from"), pl.col("employed_until"))
    graded = pl.when(pl.col("grade").is_in(TALENT_CLASSES)).then(pl.lit(value=True))
    demands = {"talents": employed, "talents_unawarded": ~pl.col("awarded"), "talents_recognised": graded}
    served = add_months_expr(pl.col("employed_from"), months) <= on
    there = talents.filter(employed.fill_null(value=True) & pl.col("company").is_not_null())
    return levels(there, demands).with_columns(pl.col("counts") & served.fill_null(value=False))


def talent_facts(talents: pl.DataFrame, companies: pl.DataFrame, months: int, on: date) -> pl.DataFrame:
    """In the order of `companies`: company; the levels of `talent_items` (counts; of a company without a talent the
    first is 0, the others are null); talents_employed_from (Date: the earliest start among those that came furthest);
    talents_a to talents_e (how many of each class count, null while that none does is not certain)."""
    items = talent_items(talents, months, on)
    start = pl.col("employed_from")
    earliest = pl.coalesce(start.filter(pl.col(name)).min() for name in reversed(LEVELS))
    found = (
        items.group_by("company")
        .agg(
            *(count_of(pl.col(name)).alias(name) for name in LEVELS),
            earliest.alias("talents_employed_from"),
            *(
                (pl.col("counts") & (pl.col("grade") == grade)).sum().cast(pl.Int64).alias(f"talents_{grade}")
                for grade in TALENT_CLASSES
            ),
        )
        .with_columns(
            pl.when(pl.all_horizontal(pl.col(*LEVELS).is_not_null()))
            .then(pl.col(f"talents_{grade}"))
            .alias(f"talents_{grade}")
            for grade in TALENT_CLASSES
        )
    )
    return for_all(companies, found, ("talents", *(f"talents_{grade}" for grade in TALENT_CLASSES)))
