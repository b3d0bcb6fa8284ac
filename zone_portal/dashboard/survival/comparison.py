"""Groups of companies side by side: of how many it is known, how many stayed for how long, and how sure that is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from zone_portal.dashboard.overview.tenancies import tenancies
from zone_portal.dashboard.survival.estimates import at_times, kaplan_meier, medians
from zone_portal.dashboard.survival.groups import ALL, GROUPINGS
from zone_portal.dashboard.survival.stays import TICKS, stays

MONTHS = (12, 24, 36)
FEWEST = 10
"""Of fewer companies a curve says more about each of them than about what they have in common."""


@dataclass(frozen=True)
class AtMonth:
    """`at_risk` companies were watched for so many months or longer, `left` had left by then. The share that stayed is
    None where nobody was watched for so long. Its bounds `lower` and `upper` are None as well where all stayed or all
    left: an estimate without variance has none, which is not to say that it is sure."""

    month: int
    at_risk: int
    left: int
    share: Decimal | None
    lower: Decimal | None
    upper: Decimal | None


@dataclass(frozen=True)
class Group:
    """Companies that have something in common. `median` is in months: by then half had left, None while more stay."""

    key: str
    name: str
    started: int
    left: int
    months: Sequence[AtMonth]
    median: Decimal | None
    curve: pl.DataFrame

    @property
    def here(self) -> int:
        return self.started - self.left

    @property
    def is_few(self) -> bool:
        """Too few to compare them with others."""
        return self.started < FEWEST


@dataclass(frozen=True)
class Comparison:
    """The stays up to the day `on`, a row a company with its `group`, by one of `GROUPINGS`; a company in several
    cohorts has a row in each."""

    on: dt.date
    by: str
    stays: pl.DataFrame

    @cached_property
    def groups(self) -> Sequence[Group]:
        """In the order in which they are shown; none in a zone where nobody came yet."""
        curves = kaplan_meier(self.stays)
        tables = {
            "curve": curves,
            "months": at_times(self.stays, curves, [month * TICKS for month in MONTHS]),
            "median": medians(curves),
            "sizes": self.stays.group_by("group").agg(pl.len().alias("started"), pl.col("left").sum()),
        }
        found = {name: frame.partition_by("group", as_dict=True) for name, frame in tables.items()}
        present = self.stays["group"].unique().to_list()
        names = GROUPINGS[self.by].named(present).items()
        return [
            _group(key, name, {n: parts[(key,)] for n, parts in found.items()}) for key, name in names if key in present
        ]

    @property
    def together(self) -> "Comparison":
        """The same companies as one group."""
        return Comparison(self.on, "", self._once.with_columns(pl.lit(ALL).alias("group")))

    @property
    def _once(self) -> pl.DataFrame:
        """Each company in one row."""
        return self.stays.unique("company", keep="first", maintain_order=True)

    def rows(self, group: str | None = None, who: str = "", month: int = 0) -> pl.DataFrame:
        """The stays that a figure counts: of one group or of all; all of them, or who is `here` or `left`, with a month
        up to it, or who was `watched` up to a month or longer."""
        found = self._once if group is None else self.stays.filter(pl.col("group") == group)
        if who == "watched":
            return found.filter(pl.col("time") >= month * TICKS)
        if who == "left":
            until = pl.col("time") <= month * TICKS if month else pl.lit(value=True)
            return found.filter(pl.col("left") & until)
        return found.filter(~pl.col("left")) if who == "here" else found


def compare(on: dt.date, by: str = "") -> Comparison:
    """Reads all tenancies, and what the groups are made of."""
    found = stays(tenancies(), on)
    return Comparison(on, by, found.join(GROUPINGS[by].of(found), on="company", how="left").sort("company", "group"))


def in_months(time: int | None) -> Decimal | None:
    """Ticks as months with one decimal."""
    return None if time is None else (Decimal(time) / TICKS).quantize(Decimal("0.1"))


def _group(key: str, name: str, parts: dict[str, pl.DataFrame]) -> Group:
    sizes = parts["sizes"].row(0, named=True)
    return Group(
        key=key,
        name=name,
        started=sizes["started"],
        left=sizes["left"],
        months=[_at_month(row) for row in parts["months"].iter_rows(named=True)],
        median=in_months(parts["median"]["median"][0]),
        curve=parts["curve"],
    )


def _at_month(row: dict[str, Any]) -> AtMonth:
    has_bounds = row["survival"] not in (None, 0, 1)
    share, lower, upper = (_share(row[name]) for name in ("survival", "lower", "upper"))
    return AtMonth(
        row["time"] // TICKS,
        row["at_risk"],
        row["left"],
        share,
        lower if has_bounds else None,
        upper if has_bounds else None,
    )


def _share(estimate: float | None) -> Decimal | None:
    """To three decimals, so that it reads as a percentage with one."""
    return None if estimate is None else Decimal(repr(estimate)).quantize(Decimal("0.001"))
