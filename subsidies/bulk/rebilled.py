"""What months that are billed already come to by other versions of the policy: those that are issued, of which the
difference will be posted, and open ones, which will be computed again.

Pure: frames in, frames out, by the code that bills and corrects (`billed`). Amounts are integer fen.
"""

import polars as pl

from subsidies.bulk.billed import KEY, Months, differences
from subsidies.statement_kinds import Kind

PLACE = ["company", "month"]


def rebilled(
    kind: Kind, months: Months, before: pl.DataFrame, after: pl.DataFrame, posted: pl.DataFrame
) -> pl.DataFrame:
    """Where two frames of `billed.lines` for `months` grant a company another amount: company, month, point, before
    and after (fen, all that it is granted for the month), and issued (fen, what issued statements add up to; null for
    an open month). What is posted for an issued month is `after` less `issued`.

    `posted`: of `gather.statements.posted`; months that are not among `months` are left out.
    """
    closed = pl.col("month").is_in(list(months.closed))
    said = posted.filter(closed)
    issued = said.group_by(PLACE).agg(pl.col(f"posted_{kind.granted}").sum().alias("issued"))
    sides = [
        _granted(kind, found.filter(~closed), differences(kind, found.filter(closed), said), said).rename(
            {"granted": name}
        )
        for name, found in (("before", before), ("after", after))
    ]
    return (
        sides[0]
        .join(sides[1], on=PLACE, how="full", coalesce=True)
        .join(issued, on=PLACE, how="left")
        .with_columns(pl.col("before", "after").fill_null(0))
        .filter(pl.col("before") != pl.col("after"))
        .select(
            *PLACE,
            pl.lit(kind.point).alias("point"),
            "before",
            "after",
            pl.when(closed).then(pl.col("issued").fill_null(0)).alias("issued"),
        )
        .sort(PLACE)
    )


def _granted(kind: Kind, lines: pl.DataFrame, corrections: pl.DataFrame, posted: pl.DataFrame) -> pl.DataFrame:
    """company, month, granted: lines of open months; what was posted for closed ones, and what corrects that."""
    said = posted.select(*KEY, pl.col(f"posted_{kind.granted}").alias("granted"))
    parts = [part.select(*KEY, pl.col(kind.granted).alias("granted")) for part in (lines, corrections)]
    return pl.concat([said, *parts]).group_by(PLACE).agg(pl.col("granted").sum())
