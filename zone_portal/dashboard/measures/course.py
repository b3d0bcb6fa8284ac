"""How far companies came on the path of the stages, and how long they stay in each of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from companies.choices import Stage
from companies.models import StageChange
from core.frames import read_frame
from subsidies.rules.stages import RANKS
from zone_portal.dashboard.overview.presence import stages_on
from zone_portal.dashboard.survival.comparison import in_months
from zone_portal.dashboard.survival.estimates import kaplan_meier, medians
from zone_portal.dashboard.survival.stays import ticks

CHANGES = f"""
    SELECT company_id, since, '=' || stage FROM {StageChange._meta.db_table}
    WHERE since <= %s ORDER BY company_id, since, id
"""  # noqa: S608
NONE = -1


@dataclass(frozen=True)
class Step:
    """`count` companies have been in this stage or in a higher one. `of_before` is their share among those of the step
    before, `share` among those of the first, in percent: the length of a bar."""

    stage: str
    label: Any
    count: int
    share: int
    of_before: Decimal | None


@dataclass(frozen=True)
class TimeInStage:
    """`spells` times that a company was in the stage, of which `moved_up` ended with a move up. `median` is in months:
    by then half had moved up; None while fewer have."""

    stage: str
    label: Any
    spells: int
    moved_up: int
    median: Decimal | None


def rank_of(stage: pl.Expr) -> pl.Expr:
    """The place of a stage on the path, from 0; -1 for none."""
    return stage.replace_strict(RANKS, default=NONE, return_dtype=pl.Int64)


def _changes(on: dt.date) -> pl.DataFrame:
    schema = {"company": pl.Int64(), "since": pl.Date(), "stage": pl.String()}
    return read_frame(CHANGES, [on], schema).with_columns(pl.col("stage").str.strip_prefix("="))


def reached(stayed: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """company and rank, that of the highest stage in which it was by the day (-1 for none), of each company that came
    to the zone by the day. `stayed` is the frame of `stays` of that day."""
    came = stayed.select("company", pl.lit(on).alias("day"))
    now = stages_on(came).select("company", rank_of(pl.col("stage")).alias("rank"))
    before = _changes(on).select("company", rank_of(pl.col("stage")).alias("rank"))
    return (
        pl.concat([now, before.join(came, on="company", how="semi")])
        .group_by("company")
        .agg(pl.col("rank").max())
        .sort("company")
    )


def funnel(found: pl.DataFrame) -> list[Step]:
    """The stages in their order; `found` is the frame of `reached`."""
    counts = [int((found["rank"] >= rank).sum()) for rank in RANKS.values()]
    return [
        Step(
            stage,
            Stage(stage).label,
            count,
            round(100 * count / (counts[0] or 1)),
            (Decimal(count) / before).quantize(Decimal("0.001")) if before else None,
        )
        for stage, count, before in zip(RANKS, counts, [0, *counts], strict=False)
    ]


def spells(stayed: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """Each time that a company entered a stage by the day and before it left the zone for good: company, stage, since,
    until (null while it lasts), moved_up (whether a higher stage followed) and time in ticks up to `until` or the day.

    Of two changes on one day the later entry counts, and a stage that is entered again while it lasts is no change. A
    company whose stage has no day on record is not among them. `stayed` is the frame of `stays` of that day.
    """
    stage = pl.col("stage")
    told = _changes(on).group_by("company", "since", maintain_order=True).agg(stage.last())
    entered = told.filter(stage.shift(1).over("company").is_null() | (stage.shift(1).over("company") != stage))
    following = entered.with_columns(
        pl.col("since").shift(-1).over("company").alias("following"),
        rank_of(stage.shift(-1).over("company").fill_null("")).alias("next_rank"),
    )
    left = pl.col("left_on")
    both = following.join(stayed.select("company", "left_on"), on="company").filter(
        (stage != "") & (left.is_null() | (pl.col("since") < left))
    )
    until = pl.min_horizontal("following", "left_on")
    in_time = left.is_null() | (pl.col("following") <= left)
    return both.select(
        "company",
        "stage",
        "since",
        until.alias("until"),
        (pl.col("following").is_not_null() & in_time & (pl.col("next_rank") > rank_of(stage))).alias("moved_up"),
        ticks(pl.col("since"), until.fill_null(on)).alias("time"),
    ).sort("company", "since")


def times(found: pl.DataFrame) -> Sequence[TimeInStage]:
    """By Kaplan and Meier (docs/adr/0034): a spell that still lasts, or ended with a move down or with the company's
    leaving, says only that there was no move up for so long. `found` is the frame of `spells`."""
    observed = found.select(pl.col("stage").alias("group"), "time", pl.col("moved_up").alias("left"))
    middle = dict(medians(kaplan_meier(observed)).iter_rows()) if observed.height else {}
    sizes = {
        stage: (count, ups)
        for stage, count, ups in found.group_by("stage").agg(pl.len(), pl.col("moved_up").sum()).iter_rows()
    }
    return [
        TimeInStage(stage, Stage(stage).label, *sizes.get(stage, (0, 0)), in_months(middle.get(stage)))
        for stage in RANKS
    ]
