"""Write the moves that the evidence speaks for: supersede what changed, add what is new, leave the rest alone.

The caller holds the companies' locks (`Selection.lock`) in the present transaction; the partial unique constraint of
the table is the guard behind it. Running it again writes nothing. What was refused is not proposed again while the
evidence is the same.
"""

import datetime as dt
from dataclasses import dataclass

import polars as pl
from django.db import connection

from core.frames import read_frame, write_frame
from subsidies.bulk.decided import as_json, fingerprints
from subsidies.gather.selection import Selection
from subsidies.models import PolicyVersion
from subsidies.rules.stages.facts import STAGE_FACTS

TABLE = "subsidies_stageproposal"
KEY = ["company_id", "fingerprint"]
STANDING = """
    SELECT id, company_id, fingerprint, state = 'open' FROM subsidies_stageproposal
    WHERE state IN ('open', 'refused') AND {condition}
"""
STANDING_TYPES = {"id": pl.Int64(), "company_id": pl.Int64(), "fingerprint": pl.Int64(), "is_open": pl.Boolean()}
WRITTEN = ("stage", "proposed", "criteria", "facts", "reports", "unmet", "missing")


@dataclass(frozen=True)
class Proposed:
    """What a call did, in proposals, and the ids of the companies that have new ones."""

    added: int
    superseded: int
    companies: tuple[int, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        return {"stages_proposed": self.added, "stages_superseded": self.superseded}


def record_proposals(selection: Selection, found: pl.DataFrame, *, version: PolicyVersion, on: dt.date) -> Proposed:
    """Make the moves in `found` (a frame of `rules.stages.proposing` on all of `selection`) the ones that wait for a
    person, found for `on`."""
    moves = _rows(found.filter(pl.col("proposed").is_not_null()), version)
    query = STANDING.format(condition=selection.condition("company_id"))
    standing = read_frame(query, selection.parameters, STANDING_TYPES)
    gone = standing.filter("is_open").join(moves, on=KEY, how="anti")["id"].to_list()
    new = moves.join(standing, on=KEY, how="anti", maintain_order="left")
    if gone:
        _supersede(gone)
    if new.height:
        write_frame(new.with_columns(pl.lit(version.pk).alias("version_id"), pl.lit(on).alias("proposed_for")), TABLE)
    return Proposed(new.height, len(gone), tuple(new["company_id"]))


def _rows(moves: pl.DataFrame, version: PolicyVersion) -> pl.DataFrame:
    rows = moves.select(
        pl.col("company").alias("company_id"),
        pl.col("stage").fill_null(""),
        "proposed",
        "criteria",
        as_json(STAGE_FACTS, STAGE_FACTS).alias("facts"),
        "reports",
        "unmet",
        "missing",
    )
    return rows.with_columns(fingerprints(rows.select(WRITTEN), version.version))


def _supersede(ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET state = 'superseded', superseded_at = statement_timestamp()"  # noqa: S608
            " WHERE id = ANY(%s)",
            [ids],
        )
