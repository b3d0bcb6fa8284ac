"""Write the decisions of many companies: supersede what changed, add what is new, leave the rest alone.

The caller holds the companies' locks (`Selection.lock`) in the present transaction, which is what keeps two runs from
writing twice; the partial unique constraint of the table is the guard behind it. Running it again writes nothing.
Expects up to some hundred thousand rows at once.
"""

import datetime as dt
from dataclasses import dataclass

import polars as pl
from django.db import connection

from core.frames import read_frame, write_frame
from subsidies.gather.selection import Selection

TABLE = "subsidies_decision"
KEY = ["company_id", "point"]
IN_FORCE = """
    SELECT id, company_id, point, fingerprint FROM subsidies_decision WHERE superseded_at IS NULL AND {condition}
"""
IN_FORCE_TYPES = {"id": pl.Int64(), "company_id": pl.Int64(), "point": pl.String(), "fingerprint": pl.Int64()}


@dataclass(frozen=True)
class Recorded:
    """What a call did, in decisions, and the ids of the companies that have new ones."""

    decided: int
    added: int
    superseded: int
    companies: tuple[int, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        return {"decided": self.decided, "added": self.added, "superseded": self.superseded}


def record_decisions(selection: Selection, decisions: pl.DataFrame, *, version_id: int, on: dt.date) -> Recorded:
    """Make `decisions` (a frame of `decided.decisions` on all of `selection`) the ones in force, found for `on`."""
    stored = read_frame(
        IN_FORCE.format(condition=selection.condition("company_id")), selection.parameters, IN_FORCE_TYPES
    )
    joined = decisions.join(stored.rename({"fingerprint": "stored"}), on=KEY, how="left", maintain_order="left")
    changed = joined.filter(pl.col("stored").is_null() | (pl.col("stored") != pl.col("fingerprint")))
    superseded = changed["id"].drop_nulls().to_list()
    _supersede(superseded)
    new = changed.drop("id", "stored").with_columns(
        pl.lit(version_id).alias("version_id"), pl.lit(on).alias("decided_for")
    )
    if new.height:
        # A company's decisions side by side: they are read together, and the indexes are filled in order.
        write_frame(new.sort("company_id", maintain_order=True), TABLE)
    return Recorded(decisions.height, new.height, len(superseded), tuple(new["company_id"].unique().sort()))


def _supersede(ids: list[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {TABLE} SET superseded_at = statement_timestamp() WHERE id = ANY(%s)",  # noqa: S608
                [ids],
            )
