"""The figures of each cohort on a day. A company counts once it had come to the zone, and in each of its cohorts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from companies.choices import Stage
from companies.models import Report
from core.frames import read_frame
from subsidies.rules.stages.revenue import YEAR, latest, revenue_of
from zone_portal.dashboard.overview.presence import stages_on
from zone_portal.dashboard.overview.tenancies import in_force, tenancies
from zone_portal.dashboard.survival.comparison import Comparison, Group, compare
from zone_portal.dashboard.survival.groups import NONE

QUARTERS = YEAR // 3
# Verified, valid, and over by the day. The revenue in fen.
REPORTS = f"""
    SELECT company_id, period_end, months, (revenue * 100)::bigint, employees
    FROM {Report._meta.db_table}
    WHERE voided_at IS NULL AND verified_at IS NOT NULL AND period_end <= %s
"""  # noqa: S608
REPORTED = {
    "company": pl.Int64(), "period_end": pl.Date(), "months": pl.Int64(), "revenue": pl.Int64(),
    "employees": pl.Int64(),
}  # fmt: skip


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
    for each cohort of a company. Employees are those of the newest verified report that tells them; revenue is that of
    the last twelve months that verified reports cover without a gap, ended within the year before."""
    on = found.on
    days = found.stays.select(pl.col("company").unique(), pl.lit(on).alias("on"))
    reports = read_frame(REPORTS, [on], REPORTED)
    people = (
        reports.drop_nulls("employees").sort("period_end").group_by("company").last()
        .select("company", "employees", pl.col("period_end").alias("employees_until"))
    )  # fmt: skip
    revenue = latest(revenue_of(reports, QUARTERS), days).select(
        "company", "revenue", pl.col("until").alias("revenue_until")
    )
    there = tenancies().filter(in_force(on)).select(pl.col("company").unique(), pl.lit(value=True).alias("in_zone"))
    stages = stages_on(days.rename({"on": "day"}))
    return (
        found.stays.select("group", "company", "came_on")
        .join(there, on="company", how="left").with_columns(pl.col("in_zone").fill_null(value=False))
        .join(stages, on="company", how="left")
        .join(people, on="company", how="left")
        .join(revenue, on="company", how="left")
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
