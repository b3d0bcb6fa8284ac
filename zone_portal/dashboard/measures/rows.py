"""The rows behind what the zone measures: the same frames that the figures are counted from."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.choices import RelationKind, Stage
from companies.models import Company
from subsidies.rules.stages import RANKS
from zone_portal.dashboard.measures import support
from zone_portal.dashboard.measures.business import Growth
from zone_portal.dashboard.measures.firms import named_rows
from zone_portal.dashboard.measures.measures import HOME, measure
from zone_portal.dashboard.models import Sector
from zone_portal.dashboard.survival.comparison import in_months

Rows = list[dict[str, Any]]
UNASSIGNED = ""
STAGES = dict(Stage.choices)
BELONGING = {**dict(Sector.choices), UNASSIGNED: gettext_lazy("industry without a sector")}


def industries() -> Mapping[str, Any]:
    """Every industry that the register has, by its own name."""
    found = Company.objects.order_by().values_list("industry", flat=True).distinct()
    return {name.strip(" "): name.strip(" ") or capfirst(_("not known")) for name in found}


def in_industry(on: dt.date, industry: str | None = None) -> Rows:
    found = measure(on).known
    return named_rows(found if industry is None else found.filter(pl.col("industry") == industry))


def from_abroad(on: dt.date) -> Rows:
    found = measure(on).known
    return named_rows(found.filter(~pl.col("country").is_in([HOME, ""])))


def without_country(on: dt.date) -> Rows:
    return named_rows(measure(on).known.filter(pl.col("country") == ""))


def jobs(on: dt.date) -> Rows:
    return named_rows(measure(on).reported.drop_nulls("employees"))


def jobs_untold(on: dt.date) -> Rows:
    found = measure(on)
    return named_rows(found.known.join(found.reported.drop_nulls("employees"), on="company", how="anti"))


def output(on: dt.date) -> Rows:
    return named_rows(measure(on).reported.drop_nulls("revenue"), money=("revenue", "exported"))


def output_untold(on: dt.date) -> Rows:
    found = measure(on)
    return named_rows(found.known.join(found.reported.drop_nulls("revenue"), on="company", how="anti"))


def growth(on: dt.date) -> Rows:
    rows = named_rows(measure(on).reported.drop_nulls("earlier"), money=("revenue", "earlier"))
    return [{**row, "rate": Growth(row["revenue"], row["earlier"], 1, 1).rate} for row in rows]


def exports(on: dt.date) -> Rows:
    return named_rows(measure(on).reported.drop_nulls("exported"), money=("revenue", "exported"))


def reached(on: dt.date, stage: str = "nestling") -> Rows:
    found = measure(on)
    far = found.reached.filter(pl.col("rank") >= RANKS[stage])
    return named_rows(far.join(found.there.with_columns(is_here=pl.lit(value=True)), on="company", how="left"))


def in_stage(on: dt.date, stage: str = "nestling") -> Rows:
    rows = named_rows(measure(on).spells.filter(pl.col("stage") == stage))
    return [{**row, "months": in_months(row["time"])} for row in rows]


def anchored(on: dt.date) -> Rows:
    return _in_words(named_rows(measure(on).anchored, known=("anchor", "company")))


def crossing(on: dt.date) -> Rows:
    return _in_words(named_rows(measure(on).crossing_relations, known=("company", "other")))


def _in_words(rows: Rows) -> Rows:
    return [{**row, "kind": RelationKind(row["kind"]).label} for row in rows]


def crossing_projects(on: dt.date) -> Rows:
    return named_rows(measure(on).crossing_projects)


def of_sector(on: dt.date, sector: str = UNASSIGNED) -> Rows:
    return named_rows(measure(on).sectors.filter(pl.col("sector") == sector))


def supported(on: dt.date, outcome: str | None = None) -> Rows:
    found = measure(on).supported
    own = found if outcome is None else found.filter(pl.col("outcome") == outcome)
    whole = own.with_columns(pl.sum_horizontal(support.KINDS).alias("given"))
    rows = named_rows(whole, money=(*support.KINDS, "given"))
    return [{**row, "outcome": support.OUTCOMES[row["outcome"]]} for row in rows]


def given(on: dt.date) -> Rows:
    """What each company was given in the year of the day, the largest sums first."""
    since = dt.date(on.year, 1, 1)
    sums = (
        measure(on)
        .given.filter(pl.col("day") >= since)
        .group_by("company")
        .agg(pl.col("given").filter(pl.col("kind") == kind).sum().alias(kind) for kind in support.KINDS)
        .with_columns(pl.sum_horizontal(support.KINDS).alias("given"))
        .sort("given", "company", descending=[True, False])
    )
    return named_rows(sums, money=(*support.KINDS, "given"))
