"""The figures of each cohort on a day. A company counts once it had come to the zone, and in each of its cohorts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from companies.choices import Stage
from zone_portal.dashboard.measures.business import business
from zone_portal.dashboard.overview.presence import stages_on
from zone_portal.dashboard.overview.tenancies import in_force, tenancies
from zone_portal.dashboard.survival.comparison import Comparison, Group, compare
from zone_portal.dashboard.survival.groups import NONE


@dataclass(frozen=True)
class CohortFigures:
    """One cohort. `jobs` and `revenue` (yuan) are sums over the companies that told them, `jobs_told` and
    `revenue_told` of how many; None where nobody did. `stages` leads from a stage ("": none known) to its companies."""

    group: Group
    in_zone: int
    stages: Mapping[str, int]
    jobs: int | None
    jobs_told: int
    revenue: Decimal | None
    revenue_told: int


def figures_of(on: dt.date) -> list[CohortFigures]:
    """A row for each cohort in which somebody had come by the day, in the order of their codes."""
    found = compare(on, "named")
    told = companies_of(found)
    parts = told.partition_by("group", as_dict=True)
    return [_figures(group, parts[(group.key,)]) for group in found.groups if group.key != NONE]


def companies_of(found: Comparison) -> pl.DataFrame:
    """group, company, came_on, in_zone, stage, employees and employees_until, revenue (fen) and revenue_until: a row
    for each cohort of a company. Employees and revenue are those of what the zone measures (`measures.business`)."""
    on = found.on
    days = found.stays.select(pl.col("company").unique(), pl.lit(on).alias("on"))
    told = business(on, days).select(
        "company", "employees", "revenue", employees_until="told_until", revenue_until="until"
    )
    there = tenancies().filter(in_force(on)).select(pl.col("company").unique(), pl.lit(value=True).alias("in_zone"))
    stages = stages_on(days.rename({"on": "day"}))
    return (
        found.stays.select("group", "company", "came_on")
        .join(there, on="company", how="left").with_columns(pl.col("in_zone").fill_null(value=False))
        .join(stages, on="company", how="left")
        .join(told, on="company", how="left")
        .sort("group", "company")
    )  # fmt: skip


def _figures(group: Group, rows: pl.DataFrame) -> CohortFigures:
    counts = dict(rows["stage"].value_counts().iter_rows())
    jobs_told, revenue_told = (rows[name].drop_nulls().len() for name in ("employees", "revenue"))
    return CohortFigures(
        group=group,
        in_zone=int(rows["in_zone"].sum()),
        stages={stage: counts[stage] for stage in _in_order(counts)},
        jobs=int(rows["employees"].sum()) if jobs_told else None,
        jobs_told=jobs_told,
        revenue=Decimal(int(rows["revenue"].sum())) / 100 if revenue_told else None,
        revenue_told=revenue_told,
    )


def _in_order(counts: Mapping[str, int]) -> Sequence[str]:
    return [stage for stage in (*Stage.values, "") if counts.get(stage)]
