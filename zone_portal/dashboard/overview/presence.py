"""Who is in the zone on a day, who came and went, in which stage they are, and who stays.

A company is *in the zone* on a day on which it has a lease or a desk.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

import polars as pl
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least, Lower

from companies.choices import Stage
from companies.models import Company, StageChange
from core.frames import read_frame
from core.periods import DAY, month_start
from spaces.models import DeskMembership, Lease
from subsidies.rules.windows import add_months
from zone_portal.dashboard.overview.tenancies import in_force, tenancies

# A stage that is no longer known is "", which CSV could not tell from null: each has a sign before it.
STAGE_CHANGES = f"""
    SELECT company_id, since, '=' || stage FROM {StageChange._meta.db_table} ORDER BY company_id, since, id
"""  # noqa: S608
ENTERED = f"SELECT id, '=' || stage FROM {Company._meta.db_table}"  # noqa: S608
LONG_AGO_MONTHS = 12  # who came this long ago or longer can have stayed


@dataclass(frozen=True)
class Presence:
    """Counts of companies. `came_long_ago` moved in twelve months ago or earlier; `stayed` are those of them in the
    zone on the day."""

    in_zone: int
    moved_in: int
    moved_out: int
    came_long_ago: int
    stayed: int

    @property
    def left(self) -> int:
        return self.came_long_ago - self.stayed

    @property
    def share_stayed(self) -> Decimal | None:
        """To three decimals, so that it reads as a percentage with one; None while nobody came long enough ago."""
        if not self.came_long_ago:
            return None
        return (Decimal(self.stayed) / self.came_long_ago).quantize(Decimal("0.001"))


def month_before(on: dt.date) -> dt.date:
    """The last day of the month before: what a month's moves are measured against."""
    return month_start(on) - DAY


def long_ago(on: dt.date) -> dt.date:
    """Who moved in on this day or earlier came long enough ago."""
    return add_months(on, -LONG_AGO_MONTHS)


def presence(on: dt.date, held: pl.DataFrame | None = None) -> Presence:
    """All counts. `held`: the frame of `tenancies`, where it was read already."""
    held = tenancies() if held is None else held
    now, before, early = pl.col("now"), pl.col("before"), pl.col("came_long_ago")
    by_company = held.group_by("company").agg(
        in_force(on).any().alias("now"),
        in_force(month_before(on)).any().alias("before"),
        (pl.col("first_day") <= long_ago(on)).any().alias("came_long_ago"),
    )
    counts = by_company.select(
        in_zone=now.sum(),
        moved_in=(now & ~before).sum(),
        moved_out=(~now & before).sum(),
        came_long_ago=early.sum(),
        stayed=(early & now).sum(),
    )
    return Presence(**{name: int(count) for name, count in counts.row(0, named=True).items()})


# --- The same as rows --------------------------------------------------------------------------------------------


def _is_there(**conditions: Any) -> Q:
    """By a lease or a desk of which these conditions hold."""
    return reduce(or_, (Q(Exists(_own(model).filter(**conditions))) for model in (Lease, DeskMembership)))


def _own(model: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.valid().filter(company=OuterRef("pk"))
    return found


def in_zone(on: dt.date) -> QuerySet[Company]:
    return Company.objects.filter(_is_there(term__contains=on))


def moved_in(on: dt.date) -> QuerySet[Company]:
    """In the zone on the day, and not at the end of the month before."""
    return in_zone(on).filter(~_is_there(term__contains=month_before(on)))


def moved_out(on: dt.date) -> QuerySet[Company]:
    """In the zone at the end of the month before, and not on the day."""
    return Company.objects.filter(_is_there(term__contains=month_before(on)), ~_is_there(term__contains=on))


def stayed(on: dt.date) -> QuerySet[Company]:
    return in_zone(on).filter(_is_there(term__startswith__lte=long_ago(on)))


def left(on: dt.date) -> QuerySet[Company]:
    return Company.objects.filter(_is_there(term__startswith__lte=long_ago(on)), ~_is_there(term__contains=on))


def in_stage(on: dt.date, stage: str) -> QuerySet[Company]:
    """Companies in the zone that were in the stage on the day; "" for those whose stage nobody has entered."""
    return _with_stage_on(in_zone(on), on).filter(stage_then=stage)


def with_premises(companies: QuerySet[Company]) -> QuerySet[Company]:
    """Annotate `moved_in_on`, the first day of the company's first lease or desk."""
    firsts = [
        Subquery(_own(model).order_by().values("company").annotate(day=Min(Lower("term"))).values("day"))
        for model in (Lease, DeskMembership)
    ]
    return companies.annotate(moved_in_on=Least(*firsts))  # of one that is null the other, in PostgreSQL


# --- Stages ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StageCount:
    stage: str
    label: Any
    count: int
    share: int  # of the largest stage, in percent: the length of its bar


def _with_stage_on(companies: QuerySet[Company], on: dt.date) -> QuerySet[Any]:
    """Annotate `stage_then`: the last change up to the day; before the first one, the stage that was entered first."""
    changes = StageChange.objects.filter(company=OuterRef("pk"))
    last = changes.filter(since__lte=on).order_by("-since", "-pk").values("stage")[:1]
    first = changes.order_by("since", "pk").values("stage")[:1]
    return companies.annotate(stage_then=Coalesce(Subquery(last), Subquery(first), F("stage")))


def stages_on(on: pl.DataFrame) -> pl.DataFrame:
    """company and stage ("" = none known) as `_with_stage_on` tells them, for many companies at once, of each on a day
    of its own: `on` has the columns company and day."""
    schema = {"company": pl.Int64(), "since": pl.Date(), "changed": pl.String()}
    changes = read_frame(STAGE_CHANGES, [], schema).join(on, on="company", maintain_order="left")
    known = pl.col("since") <= pl.col("day")
    then = changes.group_by("company", maintain_order=True).agg(
        pl.coalesce(pl.col("changed").filter(known).last(), pl.col("changed").first()).alias("then")
    )
    entered = read_frame(ENTERED, [], {"company": pl.Int64(), "entered": pl.String()})
    both = on.join(entered, on="company", how="left").join(then, on="company", how="left")
    return both.select("company", pl.coalesce("then", "entered").str.strip_prefix("=").alias("stage"))


def stages(on: dt.date, held: pl.DataFrame | None = None) -> list[StageCount]:
    """The companies in the zone by stage, in the order of the path; those of an unknown stage last, if any. `held`:
    the frame of `tenancies`, where it was read already."""
    held = tenancies() if held is None else held
    there = held.filter(in_force(on)).select("company").unique().with_columns(pl.lit(on).alias("day"))
    counts = dict(stages_on(there)["stage"].value_counts().iter_rows())
    most = max(counts.values(), default=0) or 1
    kept = [*Stage.choices, *([("", "")] if counts.get("") else [])]
    return [
        StageCount(stage, label, counts.get(stage, 0), round(100 * counts.get(stage, 0) / most))
        for stage, label in kept
    ]
