"""The estimate of Kaplan and Meier: which share is still there after a time, where some are watched for a shorter one.

Pure: frames in, frames out. Times are whole numbers of any unit, so that ties are exact. Estimates are floats: they are
shares, never money.
"""

from collections.abc import Sequence
from statistics import NormalDist

import polars as pl

ALPHA = 0.05  # of a hundred bands, so many hundredths miss the true share
HALF = 0.5
CLOSE = 1e-9  # a share of one half that was multiplied together from others is one half

_NEEDED = {"group", "time", "left"}


def kaplan_meier(observed: pl.DataFrame, alpha: float = ALPHA) -> pl.DataFrame:
    """One curve a group.

    `observed` has a row for each that is watched: group, time (≥ 0) and left: whether he left at that time; if not, he
    was last seen then. Who leaves at a time leaves before those who are last seen at it.

    Returns, sorted by group and time, a row for each time at which somebody left or was last seen: group, time,
    at_risk (those who were there until then), left, censored, survival, and lower and upper, the bounds of the band at
    1 - alpha: Greenwood's variance on the scale log(-log). Where nobody has left yet both are 1, where nobody is left
    both are 0. Raises ValueError for a missing column or value, a negative time, and an alpha that is no share.
    """
    _refuse(observed, alpha)
    left, gone, at_risk = pl.col("left"), pl.col("gone"), pl.col("at_risk")
    counted = (
        observed.group_by("group", "time")
        .agg(pl.col("left").sum().cast(pl.Int64), pl.len().cast(pl.Int64).alias("gone"))
        .sort("group", "time")
        .with_columns((gone.sum() - gone.cum_sum() + gone).over("group").alias("at_risk"))
    )
    estimated = counted.with_columns(
        (1 - left / at_risk).cum_prod().over("group").alias("survival"),
        # Infinite where the last one leaves: then there is no band
        (left / (at_risk * (at_risk - left)).cast(pl.Float64)).cum_sum().over("group").alias("variance"),
    )
    lower, upper = _band(alpha)
    return estimated.select(
        "group", "time", "at_risk", "left", (gone - left).alias("censored"), "survival",
        lower.alias("lower"), upper.alias("upper"),
    )  # fmt: skip


def _refuse(observed: pl.DataFrame, alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a share between 0 and 1, not {alpha}")
    if lacking := sorted(_NEEDED - set(observed.columns)):
        raise ValueError(f"the frame has no column {', '.join(lacking)}")
    if observed.select(pl.any_horizontal(pl.col(*_NEEDED).is_null().any())).item():
        raise ValueError("group, time and left are needed of everybody")
    if observed.height and observed.select((pl.col("time") < 0).any()).item():
        raise ValueError("nobody is watched for a negative time")


def _band(alpha: float) -> tuple[pl.Expr, pl.Expr]:
    """S to the power of exp(±z·√variance / log S)."""
    survival, log = pl.col("survival"), pl.col("survival").log()
    spread = NormalDist().inv_cdf(1 - alpha / 2) * pl.col("variance").sqrt() / log
    is_open = (survival > 0) & (survival < 1)
    lower, upper = (survival.pow((sign * spread).exp()) for sign in (-1, 1))
    return tuple(pl.when(is_open).then(bound).otherwise(survival) for bound in (lower, upper))  # type: ignore[return-value]


def at_times(observed: pl.DataFrame, curves: pl.DataFrame, times: Sequence[int]) -> pl.DataFrame:
    """What the curves say at some times: `observed` and `curves` are what `kaplan_meier` takes and returns.

    A row for each group and time: group, time, at_risk (watched for as long or longer), left (up to and with the time),
    survival, lower, upper. The last three are null where nobody was watched for so long, unless all had left before:
    what happens then is not known yet.
    """
    return pl.concat([_at(observed, curves, time) for time in times]).sort("group", "time")


def _at(observed: pl.DataFrame, curves: pl.DataFrame, time: int) -> pl.DataFrame:
    watched = observed.group_by("group").agg(
        pl.lit(time, pl.Int64).alias("time"),
        (pl.col("time") >= time).sum().cast(pl.Int64).alias("at_risk"),
        (pl.col("left") & (pl.col("time") <= time)).sum().cast(pl.Int64).alias("left"),
    )
    until = pl.col("time") <= time
    bounds = ("survival", "lower", "upper")
    found = curves.group_by("group", maintain_order=True).agg(
        pl.col(name).filter(until).last().fill_null(1.0) for name in bounds
    )
    is_known = (pl.col("at_risk") > 0) | (pl.col("survival") == 0)
    return watched.join(found, on="group").with_columns(
        pl.when(is_known).then(pl.col(name)).alias(name) for name in bounds
    )


def medians(curves: pl.DataFrame) -> pl.DataFrame:
    """group and median: the time at which half had left; null where more than half are there still."""
    reached = pl.col("survival") <= HALF + CLOSE
    return curves.group_by("group", maintain_order=True).agg(pl.col("time").filter(reached).first().alias("median"))
