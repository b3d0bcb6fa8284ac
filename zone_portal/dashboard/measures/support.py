"""What the zone gave to companies that stayed, moved up or left. Side by side, which is no word about causes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.frames import read_frame
from core.periods import month_start
from subsidies.models import (
    Budget,
    InterestAdjustment,
    InterestStatement,
    LedgerEntry,
    RentAdjustment,
    RentStatement,
)
from zone_portal.dashboard.measures.course import rank_of
from zone_portal.dashboard.measures.firms import in_yuan
from zone_portal.dashboard.overview.moments import end_of
from zone_portal.dashboard.overview.presence import long_ago, stages_on

# A month counts once it is over, and with the corrections of it that were posted in months that are over. Added up by
# year in the database: a zone has millions of such rows.
BILLED = """
    SELECT company_id, date_trunc('year', month)::date, (sum(granted) * 100)::bigint FROM (
        SELECT company_id, month, {granted} AS granted FROM {statements} WHERE month < %s
        UNION ALL
        SELECT statement.company_id, correction.month, correction.{granted}
        FROM {adjustments} correction JOIN {statements} statement ON statement.id = correction.statement_id
        WHERE statement.month < %s
    ) billed GROUP BY 1, 2
"""
GRANTS = f"""
    SELECT company_id, (at AT TIME ZONE %s)::date, (CASE kind
        WHEN 'commitment' THEN amount WHEN 'release' THEN -amount WHEN 'recovery' THEN -amount ELSE 0 END * 100)::bigint
    FROM {LedgerEntry._meta.db_table} WHERE at < %s
"""  # noqa: S608
SCHEMA = {"company": pl.Int64(), "day": pl.Date(), "given": pl.Int64()}
KINDS = ("relief", "interest", "grants")
OUTCOMES = {"up": _("stayed, and moved up a stage"), "same": _("stayed, without a move up"), "left": _("left")}


@dataclass(frozen=True)
class Effect:
    """The companies that came a year before the day or earlier, with what became of them, and what they were given."""

    outcome: str
    label: Any
    companies: int
    supported: int
    relief: Decimal
    interest: Decimal
    grants: Decimal

    @property
    def given(self) -> Decimal:
        return self.relief + self.interest + self.grants

    @property
    def each(self) -> Decimal | None:
        """Of all companies with this outcome, those that got nothing included."""
        return (self.given / self.companies).quantize(Decimal("0.01")) if self.companies else None


@dataclass(frozen=True)
class Year:
    """What was given from the first of January to the day, against the budgets of the year; None without any."""

    year: int
    given: Decimal
    budget: Decimal | None

    @property
    def share(self) -> Decimal | None:
        return (self.given / self.budget).quantize(Decimal("0.001")) if self.budget else None


def given(on: dt.date) -> pl.DataFrame:
    """company, day (of the grant, or the first of the year of what is billed), given (fen; below 0 for what came back)
    and kind, one of KINDS, of everything that was given by the end of the day."""
    month = month_start(on)
    frames = {
        "relief": read_frame(_billed(RentStatement, RentAdjustment, "waived"), [month, month], SCHEMA),
        "interest": read_frame(_billed(InterestStatement, InterestAdjustment, "supported"), [month, month], SCHEMA),
        "grants": read_frame(GRANTS, [timezone.get_default_timezone_name(), end_of(on)], SCHEMA),
    }
    return pl.concat([frame.with_columns(pl.lit(kind).alias("kind")) for kind, frame in frames.items()])


def _billed(statements: Any, adjustments: Any, granted: str) -> str:
    return BILLED.format(granted=granted, statements=statements._meta.db_table, adjustments=adjustments._meta.db_table)


def outcomes(stayed: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """company, came_on and outcome, one of OUTCOMES, of each that came a year before the day or earlier. `stayed` is
    the frame of `stays` of the day."""
    came = stayed.filter(pl.col("came_on") <= long_ago(on))
    ranks = [
        stages_on(came.select("company", day.alias("day"))).select("company", rank_of(pl.col("stage")).alias(name))
        for name, day in (("first_rank", pl.col("came_on")), ("last_rank", pl.lit(on)))
    ]
    both = came.join(ranks[0], on="company").join(ranks[1], on="company")
    # From a stage that nobody entered nobody moves up: what was before is not known.
    up = (pl.col("first_rank") >= 0) & (pl.col("last_rank") > pl.col("first_rank"))
    outcome = pl.when("left").then(pl.lit("left")).when(up).then(pl.lit("up")).otherwise(pl.lit("same"))
    return both.select("company", "came_on", outcome.alias("outcome")).sort("company")


def supported(stayed: pl.DataFrame, on: dt.date, gave: pl.DataFrame) -> pl.DataFrame:
    """`outcomes` with what each company was given: relief, interest and grants, in fen."""
    sums = gave.group_by("company").agg(
        pl.col("given").filter(pl.col("kind") == kind).sum().alias(kind) for kind in KINDS
    )
    return outcomes(stayed, on).join(sums, on="company", how="left").with_columns(pl.col(KINDS).fill_null(0))


def effects(found: pl.DataFrame) -> Sequence[Effect]:
    """A row for each outcome; `found` is the frame of `supported`."""
    made = []
    for outcome, label in OUTCOMES.items():
        own = found.filter(pl.col("outcome") == outcome)
        some = int((own.select(pl.sum_horizontal(KINDS)).to_series() > 0).sum()) if own.height else 0
        made.append(Effect(outcome, label, own.height, some, *(in_yuan(own[kind]) for kind in KINDS)))
    return made


def year(on: dt.date, gave: pl.DataFrame) -> Year:
    since = dt.date(on.year, 1, 1)
    total = gave.filter(pl.col("day") >= since)["given"]
    budget = Budget.objects.filter(year=on.year).aggregate(sum=Sum("amount"))["sum"]
    return Year(on.year, in_yuan(total), budget)
