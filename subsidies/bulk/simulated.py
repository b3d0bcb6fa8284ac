"""Write what a part of a simulation found: sums are added to those of the other parts, changes appended.

In the transaction of the caller, which is that of the shard: a part that is not committed left nothing behind.
"""

import polars as pl
from django.db import connection

from core.frames import write_frame
from subsidies.bulk.decided import yuan
from subsidies.rules.evaluate import SEPARATOR
from subsidies.rules.points import POINTS
from subsidies.rules.simulation import DIMENSIONS, MEASURES, criteria_that_changed

COUNTS = [f"{name}_{side}" for name in MEASURES if name != "cost" for side in ("before", "after")]
COSTS = ["cost_before", "cost_after"]
CELL = ["simulation_id", *DIMENSIONS, *COUNTS, *COSTS]
STAGE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS cell_stage (LIKE subsidies_simulationcell) ON COMMIT DELETE ROWS
"""


def add_cells(simulation_id: int, cells: pl.DataFrame) -> None:
    """Add the sums of `simulation.cells_beside` to what other parts have found.

    In one order, so that two parts that end at the same moment wait for each other and never in a circle.
    """
    rows = cells.select(
        pl.lit(simulation_id).alias("simulation_id"),
        *DIMENSIONS,
        *COUNTS,
        *(yuan(pl.col(name)).alias(name) for name in COSTS),
    )
    sums = ", ".join(f"{name} = held.{name} + EXCLUDED.{name}" for name in (*COUNTS, *COSTS))
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.execute("ALTER TABLE cell_stage ALTER COLUMN id DROP NOT NULL")
        cursor.execute("TRUNCATE cell_stage")
        write_frame(rows, "cell_stage", columns=CELL)
        cursor.execute(
            f"INSERT INTO subsidies_simulationcell AS held ({', '.join(CELL)}) SELECT {', '.join(CELL)} FROM cell_stage"  # noqa: S608
            f" ORDER BY {', '.join(DIMENSIONS)} ON CONFLICT ({', '.join(('simulation_id', *DIMENSIONS))})"
            f" DO UPDATE SET {sums}"
        )


def add_changes(simulation_id: int, beside: pl.DataFrame) -> int:
    """Append the rows of `simulation.laid_beside` in which something changes; returns how many there are."""
    changed = beside.filter(pl.col("change").is_not_null())
    if changed.is_empty():
        return 0
    rows = changed.select(
        pl.lit(simulation_id).alias("simulation_id"),
        pl.col("company").alias("company_id"),
        pl.col("point").cast(pl.String),
        pl.col("change").cast(pl.String),
        pl.col("outcome").cast(pl.String).alias("outcome_before"),
        pl.col("outcome_after").cast(pl.String),
        _amount("").alias("amount_before"),
        _amount("_after").alias("amount_after"),
        criteria(changed).alias("criteria"),
        pl.col("missing_after").alias("missing"),
    )
    return write_frame(rows, "subsidies_simulationchange")


def add_corrections(simulation_id: int, found: pl.DataFrame) -> int:
    """Append the rows of `rebilled.rebilled`; returns how many there are."""
    if found.is_empty():
        return 0
    amounts = [yuan(pl.col(name)).alias(name) for name in ("issued", "before", "after")]
    rows = found.select(
        pl.lit(simulation_id).alias("simulation_id"), pl.col("company").alias("company_id"), "point", "month", *amounts
    )
    return write_frame(rows, "subsidies_simulationcorrection")


def _amount(side: str) -> pl.Expr:
    """Null unless eligible, as in a decision."""
    return pl.when(pl.col(f"outcome{side}").cast(pl.String) == "eligible").then(yuan(pl.col(f"amount_fen{side}")))


def criteria(changed: pl.DataFrame) -> pl.Series:
    """The criteria that come out differently; worked out once for each pattern, of which there are few."""
    patterns = changed.select(pl.col("point").cast(pl.String), "results", "results_after")
    found = {
        row: SEPARATOR.join(criteria_that_changed(POINTS[row[0]], row[1], row[2]))
        for row in patterns.unique().iter_rows()
    }
    return pl.Series("criteria", [found[row] for row in patterns.iter_rows()], dtype=pl.String)
