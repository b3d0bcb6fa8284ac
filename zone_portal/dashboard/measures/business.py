"""What the companies in the zone do, by their verified reports: jobs, output, exports, and how their revenue grew.

Output is the revenue of twelve months, by the rules by which stages are proposed (docs/adr/0036): years and quarters
without a gap, not older than a year. A report counts on every day after its period, whenever it was verified: a past
day is told with what is known by now.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from companies.models import Report
from core.frames import read_frame
from subsidies.rules.stages.revenue import YEAR, latest, revenue_of
from subsidies.rules.windows import add_months_expr
from zone_portal.dashboard.measures.firms import in_yuan

QUARTERS = 4
REPORTS = f"""
    SELECT company_id, period_end, months, (revenue * 100)::bigint, employees, (export_revenue * 100)::bigint
    FROM {Report._meta.db_table} WHERE voided_at IS NULL AND verified_at IS NOT NULL AND period_end < %s
"""  # noqa: S608
SCHEMA = {
    "company": pl.Int64(),
    "period_end": pl.Date(),
    "months": pl.Int64(),
    "revenue": pl.Int64(),
    "employees": pl.Int64(),
    "exported": pl.Int64(),
}


@dataclass(frozen=True)
class Told:
    """A sum over the companies that told it: `told` of the `of` in the zone."""

    value: Decimal
    told: int
    of: int


@dataclass(frozen=True)
class Growth:
    """Revenue of the newest twelve months and of the twelve before, of the same companies: of those that told both."""

    after: Decimal
    before: Decimal
    told: int
    of: int

    @property
    def rate(self) -> Decimal | None:
        """To three decimals; None where there was nothing to grow from."""
        return ((self.after - self.before) / self.before).quantize(Decimal("0.001")) if self.before else None


@dataclass(frozen=True)
class Exports:
    """Revenue from exports, and all revenue of the same twelve months, of the companies that told both."""

    exported: Decimal
    revenue: Decimal
    told: int
    of: int

    @property
    def share(self) -> Decimal | None:
        return (self.exported / self.revenue).quantize(Decimal("0.001")) if self.revenue else None


def business(on: dt.date, there: pl.DataFrame) -> pl.DataFrame:
    """A row for each company of `there` (company, no company twice): company; employees and told_until, of its newest
    report that says them; revenue, until, earlier (of the twelve months before) and exported. Money is fen. Null is
    what is not known, or was told more than a year before the day."""
    told = read_frame(REPORTS, [on], SCHEMA)
    days = there.select("company", pl.lit(on).alias("on"))
    years = revenue_of(told, QUARTERS)
    earlier = years.select("company", pl.col("month") + YEAR, earlier="revenue")
    exported = revenue_of(told.with_columns(revenue="exported"), QUARTERS).select(
        "company", "month", exported="revenue"
    )
    newest = (
        latest(years, days)
        .join(earlier, on=["company", "month"], how="left")
        .join(exported, on=["company", "month"], how="left")
        .select("company", "revenue", "until", "earlier", "exported")
    )
    return (
        there.select("company")
        .join(_people(told, on), on="company", how="left")
        .join(newest, on="company", how="left")
        .sort("company")
    )


def _people(told: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    fresh = add_months_expr(pl.col("period_end"), YEAR) >= on
    return (
        told.drop_nulls("employees")
        .filter(fresh)
        .sort("period_end")
        .group_by("company")
        .agg(pl.col("employees").last(), pl.col("period_end").last().alias("told_until"))
    )


def jobs(found: pl.DataFrame) -> Told:
    return Told(Decimal(found["employees"].sum()), found["employees"].count(), found.height)


def output(found: pl.DataFrame) -> Told:
    return Told(in_yuan(found["revenue"]), found["revenue"].count(), found.height)


def growth(found: pl.DataFrame) -> Growth:
    both = found.drop_nulls("earlier")
    return Growth(in_yuan(both["revenue"]), in_yuan(both["earlier"]), both.height, found.height)


def exports(found: pl.DataFrame) -> Exports:
    both = found.drop_nulls("exported")
    return Exports(in_yuan(both["exported"]), in_yuan(both["revenue"]), both.height, found.height)
