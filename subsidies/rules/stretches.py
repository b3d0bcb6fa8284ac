"""Cut the days of many things (leases, loans) into stretches on which all days are alike, and share a cap out among
those of a company.

A stretch begins where the thing begins or where something that matters changes. There are at most 31 in a month, for
most things one.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import polars as pl

from subsidies.rules.parameters import ParameterSet, Piece


def running(
    things: pl.DataFrame, companies: pl.DataFrame, first: date, until: date, *, name: str, about: Sequence[str]
) -> pl.DataFrame:
    """The things with a day in [first, until), numbered (`row`) in the order in which they share a cap: by company,
    first day and `name`.

    `things`: company, `name`, first_day and until (Date, half-open, null = open). Adds from and to, the days clipped to
    [first, until), and the columns `about` of their companies.
    """
    return (
        things.filter((pl.col("first_day") < until) & (pl.col("until").is_null() | (pl.col("until") > first)))
        .with_columns(
            pl.max_horizontal("first_day", pl.lit(first)).alias("from"),
            pl.min_horizontal("until", pl.lit(until)).alias("to"),
        )
        .join(companies.select("company", *about), on="company", how="left", validate="m:1")
        .sort("company", "first_day", name)
        .with_row_index("row")
    )


def cut(running: pl.DataFrame, changes: Iterable[pl.Expr], events: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The stretches [start, end) of each thing, in its order and by day, with all columns of `running`.

    `changes`: days on which something changes, reckoned from the thing's own row. `events`: frames of company and
    start, days that matter to all things of the company.
    """
    ends = running.select("row", "company", "from", "to")
    own = running.select("row", "from", "to", *(change.alias(f"{place}") for place, change in enumerate(changes)))
    days = [own.unpivot(index=["row", "from", "to"], value_name="start").drop("variable")]
    days += [ends.join(event, on="company").drop("company") for event in events]
    inside = pl.concat(days).filter((pl.col("start") > pl.col("from")) & (pl.col("start") < pl.col("to")))
    begins = pl.concat([running.select("row", start="from"), inside.select("row", "start")])
    starts = begins.unique().sort("row", "start")
    stretches = running[starts["row"]].with_columns(starts["start"])
    same = pl.col("row") == pl.col("row").shift(-1)
    return stretches.with_columns(pl.when(same).then(pl.col("start").shift(-1)).otherwise("to").alias("end"))


def edges(running: pl.DataFrame) -> pl.DataFrame:
    """company, start: the days on which one of several things of a company begins or ends."""
    company = pl.col("company")
    several = running.filter((company == company.shift(1)) | (company == company.shift(-1)))
    return pl.concat([several.select("company", start="from"), several.select("company", start="to")]).unique()


def by_piece(pieces: list[Piece], value: Callable[[ParameterSet], pl.Expr | int], dtype: pl.DataType) -> pl.Expr:
    """`value` of the version in force where a stretch starts; null without one."""

    def at(piece: Piece) -> pl.Expr:
        found = value(piece.parameters) if piece.parameters else None
        return found if isinstance(found, pl.Expr) else pl.lit(found, dtype=dtype)

    chosen = at(pieces[0])
    for piece in pieces[1:]:
        chosen = pl.when(pl.col("start") >= piece.first).then(at(piece)).otherwise(chosen)
    return chosen


def share_out(stretches: pl.DataFrame, wanted: pl.Expr, cap: str, taken: str) -> pl.DataFrame:
    """Adds `taken`: as much of `wanted` (Int64, at least 0) as the things of a company that come earlier leave of its
    `cap` on a stretch. The things of a company must be cut alike. Ordered by row and day."""
    shared = stretches.sort("company", "start", "row").with_columns(wanted.alias("wanted"))
    upto = pl.col("wanted").cast(pl.Int128).cum_sum()  # over all companies: more than 64 bits may be needed
    before = upto - pl.col("wanted")
    new = (pl.col("company") != pl.col("company").shift(1)) | (pl.col("start") != pl.col("start").shift(1))
    begun = (
        pl.when(new.fill_null(value=True)).then(before).forward_fill()
    )  # what others took before this company and day
    left = (pl.col(cap).fill_null(0) - (before - begun)).clip(lower_bound=0)
    found = pl.min_horizontal("wanted", left).cast(pl.Int64)
    return shared.with_columns(found.alias(taken)).drop("wanted").sort("row", "start")


def join_alike(
    stretches: pl.DataFrame, *, alike: Sequence[str], kept: Sequence[str], any_of: Sequence[str]
) -> pl.DataFrame:
    """Joins neighbouring stretches of a thing that do not differ in `alike`, so that only what matters is shown.

    Returns row, first, until (half-open), days, and the columns of `alike`, `kept` (of the first) and `any_of`.
    """
    keys = ("row", *alike)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in keys)
    return (
        stretches.with_columns(differs.cum_sum().alias("stretch"))
        .group_by("stretch", maintain_order=True)
        .agg(
            pl.col(*keys, *kept).first(),
            pl.col("start").first().alias("first"),
            pl.col("end").last().alias("until"),
            pl.col(*any_of).any(),
        )
        .with_columns((pl.col("until") - pl.col("first")).dt.total_days().alias("days"))
    )
